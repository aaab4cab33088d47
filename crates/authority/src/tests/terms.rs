//! A server put back to an older backup: new term, learning, what desks give back; and lost desks that are settled.

use std::sync::{Arc, Mutex};

use usher_core::{
    entry::{Basis, Body, Note, NoteKind, SettleReason, StateSet, Subject},
    ids::{ActorId, SessionId},
};
use usher_protocol::decide::Decision;
use usher_protocol::sync::{EntryBytes, LogEnd, Relayed, SyncAnswer, SyncRequest};

use super::{NOW, World, guest, people, person, sessions, sync, talk, tickets, want};
use crate::{
    Authority, Fresh, MemoryStore, NewEvent, PersonSpec, Result, Roster, RosterLine, SessionSpec,
    conformance::desk::{Desk, counter},
    store::HoldState,
};

/// A roster that outlives its server.
#[derive(Clone, Default)]
pub(super) struct Kept(pub(super) Arc<Mutex<Vec<RosterLine>>>);

impl Roster for Kept {
    fn lines(&self) -> Result<Vec<RosterLine>> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn keep(&self, line: &RosterLine) -> Result<()> {
        self.0.lock().unwrap().push(line.clone());
        Ok(())
    }

    fn rewrite(&self, lines: &[RosterLine]) -> Result<()> {
        *self.0.lock().unwrap() = lines.to_vec();
        Ok(())
    }
}

fn event(roster: &Kept, capacity: u32) -> (World, SessionId) {
    let event = NewEvent { name: "RustFest".into(), time_zone: "Europe/Madrid".into(), fast_door: true };
    let mut random = counter(1);
    let fresh = Fresh { now_ms: NOW, random: &mut random };
    let world =
        Authority::create_with(MemoryStore::default(), Box::new(roster.clone()), &event, fresh).unwrap();
    sessions(&world, &[talk("Talk", Some(capacity))]);
    let id = world.sessions().unwrap()[0].rules.id;
    (world, id)
}

/// Two desks that have synced, and a copy of what the server had then.
pub(super) struct Two {
    pub(super) world: World,
    pub(super) session: SessionId,
    pub(super) one: Desk,
    pub(super) two: Desk,
    pub(super) backup: MemoryStore,
    pub(super) roster: Kept,
    /// The roster as it was then.
    pub(super) lines: Kept,
}

pub(super) fn two_desks() -> Two {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let (mut one, mut two) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut one, Vec::new(), NOW);
    sync(&world, &mut two, Vec::new(), NOW);
    let backup = world.store_for_tests().copy();
    let lines = Kept(Arc::new(Mutex::new(roster.lines().unwrap())));
    Two { world, session, one, two, backup, roster, lines }
}

pub(super) fn reopened(backup: MemoryStore, roster: &Kept) -> World {
    let mut random = counter(9);
    Authority::open_with(backup, Box::new(roster.clone()), Fresh { now_ms: NOW + 1, random: &mut random })
        .unwrap()
}

pub(super) fn begin_term(world: &World) {
    let mut random = counter(5);
    world.begin_term(None, Fresh { now_ms: NOW + 1, random: &mut random }).unwrap();
}

fn grantable(world: &World) -> Option<i64> {
    world.board(NOW).unwrap().sessions[0].grantable
}

/// A sync in which the desk says that it has nothing to give back.
fn report(world: &World, desk: &mut Desk, wants: Vec<usher_protocol::sync::Want>) -> SyncAnswer {
    let mut sent = desk.request(wants, 500, NOW);
    sent.body.all_given_back = Some(true);
    let answer = sent.to(world, NOW).unwrap().unwrap();
    desk.apply(&answer).unwrap();
    answer
}

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

#[test]
fn a_desk_shows_the_server_that_it_was_put_back() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let backup = world.store_for_tests().copy();
    let answer = sync(&world, &mut desk, want(session, 4), NOW);
    let receipt = world.sign_answer(desk.i, &answer, b"body").unwrap();
    let restored = reopened(backup, &roster);
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

/// Found by `usher-sim` (seed 20213): the list was newer than the last answer, and nobody showed what was signed of it.
#[test]
fn a_desk_that_fetched_a_list_since_its_last_answer_shows_the_server_that_it_was_put_back() {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    let receipt = world.sign_answer(desk.i, &answer, b"body").unwrap();
    let backup = world.store_for_tests().copy();
    world.set_capacity(session, Some(8), ActorId(uuid::Uuid::nil()), NOW).unwrap();
    let list = world.sign_answer(world.own_log(), &answer, b"list").unwrap();
    let restored = reopened(backup, &roster);
    // Its feed is as long by now as the one that the list was made from.
    restored.set_capacity(session, Some(9), ActorId(uuid::Uuid::nil()), NOW).unwrap();
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
fn desks_give_back_others_entries_and_the_servers_own() {
    let Two { world, session, mut one, mut two, backup, roster, .. } = two_desks();
    sync(&world, &mut two, want(session, 3), NOW);
    let key = two.check_in(session, person(7), Basis::Grant, 5);
    let last = two.request(Vec::new(), 500, NOW);
    last.to(&world, NOW).unwrap().unwrap();
    world.set_capacity(session, Some(8), ActorId(uuid::Uuid::nil()), NOW).unwrap();
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
    let actor = ActorId(uuid::Uuid::nil());
    world.set_capacity(session, Some(8), actor, NOW).unwrap();
    world.set_session_state(session, StateSet::Paused, actor, NOW).unwrap();
    let answer = sync(&world, &mut one, Vec::new(), NOW);
    let (log, proof) = (world.own_log(), world.sign_answer(one.i, &answer, b"").unwrap());
    let restored = reopened(backup, &roster);
    begin_term(&restored);
    restored.set_capacity(session, Some(25), actor, NOW).unwrap();
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

/// Put back twice: of two terms that desks give back in the wrong order the later one's word counts.
#[test]
fn what_was_decided_in_the_later_of_two_forgotten_terms_counts() {
    let Two { world, session, mut one, mut two, backup, roster, .. } = two_desks();
    let set = |world: &World, places, now_ms| {
        world.set_capacity(session, Some(places), ActorId(uuid::Uuid::nil()), now_ms).unwrap();
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
    set(&world, 8, NOW + 10);
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
        desk.write(hlc, Body::Note(Note { kind: NoteKind::HelpAsked, value: None, of: None }));
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
