//! Lists without their write-ahead log: what this desk did is counted afresh, once.

use std::{
    io::{self, ErrorKind},
    path::Path,
    sync::Arc,
};

use rusqlite::{Connection, config::DbConfig};
use usher_core::verdict::Verdict;
use usher_protocol::window::StoreProblem;
use usher_replica::*;

use crate::bench::*;

/// The operating system's disk, on which nothing can be written for good.
#[derive(Debug)]
struct Full;

impl Disk for Full {
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
    fn sync(&self, _path: &Path) -> io::Result<()> {
        Err(ErrorKind::StorageFull.into())
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.replace(from, to)
    }
}

/// Ends a desk, forgets who is in by its list, and opens it again; whether the write-ahead log stays.
fn forgotten(bench: Bench, stays: bool) -> Bench {
    let Bench { replica, who, position, folder, own, key } = bench;
    drop(replica);
    let lists = Connection::open(folder.path().join("replica.db")).unwrap();
    lists.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, stays).unwrap();
    lists.execute_batch("DELETE FROM check_in; DELETE FROM tally").unwrap();
    drop(lists);
    assert_eq!(folder.path().join("replica.db-wal").exists(), stays);
    // By counts of before a loss a guest would come in twice: a desk whose disk is full says so, and notes nothing as done.
    let refused = Replica::open_on(Arc::new(Full), folder.path());
    assert_eq!(refused.err().map(|error| error.problem()), (!stays).then_some(StoreProblem::DiskFull));
    let replica = Replica::open(folder.path()).unwrap();
    Bench { replica, who, position, folder, own, key }
}

#[test]
fn what_the_desk_did_is_counted_afresh_once_for_each_loss() {
    let inside = |bench: &Bench| bench.replica.known(&bench.who, HALL).unwrap().tally.inside;
    let bench = Bench::new(Some(10), 3);
    bench.admit(1);
    while bench.replica.absorb(&bench.who).unwrap() > 0 {}
    let bench = forgotten(bench, false);
    assert_eq!(inside(&bench), 1);
    assert!(matches!(bench.verdict(1), Verdict::AlreadyCheckedIn(_)), "{:?}", bench.verdict(1));
    let bench = forgotten(bench, true);
    assert_eq!(inside(&bench), 0, "nothing was lost since: no start waits for it once more");
    let bench = forgotten(bench, false);
    assert_eq!(inside(&bench), 1);
}
