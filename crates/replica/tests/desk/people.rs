//! Persons that are one, people who leave, and people who come back.

use usher_core::{entry::*, ids::*, verdict::Verdict};
use usher_protocol::sync::Change;
use usher_replica::*;
use uuid::Uuid;

use crate::{
    bench::*,
    lives::{event, from_server},
};

const SHIFT: ShiftId = ShiftId(Uuid::from_u128(4));

fn desk(rights: u64) -> Bench {
    let mut bench = Bench::new(Some(30), rights);
    bench.feed(vec![event(&bench)], rights);
    bench
}

fn says(bench: &mut Bench, seq: Seq, body: Body) -> EntryKey {
    let change = from_server(bench, seq, body);
    bench.feed(vec![change], 0);
    SERVER.key(seq)
}

fn merge(a: u128, b: u128) -> Body {
    Body::Merge(Merge { a: person(a), b: person(b) })
}

fn leave(bench: &Bench, verdict: u128, n: u128) -> CheckedOut {
    let asked = bench.asked(n);
    bench.replica.check_out(&bench.who, Uuid::from_u128(verdict), &asked, SHIFT, stamp(NOW_MS)).unwrap()
}

fn come_back(bench: &Bench, verdict: u128, n: u128) -> Decided {
    bench.replica.let_back_in(&bench.who, &bench.decision(verdict, n)).unwrap()
}

fn last(bench: &Bench) -> Body {
    bench.log().pop().unwrap().entry.body
}

fn counts(bench: &Bench) -> (u64, u64, u64) {
    let tally = bench.replica.known(&bench.who, HALL).unwrap().tally;
    (tally.inside, tally.occupied, tally.unsettled)
}

#[test]
fn a_guest_who_is_one_with_somebody_inside_is_already_in() {
    let mut bench = desk(5);
    let first = bench.admit(1);
    let key = says(&mut bench, 1, merge(2, 1));
    assert!(matches!(bench.verdict(2), Verdict::AlreadyCheckedIn(standby) if standby.key == first));
    let found = bench.replica.find(&bench.who, "Nº2", HALL).unwrap();
    assert_eq!(found.guests[0].status, usher_protocol::window::FindStatus::In);
    says(&mut bench, 2, Body::Split(Split { merge: key }));
    assert_eq!(bench.verdict(2), Verdict::Registered);
}

#[test]
fn a_merge_makes_one_of_two_before_and_after_absorbing_and_a_desks_own_merge_does_not() {
    let mut bench = desk(5);
    bench.admit(1);
    let (_, change) = elsewhere(50, 1, 2, NOW_MS + 5);
    bench.feed(vec![change], 0);
    bench.replica.note(&bench.who, merge(1, 2), stamp(NOW_MS)).unwrap();
    assert_eq!(counts(&bench), (2, 2, 0));
    says(&mut bench, 1, merge(1, 2));
    assert_eq!(counts(&bench), (1, 2, 1));
    bench.replica.absorb(&bench.who).unwrap();
    assert_eq!(counts(&bench), (1, 2, 1));
    assert_eq!(bench.replica.check(&bench.who).unwrap().differences, []);
}

#[test]
fn what_was_settled_as_two_people_is_not_unsettled() {
    let mut bench = desk(5);
    let mut keys = Vec::new();
    for seq in [1, 2] {
        let (key, change) = elsewhere(50, seq, 1, NOW_MS + seq as i64);
        bench.feed(vec![change], 0);
        keys.push(key);
    }
    assert_eq!(counts(&bench), (1, 2, 1));
    let (incident, actor) = (usher_core::incident::double_id(keys[0], keys[1]), ActorId(Uuid::nil()));
    says(
        &mut bench,
        1,
        Body::Resolve(Resolve { incident, outcome: Outcome::TwoPeople, actor, over_by: None }),
    );
    assert_eq!(counts(&bench), (1, 2, 0));
}

/// Each name has one check-in: only the Merge makes two of them.
#[test]
fn what_was_decided_about_two_names_of_one_guest_counts_at_once() {
    for (outcome, after) in [(Outcome::TwoPeople, (1, 2, 0)), (Outcome::OnePerson, (1, 1, 0))] {
        let mut bench = desk(5);
        let [one, two] = [1, 2].map(|n| elsewhere(50, n, n.into(), NOW_MS + n as i64));
        bench.feed(vec![one.1, two.1], 0);
        says(&mut bench, 1, merge(1, 2));
        assert_eq!(counts(&bench), (1, 2, 1));
        let (incident, actor) = (usher_core::incident::double_id(one.0, two.0), ActorId(Uuid::nil()));
        says(&mut bench, 2, Body::Resolve(Resolve { incident, outcome, actor, over_by: None }));
        assert_eq!(counts(&bench), after, "{outcome:?}");
        assert_eq!(bench.replica.check(&bench.who).unwrap().differences, []);
    }
}

#[test]
fn who_was_let_in_elsewhere_is_checked_out_at_once_and_needs_a_right_to_come_back() {
    let mut bench = desk(1);
    let (key, change) = elsewhere(50, 1, 1, NOW_MS - 1000);
    bench.feed(vec![change], 1);
    let CheckedOut::Out(out) = leave(&bench, 1, 1) else { panic!("not checked out") };
    assert_eq!(last(&bench), Body::CheckOut(CheckOut { of: key, shift: SHIFT }));
    assert_eq!((counts(&bench), bench.verdict(1)), ((0, 0, 0), Verdict::Registered), "before it is absorbed");
    assert_eq!(leave(&bench, 1, 1), CheckedOut::Out(out), "deciding twice is one entry");
    bench.replica.absorb(&bench.who).unwrap();
    assert_eq!(counts(&bench), (0, 0, 0));
    bench.admit(1);
    assert_eq!((bench.rights(), counts(&bench)), (0, (1, 1, 0)));
}

#[test]
fn a_check_out_gives_no_right_back_and_the_same_card_can_let_in_again() {
    let bench = desk(2);
    let Decided::LetIn(first) = bench.let_in(7, 1) else { panic!("not let in") };
    assert!(matches!(leave(&bench, 7, 1), CheckedOut::Out(_)));
    assert_eq!((bench.rights(), counts(&bench)), (1, (0, 0, 0)));
    let Decided::LetIn(second) = bench.let_in(7, 1) else { panic!("not let in again") };
    assert_ne!(first, second);
    assert!(matches!(leave(&bench, 7, 1), CheckedOut::Out(_)));
    assert_eq!((bench.rights(), counts(&bench), bench.log().len()), (0, (0, 0, 0), 5));
}

#[test]
fn a_check_in_gives_its_seat_back_or_its_right_and_never_both() {
    let bench = desk(1);
    let key = bench.admit(1);
    assert!(matches!(leave(&bench, 7, 1), CheckedOut::Out(_)));
    bench.undo(8, key);
    assert!(matches!(last(&bench), Body::Undo(undo) if !undo.refund));
    assert_eq!(bench.rights(), 0);
}

#[test]
fn an_exit_is_remembered_until_the_check_in_comes_and_frees_nothing_until_it_is_bound() {
    let mut bench = desk(2);
    let CheckedOut::Out(exit) = leave(&bench, 1, 1) else { panic!("not checked out") };
    assert_eq!(leave(&bench, 2, 1), CheckedOut::Out(exit), "read again by another look: one exit");
    assert_eq!(last(&bench), Body::Exit(Exit { person: person(1), session: HALL, shift: Some(SHIFT) }));
    let (check_in, change) = elsewhere(50, 1, 1, NOW_MS - 1000);
    bench.feed(vec![change], 2);
    for _ in 0..2 {
        assert_eq!(counts(&bench), (1, 1, 0), "nothing is free yet");
        assert_eq!(bench.verdict(1), Verdict::Registered, "and who left may come back with a right");
        bench.replica.absorb(&bench.who).unwrap();
    }
    bench.admit(1);
    assert!(matches!(bench.verdict(1), Verdict::AlreadyCheckedIn(_)), "one exit ends one check-in");
    assert_eq!((bench.rights(), counts(&bench)), (1, (1, 2, 1)), "counted twice, safely");
    says(&mut bench, 1, Body::Bind(Bind { exit, check_in }));
    assert_eq!(counts(&bench), (1, 1, 0));
    assert!(matches!(bench.verdict(1), Verdict::AlreadyCheckedIn(_)));
}

#[test]
fn coming_back_while_the_exit_is_not_known_here_takes_a_right() {
    let mut bench = desk(1);
    let (_, change) = elsewhere(50, 1, 1, NOW_MS - 1000);
    bench.feed(vec![change], 1);
    let Decided::LetIn(key) = come_back(&bench, 1, 1) else { panic!("not let back in") };
    assert!(matches!(come_back(&bench, 1, 1), Decided::LetIn(again) if again == key), "once");
    assert_eq!((bench.rights(), counts(&bench)), (0, (1, 2, 1)));
    let Decided::Changed(judged) = come_back(&bench, 2, 1) else { panic!("let in without a right") };
    assert_eq!(judged.judgement.verdict, Verdict::GrantEmpty);
    assert_eq!(bench.log().len(), 2);
}

#[test]
fn where_guests_come_and_go_nobody_is_counted_out_and_coming_back_takes_no_right() {
    let mut bench = desk(1);
    let mut open = hall(Some(30));
    open.rules.re_entry = true;
    bench.feed(vec![Change::Session(open)], 1);
    let of = bench.admit(1);
    assert_eq!(leave(&bench, 1, 1), CheckedOut::NotCounted);
    assert!(matches!(come_back(&bench, 2, 1), Decided::LetIn(_)));
    assert_eq!(last(&bench), Body::ReEntry(ReEntry { of, shift: Some(SHIFT) }));
    assert_eq!((bench.rights(), counts(&bench)), (0, (1, 1, 0)));
    assert!(matches!(come_back(&bench, 3, 2), Decided::Changed(_)), "who was not in does not come back");
}

#[test]
fn a_code_that_nobody_has_can_be_checked_out_only_where_it_was_let_in() {
    let bench = desk(1);
    assert_eq!(leave(&bench, 1, 99), CheckedOut::Impossible);
    assert_eq!(bench.log().len(), 1);
}

/// After a restore the event's record stands behind the entries of its server in the feed.
#[test]
fn what_the_server_wrote_counts_also_when_the_event_comes_last() {
    let mut bench = Bench::new(Some(30), 5);
    bench.admit(1);
    let (_, other) = elsewhere(50, 1, 2, NOW_MS + 5);
    let changes = vec![other, from_server(&bench, 1, merge(1, 2)), event(&bench)];
    bench.feed(changes, 5);
    assert_eq!(counts(&bench), (1, 2, 1));
    bench.replica.absorb(&bench.who).unwrap();
    assert_eq!(bench.replica.check(&bench.who).unwrap().differences, []);
}
