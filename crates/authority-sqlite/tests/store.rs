//! The contract over SQLite, and what only a file can show: restart, other processes, damage, newer versions, a full disk.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;
use usher_authority::{Authority, Error, Fresh, NewEvent, SessionSpec, Store, conformance};
use usher_authority_sqlite::SqliteStore;
use usher_core::{ids::ActorId, session::WhenEmpty};
use usher_protocol::decide::Decision;

fn place() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("event.usher");
    (folder, path)
}

fn tamper(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn keeps_the_contract() {
    let (_folder, path) = place();
    conformance::contract(&SqliteStore::create(&path).unwrap()).unwrap();
}

#[test]
fn what_was_put_is_there_after_a_restart() {
    let (_folder, path) = place();
    conformance::put_sample(&SqliteStore::create(&path).unwrap()).unwrap();
    conformance::holds_sample(&SqliteStore::open(&path).unwrap()).unwrap();
}

#[test]
fn the_file_is_durable_by_its_settings() {
    let (_folder, path) = place();
    drop(SqliteStore::create(&path).unwrap());
    let mode: String =
        Connection::open(&path).unwrap().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_missing_file_is_not_made_by_opening() {
    let (_folder, path) = place();
    assert!(matches!(SqliteStore::open(&path), Err(Error::NoDatabase { .. })));
    assert!(!path.exists());
}

#[test]
fn a_newer_database_is_refused_and_untouched() {
    let (_folder, path) = place();
    drop(SqliteStore::create(&path).unwrap());
    let version: i64 =
        Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    tamper(&path, "PRAGMA user_version = 999");
    assert!(matches!(SqliteStore::open(&path), Err(Error::Newer)));
    tamper(&path, &format!("PRAGMA user_version = {version}"));
    assert!(SqliteStore::open(&path).is_ok(), "put back, it opens");
}

#[test]
fn an_edited_history_is_refused() {
    let (_folder, path) = place();
    drop(SqliteStore::create(&path).unwrap());
    tamper(&path, "UPDATE migrations SET sha256 = zeroblob(32)");
    assert!(matches!(SqliteStore::open(&path), Err(Error::Damaged(_))));
}

#[test]
fn files_that_are_not_ours_are_refused() {
    let (_folder, path) = place();
    std::fs::write(&path, b"name;e-mail;code\nnot a database at all").unwrap();
    assert!(matches!(SqliteStore::open(&path), Err(Error::Damaged(_))));
    std::fs::remove_file(&path).unwrap();
    tamper(&path, "CREATE TABLE songs (name TEXT)");
    assert!(matches!(SqliteStore::open(&path), Err(Error::Damaged(_))));
}

#[test]
fn another_process_shows_and_ones_own_writes_do_not() {
    let (_folder, path) = place();
    let (server, import) = (SqliteStore::create(&path).unwrap(), SqliteStore::open(&path).unwrap());
    let before = server.changed_elsewhere().unwrap();
    conformance::put_sample(&server).unwrap();
    assert_eq!(server.changed_elsewhere().unwrap(), before);
    import.write(|txn| txn.clear_derived()).unwrap();
    assert_ne!(server.changed_elsewhere().unwrap(), before);
}

#[test]
fn two_processes_share_the_servers_own_log() {
    let (_folder, path) = place();
    let mut last = 0_u128;
    let mut random = || {
        last += 1;
        last << 64 | last
    };
    let event = NewEvent { name: "E".into(), time_zone: "UTC".into(), fast_door: true };
    let store = SqliteStore::create(&path).unwrap();
    let server = Authority::create(store, &event, Fresh { now_ms: 5, random: &mut random }).unwrap();
    let again = Authority::create(
        SqliteStore::open(&path).unwrap(),
        &event,
        Fresh { now_ms: 6, random: &mut random },
    );
    assert!(matches!(again, Err(Error::EventExists { name }) if name == "E"));
    let other = Authority::open(SqliteStore::open(&path).unwrap()).unwrap();
    assert_eq!((other.term(), other.own_log()), (server.term(), server.own_log()));
}

fn talk() -> SessionSpec {
    SessionSpec {
        name: "Talk".into(),
        code: None,
        room: "Hall".into(),
        starts_ms: 0,
        ends_ms: 3_600_000,
        capacity: Some(10),
        late_after_ms: 0,
        opens_before_ms: 0,
        ends_after_ms: 0,
        when_empty: WhenEmpty::Strict,
        open_to_all: false,
        hold_seats: false,
        hold_for_ms: None,
    }
}

/// A command beside the service, such as `carry import`, may have read what the server writes with just before that began anew.
#[test]
fn a_process_that_knows_only_an_earlier_term_writes_nothing_in_it() {
    let (_folder, path) = place();
    let mut random = conformance::desk::counter(1);
    let event = NewEvent { name: "E".into(), time_zone: "UTC".into(), fast_door: true };
    let store = SqliteStore::create(&path).unwrap();
    let server = Authority::create(store, &event, Fresh { now_ms: 5, random: &mut random }).unwrap();
    server.import_sessions(&[talk()], Fresh { now_ms: 5, random: &mut random }).unwrap();
    let id = server.sessions().unwrap()[0].rules.id;
    let command = Authority::open(SqliteStore::open(&path).unwrap()).unwrap();
    let mut desk = conformance::desk::Desk::enrol(&server, 1, 5).unwrap();
    server.begin_term(None, Fresh { now_ms: 6, random: &mut random }).unwrap();
    let end = server.feed_end().unwrap();
    // An import goes on in the term that its process knows.
    let fewer = SessionSpec { capacity: Some(3), ..talk() };
    let import = |by: &Authority<SqliteStore>| {
        let mut random = conformance::desk::counter(9);
        by.import_sessions(std::slice::from_ref(&fewer), Fresh { now_ms: 7, random: &mut random })
    };
    assert!(matches!(import(&command), Err(Error::TermEnded)));
    assert_eq!(server.feed_end().unwrap(), end);
    // With the next request, look or decision it goes on in the new one.
    desk.request(Vec::new(), 500, 7).to(&command, 7).unwrap().unwrap();
    assert_eq!(command.own_log(), server.own_log());
    import(&command).unwrap();
    server.begin_term(None, Fresh { now_ms: 8, random: &mut random }).unwrap();
    assert_eq!(command.board(9).unwrap().sessions[0].awaited, ["Desk 1"]);
    server.begin_term(None, Fresh { now_ms: 9, random: &mut random }).unwrap();
    let places = Decision::Capacity { session: id, capacity: Some(3) };
    command.decide(&places, ActorId(uuid::Uuid::nil()), 10).unwrap().unwrap();
    assert_eq!(command.own_log(), server.own_log());
    assert_eq!(server.sessions().unwrap()[0].rules.capacity, Some(3));
    let again = Authority::open(SqliteStore::open(&path).unwrap()).unwrap();
    assert_eq!(again.own_log(), server.own_log());
}
