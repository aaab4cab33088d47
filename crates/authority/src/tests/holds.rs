//! Held seats: made while places allow, used before a right, taken away only once every desk has ended them.

use usher_core::{
    entry::{Basis, Body, CloseEpoch, HoldsEnded, SettleReason, Subject},
    ids::{ActorId, PersonId, SessionId},
};
use usher_protocol::{board::BoardSession, decide::Decision, error::ErrorCode, sync::HeldSeats};

use super::{
    NOW, World, guest, people, person,
    restored::{begin_term, report},
    sessions, sync, talk, want, world,
};
use crate::{PersonSpec, SessionSpec, conformance::desk::Desk, store::HoldState};

pub(super) fn room(world: &World) -> BoardSession {
    world.board(NOW).unwrap().sessions.remove(0)
}

fn registered(name: &str) -> PersonSpec {
    PersonSpec { sessions: vec!["Talk".into()], ..guest(name, None) }
}

/// A session of `capacity` that holds seats, with these registrations, and two desks that have synced.
fn held(capacity: u32, names: &[&str]) -> (World, SessionId, Desk, Desk) {
    held_by(SessionSpec { hold_seats: true, ..talk("Talk", Some(capacity)) }, names)
}

/// The same with this session.
pub(super) fn held_by(session: SessionSpec, names: &[&str]) -> (World, SessionId, Desk, Desk) {
    let world = world();
    sessions(&world, &[session]);
    people(&world, &names.iter().map(|name| registered(name)).collect::<Vec<_>>());
    let session = world.sessions().unwrap()[0].rules.id;
    let (mut one, mut two) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut one, Vec::new(), NOW);
    sync(&world, &mut two, Vec::new(), NOW);
    (world, session, one, two)
}

pub(super) fn holder(world: &World, session: SessionId, state: HoldState) -> PersonId {
    world.holds_for_tests(session, state)[0].person
}

pub(super) fn end_holds(desk: &mut Desk, session: SessionId, rev: u64) {
    let term = desk.cursor.term;
    desk.write(9, Body::HoldsEnded(HoldsEnded { session, term, rev }));
}

fn no_longer_held(world: &World) {
    sessions(world, &[talk("Talk", Some(3))]);
}

#[test]
fn seats_are_held_while_places_are_left() {
    let (world, ..) = held(2, &["a", "b", "c"]);
    assert_eq!((room(&world).held, room(&world).grantable), (2, Some(0)));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_held_seat_leaves_no_right_for_others_and_its_use_takes_no_second_place() {
    let (world, session, mut desk, _) = held(3, &["a"]);
    sync(&world, &mut desk, want(session, 10), NOW);
    let person = holder(&world, session, HoldState::On);
    desk.check_in(session, Subject::Person(person), Basis::Held, 5);
    sync(&world, &mut desk, Vec::new(), NOW);
    let now = room(&world);
    assert_eq!((now.inside, now.held, now.worst), (1, 0, 1 + now.outstanding));
    assert_eq!(desk.available(session), now.outstanding);
}

#[test]
fn an_undone_held_check_in_holds_the_seat_again() {
    let (world, session, mut desk, _) = held(3, &["a"]);
    let person = holder(&world, session, HoldState::On);
    let key = desk.check_in(session, Subject::Person(person), Basis::Held, 5);
    sync(&world, &mut desk, Vec::new(), NOW);
    let before = room(&world).worst;
    desk.undo(key.seq, 6);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((room(&world).held, room(&world).worst), (1, before), "it returns to H, not to P");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_seat_that_was_taken_away_is_free_only_when_every_desk_has_ended_it() {
    let (world, session, mut one, mut two) = held(3, &["a", "b"]);
    no_longer_held(&world);
    assert_eq!((room(&world).held, room(&world).grantable), (2, Some(1)), "desks may still use them");
    let rev = world.holds_for_tests(session, HoldState::Cut)[0].rev.rev;
    end_holds(&mut one, session, rev);
    sync(&world, &mut one, Vec::new(), NOW);
    assert_eq!(room(&world).held, 2);
    end_holds(&mut two, session, rev);
    sync(&world, &mut two, Vec::new(), NOW);
    assert_eq!((room(&world).held, room(&world).grantable), (0, Some(3)));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_desk_that_never_answered_holds_nothing_up_and_a_settled_one_neither() {
    use usher_core::entry::SettleReason;
    let (world, session, mut one, two) = held(3, &["a"]);
    Desk::enrol(&world, 3, NOW).unwrap();
    no_longer_held(&world);
    let rev = world.holds_for_tests(session, HoldState::Cut)[0].rev.rev;
    end_holds(&mut one, session, rev);
    sync(&world, &mut one, Vec::new(), NOW);
    assert_eq!(room(&world).held, 1, "desk 2 has not ended it");
    let settle = Decision::Settle { log: two.i, session, spent: 0, reason: SettleReason::Lost };
    world.decide(&settle, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    assert_eq!(room(&world).held, 0);
}

#[test]
fn one_hold_used_at_two_desks_costs_two_seats() {
    let (world, session, mut one, mut two) = held(3, &["a"]);
    let person = Subject::Person(holder(&world, session, HoldState::On));
    one.check_in(session, person, Basis::Held, 5);
    two.check_in(session, person, Basis::Held, 6);
    sync(&world, &mut one, Vec::new(), NOW);
    sync(&world, &mut two, Vec::new(), NOW);
    let now = room(&world);
    assert_eq!((now.inside, now.occupied, now.unsettled, now.held), (1, 2, 1, 0));
}

#[test]
fn after_a_restore_what_was_taken_away_is_taken_away_again() {
    let (world, session, mut one, two) = held(3, &["a"]);
    let settle =
        Decision::Settle { log: two.i, session, spent: 0, reason: usher_core::entry::SettleReason::Lost };
    world.decide(&settle, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    no_longer_held(&world);
    assert_eq!(room(&world).held, 1);
    let mut random = crate::conformance::desk::counter(5);
    world.begin_term(None, crate::Fresh { now_ms: NOW + 1, random: &mut random }).unwrap();
    // In the new term the desk ends what it knows: not yet what the earlier term took away.
    end_holds(&mut one, session, 2);
    for _ in 0..2 {
        let mut sent = one.request(Vec::new(), 500, NOW);
        sent.body.all_given_back = Some(true);
        one.apply(&sent.to(&world, NOW).unwrap().unwrap()).unwrap();
    }
    assert_eq!(room(&world).held, 1, "said before the desk heard of it");
    end_holds(&mut one, session, 1);
    sync(&world, &mut one, Vec::new(), NOW);
    assert_eq!(room(&world).held, 0);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// Seed 871516: a server that did not know that it was put back went on in its own log, and cannot take the other course of it back.
#[test]
fn a_seat_that_only_a_desk_knows_of_counts_until_every_desk_has_ended_it() {
    let (world, session, mut one, mut two) = held(3, &["a"]);
    let known = holder(&world, session, HoldState::On);
    let mut random = crate::conformance::desk::counter(5);
    world.begin_term(None, crate::Fresh { now_ms: NOW + 1, random: &mut random }).unwrap();
    let forgotten = PersonId(uuid::Uuid::from_u128(99));
    let report = |desk: &mut Desk, people: &[PersonId]| {
        for _ in 0..2 {
            let mut sent = desk.request(Vec::new(), 500, NOW);
            sent.body.holds = vec![HeldSeats { session, people: people.to_vec() }];
            sent.body.all_given_back = Some(true);
            desk.apply(&sent.to(&world, NOW).unwrap().unwrap()).unwrap();
        }
    };
    report(&mut one, &[known, forgotten]);
    report(&mut two, &[]);
    assert_eq!(holder(&world, session, HoldState::Cut), forgotten);
    assert_eq!((room(&world).held, room(&world).grantable), (2, Some(1)));
    let rev = world.holds_for_tests(session, HoldState::Cut)[0].rev.rev;
    for desk in [&mut one, &mut two] {
        end_holds(desk, session, rev);
        sync(&world, desk, Vec::new(), NOW);
    }
    assert_eq!((room(&world).held, room(&world).grantable), (1, Some(2)));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// Seed 710066: it may have been freed by a server that did not know that it was put back, whatever made it begin the term.
#[test]
fn what_the_ended_term_freed_waits_for_every_desk_again() {
    let (world, session, mut one, mut two) = held(3, &["a"]);
    no_longer_held(&world);
    let rev = world.holds_for_tests(session, HoldState::Cut)[0].rev.rev;
    let end = |desk: &mut Desk, rev| {
        end_holds(desk, session, rev);
        for _ in 0..2 {
            let mut sent = desk.request(Vec::new(), 500, NOW);
            sent.body.all_given_back = Some(true);
            desk.apply(&sent.to(&world, NOW).unwrap().unwrap()).unwrap();
        }
    };
    end(&mut one, rev);
    end(&mut two, rev);
    assert_eq!(room(&world).held, 0);
    let mut random = crate::conformance::desk::counter(5);
    world.begin_term(None, crate::Fresh { now_ms: NOW + 1, random: &mut random }).unwrap();
    assert_eq!(room(&world).held, 1, "a desk may know of the seat and not of its end");
    for desk in [&mut one, &mut two] {
        sync(&world, desk, Vec::new(), NOW);
    }
    end(&mut one, 1);
    assert_eq!(room(&world).held, 1);
    end(&mut two, 1);
    assert_eq!(room(&world).held, 0);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// The place of a seat that was freed may have been given to somebody else before the term ended.
#[test]
fn a_seat_that_a_new_term_doubts_is_held_again_only_where_there_is_a_place() {
    let (world, session, mut one, mut two) = held(1, &["a"]);
    let set_hold = |hold| {
        sessions(&world, &[SessionSpec { hold_seats: hold, ..talk("Talk", Some(1)) }]);
    };
    set_hold(false);
    let rev = world.holds_for_tests(session, HoldState::Cut)[0].rev.rev;
    for desk in [&mut one, &mut two] {
        end_holds(desk, session, rev);
        sync(&world, desk, Vec::new(), NOW);
    }
    sync(&world, &mut one, want(session, 1), NOW);
    assert_eq!(one.available(session), 1);
    let mut random = crate::conformance::desk::counter(5);
    world.begin_term(None, crate::Fresh { now_ms: NOW + 1, random: &mut random }).unwrap();
    set_hold(true);
    for desk in [&mut one, &mut two] {
        for _ in 0..2 {
            let mut sent = desk.request(Vec::new(), 500, NOW);
            sent.body.all_given_back = Some(true);
            desk.apply(&sent.to(&world, NOW).unwrap().unwrap()).unwrap();
        }
    }
    assert!(room(&world).awaited.is_empty());
    assert!(world.holds_for_tests(session, HoldState::On).is_empty(), "the place is desk 1's");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn whoever_is_inside_on_a_grant_needs_no_held_seat() {
    let world = world();
    let specs = |hold| {
        let all = SessionSpec { hold_seats: true, ..talk("Workshop", Some(9)) };
        [SessionSpec { hold_seats: hold, ..talk("Talk", Some(3)) }, all]
    };
    sessions(&world, &specs(false));
    let both = |name| PersonSpec { sessions: vec!["Talk".into(), "Workshop".into()], ..guest(name, None) };
    people(&world, &["a", "b", "c"].map(both));
    let all = world.sessions().unwrap();
    let id = |name| all.iter().find(|one| one.name == name).unwrap().rules.id;
    let (session, other) = (id("Talk"), id("Workshop"));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, 1), NOW);
    let inside = holder(&world, other, HoldState::On);
    desk.check_in(session, Subject::Person(inside), Basis::Grant, 5);
    sync(&world, &mut desk, Vec::new(), NOW);
    sessions(&world, &specs(true));
    let held: Vec<_> = world.holds_for_tests(session, HoldState::On).iter().map(|hold| hold.person).collect();
    assert!(held.len() == 2 && !held.contains(&inside), "{inside:?} among {held:?}");
    let board = world.board(NOW).unwrap();
    let now = board.sessions.iter().find(|one| one.name == "Talk").unwrap();
    assert_eq!((now.inside, now.held, now.worst, now.grantable), (1, 2, 3, Some(0)));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// After a restore two logs are awaited, and one of them never comes.
#[test]
fn what_was_decided_of_held_seats_while_logs_were_awaited_counts_once_the_last_is_settled() {
    let (world, session, mut one, two) = held(3, &["a"]);
    begin_term(&world);
    let decide = |decision| world.decide(&decision, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    decide(Decision::HoldSeats { session, hold: false });
    report(&world, &mut one, Vec::new());
    report(&world, &mut one, Vec::new());
    assert_eq!(room(&world).awaited.len(), 1);
    decide(Decision::Settle { log: two.i, session, spent: 0, reason: SettleReason::Lost });
    assert_eq!(world.holds_for_tests(session, HoldState::On), []);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn what_was_decided_of_held_seats_while_logs_were_awaited_counts_once_the_last_is_closed() {
    let (world, session, mut one, mut two) = held(3, &["a"]);
    begin_term(&world);
    let decision = Decision::HoldSeats { session, hold: false };
    world.decide(&decision, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    report(&world, &mut one, Vec::new());
    report(&world, &mut one, Vec::new());
    two.write(1, Body::CloseEpoch(CloseEpoch {}));
    assert_eq!(room(&world).awaited.len(), 1);
    // Made in the term before: it says all, and completes nothing.
    two.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    assert!(room(&world).awaited.is_empty());
    assert_eq!(world.holds_for_tests(session, HoldState::On), []);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_desk_that_never_says_that_it_ended_held_seats_is_named_and_can_be_settled() {
    let (world, session, mut one, two) = held(3, &["a"]);
    no_longer_held(&world);
    let rev = holder_rev(&world, session);
    sync(&world, &mut one, Vec::new(), NOW);
    end_holds(&mut one, session, rev);
    sync(&world, &mut one, Vec::new(), NOW);
    let named: Vec<_> =
        room(&world).logs.into_iter().map(|log| (log.station, log.epoch, log.outstanding)).collect();
    assert_eq!(named, [(two.i.station.to_string(), two.i.epoch.to_string(), 1)]);
    assert_eq!(room(&world).held, 1);
    let settle = Decision::Settle { log: two.i, session, spent: 0, reason: SettleReason::Lost };
    world.decide(&settle, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    assert_eq!((room(&world).held, room(&world).logs.len()), (0, 0));
}

#[test]
fn whoever_stole_a_revoked_credential_keeps_no_seat_taken() {
    let (world, session, mut one, two) = held(3, &["a"]);
    world.revoke(two.i.station).unwrap();
    let mut thief = two.reopened(77);
    thief.check_in(session, person(9), Basis::Unlimited, 1);
    assert_eq!(thief.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap(), Err(ErrorCode::Revoked));
    no_longer_held(&world);
    let rev = holder_rev(&world, session);
    sync(&world, &mut one, Vec::new(), NOW);
    end_holds(&mut one, session, rev);
    sync(&world, &mut one, Vec::new(), NOW);
    let settle = Decision::Settle { log: two.i, session, spent: 0, reason: SettleReason::Lost };
    world.decide(&settle, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    assert_eq!(room(&world).held, 0, "only desks that were ever answered are waited for");
}

fn holder_rev(world: &World, session: SessionId) -> u64 {
    world.holds_for_tests(session, HoldState::Cut)[0].rev.rev
}
