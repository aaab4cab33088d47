//! Power cuts at every I/O of a small workload in WAL mode.

use rusqlite::{Connection, Result};
use usher_disk::{Choices, Disk, Fault, FaultKind};

use crate::*;

const ROWS: i64 = 24;
const SEEDS: u64 = 6;

/// Writes rows with checkpoints between, until something fails; the rows that were committed.
fn work(disk: &Disk) -> Vec<i64> {
    let mut committed = Vec::new();
    let _failed = work_until(disk, &mut committed);
    committed
}

fn work_until(disk: &Disk, committed: &mut Vec<i64>) -> Result<()> {
    let (first, second) = (try_open(disk)?, try_open(disk)?);
    make_table(&first)?;
    for n in 0..ROWS {
        insert(if n % 3 == 0 { &second } else { &first }, n)?;
        committed.push(n);
        if n % 8 == 7 {
            checkpoint(&first)?;
        }
    }
    Ok(())
}

fn checkpoint(connection: &Connection) -> Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// Runs the workload up to I/O `at`, cuts the power, and counts committed rows that are gone. The database must be sound.
fn lost(at: u64, seed: u64, lies: bool) -> usize {
    let disk = Disk::new(1);
    disk.set_sync_lies(lies);
    disk.plan(Fault { at, kind: FaultKind::Halt, lasting: false });
    let committed = work(&disk);
    disk.crash(&mut Choices::seeded(seed.wrapping_mul(1_000_003) + at));
    let Ok(after) = try_open(&disk).and_then(|after| make_table(&after).map(|()| after)) else {
        assert!(lies, "the database cannot be opened after a crash at {at}");
        return committed.len();
    };
    if !lies {
        assert!(whole(&after), "the database is damaged after a crash at {at}");
    } else if !after
        .query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))
        .is_ok_and(|is| is == "ok")
    {
        return committed.len();
    }
    let found = rows(&after);
    assert!(lies || found.len() <= committed.len() + 1, "more rows than were asked for");
    committed.iter().filter(|n| !found.contains(n)).count()
}

fn ios() -> u64 {
    let disk = Disk::new(1);
    disk.record();
    assert_eq!(work(&disk).len(), ROWS as usize);
    disk.recorded().len() as u64
}

#[test]
fn committed_rows_survive_a_power_cut_at_every_io() {
    let ios = ios();
    assert!(ios > 150, "the workload does {ios} I/Os");
    for at in 0..=ios {
        for seed in 0..SEEDS {
            assert_eq!(lost(at, seed, false), 0, "rows lost at I/O {at} with seed {seed}");
        }
    }
}

#[test]
fn a_disk_that_lies_about_syncing_loses_rows_so_the_check_can_fail() {
    let lost: usize = (0..=ios()).map(|at| lost(at, 3, true)).sum();
    assert!(lost > 100, "only {lost} rows were missing");
}

#[test]
fn a_killed_process_loses_nothing() {
    for at in 0..=ios() {
        let disk = Disk::new(1);
        disk.set_sync_lies(true);
        disk.plan(Fault { at, kind: FaultKind::Halt, lasting: false });
        let committed = work(&disk);
        disk.kill();
        let after = try_open(&disk).unwrap();
        make_table(&after).unwrap();
        assert!(whole(&after));
        let found = rows(&after);
        assert!(committed.iter().all(|n| found.contains(n)), "a row is missing after a kill at {at}");
    }
}

#[test]
fn a_rollback_journal_survives_power_cuts_too() {
    for at in 0..200 {
        let disk = Disk::new(1);
        disk.plan(Fault { at, kind: FaultKind::Halt, lasting: false });
        let mut committed = 0;
        let _failed = journaled(&disk, &mut committed);
        disk.crash(&mut Choices::seeded(at));
        let after = Connection::open_with_flags_and_vfs(FILE, OpenFlags::default(), disk.vfs_name()).unwrap();
        make_table(&after).unwrap();
        assert!(whole(&after) && rows(&after).len() >= committed, "crash at {at}");
    }
}

fn journaled(disk: &Disk, committed: &mut usize) -> Result<()> {
    let connection = Connection::open_with_flags_and_vfs(FILE, OpenFlags::default(), disk.vfs_name())?;
    connection.pragma_update(None, "synchronous", "EXTRA")?;
    make_table(&connection)?;
    for n in 0..8 {
        insert(&connection, n)?;
        *committed += 1;
    }
    Ok(())
}
