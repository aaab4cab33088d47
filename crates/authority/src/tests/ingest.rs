//! Taking entries: idempotency, the chain, evidence, revocation.

use usher_core::{
    entry::{Basis, Body, Entry, Head, Message, Unknown},
    ids::{ActorId, Epoch, SessionId},
    incident::IncidentKind,
};
use usher_protocol::{
    error::ErrorCode,
    sync::{EntryBytes, SyncRequest},
};
use uuid::Uuid;

use super::{NOW, person, sync, with_session};
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
fn other_bytes_at_the_same_place_are_evidence_and_the_first_log_goes_on() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    let mut clone = desk.clone();
    desk.check_in(session, person(1), Basis::Unlimited, 5);
    clone.check_in(session, person(2), Basis::Unlimited, 6);
    clone.check_in(session, person(3), Basis::Unlimited, 7);
    sync(&world, &mut desk, Vec::new(), NOW);
    for _ in 0..2 {
        assert_eq!(clone.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap(), Err(ErrorCode::ChainBroken));
    }
    assert_eq!(kinds(&world), [IncidentKind::BrokenChain], "one incident, however often it is sent");
    assert_eq!(world.board(NOW).unwrap().sessions[0].inside, 1);
    desk.check_in(session, person(4), Basis::Unlimited, 8);
    assert_eq!(sync(&world, &mut desk, Vec::new(), NOW).acknowledged, desk.head);
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
    assert_eq!(clone.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap(), Err(ErrorCode::ChainBroken));
}

#[test]
fn a_bad_entry_ends_the_upload_but_not_the_download() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    desk.check_in(session, person(1), Basis::Unlimited, 5);
    let good = desk.log.iter().cloned().map(EntryBytes);
    let entries = good.chain([EntryBytes(vec![1, 2, 3]), EntryBytes(Vec::new())]).collect();
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
    let message = Message { to: None, urgent: true, text: "forged".into(), actor: ActorId(Uuid::nil()) };
    desk.write(3, Body::Message(message));
    assert_eq!(sync(&world, &mut desk, Vec::new(), NOW).acknowledged, desk.head);
    sync(&world, &mut other, Vec::new(), NOW);
    let mine: Vec<_> =
        other.known.iter().filter(|(key, _)| key.station == desk.i.station).map(|(_, b)| b).collect();
    assert_eq!(mine, desk.log.iter().collect::<Vec<_>>());
}

#[test]
fn a_new_epoch_begins_with_its_opening() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let mut next = desk.reopened(77);
    assert_eq!(sync(&world, &mut next, Vec::new(), NOW).acknowledged, next.head);
    assert!(next.known.keys().any(|key| key.epoch == desk.i.epoch), "its own earlier log comes down");
    let mut rogue = desk.reopened(78);
    (rogue.head, rogue.log) = (Head::EMPTY, Vec::new());
    rogue.check_in(session, person(1), Basis::Unlimited, 1);
    assert_eq!(rogue.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap(), Err(ErrorCode::ChainBroken));
    assert_eq!(Entry::from_bytes(&rogue.log[0]).unwrap().epoch, Epoch(78));
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
