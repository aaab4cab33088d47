//! Reserve before write: what a decision writes, and what it refuses to write.

use usher_core::{
    chain::follow,
    entry::*,
    ids::{ActorId, EntryKey},
    verdict::Verdict,
};
use usher_replica::*;
use uuid::Uuid;

use crate::bench::*;

#[test]
fn letting_in_spends_one_right_and_writes_one_signed_entry() {
    let bench = Bench::new(Some(10), 3);
    let before = bench.log().len();
    let key = bench.admit(1);
    assert_eq!(bench.rights(), 2);
    let log = bench.log();
    assert_eq!(log.len(), before + 1);
    assert_eq!(log[before].entry.key(), key);
    let Body::CheckIn(body) = &log[before].entry.body else { panic!("not a check-in") };
    assert_eq!((body.basis, body.registered, body.rev), (Basis::Grant, true, 3));
}

#[test]
fn deciding_twice_on_one_verdict_is_one_entry() {
    let bench = Bench::new(Some(10), 3);
    let (Decided::LetIn(first), Decided::LetIn(second)) = (bench.let_in(1, 1), bench.let_in(1, 1)) else {
        panic!("not let in")
    };
    assert_eq!(first, second);
    assert_eq!((bench.rights(), bench.log().len()), (2, 2));
}

#[test]
fn a_guest_let_in_elsewhere_in_the_meantime_is_noticed_inside_the_transaction() {
    let mut bench = Bench::new(Some(10), 3);
    let decision = bench.decision(1, 1);
    assert_eq!(
        bench.replica.judge(&bench.who, &decision.asked).unwrap().unwrap().judgement.verdict,
        Verdict::Registered
    );
    let (key, change) = elsewhere(50, 1, 1, NOW_MS - 1000);
    bench.feed(vec![change], 3);
    let Decided::Changed(judged) = bench.replica.let_in(&bench.who, &decision).unwrap() else {
        panic!("let in twice")
    };
    assert!(matches!(judged.judgement.verdict, Verdict::AlreadyCheckedIn(standby) if standby.key == key));
    assert_eq!((bench.rights(), bench.log().len()), (3, 1));
}

#[test]
fn without_a_right_nothing_is_written() {
    let bench = Bench::new(Some(10), 1);
    bench.admit(1);
    let Decided::Changed(judged) = bench.let_in(2, 2) else { panic!("let in without a right") };
    assert_eq!(judged.judgement.verdict, Verdict::GrantEmpty);
    assert_eq!((bench.rights(), bench.log().len()), (0, 2));
}

#[test]
fn the_habit_key_never_admits_an_exception() {
    let mut bench = Bench::new(Some(10), 3);
    let mut stranger = guest(20);
    stranger.registrations.clear();
    bench.feed(vec![usher_protocol::sync::Change::Person(stranger)], 3);
    let habit = bench.decision(1, 20);
    assert!(matches!(bench.replica.let_in(&bench.who, &habit).unwrap(), Decided::Changed(_)));
    let exception = Decision { act: Act::LetInAnyway, ..habit };
    assert!(matches!(bench.replica.let_in(&bench.who, &exception).unwrap(), Decided::LetIn(_)));
    let Body::CheckIn(body) = &bench.log().last().unwrap().entry.body.clone() else {
        panic!("not a check-in")
    };
    assert!(!body.registered);
}

#[test]
fn an_undo_before_handover_gives_the_right_back_and_says_so() {
    let bench = Bench::new(Some(10), 1);
    let key = bench.admit(1);
    bench.undo(0xf001, key);
    assert_eq!(bench.rights(), 1);
    assert!(
        matches!(&bench.log().last().unwrap().entry.body, Body::Undo(undo) if undo.refund && undo.of == key)
    );
    bench.admit(2);
}

#[test]
fn an_undo_after_handover_frees_nothing_here() {
    let mut bench = Bench::new(Some(10), 1);
    let opened = bench.request();
    let answer = bench.answer(bench.head_at(1), Vec::new(), 1);
    bench.replica.apply_answer(&bench.who, &opened, &answer, None, NOW_MS).unwrap();
    let key = bench.admit(1);
    let _left_but_never_answered = bench.request();
    bench.undo(0xf001, key);
    assert_eq!(bench.rights(), 0);
    assert!(matches!(&bench.log().last().unwrap().entry.body, Body::Undo(undo) if !undo.refund));
    assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally.inside, 0);
}

#[test]
fn undoing_twice_is_one_entry_and_a_guest_can_be_let_in_again_on_the_same_card() {
    let bench = Bench::new(Some(10), 2);
    let Decided::LetIn(first) = bench.let_in(1, 1) else { panic!("not let in") };
    assert_eq!(bench.undo(1, first), bench.undo(1, first));
    let Decided::LetIn(second) = bench.let_in(1, 1) else { panic!("not let in again") };
    assert_ne!(first, second);
    bench.undo(1, second);
    assert_eq!(bench.rights(), 2);
    assert_eq!(bench.log().len(), 5);
}

#[test]
fn a_refusal_is_taken_back_once_and_gives_no_right() {
    let bench = Bench::new(Some(10), 1);
    let shift = usher_core::ids::ShiftId(Uuid::from_u128(4));
    let turned = bench.replica.turn_away(
        &bench.who,
        Uuid::from_u128(1),
        &bench.asked(1),
        DeclineReason::TurnedAway,
        shift,
        stamp(NOW_MS),
    );
    let of = turned.unwrap().unwrap();
    assert_eq!(bench.replica.fate(of).unwrap(), Fate::Stands);
    let undo = bench.undo(1, of);
    assert_eq!(bench.undo(2, of), undo, "of whichever card: one entry is taken back once");
    assert_eq!(bench.replica.fate(of).unwrap(), Fate::TakenBack);
    assert_eq!(bench.rights(), 1, "no right was taken, none comes back");
    assert!(
        matches!(&bench.log().last().unwrap().entry.body, Body::Undo(undo) if !undo.refund && undo.of == of)
    );
    assert!(matches!(bench.let_in(1, 1), Decided::LetIn(_)));
}

#[test]
fn only_what_was_decided_here_can_be_taken_back() {
    let bench = Bench::new(Some(10), 1);
    let (shift, opened) = (usher_core::ids::ShiftId(Uuid::from_u128(4)), bench.log()[0].entry.key());
    let elsewhere = EntryKey { station: usher_core::ids::StationId(Uuid::from_u128(77)), ..opened };
    bench.admit(1);
    for of in [opened, EntryKey { seq: 99, ..opened }, EntryKey { seq: 2, ..elsewhere }] {
        let undone =
            bench.replica.undo(&bench.who, Uuid::from_u128(1), of, UndoReason::Other, shift, stamp(NOW_MS));
        assert_eq!(undone.unwrap(), None);
    }
    assert_eq!(bench.log().len(), 2);
}

#[test]
fn an_entry_is_found_again_by_its_name() {
    let bench = Bench::new(Some(10), 1);
    let key = bench.admit(1);
    assert_eq!(bench.replica.entry_of(&bench.who, entry_id(key)).unwrap(), Some(key));
    assert_eq!(bench.replica.entry_of(&bench.who, Uuid::from_u128(7)).unwrap(), None);
    bench.undo(0xf001, key);
    assert_eq!(bench.replica.fate(key).unwrap(), Fate::TakenBack);
}

#[test]
fn a_refusal_is_recorded_once_and_changes_no_count() {
    let bench = Bench::new(Some(10), 1);
    let asked = bench.asked(99);
    assert!(matches!(asked.ticket, Ticket::Unknown(_)));
    let shift = usher_core::ids::ShiftId(Uuid::from_u128(4));
    for _ in 0..2 {
        let reason = DeclineReason::UnknownTicket;
        bench
            .replica
            .turn_away(&bench.who, Uuid::from_u128(1), &asked, reason, shift, stamp(NOW_MS))
            .unwrap();
    }
    assert_eq!(bench.log().len(), 2);
    assert_eq!((bench.rights(), bench.replica.known(&bench.who, HALL).unwrap().tally.occupied), (1, 0));
}

#[test]
fn unused_rights_are_given_back_once() {
    let bench = Bench::new(Some(10), 5);
    bench.admit(1);
    assert_eq!(bench.replica.give_back(&bench.who, HALL, stamp(NOW_MS)).unwrap(), 4);
    assert_eq!(bench.replica.give_back(&bench.who, HALL, stamp(NOW_MS)).unwrap(), 0);
    assert_eq!(bench.rights(), 0);
    assert!(matches!(&bench.log().last().unwrap().entry.body, Body::Return(back) if back.rights == 4));
}

#[test]
fn the_log_is_one_chain_of_signed_entries() {
    let bench = Bench::new(Some(10), 5);
    let key = bench.admit(1);
    bench.undo(7, key);
    bench.admit(2);
    let mut head = Head::EMPTY;
    for logged in bench.log() {
        head = follow(bench.who.event, bench.who.identity, head, &logged.entry, &logged.entry.to_bytes())
            .unwrap();
        assert_eq!(head.hash, logged.hash);
    }
    assert_eq!(head.seq, 4);
}

#[test]
fn an_old_code_reads_revoked_and_a_foreign_one_is_told() {
    let mut bench = Bench::new(Some(10), 5);
    let mut moved = guest(1);
    moved.revoked_codes = vec![moved.code.unwrap()];
    moved.code = Some(usher_core::chain::digest_code(&SECRET, "NEW-CODE"));
    bench.feed(vec![usher_protocol::sync::Change::Person(moved)], 5);
    let judged = bench.replica.judge(&bench.who, &bench.asked(1)).unwrap().unwrap();
    assert_eq!(judged.judgement.verdict, Verdict::Revoked);
    let other = usher_core::ticket::own_code(usher_core::ids::EventId(Uuid::from_u128(0x3fff_0000)), 7);
    let ticket = bench.replica.look_up(&bench.who, &[other]).unwrap();
    assert!(matches!(ticket, Ticket::OtherEvent(_)));
    assert_eq!(bench.replica.look_up(&bench.who, &["https://x.example".into()]).unwrap(), Ticket::NotATicket);
}

#[test]
fn of_several_readings_the_known_one_wins() {
    let bench = Bench::new(Some(10), 5);
    let readings = ["CODE/000001".to_owned(), code(1)];
    assert!(matches!(bench.replica.look_up(&bench.who, &readings).unwrap(), Ticket::Person { .. }));
}

#[test]
fn a_supervisors_word_lets_in_past_a_refusal_and_is_written_down() {
    let bench = Bench::new(Some(10), 1);
    bench.admit(1);
    let act = Act::Override { by: ActorId(Uuid::from_u128(77)), reason: OverrideReason::Room };
    let decision = Decision { act, ..bench.decision(2, 2) };
    assert!(matches!(bench.let_in(2, 2), Decided::Changed(_)), "nobody's word: no place");
    let Decided::LetIn(key) = bench.replica.let_in(&bench.who, &decision).unwrap() else {
        panic!("not let in")
    };
    let Decided::LetIn(again) = bench.replica.let_in(&bench.who, &decision).unwrap() else {
        panic!("not let in")
    };
    assert_eq!(key, again, "sent twice, it is one");
    let log = bench.log();
    let Body::CheckIn(body) = &log.last().unwrap().entry.body else { panic!("not a check-in") };
    assert_eq!((body.basis, body.override_by), (Basis::OverGrant, Some(ActorId(Uuid::from_u128(77)))));
    assert_eq!((body.override_reason, bench.rights()), (Some(OverrideReason::Room.number()), 0));
}

#[test]
fn a_word_that_was_not_needed_any_more_is_not_written() {
    let bench = Bench::new(Some(10), 1);
    let act = Act::Override { by: ActorId(Uuid::from_u128(77)), reason: OverrideReason::Other };
    let Decided::LetIn(_) =
        bench.replica.let_in(&bench.who, &Decision { act, ..bench.decision(1, 1) }).unwrap()
    else {
        panic!("not let in")
    };
    let log = bench.log();
    let Body::CheckIn(body) = &log.last().unwrap().entry.body else { panic!("not a check-in") };
    assert_eq!((body.basis, body.override_by, body.override_reason), (Basis::Grant, None, None));
    let stranger = Decision { asked: bench.asked(9_999), act, ..bench.decision(2, 1) };
    assert!(matches!(bench.replica.let_in(&bench.who, &stranger).unwrap(), Decided::Changed(_)));
    assert_eq!(bench.log().len(), log.len());
}
