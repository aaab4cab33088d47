//! Second copies, newer files, damaged files, and a full disk.

use rusqlite::Connection;
use usher_protocol::{records::PersonRecord, sync::Change, window::StoreProblem};
use usher_replica::{Replica, StoreError};

use crate::bench::*;

#[test]
fn a_second_copy_is_told_and_the_folder_is_free_after_the_first_ends() {
    let bench = Bench::new(Some(10), 3);
    assert!(matches!(Replica::open(bench.folder.path()), Err(StoreError::OpenElsewhere)));
    let Bench { replica, folder, .. } = bench;
    drop(replica);
    assert!(Replica::open(folder.path()).is_ok());
}

#[test]
fn files_of_a_newer_usher_are_refused_in_words() {
    let Bench { replica, folder, .. } = Bench::new(Some(10), 3);
    drop(replica);
    Connection::open(folder.path().join("log.db")).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let refused = Replica::open(folder.path()).unwrap_err();
    assert_eq!(refused.problem(), StoreProblem::TooNew);
    assert!(refused.to_string().contains("newer"));
}

#[test]
fn a_file_that_is_no_database_is_told_and_not_overwritten() {
    let Bench { replica, folder, .. } = Bench::new(Some(10), 3);
    drop(replica);
    let path = folder.path().join("log.db");
    let junk = vec![b'?'; 8192];
    std::fs::write(&path, &junk).unwrap();
    assert_eq!(Replica::open(folder.path()).unwrap_err().problem(), StoreProblem::Damaged);
    assert_eq!(std::fs::read(&path).unwrap(), junk);
}

#[test]
fn lists_that_cannot_be_read_are_put_aside_and_fetched_anew_while_the_log_stays() {
    let bench = Bench::new(Some(10), 3);
    bench.admit(1);
    let Bench { replica, who, folder, .. } = bench;
    let log = replica.logged(who.identity, 0, 10).unwrap();
    drop(replica);
    let junk = vec![b'?'; 8192];
    std::fs::write(folder.path().join("replica.db"), &junk).unwrap();
    std::fs::write(folder.path().join("replica.db-wal"), b"").unwrap();
    let replica = Replica::open(folder.path()).unwrap();
    assert!(replica.needs_snapshot().unwrap());
    assert_eq!(replica.logged(who.identity, 0, 10).unwrap(), log);
    assert_eq!(std::fs::read(folder.path().join("replica.damaged.db")).unwrap(), junk);
}

/// Found by `usher-sim` (seed 600268): of half a checkpoint the desk had the page that says how far it had counted, and not the guests.
#[test]
fn lists_whose_write_ahead_log_was_deleted_are_counted_afresh_and_fetched_anew() {
    let bench = Bench::new(Some(10), 3);
    bench.admit(1);
    while bench.replica.absorb(&bench.who).unwrap() > 0 {}
    let bench = crate::numbers::reopen(bench);
    assert!(!is_due(&bench), "it stays beside lists that were closed in order");
    let Bench { replica, who, folder, .. } = bench;
    drop(replica);
    // The last connection to go takes it along: the rest of a checkpoint is left, without the guests.
    let lists = Connection::open(folder.path().join("replica.db")).unwrap();
    lists.execute_batch("DELETE FROM check_in; DELETE FROM tally").unwrap();
    drop(lists);
    assert!(!folder.path().join("replica.db-wal").exists());
    let replica = Replica::open(folder.path()).unwrap();
    assert!(replica.wants_snapshot().unwrap());
    assert_eq!(replica.known(&who, HALL).unwrap().tally.inside, 1);
    let log = Connection::open(folder.path().join("log.db")).unwrap();
    assert_eq!(refetch(&log), 2);
}

/// Whether the list is to be fetched anew.
fn is_due(bench: &Bench) -> bool {
    refetch(&Connection::open(bench.folder.path().join("log.db")).unwrap()) != 0
}

/// As `log.db` has it: 2 is at once.
fn refetch(log: &Connection) -> u32 {
    log.query_row("SELECT refetch FROM line", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_count_that_changed_on_the_disk_is_noticed_and_the_list_is_fetched_anew() {
    let bench = Bench::new(Some(10), 3);
    bench.admit(1);
    bench.replica.absorb(&bench.who).unwrap();
    assert!(bench.replica.look_lists_through().unwrap());
    assert!(!is_due(&bench));
    let lists = Connection::open(bench.folder.path().join("replica.db")).unwrap();
    assert_eq!(lists.execute("UPDATE tally SET inside = inside + 1", []).unwrap(), 1);
    assert!(!bench.replica.look_lists_through().unwrap());
    assert!(is_due(&bench));
}

#[test]
fn words_of_the_search_that_are_lost_are_made_anew_from_the_list() {
    let bench = Bench::new(Some(10), 3);
    let found = || bench.replica.find(&bench.who, "guest", HALL).unwrap().guests.len();
    let all = found();
    let lists = Connection::open(bench.folder.path().join("replica.db")).unwrap();
    let forget = "INSERT INTO person_text (person_text, rowid, name, email, organisation, ordered)
                  VALUES ('delete', 2, 'guest no1 gomez', 'g1 example org', '', '')";
    lists.execute(forget, []).unwrap();
    assert_eq!(found(), all - 1);
    assert!(bench.replica.look_lists_through().unwrap(), "nothing of the list itself is lost");
    assert_eq!((found(), is_due(&bench)), (all, false));
}

#[test]
fn a_guest_who_is_called_something_else_is_found_by_the_new_name_only() {
    let mut bench = Bench::new(Some(10), 3);
    let other = PersonRecord { name: "Zuriñe Etxeberria".into(), ..guest(1) };
    bench.feed(vec![Change::Person(other.clone()), Change::Person(other)], 3);
    let found = |text| bench.replica.find(&bench.who, text, HALL).unwrap().guests.len();
    assert_eq!((found("zurine"), found(&guest(1).name)), (1, 0));
    assert!(bench.replica.look_lists_through().unwrap());
}

#[test]
fn a_log_that_cannot_be_written_lets_nobody_in_and_says_busy() {
    let bench = Bench::new(Some(10), 3);
    let mut blocker = Connection::open(bench.folder.path().join("log.db")).unwrap();
    let held = blocker.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let refused = bench.replica.let_in(&bench.who, &bench.decision(1, 1)).unwrap_err();
    assert_eq!(refused.problem(), StoreProblem::Busy);
    drop(held);
    assert_eq!((bench.log().len(), bench.rights()), (1, 3));
    bench.admit(1);
}

#[test]
fn the_key_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new(Some(10), 3);
    let mode = std::fs::metadata(bench.folder.path().join("log.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
