//! What desks give back to a server that was put back: others' entries, and the server's own.

use usher_core::{
    entry::{Basis, StateSet},
    ids::ActorId,
};
use usher_protocol::{
    decide::Decision,
    sync::{EntryBytes, LogEnd, Relayed, SyncRequest},
};

use super::{
    NOW, World, person,
    restored::{Two, begin_term, grantable, reopened, report, two_desks},
    set_capacity, sync, want,
};
use crate::{
    Authority, Fresh,
    conformance::desk::{Desk, counter},
};

#[test]
fn desks_give_back_others_entries_and_the_servers_own() {
    let Two { world, session, mut one, mut two, backup, roster, .. } = two_desks();
    sync(&world, &mut two, want(session, 3), NOW);
    let key = two.check_in(session, person(7), Basis::Grant, 5);
    let last = two.request(Vec::new(), 500, NOW);
    last.to(&world, NOW).unwrap().unwrap();
    set_capacity(&world, session, Some(8));
    let answer = sync(&world, &mut one, Vec::new(), NOW);
    let (server, receipt) = (world.own_log(), world.sign_answer(one.i, &answer, b"").unwrap());
    let restored = reopened(backup, &roster);
    begin_term(&restored);
    one.check_out(key, 6);
    let mut sent = one.request(Vec::new(), 500, NOW);
    sent.body.all_given_back = Some(false);
    let lacks = sent.to(&restored, NOW).unwrap().unwrap().lacks.unwrap();
    let part = |log, proof| {
        let from = lacks.iter().find(|end: &&LogEnd| end.log == log).map_or(0, |end| end.seq);
        let entries =
            one.known.range(log.key(from + 1)..=log.key(u64::MAX)).map(|(_, b)| EntryBytes(b.clone()));
        Relayed { log, entries: entries.collect(), proof }
    };
    let proof = usher_protocol::sync::Signed::new(last.bytes.clone(), &last.signature);
    let body = SyncRequest {
        relayed: vec![part(two.i, proof), part(server, receipt)],
        all_given_back: Some(true),
        ..sent.body.clone()
    };
    one.cursor.term = restored.term();
    one.sign(body).to(&restored, NOW).unwrap().unwrap();
    let board = restored.board(NOW).unwrap();
    assert_eq!((board.sessions[0].inside, board.sessions[0].capacity), (0, Some(8)));
    assert_eq!(board.sessions[0].outstanding, 2, "the grant came back with the server's own entries");
    assert_eq!(board.sessions[0].worst, 2, "the part states its handover: the seat is free (seed 72)");
    assert_eq!(restored.check().unwrap(), Vec::<String>::new());
}

/// Found by the black box (seed 106): a desk gave back that the talk once had 8 places, and the 25 decided since were forgotten.
#[test]
fn what_was_decided_in_the_new_term_outlives_what_desks_give_back() {
    let Two { world, session, mut one, backup, roster, .. } = two_desks();
    set_capacity(&world, session, Some(8));
    let pause = Decision::State { session, state: StateSet::Paused, words: None };
    world.decide(&pause, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    let answer = sync(&world, &mut one, Vec::new(), NOW);
    let (log, proof) = (world.own_log(), world.sign_answer(one.i, &answer, b"").unwrap());
    let restored = reopened(backup, &roster);
    begin_term(&restored);
    set_capacity(&restored, session, Some(25));
    let mut sent = one.request(Vec::new(), 500, NOW);
    sent.body.all_given_back = Some(false);
    let lacks = sent.to(&restored, NOW).unwrap().unwrap().lacks.unwrap();
    let from = lacks.iter().find(|end: &&LogEnd| end.log == log).map_or(0, |end| end.seq);
    let entries = one.known.range(log.key(from + 1)..=log.key(u64::MAX)).map(|(_, b)| EntryBytes(b.clone()));
    let relayed = vec![Relayed { log, entries: entries.collect(), proof }];
    let body = SyncRequest { relayed, all_given_back: Some(true), ..sent.body.clone() };
    one.cursor.term = restored.term();
    one.sign(body).to(&restored, NOW).unwrap().unwrap();
    let talk = &restored.board(NOW).unwrap().sessions[0];
    assert_eq!(talk.capacity, Some(25), "decided since");
    assert_eq!(talk.set, StateSet::Paused, "nothing was decided of it since: it comes back");
    assert_eq!(restored.check().unwrap(), Vec::<String>::new());
}

/// Put back twice: of two terms that desks give back in the wrong order the later one's word counts, also where the clock went back.
#[test]
fn what_was_decided_in_the_later_of_two_forgotten_terms_counts() {
    let Two { world, session, mut one, mut two, backup, roster, .. } = two_desks();
    let set = |world: &World, places, now_ms| {
        let places = Decision::Capacity { session, capacity: Some(places) };
        world.decide(&places, ActorId(uuid::Uuid::nil()), now_ms).unwrap().unwrap();
    };
    let put_back = |term: u8| {
        let world = Authority::open_beside(backup.copy(), Box::new(roster.clone())).unwrap();
        let random = &mut counter(100 + u128::from(term));
        world.begin_term(None, Fresh { now_ms: NOW + i64::from(term) * 1_000, random }).unwrap();
        world
    };
    let heard = |world: &World, desk: &mut Desk| {
        let answer = sync(world, desk, Vec::new(), NOW);
        (world.own_log(), world.sign_answer(desk.i, &answer, b"").unwrap())
    };
    set(&world, 8, NOW + 3_600_000);
    let earlier = heard(&world, &mut one);
    let later = put_back(1);
    set(&later, 25, NOW + 1_010);
    let later = heard(&later, &mut two);
    let world = put_back(2);
    for (desk, (log, proof)) in [(&mut two, later), (&mut one, earlier)] {
        let mut sent = desk.request(Vec::new(), 500, NOW);
        sent.body.all_given_back = Some(false);
        let lacks = desk.sign(sent.body.clone()).to(&world, NOW).unwrap().unwrap().lacks.unwrap();
        let from = lacks.iter().find(|end: &&LogEnd| end.log == log).map_or(0, |end| end.seq);
        let entries = desk.known.range(log.key(from + 1)..=log.key(u64::MAX));
        let entries = entries.map(|(_, bytes)| EntryBytes(bytes.clone())).collect();
        sent.body.relayed = vec![Relayed { log, entries, proof }];
        desk.sign(sent.body).to(&world, NOW).unwrap().unwrap();
        assert_eq!(world.board(NOW).unwrap().sessions[0].capacity, Some(25));
    }
}

/// Found by `usher-sim` (seed 129): the seat stayed withheld until the desk itself spoke again.
#[test]
fn a_handover_that_was_stated_counts_once_another_desk_has_given_the_log_back() {
    let Two { world, session, mut one, mut two, backup, roster, .. } = two_desks();
    let check_in = two.check_in(session, person(7), Basis::Unlimited, 5);
    sync(&world, &mut two, Vec::new(), NOW);
    two.check_out(check_in, 6);
    let last = two.request(Vec::new(), 500, NOW);
    last.to(&world, NOW).unwrap().unwrap();
    let restored = reopened(backup, &roster);
    begin_term(&restored);
    // It comes late, and what stands before it is forgotten.
    last.to(&restored, NOW).unwrap().unwrap();
    let entries = two.log[1..].iter().cloned().map(EntryBytes).collect();
    let proof = usher_protocol::sync::Signed::new(last.bytes.clone(), &last.signature);
    let mut body = one.request(Vec::new(), 500, NOW).body;
    body.relayed = vec![Relayed { log: two.i, entries, proof }];
    one.sign(body).to(&restored, NOW).unwrap().unwrap();
    let board = restored.board(NOW).unwrap();
    assert_eq!((board.sessions[0].inside, board.sessions[0].worst), (0, 0));
    assert_eq!(restored.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_log_that_others_give_back_and_no_roster_names_is_awaited() {
    let Two { world, session, mut one, mut two, backup, lines, .. } = two_desks();
    let mut second = two.reopened(7);
    sync(&world, &mut second, Vec::new(), NOW);
    let last = second.request(want(session, 3), 500, NOW);
    second.apply(&last.to(&world, NOW).unwrap().unwrap()).unwrap();
    assert_eq!(second.available(session), 3);
    let restored = reopened(backup, &lines);
    begin_term(&restored);
    report(&restored, &mut two, Vec::new());
    report(&restored, &mut two, Vec::new());
    report(&restored, &mut one, Vec::new());
    let entries = second.log.iter().cloned().map(EntryBytes).collect();
    let proof = usher_protocol::sync::Signed::new(last.bytes.clone(), &last.signature);
    let mut sent = one.request(Vec::new(), 500, NOW);
    sent.body.relayed = vec![Relayed { log: second.i, entries, proof }];
    sent.body.all_given_back = Some(true);
    one.apply(&one.sign(sent.body.clone()).to(&restored, NOW).unwrap().unwrap()).unwrap();
    report(&restored, &mut one, want(session, 10));
    assert_eq!(one.available(session), 0, "the second life of desk 2 may hold rights");
    report(&restored, &mut second, Vec::new());
    report(&restored, &mut second, Vec::new());
    assert_eq!(grantable(&restored), Some(7), "and says which");
}

/// Found by `usher-sim` (seed 600028): the proof of what could not be taken yet made the log known, and known as one that has no rights.
#[test]
fn a_part_of_an_unknown_log_without_its_beginning_says_nothing_about_it() {
    let Two { world, session, mut one, mut two, backup, lines, .. } = two_desks();
    let mut second = two.reopened(7);
    sync(&world, &mut second, want(session, 3), NOW);
    second.check_in(session, person(1), Basis::Grant, 5);
    let last = second.request(Vec::new(), 500, NOW);
    let restored = reopened(backup, &lines);
    begin_term(&restored);
    for desk in [&mut one, &mut two] {
        report(&restored, desk, Vec::new());
    }
    let entries = second.log[1..].iter().cloned().map(EntryBytes).collect();
    let proof = usher_protocol::sync::Signed::new(last.bytes.clone(), &last.signature);
    let mut sent = one.request(Vec::new(), 500, NOW);
    sent.body.relayed = vec![Relayed { log: second.i, entries, proof }];
    sent.body.all_given_back = Some(true);
    one.apply(&one.sign(sent.body).to(&restored, NOW).unwrap().unwrap()).unwrap();
    report(&restored, &mut two, Vec::new());
    let awaited = restored.board(NOW).unwrap().sessions.remove(0).awaited;
    assert_eq!(awaited.len(), 1, "but that there is such a log, which may hold rights: {awaited:?}");
    second.acknowledged = 0;
    for desk in [&mut two, &mut second] {
        report(&restored, desk, Vec::new());
        report(&restored, desk, Vec::new());
    }
    let room = restored.board(NOW).unwrap().sessions.remove(0);
    assert_eq!((room.inside, room.outstanding, room.grantable), (1, 2, Some(7)), "{room:?}");
}

#[test]
fn an_old_request_of_a_log_that_is_not_known_any_more_says_nothing_of_its_rights() {
    let Two { world, session, mut one, mut two, backup, lines, .. } = two_desks();
    let mut second = two.reopened(7);
    let old = second.request(Vec::new(), 500, NOW);
    sync(&world, &mut second, want(session, 3), NOW);
    let restored = reopened(backup, &lines);
    begin_term(&restored);
    old.to(&restored, NOW).unwrap().unwrap();
    for desk in [&mut one, &mut two] {
        report(&restored, desk, Vec::new());
        report(&restored, desk, Vec::new());
    }
    report(&restored, &mut one, want(session, 10));
    assert_eq!(one.available(session), 0, "the second life of desk 2 may hold rights");
}
