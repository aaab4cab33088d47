//! Rows of the tables as rows of the store's contract.

use rusqlite::Row;
use usher_authority::{
    Error, Result,
    store::{
        AcceptedRow, CheckInRow, CodeRow, Contact, EndedRow, EntryRow, EventRow, Evidence, ExitPlace,
        ExitRow, HoldRow, HoldState, HoldsRev, LogRow, PersonRow, ResolvedRow, SessionRow, SessionSums,
        SettledRow, StationRow,
    },
};
use usher_core::{
    branch::{Branch, Fork},
    capacity::WrittenOff,
    entry::{Head, Outcome},
    fold::{Merged, Tally},
    ids::{ActorId, EntryHash, Epoch, Identity, IncidentId, MachineId, PersonId, SessionId, StationId},
};
use usher_protocol::enrol::Role;

use crate::sql::{
    basis, col, from_json, hlc, identity, key, maybe_ordered, maybe_uuid, record, subject, unsigned, uuid,
};

pub(crate) const EVENT: &str = "SELECT record, secret, key, station, epoch, term, ticket_key FROM event";

pub(crate) fn event(row: &Row<'_>) -> Result<EventRow> {
    Ok(EventRow {
        record: record(row, 0)?,
        secret: col::<[u8; 32]>(row, 1)?.into(),
        key: col::<[u8; 32]>(row, 2)?.into(),
        own: identity(row, 3)?,
        term: unsigned(row, 5)?,
        ticket_key: col::<Option<[u8; 32]>>(row, 6)?.map(Into::into),
    })
}

pub(crate) fn session(row: &Row<'_>) -> Result<SessionRow> {
    Ok(SessionRow { record: record(row, 0)?, code: col(row, 1)? })
}

pub(crate) fn person(row: &Row<'_>) -> Result<PersonRow> {
    Ok(PersonRow { record: record(row, 0)?, code: col(row, 1)?, likeness: col(row, 2)? })
}

pub(crate) const fn role_number(role: Role) -> i64 {
    match role {
        Role::Desk => 0,
        Role::Supervisor => 1,
    }
}

fn role(row: &Row<'_>, index: usize) -> Result<Role> {
    match col::<i64>(row, index)? {
        0 => Ok(Role::Desk),
        1 => Ok(Role::Supervisor),
        other => Err(Error::Damaged(format!("a credential of role {other}"))),
    }
}

pub(crate) fn station(row: &Row<'_>) -> Result<StationRow> {
    Ok(StationRow {
        record: record(row, 0)?,
        role: role(row, 1)?,
        actor: maybe_uuid(row, 2)?.map(ActorId),
        machine: MachineId(uuid(row, 3)?),
    })
}

pub(crate) const CONTACT: &str =
    "SELECT station, epoch, at_ms, skew_ms, waiting, session, initials, asks, also FROM log_contacts";

pub(crate) fn contact(row: &Row<'_>) -> Result<(StationId, Contact)> {
    let i = identity(row, 0)?;
    let contact = Contact {
        epoch: i.epoch,
        at_ms: col(row, 2)?,
        skew_ms: col(row, 3)?,
        waiting: unsigned(row, 4)?,
        session: maybe_uuid(row, 5)?.map(SessionId),
        also: col::<Option<String>>(row, 8)?.map_or(Ok(Vec::new()), |text| from_json(text.as_bytes()))?,
        initials: col(row, 6)?,
        asks: col::<Option<String>>(row, 7)?.map(|text| from_json(text.as_bytes())).transpose()?,
    };
    Ok((i.station, contact))
}

pub(crate) fn code(row: &Row<'_>) -> Result<CodeRow> {
    Ok(CodeRow {
        role: role(row, 0)?,
        name: col(row, 1)?,
        expires_ms: col(row, 2)?,
        used_by: maybe_uuid(row, 3)?.map(StationId),
    })
}

pub(crate) const LOG: &str = "SELECT seq, hash, handed, stated, proof, signature, station, epoch, \
     fenced, closed, reported, branch_of, branch_from, \
     (SELECT before FROM branches b WHERE b.station = logs.station AND b.epoch = logs.epoch) FROM logs";

pub(crate) fn log(row: &Row<'_>) -> Result<LogRow> {
    let proof: Option<Vec<u8>> = col(row, 4)?;
    let i = identity(row, 6)?;
    let before: Option<String> = col(row, 13)?;
    let before = before.as_ref().map(|text| from_json(text.as_bytes())).transpose()?.unwrap_or_default();
    let branch = maybe_ordered(row, 11)?.zip(col::<Option<i64>>(row, 12)?).map(|(of, from)| Branch {
        of: Identity { epoch: Epoch(of), ..i },
        fork: Fork { from: from as u64, epoch: i.epoch },
        before,
    });
    Ok(LogRow {
        head: Head { seq: unsigned(row, 0)?, hash: EntryHash(col(row, 1)?) },
        handed: unsigned(row, 2)?,
        stated: unsigned(row, 3)?,
        proof: proof.zip(col(row, 5)?),
        fenced: col(row, 8)?,
        closed: col(row, 9)?,
        reported: unsigned(row, 10)?,
        branch,
    })
}

pub(crate) const ENTRY: &str =
    "SELECT station, epoch, seq, hash, bytes, received_ms, remarks, signature, position FROM entries";

pub(crate) fn entry(row: &Row<'_>) -> Result<EntryRow> {
    Ok(EntryRow {
        key: key(row, 0)?,
        hash: EntryHash(col(row, 3)?),
        bytes: col(row, 4)?,
        received_ms: col(row, 5)?,
        remarks: col(row, 6)?,
        signature: col(row, 7)?,
    })
}

pub(crate) fn evidence(row: &Row<'_>) -> Result<Evidence> {
    Ok(Evidence {
        key: key(row, 0)?,
        hash: EntryHash(col(row, 3)?),
        bytes: col(row, 4)?,
        received_ms: col(row, 5)?,
    })
}

pub(crate) const CHECK_IN: &str = "SELECT station, epoch, seq, session, subject_kind, subject, hlc, basis, \
     received_ms, released, refunded, freed FROM check_ins";

pub(crate) fn check_in(row: &Row<'_>) -> Result<CheckInRow> {
    Ok(CheckInRow {
        key: key(row, 0)?,
        session: SessionId(uuid(row, 3)?),
        subject: subject(row, 4)?,
        hlc: hlc(row, 6)?,
        basis: basis(row, 7)?,
        received_ms: col(row, 8)?,
        released: col(row, 9)?,
        refunded: col(row, 10)?,
        freed: col(row, 11)?,
    })
}

pub(crate) const SUMS: &str =
    "SELECT inside, occupied, unsettled, over_grant, withheld, session, held FROM sums";

pub(crate) fn sums(row: &Row<'_>) -> Result<SessionSums> {
    Ok(SessionSums {
        tally: Tally {
            inside: unsigned(row, 0)?,
            occupied: unsigned(row, 1)?,
            unsettled: unsigned(row, 2)?,
            over_grant: unsigned(row, 3)?,
        },
        withheld: unsigned(row, 4)?,
        held: unsigned(row, 6)?,
    })
}

pub(crate) const HOLD: &str = "SELECT session, person, term, rev, state, used FROM holds";

pub(crate) fn hold(row: &Row<'_>) -> Result<HoldRow> {
    Ok(HoldRow {
        session: SessionId(uuid(row, 0)?),
        person: PersonId(uuid(row, 1)?),
        rev: holds_rev(row, 2)?,
        state: match col::<i64>(row, 4)? {
            0 => HoldState::On,
            1 => HoldState::Cut,
            2 => HoldState::Free,
            other => return Err(Error::Damaged(format!("a held seat in state {other}"))),
        },
        used: col(row, 5)?,
    })
}

pub(crate) const fn hold_state_number(state: HoldState) -> i64 {
    match state {
        HoldState::On => 0,
        HoldState::Cut => 1,
        HoldState::Free => 2,
    }
}

/// A revision in two columns from `index` on.
pub(crate) fn holds_rev(row: &Row<'_>, index: usize) -> Result<HoldsRev> {
    Ok(HoldsRev { term: unsigned(row, index)?, rev: unsigned(row, index + 1)? })
}

pub(crate) fn ended(row: &Row<'_>) -> Result<EndedRow> {
    Ok(EndedRow { i: identity(row, 0)?, rev: holds_rev(row, 2)? })
}

pub(crate) fn settled(row: &Row<'_>) -> Result<SettledRow> {
    let off = WrittenOff { spent: unsigned(row, 3)?, real: unsigned(row, 4)? };
    Ok(SettledRow { i: identity(row, 0)?, after: unsigned(row, 2)?, off })
}

pub(crate) const MERGE: &str = "SELECT station, epoch, seq, a, b, split FROM merges";

pub(crate) fn merge(row: &Row<'_>) -> Result<Merged> {
    let persons = maybe_uuid(row, 3)?.zip(maybe_uuid(row, 4)?).map(|(a, b)| (PersonId(a), PersonId(b)));
    Ok(Merged { key: key(row, 0)?, persons, split: col(row, 5)? })
}

pub(crate) const EXIT: &str = "SELECT station, epoch, seq, session, person, hlc, bound FROM exits";

pub(crate) fn exit(row: &Row<'_>) -> Result<ExitRow> {
    let place = match (maybe_uuid(row, 3)?, maybe_uuid(row, 4)?) {
        (Some(session), Some(person)) => {
            Some(ExitPlace { session: SessionId(session), person: PersonId(person), hlc: hlc(row, 5)? })
        }
        _ => None,
    };
    Ok(ExitRow { key: key(row, 0)?, place, bound: col(row, 6)? })
}

pub(crate) const RESOLVED: &str = "SELECT incident, outcome, station, epoch, seq, over_by FROM resolved";

pub(crate) fn resolved(row: &Row<'_>) -> Result<ResolvedRow> {
    let outcome = match col::<i64>(row, 1)? {
        0 => Outcome::OnePerson,
        1 => Outcome::TwoPeople,
        2 => Outcome::Accepted,
        other => return Err(Error::Damaged(format!("an outcome {other}"))),
    };
    let over_by = col::<Option<i64>>(row, 5)?.map(|over_by| over_by as u64);
    Ok(ResolvedRow { incident: IncidentId(col(row, 0)?), outcome, by: key(row, 2)?, over_by })
}

pub(crate) fn accepted(row: &Row<'_>) -> Result<AcceptedRow> {
    let head = Head { seq: unsigned(row, 1)?, hash: EntryHash(col(row, 2)?) };
    Ok(AcceptedRow { station: StationId(uuid(row, 0)?), head })
}

pub(crate) const fn outcome_number(outcome: Outcome) -> i64 {
    match outcome {
        Outcome::OnePerson => 0,
        Outcome::TwoPeople => 1,
        Outcome::Accepted => 2,
    }
}
