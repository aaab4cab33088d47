//! Lists without their write-ahead log: what this desk did is counted afresh, once.

use std::{
    io::{self, ErrorKind},
    path::Path,
    sync::Arc,
};

use rusqlite::{Connection, config::DbConfig};
use usher_core::{
    branch::{Branch, Fork},
    verdict::Verdict,
};
use usher_protocol::window::StoreProblem;
use usher_replica::*;

use crate::{bench::*, lives::settle};

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

/// Opens the desk's folder again, on `disk`.
fn reopened(bench: Bench, disk: impl Disk + 'static) -> Bench {
    let Bench { replica, who, position, folder, own, key } = bench;
    drop(replica);
    let replica = Replica::open_on(Arc::new(disk), folder.path()).unwrap();
    Bench { replica, who, position, folder, own, key }
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

#[test]
fn what_the_desk_did_under_another_name_is_counted_afresh_at_the_next_start_where_that_failed() {
    let mut bench = Bench::new(Some(10), 5);
    settle(&mut bench, Vec::new(), 1);
    let mine = bench.admit(1);
    bench.replica.absorb(&bench.who).unwrap();
    let mut bench = reopened(bench, Full);
    let branch = Branch::new(bench.who.identity, None, Fork::new(2, bench.head_at(2).hash));
    let (sent, head) = (bench.request(), bench.head_at(2));
    let mut answer = bench.answer(head, Vec::new(), 5);
    answer.branch = Some(branch.clone().into());
    assert!(bench.apply(&sent, &answer).is_err());
    let bench = reopened(bench, RealDisk);
    let verdict = bench.verdict(1);
    assert!(matches!(verdict, Verdict::AlreadyCheckedIn(by) if by.key == branch.key(mine)), "{verdict:?}");
    assert_eq!(bench.replica.check(&bench.who).unwrap().differences, []);
}
