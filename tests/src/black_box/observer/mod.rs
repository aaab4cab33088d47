//! The observer from outside: recomputes who is in from what the desks answered and what was exported, and compares.
//!
//! Nothing of Usher is called here: files are read as any program would read them, HTTP is spoken as `docs/protocol.md` says.

mod beside;
mod board;
mod carried;
mod claims;
mod count;
#[cfg(test)]
mod doctored;
#[cfg(test)]
mod doctored_beside;
mod never_over;
mod paused;
mod places;
mod tables;
mod written_off;

use std::path::PathBuf;

use serde_json::Value;

use super::{Report, diary::Diary, said::Said};
use crate::real::Failure;

/// What the observer may look at.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// What was asked of the desks, and answered.
    pub(super) said: Vec<Said>,
    /// The desks' own logs, CSV, by desk.
    pub(super) desk_logs: Vec<PathBuf>,
    /// What each desk shows at the end.
    pub(super) views: Vec<Value>,
    /// The server's export of check-ins, CSV.
    pub(super) server_log: PathBuf,
    /// The server's export of guests, CSV.
    pub(super) guests: PathBuf,
    /// Logs that desks saved into files on the way.
    pub(super) carried: Vec<PathBuf>,
    /// The board at the end.
    pub(super) board: Value,
    /// By desk: from when to when it asked the server on a good line, and had everything in the end.
    pub(super) synced: Vec<Vec<(i64, i64)>>,
    /// What was done beside the desks.
    pub(super) diary: Diary,
    /// A desk that is lost for good; what is exported of it was read from its disk in the end, and nobody else ever saw it.
    pub(super) lost: Option<Lost>,
    /// The rooms with their places.
    pub(super) rooms: Vec<(String, Option<u64>)>,
}

/// A desk that is lost for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// Its index.
    pub(super) desk: usize,
    /// What its disk held came to the server by file.
    pub(super) by_file: bool,
}

/// Compares everything; what is wrong goes into the report.
pub(super) fn compare(evidence: &Evidence, report: &mut Report) {
    if let Err(error) = look(evidence, report) {
        report.wrong.push(format!("the observer could not look: {error}"));
    }
}

fn look(evidence: &Evidence, report: &mut Report) -> Result<(), Failure> {
    let people = tables::people(&evidence.guests)?;
    let mut logs = Vec::new();
    for path in &evidence.desk_logs {
        logs.push(tables::entries(path)?);
    }
    let server = tables::entries(&evidence.server_log)?;
    for (desk, log) in logs.iter().enumerate() {
        tables::check_chain(
            desk,
            log,
            written_off::must_be_acknowledged(desk, evidence.lost),
            &mut report.wrong,
        );
        claims::check_once(desk, log, &mut report.wrong);
        let said: Vec<_> = evidence.said.iter().filter(|row| row.desk == desk).collect();
        claims::check(desk, &said, log, &people, report);
    }
    let all: Vec<_> = logs.iter().flatten().collect();
    let known = written_off::known(&logs, &server, evidence.lost);
    tables::check_same(&known, &server, report);
    carried::check(&evidence.carried, &server, report)?;
    let counts = count::count(&all, &known, evidence, report);
    count::check_server(&counts, &server, &mut report.wrong);
    count::check_views(&counts, &evidence.views, &mut report.wrong);
    beside::check(&counts, evidence, report);
    Ok(())
}
