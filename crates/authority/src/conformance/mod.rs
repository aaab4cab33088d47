//! The conformance suite of stores: what the contract in [`crate::store`] says, tried on each of them.
//!
//! A store's tests call [`contract`] on an empty store; its own tests add what only it can show (durability, other
//! processes). The numbers in the function names are those of the contract.

pub mod desk;

use usher_core::{
    capacity::Rights,
    clock::Hlc,
    entry::{Basis, Head, Subject},
    fold::Tally,
    ids::{
        CodeDigest, EntryHash, EntryKey, Epoch, EventId, Identity, MachineId, PersonId, SessionId, StationId,
    },
    session::{SessionRules, WhenEmpty},
    verdict::Validity,
};
use usher_protocol::{
    enrol::Role,
    records::{EventRecord, PersonRecord, Registration, SessionRecord, StationRecord},
    sync::{Change, EntryBytes},
};
use uuid::Uuid;

use crate::{
    Error, Result,
    store::{
        CheckInRow, CodeRow, Contact, EntryRow, EventRow, Evidence, FeedRow, LogRow, Look, PersonRow,
        Release, SessionRow, SessionSums, StationRow, Store, Txn,
    },
};

/// An epoch and a logical time with the top bit set: they must sort behind those without.
const HIGH: u64 = 1 << 63;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const fn log(station: u128, epoch: u64) -> Identity {
    Identity { station: StationId(id(station)), epoch: Epoch(epoch) }
}

/// Everything that the contract says and that an empty store can be asked. A store that was filled by [`put_sample`]
/// and opened again is asked by [`sample`].
///
/// # Errors
/// The store's own; a broken contract panics.
pub fn contract<S: Store>(store: &S) -> Result<()> {
    starts_empty(store)?;
    gives_up_whole_1(store)?;
    put_sample(store)?;
    sample(store)?;
    reads_one_state_2(store)?;
    moves_records_3(store)?;
    keeps_facts_4(store)?;
    clears_caches_6(store)
}

fn starts_empty<S: Store>(store: &S) -> Result<()> {
    store.read(|look| {
        assert!(look.event()?.is_none(), "a new store has no event");
        assert_eq!((look.feed_end()?, look.feed_len()?, look.person_count()?), (0, 0, 0));
        assert_eq!(look.sums(SessionId(id(1)))?, SessionSums::default());
        Ok(())
    })
}

fn gives_up_whole_1<S: Store>(store: &S) -> Result<()> {
    let given_up: Result<()> = store.write(|txn| {
        fill(txn)?;
        Err(Error::Busy)
    });
    assert!(matches!(given_up, Err(Error::Busy)), "the closure's error comes back");
    starts_empty(store)
}

fn event() -> EventRow {
    let record = EventRecord {
        id: EventId(id(1)),
        name: "RustFest ₿".into(),
        time_zone: "Europe/Madrid".into(),
        fast_door: true,
    };
    EventRow { record, secret: [7; 32].into(), key: [8; 32].into(), own: log(9, HIGH | 1), term: 12 }
}

fn session(number: u128, starts_ms: i64) -> SessionRow {
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
        set: usher_core::entry::StateSet::Paused,
        rev: 5,
    };
    let record = SessionRecord { name: format!("Talk {number}"), room: "Saal 1".into(), rules };
    SessionRow { record, code: (number == 11).then(|| "T11".into()) }
}

fn person(number: u128) -> PersonRow {
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
        code: Some(digest(byte)),
        cancelled: true,
        valid: Validity { from_ms: Some(1), until_ms: None },
        revoked_codes: vec![digest(byte + 100)],
        registrations: vec![Registration { session: SessionId(id(11)), cancelled: true }],
    };
    PersonRow { record, code: Some(format!("code-{number}")), likeness: Some([3; 32]) }
}

fn station(number: u128, role: Role, name: &str) -> StationRow {
    let record = StationRecord {
        id: StationId(id(number)),
        name: name.into(),
        public_key: "ab".into(),
        revoked: false,
    };
    let actor = (role == Role::Supervisor).then(|| usher_core::ids::ActorId(id(77)));
    StationRow { record, role, actor, machine: MachineId(id(5)) }
}

fn entry(i: Identity, seq: u64) -> EntryRow {
    EntryRow {
        key: i.key(seq),
        hash: EntryHash([seq as u8; 32]),
        bytes: vec![0, 255, seq as u8],
        received_ms: -5,
        remarks: 3,
        signature: (seq == 1).then_some([4; 64]),
    }
}

fn check_in(key: EntryKey, hlc: u64, subject: Subject) -> CheckInRow {
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

const fn evidence(i: Identity, seq: u64, byte: u8, received_ms: i64) -> Evidence {
    Evidence { key: i.key(seq), hash: EntryHash([byte; 32]), bytes: Vec::new(), received_ms }
}

const GUEST: Subject = Subject::Person(PersonId(Uuid::from_u128(31)));
const CODE: Subject = Subject::Code(CodeDigest([200; 32]));

/// The check-ins of the sample: two of one guest, one of a code, one released and withheld.
fn check_ins() -> [CheckInRow; 4] {
    let withheld = CheckInRow { released: true, ..check_in(log(41, 1).key(3), 9, GUEST) };
    [
        check_in(log(41, 1).key(1), 10, GUEST),
        check_in(log(41, 1).key(2), HIGH, CODE),
        withheld,
        check_in(log(41, HIGH).key(1), 10, GUEST),
    ]
}

fn release(by: u64) -> Release {
    Release { of: log(41, 1).key(3), by: log(41, 1).key(by), refund: by == 5 }
}

fn contact() -> Contact {
    let session = Some(SessionId(id(11)));
    Contact { epoch: Epoch(HIGH), at_ms: 1, skew_ms: -2, waiting: 3, session, initials: "AÖ".into() }
}

const SUMS: SessionSums =
    SessionSums { tally: Tally { inside: 1, occupied: 2, unsettled: 3, over_grant: 4 }, withheld: 5 };
const RIGHTS: Rights = Rights { granted: 9, returned: 1, admitted: 2, refunded: 1 };
const LOG: LogRow =
    LogRow { head: Head { seq: 2, hash: EntryHash([2; 32]) }, handed: 1, stated: 4, proof: None };

fn fill(txn: &mut dyn Txn) -> Result<()> {
    txn.put_event(&event())?;
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
    for (seq, byte, at_ms) in [(7, 2, 20), (7, 1, 30), (8, 1, 10), (7, 1, 5)] {
        txn.put_evidence(&evidence(log(41, 1), seq, byte, at_ms))?;
    }
    check_ins().iter().try_for_each(|row| txn.put_check_in(row))?;
    [release(6), release(5), release(5)].iter().try_for_each(|one| txn.put_release(one))?;
    txn.put_sums(SessionId(id(11)), &SUMS)?;
    txn.put_rights(SessionId(id(11)), log(41, HIGH), &RIGHTS)?;
    txn.put_rights(SessionId(id(11)), log(41, 1), &RIGHTS)
}

/// Puts the sample into an empty store.
///
/// # Errors
/// The store's own.
pub fn put_sample<S: Store>(store: &S) -> Result<()> {
    store.write(fill)
}

/// Checks that the store holds the sample: for stores that can be closed and opened again.
///
/// # Errors
/// The store's own; a difference panics.
pub fn sample<S: Store>(store: &S) -> Result<()> {
    store.read(|look| {
        holds_records(look)?;
        holds_people(look)?;
        holds_logs(look)?;
        holds_evidence(look)?;
        holds_caches(look)?;
        holds_feed(look)
    })
}

fn holds_records(look: &dyn Look) -> Result<()> {
    let found = look.event()?.map(|row| (row.record, *row.secret, *row.key, row.own, row.term));
    let sent = event();
    assert_eq!(found, Some((sent.record, *sent.secret, *sent.key, sent.own, sent.term)));
    assert_eq!(look.sessions()?, [session(12, 100), session(11, 200)], "sessions come by start");
    assert_eq!(look.session(SessionId(id(11)))?, Some(session(11, 200)));
    assert_eq!(look.session(SessionId(id(1)))?, None);
    let stations = [station(41, Role::Desk, "Desk"), station(42, Role::Supervisor, "Zoë")];
    assert_eq!(look.stations()?, stations, "stations come by name");
    assert_eq!(look.station(StationId(id(42)))?.as_ref(), stations.last());
    assert_eq!(look.contacts()?, [(StationId(id(41)), contact())]);
    let code = look.enrol_code(CodeDigest([1; 32]))?;
    assert_eq!(code.and_then(|row| row.used_by), Some(StationId(id(41))));
    assert_eq!(look.enrol_code(CodeDigest([2; 32]))?, None);
    Ok(())
}

fn holds_people(look: &dyn Look) -> Result<()> {
    assert_eq!(look.person(PersonId(id(31)))?, Some(person(31)));
    assert_eq!(look.person_by_code(CodeDigest([31; 32]))?, Some(person(31)));
    assert_eq!(look.person_by_code(CodeDigest([131; 32]))?, None, "an earlier code is not the current one");
    assert!(look.knows_code(CodeDigest([131; 32]))? && look.knows_code(CodeDigest([31; 32]))?);
    assert!(!look.knows_code(CodeDigest([200; 32]))?);
    assert_eq!(look.persons_like(&[3; 32])?, [person(32), person(31)], "people come as they were first put");
    assert_eq!(look.persons_like(&[4; 32])?, []);
    let mut first = Vec::new();
    look.persons(&mut |row| {
        first.push(row);
        Ok(false)
    })?;
    assert_eq!((first, look.person_count()?), (vec![person(32)], 2), "a visitor can stop");
    Ok(())
}

fn holds_logs(look: &dyn Look) -> Result<()> {
    let high = LogRow { proof: Some((vec![1, 2], [9; 64])), ..LOG };
    assert_eq!(look.logs()?, [(log(41, 1), LOG), (log(41, HIGH), high.clone())], "epochs sort unsigned");
    assert_eq!((look.log(log(41, HIGH))?, look.log(log(41, 2))?), (Some(high), None));
    assert_eq!(look.entry(log(41, 1).key(3))?, Some(entry(log(41, 1), 3)), "unpublished entries are kept");
    let mut published = Vec::new();
    look.entries(&mut |row| {
        published.push(row);
        Ok(true)
    })?;
    assert_eq!(published, [entry(log(41, 1), 1), entry(log(41, HIGH), 1), entry(log(41, 1), 2)]);
    Ok(())
}

fn holds_evidence(look: &dyn Look) -> Result<()> {
    let i = log(41, 1);
    let wanted = [evidence(i, 7, 1, 30), evidence(i, 7, 2, 20), evidence(i, 8, 1, 10)];
    assert_eq!(look.evidence(i)?, wanted, "the same bytes again change nothing");
    assert_eq!((look.evidence_count(i)?, look.evidence_count(log(41, 2))?), (3, 0));
    assert_eq!(look.broken()?, [(i.key(7), 20)]);
    Ok(())
}

fn holds_caches(look: &dyn Look) -> Result<()> {
    let [first, code, withheld, other] = check_ins();
    let here = SessionId(id(11));
    assert_eq!((look.check_in(first.key)?, look.check_in(first.key.identity().key(9))?), (Some(first), None));
    assert_eq!(look.group(here, GUEST)?, [first, withheld, other]);
    assert_eq!(look.doubled(here)?, [GUEST]);
    assert_eq!(look.last_standing(here, 2)?, [code, other], "logical times and epochs sort unsigned");
    assert_eq!(look.standing_codes()?, [code]);
    assert_eq!((look.withheld(log(41, 1), 3)?, look.withheld(log(41, 1), 2)?), (vec![withheld], vec![]));
    let received = |since| look.received_since(StationId(id(41)), since);
    assert_eq!((received(50)?, received(51)?), (4, 0));
    let mut all = Vec::new();
    look.check_ins(&mut |row| {
        all.push(row);
        Ok(true)
    })?;
    assert_eq!(all, [first, code, withheld, other]);
    assert_eq!(look.releases_of(withheld.key)?, [release(5), release(6)]);
    assert_eq!((look.sums(here)?, look.all_sums()?), (SUMS, vec![(here, SUMS)]));
    assert_eq!(look.rights(here)?, [(log(41, 1), RIGHTS), (log(41, HIGH), RIGHTS)]);
    assert_eq!(look.rights_of(log(41, HIGH))?, [(here, RIGHTS)]);
    Ok(())
}

fn feed(look: &dyn Look, after: u64, without: Option<Identity>) -> Result<Vec<FeedRow>> {
    let mut rows = Vec::new();
    look.feed(after, without, &mut |row| {
        rows.push(row);
        Ok(true)
    })?;
    Ok(rows)
}

fn holds_feed(look: &dyn Look) -> Result<()> {
    let entry = |i, seq| Change::Entry(EntryBytes(entry(i, seq).bytes));
    let wanted = [
        Change::Event(event().record),
        Change::Session(session(12, 100).record),
        Change::Session(session(11, 200).record),
        Change::Person(person(32).record),
        Change::Person(person(31).record),
        Change::Station(station(41, Role::Desk, "Desk").record),
        entry(log(41, 1), 1),
        entry(log(41, HIGH), 1),
        entry(log(41, 1), 2),
    ];
    let rows = feed(look, 0, None)?;
    assert!(rows.iter().map(|row| &row.change).eq(&wanted), "the feed has the order of the puts");
    assert!(rows.windows(2).all(|pair| pair[0].position < pair[1].position));
    assert_eq!((look.feed_len()?, look.feed_end()?), (9, rows.last().map_or(0, |row| row.position)));
    let others = feed(look, rows[5].position, Some(log(41, 1)))?;
    assert!(others.iter().map(|row| &row.change).eq([&wanted[7]]), "one log is left out, not its station");
    Ok(())
}

fn reads_one_state_2<S: Store>(store: &S) -> Result<()> {
    store.read(|look| {
        let before = look.feed_end()?;
        store.write(|txn| txn.put_session(&session(12, 100)))?;
        assert_eq!(look.feed_end()?, before, "a read does not see what is committed while it lasts");
        Ok(())
    })
}

fn moves_records_3<S: Store>(store: &S) -> Result<()> {
    let end = store.read(|look| look.feed_end())?;
    store.write(|txn| {
        txn.put_person(&person(32))?;
        txn.put_person(&PersonRow { code: None, ..person(31) })?;
        txn.put_station(&station(42, Role::Supervisor, "Zoë"))
    })?;
    store.read(|look| {
        let rows = feed(look, end, None)?;
        let persons = [Change::Person(person(32).record), Change::Person(person(31).record)];
        assert!(
            rows.iter().map(|row| &row.change).eq(&persons),
            "changed records come last, supervisors never"
        );
        assert_eq!(look.feed_len()?, 9, "and leave their old places");
        assert_eq!(look.persons_like(&[3; 32])?.len(), 2);
        Ok(())
    })?;
    store.write(|txn| txn.put_person(&person(31)))
}

fn keeps_facts_4<S: Store>(store: &S) -> Result<()> {
    let other = EntryRow { bytes: vec![1], ..entry(log(41, 1), 2) };
    let refused = store.write(|txn| txn.put_entry(&other, true));
    assert!(matches!(refused, Err(Error::Damaged(_))), "a taken key is refused");
    store.read(|look| {
        assert_eq!(look.entry(other.key)?, Some(entry(log(41, 1), 2)), "the first entry stays");
        Ok(())
    })
}

fn clears_caches_6<S: Store>(store: &S) -> Result<()> {
    store.write(|txn| {
        txn.clear_derived()?;
        assert_eq!(txn.all_sums()?, []);
        assert_eq!(txn.rights(SessionId(id(11)))?, []);
        assert_eq!(txn.releases_of(log(41, 1).key(3))?, []);
        assert_eq!(txn.check_in(log(41, 1).key(1))?, None);
        holds_people(txn)?;
        holds_logs(txn)?;
        holds_evidence(txn)
    })
}
