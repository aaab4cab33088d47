//! The independent count of the scripted door: a good evening passes, every doctored one fails, and with the right words.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod evening;
mod tables;

use std::{path::Path, process::Command};

use evening::{Evening, Wish};
use tables::Table;
use tempfile::TempDir;

const COUNT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/door/count.py");

/// Runs the count; its exit code and what it printed.
fn count(folder: &Path) -> (Option<i32>, String) {
    let ran = Command::new("python3").arg(COUNT).arg(folder).output();
    let ran = ran.expect("the independent count needs python3 on the PATH: install python3");
    let words = [ran.stdout, ran.stderr].concat();
    (ran.status.code(), String::from_utf8_lossy(&words).into_owned())
}

fn evening(wish: Wish) -> TempDir {
    let folder = TempDir::new().unwrap();
    Evening::new(wish).write(folder.path());
    folder
}

/// A good evening, after `doctor` had its hands on the files.
fn doctored(doctor: impl FnOnce(&Path)) -> (Option<i32>, String) {
    let folder = evening(Wish::Good);
    doctor(folder.path());
    count(folder.path())
}

#[track_caller]
fn fails(counted: &(Option<i32>, String), words: &[&str]) {
    assert_eq!(counted.0, Some(1), "{}", counted.1);
    for word in words {
        assert!(counted.1.contains(word), "no \"{word}\" in:\n{}", counted.1);
    }
}

#[test]
fn a_good_evening_passes() {
    let (code, words) = count(evening(Wish::Good).path());
    assert_eq!(code, Some(0), "{words}");
    let line = |name: &str| words.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("lost").ends_with(" 0"), "{words}");
    assert!(line("duplicates found").ends_with(" 22"), "{words}");
    assert!(line("over capacity").ends_with(" 0"), "{words}");
    assert!(words.contains("the count agrees"), "{words}");
}

#[test]
fn an_entry_that_the_server_acknowledged_and_does_not_have_fails() {
    let counted = doctored(|at| Table::change(at, "server.csv", |table| table.remove("kind", "check_in", 3)));
    fails(
        &counted,
        &["LOST", "is not in the server's export, although the server acknowledged it", "DIFFERS: admitted"],
    );
}

#[test]
fn a_lost_refusal_fails_too() {
    let counted = doctored(|at| Table::change(at, "server.csv", |table| table.remove("kind", "decline", 0)));
    fails(&counted, &["LOST", "DIFFERS: declined"]);
}

#[test]
fn an_entry_that_is_missing_in_a_desks_log_fails() {
    let counted = doctored(|at| Table::change(at, "desk-2.csv", |table| table.remove("kind", "check_in", 4)));
    fails(&counted, &["GAP", "is on the server and in no desk's log", "was shown a green card at Desk 2"]);
}

#[test]
fn a_green_card_without_an_entry_anywhere_fails() {
    let counted = doctored(|at| {
        let last = Table::read(at, "desk-2.csv").last("seq");
        Table::change(at, "desk-2.csv", |table| table.remove("seq", &last, 0));
        Table::change(at, "server.csv", |table| table.remove_where(&[("station", "Desk 2"), ("seq", &last)]));
    });
    fails(&counted, &["was shown a green card at Desk 2, and its log has no check-in of it"]);
}

#[test]
fn an_entry_twice_fails() {
    let counted = doctored(|at| Table::change(at, "server.csv", |table| table.repeat("kind", "check_in", 2)));
    fails(&counted, &["TWICE", "stands twice in the server's export", "DIFFERS: admitted"]);
    let counted = doctored(|at| Table::change(at, "desk-1.csv", |table| table.repeat("kind", "check_in", 1)));
    fails(&counted, &["stands twice in a desk's export"]);
}

#[test]
fn a_room_over_its_capacity_fails_even_when_everybody_says_so() {
    fails(&count(evening(Wish::OverCapacity).path()), &["OVER CAPACITY: Workshop has 3 places and held 4"]);
}

#[test]
fn a_double_that_the_server_does_not_flag_fails() {
    let unflag = |table: &mut Table| table.set("double", "yes", 0, "no");
    let counted = doctored(|at| Table::change(at, "server.csv", unflag));
    fails(
        &counted,
        &[
            "NOT FLAGGED",
            "is a double admission, and the server does not say so",
            "DIFFERS: duplicates found",
        ],
    );
}

#[test]
fn a_double_that_is_none_fails() {
    let counted = doctored(|at| Table::change(at, "server.csv", |table| table.set("double", "no", 0, "yes")));
    fails(&counted, &["FLAGGED", "is no double admission"]);
}

#[test]
fn a_changed_entry_fails() {
    let other = "f".repeat(64);
    let counted = doctored(|at| Table::change(at, "server.csv", |table| table.overwrite("hash", 5, &other)));
    fails(&counted, &["CHANGED", "differs on the server in hash"]);
    let counted = doctored(|at| Table::change(at, "desk-3.csv", |table| table.overwrite("hash", 5, &other)));
    fails(&counted, &["does not follow from the entry before", "differs on the server in hash"]);
    let counted =
        doctored(|at| Table::change(at, "server.csv", |table| table.overwrite("person_id", 6, "somebody")));
    fails(&counted, &["differs on the server in person_id"]);
}

#[test]
fn a_cancelled_guest_who_was_let_in_fails() {
    let cancel = |table: &mut Table| table.set("standing", "registered", 2, "cancelled");
    let counted = doctored(|at| Table::change(at, "plan.csv", cancel));
    fails(&counted, &["ADMITTED", "on a ticket that is cancelled"]);
}

#[test]
fn an_entry_that_nobody_planned_fails() {
    let counted = doctored(|at| Table::change(at, "plan.csv", |table| table.remove("what", "arrival", 6)));
    fails(&counted, &["UNPLANNED"]);
}

#[test]
fn an_entry_that_was_never_acknowledged_fails() {
    let wait = |table: &mut Table| table.overwrite("acknowledged", 9, "no");
    fails(&doctored(|at| Table::change(at, "desk-2.csv", wait)), &["WAITING", "was never acknowledged"]);
}

#[test]
fn an_entry_that_the_kill_took_fails() {
    let counted = doctored(|at| Table::change(at, "restarted-3.csv", |table| table.remove_last()));
    fails(&counted, &["was answered before the kill and its entry was gone after it"]);
}

#[test]
fn a_desk_that_counts_its_room_otherwise_fails() {
    let counted =
        doctored(|at| Table::change(at, "plan.csv", |table| table.set("what", "inside", 0, "nothing")));
    fails(&counted, &["ROOM: not every desk said how many are in"]);
}

#[test]
fn an_evening_in_which_too_little_happened_fails() {
    let few = "DID NOT HAPPEN: tickets let in at two desks across the cut: 19, at least 20 are needed";
    fails(&count(evening(Wish::FewDoubles).path()), &[few]);
    fails(
        &count(evening(Wish::NoUndos).path()),
        &["DID NOT HAPPEN: undos before", "DID NOT HAPPEN: undos after"],
    );
    let counted = doctored(|at| std::fs::remove_file(at.join("restarted-3.csv")).unwrap());
    fails(&counted, &["DID NOT HAPPEN: unsent entries at the kill: 0, at least 10 are needed"]);
    let counted =
        doctored(|at| Table::change(at, "plan.csv", |table| table.set("what", "cut_end", 0, "nothing")));
    fails(&counted, &["DID NOT HAPPEN: desks cut off: 1"]);
    fails(
        &count(evening(Wish::EmptySeat).path()),
        &["DID NOT HAPPEN: refusals in a room that filled in the cut: 0"],
    );
}

#[test]
fn entries_that_arrive_during_the_cut_fail() {
    let early = |table: &mut Table| {
        let desk_clock = table.cell("station", "Desk 2", 3, "desk_clock");
        table.set_in("station", "Desk 2", 3, "received", &desk_clock);
    };
    fails(
        &doctored(|at| Table::change(at, "server.csv", early)),
        &["NO CUT", "reached the server during its cut"],
    );
}

#[test]
fn what_cannot_be_counted_is_said_in_words() {
    let empty = TempDir::new().unwrap();
    let (code, words) = count(empty.path());
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("the count cannot be made") && words.contains("plan.csv"), "{words}");
    let (code, words) = doctored(|at| Table::change(at, "server.csv", |table| table.rename("hash", "hush")));
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("server.csv has no column hash"), "{words}");
}
