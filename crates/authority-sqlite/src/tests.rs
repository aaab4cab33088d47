//! What needs a hand inside: a disk that fills, a writer that does not let go, and how the feed is walked.

use std::time::Duration;

use tempfile::TempDir;
use usher_authority::{Error, Result, Store, conformance, store::Evidence};
use usher_core::ids::{EntryHash, Epoch, Identity, StationId};
use uuid::Uuid;

use super::*;

fn store() -> (TempDir, SqliteStore) {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::create(&folder.path().join("event.usher")).unwrap();
    (folder, store)
}

fn pages_max(store: &SqliteStore, pages: u32) {
    let writer = store.writer.lock().unwrap();
    writer.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
}

fn flood(store: &SqliteStore) -> Result<()> {
    let i = Identity { station: StationId(Uuid::nil()), epoch: Epoch(1) };
    store.write(|txn| {
        (1..1_000).try_for_each(|seq| {
            let bytes = vec![0; 4_000];
            txn.put_evidence(&Evidence { key: i.key(seq), hash: EntryHash([0; 32]), bytes, received_ms: 0 })
        })
    })
}

#[test]
fn a_full_disk_is_told_and_what_follows_works() {
    let (_folder, store) = store();
    pages_max(&store, 60);
    assert!(matches!(flood(&store), Err(Error::DiskFull)));
    pages_max(&store, u32::MAX - 1);
    conformance::contract(&store).unwrap();
}

#[test]
fn a_writer_that_does_not_let_go_is_told() {
    let (_folder, store) = store();
    let other = Connection::open(&store.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.writer.lock().unwrap().busy_timeout(Duration::ZERO).unwrap();
    assert!(matches!(store.write(|_| Ok(())), Err(Error::Busy)));
    other.execute_batch("ROLLBACK").unwrap();
    store.write(|_| Ok(())).unwrap();
}

#[test]
fn every_connection_commits_in_full() {
    let (_folder, store) = store();
    let level: i64 =
        store.writer.lock().unwrap().pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
    assert_eq!(level, 2, "2 is FULL");
}

#[test]
fn the_feed_is_merged_from_indexes_and_never_sorted() {
    let (_folder, store) = store();
    let writer = store.writer.lock().unwrap();
    let mut plan = writer.prepare(&format!("EXPLAIN QUERY PLAN {}", feed::AFTER)).unwrap();
    let steps = plan.query_map((0, None::<[u8; 16]>, None::<i64>), |row| row.get::<_, String>(3)).unwrap();
    let steps: Vec<_> = steps.map(rusqlite::Result::unwrap).collect();
    assert!(steps.iter().all(|step| !step.contains("TEMP B-TREE")), "{steps:?}");
    assert!(steps.iter().any(|step| step.contains("MERGE")), "{steps:?}");
}
