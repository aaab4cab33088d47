//! The server's key is replaced: the desk follows by what the one before signed, and never goes back.

use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use usher_core::{
    entry::Head,
    ids::EventId,
    succession::{OwnEnd, Succession, sign_succession},
};
use usher_protocol::sync::{Cursor, Signed, SnapshotEnd, SyncRequest};
use usher_replica::{Applied, SnapshotError, SyncError};

use crate::{
    bench::*,
    lives::event,
    numbers::reopen,
    snapshots::{load, new_list, signed_lines},
};

fn key(n: u8) -> SigningKey {
    if n == 0 { server_key() } else { SigningKey::from_bytes(&[n; 32]) }
}

/// Key `number` − 1 says that key `number` takes its place; `by` signs it.
fn signed(of: EventId, number: u8, by: &SigningKey) -> Signed {
    let public = |n| key(n).verifying_key().to_bytes();
    let ends = vec![OwnEnd { own: SERVER, head: Head::EMPTY }];
    let (old, new) = (public(number - 1), public(number));
    let says = Succession { event: of, number: u64::from(number), old, new, ends, term: 1, at_ms: NOW_MS };
    let bytes = says.to_bytes();
    let signature = sign_succession(by, &bytes);
    Signed::new(bytes, &signature)
}

fn chain(bench: &Bench, upto: u8) -> Vec<Signed> {
    (1..=upto).map(|number| signed(bench.who.event, number, &key(number - 1))).collect()
}

/// A desk that has its server's list, by the first key.
fn desk() -> Bench {
    let mut bench = Bench::new(Some(10), 3);
    let server = event(&bench);
    bench.feed(vec![server], 3);
    bench.feed(Vec::new(), 3);
    bench
}

/// An answer signed by key `by`, which brings `chain`.
fn answered(bench: &mut Bench, by: u8, chain: Vec<Signed>) -> Result<Applied, SyncError> {
    bench.key = key(by);
    let sent = bench.request();
    let mut answer = bench.answer(Head::EMPTY, Vec::new(), 3);
    answer.successions = chain;
    bench.apply(&sent, &answer)
}

fn refused(done: Result<Applied, SyncError>) -> bool {
    matches!(done, Err(SyncError::Unsigned))
}

fn shows(bench: &Bench) -> Vec<Signed> {
    serde_json::from_slice::<SyncRequest>(&bench.request().body).unwrap().successions
}

#[test]
fn a_desk_that_was_away_follows_over_several_keys_and_never_goes_back() {
    let mut bench = desk();
    let all = chain(&bench, 3);
    assert!(refused(answered(&mut bench, 3, Vec::new())), "nothing leads to that key");
    answered(&mut bench, 3, all.clone()).unwrap();
    answered(&mut bench, 3, Vec::new()).unwrap();
    // Its lists still name the first key: what it wrote down counts.
    bench = reopen(bench);
    for (by, said) in [(0, Vec::new()), (2, all.clone()), (2, all[..2].to_vec()), (1, all[..1].to_vec())] {
        assert!(refused(answered(&mut bench, by, said)), "key {by} was replaced");
    }
    answered(&mut bench, 3, all).unwrap();
    let next = chain(&bench, 4);
    answered(&mut bench, 4, next).unwrap();
}

/// By a key that nobody has no answer could be taken any more, and no list.
#[test]
fn a_key_that_was_damaged_on_the_disk_is_learnt_again() {
    for which in 1..=2 {
        let mut bench = desk();
        let all = chain(&bench, 1);
        answered(&mut bench, 1, all.clone()).unwrap();
        let log = Connection::open(bench.folder.path().join("log.db")).unwrap();
        let flip = "UPDATE server_key SET public_key = zeroblob(32) WHERE nr = ?1";
        assert_eq!(log.execute(flip, [which]).unwrap(), 1);
        drop(log);
        bench = reopen(bench);
        assert!(bench.replica.goes_on(&bench.who, bench.who.machine).unwrap(), "its rights are whole");
        answered(&mut bench, 1, all).unwrap();
        answered(&mut bench, 1, Vec::new()).unwrap();
    }
}

#[test]
fn a_forged_succession_is_refused_and_changes_nothing() {
    let mut bench = desk();
    let event = bench.who.event;
    let by_new = vec![signed(event, 1, &key(1))];
    let by_nobody = vec![signed(event, 1, &key(9))];
    let elsewhere = vec![signed(EventId(uuid::Uuid::nil()), 1, &key(0))];
    for forged in [by_new, by_nobody, elsewhere] {
        assert!(refused(answered(&mut bench, 1, forged)));
    }
    let late = vec![signed(event, 1, &key(0)), signed(event, 2, &key(9))];
    assert!(refused(answered(&mut bench, 2, late)), "the second step was not signed by the first");
    answered(&mut bench, 0, Vec::new()).unwrap();
    // An answer that is not signed by the key that it leads to moves nothing either.
    let honest = chain(&bench, 1);
    assert!(refused(answered(&mut bench, 9, honest)));
    answered(&mut bench, 0, Vec::new()).unwrap();
}

#[test]
fn a_server_that_answers_with_a_replaced_key_is_shown_how_it_was_replaced() {
    let mut bench = desk();
    let all = chain(&bench, 2);
    answered(&mut bench, 2, all.clone()).unwrap();
    assert_eq!(shows(&bench), [], "a server that knows is shown nothing");
    assert!(refused(answered(&mut bench, 0, Vec::new())));
    assert_eq!(shows(&bench), all);
    answered(&mut bench, 2, Vec::new()).unwrap();
    assert_eq!(shows(&bench), []);
}

/// A list signed by key `by`, with what leads to it.
fn list(bench: &mut Bench, by: u8, chain: Vec<Signed>) -> Vec<u8> {
    bench.key = key(by);
    let all = [vec![event(bench)], new_list()].concat();
    let at = Cursor { term: 1, position: 500 };
    let mut text = signed_lines(&all, |body| Some(bench.signed(SERVER, Head::EMPTY, at, body)));
    let end = text[..text.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let mut last: SnapshotEnd = serde_json::from_slice(&text[end..]).unwrap();
    last.successions = chain;
    text.truncate(end);
    text.extend(serde_json::to_vec(&last).unwrap());
    text.push(b'\n');
    text
}

fn unsigned(done: Result<(), SnapshotError>) -> bool {
    matches!(done, Err(SnapshotError::Unsigned))
}

#[test]
fn a_list_is_believed_by_the_key_that_the_desk_knows_and_not_by_the_one_that_it_names() {
    let mut bench = desk();
    let all = chain(&bench, 1);
    for (by, said) in [(1, Vec::new()), (9, all.clone())] {
        let text = list(&mut bench, by, said);
        assert!(unsigned(load(&bench, &text, 64)));
    }
    let plain = signed_lines(&[vec![event(&bench)], new_list()].concat(), |_| None);
    assert!(unsigned(load(&bench, &plain, 64)), "this server signs its lists");
    let text = list(&mut bench, 1, all);
    load(&bench, &text, 64).unwrap();
    bench.position = 500;
    answered(&mut bench, 1, Vec::new()).unwrap();
    let text = list(&mut bench, 0, Vec::new());
    assert!(unsigned(load(&bench, &text, 64)), "an earlier key");
}

#[test]
fn a_desk_that_came_after_the_key_was_replaced_can_show_how_it_was() {
    let mut bench = Bench::unsynced();
    let all = chain(&bench, 2);
    // The list names its server's key; that of the first sight is believed.
    bench.key = key(2);
    let named = |bench: &Bench| {
        let mut change = event(bench);
        if let usher_protocol::sync::Change::Event(record) = &mut change {
            let public = data_encoding::HEXLOWER.encode(key(2).verifying_key().as_bytes());
            record.server.as_mut().unwrap().public_key = public;
        }
        change
    };
    let changes = [vec![named(&bench)], new_list()].concat();
    let at = Cursor { term: 1, position: 500 };
    let text = signed_lines(&changes, |body| Some(bench.signed(SERVER, Head::EMPTY, at, body)));
    let text = String::from_utf8(text).unwrap();
    let said = serde_json::to_string(&all).unwrap();
    let text = text.trim_end().strip_suffix('}').unwrap().to_owned() + ",\"successions\":" + &said + "}\n";
    load(&bench, text.as_bytes(), 64).unwrap();
    bench.position = 500;
    answered(&mut bench, 2, Vec::new()).unwrap();
    assert!(refused(answered(&mut bench, 1, Vec::new())));
    assert_eq!(shows(&bench), all);
}
