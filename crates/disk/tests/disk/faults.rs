//! Faults strike the I/O that they were planned for, and no statement says yes when it means no.

use usher_disk::{Disk, Fault, FaultKind, Io};

use crate::*;

#[test]
fn every_io_can_fail_and_no_answer_is_wrong() {
    let ios = {
        let disk = Disk::new(1);
        let connection = try_open(&disk).unwrap();
        make_table(&connection).unwrap();
        disk.record();
        (0..6).for_each(|n| insert(&connection, n).unwrap());
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(connection);
        disk.recorded()
    };
    for (at, io) in (0..).zip(ios) {
        for kind in [FaultKind::Error, FaultKind::ShortRead, FaultKind::DiskFull]
            .into_iter()
            .filter(|kind| kind.fits(io))
        {
            for lasting in [false, true] {
                strike(Fault { at, kind, lasting });
            }
        }
    }
}

fn strike(fault: Fault) {
    let disk = Disk::new(1);
    let connection = try_open(&disk).unwrap();
    make_table(&connection).unwrap();
    disk.plan(fault);
    let kept: Vec<_> = (0..6).filter(|n| insert(&connection, *n).is_ok()).collect();
    let _failed = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    drop(connection);
    disk.heal();
    assert!(disk.counts().faults.values().sum::<u64>() > 0, "{fault:?} did not strike");
    let after = try_open(&disk).unwrap();
    assert!(whole(&after));
    // What failed may be there all the same: after a failed sync the rows stand in the log, and recovery finds them.
    assert!(kept.iter().all(|n| rows(&after).contains(n)), "{fault:?}");
}

#[test]
fn a_full_disk_refuses_and_takes_again_when_there_is_room() {
    let disk = Disk::new(1);
    let connection = try_open(&disk).unwrap();
    make_table(&connection).unwrap();
    disk.set_full(true);
    let refused = insert(&connection, 1).unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(rusqlite::ErrorCode::DiskFull));
    disk.set_full(false);
    insert(&connection, 1).unwrap();
    assert_eq!(rows(&connection), [1]);
}

#[test]
fn a_busy_database_is_waited_for_without_sleeping() {
    let disk = Disk::new(1);
    let (first, second) = (try_open(&disk).unwrap(), try_open(&disk).unwrap());
    make_table(&first).unwrap();
    first.execute_batch("BEGIN IMMEDIATE").unwrap();
    second.busy_timeout(std::time::Duration::from_secs(3600)).unwrap();
    let refused = insert(&second, 1).unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy));
    first.execute_batch("COMMIT").unwrap();
    insert(&second, 1).unwrap();
}

#[test]
fn what_was_opened_before_the_machine_ended_is_dead() {
    let disk = Disk::new(1);
    let connection = try_open(&disk).unwrap();
    make_table(&connection).unwrap();
    disk.kill();
    assert!(insert(&connection, 1).is_err());
    let after = try_open(&disk).unwrap();
    insert(&after, 2).unwrap();
    drop(connection);
    assert_eq!(rows(&after), [2]);
}

#[test]
fn reads_are_counted_and_recorded() {
    let disk = Disk::new(1);
    disk.record();
    let connection = try_open(&disk).unwrap();
    make_table(&connection).unwrap();
    let recorded = disk.recorded();
    assert!(
        recorded.contains(&Io::Sync) && recorded.contains(&Io::FolderSync) && recorded.contains(&Io::Map)
    );
    assert_eq!(disk.counts().ios.values().sum::<u64>(), recorded.len() as u64);
}
