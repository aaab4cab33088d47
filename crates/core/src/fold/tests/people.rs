//! Merge, Split and what a supervisor says of double admissions, by property and in words.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    entry::{Exit, Merge, Split},
    ids::ActorId,
};

fn named(person: u8) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(person)))
}

fn merge(seq: u64, a: u8, b: u8) -> Entry {
    entry(SERVER, seq, seq, Body::Merge(Merge { a: named(a), b: named(b) }))
}

fn split(seq: u64, merge: &Entry) -> Entry {
    entry(SERVER, seq, seq, Body::Split(Split { merge: merge.key() }))
}

fn resolve(seq: u64, one: EntryKey, other: EntryKey, outcome: Outcome) -> Entry {
    let body =
        Resolve { incident: double_id(one, other), outcome, actor: ActorId(Uuid::nil()), over_by: None };
    entry(SERVER, seq, seq, Body::Resolve(body))
}

/// What the server may say about what stands in the logs: two persons are one, they are not, two check-ins were one or two people.
#[derive(Clone, Debug)]
enum Says {
    Merge(u8, u8),
    Split(Index),
    Resolve(Index, Index, Outcome),
}

fn says() -> impl Strategy<Value = Says> {
    let outcome = prop_oneof![Just(Outcome::OnePerson), Just(Outcome::TwoPeople), Just(Outcome::Accepted)];
    prop_oneof![
        3 => (0..4_u8, 0..4_u8).prop_map(|(a, b)| Says::Merge(a, b)),
        1 => any::<Index>().prop_map(Says::Split),
        2 => (any::<Index>(), any::<Index>(), outcome).prop_map(|(a, b, how)| Says::Resolve(a, b, how)),
    ]
}

/// Logs of a few desks, and what the server says about them.
fn decided() -> impl Strategy<Value = Vec<Entry>> {
    (histories(), proptest::collection::vec(says(), 0..8)).prop_map(|(mut all, says)| {
        let ins: Vec<_> = all.iter().filter(|e| matches!(e.body, Body::CheckIn(_))).map(Entry::key).collect();
        let mut merges = Vec::new();
        for (seq, says) in (1..).zip(says) {
            let said = match says {
                Says::Merge(a, b) => merge(seq, a, b),
                Says::Split(which) if !merges.is_empty() => split(seq, which.get(&merges)),
                Says::Resolve(a, b, how) if !ins.is_empty() => resolve(seq, *a.get(&ins), *b.get(&ins), how),
                _ => continue,
            };
            if matches!(said.body, Body::Merge(_)) {
                merges.push(said.clone());
            }
            all.push(said);
        }
        all
    })
}

fn sorted(all: &[Entry], seed: u64) -> Vec<Entry> {
    let mut order: Vec<_> = all.iter().chain(all).cloned().collect();
    let len = order.len().max(1);
    (0..order.len()).for_each(|i| order.swap(i, (seed as usize).wrapping_mul(i + 7) % len));
    order
}

/// As somebody with a pencil would join names: colour everybody, then recolour along each line until nothing changes.
fn colours(all: &[Entry], ever: bool) -> BTreeMap<PersonId, PersonId> {
    let split: BTreeSet<_> =
        all.iter().filter_map(|e| if let Body::Split(s) = &e.body { Some(s.merge) } else { None }).collect();
    let mut colour: BTreeMap<_, _> = (0..4).map(|person| (named(person), named(person))).collect();
    for _ in 0..4 {
        for entry in all.iter().filter(|e| ever || !split.contains(&e.key())) {
            let Body::Merge(Merge { a, b }) = &entry.body else { continue };
            let least = colour[a].min(colour[b]);
            colour.extend([(*a, least), (*b, least)]);
        }
    }
    colour
}

fn pencil(all: &[Entry]) -> Tally {
    let (now, ever) = (colours(all, false), colours(all, true));
    let mut standing: Vec<(PersonId, PersonId, (Hlc, EntryKey))> = Vec::new();
    for entry in all {
        if let Body::CheckIn(CheckIn { subject: Subject::Person(person), .. }) = &entry.body {
            standing.push((now[person], ever[person], (entry.hlc, entry.key())));
        }
    }
    standing.sort_by_key(|one| one.2);
    let undone = |key| all.iter().any(|e| matches!(&e.body, Body::Undo(undo) if undo.of == key));
    let said = |one: EntryKey, other: EntryKey, how: &dyn Fn(Outcome) -> bool| {
        let id = double_id(one, other);
        all.iter().any(|e| matches!(&e.body, Body::Resolve(r) if r.incident == id && how(r.outcome)))
    };
    let again = standing.clone();
    let was_another = |one: &(PersonId, PersonId, (Hlc, EntryKey))| {
        let before = again.iter().filter(|other| other.1 == one.1 && other.2 < one.2);
        before.into_iter().any(|other| said(one.2.1, other.2.1, &|how| how == Outcome::OnePerson))
    };
    standing.retain(|one| !undone(one.2.1) && !was_another(one));
    let mut first = BTreeMap::new();
    let mut tally = Tally { occupied: standing.len() as u64, ..Tally::default() };
    for one in &standing {
        match first.get(&one.0) {
            None => drop(first.insert(one.0, one.2.1)),
            Some(admission) => tally.unsettled += u64::from(!said(*admission, one.2.1, &|_| true)),
        }
    }
    tally.inside = first.len() as u64;
    tally
}

proptest! {
    #[test]
    fn merges_in_any_order_of_arrival_give_one_state(all in decided(), seed: u64) {
        prop_assert_eq!(with_server(&all), with_server(&sorted(&all, seed)));
    }

    #[test]
    fn a_pencil_joins_and_counts_alike(all in decided()) {
        prop_assert_eq!(with_server(&all).tally(SESSION), pencil(&all));
    }

    #[test]
    fn every_check_in_is_in_one_group(all in decided()) {
        let ledger = with_server(&all);
        let keys = ledger.groups().flat_map(|(.., group)| group.into_iter().map(|one| one.key));
        let mut keys: Vec<_> = keys.collect();
        keys.sort_unstable();
        let wanted: Vec<_> = {
            let ins = all.iter().filter(|e| matches!(e.body, Body::CheckIn(_)));
            ins.map(Entry::key).collect::<BTreeSet<_>>().into_iter().collect()
        };
        prop_assert_eq!(keys, wanted);
    }

    #[test]
    fn every_exit_ends_one_earlier_check_in_at_most(
        ins in proptest::collection::vec(0..20_u64, 0..6), outs in proptest::collection::vec(0..20_u64, 0..6),
    ) {
        let key = |station, n: usize| entry(station, n as u64 + 1, 0, Body::CloseEpoch(crate::entry::CloseEpoch {})).key();
        let admitted = |(n, hlc): (usize, &u64)| Admitted { key: key(1, n), hlc: Hlc(*hlc), basis: Basis::Grant, released: false };
        let ins: Vec<_> = ins.iter().enumerate().map(admitted).collect();
        let outs: Vec<_> = outs.iter().enumerate().map(|(n, hlc)| Left { key: key(2, n), hlc: Hlc(*hlc) }).collect();
        let pairs = pair(&ins, &outs);
        for (exit, check_in) in &pairs {
            let exit = outs.iter().find(|one| one.key == *exit).unwrap();
            prop_assert!(ins.iter().find(|one| one.key == *check_in).unwrap().order() < exit.order());
        }
        let (exits, ended): (BTreeSet<_>, BTreeSet<_>) = pairs.iter().copied().unzip();
        prop_assert_eq!((exits.len(), ended.len()), (pairs.len(), pairs.len()));
        let idle = outs.iter().filter(|out| !exits.contains(&out.key));
        for out in idle {
            let earlier = ins.iter().filter(|one| one.order() < out.order());
            prop_assert!(earlier.into_iter().all(|one| ended.contains(&one.key)), "an exit is idle only for want of a check-in");
        }
    }
}

#[test]
fn one_walk_in_at_two_desks_is_two_seats_until_they_are_merged_and_again_after_a_split() {
    let (one, two) = (check_in(1, 1, 10, 1), check_in(2, 1, 20, 2));
    let same = merge(1, 1, 2);
    let counts = |entries: &[Entry]| {
        let tally = with_server(entries).tally(SESSION);
        (tally.inside, tally.occupied, tally.unsettled)
    };
    assert_eq!(counts(&[one.clone(), two.clone()]), (2, 2, 0));
    assert_eq!(counts(&[same.clone(), one.clone(), two.clone()]), (1, 2, 1));
    assert_eq!(counts(&[split(2, &same), one.clone(), same.clone(), two.clone()]), (2, 2, 0));
    assert_eq!(fold(&[one, two, same]).tally(SESSION).inside, 2, "a desk's Merge counts for nothing");
}

#[test]
fn a_seat_given_back_stays_given_back_when_the_merge_is_taken_back() {
    let (one, two) = (check_in(1, 1, 10, 1), check_in(2, 1, 20, 2));
    let same = merge(1, 1, 2);
    let settled = resolve(2, one.key(), two.key(), Outcome::OnePerson);
    let tally = with_server(&[settled, split(3, &same), one, two, same]).tally(SESSION);
    assert_eq!((tally.inside, tally.occupied), (1, 1), "somebody else may sit there by now");
}

#[test]
fn a_double_admission_that_was_two_people_keeps_its_seat_and_is_settled() {
    let (late, early) = (check_in(1, 1, 20, 1), check_in(2, 1, 10, 1));
    for outcome in [Outcome::TwoPeople, Outcome::Accepted] {
        let settled = resolve(1, late.key(), early.key(), outcome);
        for order in [[&late, &early, &settled], [&settled, &late, &early]] {
            let tally = with_server(&order.map(Clone::clone)).tally(SESSION);
            assert_eq!((tally.occupied, tally.unsettled), (2, 0));
        }
    }
}

#[test]
fn an_exit_alone_ends_nothing() {
    let out = entry(2, 1, 30, Body::Exit(Exit { person: named(1), session: SESSION, shift: None }));
    assert_eq!(with_server(&[check_in(1, 1, 10, 1), out]).tally(SESSION).inside, 1);
}
