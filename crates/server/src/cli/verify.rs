//! `verify`: the logs against their signatures, the order of publication against the checkpoints.

use std::path::Path;

use super::{Done, Problem, open, store_problem};

pub(super) fn verify(data: &Path) -> Result<Done, Problem> {
    let server = open(data)?;
    let names = server.credentials().map_err(store_problem)?;
    let done = server.verify().map_err(store_problem)?;
    for finding in &done.findings {
        let station = finding.at.station;
        let name =
            names.iter().find(|one| one.station == station).map_or("the server", |one| one.name.as_str());
        println!("entry {} of {name} (log {}): {}", finding.at.seq, finding.at.epoch, finding.flaw);
    }
    let seen = format!("{} entries in {} logs, {} checkpoints", done.entries, done.logs, done.checkpoints);
    if done.findings.is_empty() {
        println!("{seen}: every entry is the one that was signed, in its place.");
        return Ok(Done::Whole);
    }
    Err(Problem::new(
        format!("{seen}: {} of them do not hold.", done.findings.len()),
        "Somebody or something changed the database. Keep it, and compare with a backup and with the desks' own logs.",
    ))
}
