//! Imports the real exports of pretix, where they are present, and compares with what pretix's database said (`truth.json`).
//! They are not part of the repository: the folder is `USHER_REAL_EXPORTS`, else `shared/exports` beside the checkout. Without it the
//! comparison is skipped, in words; the made-up files of `import_pretix.rs` cover the same ground.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::DateTime;
use serde_json::Value;
use usher_server::import::{
    ParticipantRow, ParticipantsFile, ReadOptions, SkipReason, Source, Unpaid, read_participants,
};

/// The folder, or a line that says why nothing was compared. A folder that was named must exist.
fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/exports");
    let found = match std::env::var_os("USHER_REAL_EXPORTS").filter(|named| !named.is_empty()) {
        Some(named) => Some(PathBuf::from(named)),
        None => beside.is_dir().then_some(beside),
    };
    if found.is_none() {
        say("SKIPPED: no real exports; set USHER_REAL_EXPORTS or put shared/exports beside the checkout");
    }
    found
}

/// Past the test harness, which keeps the output of tests that pass to itself.
fn say(words: &str) {
    std::io::stderr().write_all(format!("{words}\n").as_bytes()).unwrap();
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap()
}

fn import(path: &Path, unpaid: Unpaid) -> ParticipantsFile {
    let bytes = fs::read(path).unwrap();
    let options = ReadOptions { unpaid, ..ReadOptions::default() };
    let file = read_participants(&bytes, &options, &mut |_, _| {})
        .unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    assert_eq!(file.problems, vec![], "{}", path.display());
    file
}

fn codes(rows: &[ParticipantRow]) -> BTreeSet<String> {
    rows.iter().filter_map(|row| row.ticket_code.clone()).collect()
}

fn strings(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

fn words(text: Option<&str>) -> Option<String> {
    text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

fn millis(value: &Value) -> Option<i64> {
    value.as_str().map(|time| DateTime::parse_from_rfc3339(time).unwrap().timestamp_millis() / 60_000)
}

/// Names, addresses and validity of one row, compared with the position in the database. Files print whole minutes.
fn agrees(row: &ParticipantRow, position: &Value, source: Source, path: &Path) {
    let context = format!("{} line {}", path.display(), row.line);
    if source == Source::PretixCheckinList {
        assert_eq!(row.name, words(position["resolved_name"].as_str()), "{context}");
        assert_eq!(row.email, words(position["resolved_email"].as_str()), "{context}");
        assert_eq!(row.order.as_deref(), position["order"].as_str(), "{context}");
    }
    assert_eq!(row.valid_from_ms.map(|ms| ms / 60_000), millis(&position["valid_from"]), "{context}");
    assert_eq!(row.valid_until_ms.map(|ms| ms / 60_000), millis(&position["valid_until"]), "{context}");
}

#[test]
fn every_list_and_dialect_gives_exactly_the_admissible_people() {
    let Some(folder) = folder() else { return };
    let folder = folder.join("pretix");
    let truth = json(&folder.join("truth.json"));
    let lists: BTreeMap<i64, &Value> =
        truth["lists"].as_array().unwrap().iter().map(|list| (list["id"].as_i64().unwrap(), list)).collect();
    let mut compared = 0;
    for (name, about) in truth["files"].as_object().unwrap() {
        let exporter = about["exporter"].as_str().unwrap_or_default();
        if !name.ends_with(".csv") || !matches!(exporter, "checkinlist" | "checkinlistcodes") {
            continue;
        }
        let path = folder.join(name);
        let list = lists[&about["form"]["list"].as_i64().unwrap()];
        let file = import(&path, Unpaid::AsSource);
        let rows = file.rows.len() + file.skipped.len();
        assert_eq!(rows as u64, about["rows"].as_u64().unwrap(), "{name}");
        if exporter == "checkinlist" {
            assert_eq!(rows as u64, list["rows_in_checkinlist_export"].as_u64().unwrap(), "{name}");
        }
        compare(&file, list, &truth["positions"], &path);
        compared += 1;
    }
    say(&format!("compared {compared} files with {}", folder.display()));
    assert!(compared > 0, "truth.json names no file to compare");
}

fn compare(file: &ParticipantsFile, list: &Value, positions: &Value, path: &Path) {
    let admissible = strings(&list["admissible_secrets"]);
    let imported = codes(&file.rows);
    if imported.is_empty() {
        // Exported without secrets: only the numbers can be compared.
        assert_eq!(file.rows.len() as u64, list["admissible"].as_u64().unwrap(), "{}", path.display());
        return;
    }
    let order_paid = |code: &String| positions[code]["order_status"].as_str() == Some("p");
    if list["include_pending"].as_bool() == Some(true) && file.dialect.source == Source::PretixCheckinList {
        // Such a list does not say which unpaid people were confirmed: they are skipped as unpaid, and told.
        let paid: BTreeSet<String> = admissible.iter().filter(|code| order_paid(code)).cloned().collect();
        assert_eq!(imported, paid, "{}", path.display());
        let unpaid = file.skipped.iter().filter(|skipped| skipped.reason == SkipReason::Unpaid);
        let unpaid = codes(&unpaid.map(|skipped| skipped.row.clone()).collect::<Vec<_>>());
        assert!(admissible.difference(&paid).all(|code| unpaid.contains(code)), "{}", path.display());
    } else {
        assert_eq!(imported, admissible, "{}", path.display());
        assert_eq!(file.rows.len(), admissible.len(), "{}", path.display());
    }
    for row in file.rows.iter().chain(file.skipped.iter().map(|skipped| &skipped.row)) {
        agrees(row, &positions[row.ticket_code.as_ref().unwrap()], file.dialect.source, path);
    }
}

#[test]
fn signed_secrets_come_through_byte_for_byte() {
    let Some(folder) = folder() else { return };
    let sample = folder.join("sig1-sample.json");
    if !sample.exists() {
        return say("SKIPPED: the folder has no sig1-sample.json");
    }
    let known: BTreeSet<String> = json(&sample)["tickets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ticket| ticket["secret"].as_str().unwrap().to_owned())
        .collect();
    for name in ["sig1-sample-checkinlist-main.secrets.csv", "sig1-sample-checkinlistcodes-main.csv"] {
        let file = import(&folder.join(name), Unpaid::AsSource);
        let found = codes(&file.rows);
        assert_eq!(found.len(), file.rows.len());
        assert_eq!(found.len(), 44, "{name}");
        assert!(found.is_subset(&known), "{name}: {:?}", found.difference(&known).next());
    }
}

#[test]
fn other_exports_are_refused_by_name() {
    let Some(folder) = folder() else { return };
    for (name, what) in [
        ("checkinlog.csv", "check-in log"),
        ("orderlist-positions.csv", "order list"),
        ("orderlist-positions.de-DE.csv", "order list"),
        ("orderlist-orders.csv", "order list"),
        ("orderlist-fees.csv", "order list"),
        ("checkinlist-main.secrets.xlsx", "Excel"),
        ("pretixdata.json", "JSON"),
    ] {
        let path = folder.join("pretix").join(name);
        let Ok(bytes) = fs::read(&path) else { continue };
        let problem = read_participants(&bytes, &ReadOptions::default(), &mut |_, _| {}).unwrap_err();
        assert!(problem.to_string().contains(what), "{name}: {problem}");
    }
}
