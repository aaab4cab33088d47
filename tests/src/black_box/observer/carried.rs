//! Logs that desks saved on the way: every entry in them, byte for byte, must be what the server has.

use std::{collections::HashSet, path::PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    super::Report,
    tables::{Entry, cell},
};
use crate::real::Failure;

/// The number of the kind *check in*, in an entry's bytes.
const CHECK_IN: u8 = 4;

/// Hashes the bytes of every check-in in the files and looks for them in the server's export.
pub(super) fn check(files: &[PathBuf], server: &[Entry], report: &mut Report) -> Result<(), Failure> {
    let held: HashSet<&str> = server.iter().map(|entry| cell(entry, "hash")).collect();
    let mut compared = HashSet::new();
    for file in files {
        for bytes in entries(&std::fs::read_to_string(file)?)? {
            if kind(&bytes) != Some(CHECK_IN) {
                continue;
            }
            let hash = HEXLOWER.encode(&Sha256::digest(&bytes));
            if !held.contains(hash.as_str()) {
                let name = file.display();
                report.wrong.push(format!(
                    "LOST: a check-in that {name} holds is not at the server, or not with these bytes"
                ));
            }
            compared.insert(hash);
        }
    }
    report.figures.push(("check-ins compared byte for byte", compared.len() as u64));
    Ok(())
}

/// The entries in a file of saved requests.
fn entries(text: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let mut found = Vec::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line)?;
        let Some(body) = line["body"].as_str() else { continue };
        let body: Value = serde_json::from_slice(&BASE64.decode(body.as_bytes())?)?;
        for entry in body["entries"].as_array().into_iter().flatten() {
            found.push(BASE64.decode(entry.as_str().unwrap_or_default().as_bytes())?);
        }
    }
    Ok(found)
}

/// The kind of an entry: the eleventh element of a CBOR array of numbers and byte strings.
fn kind(bytes: &[u8]) -> Option<u8> {
    let mut rest = bytes.get(1..)?;
    for _ in 0..10 {
        let (head, argument) = (*rest.first()?, rest[0] & 31);
        let width = match argument {
            0..24 => 0,
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return None,
        };
        let value = match width {
            0 => u64::from(argument),
            _ => rest.get(1..=width)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        };
        let content = if head >> 5 == 2 { usize::try_from(value).ok()? } else { 0 };
        rest = rest.get(1 + width + content..)?;
    }
    rest.first().copied().filter(|kind| *kind < 24)
}
