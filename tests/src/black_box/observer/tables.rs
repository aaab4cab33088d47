//! The exported tables, read as any program would read them; their chains; and whether both sides have the same lines.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use super::super::Report;
use crate::real::Failure;

/// A line of a log: cells by column.
pub(super) type Entry = HashMap<String, String>;

/// The server exports only what happens at doors.
pub(super) const AT_DOORS: [&str; 3] = ["check_in", "undo", "decline"];

pub(super) fn cell<'a>(entry: &'a Entry, column: &str) -> &'a str {
    entry.get(column).map_or("", String::as_str)
}

pub(super) fn number(entry: &Entry, column: &str) -> i64 {
    cell(entry, column).parse().unwrap_or(-1)
}

/// `station/epoch/number`: what an entry is known by.
pub(super) fn key(entry: &Entry) -> String {
    ["station_id", "epoch", "seq"].map(|column| cell(entry, column)).join("/")
}

/// The lines of a table.
pub(super) fn entries(path: &Path) -> Result<Vec<Entry>, Failure> {
    let mut csv = csv::Reader::from_path(path)?;
    Ok(csv.deserialize().collect::<Result<_, _>>()?)
}

/// The ids of those who have a code.
pub(super) fn people(path: &Path) -> Result<HashMap<String, String>, Failure> {
    let rows = entries(path)?;
    Ok(rows.iter().map(|row| (cell(row, "code").to_owned(), cell(row, "person_id").to_owned())).collect())
}

/// Numbers without gaps, each line chained to the one before; everything acknowledged, where it must be.
pub(super) fn check_chain(desk: usize, log: &[Entry], acknowledged: bool, wrong: &mut Vec<String>) {
    let mut ends: BTreeMap<(&str, &str), (i64, &str)> = BTreeMap::new();
    let nothing = "0".repeat(64);
    for entry in log {
        let life = (cell(entry, "station_id"), cell(entry, "epoch"));
        let (seq, hash) = ends.get(&life).copied().unwrap_or((0, &nothing));
        if number(entry, "seq") != seq + 1 || cell(entry, "prev_hash") != hash {
            wrong.push(format!("desk {}: entry {} does not follow the one before", desk + 1, key(entry)));
        }
        if acknowledged && cell(entry, "acknowledged") != "yes" {
            wrong.push(format!("desk {}: entry {} was never acknowledged", desk + 1, key(entry)));
        }
        ends.insert(life, (number(entry, "seq"), cell(entry, "hash")));
    }
}

/// What the desks have, the server has with the same SHA-256 of its bytes; and it has nothing else.
pub(super) fn check_same(desks: &[&Entry], server: &[Entry], report: &mut Report) {
    let held: HashMap<String, &Entry> = server.iter().map(|entry| (key(entry), entry)).collect();
    let mut known = 0;
    for entry in desks.iter().filter(|entry| AT_DOORS.contains(&cell(entry, "kind"))) {
        known += 1;
        let Some(there) = held.get(&key(entry)) else {
            report.wrong.push(format!(
                "LOST: {} {} is not in the server's export",
                cell(entry, "kind"),
                key(entry)
            ));
            continue;
        };
        let differs = ["hash", "kind", "session_id", "person_id", "code_digest", "of", "basis"];
        // A cell that the desk leaves empty says nothing: the server names the guest of an undo.
        let stated = differs.into_iter().filter(|column| !cell(entry, column).is_empty());
        for column in stated.filter(|column| cell(entry, column) != cell(there, column)) {
            report.wrong.push(format!("DIFFERS: {column} of {} at the server", key(entry)));
        }
    }
    if known != server.len() {
        report.wrong.push(format!("the server's export has {} lines, the desks wrote {known}", server.len()));
    }
    report.figures.push(("entries compared", known as u64));
}
