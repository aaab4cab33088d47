//! From entries to the cached tables: check-ins, sums and rights, one entry at a time.
//!
//! What an entry means is said by [`usher_core::fold`] and [`usher_core::capacity`]; this module only keeps the rows. Two
//! views of a check-in are kept apart: *released* is the fold's (nobody sits there any more), *freed* is the capacity's (the
//! seat may be given to others). A local undo before handover frees at once, because the right went back to the same desk and
//! stands in its X; every other release frees only once the server holds the check-in's log up to a stated `handed` at or
//! behind the check-in (DESIGN section 5, Handover).
//!
//! By name not here: `ReEntry` (takes no seat).

mod forked;
mod groups;
mod held;
mod leaving;
mod people;
mod written_off;

pub(crate) use people::{doubled, rows, same};

use usher_core::{
    capacity::{Rights, Room},
    entry::{Accept, Body, Entry, Head, Note, NoteKind},
    fold::{Effect, effect},
    ids::{Identity, SessionId, StationId},
};

use crate::{
    Error, Result,
    store::{AcceptedRow, EntryRow, LogRow, Look, MessageRow, ResolvedRow, Txn},
};

/// Takes one entry that was not taken before into the tables. `server`: whose entries grant, settle and resolve.
pub(crate) fn apply(txn: &mut dyn Txn, entry: &Entry, received_ms: i64, server: StationId) -> Result<()> {
    match effect(entry, Some(server)) {
        Effect::Admits(session, subject, one) => groups::admit(txn, session, subject, &one, received_ms),
        Effect::Releases(of) => groups::release(txn, entry, of),
        Effect::Leaves(session, person, left) => leaving::leave(txn, session, person, left),
        Effect::Binds(exit, check_in) => {
            leaving::bind(txn, exit)?;
            groups::release(txn, entry, check_in)
        }
        Effect::Merges(key, a, b) => people::merge(txn, key, a, b),
        Effect::Splits(merge) => people::split(txn, merge),
        Effect::Resolves(incident, outcome) => {
            let over_by = if let Body::Resolve(said) = &entry.body { said.over_by } else { None };
            groups::resolve(txn, ResolvedRow { incident, outcome, by: entry.key(), over_by })
        }
        Effect::Nothing if entry.station == server => from_server(txn, entry),
        Effect::Nothing => from_desk(txn, entry),
    }
}

fn from_desk(txn: &mut dyn Txn, entry: &Entry) -> Result<()> {
    match &entry.body {
        Body::Return(back) => change_rights(txn, back.session, entry.identity(), |rights| {
            rights.returned += u64::from(back.rights);
        }),
        Body::HoldsEnded(ended) => held::ended(txn, entry.identity(), ended),
        Body::CloseEpoch(_) => change_log(txn, entry.identity(), |log| log.closed = true),
        Body::Note(Note { kind: NoteKind::MessageRead, of: Some(of), .. }) => {
            txn.put_message_read(*of, entry.station)
        }
        _ => Ok(()),
    }
}

fn from_server(txn: &mut dyn Txn, entry: &Entry) -> Result<()> {
    match &entry.body {
        Body::Message(_) => txn.put_message(&MessageRow { key: entry.key(), hlc: entry.hlc }),
        Body::Grant(grant) => {
            change_rights(txn, grant.session, grant.to, |rights| rights.raise_to(grant.total))
        }
        Body::Recall(recall) => change_rights(txn, recall.session, recall.from, |rights| {
            rights.recalled = rights.recalled.max(recall.total);
        }),
        Body::Fence(fence) => change_log(txn, fence.i, |log| log.fenced = true),
        Body::Settle(settle) => {
            change_log(txn, settle.i, |log| log.fenced = true)?;
            written_off::settle(txn, settle)
        }
        Body::HoldsSet(set) => held::set(txn, set),
        Body::HoldsFreed(freed) => held::freed(txn, freed),
        Body::Accept(accept) => accepted(txn, accept),
        _ => Ok(()),
    }
}

/// Without its hash it counts for what was held when it was decided, and for nothing that comes later under the same numbers.
fn accepted(txn: &mut dyn Txn, accept: &Accept) -> Result<()> {
    let Some(hash) = accept.hash else { return Ok(()) };
    txn.put_accepted(&AcceptedRow { station: accept.i.station, head: Head { seq: accept.seq, hash } })
}

fn change_log(txn: &mut dyn Txn, i: Identity, change: impl FnOnce(&mut LogRow)) -> Result<()> {
    let before = txn.log(i)?.unwrap_or(LogRow::empty(0));
    let mut after = before.clone();
    change(&mut after);
    if after == before { Ok(()) } else { txn.put_log(i, &after) }
}

fn change_rights(
    txn: &mut dyn Txn,
    session: SessionId,
    i: Identity,
    change: impl FnOnce(&mut Rights),
) -> Result<()> {
    let mut rights = rights_at(txn, session, i)?;
    change(&mut rights);
    txn.put_rights(session, i, &rights)
}

/// One log's rights for one session.
pub(crate) fn rights_at(look: &dyn Look, session: SessionId, i: Identity) -> Result<Rights> {
    Ok(look
        .rights_of(i)?
        .into_iter()
        .find(|(of, _)| *of == session)
        .map_or(Rights::default(), |(_, rights)| rights))
}

/// Frees the seats of released check-ins that the handover statement now covers. The caller has stored the log's new `handed`.
pub(crate) fn cover(txn: &mut dyn Txn, i: Identity, handed: u64) -> Result<()> {
    for row in txn.withheld(i, handed)? {
        groups::replace(txn, Some(row), row)?;
    }
    Ok(())
}

/// X: what a log, or a copy of it, may still spend.
pub(crate) fn left(look: &dyn Look, session: SessionId, i: Identity, rights: &Rights) -> Result<u64> {
    Ok(rights.available().max(forked::most(look, session, i)?))
}

/// The session as the capacity arithmetic takes it. The rights of a settled log are gone; what it spent unseen counts as inside.
pub(crate) fn room(look: &dyn Look, session: SessionId, capacity: Option<u32>) -> Result<Room> {
    let sums = look.sums(session)?;
    let settled = look.settled(session)?;
    let rights = look.rights(session)?;
    let mut outstanding = 0;
    for (i, rights) in rights.iter().filter(|(i, _)| settled.iter().all(|row| row.i != *i)) {
        outstanding += left(look, session, *i, rights)?;
    }
    let unseen = settled.iter().map(|row| row.off.unseen()).sum::<u64>();
    Ok(Room {
        capacity,
        occupied: sums.tally.occupied + sums.withheld + unseen,
        outstanding,
        held: sums.held,
    })
}

/// Makes the tables anew from the published entries.
pub(crate) fn rebuild(txn: &mut dyn Txn, server: StationId) -> Result<()> {
    txn.clear_derived()?;
    let mut all = Vec::new();
    txn.entries(&mut |row| {
        all.push(row);
        Ok(true)
    })?;
    for row in all {
        let entry = placed(txn, &row)?;
        apply(txn, &entry, row.received_ms, server)?;
    }
    Ok(())
}

/// A stored entry as it counts: in a second branch, under the branch's identity.
pub(crate) fn placed(look: &dyn Look, row: &EntryRow) -> Result<Entry> {
    let entry = decode(&row.bytes)?;
    if entry.epoch == row.key.epoch {
        return Ok(entry);
    }
    let branch = look.log(row.key.identity())?.and_then(|log| log.branch);
    let branch = branch.ok_or_else(|| Error::Damaged("a branch's log is missing".into()))?;
    Ok(branch.place(entry))
}

/// Reads an entry that the store gave: it was readable when it came.
pub(crate) fn decode(bytes: &[u8]) -> Result<Entry> {
    Entry::from_bytes(bytes).map_err(|why| Error::Damaged(format!("a stored entry cannot be read: {why}")))
}
