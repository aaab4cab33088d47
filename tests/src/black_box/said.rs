//! What was asked of the desks, and what they answered: the observer's first witness.

use std::path::Path;

use crate::real::Failure;

/// What a desk was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// To let the holder of this code in.
    LetIn { code: String },
    /// To take back what the row with this number let in.
    Undo { of: usize },
}

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// The desk was killed before it answered: it may have been done, or not.
    Nothing,
    /// In; whether the desk said that it had seen it just now.
    LetIn { again: bool },
    /// Taken back.
    TakenBack,
    /// Not done: the verdict or error.
    Refused(String),
}

/// One question.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) nr: usize,
    /// The desk's index.
    pub(super) desk: usize,
    pub(super) room: &'static str,
    /// When it was asked, milliseconds since 1970 UTC.
    pub(super) at_ms: i64,
    /// When the answer was there, or the desk dead.
    pub(super) done_ms: i64,
    pub(super) asked: Asked,
    pub(super) heard: Heard,
}

/// For people who look into a failure.
pub(super) fn write(path: &Path, rows: &[Said]) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_path(path)?;
    csv.write_record(["desk", "nr", "room", "at_ms", "done_ms", "asked", "heard"])?;
    for row in rows {
        let (desk, nr) = ((row.desk + 1).to_string(), row.nr.to_string());
        let (at, done) = (row.at_ms.to_string(), row.done_ms.to_string());
        let (asked, heard) = (format!("{:?}", row.asked), format!("{:?}", row.heard));
        csv.write_record([&desk, &nr, row.room, &at, &done, &asked, &heard])?;
    }
    Ok(csv.flush()?)
}
