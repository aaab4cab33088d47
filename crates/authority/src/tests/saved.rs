//! Logs that desks saved: what holds in them, and what does not.

use usher_core::{
    chain::hash_entry,
    entry::{Basis, Entry, Head},
};
use usher_protocol::sync::{EntryBytes, Signed};

use super::{NOW, World, person, sync, with_session};
use crate::{
    Finding, Flaw, SavedLog,
    conformance::desk::{Desk, Sent},
};

/// A desk with four entries, all of them at the server, and what the server signed to it.
fn scene() -> (World, Desk, Signed) {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    for n in 1..4 {
        desk.check_in(session, person(n), Basis::Unlimited, 1);
    }
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    let receipt = world.sign_answer(desk.i, &answer, b"{}").unwrap();
    assert_eq!(desk.head.seq, 4);
    (world, desk, receipt)
}

/// The whole log as the desk would save it.
fn whole(desk: &Desk) -> Sent {
    let mut desk = desk.clone();
    desk.acknowledged = 0;
    desk.request(Vec::new(), 500, NOW)
}

fn findings(world: &World, sent: &Sent) -> Vec<Finding> {
    let mut saved = SavedLog::default();
    saved.add(&sent.proof, &sent.body);
    world.verify_saved(&saved).unwrap()
}

/// The desk writes entry 2 anew, and chains what follows.
fn rewritten(mut sent: Sent) -> Sent {
    let mut before = Head::EMPTY;
    for EntryBytes(bytes) in &mut sent.body.entries {
        let mut entry = Entry::from_bytes(bytes).unwrap();
        entry.wall_ms += i64::from(entry.seq == 2);
        entry.prev_hash = before.hash;
        *bytes = entry.to_bytes();
        before = Head { seq: entry.seq, hash: hash_entry(bytes) };
    }
    sent.proof.head = before;
    sent
}

#[test]
fn a_log_that_is_what_was_sent_holds_also_with_what_was_not_sent_yet() {
    let (world, mut desk, receipt) = scene();
    let session = world.sessions().unwrap()[0].rules.id;
    desk.check_in(session, person(9), Basis::Unlimited, 2);
    let mut sent = whole(&desk);
    sent.body.receipt = Some(receipt);
    assert_eq!(findings(&world, &sent), []);
}

#[test]
fn the_first_entry_that_was_written_anew_is_named() {
    let (world, desk, receipt) = scene();
    let mut sent = rewritten(whole(&desk));
    let first = [Finding { at: desk.i.key(2), flaw: Flaw::Rewritten }];
    assert_eq!(findings(&world, &sent), first);
    sent.body.receipt = Some(receipt);
    assert_eq!(findings(&world, &sent), first, "one life, one finding");
    sent.to(&world, NOW).unwrap().unwrap();
    assert_eq!(
        findings(&world, &sent),
        [Finding { at: desk.i.key(4), flaw: Flaw::Acknowledged }],
        "sent afterwards it is a branch that is held; the server's word about the first one stays"
    );
}

#[test]
fn what_the_server_signed_is_missed_where_the_log_ends_before_it() {
    let (world, desk, receipt) = scene();
    let mut sent = whole(&desk);
    sent.body.entries.pop();
    let third = Entry::from_bytes(&sent.body.entries[2].0).unwrap();
    sent.proof.head = Head { seq: 3, hash: hash_entry(&third.to_bytes()) };
    assert_eq!(findings(&world, &sent), [], "an earlier state of the log, as far as anybody can tell");
    sent.body.receipt = Some(receipt.clone());
    assert_eq!(findings(&world, &sent), [Finding { at: desk.i.key(4), flaw: Flaw::Cut }]);
    sent.body.receipt = Some(Signed::new(receipt.proof.0, &[0; 64]));
    assert_eq!(findings(&world, &sent), [], "what the server did not sign says nothing");
}

#[test]
fn a_gap_a_break_and_a_missing_end_are_found_in_the_log_itself() {
    let (world, desk, _) = scene();
    let found = |change: &dyn Fn(&mut Sent)| {
        let mut sent = whole(&desk);
        change(&mut sent);
        findings(&world, &sent)
    };
    let at = |seq, flaw| Finding { at: desk.i.key(seq), flaw };
    assert_eq!(found(&|sent| drop(sent.body.entries.remove(1))), [at(3, Flaw::Missing)]);
    assert_eq!(
        found(&|sent| sent.body.entries[1].0.clear()),
        [at(3, Flaw::Missing)],
        "the desk could not read it"
    );
    assert_eq!(found(&|sent| sent.body.entries.swap(1, 2))[0], at(3, Flaw::Missing));
    assert_eq!(found(&|sent| drop(sent.body.entries.pop())), [at(4, Flaw::Truncated)]);
    let unchained = found(&|sent| sent.body.entries[1] = rewritten(sent.clone()).body.entries[1].clone());
    assert_eq!(unchained, [at(3, Flaw::Chain), at(2, Flaw::Rewritten)]);
}

#[test]
fn a_file_that_ends_early_is_named_with_its_last_entry() {
    let (world, desk, _) = scene();
    let mut saved = SavedLog::default();
    assert!(!saved.ends_early(), "nothing was read of it");
    let sent = whole(&desk);
    saved.add(&sent.proof, &sent.body);
    assert!(saved.ends_early());
    assert_eq!(world.verify_saved(&saved).unwrap(), [Finding { at: desk.i.key(4), flaw: Flaw::Torn }]);
}
