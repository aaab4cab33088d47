//! The kept files of an older version.

use std::{collections::HashMap, path::Path};

use serde_json::Value;

use crate::event::Event;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/0.1.0");

/// How many entries of the kept desk had been sent, and how many not.
pub(super) const SENT: i64 = 15;
pub(super) const UNSENT: i64 = 5;

pub(super) fn text(name: &str) -> String {
    std::fs::read_to_string(Path::new(FOLDER).join(name)).unwrap()
}

fn unpacked(name: &str) -> Vec<u8> {
    zstd::decode_all(&*std::fs::read(Path::new(FOLDER).join(name)).unwrap()).unwrap()
}

/// The event as the old server left it.
pub(super) fn event() -> Event {
    Event::kept(&unpacked("event.db.zst"))
}

/// The old desk's folder, copied to `to`, with another address of its server: the old one's port is somebody else's now.
pub(super) fn desk(to: &Path, url: &str) {
    std::fs::create_dir_all(to).unwrap();
    for name in ["log.db", "replica.db"] {
        std::fs::write(to.join(name), unpacked(&format!("desk-1/{name}.zst"))).unwrap();
    }
    let log = rusqlite::Connection::open(to.join("log.db")).unwrap();
    assert_eq!(log.execute("UPDATE identity SET address = ?1", [url]).unwrap(), 1);
}

/// The computer that the old desk ran on.
pub(super) fn machine() -> u128 {
    u128::from_str_radix(text("machine").trim(), 16).unwrap()
}

/// The old desk's log: number, SHA-256 and bytes of each entry, in hexadecimal.
pub(super) fn entries() -> Vec<(i64, String, String)> {
    let text = text("desk-1/entries.tsv");
    let line = |line: &str| {
        let cells: Vec<_> = line.split('\t').collect();
        (cells[0].parse().unwrap(), cells[2].to_owned(), cells[3].to_owned())
    };
    text.lines().map(line).collect()
}

/// An exchange of the kept kind: a request with its headers, and what the old server answered.
pub(super) struct Exchange {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    pub(super) status: u16,
    pub(super) answer: String,
}

pub(super) fn exchanges(name: &str) -> Vec<Exchange> {
    let exchange = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let headers = line["headers"].as_object().unwrap();
        Exchange {
            headers: headers.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
            body: text(&line["body"]),
            status: line["status"].as_u64().unwrap().try_into().unwrap(),
            answer: text(&line["answer"]),
        }
    };
    text(name).lines().map(exchange).collect()
}

/// A table's lines by the entry that they are about, without when they were received.
pub(super) fn table(text: &str) -> Vec<HashMap<String, String>> {
    let mut rows: Vec<HashMap<String, String>> =
        csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect();
    for row in &mut rows {
        row.remove("received");
        // Columns that 0.1.0 did not have; nothing that it wrote says anything in them.
        for later in ["override_by", "override_reason"] {
            assert_eq!(row.remove(later).unwrap_or_default(), "");
        }
    }
    rows.sort_by_key(|row| row["hash"].clone());
    rows
}

/// The server's export of check-ins now.
pub(super) fn export(event: &Event) -> Vec<HashMap<String, String>> {
    let file = event.folder("export.csv");
    event.run(&["export", "check-ins", "--out", file.to_str().unwrap()]).unwrap();
    table(&std::fs::read_to_string(file).unwrap())
}
