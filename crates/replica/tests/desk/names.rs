//! Names of walk-ins on their way: sent until dealt with, sent again to a server that was put back, erased when somebody erases them.

use usher_core::{clock::Hlc, entry::Head, ids::PersonId};
use usher_protocol::{
    profile::Profile,
    records::PersonRecord,
    sync::{Change, SyncAnswer, SyncRequest},
};
use usher_replica::*;
use uuid::Uuid;

use crate::{
    bench::*,
    snapshots::{load, signed_lines},
    walk_ins::{add, found},
};

fn id(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

fn body(sent: &Outgoing) -> SyncRequest {
    serde_json::from_slice(&sent.body).unwrap()
}

fn names(sent: &Outgoing) -> Vec<(PersonId, String)> {
    body(sent).profiles.into_iter().map(|one| (one.person, one.profile.name.text)).collect()
}

/// One sync whose answer says `profiles`, in `term`; gives what was sent, and whether there is more to do.
fn sync(bench: &mut Bench, change: impl FnOnce(&mut SyncAnswer)) -> (Outgoing, bool) {
    let sent = bench.request();
    let mut answer = bench.answer(Head::EMPTY, Vec::new(), 0);
    change(&mut answer);
    let applied = bench.apply(&sent, &answer).unwrap();
    (sent, applied.more)
}

/// Somebody whom another desk added.
fn other(number: u128, name: &str) -> PersonRecord {
    Profile::written(name, "", "Walk-in", Hlc::from_ms(5)).person(id(number))
}

#[test]
fn a_name_is_sent_until_it_was_dealt_with() {
    let mut bench = Bench::new(None, 0);
    add(&bench, 1, id(0xa1), "Quirin", true);
    let (sent, _) = sync(&mut bench, |answer| answer.profiles = Some(Vec::new()));
    assert_eq!(names(&sent), [(id(0xa1), "Quirin".into())]);
    let (sent, _) = sync(&mut bench, |answer| answer.profiles = Some(vec![id(0xa1)]));
    assert_eq!(names(&sent).len(), 1);
    assert_eq!(names(&bench.request()), []);
}

#[test]
fn what_changed_on_the_way_is_sent_once_more() {
    let mut bench = Bench::new(None, 0);
    let WalkedIn::Added { key, .. } = add(&bench, 1, id(0xa1), "Quirin", false) else { panic!("not added") };
    let sent = bench.request();
    bench.undo(1, key);
    let mut answer = bench.answer(Head::EMPTY, Vec::new(), 0);
    answer.profiles = Some(vec![id(0xa1)]);
    assert!(bench.apply(&sent, &answer).unwrap().more);
    let (sent, _) = sync(&mut bench, |answer| answer.profiles = Some(vec![id(0xa1)]));
    assert!(body(&sent).profiles[0].profile.erased);
    assert_eq!(names(&bench.request()), []);
}

/// A server of 0.1.0 passes over the field and names nobody: nothing is repeated at it, and nothing is lost.
#[test]
fn an_older_server_is_sent_no_names_until_it_knows_them() {
    let mut bench = Bench::new(None, 0);
    add(&bench, 1, id(0xa1), "Quirin", true);
    let (sent, _) = sync(&mut bench, |answer| answer.profiles = None);
    assert_eq!(names(&sent).len(), 1, "nobody knows what it is before it answers");
    let (sent, _) = sync(&mut bench, |answer| answer.profiles = None);
    assert_eq!(names(&sent), []);
    let (sent, more) = sync(&mut bench, |answer| answer.profiles = Some(Vec::new()));
    assert_eq!((names(&sent).len(), more), (0, true), "it was replaced by a newer one");
    assert_eq!(names(&bench.request()).len(), 1);
}

#[test]
fn a_server_that_was_put_back_is_given_all_names_before_everything_counts_as_given_back() {
    let mut bench = Bench::new(None, 0);
    add(&bench, 1, id(0xa1), "Quirin", true);
    bench.feed(vec![Change::Person(other(0xb1, "Zuriñe")), Change::Person(other(0xb2, "Xanthippe"))], 0);
    let dealt = |answer: &mut SyncAnswer| answer.profiles = Some(vec![id(0xa1), id(0xb1), id(0xb2)]);
    sync(&mut bench, dealt);
    assert_eq!(names(&bench.request()), []);
    let lacks = |answer: &mut SyncAnswer| {
        dealt(answer);
        (answer.term, answer.cursor.term, answer.lacks) = (2, 2, Some(Vec::new()));
    };
    sync(&mut bench, lacks);
    let mut given = Vec::new();
    for round in 1.. {
        let (sent, more) = sync(&mut bench, lacks);
        assert!(round < 10 && more);
        let all = body(&sent).all_given_back == Some(true);
        given.extend(names(&sent).into_iter().map(|(_, name)| name));
        if all {
            break;
        }
    }
    given.sort();
    assert_eq!(given, ["Quirin", "Xanthippe", "Zuriñe"], "each once");
}

#[test]
fn who_is_erased_elsewhere_is_erased_in_this_desks_own_file() {
    for by_list in [false, true] {
        let mut bench = Bench::new(None, 0);
        add(&bench, 1, id(0xa1), "Quirin", true);
        sync(&mut bench, |answer| answer.profiles = Some(vec![id(0xa1)]));
        let erased = Change::Person(Profile::erased().person(id(0xa1)));
        if by_list {
            let lines = signed_lines(&[Change::Session(hall(None)), erased], |_| None);
            load(&bench, &lines, 64).unwrap();
        } else {
            bench.feed(vec![erased], 0);
        }
        assert_eq!(found(&bench, "quirin"), []);
        let log = rusqlite::Connection::open(bench.folder.path().join("log.db")).unwrap();
        let kept = "SELECT count(*) FROM profile WHERE record LIKE '%Quirin%' OR record LIKE '%example%'";
        assert_eq!(log.query_row(kept, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    }
}

/// The guest list may be older than what this desk knows.
#[test]
fn a_walk_in_taken_back_here_stays_so_until_the_list_has_heard_of_it() {
    let mut bench = Bench::new(None, 0);
    let WalkedIn::Added { key, .. } = add(&bench, 1, id(0xa1), "Quirin", false) else { panic!("not added") };
    bench.feed(vec![Change::Person(other(0xa1, "Quirin"))], 0);
    assert_eq!(found(&bench, "quirin").len(), 1);
    bench.undo(1, key);
    assert_eq!(
        (found(&bench, "quirin"), bench.replica.guest(id(0xa1)).unwrap().unwrap().name),
        (vec![], String::new())
    );
}
