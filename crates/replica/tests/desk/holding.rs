//! Held seats: used before a right, from the feed's end on, and never once they were let go of.

use usher_core::{entry::*, ids::ShiftId, verdict::Verdict};
use usher_protocol::sync::*;
use usher_replica::*;
use uuid::Uuid;

use crate::{
    bench::*,
    lives::{begin, event, from_server, holds, settle},
};

#[test]
fn a_held_seat_is_used_before_a_right_and_not_before_the_first_sync() {
    let mut bench = Bench::new(Some(10), 0);
    let changes = vec![event(&bench), from_server(&bench, 1, holds(1, 1, &[1], &[]))];
    bench.feed(changes, 2);
    assert_eq!(bench.verdict(1), Verdict::Registered, "on a right: the server does not know this life yet");
    settle(&mut bench, Vec::new(), 1);
    bench.admit(1);
    bench.admit(2);
    let bases: Vec<_> = bench
        .log()
        .iter()
        .filter_map(|entry| if let Body::CheckIn(c) = &entry.entry.body { Some(c.basis) } else { None })
        .collect();
    assert_eq!((bases, bench.rights()), (vec![Basis::Held, Basis::Grant], 1));
}

/// Seed 811009: the server took it away in term 1 without waiting for a log that it had not answered, and forgot that with a restore.
#[test]
fn a_seat_that_was_held_before_the_server_first_answered_is_used_once_it_is_held_anew() {
    let mut bench = Bench::new(Some(10), 0);
    let changes = vec![event(&bench), from_server(&bench, 1, holds(1, 1, &[1], &[]))];
    bench.feed(changes, 0);
    settle(&mut bench, Vec::new(), 2);
    assert_eq!(bench.verdict(1), Verdict::GrantEmpty);
    let anew = from_server(&bench, 2, holds(1, 2, &[1], &[]));
    settle(&mut bench, vec![anew], 2);
    assert_eq!(bench.verdict(1), Verdict::Registered);
    // What a life used in a term it uses in the next one as well.
    settle(&mut bench, Vec::new(), 3);
    assert_eq!(bench.verdict(1), Verdict::Registered);
}

/// Until the feed's end is there a list may give seats that were taken away before the server knew of this log.
#[test]
fn a_held_seat_is_used_only_once_the_feeds_end_has_come() {
    let mut bench = Bench::new(Some(10), 0);
    let changes = vec![event(&bench), from_server(&bench, 1, holds(1, 1, &[1], &[]))];
    bench.feed(changes, 0);
    for (more, verdict) in [(true, Verdict::GrantEmpty), (false, Verdict::Registered)] {
        let (sent, head) = (bench.request(), bench.replica.head(&bench.who).unwrap());
        let answer = SyncAnswer { more, ..bench.answer(head, Vec::new(), 0) };
        bench.apply(&sent, &answer).unwrap();
        assert_eq!(bench.verdict(1), verdict);
    }
}

#[test]
fn a_held_seat_that_is_used_is_not_kept_for_anybody() {
    let mut bench = Bench::new(Some(2), 0);
    let changes = vec![event(&bench), from_server(&bench, 1, holds(1, 1, &[1], &[]))];
    settle(&mut bench, changes, 1);
    let known = |bench: &Bench| bench.replica.known(&bench.who, HALL).unwrap();
    assert_eq!(known(&bench).held, 1);
    bench.admit(1);
    bench.replica.absorb(&bench.who).unwrap();
    assert_eq!((known(&bench).held, known(&bench).tally.occupied), (0, 1));
    assert_eq!(bench.verdict(5), Verdict::GrantEmpty, "one seat is free, and nobody's");
}

#[test]
fn a_seat_that_is_taken_away_is_ended_by_an_entry_once() {
    let mut bench = Bench::new(Some(3), 0);
    let changes = vec![event(&bench), from_server(&bench, 1, holds(1, 1, &[1, 2, 3], &[]))];
    settle(&mut bench, changes, 1);
    assert_eq!(
        (bench.verdict(1), bench.verdict(5)),
        (Verdict::Registered, Verdict::SeatsHeld { until_ms: None })
    );
    let cut = from_server(&bench, 2, holds(2, 1, &[], &[1]));
    settle(&mut bench, vec![cut], 1);
    assert_eq!(bench.replica.do_duties(&bench.who, Some(HALL), stamp(NOW_MS)).unwrap(), 1);
    assert_eq!(bench.replica.do_duties(&bench.who, Some(HALL), stamp(NOW_MS)).unwrap(), 0);
    assert_eq!((bench.verdict(1), bench.verdict(2)), (Verdict::GrantEmpty, Verdict::Registered));
    let ended = bench.log().last().map(|logged| logged.entry.body.clone());
    assert_eq!(ended, Some(Body::HoldsEnded(HoldsEnded { session: HALL, term: 1, rev: 2 })));
    begin(&mut bench, NewLife::Copied, 78);
    settle(&mut bench, Vec::new(), 1);
    assert_eq!(
        bench.replica.do_duties(&bench.who, Some(HALL), stamp(NOW_MS)).unwrap(),
        1,
        "each life says so"
    );
}

/// Found by `usher-sim` (seed 22): a power cut took back what the lists had learnt, and a seat was used that the log had let go of.
#[test]
fn lists_that_a_power_cut_took_back_give_no_seat_that_was_let_go_of() {
    let mut bench = Bench::new(Some(3), 0);
    let changes = vec![event(&bench), from_server(&bench, 1, holds(1, 1, &[1, 2], &[]))];
    settle(&mut bench, changes, 1);
    drop(std::mem::replace(&mut bench.replica, Replica::open(&bench.folder.path().join("other")).unwrap()));
    let lists = bench.folder.path().join("replica.db");
    let before = std::fs::read(&lists).unwrap();
    bench.replica = Replica::open(bench.folder.path()).unwrap();
    let cut = from_server(&bench, 2, holds(2, 1, &[], &[1]));
    settle(&mut bench, vec![cut.clone()], 1);
    bench.replica.do_duties(&bench.who, Some(HALL), stamp(NOW_MS)).unwrap();
    drop(std::mem::replace(&mut bench.replica, Replica::open(&bench.folder.path().join("other")).unwrap()));
    std::fs::write(&lists, before).unwrap();
    bench.replica = Replica::open(bench.folder.path()).unwrap();
    assert_ne!(bench.verdict(1), Verdict::Registered, "the log has let go of it");
    settle(&mut bench, vec![cut], 1);
    assert_eq!((bench.verdict(1), bench.verdict(2)), (Verdict::GrantEmpty, Verdict::Registered));
}

#[test]
fn a_seat_given_in_an_earlier_term_is_news_of_the_past() {
    let mut bench = Bench::new(Some(3), 0);
    let changes = vec![event(&bench), from_server(&bench, 1, holds(1, 1, &[1], &[]))];
    settle(&mut bench, changes, 1);
    let old = from_server(&bench, 2, holds(2, 1, &[2], &[]));
    settle(&mut bench, vec![old], 2);
    assert_eq!(
        (bench.verdict(1), bench.verdict(2)),
        (Verdict::Registered, Verdict::GrantEmpty),
        "what is known stays usable"
    );
    let new = from_server(&bench, 3, holds(1, 2, &[2], &[]));
    settle(&mut bench, vec![new], 2);
    assert_eq!(bench.verdict(2), Verdict::Registered);
}

#[test]
fn a_held_seat_lets_one_in_however_often_its_guest_comes_back() {
    let mut bench = Bench::new(Some(1), 0);
    let changes = vec![event(&bench), from_server(&bench, 1, holds(1, 1, &[1], &[]))];
    settle(&mut bench, changes, 1);
    bench.admit(1);
    for absorbed in [false, true] {
        if absorbed {
            bench.replica.absorb(&bench.who).unwrap();
        }
        let back = bench.replica.let_back_in(&bench.who, &bench.decision(2, 1)).unwrap();
        assert!(matches!(back, Decided::Changed(_)), "{back:?}");
    }
    // Once it is free it is held again.
    let out = bench.replica.check_out(
        &bench.who,
        Uuid::from_u128(3),
        &bench.asked(1),
        ShiftId(Uuid::nil()),
        stamp(NOW_MS),
    );
    assert!(matches!(out.unwrap(), CheckedOut::Out(_)));
    assert_eq!(bench.verdict(1), Verdict::Registered);
}
