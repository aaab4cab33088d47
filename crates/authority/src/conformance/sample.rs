//! The rows that the suite puts and asks for: at least two of everything, at the edges of their types.

use usher_core::{
    branch::{Branch, Fork},
    capacity::{Rights, WrittenOff},
    clock::Hlc,
    entry::{Basis, Checkpoint, Head, Outcome, StateSet, Subject},
    fold::{Merged, Tally},
    ids::{
        ActorId, CodeDigest, EntryHash, EntryKey, Epoch, EventId, Identity, IncidentId, MachineId, PersonId,
        SessionId, StationId,
    },
    session::{SessionRules, WhenEmpty},
    verdict::Validity,
};
use usher_protocol::sync::{Asks, PlaceAsked, Signed};
use usher_protocol::ticket::{Kid, TicketKey};
use usher_protocol::{
    enrol::Role,
    pin::PinRecord,
    profile::Profile,
    records::{EventRecord, PersonRecord, Registration, SessionRecord, StationRecord},
};
use uuid::Uuid;

use crate::{
    Result, remark,
    store::{
        AcceptedRow, CheckInRow, CodeRow, Contact, EndedRow, EntryRow, EventRow, Evidence, ExitPlace,
        ExitRow, HoldRow, HoldState, HoldsRev, LogRow, MessageRow, PersonRow, Release, ResolvedRow,
        SessionRow, SessionSums, SettledRow, StationRow, Txn,
    },
};

/// An epoch and a logical time with the top bit set: they must sort behind those without.
pub(super) const HIGH: u64 = 1 << 63;

pub(super) const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(super) const fn log(station: u128, epoch: u64) -> Identity {
    Identity { station: StationId(id(station)), epoch: Epoch(epoch) }
}

pub(super) fn event() -> EventRow {
    let kid = Kid([1, 2, 3, 4]);
    let pin = PinRecord {
        actor: ActorId(id(7)),
        name: "Maria".into(),
        unlocks_only: true,
        hash: "$argon2id$".into(),
    };
    let record = EventRecord {
        ticket_keys: vec![TicketKey { kid, public_key: "ab".into(), from_ms: 3, until_ms: Some(4) }],
        help_phone: "+34 600 000 000".into(),
        pins: vec![pin],
        label: Some(serde_json::json!({ "width_mm": 90, "later": ["Ω", null] })),
        ..EventRecord::new(EventId(id(1)), "RustFest ₿".into(), "Europe/Madrid".into())
    };
    let ticket_key = Some([9; 32].into());
    EventRow {
        record,
        secret: [7; 32].into(),
        key: [8; 32].into(),
        ticket_key,
        own: log(9, HIGH | 1),
        term: 12,
    }
}

pub(super) fn session(number: u128, starts_ms: i64) -> SessionRow {
    let rules = SessionRules {
        id: SessionId(id(number)),
        capacity: Some(20),
        starts_ms,
        ends_ms: starts_ms + 1,
        late_after_ms: 2,
        opens_before_ms: 3,
        ends_after_ms: 4,
        when_empty: WhenEmpty::Optimistic,
        open_to_all: true,
        hold_seats: true,
        hold_for_ms: Some(300_000),
        hand_out_all: true,
        re_entry: true,
        set: StateSet::Paused,
        rev: 5,
    };
    let record = SessionRecord {
        name: format!("Talk {number}"),
        room: "Saal 1".into(),
        rules,
        pause_words: "Wait".into(),
    };
    SessionRow { record, code: (number == 11).then(|| "T11".into()) }
}

pub(super) fn person(number: u128) -> PersonRow {
    let digest = |byte: u8| CodeDigest([byte; 32]);
    let byte = number as u8;
    let record = PersonRecord {
        id: PersonId(id(number)),
        name: "Ayşe Øst".into(),
        email: "a@example.org".into(),
        organisation: "Org".into(),
        kind: "Full".into(),
        order: "O1".into(),
        note: "vip".into(),
        flags: vec!["Konuşmacı".into(), "Minor".into()],
        attention: true,
        code: Some(digest(byte)),
        cancelled: true,
        valid: Validity { from_ms: Some(1), until_ms: None },
        revoked_codes: vec![digest(byte + 100)],
        registrations: vec![Registration { session: SessionId(id(11)), cancelled: true }],
        profile: Some(Box::new(Profile::written("Ayşe Øst", "a@example.org", "Full", Hlc(u64::MAX)))),
    };
    PersonRow { record, code: Some(format!("code-{number}")), likeness: Some([3; 32]) }
}

pub(super) fn station(number: u128, role: Role, name: &str) -> StationRow {
    let record = StationRecord {
        id: StationId(id(number)),
        name: name.into(),
        public_key: "ab".into(),
        revoked: false,
    };
    let actor = (role == Role::Supervisor).then(|| ActorId(id(77)));
    StationRow { record, role, actor, machine: MachineId(id(5)) }
}

pub(super) fn entry(i: Identity, seq: u64) -> EntryRow {
    EntryRow {
        key: i.key(seq),
        hash: EntryHash([seq as u8; 32]),
        bytes: vec![0, 255, seq as u8],
        received_ms: -5,
        remarks: 3,
        signature: (seq == 1).then_some([4; 64]),
    }
}

pub(super) fn check_in(key: EntryKey, hlc: u64, subject: Subject) -> CheckInRow {
    CheckInRow {
        key,
        session: SessionId(id(11)),
        subject,
        hlc: Hlc(hlc),
        basis: Basis::OverGrant,
        received_ms: 50,
        released: false,
        refunded: false,
        freed: false,
    }
}

pub(super) const fn evidence(i: Identity, seq: u64, byte: u8, received_ms: i64) -> Evidence {
    Evidence { key: i.key(seq), hash: EntryHash([byte; 32]), bytes: Vec::new(), received_ms }
}

pub(super) const GUEST: Subject = Subject::Person(PersonId(Uuid::from_u128(31)));
pub(super) const CODE: Subject = Subject::Code(CodeDigest([200; 32]));

/// The check-ins of the sample: two of one guest, one of a code, one released and withheld.
pub(super) fn check_ins() -> [CheckInRow; 4] {
    let withheld = CheckInRow { released: true, ..check_in(log(41, 1).key(3), 9, GUEST) };
    [
        check_in(log(41, 1).key(1), 10, GUEST),
        check_in(log(41, 1).key(2), HIGH, CODE),
        withheld,
        check_in(log(41, HIGH).key(1), 10, GUEST),
    ]
}

pub(super) fn release(by: u64) -> Release {
    Release { of: log(41, 1).key(3), by: log(41, 1).key(by), refund: by == 5 }
}

pub(super) fn contact() -> Contact {
    let session = Some(SessionId(id(11)));
    Contact {
        epoch: Epoch(HIGH),
        at_ms: 1,
        skew_ms: -2,
        waiting: 3,
        session,
        also: vec![SessionId(id(13)), SessionId(id(12))],
        initials: "AÖ".into(),
        asks: asks(),
    }
}

fn asks() -> Option<Asks> {
    Some(Asks {
        help_ms: Some(-7),
        place: Some(PlaceAsked {
            at_ms: i64::MAX,
            session: SessionId(id(11)),
            person: Some(PersonId(id(31))),
        }),
    })
}

/// The messages, the newest first.
pub(super) fn messages() -> [MessageRow; 3] {
    let row = |epoch, seq, hlc| MessageRow { key: log(41, epoch).key(seq), hlc: Hlc(hlc) };
    [row(1, 3, HIGH), row(HIGH, 1, 20), row(1, 2, 20)]
}

pub(super) const SUMS: SessionSums = SessionSums {
    tally: Tally { inside: 1, occupied: 2, unsettled: 3, over_grant: 4 },
    withheld: 5,
    held: 6,
};
pub(super) const RIGHTS: Rights = Rights { granted: 9, returned: 1, admitted: 2, refunded: 1, recalled: 7 };
pub(super) const LOG: LogRow = LogRow {
    head: Head { seq: 2, hash: EntryHash([2; 32]) },
    handed: 1,
    stated: 4,
    proof: None,
    fenced: false,
    closed: false,
    reported: 6,
    branch: None,
};

pub(super) fn fill(txn: &mut dyn Txn) -> Result<()> {
    txn.put_event(&event())?;
    [succession(2), succession(1)].iter().try_for_each(|one| txn.put_succession(one))?;
    txn.put_session(&session(12, 100))?;
    txn.put_session(&session(11, 200))?;
    txn.put_person(&person(32))?;
    txn.put_person(&person(31))?;
    txn.put_station(&station(42, Role::Supervisor, "Zoë"))?;
    txn.put_station(&station(41, Role::Desk, "Desk"))?;
    txn.put_contact(StationId(id(41)), &contact())?;
    let code =
        CodeRow { role: Role::Desk, name: "Desk".into(), expires_ms: 9, used_by: Some(StationId(id(41))) };
    txn.put_enrol_code(CodeDigest([1; 32]), &code)?;
    txn.put_log(log(41, HIGH), &LogRow { proof: Some((vec![1, 2], [9; 64])), ..LOG })?;
    txn.put_log(log(41, 1), &LOG)?;
    txn.put_entry(&entry(log(41, 1), 1), true)?;
    txn.put_entry(&entry(log(41, HIGH), 1), true)?;
    txn.put_entry(&entry(log(41, 1), 2), true)?;
    txn.put_entry(&entry(log(41, 1), 3), false)?;
    let row = LogRow { fenced: true, closed: true, branch: Some(branch()), ..LOG };
    txn.put_log(branch().identity(), &row)?;
    txn.put_entry(&branch_entry(), true)?;
    for (seq, byte, at_ms) in [(7, 2, 20), (7, 1, 30), (8, 1, 10), (7, 1, 5)] {
        txn.put_evidence(&evidence(log(41, 1), seq, byte, at_ms))?;
    }
    for (position, byte) in [(3, 1), (7, 2)] {
        txn.put_root(&Checkpoint { position, root: EntryHash([byte; 32]) })?;
    }
    check_ins().iter().try_for_each(|row| txn.put_check_in(row))?;
    [release(6), release(5), release(5)].iter().try_for_each(|one| txn.put_release(one))?;
    txn.put_sums(SessionId(id(11)), &SUMS)?;
    txn.put_rights(SessionId(id(11)), log(41, HIGH), &RIGHTS)?;
    txn.put_rights(SessionId(id(11)), log(41, 1), &RIGHTS)?;
    fill_capacity(txn)
}

/// Bytes and a signature; what they say is none of the store's business.
pub(super) fn succession(byte: u8) -> Signed {
    Signed::new(vec![byte, 0, 255], &[byte; 64])
}

/// A branch that left another branch, whose epoch sorts between the others.
pub(super) fn branch() -> Branch {
    let fork = |from, epoch| Fork { from, epoch: Epoch(epoch) };
    Branch { of: log(41, 1), fork: fork(2, 55), before: vec![fork(1, HIGH)] }
}

pub(super) fn branch_entry() -> EntryRow {
    EntryRow { remarks: remark::BRANCH, ..entry(branch().identity(), 2) }
}

pub(super) const fn rev(term: u64, rev: u64) -> HoldsRev {
    HoldsRev { term, rev }
}

pub(super) fn hold(person: u128, state: HoldState) -> HoldRow {
    let (session, person) = (SessionId(id(11)), PersonId(id(person)));
    HoldRow { session, person, rev: rev(3, 4), state, used: state == HoldState::Cut }
}

pub(super) fn ended(epoch: u64) -> EndedRow {
    EndedRow { i: log(41, epoch), rev: rev(3, 2) }
}

pub(super) fn settled(epoch: u64) -> SettledRow {
    SettledRow { i: log(41, epoch), after: 2, off: WrittenOff { spent: 5, real: 1 } }
}

pub(super) fn resolved(byte: u8) -> ResolvedRow {
    let outcome = if byte == 1 { Outcome::OnePerson } else { Outcome::Accepted };
    let over_by = (byte == 2).then_some(HIGH);
    ResolvedRow { incident: IncidentId([byte; 32]), outcome, by: log(9, HIGH).key(7), over_by }
}

pub(super) fn accepted(station: u128, seq: u64, byte: u8) -> AcceptedRow {
    AcceptedRow { station: StationId(id(station)), head: Head { seq, hash: EntryHash([byte; 32]) } }
}

fn fill_capacity(txn: &mut dyn Txn) -> Result<()> {
    let session = SessionId(id(11));
    for (person, state) in
        [(33, HoldState::On), (32, HoldState::Cut), (31, HoldState::On), (34, HoldState::Free)]
    {
        txn.put_hold(&hold(person, state))?;
    }
    for mark in [rev(2, 9), rev(3, 1), rev(2, 10)] {
        txn.put_holds_freed(session, mark)?;
    }
    for epoch in [HIGH, 1] {
        txn.put_holds_ended(session, &ended(epoch))?;
        txn.put_settled(session, &settled(epoch))?;
    }
    txn.put_resolved(&ResolvedRow { over_by: Some(1), ..resolved(1) })?;
    [2, 1].iter().try_for_each(|byte| txn.put_resolved(&resolved(*byte)))?;
    for row in [accepted(41, 7, 2), accepted(41, 7, 1), accepted(42, 1, 1), accepted(41, 2, 9)] {
        txn.put_accepted(&row)?;
        txn.put_accepted(&row)?;
    }
    fill_people(txn)
}

/// The Merge number `seq`: of 31 with the person of that number, taken back when it is odd.
pub(super) fn merged(seq: u64) -> Merged {
    let persons = (PersonId(id(31)), PersonId(id(30 + u128::from(seq))));
    Merged { key: log(9, HIGH).key(seq), persons: Some(persons), split: seq % 2 == 1 }
}

/// A Split that came before its Merge.
pub(super) fn split_first() -> Merged {
    Merged { split: true, ..Merged::unknown(log(9, 1).key(9)) }
}

/// An exit of a person from session 11, written at a logical time with the top bit set.
pub(super) fn exit(seq: u64, person: u128, bound: bool) -> ExitRow {
    let place = ExitPlace { session: SessionId(id(11)), person: PersonId(id(person)), hlc: Hlc(HIGH | 2) };
    ExitRow { key: log(41, HIGH).key(seq), place: Some(place), bound }
}

/// A Bind that came before its exit.
pub(super) fn bound_first() -> ExitRow {
    ExitRow { place: None, bound: true, ..exit(9, 31, true) }
}

fn fill_people(txn: &mut dyn Txn) -> Result<()> {
    txn.put_merge(&Merged { split: false, ..merged(3) })?;
    [merged(3), merged(2), split_first()].iter().try_for_each(|row| txn.put_merge(row))?;
    put_messages(txn)?;
    txn.put_exit(&exit(4, 31, false))?;
    // Bound; of somebody who is not in; of an unknown exit.
    [exit(4, 31, true), exit(3, 31, false), exit(2, 39, false), bound_first()]
        .iter()
        .try_for_each(|row| txn.put_exit(row))
}

fn put_messages(txn: &mut dyn Txn) -> Result<()> {
    let [newest, ..] = messages();
    // Once more with another time: the first one stays.
    messages()
        .iter()
        .chain([&MessageRow { hlc: Hlc(1), ..newest }])
        .try_for_each(|row| txn.put_message(row))?;
    for desk in [43, 42, 43] {
        txn.put_message_read(newest.key, StationId(id(desk)))?;
    }
    // It may be known to be read before it is known.
    txn.put_message_read(log(49, 1).key(9), StationId(id(42)))
}
