//! The observer must be able to find something wrong: a good evening passes, every doctored one is named.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{
    super::{
        Report,
        said::{Asked, Heard, Said},
    },
    Evidence, beside, claims, count,
    tables::{Entry, check_chain, check_same},
    written_off,
};

pub(super) const ROOM: &str = "Studio";
pub(super) const PLACES: u64 = 2;

pub(super) fn entry(seq: u64, kind: &str, person: &str, of: &str) -> Entry {
    let (seq, before) = (seq.to_string(), (seq - 1).to_string());
    let hash = |seq: &str| if seq == "0" { "0".repeat(64) } else { format!("{seq:>064}") };
    let wall = format!("{seq}0");
    let cells = [
        ("station_id", "one"),
        ("epoch", "e"),
        ("seq", &seq),
        ("kind", kind),
        ("wall_ms", &wall),
        ("session", ROOM),
        ("person_id", person),
        ("basis", if kind == "check_in" { "grant" } else { "" }),
        ("of", of),
        ("acknowledged", "yes"),
        ("prev_hash", &hash(&before)),
        ("hash", &hash(&seq)),
        ("released", if seq == "2" && kind == "check_in" { "yes" } else { "no" }),
        ("double", "no"),
    ];
    cells.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// Ada and Bao come, Bao is taken back, Chiara comes.
pub(super) fn log() -> Vec<Entry> {
    vec![
        entry(1, "check_in", "ada", ""),
        entry(2, "check_in", "bao", ""),
        entry(3, "undo", "", "one/e/2"),
        entry(4, "check_in", "chiara", ""),
    ]
}

pub(super) fn said(nr: usize, at_ms: i64, asked: Asked, heard: Heard) -> Said {
    Said { nr, desk: 0, room: ROOM, at_ms, done_ms: at_ms + 2, asked, heard }
}

pub(super) fn asked() -> Vec<Said> {
    let code = |name: &str| Asked::LetIn { code: format!("code of {name}") };
    vec![
        said(0, 9, code("ada"), Heard::LetIn { again: false }),
        said(1, 19, code("bao"), Heard::Nothing),
        said(2, 29, Asked::Undo { of: 1 }, Heard::TakenBack),
        said(3, 39, code("chiara"), Heard::LetIn { again: false }),
        said(4, 49, code("chiara"), Heard::LetIn { again: true }),
        said(5, 59, code("ada"), Heard::Refused("already_in".into())),
    ]
}

pub(super) fn evidence() -> Evidence {
    Evidence { rooms: vec![(ROOM.into(), Some(PLACES))], synced: vec![Vec::new()], ..Evidence::default() }
}

pub(super) fn board_of(inside: u64, occupied: u64) -> Value {
    json!({
        "sessions": [{"name": ROOM, "inside": inside, "occupied": occupied, "unsettled": occupied - inside, "over_grant": 0, "outstanding": 0, "held": 0, "worst": occupied, "capacity": PLACES, "awaited": []}],
        "incidents": [],
    })
}

/// What the observer says of a desk's log, what was asked of it, the server's export and the board.
fn observed(log: &[Entry], asked: &[Said], server: &[Entry], board: &Value) -> Vec<String> {
    observed_with(log, asked, server, Evidence { board: board.clone(), ..evidence() })
}

/// The same, with what was done beside.
pub(super) fn observed_with(
    log: &[Entry],
    asked: &[Said],
    server: &[Entry],
    evidence: Evidence,
) -> Vec<String> {
    let evidence = Evidence { said: asked.to_vec(), ..evidence };
    let mut report = Report::default();
    let people: HashMap<String, String> =
        ["ada", "bao", "chiara", "dmitri"].map(|name| (format!("code of {name}"), name.to_owned())).into();
    check_chain(0, log, written_off::must_be_acknowledged(0, evidence.lost), &mut report.wrong);
    claims::check_once(0, log, &mut report.wrong);
    claims::check(0, &asked.iter().collect::<Vec<_>>(), log, &people, &mut report);
    let logs = [log.to_vec()];
    let (all, known) = (log.iter().collect::<Vec<_>>(), written_off::known(&logs, server, evidence.lost));
    check_same(&known, server, &mut report);
    let counts = count::count(&all, &known, &evidence, &mut report);
    count::check_server(&counts, server, &mut report.wrong);
    beside::check(&counts, &evidence, &mut report);
    report.wrong
}

pub(super) fn server() -> Vec<Entry> {
    log()
}

#[track_caller]
pub(super) fn names(wrong: &[String], word: &str) {
    assert!(wrong.iter().any(|line| line.contains(word)), "no \"{word}\" in {wrong:#?}");
}

#[test]
fn a_good_evening_passes() {
    assert_eq!(observed(&log(), &asked(), &server(), &board_of(2, 2)), Vec::<String>::new());
}

#[test]
fn an_accept_that_was_answered_and_is_nowhere_is_found() {
    let mut rows = asked();
    let late = Asked::LetIn { code: "code of dmitri".into() };
    rows.push(said(6, 69, late, Heard::LetIn { again: false }));
    names(&observed(&log(), &rows, &server(), &board_of(2, 2)), "LOST: desk 1 answered");
    let again = Asked::LetIn { code: "code of bao".into() };
    let rows = [asked(), vec![said(6, 69, again, Heard::LetIn { again: true })]].concat();
    names(&observed(&log(), &rows, &server(), &board_of(2, 2)), "LOST: desk 1 answered");
}

#[test]
fn an_entry_that_nobody_asked_for_is_found() {
    names(&observed(&log(), &asked()[1..], &server(), &board_of(2, 2)), "INVENTED");
}

#[test]
fn what_the_server_lost_or_changed_is_found() {
    let mut less = server();
    less.remove(0);
    names(&observed(&log(), &asked(), &less, &board_of(2, 2)), "LOST: check_in one/e/1");
    for column in ["hash", "person_id", "of", "basis"] {
        let mut other = server();
        other.iter_mut().for_each(|entry| drop(entry.insert(column.into(), "other".into())));
        names(&observed(&log(), &asked(), &other, &board_of(2, 2)), &format!("DIFFERS: {column}"));
    }
    let mut more = server();
    more.push(entry(5, "check_in", "dmitri", ""));
    names(&observed(&log(), &asked(), &more, &board_of(2, 2)), "the server's export has 5 lines");
}

#[test]
fn a_broken_chain_and_an_entry_that_was_never_sent_are_found() {
    let mut gap = log();
    gap.remove(1);
    names(&observed(&gap, &asked(), &server(), &board_of(2, 2)), "does not follow");
    let mut unsent = log();
    unsent[3].insert("acknowledged".into(), "no".into());
    names(&observed(&unsent, &asked(), &server(), &board_of(2, 2)), "never acknowledged");
}

#[test]
fn one_too_many_at_any_moment_is_found() {
    // The undo comes last: for a while three were in.
    let mut log = log();
    log[2] = entry(3, "check_in", "chiara", "");
    log[3] = entry(4, "undo", "", "one/e/2");
    let mut rows = asked();
    rows[3] = said(3, 29, rows[3].asked.clone(), Heard::LetIn { again: false });
    rows[2] = said(2, 39, rows[2].asked.clone(), Heard::TakenBack);
    names(&observed(&log, &rows, &log, &board_of(2, 2)), "OVER CAPACITY: 3 in Studio, which may have 2,");
    let mut free = server();
    free[3].insert("basis".into(), "over_grant".into());
    names(&observed(&free, &asked(), &free, &board_of(2, 2)), "OVER GRANT");
}

#[test]
fn a_double_that_nobody_accounts_for_is_found() {
    let mut log = log();
    log[3] = entry(4, "check_in", "ada", "");
    let mut rows = asked();
    rows[3] = said(3, 39, rows[0].asked.clone(), Heard::LetIn { again: false });
    rows.truncate(4);
    let wrong = observed(&log, &rows, &log, &board_of(2, 2));
    names(&wrong, "doubles in Studio: the server's export says 0, it is 1");
    names(&wrong, "double admissions to settle of Studio: the board says Some(0), it is 1");
    names(&wrong, "TWICE: desk 1 let one guest in by one/e/1 and by one/e/4");
    names(&wrong, "inside of Studio: the board says Some(2), it is 1");
}
