//! A server put back to an older backup: how it notices, the new term, and what it waits for.

use std::sync::{Arc, Mutex};

use usher_core::{
    entry::{Basis, Body, Note, NoteKind, Subject},
    ids::{ActorId, SessionId},
};
use usher_protocol::{decide::Decision, sync::Signed};

use super::{
    NOW, World, guest, people, person,
    restored::{Kept, begin_term, event, grantable, reopened, report},
    sessions, set_capacity, sync, talk, want,
};
use crate::{
    Authority, Fresh, PersonSpec, Proven, Roster, RosterLine, SessionSpec,
    conformance::desk::{Desk, counter},
    store::HoldState,
};

#[test]
fn the_roster_tells_an_older_database_by_its_term() {
    let roster = Kept::default();
    let (world, _) = event(&roster, 5);
    let backup = world.store_for_tests().copy();
    let term = world.term();
    begin_term(&world);
    assert!(world.term() > term);
    let again = reopened(backup, &roster);
    assert!(again.term() > world.term(), "a term that was never used before");
}

#[test]
fn nothing_is_granted_until_every_desk_of_the_roster_has_reported_in_the_new_term() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut early = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut early, Vec::new(), NOW);
    let backup = world.store_for_tests().copy();
    let mut late = Desk::enrol(&world, 2, NOW).unwrap();
    sync(&world, &mut early, want(session, 4), NOW);
    sync(&world, &mut late, want(session, 9), NOW);
    let given = early.available(session) + late.available(session);
    let world = Authority::open_with(
        backup,
        Box::new(roster.clone()),
        Fresh { now_ms: NOW + 1, random: &mut counter(3) },
    )
    .unwrap();
    report(&world, &mut early, want(session, 10));
    report(&world, &mut early, want(session, 10));
    assert_eq!(early.available(session), 4, "desk 2 is awaited: it was enrolled after the backup");
    report(&world, &mut late, Vec::new());
    report(&world, &mut late, Vec::new());
    assert_eq!(grantable(&world), Some(10 - i64::try_from(given).unwrap()), "what was forgotten is learnt");
    report(&world, &mut early, want(session, 10));
    assert!(early.available(session) > 4);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_revocation_outlives_the_backup() {
    let roster = Kept::default();
    let (world, _) = event(&roster, 5);
    let desk = Desk::enrol(&world, 1, NOW).unwrap();
    let backup = world.store_for_tests().copy();
    assert!(world.revoke(desk.i.station).unwrap());
    let term = world.term();
    let world = reopened(backup, &roster);
    assert!(world.term() > term);
    assert!(world.credential(desk.i.station).unwrap().unwrap().revoked);
}

#[test]
fn a_crash_before_the_roster_was_written_is_no_restore_and_the_line_is_written_before_the_next_answer() {
    let roster = Kept::default();
    let (world, _) = event(&roster, 5);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    // As if the process had ended between the commit of the enrolment and the roster.
    let of_desk = |line: &RosterLine| matches!(line, RosterLine::Station { .. } | RosterLine::Log(_));
    roster.0.lock().unwrap().retain(|line| !of_desk(line));
    let (term, held) = (world.term(), world.store_for_tests().copy());
    let world = reopened(held, &roster);
    assert_eq!(world.term(), term);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert!(roster.lines().unwrap().contains(&RosterLine::Log(desk.i)));
}

#[test]
fn a_report_made_before_the_new_term_was_known_does_not_end_the_learning() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, 2), NOW);
    let backup = world.store_for_tests().copy();
    let mut stale = desk.request(Vec::new(), 500, NOW);
    stale.body.all_given_back = Some(true);
    sync(&world, &mut desk, want(session, 4), NOW);
    let world = reopened(backup, &roster);
    begin_term(&world);
    stale.to(&world, NOW).unwrap().unwrap();
    let mut other = Desk::enrol(&world, 2, NOW).unwrap();
    report(&world, &mut other, want(session, 5));
    assert_eq!(other.available(session), 0);
}

/// A server that was put back, and does not know it; a desk that was answered since, and what the server signed with that.
fn put_back_unnoticed() -> (World, SessionId, Desk, Signed) {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let backup = world.store_for_tests().copy();
    let answer = sync(&world, &mut desk, want(session, 4), NOW);
    let receipt = world.sign_answer(desk.i, &answer, b"body").unwrap();
    (reopened(backup, &roster), session, desk, receipt)
}

#[test]
fn a_desk_shows_the_server_that_it_was_put_back() {
    let (restored, _, mut desk, receipt) = put_back_unnoticed();
    let term = restored.term();
    let mut sent = desk.request(Vec::new(), 500, NOW);
    sent.body.receipt = Some(receipt.clone());
    let answer = sent.to(&restored, NOW).unwrap().unwrap();
    assert!(answer.term > term && answer.lacks.is_some());
    let mut forged = receipt;
    forged.signature.0[0] ^= 1;
    sent.body.receipt = Some(forged);
    let term = restored.term();
    sent.to(&restored, NOW).unwrap().unwrap();
    assert_eq!(restored.term(), term, "a forged receipt moves nothing");
}

/// Everything may come by hand: then nobody else shows it.
#[test]
fn a_saved_log_shows_the_server_that_it_was_put_back() {
    let (restored, session, mut desk, receipt) = put_back_unnoticed();
    desk.check_in(session, person(1), Basis::Grant, 5);
    let mut sent = desk.request(Vec::new(), 500, NOW);
    sent.body.receipt = Some(receipt);
    let sent = desk.sign(sent.body);
    let proven = Proven { proof: &sent.proof, bytes: &sent.bytes, signature: &sent.signature };
    let mut random = counter(7);
    let term = restored.term();
    restored.take_carried(proven, &sent.body, Fresh { now_ms: NOW, random: &mut random }).unwrap();
    assert!(restored.term() > term);
    // The rights that were given since the backup are not given again before the desk itself says which are left.
    let mut other = Desk::enrol(&restored, 2, NOW).unwrap();
    sync(&restored, &mut other, want(session, 10), NOW);
    assert_eq!(other.available(session), 0);
}

/// Found by `usher-sim` (seed 20213): the list was newer than the last answer, and nobody showed what was signed of it.
#[test]
fn a_desk_that_fetched_a_list_since_its_last_answer_shows_the_server_that_it_was_put_back() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    let receipt = world.sign_answer(desk.i, &answer, b"body").unwrap();
    let backup = world.store_for_tests().copy();
    set_capacity(&world, session, Some(8));
    let list = world.sign_answer(world.own_log(), &answer, b"list").unwrap();
    let restored = reopened(backup, &roster);
    // Its feed is as long by now as the one that the list was made from.
    set_capacity(&restored, session, Some(9));
    let term = restored.term();
    let mut sent = desk.request(Vec::new(), 500, NOW);
    sent.body.receipt = Some(receipt);
    sent.clone().to(&restored, NOW).unwrap().unwrap();
    assert_eq!(restored.term(), term, "the answer was given before the backup");
    sent.body.list = Some(list);
    assert!(sent.to(&restored, NOW).unwrap().unwrap().term > term);
}

/// Found by `usher-sim` (seed 105172): nothing of its own told the desk's word from the truth, but what others had written in between.
#[test]
fn a_feed_that_is_as_long_and_says_other_things_is_known_by_its_chain() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let [mut one, mut two, mut three] = [1, 2, 3].map(|n| Desk::enrol(&world, n, NOW).unwrap());
    for desk in [&mut one, &mut two, &mut three] {
        sync(&world, desk, Vec::new(), NOW);
    }
    let backup = world.store_for_tests().copy();
    two.check_in(session, person(1), Basis::Unlimited, 5);
    let request = two.request(Vec::new(), 500, NOW);
    request.to(&world, NOW).unwrap().unwrap();
    let answer = sync(&world, &mut one, Vec::new(), NOW);
    let word = world.sign_answer(one.i, &answer, b"body").unwrap();
    let restored = reopened(backup, &roster);
    three.check_in(session, person(2), Basis::Unlimited, 6);
    sync(&restored, &mut three, Vec::new(), NOW);
    assert!(restored.feed_end().unwrap().position >= world.feed_end().unwrap().position);
    let (term, mut sent) = (restored.term(), one.request(Vec::new(), 500, NOW));
    sent.body.receipt = Some(word);
    assert!(one.sign(sent.body).to(&restored, NOW).unwrap().unwrap().term > term);
}

/// Found by `usher-sim` (seed 641740): what differed was no entry, but what the organiser's table said of a session.
#[test]
fn a_feed_that_is_as_long_and_has_other_records_is_known_by_its_chain() {
    let roster = Kept::default();
    let (world, _) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let (backup, lines) = (world.store_for_tests().copy(), roster.lines().unwrap());
    sessions(&world, &[SessionSpec { room: "Aula".into(), ..talk("Talk", Some(10)) }]);
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    let word = world.sign_answer(desk.i, &answer, b"body").unwrap();
    let restored = reopened(backup, &Kept(Arc::new(Mutex::new(lines))));
    Desk::enrol(&restored, 2, NOW).unwrap();
    assert!(restored.feed_end().unwrap().position >= world.feed_end().unwrap().position);
    let (term, mut sent) = (restored.term(), desk.request(Vec::new(), 500, NOW));
    sent.body.receipt = Some(word);
    assert!(desk.sign(sent.body).to(&restored, NOW).unwrap().unwrap().term > term);
}

#[test]
fn what_was_deleted_from_the_end_is_found_by_what_the_server_signed_to_a_desk() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, 2), NOW);
    let shortened = world.store_for_tests().copy();
    desk.check_in(session, person(1), Basis::Grant, 1);
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    let receipt = world.sign_answer(desk.i, &answer, b"{}").unwrap();
    assert_eq!(world.verify_receipt(&receipt).unwrap(), []);
    let world = Authority::open(shortened).unwrap();
    assert_eq!(world.verify().unwrap().findings, [], "what is left fits together");
    let found = world.verify_receipt(&receipt).unwrap();
    assert_eq!(found, [crate::Finding { at: desk.i.key(desk.head.seq), flaw: crate::Flaw::Receipt }]);
    let forged = usher_protocol::sync::Signed::new(receipt.proof.0.clone(), &[0; 64]);
    assert_eq!(world.verify_receipt(&forged).unwrap(), [], "what the server did not sign says nothing");
}

#[test]
fn a_seat_that_was_freed_before_a_desk_showed_the_restore_waits_for_that_desks_word() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    sessions(&world, &[SessionSpec { hold_seats: true, ..talk("Talk", Some(3)) }]);
    people(&world, &[PersonSpec { sessions: vec!["Talk".into()], ..guest("a", None) }]);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let (backup, lines) = (world.store_for_tests().copy(), roster.lines().unwrap());
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    let receipt = world.sign_answer(desk.i, &answer, b"body").unwrap();
    let held = world.holds_for_tests(session, HoldState::On)[0].person;
    // Long pages: what it did at the door comes behind them.
    for hlc in 2..4 {
        desk.write(hlc, Body::Note(Note { kind: NoteKind::HelpAsked, value: None, of: None, shift: None }));
    }
    desk.check_in(session, Subject::Person(held), Basis::Held, 5);
    // Nothing tells this server that it was put back, nor that the desk was ever answered.
    let restored = reopened(backup, &Kept(Arc::new(Mutex::new(lines))));
    let cut = Decision::HoldSeats { session, hold: false };
    restored.decide(&cut, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    assert_eq!(grantable(&restored), Some(3));
    desk.acknowledged = 0;
    for _ in 0..3 {
        let mut sent = desk.request(Vec::new(), 1, NOW);
        (sent.body.receipt, sent.body.all_given_back) = (Some(receipt.clone()), Some(true));
        let answer = desk.sign(sent.body).to(&restored, NOW).unwrap().unwrap();
        desk.apply(&answer).unwrap();
    }
    let room = restored.board(NOW).unwrap().sessions.remove(0);
    assert!(room.awaited.is_empty(), "{room:?}");
    assert_eq!(
        (room.inside, room.worst, room.grantable),
        (0, 1, Some(2)),
        "its guest has not been heard of yet"
    );
}

/// Its credential was revoked: what whoever stole it invents stands in no roster, and nobody waits for it after a restore.
#[test]
fn logs_that_a_thief_invents_are_not_awaited_after_a_restore() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    world.revoke(desk.i.station).unwrap();
    let mut thief = desk.reopened(99);
    thief.check_in(session, person(1), Basis::Unlimited, 1);
    thief.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap_err();
    assert!(!roster.lines().unwrap().contains(&RosterLine::Log(thief.i)));
    let again = reopened(world.store_for_tests().copy(), &roster);
    assert!(!roster.lines().unwrap().contains(&RosterLine::Log(thief.i)));
    begin_term(&again);
    let awaited: Vec<_> = again.board(NOW).unwrap().sessions.remove(0).logs;
    assert_eq!(awaited.iter().map(|log| &log.epoch).collect::<Vec<_>>(), [&desk.i.epoch.to_string()]);
}
