//! Doctored evenings with a supervisor, a lost desk, files and a backup: what is right passes, and every wrong is named.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    super::{
        diary::{Carried, Decided, Diary, Look, PutBack, Settled, What},
        said::{Asked, Heard, Said},
    },
    Evidence, Lost,
    doctored::{ROOM, asked, board_of, entry, evidence, log, names, observed_with, said, server},
    tables::Entry,
};

/// Three are in: nobody is taken back. Each was asked for at nine past ten times its number.
fn three() -> (Vec<Entry>, Vec<Said>) {
    let people = ["ada", "bao", "chiara"];
    let log = (1..).zip(people).map(|(seq, person)| entry(seq, "check_in", person, ""));
    let log = log.map(|mut entry| {
        entry.insert("released".into(), "no".into());
        entry
    });
    let code = |name: &str| Asked::LetIn { code: format!("code of {name}") };
    let rows = (0..)
        .zip(people)
        .map(|(nr, name)| said(nr, nr as i64 * 10 + 9, code(name), Heard::LetIn { again: false }));
    (log.collect(), rows.collect())
}

fn decided(what: What, at_ms: i64) -> Decided {
    Decided { room: ROOM.into(), what, asked_ms: at_ms, done_ms: at_ms + 1 }
}

/// A board on which nothing is wrong, but for what is given.
fn board(given: &[(&str, Value)]) -> Value {
    let mut board = board_of(2, 2);
    given.iter().for_each(|(key, value)| board["sessions"][0][*key] = value.clone());
    board
}

fn looked(at_ms: i64, given: &[(&str, Value)]) -> Look {
    Look { asked_ms: at_ms, done_ms: at_ms + 1, board: board(given) }
}

/// Three are inside of a room with so many places, as the board says.
fn full(places: u64) -> Value {
    let mut board = board(&[
        ("inside", json!(3)),
        ("occupied", json!(3)),
        ("worst", json!(3)),
        ("capacity", json!(places)),
    ]);
    if places < 3 {
        board["incidents"] = json!([{"kind": "over_capacity", "session": ROOM, "over_by": 3 - places}]);
    }
    board
}

fn seen(rows: (Vec<Entry>, Vec<Said>), board: Value, diary: Diary) -> Vec<String> {
    observed_with(&rows.0, &rows.1, &rows.0, Evidence { board, diary, ..evidence() })
}

/// Raised to four, lowered to two when the worst case was still three or two.
fn lowered(worst: u64) -> Diary {
    let four = ("capacity", json!(4));
    Diary {
        decided: vec![decided(What::Places(4), 1), decided(What::Places(2), 5)],
        looks: vec![looked(3, &[four, ("worst", json!(4))]), looked(7, &[("worst", json!(worst))])],
        ..Diary::default()
    }
}

#[test]
fn a_lowered_room_fills_up_to_what_was_given_and_not_further() {
    assert_eq!(seen(three(), full(2), lowered(3)), Vec::<String>::new());
    names(&seen(three(), full(2), lowered(2)), "OVER CAPACITY: 3 in Studio, which may have 2,");
    let mut awaited = lowered(2);
    awaited.looks[1].board["sessions"][0]["awaited"] = json!(["Desk 2"]);
    assert_eq!(
        seen(three(), full(2), awaited),
        Vec::<String>::new(),
        "a worst case that is not known says nothing"
    );
}

#[test]
fn a_look_just_before_a_decision_says_nothing_about_it() {
    // Seed 4: the look and the raise fell into one millisecond.
    let four = || decided(What::Places(4), 8);
    let diary = Diary { decided: vec![four()], looks: vec![looked(7, &[])], ..Diary::default() };
    assert_eq!(seen(three(), full(4), diary), Vec::<String>::new());
}

#[test]
fn a_room_whose_places_nobody_changed_has_its_places() {
    let looks = vec![looked(3, &[("worst", json!(9))])];
    let wrong = seen(three(), full(2), Diary { looks, ..Diary::default() });
    names(&wrong, "OVER CAPACITY: 3 in Studio, which may have 2,");
}

#[test]
fn places_that_come_too_late_excuse_nothing() {
    let late = Diary { decided: vec![decided(What::Places(4), 40)], ..Diary::default() };
    names(&seen(three(), full(4), late), "OVER CAPACITY: 3 in Studio, which may have 2,");
}

#[test]
fn a_decision_that_the_board_forgot_and_a_wrong_overshoot_are_found() {
    let raised = || Diary { decided: vec![decided(What::Places(3), 1)], ..Diary::default() };
    assert_eq!(seen(three(), full(3), raised()), Vec::<String>::new());
    names(&seen(three(), full(4), raised()), "FORGOTTEN: Studio has Some(3) places");
    let mut board = full(2);
    board["incidents"][0]["over_by"] = json!(2);
    names(&seen(three(), board, lowered(3)), "Studio is over its places by 2");
    let mut board = full(2);
    board["incidents"] = json!([]);
    names(
        &seen(three(), board, lowered(3)),
        "over capacity to settle of Studio: the board says Some(0), it is 1",
    );
}

#[test]
fn a_server_that_was_put_back_may_forget_until_it_is_told_again() {
    let put_back = PutBack { taken_ms: 0, from_ms: 4, until_ms: 6, lacked: 1 };
    let told = |again: &[i64]| Diary {
        decided: [1].iter().chain(again).map(|at| decided(What::Places(3), *at)).collect(),
        looks: vec![
            looked(3, &[("capacity", json!(3))]),
            looked(7, &[]),
            looked(20, &[("capacity", json!(3))]),
        ],
        put_back: Some(put_back),
        ..Diary::default()
    };
    let restored = json!({"kind": "server_restored"});
    let mut board = full(3);
    board["incidents"] = json!([restored]);
    assert_eq!(seen(three(), board.clone(), told(&[9])), Vec::<String>::new());
    let mut forgets = told(&[9]);
    forgets.looks.push(looked(25, &[]));
    names(&seen(three(), board.clone(), forgets), "FORGOTTEN: Studio has Some(3) places");
    let mut never = told(&[9]);
    never.put_back = None;
    names(&seen(three(), board.clone(), never), "1 times that the server was put back");
    board["incidents"] = json!([restored, restored]);
    names(&seen(three(), board, told(&[9])), "2 times that the server was put back");
}

/// The desk's log is written off, behind its first line.
fn settled(spent: u64, outstanding: u64) -> Settled {
    let held: HashSet<String> = ["one/e/1".to_owned()].into();
    Settled {
        room: ROOM.into(),
        log: "one/e".into(),
        asked_ms: 15,
        spent,
        outstanding,
        held: (held.clone(), held),
    }
}

fn written_off(spent: u64, outstanding: u64) -> Diary {
    Diary { settled: vec![settled(spent, outstanding)], ..Diary::default() }
}

#[test]
fn what_a_lost_desk_did_beyond_what_was_said_is_excused_and_no_more() {
    assert_eq!(
        seen(three(), full(2), written_off(1, 1)),
        Vec::<String>::new(),
        "two were let in, and one was said"
    );
    assert_eq!(
        seen(three(), full(2), written_off(1, 2)),
        Vec::<String>::new(),
        "it might have let in two (seed 8008)"
    );
    names(&seen(three(), full(2), written_off(2, 2)), "OVER CAPACITY: 3 in Studio");
    let mut later = written_off(1, 1);
    later.settled[0].asked_ms = 1_000;
    names(&seen(three(), full(2), later), "OVER CAPACITY: 3 in Studio");
}

#[test]
fn seats_that_were_written_off_count_once() {
    let evening = |spent, worst: u64| {
        let board = board(&[("worst", json!(worst))]);
        observed_with(
            &log(),
            &asked(),
            &server(),
            Evidence { board, diary: written_off(spent, 3), ..evidence() },
        )
    };
    // One stands behind the first line: of three one was real, and two were never seen.
    names(&evening(3, 2), "COUNT: the worst case of Studio is 2, and its parts are 4 to 4");
    names(&evening(3, 4), "the worst case of Studio is 4, more than its places allow");
    names(&evening(1, 3), "COUNT: the worst case of Studio is 3, and its parts are 2 to 2");
    assert_eq!(evening(1, 2), Vec::<String>::new());
}

/// The last line was never sent.
fn lost(by_file: bool, acknowledged: &str) -> Vec<String> {
    let (mut log, rows) = three();
    log[2].insert("acknowledged".into(), acknowledged.into());
    let (board, lost) = (board(&[]), Some(Lost { desk: 0, by_file }));
    let diary = written_off(1, 1);
    observed_with(&log, &rows, &log[..2], Evidence { board, lost, diary, ..evidence() })
}

#[test]
fn a_lost_desk_takes_with_it_what_it_never_sent_and_nothing_else() {
    assert_eq!(lost(false, "no"), Vec::<String>::new());
    names(&lost(false, "yes"), "LOST: check_in one/e/3");
    names(&lost(true, "no"), "LOST: check_in one/e/3");
}

#[test]
fn a_guest_let_in_at_a_door_that_the_desk_knew_to_be_paused_is_found() {
    let evening = |synced: (i64, i64), opened: i64| {
        let decided =
            vec![decided(What::Door { open: false }, 1), decided(What::Door { open: true }, opened)];
        let (diary, board) = (Diary { decided, ..Diary::default() }, board_of(2, 2));
        let evidence = Evidence { board, diary, synced: vec![vec![synced]], ..evidence() };
        observed_with(&log(), &asked(), &server(), evidence)
    };
    names(&evening((3, 5), 1_000), "PAUSED: desk 1 knew that Studio is, and let in (row 0)");
    assert_eq!(evening((3, 5), 8), Vec::<String>::new(), "it was opened before");
    assert_eq!(evening((1, 5), 1_000), Vec::<String>::new(), "the desk may have asked before it was paused");
    names(&evening((3, 30), 1_000), "let in (row 3)");
}

#[test]
fn a_file_that_brings_something_twice_is_found() {
    let evening = |again| {
        let carried = vec![Carried { file: "desk.usherlog".into(), brought: 2, again }];
        let (diary, board) = (Diary { carried, ..Diary::default() }, board_of(2, 2));
        observed_with(&log(), &asked(), &server(), Evidence { board, diary, ..evidence() })
    };
    assert_eq!(evening(0), Vec::<String>::new());
    names(&evening(2), "TWICE: desk.usherlog was imported again, and brought 2 entries");
}
