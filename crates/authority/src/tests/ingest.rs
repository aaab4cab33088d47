//! Taking entries: idempotency, the chain, evidence, revocation.

use usher_core::{
    entry::{Basis, Body, Head, Message, SettleReason, Unknown},
    ids::{ActorId, SessionId},
    incident::IncidentKind,
};
use usher_protocol::{
    decide::Decision,
    error::ErrorCode,
    sync::{EntryBytes, GrantTotal, SyncRequest},
};
use uuid::Uuid;

use super::{NOW, person, sync, want, with_session};
use crate::conformance::desk::Desk;

fn kinds(world: &super::World) -> Vec<IncidentKind> {
    world.incidents().unwrap().iter().map(|found| found.incident.kind).collect()
}

#[test]
fn the_same_request_again_changes_nothing() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    desk.check_in(session, person(1), Basis::Unlimited, 5);
    let request = desk.request(Vec::new(), 500, NOW);
    let first = request.to(&world, NOW).unwrap().unwrap();
    let end = world.feed_end().unwrap();
    let second = request.to(&world, NOW).unwrap().unwrap();
    assert_eq!((first.acknowledged, world.feed_end().unwrap()), (desk.head, end));
    assert_eq!(first, second);
}

#[test]
fn a_log_continued_twice_is_kept_and_counted_in_both_branches_and_takes_no_further_rights() {
    let (world, session) = with_session(Some(10));
    let (mut desk, mut other) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut desk, want(session, 4), NOW);
    let mut clone = desk.clone();
    desk.check_in(session, person(1), Basis::Grant, 5);
    clone.check_in(session, person(2), Basis::Grant, 6);
    clone.check_in(session, person(3), Basis::Grant, 7);
    sync(&world, &mut desk, Vec::new(), NOW);
    for _ in 0..2 {
        let answer = clone.request(want(session, 4), 500, NOW).to(&world, NOW).unwrap().unwrap();
        assert_eq!((answer.acknowledged, answer.fenced), (clone.head, true));
        assert!(answer.branch.is_some_and(|mark| mark.fork.from == 2));
    }
    assert_eq!(kinds(&world), [IncidentKind::BrokenChain], "one incident, however often it is sent");
    let hall = &world.board(NOW).unwrap().sessions[0];
    assert_eq!(
        (hall.inside, hall.outstanding),
        (3, 3),
        "every check-in counts, and X stays in the worst case"
    );
    assert_eq!(hall.outstanding, desk.available(session).max(clone.available(session)));
    clone.check_in(session, person(4), Basis::Grant, 8);
    desk.check_in(session, person(5), Basis::Grant, 8);
    assert_eq!(sync(&world, &mut clone, Vec::new(), NOW).acknowledged, clone.head);
    let answer = sync(&world, &mut desk, want(session, 20), NOW);
    assert!(answer.fenced && answer.branch.is_none());
    assert_eq!(answer.acknowledged, desk.head);
    assert_eq!(world.board(NOW).unwrap().sessions[0].inside, 5);
    sync(&world, &mut other, Vec::new(), NOW);
    let of_desk = other.known.keys().filter(|key| key.station == desk.i.station).count();
    assert_eq!(of_desk, desk.log.len() + clone.log.len() - 1, "both branches go down the feed");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// The second course is copied in its turn: what the third takes back is the second's entry, not the one that bears its number in the log.
#[test]
fn a_copy_of_a_copy_means_the_entries_of_the_course_that_it_left() {
    let (world, session) = with_session(Some(10));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, 4), NOW);
    let mut second = desk.clone();
    desk.check_in(session, person(1), Basis::Grant, 5);
    desk.check_in(session, person(2), Basis::Grant, 6);
    sync(&world, &mut desk, Vec::new(), NOW);
    let key = second.check_in(session, person(3), Basis::Grant, 7);
    second.check_in(session, person(4), Basis::Grant, 8);
    let mut third = second.clone();
    second.check_in(session, person(5), Basis::Grant, 9);
    assert!(third.undo(key.seq, 10), "it gives the right back");
    sync(&world, &mut second, Vec::new(), NOW);
    let answer = sync(&world, &mut third, Vec::new(), NOW);
    assert_eq!((answer.acknowledged, answer.branch.unwrap().before.len()), (third.head, 1));
    let hall = &world.board(NOW).unwrap().sessions[0];
    assert_eq!(hall.inside, 4, "the third guest is out, the first one is not");
    // The third spent two in the second's course, and took one back that the second has handed over: decision 0011, *I5 forgets clones*.
    assert_eq!((second.available(session), third.available(session), hall.outstanding), (1, 3, 2));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
    assert_eq!(world.verify().unwrap().findings, []);
}

#[test]
fn a_copy_that_spent_less_may_still_spend_it() {
    let (world, session) = with_session(Some(10));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, 4), NOW);
    desk.check_in(session, person(9), Basis::Grant, 4);
    sync(&world, &mut desk, Vec::new(), NOW);
    let mut clone = desk.clone();
    for number in 1..=3 {
        desk.check_in(session, person(number), Basis::Grant, 5);
    }
    clone.write(5, Body::Unknown(Unknown { number: 999, fields: vec![0xa0] }));
    sync(&world, &mut desk, Vec::new(), NOW);
    sync(&world, &mut clone, Vec::new(), NOW);
    let hall = &world.board(NOW).unwrap().sessions[0];
    assert_eq!((desk.available(session), clone.available(session), hall.outstanding), (0, 3, 3));
}

#[test]
fn a_rolled_back_disk_is_found_by_its_head_alone() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let mut clone = desk.clone();
    desk.check_in(session, person(1), Basis::Unlimited, 5);
    clone.check_in(session, person(2), Basis::Unlimited, 5);
    sync(&world, &mut desk, Vec::new(), NOW);
    clone.acknowledged = clone.head.seq;
    let answer = clone.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    assert_eq!(answer.acknowledged, desk.head, "what is held under its name is another entry");
    assert_eq!(kinds(&world), [IncidentKind::BrokenChain]);
    clone.acknowledged = 0;
    let answer = clone.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    assert_eq!(
        (answer.acknowledged, answer.fenced),
        (clone.head, true),
        "sent whole, it is the second branch"
    );
}

#[test]
fn a_desk_with_an_older_copy_of_its_log_is_told_that_all_of_it_is_held() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    desk.check_in(session, person(1), Basis::Unlimited, 5);
    let mut older = desk.clone();
    desk.check_in(session, person(2), Basis::Unlimited, 6);
    sync(&world, &mut desk, Vec::new(), NOW);
    let answer = older.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    assert_eq!((answer.acknowledged, answer.fenced), (older.head, false), "or it would send it for ever");
}

#[test]
fn a_log_damaged_in_the_middle_strands_nothing_behind_the_damage() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    for number in 1..=4 {
        desk.check_in(session, person(number), Basis::Unlimited, 5);
    }
    desk.log[2][60] ^= 1;
    let answer = desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    assert_eq!((answer.acknowledged, answer.fenced), (desk.head, true));
    assert!(world.board(NOW).unwrap().sessions[0].inside >= 3);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn an_entry_that_a_damaged_disk_lost_strands_nothing_behind_it() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    for number in 1..=4 {
        desk.check_in(session, person(number), Basis::Unlimited, 5);
    }
    desk.log[2] = Vec::new();
    let answer = desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    assert_eq!((answer.acknowledged, answer.fenced), (desk.head, true));
    assert_eq!(world.board(NOW).unwrap().sessions[0].inside, 3, "all but the lost one");
    assert_eq!(kinds(&world), [IncidentKind::BrokenChain]);
    let again = desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    assert_eq!(again.acknowledged, desk.head);
    assert_eq!(kinds(&world), [IncidentKind::BrokenChain], "the same damage is told once");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
    assert_eq!(world.verify().unwrap().findings, []);
}

#[test]
fn a_bad_entry_is_set_aside_and_blocks_nothing() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    desk.check_in(session, person(1), Basis::Unlimited, 5);
    let good = desk.log.iter().cloned().map(EntryBytes);
    let bad = [EntryBytes(vec![1, 2, 3]), EntryBytes(Vec::new())];
    let entries = bad.into_iter().chain(good).collect();
    let answer = desk.sign(SyncRequest { protocol: 1, entries, ..SyncRequest::default() });
    let answer = answer.to(&world, NOW).unwrap().unwrap();
    assert_eq!(answer.acknowledged, desk.head);
    assert!(!answer.changes.is_empty() && !answer.more);
    assert_eq!(kinds(&world).iter().filter(|kind| **kind == IncidentKind::BrokenChain).count(), 1);
}

#[test]
fn a_gap_is_answered_with_where_to_go_on() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    desk.check_in(session, person(1), Basis::Unlimited, 5);
    desk.acknowledged = 1;
    let answer = desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    assert_eq!(answer.acknowledged, Head::EMPTY);
    assert_eq!(kinds(&world), []);
}

#[test]
fn what_cannot_be_interpreted_is_kept_and_passed_on() {
    let (world, _) = with_session(None);
    let (mut desk, mut other) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    desk.write(1, Body::Unknown(Unknown { number: 999, fields: vec![0xa0] }));
    desk.check_in(SessionId(Uuid::from_u128(404)), person(404), Basis::Grant, 2);
    let (text, actor) = ("forged".into(), ActorId(Uuid::nil()));
    let message = Message { to: None, urgent: true, text, actor, session: None, comes: None, refuses: None };
    desk.write(3, Body::Message(message));
    assert_eq!(sync(&world, &mut desk, Vec::new(), NOW).acknowledged, desk.head);
    sync(&world, &mut other, Vec::new(), NOW);
    let mine: Vec<_> =
        other.known.iter().filter(|(key, _)| key.station == desk.i.station).map(|(_, b)| b).collect();
    assert_eq!(mine, desk.log.iter().collect::<Vec<_>>());
    assert_eq!((world.unread().unwrap(), world.check().unwrap()), (1, Vec::new()));
}

#[test]
fn a_new_epoch_gets_what_the_earlier_one_wrote() {
    let (world, _) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let mut next = desk.reopened(77);
    assert_eq!(sync(&world, &mut next, Vec::new(), NOW).acknowledged, next.head);
    assert!(next.known.keys().any(|key| key.epoch == desk.i.epoch), "its own earlier log comes down");
}

#[test]
fn a_revoked_desks_facts_are_kept_as_disputed() {
    let (world, session) = with_session(Some(10));
    let (mut desk, mut other) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut desk, super::want(session, 2), NOW);
    world.revoke(desk.i.station).unwrap();
    desk.check_in(session, person(1), Basis::Grant, 1);
    sync(&world, &mut other, Vec::new(), NOW);
    let end = world.feed_end().unwrap();
    assert_eq!(desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap(), Err(ErrorCode::Revoked));
    let board = world.board(NOW).unwrap();
    assert_eq!(
        (board.sessions[0].occupied, board.sessions[0].outstanding),
        (0, 2),
        "as if unreceived, X stays"
    );
    assert_eq!(world.feed_end().unwrap(), end);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_revoked_credential_cannot_make_the_server_wait_for_a_log_that_it_invents() {
    let (world, session) = with_session(Some(10));
    let desk = Desk::enrol(&world, 1, NOW).unwrap();
    world.revoke(desk.i.station).unwrap();
    let mut thief = desk.reopened(99);
    thief.check_in(session, person(1), Basis::Unlimited, 1);
    let mut sent = thief.request(Vec::new(), 500, NOW);
    sent.body.grants = vec![GrantTotal { session, total: 9 }];
    assert_eq!(thief.sign(sent.body).to(&world, NOW).unwrap(), Err(ErrorCode::Revoked));
    let board = world.board(NOW).unwrap();
    assert!(board.sessions[0].awaited.is_empty());
    assert_eq!(board.sessions[0].grantable, Some(10));
}

/// A desk that had stated its log as handed over up to where we did not hold it yet, before it was revoked.
#[test]
fn what_a_revoked_desk_sends_completes_no_handover() {
    let (world, session) = with_session(Some(10));
    let (mut desk, mut other) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut desk, want(session, 2), NOW);
    let check_in = desk.check_in(session, person(1), Basis::Grant, 5);
    assert!(desk.undo(check_in.seq, 6), "the right is the desk's again");
    desk.request(Vec::new(), 1, NOW).to(&world, NOW).unwrap().unwrap();
    other.check_out(check_in, 7);
    sync(&world, &mut other, Vec::new(), NOW);
    assert_eq!(world.board(NOW).unwrap().sessions[0].worst, 2, "one on a right, and one right");
    world.revoke(desk.i.station).unwrap();
    assert_eq!(desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap(), Err(ErrorCode::Revoked));
    assert_eq!(world.board(NOW).unwrap().sessions[0].worst, 2, "the desk may still let two in");
    world.decide(&Decision::Accept { log: desk.i }, ActorId(Uuid::nil()), NOW).unwrap().unwrap();
    let board = world.board(NOW).unwrap();
    assert_eq!((board.sessions[0].occupied, board.sessions[0].worst), (0, 2), "two rights");
}

/// Found by `usher-sim` (seed 37 with a restore and a revoked desk): the seat stayed withheld for ever.
#[test]
fn an_accepted_log_completes_a_handover_that_was_stated_before_the_desk_was_revoked() {
    let (world, session) = with_session(Some(10));
    let (mut desk, mut other) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut desk, want(session, 1), NOW);
    let check_in = desk.check_in(session, person(1), Basis::Grant, 5);
    desk.check_in(session, person(2), Basis::Unlimited, 6);
    desk.request(Vec::new(), 1, NOW).to(&world, NOW).unwrap().unwrap();
    other.check_out(check_in, 7);
    sync(&world, &mut other, Vec::new(), NOW);
    world.revoke(desk.i.station).unwrap();
    desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap_err();
    assert_eq!(world.board(NOW).unwrap().sessions[0].worst, 1);
    world.decide(&Decision::Accept { log: desk.i }, ActorId(Uuid::nil()), NOW).unwrap().unwrap();
    assert_eq!(
        world.board(NOW).unwrap().sessions[0].worst,
        1,
        "the second one is in, the first one's seat is free"
    );
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// Found by `usher-sim` (seed 1937): an old request that came again had stated less, and the seat stayed withheld for ever.
#[test]
fn of_two_handovers_stated_ahead_the_furthest_counts() {
    let (world, session) = with_session(Some(10));
    let (mut desk, mut other) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut desk, want(session, 2), NOW);
    desk.check_in(session, person(1), Basis::Grant, 5);
    desk.check_in(session, person(2), Basis::Unlimited, 6);
    desk.request(Vec::new(), 1, NOW).to(&world, NOW).unwrap().unwrap();
    let left = desk.check_in(session, person(3), Basis::Grant, 7);
    desk.request(Vec::new(), 0, NOW).to(&world, NOW).unwrap().unwrap();
    other.check_out(left, 8);
    sync(&world, &mut other, Vec::new(), NOW);
    world.revoke(desk.i.station).unwrap();
    desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap_err();
    world.decide(&Decision::Accept { log: desk.i }, ActorId(Uuid::nil()), NOW).unwrap().unwrap();
    let board = world.board(NOW).unwrap();
    assert_eq!((board.sessions[0].inside, board.sessions[0].worst), (2, 2), "the third one's seat is free");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// Found by `usher-sim` (seed 23 with a revoked desk): the settlement named the end of what is disputed.
#[test]
fn a_revoked_desk_is_settled_at_the_end_of_what_counts() {
    let (world, session) = with_session(Some(10));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, 3), NOW);
    world.revoke(desk.i.station).unwrap();
    desk.check_in(session, person(1), Basis::Grant, 5);
    desk.check_in(session, person(2), Basis::Grant, 6);
    desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap_err();
    let decide = |decision| world.decide(&decision, ActorId(Uuid::nil()), NOW).unwrap().unwrap();
    decide(Decision::Settle { log: desk.i, session, spent: 2, reason: SettleReason::Lost });
    assert_eq!(world.board(NOW).unwrap().sessions[0].worst, 2);
    decide(Decision::Accept { log: desk.i });
    let board = world.board(NOW).unwrap();
    assert_eq!((board.sessions[0].inside, board.sessions[0].worst), (2, 2), "max(spent, real)");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// Totals that no room can have would wrap the sums around, and hand the places of others out.
#[test]
fn grants_that_no_room_can_have_are_refused_whole() {
    let (world, session) = with_session(Some(10));
    let (mut honest, thief) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut honest, want(session, 4), NOW);
    let worst = world.board(NOW).unwrap().sessions[0].worst;
    let claims = [
        vec![GrantTotal { session, total: u64::MAX - 3 }],
        vec![GrantTotal { session, total: 1 }; usher_protocol::limits::GRANTS_PER_REQUEST_MAX + 1],
    ];
    for (epoch, grants) in (70..).zip(claims) {
        let mut sent = thief.reopened(epoch).request(Vec::new(), 500, NOW);
        sent.body.grants = grants;
        sent = thief.reopened(epoch).sign(sent.body);
        assert_eq!(sent.to(&world, NOW).unwrap(), Err(ErrorCode::TooLarge));
    }
    assert_eq!(world.board(NOW).unwrap().sessions[0].worst, worst);
}
