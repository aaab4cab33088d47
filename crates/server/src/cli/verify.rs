//! `verify`: the logs against their signatures, the order of publication against the checkpoints, and both against what desks were
//! told.

use std::path::{Path, PathBuf};

use super::{Done, Problem, carry, open, store_problem};

pub(super) fn verify(data: &Path, logs: &[PathBuf]) -> Result<Done, Problem> {
    let server = open(data)?;
    let names = server.credentials().map_err(store_problem)?;
    let mut done = server.verify().map_err(store_problem)?;
    for path in logs {
        carry::receipts(&server, path, &mut |receipt| {
            for finding in server.verify_receipt(receipt).map_err(store_problem)? {
                if !done.findings.contains(&finding) {
                    done.findings.push(finding);
                }
            }
            Ok(())
        })?;
    }
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
