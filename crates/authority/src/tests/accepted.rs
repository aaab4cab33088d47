//! What a supervisor accepted of a revoked desk: it counts after a restore too, and only what was accepted; and what nobody accepted
//! is as if unreceived, also in a log that was continued twice.

use usher_core::{
    entry::{Accept, Basis, Body, Entry, Note, NoteKind, Outcome},
    ids::{ActorId, Identity, SessionId},
};
use usher_protocol::{
    decide::Decision,
    error::ErrorCode,
    sync::{EntryBytes, Relayed, Signed},
};
use uuid::Uuid;

use super::{
    NOW, World, person,
    restored::{Two, begin_term, reopened, two_desks},
    set_capacity, sync, want,
};
use crate::{conformance::desk::Desk, derive::apply, store::Store};

const NOBODY: ActorId = ActorId(Uuid::nil());

fn decide(world: &World, decision: &Decision) {
    world.decide(decision, NOBODY, NOW).unwrap().unwrap();
}

fn let_in(session: SessionId, desk: &mut Desk, people: std::ops::Range<u128>, basis: Basis) {
    for number in people {
        desk.check_in(session, person(number), basis, 5);
    }
}

/// Sends everything that the revoked desk has from entry `from` on, `page` entries at a time.
fn send(world: &World, desk: &mut Desk, from: u64, page: usize) {
    desk.acknowledged = from;
    while desk.acknowledged < desk.head.seq {
        let sent = desk.request(Vec::new(), page, NOW);
        assert_eq!(sent.to(world, NOW).unwrap(), Err(ErrorCode::Revoked));
        desk.acknowledged += sent.body.entries.len() as u64;
    }
}

/// How many are inside, and the worst case.
fn counted(world: &World) -> (u64, u64) {
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
    let room = world.board(NOW).unwrap().sessions.remove(0);
    (room.occupied, room.worst)
}

/// A server that was put back to before desk two was revoked, let three people in, and was accepted.
struct PutBack {
    restored: World,
    session: SessionId,
    one: Desk,
    two: Desk,
    /// Desk two before it let anybody in.
    before: Desk,
    server: Identity,
    receipt: Signed,
}

fn put_back(meanwhile: impl FnOnce(&World, SessionId, &mut Desk)) -> PutBack {
    let Two { world, session, mut one, mut two, backup, roster, .. } = two_desks();
    let before = two.clone();
    world.revoke(two.i.station).unwrap();
    let_in(session, &mut two, 1..4, Basis::Unlimited);
    send(&world, &mut two, 1, 500);
    decide(&world, &Decision::Accept { log: two.i });
    assert_eq!(counted(&world).0, 3);
    meanwhile(&world, session, &mut one);
    let answer = sync(&world, &mut one, Vec::new(), NOW);
    let (server, receipt) = (world.own_log(), world.sign_answer(one.i, &answer, b"").unwrap());
    let restored = reopened(backup, &roster);
    begin_term(&restored);
    PutBack { restored, session, one, two, before, server, receipt }
}

impl PutBack {
    /// Desk one gives back what the server had written since.
    fn server_entries_come_back(&mut self) {
        let held = self.restored.store_for_tests();
        let end = held.read(|look| Ok(look.log(self.server)?.map_or(0, |log| log.head.seq)));
        let lacked = self.server.key(end.unwrap() + 1)..=self.server.key(u64::MAX);
        let entries = self.one.known.range(lacked).map(|(_, bytes)| EntryBytes(bytes.clone())).collect();
        let mut sent = self.one.request(Vec::new(), 500, NOW);
        sent.body.relayed = vec![Relayed { log: self.server, entries, proof: self.receipt.clone() }];
        self.one.sign(sent.body).to(&self.restored, NOW).unwrap().unwrap();
    }
}

#[test]
fn what_was_accepted_counts_once_it_comes_back_behind_the_decision() {
    let mut back = put_back(|_, _, _| {});
    back.server_entries_come_back();
    send(&back.restored, &mut back.two, 1, 500);
    assert_eq!(counted(&back.restored).0, 3);
    send(&back.restored, &mut back.two, 0, 2);
    back.two.check_in(back.session, person(9), Basis::Unlimited, 6);
    send(&back.restored, &mut back.two, 4, 500);
    assert_eq!(counted(&back.restored).0, 3, "nobody accepted the fourth");
}

#[test]
fn what_was_accepted_counts_once_the_decision_comes_back_behind_it() {
    let mut back = put_back(|_, _, _| {});
    send(&back.restored, &mut back.two, 1, 500);
    assert_eq!(counted(&back.restored).0, 0, "disputed until then");
    back.server_entries_come_back();
    assert_eq!(counted(&back.restored).0, 3);
}

#[test]
fn what_was_accepted_counts_when_all_of_it_is_there() {
    let mut back = put_back(|_, _, _| {});
    back.server_entries_come_back();
    back.two.acknowledged = 1;
    let part = back.two.request(Vec::new(), 2, NOW);
    part.to(&back.restored, NOW).unwrap().unwrap_err();
    assert_eq!(counted(&back.restored).0, 0, "another course may follow");
    send(&back.restored, &mut back.two, 3, 1);
    assert_eq!(counted(&back.restored).0, 3);
}

/// A thief with the desk's credential is quicker than the desk.
#[test]
fn another_course_under_the_same_numbers_was_not_accepted() {
    let mut back = put_back(|_, _, _| {});
    back.server_entries_come_back();
    let (session, mut thief) = (back.session, back.before.clone());
    let_in(session, &mut thief, 5..9, Basis::Unlimited);
    send(&back.restored, &mut thief, 1, 500);
    assert_eq!(counted(&back.restored).0, 0);
    send(&back.restored, &mut back.two, 1, 500);
    assert_eq!(counted(&back.restored).0, 3, "the desk's own, now a branch of what came first");
}

/// What 0.1.0 wrote, and this version before it said which course was meant.
#[test]
fn a_decision_that_does_not_say_which_course_it_meant_accepts_nothing_that_comes_later() {
    let mut back = put_back(|_, _, _| {});
    let own = back.restored.own_log();
    let body = Body::Accept(Accept { i: back.two.i, seq: 4, actor: NOBODY, hash: None });
    let store = back.restored.store_for_tests();
    let first = store.read(|look| Ok(look.entry(own.key(1))?.unwrap())).unwrap();
    let entry = Entry { seq: 90, body, ..Entry::from_bytes(&first.bytes).unwrap() };
    store.write(|txn| apply(txn, &entry, NOW, own.station)).unwrap();
    send(&back.restored, &mut back.two, 1, 500);
    assert_eq!(counted(&back.restored).0, 0);
    decide(&back.restored, &Decision::Accept { log: back.two.i });
    assert_eq!(counted(&back.restored).0, 3);
}

#[test]
fn a_handover_that_reaches_beyond_what_was_accepted_is_not_complete() {
    let Two { world, session, mut one, mut two, roster, .. } = two_desks();
    sync(&world, &mut two, want(session, 2), NOW);
    let check_in = two.check_in(session, person(1), Basis::Grant, 5);
    let help = Body::Note(Note { kind: NoteKind::HelpAsked, value: None, of: None, shift: None });
    two.write(6, help);
    assert!(two.undo(check_in.seq, 7), "the right is the desk's again");
    two.request(Vec::new(), 1, NOW).to(&world, NOW).unwrap().unwrap();
    one.check_out(check_in, 8);
    sync(&world, &mut one, Vec::new(), NOW);
    let backup = world.store_for_tests().copy();
    world.revoke(two.i.station).unwrap();
    two.acknowledged = 2;
    two.request(Vec::new(), 1, NOW).to(&world, NOW).unwrap().unwrap_err();
    decide(&world, &Decision::Accept { log: two.i });
    let answer = sync(&world, &mut one, Vec::new(), NOW);
    let (server, receipt) = (world.own_log(), world.sign_answer(one.i, &answer, b"").unwrap());
    let restored = reopened(backup, &roster);
    begin_term(&restored);
    let before = two.clone();
    let mut back = PutBack { restored, session, one, two, before, server, receipt };
    send(&back.restored, &mut back.two, 2, 500);
    back.server_entries_come_back();
    assert_eq!(
        counted(&back.restored),
        (0, 2),
        "it may still let two in: that the right came back is disputed"
    );
}

#[test]
fn accepting_a_branch_accepts_what_it_has_in_common_with_its_log() {
    let Two { world, session, mut two, .. } = two_desks();
    world.revoke(two.i.station).unwrap();
    two.check_in(session, person(1), Basis::Unlimited, 5);
    let mut copy = two.clone();
    two.check_in(session, person(2), Basis::Unlimited, 6);
    copy.check_in(session, person(3), Basis::Unlimited, 6);
    send(&world, &mut two, 1, 500);
    send(&world, &mut copy, 2, 500);
    let store = world.store_for_tests();
    let branch = store.read(|look| look.branches(two.i)).unwrap()[0].0;
    decide(&world, &Decision::Accept { log: branch });
    assert_eq!(counted(&world).0, 2, "the first guest and the copy's, not the one that the log goes on with");
    decide(&world, &Decision::Accept { log: two.i });
    assert_eq!(counted(&world).0, 3);
}

#[test]
fn an_overshoot_that_was_noted_is_not_shown_again_after_a_restore() {
    let mut back = put_back(|world, session, _| {
        set_capacity(world, session, Some(1));
        let found = world.incidents().unwrap().remove(0);
        assert_eq!(found.over_by, Some(2));
        let (incident, outcome) = (found.incident.id, Outcome::Accepted);
        decide(world, &Decision::Resolve { incident, outcome, over_by: found.over_by });
    });
    back.server_entries_come_back();
    send(&back.restored, &mut back.two, 1, 500);
    assert_eq!(counted(&back.restored).0, 3);
    let over = |world: &World| world.incidents().unwrap().iter().find_map(|found| found.over_by);
    assert_eq!(over(&back.restored), None);
    back.one.check_in(back.session, person(20), Basis::Unlimited, 9);
    back.one.request(Vec::new(), 500, NOW).to(&back.restored, NOW).unwrap().unwrap();
    assert_eq!(over(&back.restored), Some(3));
}

/// A log that was continued twice behind entries that nobody accepted.
fn forked_behind(disputed: impl FnOnce(SessionId, &mut Desk)) -> (World, SessionId, Desk, Desk) {
    let Two { world, session, mut two, .. } = two_desks();
    sync(&world, &mut two, want(session, 5), NOW);
    two.check_in(session, person(1), Basis::Grant, 4);
    sync(&world, &mut two, Vec::new(), NOW);
    assert_eq!(counted(&world), (1, 5));
    world.revoke(two.i.station).unwrap();
    disputed(session, &mut two);
    let mut copy = two.clone();
    two.write(8, Body::Note(Note { kind: NoteKind::HelpAsked, value: None, of: None, shift: None }));
    copy.check_in(session, person(30), Basis::Grant, 8);
    send(&world, &mut two, 2, 500);
    let common = two.head.seq - 1;
    send(&world, &mut copy, common, 500);
    (world, session, two, copy)
}

#[test]
fn disputed_refunds_before_a_fork_do_not_raise_the_worst_case() {
    let (world, _, two, _) = forked_behind(|_, two| {
        two.handed = 0;
        assert!(two.undo(2, 6));
    });
    assert_eq!(counted(&world), (1, 5), "as if unreceived");
    decide(&world, &Decision::Accept { log: two.i });
    assert_eq!(counted(&world), (0, 5), "five rights");
}

#[test]
fn disputed_spending_before_a_fork_does_not_lower_the_worst_case() {
    let (world, _, two, _) = forked_behind(|session, two| {
        let_in(session, two, 10..13, Basis::Grant);
        two.give_back(session, 1);
    });
    assert_eq!(counted(&world), (1, 5), "as if unreceived");
    decide(&world, &Decision::Accept { log: two.i });
    assert_eq!(counted(&world), (4, 4), "four inside, and one right that was given back");
}
