//! Desks and databases that are lost for good: settled, or made anew from the roster.

use std::sync::{Arc, Mutex};

use usher_core::{
    entry::{Basis, SettleReason},
    ids::ActorId,
};
use usher_protocol::{
    decide::Decision,
    sync::{EntryBytes, Relayed},
};

use super::{
    NOW, guest, people, person,
    restored::{Kept, event, grantable, reopened, report},
    sessions, set_capacity, sync, talk, tickets, want,
};
use crate::{
    Authority, Fresh, MemoryStore, NewEvent, Roster, RosterLine,
    conformance::desk::{Desk, counter},
};

#[test]
fn a_settled_desk_counts_as_said_until_its_log_turns_up() {
    let (world, session) = event(&Kept::default(), 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, 5), NOW);
    let settle = Decision::Settle { log: desk.i, session, spent: 2, reason: SettleReason::Lost };
    world.decide(&settle, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    assert_eq!(grantable(&world), Some(8));
    assert!(world.decide(&settle, ActorId(uuid::Uuid::nil()), NOW).unwrap().is_err(), "once");
    for number in 1..=3 {
        desk.check_in(session, person(number), Basis::Grant, 5);
    }
    let answer = sync(&world, &mut desk, want(session, 5), NOW);
    assert!(answer.fenced);
    let board = world.board(NOW).unwrap();
    assert_eq!((board.sessions[0].inside, board.sessions[0].worst), (3, 3), "max(spent, real)");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn an_event_whose_database_is_lost_comes_back_from_its_roster_the_tables_and_the_desks() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    people(&world, &[guest("Ada", Some("T-0001")), guest("Bob", None)]);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, 4), NOW);
    let before = tickets(&world);
    desk.check_in(session, usher_core::entry::Subject::Person(before[0].person_id), Basis::Grant, 1);
    sync(&world, &mut desk, Vec::new(), NOW);
    let (term, event_id) = (world.term(), world.event().unwrap().id);
    let mut random = counter(77);
    let fresh = Fresh { now_ms: NOW + 1, random: &mut random };
    let world = Authority::restore(MemoryStore::default(), Box::new(roster.clone()), fresh).unwrap();
    assert!(world.term() > term && world.event().unwrap().id == event_id);
    sessions(&world, &[talk("Talk", Some(10))]);
    people(&world, &[guest("Ada", Some("T-0001")), guest("Bob", None)]);
    assert_eq!(world.sessions().unwrap()[0].rules.id, session, "the same session");
    assert_eq!(world.board(NOW).unwrap().sessions[0].awaited.len(), 1, "the desk is awaited");
    report(&world, &mut desk, Vec::new());
    report(&world, &mut desk, Vec::new());
    // What it wrote counts as its rights until it has been sent again.
    assert_eq!(grantable(&world), Some(10 - 4));
    desk.acknowledged = 0;
    report(&world, &mut desk, Vec::new());
    let board = world.board(NOW).unwrap();
    assert_eq!((board.sessions[0].inside, board.sessions[0].outstanding), (1, 3));
    assert!(board.sessions[0].awaited.is_empty());
    assert_eq!(tickets(&world), before, "the same people with the same codes");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// The organiser's tables are imported again and decide nothing: what a supervisor had set comes back from the desks.
#[test]
fn what_a_supervisor_set_before_the_database_was_lost_outlives_the_import() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    set_capacity(&world, session, Some(8));
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    let (log, proof) = (world.own_log(), world.sign_answer(desk.i, &answer, b"").unwrap());
    let mut random = counter(77);
    let fresh = Fresh { now_ms: NOW + 1, random: &mut random };
    let world = Authority::restore(MemoryStore::default(), Box::new(roster.clone()), fresh).unwrap();
    sessions(&world, &[talk("Talk", Some(10))]);
    let mut sent = desk.request(Vec::new(), 500, NOW);
    let entries = desk.known.range(log.key(1)..=log.key(u64::MAX)).map(|(_, b)| EntryBytes(b.clone()));
    sent.body.relayed = vec![Relayed { log, entries: entries.collect(), proof }];
    sent.body.all_given_back = Some(true);
    desk.cursor.term = world.term();
    desk.sign(sent.body).to(&world, NOW).unwrap().unwrap();
    assert_eq!(world.board(NOW).unwrap().sessions[0].capacity, Some(8));
    sessions(&world, &[talk("Talk", Some(12))]);
    assert_eq!(world.board(NOW).unwrap().sessions[0].capacity, Some(12), "another table is a decision");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// A command beside the service begins a roster anew, and so does a start that fails half way.
#[test]
fn a_roster_that_was_lost_is_lost_also_where_a_few_lines_stand_there_again() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let backup = world.store_for_tests().copy();
    let kept = roster.lines().unwrap();
    let few = |line: &&RosterLine| matches!(line, RosterLine::Log(_) | RosterLine::Term { .. });
    let lost = Kept(Arc::new(Mutex::new(kept.iter().filter(few).cloned().collect())));
    let world = reopened(backup, &lost);
    let awaited = world.board(NOW).unwrap().sessions.remove(0).awaited;
    assert_eq!(awaited.len(), 2, "the desk, and those that nobody knows");
    report(&world, &mut desk, want(session, 2));
    report(&world, &mut desk, want(session, 2));
    assert_eq!(desk.available(session), 0);
}

#[test]
fn without_a_roster_desks_that_nobody_knows_are_awaited_until_a_supervisor_settles_them() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let backup = world.store_for_tests().copy();
    let lost = Kept::default();
    let world = reopened(backup, &lost);
    report(&world, &mut desk, want(session, 2));
    report(&world, &mut desk, want(session, 2));
    assert_eq!(desk.available(session), 0, "another desk may have been enrolled since");
    let decision =
        Decision::Settle { log: crate::UNKNOWN_DESKS, session, spent: 3, reason: SettleReason::Counted };
    world.decide(&decision, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    report(&world, &mut desk, want(session, 2));
    assert_eq!(desk.available(session), 2);
    assert_eq!(grantable(&world), Some(10 - 2 - 3));
    let again = reopened(world.store_for_tests().copy(), &lost);
    assert_eq!(again.term(), world.term(), "from now on there is a roster");
}

#[test]
fn a_new_event_is_not_made_beside_the_roster_of_a_lost_one() {
    let roster = Kept::default();
    drop(event(&roster, 10));
    let named = NewEvent { name: "Again".into(), time_zone: "Europe/Madrid".into(), fast_door: true };
    let mut random = counter(1);
    let fresh = Fresh { now_ms: NOW, random: &mut random };
    let made = Authority::create_with(MemoryStore::default(), Box::new(roster), &named, fresh);
    assert!(matches!(made, Err(crate::Error::RosterLeft { name }) if name == "RustFest"));
}
