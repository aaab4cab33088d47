//! Second copies, newer files, damaged files, and a full disk.

use rusqlite::Connection;
use usher_protocol::window::StoreProblem;
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
    let Bench { replica, who, folder, .. } = bench;
    drop(replica);
    let lists = Connection::open(folder.path().join("replica.db")).unwrap();
    // As if a whole list had been fetched, and then half of a checkpoint were left.
    lists.execute_batch("UPDATE feed SET complete = 1; DELETE FROM check_in; DELETE FROM tally").unwrap();
    drop(lists);
    std::fs::write(folder.path().join("replica.db-wal"), b"").unwrap();
    let replica = Replica::open(folder.path()).unwrap();
    assert!(!replica.needs_snapshot().unwrap());
    drop(replica);
    assert!(folder.path().join("replica.db-wal").exists(), "it stays beside lists that were closed in order");
    let _closed_in_order = std::fs::remove_file(folder.path().join("replica.db-wal"));
    let replica = Replica::open(folder.path()).unwrap();
    assert!(replica.needs_snapshot().unwrap());
    assert_eq!(replica.known(&who, HALL).unwrap().tally.inside, 1);
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
