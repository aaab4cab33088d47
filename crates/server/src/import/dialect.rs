//! Which character separates the cells of a file. Decided by reading its beginning with each candidate.

use super::records::{Piece, Records};

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
const SAMPLE_RECORDS: usize = 50;

/// The delimiter, and how many bytes and lines precede the header (Excel's `sep=;`).
pub(super) struct Separation {
    /// One ASCII character.
    pub(super) delimiter: u8,
    /// Bytes before the header.
    pub(super) skip: usize,
    /// Line on which the header may start, from 1.
    pub(super) first_line: u64,
}

/// Looks at the beginning of `text`; `given` is believed without looking.
pub(super) fn find(text: &[u8], given: Option<u8>) -> Separation {
    let (stated, skip) = stated(text);
    let delimiter = given.or(stated).unwrap_or_else(|| best(&text[skip..]));
    Separation { delimiter, skip, first_line: if skip == 0 { 1 } else { 2 } }
}

/// A first line such as `sep=;`, which Excel writes and reads.
fn stated(text: &[u8]) -> (Option<u8>, usize) {
    let end = text.iter().take(16).position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    match text[..end].trim_ascii_end() {
        [s, e, p, b'=', delimiter] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => (Some(*delimiter), end),
        _ => (None, 0),
    }
}

fn best(text: &[u8]) -> u8 {
    let mut best = (CANDIDATES[0], 0);
    for candidate in CANDIDATES {
        let found = score(text, candidate);
        if found > best.1 {
            best = (candidate, found);
        }
    }
    best.0
}

/// Cells of the header times the share, in per mille, of records that have as many; nothing for a single column.
fn score(text: &[u8], delimiter: u8) -> usize {
    let mut records = Records::new(text, delimiter, 1);
    let (mut header, mut same, mut all) = (0, 0, 0);
    while all < SAMPLE_RECORDS
        && let Some(piece) = records.advance()
    {
        header = if all == 0 { records.len() } else { header };
        same += usize::from(piece == Piece::Record && records.len() == header);
        all += 1;
    }
    if header < 2 || all == 0 { 0 } else { header * same * 1_000 / all }
}
