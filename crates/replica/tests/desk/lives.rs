//! New lives of a log: fenced, copied, rolled back; branches; what is owed, and what is given back.

use usher_core::{
    branch::{Branch, Fork},
    chain::{AnswerProof, hash_entry},
    entry::*,
    ids::*,
    verdict::Verdict,
};
use usher_protocol::{
    records::{EventRecord, ServerRecord},
    sync::*,
};
use usher_replica::*;
use uuid::Uuid;

use crate::bench::*;

fn body(outgoing: &Outgoing) -> SyncRequest {
    serde_json::from_slice(&outgoing.body).unwrap()
}

/// An entry of the server's log, as the feed brings it.
pub(crate) fn from_server(bench: &Bench, seq: Seq, body: Body) -> Change {
    let entry = Entry {
        v: ENTRY_VERSION,
        event: bench.who.event,
        station: SERVER.station,
        epoch: SERVER.epoch,
        seq,
        prev_hash: EntryHash([0; 32]),
        hlc: usher_core::clock::Hlc::from_ms(NOW_MS),
        wall_ms: NOW_MS,
        mono_ms: 0,
        boot_id: BootId(Uuid::nil()),
        body,
    };
    Change::Entry(EntryBytes(entry.to_bytes()))
}

/// The event, with the server that speaks for it.
pub(crate) fn event(bench: &Bench) -> Change {
    let public_key = data_encoding::HEXLOWER.encode(server_key().verifying_key().as_bytes());
    let server = Some(ServerRecord { station: SERVER.station, public_key });
    let (id, name, time_zone) = (bench.who.event, "Fest".into(), "Europe/Madrid".into());
    Change::Event(EventRecord { server, ..EventRecord::new(id, name, time_zone) })
}

pub(crate) fn holds(rev: u64, term: Term, on: &[u128], off: &[u128]) -> Body {
    let people = |all: &[u128]| all.iter().map(|n| person(*n)).collect();
    Body::HoldsSet(HoldsSet { session: HALL, term, rev, on: people(on), off: people(off) })
}

/// Syncs in which everything so far is acknowledged, earlier lives first; the last one brings `changes`.
pub(crate) fn settle(bench: &mut Bench, changes: Vec<Change>, term: Term) -> Applied {
    settle_with(bench, changes, term, None)
}

/// The same where the server counts the earlier life as a branch.
fn settle_with(bench: &mut Bench, changes: Vec<Change>, term: Term, branch: Option<&Branch>) -> Applied {
    let mut changes = Some(changes);
    loop {
        let sent = bench.request();
        let current = sent.life == bench.who.identity;
        let end = bench.replica.logged(sent.life, 0, 10_000).unwrap().pop().unwrap();
        let head = Head { seq: end.entry.seq, hash: end.hash };
        let brought = if current { changes.take().unwrap_or_default() } else { Vec::new() };
        let mut answer = bench.answer(head, brought, 0);
        (answer.term, answer.cursor.term) = (term, term);
        answer.branch = branch.filter(|_| !current).cloned().map(Into::into);
        let applied = bench.apply(&sent, &answer).unwrap();
        if current {
            return applied;
        }
    }
}

pub(crate) fn begin(bench: &mut Bench, why: NewLife, epoch: u64) {
    let machine = bench.who.machine;
    bench.who = bench.replica.begin_life(&bench.who, why, Epoch(epoch), machine, stamp(NOW_MS)).unwrap();
}

#[test]
fn a_fenced_life_gives_its_rights_back_closes_and_is_sent_to_its_end() {
    let mut bench = Bench::new(Some(10), 5);
    bench.admit(1);
    begin(&mut bench, NewLife::Fenced, 78);
    assert_eq!(bench.rights(), 0);
    let old = Identity { epoch: Epoch(77), ..bench.who.identity };
    let kinds: Vec<_> =
        bench.replica.logged(old, 2, 9).unwrap().into_iter().map(|logged| logged.entry.body.word()).collect();
    assert_eq!(kinds, ["return", "close_epoch"]);
    let first = &bench.replica.logged(bench.who.identity, 0, 1).unwrap()[0].entry.body;
    assert!(matches!(first, Body::OpenEpoch(open) if open.follows.is_some_and(|follows| follows.seq == 4)));
    assert_eq!(bench.replica.waiting(bench.who.identity).unwrap(), 5);
    // The fixture's first request handed over entry 1 of the old life; then the rest of it goes, and then the new life.
    for (life, upto, handed) in [(old, 1, 1), (old, 4, 4), (bench.who.identity, 1, 1)] {
        let sent = bench.request();
        let proof = sent.proof.read().unwrap().verify(&bench.who.key.verifying_key(), &sent.body).unwrap();
        assert_eq!((sent.life, proof.handed), (life, handed));
        let hash = bench.replica.logged(life, upto - 1, 1).unwrap()[0].hash;
        let answer = bench.answer(Head { seq: upto, hash }, Vec::new(), 9);
        bench.apply(&sent, &answer).unwrap();
    }
    assert_eq!((bench.replica.waiting(bench.who.identity).unwrap(), bench.rights()), (0, 9));
    assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally.inside, 1, "the old life still counts");
    assert!(matches!(bench.verdict(1), Verdict::AlreadyCheckedIn(_)));
}

#[test]
fn a_server_that_was_put_back_is_sent_earlier_lives_once_more() {
    let mut bench = Bench::new(Some(10), 5);
    bench.admit(1);
    let old = bench.who.identity;
    begin(&mut bench, NewLife::Fenced, 78);
    settle(&mut bench, Vec::new(), 1);
    assert_eq!(bench.request().life, bench.who.identity, "the old life is held to its end");
    settle(&mut bench, Vec::new(), 2);
    let again = bench.request();
    assert_eq!(again.life, old, "the backup may lack the end of it");
    assert!(!body(&again).entries.is_empty());
    // Seed 8 with hidden restores: the log that is written was still awaited, and nobody asked for its turn.
    let end = bench.replica.logged(old, 0, 10_000).unwrap().pop().unwrap();
    let mut answer = bench.answer(Head { seq: end.entry.seq, hash: end.hash }, Vec::new(), 0);
    (answer.term, answer.cursor.term) = (2, 2);
    assert!(bench.apply(&again, &answer).unwrap().more, "the log that is written has its turn next");
}

#[test]
fn a_copied_life_is_not_written_any_more() {
    let mut bench = Bench::new(Some(10), 5);
    let before = bench.replica.head(&bench.who).unwrap();
    let old = bench.who.clone();
    begin(&mut bench, NewLife::Copied, 78);
    assert_eq!((bench.replica.head(&old).unwrap(), bench.rights()), (before, 0));
}

#[test]
fn a_log_on_another_computer_or_put_back_to_an_older_copy_does_not_go_on() {
    let bench = Bench::new(Some(10), 5);
    let machine = bench.who.machine;
    assert!(bench.replica.goes_on(&bench.who, machine).unwrap());
    assert!(!bench.replica.goes_on(&bench.who, MachineId(Uuid::from_u128(99))).unwrap());
    let Bench { replica, who, folder, .. } = bench;
    drop(replica);
    let log = folder.path().join("log.db");
    let copy = std::fs::read(&log).unwrap();
    let replica = Replica::open(folder.path()).unwrap();
    replica.note(&who, Body::CloseEpoch(CloseEpoch {}), stamp(NOW_MS)).unwrap();
    drop(replica);
    let replica = Replica::open(folder.path()).unwrap();
    assert!(replica.goes_on(&who, machine).unwrap(), "a restart is no roll-back");
    drop(replica);
    std::fs::write(&log, copy).unwrap();
    for beside in ["log.db-wal", "log.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(beside));
    }
    let replica = Replica::open(folder.path()).unwrap();
    assert!(!replica.goes_on(&who, machine).unwrap());
}

#[test]
fn a_desk_that_learns_it_is_the_second_branch_counts_its_entries_under_the_branch() {
    let mut bench = Bench::new(Some(10), 5);
    let mine = bench.admit(1);
    bench.replica.absorb(&bench.who).unwrap();
    let sent = bench.request();
    let second = bench.replica.logged(bench.who.identity, 1, 1).unwrap()[0].clone();
    let branch = Branch::new(bench.who.identity, None, Fork::new(2, second.hash));
    let mut answer = bench.answer(bench.head_at(2), Vec::new(), 5);
    answer.branch = Some(branch.clone().into());
    answer.fenced = true;
    assert!(bench.apply(&sent, &answer).unwrap().fenced);
    begin(&mut bench, NewLife::Fenced, 78);
    // What the other branch wrote under the same number comes down as another desk's would.
    let mut other = second.entry.clone();
    if let Body::CheckIn(check_in) = &mut other.body {
        check_in.subject = Subject::Person(person(2));
    }
    let bytes = other.to_bytes();
    assert_ne!(hash_entry(&bytes), second.hash);
    settle_with(&mut bench, vec![Change::Entry(EntryBytes(bytes))], 1, Some(&branch));
    assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally.inside, 2, "both were let in");
    let verdict = bench.verdict(1);
    assert!(matches!(verdict, Verdict::AlreadyCheckedIn(by) if by.key == branch.key(mine)));
    assert_eq!(bench.replica.check(&bench.who).unwrap().differences, []);
    let undo = UndoReason::WrongPerson;
    let shift = ShiftId(Uuid::nil());
    bench.replica.undo(&bench.who, Uuid::from_u128(5), mine, undo, shift, stamp(NOW_MS)).unwrap();
    assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally.inside, 1);
    let last = bench.replica.head(&bench.who).unwrap().seq;
    let undo = &bench.replica.logged(bench.who.identity, last - 1, 1).unwrap()[0].entry.body;
    assert!(matches!(undo, Body::Undo(undo) if undo.of == branch.key(mine) && !undo.refund));
}

/// Two computers go on in one log, and a server that was put back hears them in the other order.
#[test]
fn a_branch_is_the_log_again_where_a_server_that_was_put_back_counts_it_so() {
    let mut bench = Bench::new(Some(10), 5);
    let mine = bench.admit(1);
    bench.replica.absorb(&bench.who).unwrap();
    let branch = Branch::new(bench.who.identity, None, Fork::new(2, bench.head_at(2).hash));
    let named = |bench: &Bench| match bench.verdict(1) {
        Verdict::AlreadyCheckedIn(by) => by.key,
        other => panic!("{other:?}"),
    };
    let (at, end) = (bench.head_at(1), bench.head_at(2));
    for (term, held, mark, key) in [
        (1, end, Some(branch.clone()), branch.key(mine)),
        (2, at, None, branch.key(mine)),
        (2, end, None, mine),
    ] {
        let sent = bench.request();
        let mut answer = bench.answer(held, Vec::new(), 5);
        (answer.term, answer.cursor.term, answer.branch) = (term, term, mark.map(Into::into));
        bench.apply(&sent, &answer).unwrap();
        assert_eq!(named(&bench), key, "{answer:?}");
        assert_eq!(bench.replica.check(&bench.who).unwrap().differences, []);
    }
}

/// Found by `usher-sim` (seed 106312): the disk failed when the next life was to begin, and the old one went on spending.
#[test]
fn a_log_that_was_written_off_spends_nothing_more_even_before_its_next_life_begins() {
    let mut bench = Bench::new(Some(10), 5);
    assert_eq!(bench.verdict(1), Verdict::Registered);
    let sent = bench.request();
    let mut answer = bench.answer(bench.replica.head(&bench.who).unwrap(), Vec::new(), 5);
    answer.fenced = true;
    assert!(bench.apply(&sent, &answer).unwrap().fenced);
    assert_eq!(bench.verdict(1), Verdict::GrantEmpty);
}

#[test]
fn what_the_server_asks_back_is_returned_as_far_as_it_is_not_spent() {
    let mut bench = Bench::new(Some(10), 5);
    bench.admit(1);
    for (total, left) in [(2, 3), (2, 3), (9, 0)] {
        let sent = bench.request();
        let mut answer = bench.answer(Head::EMPTY, Vec::new(), 5);
        answer.recalls = vec![GrantTotal { session: HALL, total }];
        bench.apply(&sent, &answer).unwrap();
        bench.replica.do_duties(&bench.who, Some(HALL), stamp(NOW_MS)).unwrap();
        assert_eq!(bench.rights(), left);
    }
}

#[test]
fn rights_of_a_session_that_is_not_served_are_given_back() {
    let bench = Bench::new(Some(10), 5);
    bench.replica.do_duties(&bench.who, None, stamp(NOW_MS)).unwrap();
    assert_eq!(bench.rights(), 0);
}

#[test]
fn a_server_that_lacks_something_is_given_what_is_proven_and_each_part_once() {
    let mut bench = Bench::new(None, 0);
    let (key, change) = elsewhere(50, 1, 1, NOW_MS);
    let log = key.identity();
    let proof = |seq| {
        let signed = Signed::new(vec![1, 2, 3], &[4; 64]);
        Change::Proof(LogProof { log, head: Head { seq, hash: EntryHash([0; 32]) }, signed })
    };
    settle(&mut bench, vec![change, proof(1)], 1);
    let ask = |bench: &mut Bench| {
        let head = bench.replica.head(&bench.who).unwrap();
        let sent = bench.request();
        let mut answer = bench.answer(head, Vec::new(), 0);
        (answer.term, answer.cursor.term) = (2, 2);
        answer.lacks = Some(vec![LogEnd { log, seq: 0 }]);
        bench.apply(&sent, &answer).unwrap();
        body(&sent)
    };
    assert!(ask(&mut bench).relayed.is_empty());
    let given = ask(&mut bench);
    assert_eq!((given.relayed.len(), given.all_given_back), (1, Some(true)));
    assert_eq!(given.relayed[0].entries.len(), 1);
    let again = ask(&mut bench);
    assert_eq!((again.relayed.len(), again.all_given_back), (0, Some(true)));
}

/// A list that was fetched whole proves a log only at its end, however long it is.
#[test]
fn a_long_log_is_given_back_by_itself_and_one_that_is_too_long_holds_nothing_up() {
    let mut bench = Bench::new(None, 0);
    let sizes = [(50, 3_000), (51, 3_000), (52, 7_000), (53, 13_000)];
    for (station, length) in sizes {
        let one = |seq| elsewhere(station, seq, 100_000 * station + u128::from(seq), NOW_MS);
        let log = one(1).0.identity();
        let signed = Signed::new(vec![1, 2, 3], &[4; 64]);
        let proof = LogProof { log, head: Head { seq: length, hash: EntryHash([0; 32]) }, signed };
        let changes = (1..=length).map(|seq| one(seq).1).chain([Change::Proof(proof)]);
        settle(&mut bench, changes.collect(), 1);
    }
    lacks_everything(&mut bench, Vec::new());
    let mut given = Vec::new();
    for _ in 0..3 {
        let sent = lacks_everything(&mut bench, Vec::new());
        given.push((sent.relayed.iter().map(|part| part.entries.len()).sum::<usize>(), sent.all_given_back));
    }
    assert_eq!(given, [(3_000, Some(false)), (3_000, Some(false)), (7_000, Some(true))]);
}

#[test]
fn an_older_proof_from_a_server_that_was_put_back_takes_no_newer_ones_place() {
    let mut bench = Bench::new(None, 0);
    let (key, first) = elsewhere(50, 1, 1, NOW_MS);
    let (_, second) = elsewhere(50, 2, 2, NOW_MS);
    let log = key.identity();
    let proof = |seq| {
        let signed = Signed::new(vec![1, 2, 3], &[4; 64]);
        Change::Proof(LogProof { log, head: Head { seq, hash: EntryHash([0; 32]) }, signed })
    };
    settle(&mut bench, vec![first, second, proof(2)], 1);
    lacks_everything(&mut bench, vec![proof(1)]);
    assert_eq!(body(&bench.request()).relayed[0].entries.len(), 2, "seed 50 with hidden restores");
}

/// A request, and an answer in term 2 of a server that holds nothing of any log.
fn lacks_everything(bench: &mut Bench, changes: Vec<Change>) -> SyncRequest {
    let head = bench.replica.head(&bench.who).unwrap();
    let sent = bench.request();
    let mut answer = bench.answer(head, changes, 0);
    (answer.term, answer.cursor.term) = (2, 2);
    answer.lacks = Some(Vec::new());
    bench.apply(&sent, &answer).unwrap();
    body(&sent)
}

/// Over a slow line what is given back may never arrive; what was done here since is short.
#[test]
fn a_request_with_what_is_given_back_that_stays_unanswered_is_followed_by_one_without() {
    let mut bench = Bench::new(None, 2);
    let (key, change) = elsewhere(50, 1, 1, NOW_MS);
    let log = key.identity();
    let signed = Signed::new(vec![1, 2, 3], &[4; 64]);
    let proof = LogProof { log, head: Head { seq: 1, hash: EntryHash([0; 32]) }, signed };
    settle(&mut bench, vec![change, Change::Proof(proof)], 1);
    lacks_everything(&mut bench, Vec::new());
    bench.admit(2);
    let said = |sent: SyncRequest| (sent.relayed.len(), sent.entries.len(), sent.all_given_back);
    let lost: Vec<_> = (0..3).map(|_| said(body(&bench.request()))).collect();
    assert_eq!(lost, [(1, 1, Some(true)), (0, 1, Some(false)), (1, 1, Some(true))]);
    let arrived: Vec<_> = (0..3).map(|_| said(lacks_everything(&mut bench, Vec::new()))).collect();
    assert_eq!(arrived, [(0, 1, Some(false)), (1, 0, Some(true)), (0, 0, Some(true))]);
}

/// A server that was put back once more lacks what the one before it had, and what it could not take without that.
#[test]
fn what_was_offered_to_a_server_of_another_term_is_offered_again() {
    let mut bench = Bench::new(None, 0);
    let (key, first) = elsewhere(50, 1, 1, NOW_MS);
    let (_, second) = elsewhere(50, 2, 2, NOW_MS);
    let log = key.identity();
    let signed = Signed::new(vec![1, 2, 3], &[4; 64]);
    let proof = LogProof { log, head: Head { seq: 2, hash: EntryHash([0; 32]) }, signed };
    settle(&mut bench, vec![first, second, Change::Proof(proof)], 1);
    let lacks = |bench: &mut Bench, term, seq| {
        let sent = bench.request();
        let mut answer = bench.answer(bench.replica.head(&bench.who).unwrap(), Vec::new(), 0);
        (answer.term, answer.cursor.term, answer.lacks) = (term, term, Some(vec![LogEnd { log, seq }]));
        bench.apply(&sent, &answer).unwrap();
        body(&sent).relayed.iter().map(|part| part.entries.len()).sum::<usize>()
    };
    let given = [lacks(&mut bench, 2, 1), lacks(&mut bench, 3, 0), lacks(&mut bench, 3, 0)];
    assert_eq!(given, [0, 1, 2]);
}

#[test]
fn what_the_server_wrote_in_an_earlier_term_is_given_back_with_what_it_signed_then() {
    let mut bench = Bench::new(None, 0);
    let entry = from_server(&bench, 1, holds(1, 1, &[1], &[]));
    let Change::Entry(EntryBytes(bytes)) = &entry else { unreachable!() };
    bench.own.1 = Head { seq: 1, hash: hash_entry(bytes) };
    let changes = vec![event(&bench), entry];
    settle(&mut bench, changes, 1);
    // The answer of the new term is signed for another log of the server: seeds 19, 95.
    bench.own = (Identity { epoch: Epoch(9), ..SERVER }, Head::EMPTY);
    lacks_everything(&mut bench, Vec::new());
    let given = body(&bench.request()).relayed;
    assert_eq!((given[0].log, given[0].entries.len()), (SERVER, 1));
    let proof = AnswerProof::from_bytes(&given[0].proof.proof.0).unwrap();
    assert_eq!((proof.own, proof.head.seq), (SERVER, 1));
}

/// Seed 871516: the server may have lost for good what gave the seat, if it went on in the same term before it knew.
#[test]
fn a_restored_server_is_told_of_the_held_seats_of_earlier_terms_once_all_was_given_back() {
    let mut bench = Bench::new(None, 0);
    let entry = from_server(&bench, 1, holds(1, 1, &[1, 2], &[]));
    let Change::Entry(EntryBytes(bytes)) = &entry else { unreachable!() };
    bench.own.1 = Head { seq: 1, hash: hash_entry(bytes) };
    let changes = vec![event(&bench), entry];
    settle(&mut bench, changes, 1);
    bench.own = (Identity { epoch: Epoch(9), ..SERVER }, Head::EMPTY);
    lacks_everything(&mut bench, Vec::new());
    let first = lacks_everything(&mut bench, Vec::new());
    assert_eq!((first.relayed.len(), first.holds.len(), first.all_given_back), (1, 0, Some(false)));
    let second = body(&bench.request());
    let held = HeldSeats { session: HALL, people: vec![person(1), person(2)] };
    assert_eq!((second.relayed.len(), second.holds, second.all_given_back), (0, vec![held], Some(true)));
}

#[test]
fn an_answer_that_the_events_server_did_not_sign_is_refused_whole() {
    let mut bench = Bench::new(Some(10), 0);
    let event = event(&bench);
    bench.feed(vec![event], 1);
    let sent = bench.request();
    let answer = bench.answer(Head::EMPTY, Vec::new(), 9);
    let unsigned = bench.replica.apply_answer(&bench.who, &sent, &answer, None, NOW_MS);
    assert!(matches!(unsigned, Err(SyncError::Unsigned)));
    let body = serde_json::to_vec(&answer).unwrap();
    let mut signed = bench.signed(sent.life, answer.acknowledged, answer.cursor, &body);
    signed.signature.0[0] ^= 1;
    let receipt = Receipt { signed: &signed, body: &body };
    let forged = bench.replica.apply_answer(&bench.who, &sent, &answer, Some(receipt), NOW_MS);
    assert!(matches!(forged, Err(SyncError::Unsigned)));
    assert_eq!(bench.rights(), 1, "a forged grant gives nothing");
    bench.apply(&sent, &answer).unwrap();
    assert_eq!(bench.rights(), 9);
}

/// Changes a byte of an entry of the first life behind the desk's back, and opens the files again.
fn damaged(bench: Bench, seq: i64) -> (Replica, Identified, tempfile::TempDir) {
    let Bench { replica, who, folder, .. } = bench;
    drop(replica);
    let file = rusqlite::Connection::open(folder.path().join("log.db")).unwrap();
    let sql = "SELECT bytes FROM entry WHERE seq = ?1 ORDER BY epoch LIMIT 1";
    let mut bytes: Vec<u8> = file.query_row(sql, [seq], |row| row.get(0)).unwrap();
    // In the last field, so that it still reads as an entry.
    *bytes.last_mut().unwrap() ^= 1;
    file.execute("UPDATE entry SET bytes = ?1 WHERE seq = ?2", rusqlite::params![bytes, seq]).unwrap();
    drop(file);
    (Replica::open(folder.path()).unwrap(), who, folder)
}

#[test]
fn a_damaged_entry_is_left_out_and_what_stands_behind_it_is_sent() {
    let mut bench = Bench::new(Some(10), 5);
    settle(&mut bench, Vec::new(), 1);
    for guest in 1..=3 {
        bench.admit(guest);
    }
    let before = bench.replica.head(&bench.who).unwrap();
    let (replica, who, _folder) = damaged(bench, 3);
    assert!(!replica.goes_on(&who, who.machine).unwrap(), "its rights may be other than its log says");
    let next = replica.begin_life(&who, NewLife::Copied, Epoch(78), who.machine, stamp(NOW_MS)).unwrap();
    let sent = replica.next_request(&next, Asking::default()).unwrap();
    let lengths: Vec<_> = body(&sent).entries.iter().map(|bytes| bytes.0.is_empty()).collect();
    assert_eq!(lengths, [false, true, false], "the first guest, the lost one, the last");
    let proof = usher_core::chain::RequestProof::from_bytes(&sent.proof.signed().unwrap().proof.0).unwrap();
    assert_eq!((proof.head, proof.handed), (before, before.seq));
    let mut file = Vec::new();
    let mut write = |bytes: &[u8]| {
        file.extend_from_slice(bytes);
        Ok(())
    };
    let saved = replica.carry(&next, &StationStatus::default(), NOW_MS, &mut write).unwrap();
    assert_eq!(saved, 4, "three of the first life, and the opening of the second");
    assert_eq!(replica.check(&next).unwrap().differences, []);
}

#[test]
fn a_column_beside_an_entry_is_mended_from_what_was_signed() {
    let bench = Bench::new(Some(10), 5);
    bench.admit(1);
    let Bench { replica, who, folder, .. } = bench;
    let before = replica.logged(who.identity, 0, 10).unwrap();
    drop(replica);
    let file = rusqlite::Connection::open(folder.path().join("log.db")).unwrap();
    file.execute("UPDATE entry SET hash = zeroblob(32), kind = 9 WHERE seq = 2", []).unwrap();
    drop(file);
    let replica = Replica::open(folder.path()).unwrap();
    assert!(replica.goes_on(&who, who.machine).unwrap());
    assert_eq!(replica.logged(who.identity, 0, 10).unwrap(), before);
}

#[test]
fn an_older_copy_with_the_same_end_that_does_not_know_of_the_handover_does_not_go_on() {
    let bench = Bench::new(Some(10), 5);
    bench.admit(1);
    let Bench { replica, who, folder, .. } = bench;
    assert!(replica.goes_on(&who, who.machine).unwrap());
    drop(replica);
    let log = folder.path().join("log.db");
    let copy = std::fs::read(&log).unwrap();
    let replica = Replica::open(folder.path()).unwrap();
    assert!(replica.goes_on(&who, who.machine).unwrap());
    replica.carry(&who, &StationStatus::default(), NOW_MS, &mut |_| Ok(())).unwrap();
    drop(replica);
    std::fs::write(&log, copy).unwrap();
    for beside in ["log.db-wal", "log.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(beside));
    }
    let replica = Replica::open(folder.path()).unwrap();
    assert!(!replica.goes_on(&who, who.machine).unwrap(), "an undo would give a right back that has left");
}
