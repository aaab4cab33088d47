//! The feed: pages, cursors, the snapshot.

use sha2::{Digest, Sha256};
use usher_core::{
    chain::{AnswerProof, verify_answer},
    entry::Basis,
    ids::CodeDigest,
};
use usher_protocol::{
    limits::CHANGES_PER_ANSWER_MAX,
    sync::{Change, Cursor, SnapshotEnd, SnapshotHead},
};

use super::{NOW, guest, people, person, sync, want, with_session};
use crate::conformance::desk::Desk;

#[test]
fn a_long_feed_comes_in_pages_and_grants_with_the_last() {
    let (world, session) = with_session(Some(10));
    let crowd: Vec<_> = (0..CHANGES_PER_ANSWER_MAX).map(|n| guest(&format!("g{n}"), None)).collect();
    people(&world, &crowd);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let first = sync(&world, &mut desk, want(session, 4), NOW);
    assert_eq!((first.changes.len(), first.more), (CHANGES_PER_ANSWER_MAX, true));
    assert!(first.grants.is_empty(), "grants come with the end of the feed");
    let last = sync(&world, &mut desk, Vec::new(), NOW);
    assert!(!last.more && last.cursor == world.feed_end().unwrap());
    assert_eq!(desk.available(session), 4);
    let quiet = sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((quiet.changes.len(), quiet.cursor), (0, last.cursor));
}

#[test]
fn a_cursor_that_is_not_ours_reads_from_the_beginning() {
    let (world, _) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let all = sync(&world, &mut desk, Vec::new(), NOW).changes.len();
    let end = world.feed_end().unwrap();
    for cursor in [Cursor { term: end.term - 1, ..end }, Cursor { position: end.position + 5, ..end }] {
        desk.cursor = cursor;
        assert_eq!(desk.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap().changes.len(), all);
    }
}

#[test]
fn the_cursor_passes_own_entries() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    for number in 0..5 {
        desk.check_in(session, person(number), Basis::Unlimited, 1);
    }
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((answer.changes.len(), answer.cursor), (0, world.feed_end().unwrap()));
}

#[test]
fn a_snapshot_names_the_event_first_wherever_it_stands_in_the_feed() {
    let (world, _) = with_session(Some(3));
    // A new term writes the event once more, behind everything that the server decided before.
    let mut random = crate::conformance::desk::counter(5);
    world.begin_term(None, crate::Fresh { now_ms: NOW, random: &mut random }).unwrap();
    let mut lines = Vec::new();
    world
        .snapshot(&mut |line| {
            lines.push(line.to_vec());
            Ok(())
        })
        .unwrap();
    let events: Vec<_> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| matches!(serde_json::from_slice(line), Ok(Change::Event(_))))
        .map(|(number, _)| number)
        .collect();
    let head: SnapshotHead = serde_json::from_slice(&lines[0]).unwrap();
    assert_eq!((events, head.changes), (vec![1], lines.len() as u64 - 2));
}

#[test]
fn a_snapshot_is_the_feed_with_its_proof() {
    let (world, session) = with_session(Some(3));
    people(&world, &[guest("Ana", None)]);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    desk.check_in(session, person(1), Basis::OverGrant, 1);
    sync(&world, &mut desk, Vec::new(), NOW);
    let mut lines = Vec::new();
    let cursor = world
        .snapshot(&mut |line| {
            lines.push(line.to_vec());
            Ok(())
        })
        .unwrap();
    let head: SnapshotHead = serde_json::from_slice(&lines[0]).unwrap();
    let end: SnapshotEnd = serde_json::from_slice(lines.last().unwrap()).unwrap();
    let body = &lines[1..lines.len() - 1];
    assert_eq!((head.cursor, head.changes, end.end), (cursor, body.len() as u64, body.len() as u64));
    assert_eq!(end.sha256, data_encoding::HEXLOWER.encode(&Sha256::digest(body.concat())));
    let signed = end.signed.unwrap();
    let proof = AnswerProof::from_bytes(&signed.proof.0).unwrap();
    let Change::Event(event) = serde_json::from_slice(&body[0]).unwrap() else { unreachable!() };
    let key: CodeDigest = event.server.unwrap().public_key.parse().unwrap();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key.0).unwrap();
    assert!(verify_answer(&key, &signed.proof.0, &signed.signature().unwrap()));
    assert_eq!((proof.own, proof.head.seq, proof.position), (world.own_log(), 2, cursor.position));
    assert_eq!(proof.body[..], Sha256::digest(body.concat())[..]);
    let changes: Vec<Change> = body.iter().map(|line| serde_json::from_slice(line).unwrap()).collect();
    assert!(changes.iter().all(|change| !matches!(change, Change::Unknown(_))));
    let entries = changes.iter().filter(|change| matches!(change, Change::Entry(_))).count();
    assert_eq!(
        (entries, cursor),
        (4, world.feed_end().unwrap()),
        "two of the server's own, two of the desk's"
    );
}

#[test]
fn rebuilding_gives_the_same_tables() {
    let (world, session) = with_session(Some(9));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, 4), NOW);
    let key = desk.check_in(session, person(1), Basis::Grant, 1);
    desk.check_in(session, person(1), Basis::Grant, 2);
    sync(&world, &mut desk, Vec::new(), NOW);
    desk.undo(key.seq, 3);
    sync(&world, &mut desk, Vec::new(), NOW);
    let before = world.board(NOW).unwrap();
    world.rebuild().unwrap();
    assert_eq!(world.board(NOW).unwrap(), before);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}
