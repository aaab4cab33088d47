//! The fold by property: equal sets of entries give equal state, and a naive count agrees.

use proptest::{prelude::*, sample::Index};
use uuid::Uuid;

use super::*;
use crate::{
    clock::Hlc,
    entry::{Basis, Bind, CheckIn, ENTRY_VERSION, Found, Resolve, Undo, UndoReason},
    ids::{BootId, EntryHash, Epoch, EventId, ShiftId},
};

mod people;

const SESSION: SessionId = SessionId(Uuid::from_u128(9));
const SHIFT: ShiftId = ShiftId(Uuid::from_u128(3));

fn entry(station: u8, seq: u64, hlc: u64, body: Body) -> Entry {
    Entry {
        v: ENTRY_VERSION,
        event: EventId(Uuid::from_u128(1)),
        station: StationId(Uuid::from_u128(u128::from(station))),
        epoch: Epoch(5),
        seq,
        prev_hash: EntryHash([0; 32]),
        hlc: Hlc(hlc),
        wall_ms: 0,
        mono_ms: 0,
        boot_id: BootId(Uuid::from_u128(2)),
        body,
    }
}

fn check_in(station: u8, seq: u64, hlc: u64, person: u8) -> Entry {
    let body = CheckIn {
        session: SESSION,
        subject: Subject::Person(PersonId(Uuid::from_u128(u128::from(person)))),
        basis: Basis::Grant,
        found: Found::Camera,
        registered: true,
        late: false,
        rev: 1,
        shift: SHIFT,
        override_by: None,
        override_reason: None,
    };
    entry(station, seq, hlc, Body::CheckIn(body))
}

fn undo(station: u8, seq: u64, of: EntryKey) -> Entry {
    entry(station, seq, seq, Body::Undo(Undo { of, refund: true, reason: UndoReason::Left, shift: SHIFT }))
}

/// Logs of a few stations over a few people, some check-ins undone, as one set.
fn histories() -> impl Strategy<Value = Vec<Entry>> {
    let step = (0..3_u8, 0..4_u8, 0..50_u64, proptest::option::weighted(0.3, any::<Index>()));
    proptest::collection::vec(step, 1..40).prop_map(|steps| {
        let mut all: Vec<Entry> = Vec::new();
        for (station, person, hlc, back) in steps {
            let own: Vec<_> =
                all.iter().filter(|e| e.key().station.0.as_u128() == u128::from(station)).collect();
            let seq = own.len() as u64 + 1;
            let named = back.filter(|_| !own.is_empty()).map(|index| index.get(&own).key());
            all.push(named.map_or_else(|| check_in(station, seq, hlc, person), |of| undo(station, seq, of)));
        }
        all
    })
}

fn fold(entries: &[Entry]) -> Ledger {
    let mut ledger = Ledger::default();
    entries.iter().for_each(|entry| ledger.apply(entry));
    ledger
}

/// Counts as a person with a pencil would: strike what is undone, then count names.
fn naive(entries: &[Entry]) -> (usize, usize) {
    let struck: Vec<_> =
        entries.iter().filter_map(|e| if let Body::Undo(u) = &e.body { Some(u.of) } else { None }).collect();
    let mut names = Vec::new();
    for entry in entries.iter().filter(|e| !struck.contains(&e.key())) {
        if let Body::CheckIn(c) = &entry.body {
            names.push(c.subject);
        }
    }
    let seats = names.len();
    names.sort();
    names.dedup();
    (names.len(), seats)
}

proptest! {
    #[test]
    fn order_and_repetition_do_not_matter(entries in histories(), seed: u64) {
        let mut shuffled: Vec<_> = entries.iter().chain(&entries).cloned().collect();
        let len = shuffled.len();
        for i in 0..len {
            shuffled.swap(i, (seed as usize).wrapping_mul(i + 7) % len);
        }
        prop_assert_eq!(fold(&entries), fold(&shuffled));
    }

    #[test]
    fn a_pencil_count_agrees(entries in histories()) {
        let tally = fold(&entries).tally(SESSION);
        let (people, seats) = naive(&entries);
        prop_assert_eq!((tally.inside, tally.occupied), (people as u64, seats as u64));
        prop_assert_eq!(tally.unsettled, (seats - people) as u64);
    }

    #[test]
    fn sums_move_with_their_groups(entries in histories()) {
        let mut ledger = Ledger::default();
        let mut sum = Tally::default();
        for entry in &entries {
            let before = total(&ledger);
            ledger.apply(entry);
            sum = sum.moved(before, total(&ledger));
        }
        prop_assert_eq!(sum, ledger.tally(SESSION));
    }
}

fn total(ledger: &Ledger) -> Tally {
    ledger.groups().fold(Tally::default(), |sum, (.., group)| sum.moved(Tally::default(), group.tally()))
}

#[test]
fn the_earlier_check_in_is_the_admission_and_the_later_one_keeps_its_seat() {
    let (late, early) = (check_in(1, 1, 20, 1), check_in(2, 1, 10, 1));
    let ledger = fold(&[late.clone(), early.clone()]);
    let group = ledger.group(SESSION, Subject::Person(PersonId(Uuid::from_u128(1))));
    assert_eq!(group.admission().map(|one| one.key), Some(early.key()));
    assert_eq!(group.doubles().map(|one| one.key).collect::<Vec<_>>(), [late.key()]);
    assert_eq!(ledger.tally(SESSION), Tally { inside: 1, occupied: 2, unsettled: 1, over_grant: 0 });
}

#[test]
fn when_the_admission_is_undone_the_double_becomes_the_admission() {
    let (late, early) = (check_in(1, 1, 20, 1), check_in(2, 1, 10, 1));
    let ledger = fold(&[undo(2, 2, early.key()), early, late.clone()]);
    let group = ledger.group(SESSION, Subject::Person(PersonId(Uuid::from_u128(1))));
    assert_eq!(group.admission().map(|one| one.key), Some(late.key()));
    assert_eq!(group.doubles().count(), 0);
}

#[test]
fn another_stations_undo_counts_for_nothing() {
    let first = check_in(1, 1, 20, 1);
    let ledger = fold(&[first.clone(), undo(2, 1, first.key())]);
    assert_eq!(ledger.tally(SESSION).inside, 1);
}

const SERVER: u8 = 200;

fn bind(seq: u64, check_in: EntryKey) -> Entry {
    entry(SERVER, seq, seq, Body::Bind(Bind { exit: check_in, check_in }))
}

fn one_person(seq: u64, one: EntryKey, other: EntryKey) -> Entry {
    let actor = crate::ids::ActorId(Uuid::nil());
    let body = Resolve { incident: double_id(one, other), outcome: Outcome::OnePerson, actor, over_by: None };
    entry(SERVER, seq, seq, Body::Resolve(body))
}

fn with_server(entries: &[Entry]) -> Ledger {
    let mut ledger = Ledger::of(StationId(Uuid::from_u128(u128::from(SERVER))));
    entries.iter().for_each(|entry| ledger.apply(entry));
    ledger
}

#[test]
fn only_the_servers_bind_ends_a_check_in() {
    let first = check_in(1, 1, 20, 1);
    assert_eq!(with_server(&[first.clone(), bind(1, first.key())]).tally(SESSION).inside, 0);
    assert_eq!(fold(&[first.clone(), bind(1, first.key())]).tally(SESSION).inside, 1);
}

#[test]
fn one_person_gives_the_later_seat_back_whatever_came_first() {
    let (late, early) = (check_in(1, 1, 20, 1), check_in(2, 1, 10, 1));
    let settled = one_person(1, late.key(), early.key());
    for order in [[&late, &early, &settled], [&settled, &late, &early], [&early, &settled, &late]] {
        let ledger = with_server(&order.map(Clone::clone));
        assert_eq!(ledger.tally(SESSION), Tally { inside: 1, occupied: 1, unsettled: 0, over_grant: 0 });
        let group = ledger.group(SESSION, Subject::Person(PersonId(Uuid::from_u128(1))));
        assert_eq!(group.admission().map(|one| one.key), Some(early.key()));
    }
}
