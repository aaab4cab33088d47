//! The desk's own log as a table, to be compared with what the server holds.

use std::{collections::HashMap, fs::File, path::Path};

use serde::Serialize;
use usher_core::{
    entry::{Body, Entry, Subject},
    ids::{EntryKey, SessionId},
};
use usher_protocol::window::DeskView;
use usher_station::{Desk, Host};

use crate::ask::Fault;

/// How many entries are read at a time.
const PAGE: usize = 500;

const HEADER: [&str; 23] = [
    "station_id",
    "desk",
    "epoch",
    "seq",
    "kind",
    "at_ms",
    "hlc",
    "wall_ms",
    "session_id",
    "session",
    "person_id",
    "code_digest",
    "basis",
    "late",
    "registered",
    "of",
    "refund",
    "reason",
    "rights",
    "acknowledged",
    "initials",
    "prev_hash",
    "hash",
];

/// Writes the whole log, every life of it; how many entries. The file appears whole or not at all.
pub(crate) fn write<H: Host>(desk: &Desk<H>, view: &DeskView, path: &Path) -> Result<u64, Fault> {
    let words = |error: std::io::Error| Fault::File(format!("{}: {error}", path.display()));
    let part = path.with_extension("part");
    let mut csv = csv::Writer::from_writer(File::create(&part).map_err(words)?);
    let filled = fill(&mut csv, desk, view);
    drop(csv);
    match filled {
        Ok(entries) => std::fs::rename(&part, path).map(|()| entries).map_err(words),
        Err(fault) => {
            let _ = std::fs::remove_file(&part);
            Err(fault)
        }
    }
}

fn fill<H: Host>(csv: &mut csv::Writer<File>, desk: &Desk<H>, view: &DeskView) -> Result<u64, Fault> {
    let names: HashMap<&str, &str> =
        view.sessions.iter().map(|one| (one.id.as_str(), one.name.as_str())).collect();
    csv.write_record(HEADER)?;
    let mut entries = 0;
    for life in desk.own_lives()? {
        let mut last = 0;
        loop {
            let page = desk.log_of(life, last, PAGE)?;
            let Some(end) = page.last() else { break };
            last = end.entry.seq;
            for logged in &page {
                let hash = logged.hash.to_string();
                csv.write_record(cells(logged.acknowledged, &logged.entry, &hash, view, &names))?;
            }
            entries += page.len() as u64;
        }
    }
    csv.flush().map_err(csv::Error::from)?;
    Ok(entries)
}

fn cells(
    acknowledged: bool,
    entry: &Entry,
    hash: &str,
    view: &DeskView,
    names: &HashMap<&str, &str>,
) -> Vec<String> {
    let mut row = row(&entry.body);
    row.session = names.get(row.session_id.as_str()).copied().unwrap_or_default().into();
    let head = [
        entry.station.to_string(),
        view.desk.clone(),
        entry.epoch.to_string(),
        entry.seq.to_string(),
        entry.body.word().into(),
        entry.hlc.ms().to_string(),
        entry.hlc.0.to_string(),
        entry.wall_ms.to_string(),
    ];
    let tail = [yes_no(acknowledged), view.initials.clone(), entry.prev_hash.to_string(), hash.into()];
    head.into_iter().chain(row.cells()).chain(tail).collect()
}

/// The cells that differ from kind to kind.
#[derive(Default)]
struct Row {
    session_id: String,
    session: String,
    person_id: String,
    code_digest: String,
    basis: String,
    late: String,
    registered: String,
    of: String,
    refund: String,
    reason: String,
    rights: String,
}

impl Row {
    fn at(session: SessionId, subject: Subject) -> Self {
        let mut row = Self { session_id: session.to_string(), ..Self::default() };
        match subject {
            Subject::Person(id) => row.person_id = id.to_string(),
            Subject::Code(digest) => row.code_digest = digest.to_string(),
        }
        row
    }

    fn cells(self) -> [String; 11] {
        [
            self.session_id,
            self.session,
            self.person_id,
            self.code_digest,
            self.basis,
            self.late,
            self.registered,
            self.of,
            self.refund,
            self.reason,
            self.rights,
        ]
    }
}

/// Kinds that this desk does not write have only what all have.
fn row(body: &Body) -> Row {
    match body {
        Body::CheckIn(one) => Row {
            basis: word(&one.basis),
            late: yes_no(one.late),
            registered: yes_no(one.registered),
            ..Row::at(one.session, one.subject)
        },
        Body::Decline(one) => Row { reason: word(&one.reason), ..Row::at(one.session, one.subject) },
        Body::Undo(one) => {
            Row { of: key(one.of), refund: yes_no(one.refund), reason: word(&one.reason), ..Row::default() }
        }
        Body::CheckOut(one) => Row { of: key(one.of), ..Row::default() },
        Body::Return(one) => {
            Row { session_id: one.session.to_string(), rights: one.rights.to_string(), ..Row::default() }
        }
        _ => Row::default(),
    }
}

fn key(of: EntryKey) -> String {
    format!("{}/{}/{}", of.station, of.epoch, of.seq)
}

/// A code's name as the wire has it.
fn word<T: Serialize>(code: &T) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn yes_no(is: bool) -> String {
    if is { "yes" } else { "no" }.into()
}
