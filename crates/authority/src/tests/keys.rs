//! The server's key is replaced: what the old one still says, and what it says no more (decision 0015).

use std::sync::{Arc, Mutex};

use ed25519_dalek::SigningKey;
use usher_core::{
    chain::{AnswerProof, hash_entry, sha256, sign_answer, sign_entry},
    clock::Hlc,
    entry::{Body, CapacitySet, ENTRY_VERSION, Entry, Head},
    ids::{ActorId, BootId, EventId, Identity, SessionId},
};
use usher_protocol::sync::{EntryBytes, Relayed, Signed, SyncAnswer};

use super::{
    NOW, World, person,
    restored::{Kept, Two, begin_term, reopened, two_desks},
    set_capacity, sync, want,
};
use crate::{
    Authority, Error, Fresh, MemoryStore, Roster, RosterLine, Rotation, Store,
    conformance::desk::{Desk, counter},
    store::EntryRow,
};

fn rotate(world: &World, number: u64) {
    let mut random = counter(u128::from(number) << 96);
    let fresh = Fresh { now_ms: NOW, random: &mut random };
    assert_eq!(world.rotate_key(false, fresh).unwrap(), Rotation::Done { number });
}

/// The key in the roster: what a thief of the server's files has.
fn stolen(roster: &Kept) -> SigningKey {
    let lines = roster.lines().unwrap();
    let mut keys = lines.iter().filter_map(|line| match line {
        RosterLine::Event { key, .. } => Some(SigningKey::from_bytes(&key.0)),
        _ => None,
    });
    let key = keys.next().unwrap();
    assert!(keys.next().is_none(), "the newest only");
    key
}

fn lines_of(roster: &Kept) -> Kept {
    Kept(Arc::new(Mutex::new(roster.lines().unwrap())))
}

fn verified(world: &World) {
    assert_eq!(world.verify().unwrap().findings, []);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

/// A sync that shows `word`, whose answer arrives.
fn showing(world: &World, desk: &mut Desk, word: &Signed, chain: &[Signed]) -> SyncAnswer {
    let mut body = desk.request(Vec::new(), 500, NOW).body;
    (body.receipt, body.successions) = (Some(word.clone()), chain.to_vec());
    let answer = desk.sign(body).to(world, NOW).unwrap().unwrap();
    desk.apply(&answer).unwrap();
    answer
}

fn receipt(world: &World, desk: &mut Desk) -> Signed {
    let answer = sync(world, desk, Vec::new(), NOW);
    world.sign_answer(desk.i, &answer, b"body").unwrap()
}

/// What `key` says of an answer, whoever has it.
fn word(key: &SigningKey, event: EventId, own: Identity, head: Head, to: Identity, term: u64) -> Signed {
    let (acknowledged, body) = (Head::EMPTY, sha256(b"body"));
    let bytes =
        AnswerProof { event, to, own, head, acknowledged, term, position: 0, body, root: None }.to_bytes();
    let signature = sign_answer(key, &bytes);
    Signed::new(bytes, &signature)
}

/// An entry of the server's log behind `head` that sets a capacity.
fn forged(event: EventId, own: Identity, head: Head, session: SessionId) -> Entry {
    let set = CapacitySet { session, capacity: Some(10_000), actor: ActorId(uuid::Uuid::nil()) };
    Entry {
        v: ENTRY_VERSION,
        event,
        station: own.station,
        epoch: own.epoch,
        seq: head.seq + 1,
        prev_hash: head.hash,
        hlc: Hlc(u64::MAX >> 1),
        wall_ms: NOW,
        mono_ms: 0,
        boot_id: BootId(uuid::Uuid::nil()),
        body: Body::CapacitySet(set),
    }
}

fn end_of(world: &World) -> Head {
    let own = world.own_log();
    world.store_for_tests().read(|look| look.log(own)).unwrap().unwrap().head
}

#[test]
fn a_new_key_signs_from_then_on_and_everything_before_still_holds() {
    let Two { world, session, mut one, roster, .. } = two_desks();
    set_capacity(&world, session, Some(8));
    let before = receipt(&world, &mut one);
    let (old, term) = (world.server_key(), world.term());
    rotate(&world, 1);
    assert_ne!(world.server_key(), old);
    assert_ne!(stolen(&roster).verifying_key(), old, "the old secret is not kept");
    set_capacity(&world, session, Some(9));
    let answer = showing(&world, &mut one, &before, &[]);
    assert_eq!((answer.successions.len(), answer.term), (1, term), "it is told how the key was replaced");
    let record = one.records.values().find(|json| json.contains("Europe/Madrid")).unwrap();
    let hex = data_encoding::HEXLOWER.encode(world.server_key().as_bytes());
    assert!(record.contains(&hex), "the event names the new key");
    let after = world.sign_answer(one.i, &answer, b"body").unwrap();
    assert_eq!(
        showing(&world, &mut one, &after, &[]).successions,
        [],
        "who shows that it knows is told nothing"
    );
    rotate(&world, 2);
    assert_eq!(showing(&world, &mut one, &after, &[]).successions.len(), 2);
    for word in [before, after] {
        assert_eq!(world.verify_receipt(&word).unwrap(), []);
    }
    verified(&world);
    let own = world.own_log();
    let opened = reopened(world.store_for_tests().copy(), &roster);
    assert_eq!((opened.server_key(), opened.own_log(), opened.term()), (world.server_key(), own, term));
    verified(&opened);
}

#[test]
fn what_the_old_key_signs_beyond_its_end_is_nothing() {
    let Two { world, session, mut one, two, roster, .. } = two_desks();
    let thief = stolen(&roster);
    rotate(&world, 1);
    let (event, own, end) = (world.event_id(), world.own_log(), end_of(&world));
    let entry = forged(event, own, end, session);
    let bytes = entry.to_bytes();
    let head = Head { seq: entry.seq, hash: hash_entry(&bytes) };
    let said = word(&thief, event, own, head, one.i, world.term());
    let again = Identity { epoch: usher_core::ids::Epoch(99), ..own };
    let other = forged(event, again, Head::EMPTY, session);
    let invented = Head { seq: 1, hash: hash_entry(&other.to_bytes()) };
    let elsewhere = word(&thief, event, again, invented, one.i, world.term());
    for one in [&said, &elsewhere] {
        assert_eq!(world.verify_receipt(one).unwrap(), [], "it says nothing that could be missing");
    }
    begin_term(&world);
    let mut body = one.request(Vec::new(), 500, NOW).body;
    let part = |log, bytes: Vec<u8>, proof: &Signed| Relayed {
        log,
        entries: vec![EntryBytes(bytes)],
        proof: proof.clone(),
    };
    body.relayed = vec![part(own, bytes.clone(), &said), part(again, other.to_bytes(), &elsewhere)];
    one.cursor.term = world.term();
    one.sign(body).to(&world, NOW).unwrap().unwrap();
    let held = |key| world.store_for_tests().read(|look| look.entry(key)).unwrap().is_some();
    assert!(!held(own.key(head.seq)) && !held(again.key(1)));
    assert_eq!(world.board(NOW).unwrap().sessions[0].capacity, Some(10));
    // Whoever writes it into the database is found out.
    let signature = Some(sign_entry(&thief, head.hash));
    let row = EntryRow { key: entry.key(), hash: head.hash, bytes, received_ms: NOW, remarks: 0, signature };
    world.store_for_tests().write(|txn| txn.put_entry(&row, true)).unwrap();
    let found = world.verify().unwrap().findings;
    assert!(found.iter().any(|finding| finding.flaw == crate::Flaw::Signature), "{found:?}");
    drop(two);
}

#[test]
fn an_old_key_can_say_once_that_something_was_forgotten_and_no_more() {
    let Two { world, mut one, mut two, roster, .. } = two_desks();
    let thief = stolen(&roster);
    rotate(&world, 1);
    let (event, own, term) = (world.event_id(), world.own_log(), world.term());
    let far = Head { seq: 1_000, ..end_of(&world) };
    let (to, other) = (one.i, two.i);
    showing(&world, &mut one, &word(&thief, event, own, far, to, u64::MAX), &[]);
    assert_eq!(world.term(), term, "a term in which that key did not sign");
    showing(&world, &mut one, &word(&thief, event, own, far, to, term), &[]);
    let begun = world.term();
    assert!(begun > term, "it may be true: a server that was put back does not know how far it was");
    for said in [term, begun, begun + 1] {
        showing(&world, &mut two, &word(&thief, event, own, far, other, said), &[]);
        assert_eq!(world.term(), begun);
    }
}

/// The part of the server's log that `desk` knows and `restored` does not, as the desk would give it back.
fn give_back(desk: &mut Desk, restored: &World, log: Identity, proof: Signed) {
    let held = restored.store_for_tests().read(|look| look.log(log)).unwrap().map_or(0, |row| row.head.seq);
    let upto = AnswerProof::from_bytes(&proof.proof.0).unwrap().head.seq;
    let entries =
        desk.known.range(log.key(held + 1)..=log.key(upto)).map(|(_, bytes)| EntryBytes(bytes.clone()));
    let part = Relayed { log, entries: entries.collect(), proof };
    assert!(!part.entries.is_empty());
    let mut body = desk.request(Vec::new(), 500, NOW).body;
    (body.relayed, body.all_given_back) = (vec![part], Some(true));
    desk.cursor.term = restored.term();
    desk.sign(body).to(restored, NOW).unwrap().unwrap();
}

#[test]
fn a_server_put_back_to_before_its_key_was_replaced_goes_on_with_the_key_of_its_roster() {
    let Two { world, session, mut one, mut two, backup, roster, .. } = two_desks();
    sync(&world, &mut two, want(session, 3), NOW);
    set_capacity(&world, session, Some(8));
    let by_old = receipt(&world, &mut one);
    let log = world.own_log();
    rotate(&world, 1);
    sync(&world, &mut two, want(session, 5), NOW);
    let restored = reopened(backup, &roster);
    assert_eq!(restored.server_key(), world.server_key());
    assert!(restored.term() > world.term(), "the roster knows of a key that the database does not");
    assert_eq!(showing(&restored, &mut one, &by_old, &[]).successions.len(), 1);
    give_back(&mut one, &restored, log, by_old);
    let room = restored.board(NOW).unwrap().sessions.remove(0);
    assert_eq!((room.capacity, room.outstanding), (Some(8), 3), "what the old key had signed is believed");
    verified(&restored);
}

#[test]
fn a_server_put_back_without_its_newest_key_is_told_and_goes_on_once_it_has_it() {
    let Two { world, session, mut one, backup, roster, lines, .. } = two_desks();
    rotate(&world, 1);
    let answer = sync(&world, &mut one, want(session, 4), NOW);
    let (by_new, chain) = (world.sign_answer(one.i, &answer, b"body").unwrap(), chain(&world));
    let restored = reopened(backup, &lines);
    assert_ne!(restored.server_key(), world.server_key());
    let mut request = one.request(Vec::new(), 500, NOW).body;
    assert!(!restored.lacks_its_key(&request));
    request.successions = chain.clone();
    assert!(restored.lacks_its_key(&request));
    let term = restored.term();
    showing(&restored, &mut one, &by_new, &[]);
    assert_eq!(restored.term(), term, "without what leads to that key it may be anybody's");
    showing(&restored, &mut one, &by_new, &chain);
    let begun = restored.term();
    assert!(begun > term, "nothing is given by a server that knows that it was put back");
    showing(&restored, &mut one, &by_new, &chain);
    assert_eq!(restored.term(), begun);
    // The roster with the key is put back, beside what the server did since.
    let healed = reopened(restored.store_for_tests().copy(), &roster);
    assert_eq!(healed.server_key(), world.server_key());
    request.successions = chain;
    assert!(!healed.lacks_its_key(&request));
    // What it wrote with the replaced key meanwhile is named: nobody can tell it from what a thief would write.
    let found = healed.verify().unwrap().findings;
    let meanwhile = restored.own_log();
    assert!(!found.is_empty() && found.iter().all(|finding| finding.at.identity() == meanwhile), "{found:?}");
}

fn chain(world: &World) -> Vec<Signed> {
    world.store_for_tests().read(|look| look.successions()).unwrap()
}

#[test]
fn a_lost_database_comes_back_from_the_roster_with_the_newest_key() {
    let Two { world, session, mut one, roster, .. } = two_desks();
    rotate(&world, 1);
    rotate(&world, 2);
    set_capacity(&world, session, Some(8));
    let (by_new, log) = (receipt(&world, &mut one), world.own_log());
    let mut random = counter(6);
    let fresh = Fresh { now_ms: NOW + 1, random: &mut random };
    let restored = Authority::restore(MemoryStore::default(), Box::new(roster.clone()), fresh).unwrap();
    assert_eq!((restored.server_key(), chain(&restored)), (world.server_key(), chain(&world)));
    give_back(&mut one, &restored, log, by_new);
    verified(&restored);
    let own = restored.own_log();
    rotate_at_once(&restored, 3);
    assert_eq!(restored.own_log(), own);
    verified(&restored);
}

fn rotate_at_once(world: &World, number: u64) {
    let mut random = counter(u128::from(number) << 96);
    let fresh = Fresh { now_ms: NOW, random: &mut random };
    assert_eq!(world.rotate_key(true, fresh).unwrap(), Rotation::Done { number });
}

#[test]
fn while_desks_are_awaited_the_key_is_replaced_only_at_once() {
    let Two { world, session, mut one, mut two, .. } = two_desks();
    sync(&world, &mut one, want(session, 2), NOW);
    begin_term(&world);
    let mut random = counter(4);
    let refused = world.rotate_key(false, Fresh { now_ms: NOW, random: &mut random }).unwrap();
    assert_eq!(refused, Rotation::Awaiting);
    assert_eq!(chain(&world), [], "nothing was changed");
    rotate_at_once(&world, 1);
    for desk in [&mut one, &mut two] {
        for _ in 0..2 {
            let mut sent = desk.request(Vec::new(), 500, NOW);
            sent.body.all_given_back = Some(true);
            let answer = desk.sign(sent.body).to(&world, NOW).unwrap().unwrap();
            desk.apply(&answer).unwrap();
        }
    }
    rotate(&world, 2);
    one.check_in(session, person(1), usher_core::entry::Basis::Grant, 5);
    sync(&world, &mut one, Vec::new(), NOW);
    verified(&world);
}

#[test]
fn a_crash_before_the_roster_was_written_is_made_good_before_anybody_is_answered() {
    let Two { world, roster, .. } = two_desks();
    let before = lines_of(&roster);
    rotate(&world, 1);
    let opened = reopened(world.store_for_tests().copy(), &before);
    assert_eq!((opened.server_key(), opened.term()), (world.server_key(), world.term()));
    assert_eq!(stolen(&before).verifying_key(), world.server_key());
    assert!(before.lines().unwrap().iter().any(|line| matches!(line, RosterLine::Succession(_))));
    // A roster that is lost is written whole.
    let lost = Kept::default();
    let opened = reopened(world.store_for_tests().copy(), &lost);
    assert_eq!(stolen(&lost).verifying_key(), opened.server_key());
}

#[test]
fn a_roster_with_another_key_is_refused() {
    let Two { world, backup, roster, lines, .. } = two_desks();
    rotate(&world, 1);
    let other = reopened(backup, &lines);
    let mut random = counter(77);
    other.rotate_key(true, Fresh { now_ms: NOW + 9, random: &mut random }).unwrap();
    let mut random = counter(78);
    let fresh = Fresh { now_ms: NOW, random: &mut random };
    let opened = Authority::open_with(other.store_for_tests().copy(), Box::new(roster), fresh);
    assert!(matches!(opened, Err(Error::Damaged(_))));
}
