//! Flags of guests at a desk: from the feed to the card, across restarts, and from a version that passed them over.

use rusqlite::Connection;
use usher_protocol::{records::PersonRecord, sync::Change};
use usher_replica::*;

use crate::bench::*;

fn flagged(n: u128, flags: &[&str], attention: bool) -> PersonRecord {
    PersonRecord { flags: flags.iter().map(ToString::to_string).collect(), attention, ..guest(n) }
}

fn said(replica: &Replica, n: u128) -> (Vec<String>, bool, bool) {
    let guest = replica.guest(person(n)).unwrap().unwrap();
    let asks = guest.asks();
    (guest.flags, guest.attention, asks)
}

#[test]
fn flags_come_with_the_list_stand_after_a_restart_and_go_when_they_are_taken_off() {
    let mut bench = Bench::new(None, 0);
    assert_eq!(said(&bench.replica, 1), (vec![], false, false));
    let both = vec!["Minor".to_owned(), "Ünsal \"VIP\"".to_owned()];
    let people = [flagged(1, &["Minor", "Ünsal \"VIP\""], false), flagged(2, &[], true)];
    bench.feed(people.map(Change::Person).to_vec(), 0);
    let judged = bench.replica.judge(&bench.who, &bench.asked(1)).unwrap().unwrap();
    assert_eq!(judged.guest.unwrap().flags, both, "in the organiser's order");
    let Bench { replica, folder, .. } = bench;
    drop(replica);
    let replica = Replica::open(folder.path()).unwrap();
    assert!(replica.look_lists_through().unwrap());
    assert_eq!((said(&replica, 1), said(&replica, 2)), ((both, false, true), (vec![], true, true)));
    drop(replica);
    let lists = Connection::open(folder.path().join("replica.db")).unwrap();
    lists.execute("UPDATE person SET flags = '[]' WHERE flags <> '[]'", []).unwrap();
    drop(lists);
    let replica = Replica::open(folder.path()).unwrap();
    assert!(!replica.look_lists_through().unwrap(), "a flag that the disk lost is noticed");

    let mut bench = Bench::new(None, 0);
    bench.feed(vec![Change::Person(flagged(1, &["Minor"], true)), Change::Person(guest(1))], 0);
    assert_eq!(said(&bench.replica, 1), (vec![], false, false));
}

/// The version before this one passes over what it does not know of a guest, and its cursor has gone past it.
#[test]
fn a_list_of_an_earlier_version_is_fetched_anew() {
    let Bench { replica, folder, .. } = Bench::new(None, 0);
    assert!(!replica.wants_snapshot().unwrap());
    drop(replica);
    before_flags(&folder.path().join("log.db"), "PRAGMA user_version = 8");
    before_flags(
        &folder.path().join("replica.db"),
        "ALTER TABLE person DROP COLUMN flags; ALTER TABLE person DROP COLUMN attention; PRAGMA user_version = 11",
    );
    let replica = Replica::open(folder.path()).unwrap();
    assert!(replica.wants_snapshot().unwrap() && replica.look_lists_through().unwrap());
    assert_eq!(said(&replica, 1), (vec![], false, false), "and used until then");
}

fn before_flags(path: &std::path::Path, change: &str) {
    Connection::open(path).unwrap().execute_batch(change).unwrap();
}
