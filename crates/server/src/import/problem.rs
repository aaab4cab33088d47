//! What can be wrong with one row, as values. Each prints as one sentence with its place, its cause and its remedy.
//! What stops a whole import is in `file_problem`.

use std::fmt;

use super::limits::EXCERPT_CHARS_MAX;

/// Why one row was not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Physical line, from 1, on which the record starts.
    pub line: u64,
    /// Header of the column, where one column is at fault.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: ProblemKind,
    /// The beginning of the cell, at most 40 characters; empty where it would not help.
    pub excerpt: String,
}

impl RowProblem {
    /// A problem of a whole row.
    pub fn of_row(line: u64, kind: ProblemKind) -> Self {
        Self { line, column: None, kind, excerpt: String::new() }
    }

    /// A problem of one cell.
    pub fn of_cell(line: u64, column: &str, kind: ProblemKind, cell: &str) -> Self {
        Self { line, column: Some(column.to_owned()), kind, excerpt: excerpt(cell) }
    }
}

/// The beginning of a cell on one line, safe to print on a terminal.
fn excerpt(cell: &str) -> String {
    let mut short: String = cell
        .chars()
        .take(EXCERPT_CHARS_MAX)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if cell.chars().nth(EXCERPT_CHARS_MAX).is_some() {
        short.push('…');
    }
    short
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// The ticket code stood in an earlier row.
    DuplicateTicketCode {
        /// Line of that row.
        first_line: u64,
    },
    /// The file has ticket codes, this row has none.
    MissingCode,
    /// Neither name nor ticket code.
    Nobody,
    /// A cell that must be filled is empty.
    MissingValue,
    /// Longer than is kept.
    FieldTooLong {
        /// Characters kept.
        limit: usize,
    },
    /// The row is longer than is read.
    RowTooLong {
        /// Bytes read.
        limit: usize,
    },
    /// A byte that is not UTF-8, in a file that otherwise is.
    NotUtf8 {
        /// Offset in the file, from 0.
        byte: usize,
    },
    /// More or fewer cells than the header.
    WrongColumnCount {
        /// Cells of the header.
        expected: usize,
        /// Cells of this row.
        found: usize,
    },
    /// A quote opens on this line and is never closed.
    OpenQuote,
    /// A control character inside a cell.
    ControlCharacter {
        /// Its code point.
        code: u32,
    },
    /// Not an e-mail address.
    BadEmail,
    /// Not a date that is understood.
    BadDate,
    /// A local time that the clocks skip.
    TimeSkipped {
        /// IANA name of the zone.
        zone: &'static str,
    },
    /// A local time that comes twice.
    TimeTwice {
        /// IANA name of the zone.
        zone: &'static str,
    },
    /// A local time although no zone is known.
    NoTimeZone,
    /// The end is not after the start.
    EndBeforeStart,
    /// Neither yes nor no.
    BadYesNo,
    /// Not a whole number in range.
    BadNumber {
        /// Smallest taken.
        min: u32,
        /// Largest taken.
        max: u32,
    },
    /// Neither `strict` nor `optimistic`.
    BadMode,
    /// More sessions than one row may name.
    TooManySessions {
        /// Sessions taken.
        limit: usize,
    },
    /// A session that the event does not have. Only who stores the rows can know.
    UnknownSession {
        /// As written.
        name: String,
    },
    /// A session of this name or code stood in an earlier row.
    DuplicateSession {
        /// Line of that row.
        first_line: u64,
    },
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column \"{}\"", excerpt(column))?;
        }
        write!(f, ": {}", self.kind)?;
        if self.excerpt.is_empty() { Ok(()) } else { write!(f, " (found: {})", self.excerpt) }
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const AGAIN: &str = "and import the file again";
        match self {
            Self::DuplicateTicketCode { first_line } => write!(
                f,
                "this ticket code is already on line {first_line}, which was taken; give each person a code of their own {AGAIN}"
            ),
            Self::MissingCode => write!(f, "no ticket code; add it {AGAIN}"),
            Self::Nobody => write!(f, "neither name nor ticket code; fill in one of them {AGAIN}"),
            Self::MissingValue => write!(f, "this must not be empty; fill it in {AGAIN}"),
            Self::FieldTooLong { limit } => write!(f, "longer than {limit} characters; shorten it {AGAIN}"),
            Self::RowTooLong { limit } => {
                write!(f, "the row is longer than {limit} bytes; shorten it {AGAIN}")
            }
            Self::NotUtf8 { byte } => {
                write!(
                    f,
                    "byte {byte} of the file is not UTF-8; retype the cell, save as \"CSV UTF-8\" {AGAIN}"
                )
            }
            Self::WrongColumnCount { expected, found } => write!(
                f,
                "{found} cells where the header has {expected}; put cells that contain the delimiter in quotes {AGAIN}"
            ),
            Self::OpenQuote => {
                write!(f, "a quote opens on this line and is never closed; close it or remove it {AGAIN}")
            }
            Self::ControlCharacter { code } => {
                write!(f, "contains the control character U+{code:04X}; retype the cell {AGAIN}")
            }
            Self::BadEmail => write!(f, "not an e-mail address; correct it or leave it empty {AGAIN}"),
            Self::BadDate => write!(f, "not a date that is understood; write it as 2026-11-20 09:30 {AGAIN}"),
            Self::TimeSkipped { zone } => write!(
                f,
                "the clocks of {zone} skip this time; choose another or write it with its offset, as 2026-03-29T02:30:00+01:00, {AGAIN}"
            ),
            Self::TimeTwice { zone } => write!(
                f,
                "the clocks of {zone} show this time twice; write it with its offset, as 2026-10-25T02:30:00+01:00, {AGAIN}"
            ),
            Self::NoTimeZone => write!(
                f,
                "a local time, but the event's time zone is not known; write it with its offset, as 2026-11-20T09:30:00+01:00, {AGAIN}"
            ),
            Self::EndBeforeStart => write!(f, "the end is not after the start; correct it {AGAIN}"),
            Self::BadYesNo => write!(f, "neither yes nor no; write one of them {AGAIN}"),
            Self::BadNumber { min, max } => {
                write!(f, "not a whole number from {min} to {max}; correct it {AGAIN}")
            }
            Self::BadMode => write!(f, "neither strict nor optimistic; write one of them {AGAIN}"),
            Self::TooManySessions { limit } => {
                write!(f, "names more than {limit} sessions; spread them over several files {AGAIN}")
            }
            Self::UnknownSession { name } => write!(
                f,
                "the event has no session \"{}\"; correct the name, or import the sessions first, {AGAIN}",
                excerpt(name)
            ),
            Self::DuplicateSession { first_line } => write!(
                f,
                "a session of this name or code is already on line {first_line}, which was taken; rename one {AGAIN}"
            ),
        }
    }
}
