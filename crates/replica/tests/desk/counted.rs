//! Lists without their write-ahead log: what this desk did is counted afresh, once, and where there is room for it.

use std::{
    io::{self, ErrorKind},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::{Connection, config::DbConfig};
use usher_core::verdict::Verdict;
use usher_protocol::window::StoreProblem;
use usher_replica::*;

use crate::bench::*;

/// The operating system's disk, on which nothing can be written for good where that is said.
#[derive(Clone, Debug, Default)]
struct Tight(Arc<AtomicBool>);

impl Disk for Tight {
    fn vfs(&self) -> Option<&str> {
        RealDisk.vfs()
    }
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.make_folder(folder)
    }
    fn lock(&self, path: &Path) -> io::Result<Option<FolderLock>> {
        RealDisk.lock(path)
    }
    fn make_private(&self, path: &Path) -> io::Result<()> {
        RealDisk.make_private(path)
    }
    fn is_there(&self, path: &Path) -> io::Result<bool> {
        RealDisk.is_there(path)
    }
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        RealDisk.read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        RealDisk.write(path, bytes)
    }
    fn sync(&self, path: &Path) -> io::Result<()> {
        if self.0.load(Ordering::Relaxed) { Err(ErrorKind::StorageFull.into()) } else { RealDisk.sync(path) }
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.replace(from, to)
    }
}

/// Ends a desk that let one guest in, forgets the guest in its list, and opens the folder on `disk`. Whether the write-ahead log stays.
fn forgotten(bench: Bench, stays: bool, disk: impl Disk + 'static) -> Bench {
    let Bench { replica, who, position, folder, own, key } = bench;
    drop(replica);
    let lists = Connection::open(folder.path().join("replica.db")).unwrap();
    lists.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, stays).unwrap();
    lists.execute_batch("DELETE FROM check_in; DELETE FROM tally").unwrap();
    drop(lists);
    assert_eq!(folder.path().join("replica.db-wal").exists(), stays);
    let replica = Replica::open_on(Arc::new(disk), folder.path()).unwrap();
    Bench { replica, who, position, folder, own, key }
}

fn with_one_inside() -> Bench {
    let bench = Bench::new(Some(10), 3);
    bench.admit(1);
    while bench.replica.absorb(&bench.who).unwrap() > 0 {}
    bench
}

fn inside(bench: &Bench) -> u64 {
    bench.replica.known(&bench.who, HALL).unwrap().tally.inside
}

#[test]
fn it_is_done_once_for_each_loss() {
    let bench = forgotten(with_one_inside(), false, RealDisk);
    assert_eq!(inside(&bench), 1);
    let bench = forgotten(bench, true, RealDisk);
    assert_eq!(inside(&bench), 0, "nothing was lost since: no start waits for it once more");
    let bench = forgotten(bench, false, RealDisk);
    assert_eq!(inside(&bench), 1);
}

/// By counts of before the loss a guest would come in twice.
#[test]
fn a_desk_whose_disk_is_full_starts_and_judges_nobody_before_there_is_room() {
    let disk = Tight::default();
    disk.0.store(true, Ordering::Relaxed);
    let bench = forgotten(with_one_inside(), false, disk.clone());
    let refused = bench.replica.judge(&bench.who, &bench.asked(1)).unwrap_err();
    assert_eq!(refused.problem(), StoreProblem::DiskFull);
    let refused = bench.replica.let_in(&bench.who, &bench.decision(2, 2)).unwrap_err();
    assert_eq!(refused.problem(), StoreProblem::DiskFull);
    disk.0.store(false, Ordering::Relaxed);
    assert!(matches!(bench.verdict(1), Verdict::AlreadyCheckedIn(_)), "{:?}", bench.verdict(1));
    assert_eq!(inside(&bench), 1);
}
