//! When the guest list is fetched anew, and what it is good for until then.

use std::{
    fs::OpenOptions,
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, params};
use usher_core::{entry::Head, verdict::Verdict};
use usher_protocol::sync::{Change, Cursor, LogEnd, SyncAnswer};
use usher_replica::*;

use crate::{
    bench::*,
    lives::{event, from_server, holds, settle},
    numbers::reopen,
    snapshots::{load, new_list, signed_lines},
};

/// A desk that has fetched its list.
fn listed() -> Bench {
    let bench = Bench::new(Some(10), 3);
    fetch(&bench, &[vec![event(&bench)], new_list()].concat());
    bench
}

/// Fetches a list that the server signed.
fn fetch(bench: &Bench, list: &[Change]) {
    let sign = |body: &[u8]| Some(bench.signed(SERVER, Head::EMPTY, Cursor { term: 1, position: 500 }, body));
    load(bench, &signed_lines(list, sign), 64).unwrap();
}

/// An answer in term 2 to a request of the moment, changed by `change`.
fn hear(
    bench: &mut Bench,
    changes: Vec<Change>,
    change: impl FnOnce(&mut SyncAnswer),
) -> Result<Applied, SyncError> {
    let (sent, head) = (bench.request(), bench.replica.head(&bench.who).unwrap());
    let mut answer = bench.answer(head, changes, 3);
    (answer.term, answer.cursor.term) = (2, 2);
    change(&mut answer);
    bench.apply(&sent, &answer)
}

/// The server was put back, and asks this desk for what it has.
fn is_put_back(bench: &mut Bench) {
    let lacks = |answer: &mut SyncAnswer| {
        answer.learning = true;
        answer.lacks = Some(Vec::<LogEnd>::new());
    };
    hear(bench, Vec::new(), lacks).unwrap();
}

/// Whether the list is fetched before the next sync, and after it.
fn fetches(bench: &Bench) -> (bool, bool) {
    (bench.replica.needs_snapshot().unwrap(), bench.replica.wants_snapshot().unwrap())
}

fn beside(bench: &Bench, name: &str) -> PathBuf {
    bench.folder.path().join(name)
}

/// Ends the desk, does `work` to its list, deletes the write-ahead log and starts the desk again.
fn without_its_log(bench: Bench, work: impl FnOnce(&Connection)) -> Bench {
    closed(bench, |lists| {
        work(&Connection::open(lists).unwrap());
        let _gone = std::fs::remove_file(lists.with_file_name("replica.db-wal"));
    })
}

/// Ends the desk, does `work` to the file of its list and starts it again.
fn closed(bench: Bench, work: impl FnOnce(&Path)) -> Bench {
    let (other, path) = (beside(&bench, "other"), beside(&bench, "replica.db"));
    let mut bench = bench;
    drop(std::mem::replace(&mut bench.replica, Replica::open(&other).unwrap()));
    work(&path);
    reopen(bench)
}

#[test]
fn a_list_that_is_due_keeps_nothing_from_being_said_before() {
    let bench = without_its_log(listed(), |_| ());
    assert_eq!(fetches(&bench), (false, true));
}

#[test]
fn a_list_that_is_due_waits_until_a_restored_server_has_learnt_what_it_holds() {
    let mut bench = without_its_log(listed(), |_| ());
    is_put_back(&mut bench);
    assert_eq!(fetches(&bench), (false, false), "it may be the last that holds something");
    hear(&mut bench, Vec::new(), |answer| answer.learning = true).unwrap();
    assert_eq!(fetches(&bench), (false, false), "other desks are waited for: what they bring is to be in it");
    hear(&mut bench, Vec::new(), |_| ()).unwrap();
    assert_eq!(fetches(&bench), (false, true));
    hear(&mut bench, Vec::new(), |_| ()).unwrap();
    assert_eq!(fetches(&bench), (false, true), "no answer takes that back");
}

#[test]
fn a_write_ahead_log_that_is_lost_while_a_restored_server_learns_makes_no_haste() {
    let mut bench = listed();
    is_put_back(&mut bench);
    let bench = without_its_log(bench, |_| ());
    assert_eq!(fetches(&bench), (false, false));
}

/// Overwrites the first page of a table.
fn spoil(lists: &Path, table: &str) {
    let open = Connection::open(lists).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let page: u32 = open.query_row(sql, [table], |row| row.get(0)).unwrap();
    let size: u32 = open.query_row("PRAGMA page_size", [], |row| row.get(0)).unwrap();
    drop(open);
    let mut file = OpenOptions::new().write(true).open(lists).unwrap();
    file.seek(SeekFrom::Start(u64::from((page - 1) * size))).unwrap();
    file.write_all(&vec![0x5a; size as usize]).unwrap();
    // The connection took it along.
    std::fs::write(lists.with_file_name("replica.db-wal"), b"").unwrap();
}

#[test]
fn a_list_that_no_answer_can_be_taken_into_is_fetched_before_the_next_sync() {
    for table in ["code", "proof"] {
        let mut bench = listed();
        is_put_back(&mut bench);
        let mut bench = closed(bench, |lists| spoil(lists, table));
        assert!(!bench.replica.look_lists_through().unwrap());
        assert_eq!(fetches(&bench), (false, false), "it is waited for anyway");
        let brought = vec![Change::Person(guest(11))];
        let failed = match table {
            "code" => hear(&mut bench, brought, |_| ()).is_err(),
            // What is to be given back cannot be read.
            _ => {
                is_put_back(&mut bench);
                bench.replica.next_request(&bench.who, Asking::default()).is_err()
            }
        };
        assert!(failed, "{table}");
        assert!(fetches(&bench).0, "{table}");
        fetch(&bench, &[vec![event(&bench)], new_list()].concat());
        assert_eq!(fetches(&bench), (false, false), "and once more when the server has learnt");
        hear(&mut bench, vec![Change::Person(guest(12))], |_| ()).unwrap();
        assert_eq!((bench.replica.waiting(bench.who.identity).unwrap(), fetches(&bench)), (0, (false, true)));
    }
}

/// Seed 1105242: what half a checkpoint left of the words of the search was whole to every look, and took in no guest.
#[test]
fn a_list_that_lost_its_newest_part_takes_guests_in_until_it_is_fetched_anew() {
    let mut bench = without_its_log(listed(), |lists| {
        // Pages of words that the rest does not know of yet, under whichever number comes next.
        for part in 1..100 {
            lists.execute("INSERT OR IGNORE INTO person_text_idx VALUES (?1, x'', 2)", [part]).unwrap();
        }
    });
    hear(&mut bench, vec![Change::Person(guest(11))], |_| ()).unwrap();
    assert_eq!(fetches(&bench), (false, true));
    assert!(bench.replica.look_lists_through().unwrap());
}

/// Seed 871410: the damaged one was asked by which key the server signs.
#[test]
fn a_first_list_is_taken_where_the_empty_one_is_damaged() {
    let bench = closed(Bench::unsynced(), |lists| spoil(lists, "event"));
    assert!(!bench.replica.look_lists_through().unwrap());
    fetch(&bench, &[vec![event(&bench)], new_list()].concat());
    assert_eq!(fetches(&bench), (false, false));
}

/// A checkpoint beside somebody who reads leaves some pages as they were: the seat is still held there, and known to be taken away.
#[test]
fn a_held_seat_of_a_list_that_lost_its_newest_part_is_not_used_before_there_is_another() {
    let mut bench = Bench::new(Some(3), 0);
    let all = vec![event(&bench), from_server(&bench, 1, holds(1, 1, &[1, 2, 3], &[]))];
    settle(&mut bench, all.clone(), 1);
    let seat = |lists: &Connection| -> (i64, i64) {
        let sql = "SELECT rev, sum FROM hold WHERE person = ?1";
        lists.query_row(sql, [person(1).0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    let held = seat(&Connection::open(beside(&bench, "replica.db")).unwrap());
    let cut = from_server(&bench, 2, holds(2, 1, &[], &[1]));
    settle(&mut bench, vec![cut.clone()], 1);
    assert_eq!(bench.replica.do_duties(&bench.who, Some(HALL), stamp(NOW_MS)).unwrap(), 1);
    let mut bench = without_its_log(bench, |lists| {
        let sql = "UPDATE hold SET rev = ?2, sum = ?3, held = 1 WHERE person = ?1";
        lists.execute(sql, params![person(1).0.as_bytes(), held.0, held.1]).unwrap();
    });
    let refused = Verdict::SeatsHeld { until_ms: None };
    assert_eq!((bench.verdict(1), bench.verdict(5)), (refused, refused));
    // What is taken away later does not make the earlier one good.
    let later = from_server(&bench, 3, holds(3, 1, &[], &[3]));
    settle(&mut bench, vec![later.clone()], 1);
    bench.replica.do_duties(&bench.who, Some(HALL), stamp(NOW_MS)).unwrap();
    assert_eq!(bench.verdict(1), Verdict::GrantEmpty);
    let people = (0..4).map(|n| Change::Person(guest(n)));
    let list: Vec<_> =
        [all, vec![Change::Session(hall(Some(3))), cut, later]].concat().into_iter().chain(people).collect();
    fetch(&bench, &list);
    assert_eq!((bench.verdict(1), bench.verdict(2)), (Verdict::GrantEmpty, Verdict::Registered));
}

#[test]
fn a_changed_term_is_not_made_good_by_a_write_ahead_log_that_is_lost_as_well() {
    let bench = listed();
    let log = beside(&bench, "log.db");
    let bench = without_its_log(bench, |_| {
        // As a bit that flips does it: no trigger writes a sum.
        let log = Connection::open(log).unwrap();
        let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'line_changed'";
        let trigger: String = log.query_row(trigger, [], |row| row.get(0)).unwrap();
        log.execute_batch("DROP TRIGGER line_changed; UPDATE line SET term = term + 1048576").unwrap();
        log.execute_batch(&trigger).unwrap();
    });
    assert!(!bench.replica.goes_on(&bench.who, bench.who.machine).unwrap());
    let term =
        |log: Connection| -> i64 { log.query_row("SELECT term FROM line", [], |row| row.get(0)).unwrap() };
    assert_eq!(term(Connection::open(beside(&bench, "log.db")).unwrap()), 1);
}
