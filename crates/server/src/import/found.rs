//! What reading a file of participants gives: the people, those left out and why, and what the organiser should know. Plain values.

use std::fmt;

use usher_protocol::limits::{FLAG_CHARS_MAX, FLAGS_MAX};

use super::pretix::Source;
use super::problem::RowProblem;
use super::when::DateOrder;

/// What was found in a file of participants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantsFile {
    /// How the file is written.
    pub dialect: Dialect,
    /// The people to import, in the file's order.
    pub rows: Vec<ParticipantRow>,
    /// Rows that could not be read; one row may have several problems.
    pub problems: Vec<RowProblem>,
    /// People who may not enter.
    pub skipped: Vec<Skipped>,
    /// What the organiser should know about the whole file.
    pub notices: Vec<Notice>,
}

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// Character between cells.
    pub delimiter: char,
    /// Whether a UTF-8 byte order mark stood at the beginning.
    pub bom: bool,
    /// Name of the encoding it was read in.
    pub encoding: &'static str,
    /// Where it comes from.
    pub source: Source,
}

/// One person with a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParticipantRow {
    /// Physical line on which the row starts, from 1.
    pub line: u64,
    /// Name as it is shown. Some admissible people have none.
    pub name: Option<String>,
    /// Given name, if the file has it apart.
    pub first: Option<String>,
    /// Family name, if the file has it apart: for sorting and search.
    pub last: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// What the QR code carries. `None` if the file has no codes: Usher makes one.
    pub ticket_code: Option<String>,
    /// Kind of ticket.
    pub ticket_kind: Option<String>,
    /// Order code; several people may share it.
    pub order: Option<String>,
    /// Sessions as written, names or codes, each once.
    pub sessions: Vec<String>,
    /// Valid from, ms since 1970 UTC.
    pub valid_from_ms: Option<i64>,
    /// Valid until, ms since 1970 UTC.
    pub valid_until_ms: Option<i64>,
    /// Notes for the desk.
    pub notes: Option<String>,
    /// Words for whom the desk looks at, each once. `None` if the file has no such column.
    pub flags: Option<Vec<String>>,
    /// Whether the desk takes a second look. `None` if the file does not say.
    pub attention: Option<bool>,
    /// The order is unpaid, yet the person is imported.
    pub unpaid: bool,
}

/// A person who was read but may not enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Why.
    pub reason: SkipReason,
    /// The person.
    pub row: ParticipantRow,
}

/// Why a person may not enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// The ticket is blocked.
    Blocked,
    /// The registration or order is cancelled.
    Cancelled,
    /// The order is unpaid.
    Unpaid,
}

/// What the organiser should know about the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A check-in list of pretix without secrets.
    NoTicketCodes,
    /// Unpaid people of a pretix check-in list were skipped.
    UnpaidSkipped {
        /// How many.
        count: usize,
    },
    /// Unpaid codes of pretix were imported.
    UnpaidAdmitted {
        /// How many.
        count: usize,
    },
    /// Flags that were too long for a card were cut.
    FlagsCut {
        /// How many.
        count: usize,
        /// The line of the first.
        first_line: u64,
    },
    /// People have more flags than a card shows: those behind were left out.
    FlagsLeftOut {
        /// How many.
        count: usize,
        /// The line of the first.
        first_line: u64,
    },
    /// No date showed whether day or month comes first.
    DateOrderGuessed {
        /// The order used.
        order: DateOrder,
    },
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blocked => "blocked",
            Self::Cancelled => "cancelled",
            Self::Unpaid => "unpaid",
        })
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTicketCodes => f.write_str(
                "this check-in list has no ticket codes; export it again with \"Include QR-code secret\", or pretix's tickets cannot be scanned",
            ),
            Self::UnpaidSkipped { count } => write!(
                f,
                "{count} unpaid people were skipped; pretix's file does not say which of them were confirmed without payment: import a list without pending orders as well, or all of them with --unpaid admit"
            ),
            Self::UnpaidAdmitted { count } => write!(
                f,
                "{count} codes of unpaid orders were imported, for pretix lists them as valid; if the check-in list includes pending orders, import it with --unpaid skip"
            ),
            Self::FlagsCut { count, first_line } => write!(
                f,
                "{count} flags have more than {FLAG_CHARS_MAX} characters and were cut, the first in line {first_line}; desks show short words, longer ones belong into the notes"
            ),
            Self::FlagsLeftOut { count, first_line } => write!(
                f,
                "{count} flags were left out, the first in line {first_line}: a guest has at most {FLAGS_MAX}, and the first ones count"
            ),
            Self::DateOrderGuessed { order: DateOrder::MonthFirst } => {
                f.write_str("dates such as 5/7/2026 were read as May 7; if that is wrong, import with --dates day-first")
            }
            Self::DateOrderGuessed { order: DateOrder::DayFirst } => f.write_str(
                "dates such as 5/7/2026 were read as 5 July; if that is wrong, import with --dates month-first",
            ),
        }
    }
}
