//! Handover, pages, lost and late answers, forks.

use usher_core::{chain::hash_entry, entry::*, ids::EntryHash};
use usher_protocol::sync::{Change, SyncRequest};
use usher_replica::*;

use crate::bench::*;

fn body(outgoing: &Outgoing) -> SyncRequest {
    serde_json::from_slice(&outgoing.body).unwrap()
}

fn proof(bench: &Bench, outgoing: &Outgoing) -> usher_core::chain::RequestProof {
    outgoing.proof.read().unwrap().verify(&bench.who.key.verifying_key(), &outgoing.body).unwrap()
}

#[test]
fn a_request_states_what_was_handed_over_and_proves_its_body() {
    let bench = Bench::new(Some(10), 5);
    bench.admit(1);
    let sent = bench.request();
    // The first request of the fixture handed over entry 1 and was not acknowledged, so entry 2 waits for that.
    assert_eq!((proof(&bench, &sent).handed, body(&sent).entries.len()), (1, 1));
    let mut tampered = sent;
    tampered.body[2] ^= 1;
    assert!(tampered.proof.read().unwrap().verify(&bench.who.key.verifying_key(), &tampered.body).is_err());
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_entries() {
    let bench = Bench::new(Some(10), 5);
    bench.admit(1);
    let (first, second) = (bench.request(), bench.request());
    assert_eq!(body(&first).entries, body(&second).entries);
    assert_eq!(proof(&bench, &first).head, proof(&bench, &second).head);
}

#[test]
fn what_is_acknowledged_is_not_sent_again_and_the_rest_follows() {
    let mut bench = Bench::new(Some(10), 5);
    bench.admit(1);
    let sent = bench.request();
    let answer = bench.answer(bench.head_at(1), Vec::new(), 5);
    let applied = bench.replica.apply_answer(&bench.who, &sent, &answer, None, NOW_MS).unwrap();
    assert!(applied.more, "entry 2 still waits");
    let next = bench.request();
    assert_eq!((proof(&bench, &next).handed, proof(&bench, &next).head.seq), (2, 2));
    let entry = Entry::from_bytes(&body(&next).entries[0].0).unwrap();
    assert_eq!(entry.seq, 2);
    let answer = bench.answer(bench.head_at(2), Vec::new(), 5);
    assert!(!bench.replica.apply_answer(&bench.who, &next, &answer, None, NOW_MS).unwrap().more);
    assert_eq!(bench.replica.waiting(bench.who.identity).unwrap(), 0);
}

#[test]
fn pages_hand_over_as_a_whole() {
    let mut bench = Bench::new(None, 0);
    for n in 0..600 {
        let note = Body::Note(Note { kind: NoteKind::HelpAsked, value: Some(n), of: None, shift: None });
        bench.replica.note(&bench.who, note, stamp(NOW_MS)).unwrap();
    }
    let answer_to = |bench: &mut Bench, seq| {
        let sent = bench.request();
        let answer = bench.answer(bench.head_at(seq), Vec::new(), 0);
        let handed = proof(bench, &sent).handed;
        bench.replica.apply_answer(&bench.who, &sent, &answer, None, NOW_MS).unwrap();
        (handed, body(&sent).entries.len())
    };
    assert_eq!(answer_to(&mut bench, 1), (1, 1));
    assert_eq!(answer_to(&mut bench, 501), (601, 500));
    bench.replica.note(&bench.who, Body::CloseEpoch(CloseEpoch {}), stamp(NOW_MS)).unwrap();
    assert_eq!(answer_to(&mut bench, 601), (601, 100), "the newest entry waits until the pages are whole");
    assert_eq!(answer_to(&mut bench, 602), (602, 1));
}

#[test]
fn an_answer_that_comes_late_is_left_aside() {
    let mut bench = Bench::new(Some(10), 2);
    let late = bench.request();
    let (_, change) = elsewhere(50, 1, 1, NOW_MS);
    bench.feed(vec![change], 4);
    let mut answer = bench.answer(Head::EMPTY, Vec::new(), 9);
    answer.cursor.position = 1;
    assert!(bench.replica.apply_answer(&bench.who, &late, &answer, None, NOW_MS).unwrap().stale);
    assert_eq!(bench.rights(), 4);
}

#[test]
fn a_message_of_an_older_term_is_ignored() {
    let mut bench = Bench::new(Some(10), 2);
    let sent = bench.request();
    let mut answer = bench.answer(Head::EMPTY, Vec::new(), 50);
    answer.term = 0;
    assert!(bench.replica.apply_answer(&bench.who, &sent, &answer, None, NOW_MS).unwrap().stale);
    assert_eq!(bench.rights(), 2);
}

#[test]
fn grants_are_totals_and_repeating_or_lowering_them_changes_nothing() {
    let mut bench = Bench::new(Some(10), 3);
    bench.feed(Vec::new(), 3);
    bench.feed(Vec::new(), 1);
    assert_eq!(bench.rights(), 3);
    bench.feed(Vec::new(), 8);
    assert_eq!(bench.rights(), 8);
}

#[test]
fn a_server_that_holds_another_log_under_this_name_is_sent_this_one_whole() {
    let mut bench = Bench::new(Some(10), 3);
    let sent = bench.request();
    let answer = bench.answer(bench.head_at(1), Vec::new(), 3);
    bench.replica.apply_answer(&bench.who, &sent, &answer, None, NOW_MS).unwrap();
    for head in [Head { seq: 1, hash: EntryHash([9; 32]) }, Head { seq: 40, hash: EntryHash([9; 32]) }] {
        let sent = bench.request();
        let answer = bench.answer(head, Vec::new(), 3);
        let applied = bench.replica.apply_answer(&bench.who, &sent, &answer, None, NOW_MS).unwrap();
        assert!(applied.more && !applied.stale);
        assert_eq!(body(&bench.request()).entries.len(), 1, "from the first entry on");
    }
}

#[test]
fn a_server_that_forgot_is_sent_again_what_it_had_acknowledged() {
    let mut bench = Bench::new(Some(10), 5);
    bench.admit(1);
    let answer_at = |bench: &mut Bench, head: Head, term| {
        let sent = bench.request();
        let mut answer = bench.answer(head, Vec::new(), 5);
        (answer.term, answer.cursor.term) = (term, term);
        bench.replica.apply_answer(&bench.who, &sent, &answer, None, NOW_MS).unwrap();
    };
    for seq in [1, 2] {
        let head = bench.head_at(seq);
        answer_at(&mut bench, head, 1);
    }
    assert_eq!(bench.replica.waiting(bench.who.identity).unwrap(), 0);
    answer_at(&mut bench, Head::EMPTY, 2);
    assert_eq!(body(&bench.request()).entries.len(), 2);
}

#[test]
fn what_cannot_be_read_is_kept_aside_and_blocks_nothing() {
    let mut bench = Bench::new(Some(10), 3);
    let unknown = serde_json::from_str::<Change>(r#"{"hologram":{"x":1}}"#).unwrap();
    let garbage = Change::Entry(usher_protocol::sync::EntryBytes(vec![1, 2, 3]));
    let (_, change) = elsewhere(50, 1, 1, NOW_MS);
    bench.feed(vec![unknown, garbage, change], 3);
    assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally.inside, 1);
    let checked = bench.replica.check(&bench.who).unwrap();
    assert_eq!((checked.unread, checked.differences), (2, Vec::new()), "and says so");
}

#[test]
fn others_entries_are_kept_byte_for_byte_and_repeats_change_nothing() {
    let mut bench = Bench::new(Some(10), 3);
    let (key, change) = elsewhere(50, 1, 1, NOW_MS);
    let Change::Entry(bytes) = &change else { unreachable!() };
    let hash = hash_entry(&bytes.0);
    bench.feed(vec![change.clone(), change], 3);
    let tally = bench.replica.known(&bench.who, HALL).unwrap().tally;
    assert_eq!((tally.inside, tally.occupied), (1, 1));
    assert_eq!(bench.replica.others_entry(key).unwrap().map(|bytes| hash_entry(&bytes)), Some(hash));
}

#[test]
fn waits_grow_are_bounded_and_differ() {
    let mut backoff = Backoff::default();
    let waits: Vec<_> = (0..20_u64).map(|n| backoff.fail(n * 7919)).collect();
    assert!(waits[0] <= 400 && waits[0] >= 200);
    assert!(waits.iter().all(|wait| *wait <= Backoff::WAIT_MS_MAX));
    assert!(waits[12..].windows(2).any(|pair| pair[0] != pair[1]));
    backoff.succeed();
    assert!(backoff.fail(0) <= 400);
}
