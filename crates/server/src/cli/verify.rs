//! `verify`: the logs against their signatures, the order of publication against the checkpoints, and both against what desks were
//! told and have saved.

use std::path::{Path, PathBuf};

use usher_authority::{Credential, Finding, Verified};

use super::{Done, Problem, carry, open, store_problem};
use crate::store::Server;

pub(super) fn verify(data: &Path, logs: &[PathBuf]) -> Result<Done, Problem> {
    let server = open(data)?;
    let names = server.credentials().map_err(store_problem)?;
    let mut done = server.verify().map_err(store_problem)?;
    let mut saved = Vec::new();
    for path in logs {
        saved.push((path, verify_saved(&server, path, &mut done)?));
    }
    done.findings.iter().for_each(|finding| println!("{}", words(finding, &names)));
    for (path, findings) in &saved {
        findings.iter().for_each(|finding| println!("{}: {}", path.display(), words(finding, &names)));
    }
    let Verified { entries, logs, checkpoints, findings } = done;
    let seen = format!("{entries} entries in {logs} logs, {checkpoints} checkpoints");
    let in_files = saved.iter().map(|(_, findings)| findings.len()).sum::<usize>();
    if findings.is_empty() && in_files == 0 {
        println!("{seen}: every entry is the one that was signed, in its place.");
        return Ok(Done::Whole);
    }
    Err(if findings.is_empty() {
        Problem::new(
            format!("{seen} hold; {in_files} things in the saved logs do not."),
            "Somebody changed a desk's log, or the file was cut. Keep the file, and save the log at the desk again.",
        )
    } else {
        Problem::new(
            format!("{seen}: {} of them do not hold.", findings.len() + in_files),
            "Somebody or something changed the database. Keep it, and compare with a backup and with the desks' own logs.",
        )
    })
}

/// What does not hold in a saved log. What it says against the database is added to `done`.
fn verify_saved(server: &Server, path: &Path, done: &mut Verified) -> Result<Vec<Finding>, Problem> {
    let saved = carry::saved(server, path, &mut |receipt| {
        for finding in server.verify_receipt(receipt).map_err(store_problem)? {
            if !done.findings.contains(&finding) {
                done.findings.push(finding);
            }
        }
        Ok(())
    })?;
    server.verify_saved(&saved).map_err(store_problem)
}

fn words(Finding { at, flaw }: &Finding, names: &[Credential]) -> String {
    let name =
        names.iter().find(|one| one.station == at.station).map_or("the server", |one| one.name.as_str());
    format!("entry {} of {name} (log {}): {flaw}", at.seq, at.epoch)
}
