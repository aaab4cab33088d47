//! What stops the import of a whole file, as values. Each prints as one sentence with its cause and its remedy.

use super::limits::OPEN_QUOTES_MAX;

/// Why a file cannot be imported at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// The file exceeds the size that is taken.
    #[error(
        "the file has {bytes} bytes, more than the {limit} that are taken; split it and import the parts"
    )]
    TooLarge {
        /// Size found, in bytes.
        bytes: usize,
        /// Size taken, in bytes.
        limit: usize,
    },
    /// No line with content.
    #[error("the file is empty; export it again")]
    Empty,
    /// The text is in another encoding than UTF-8.
    #[error(
        "the file is not UTF-8: line {line} (byte {byte}) looks like {suspected}; save it as \"CSV UTF-8\", or import it with --encoding {suspected}"
    )]
    OtherEncoding {
        /// Offset of the first foreign byte, from 0.
        byte: usize,
        /// Physical line of that byte, from 1.
        line: u64,
        /// Label of the likely encoding, as `--encoding` takes it.
        suspected: &'static str,
    },
    /// `--encoding` names no encoding.
    #[error(
        "\"{label}\" is no known encoding; try utf-8, windows-1252, windows-1254, iso-8859-2 or utf-16le"
    )]
    UnknownEncoding {
        /// What was given.
        label: String,
    },
    /// The bytes do not fit the encoding that was asked for.
    #[error("the file is not valid {encoding}; leave --encoding out, or name the one it was saved in")]
    NotInEncoding {
        /// The encoding asked for.
        encoding: &'static str,
    },
    /// The file is not text.
    #[error("this is {what}, not a CSV file; open it and save it as \"CSV UTF-8\"")]
    NotCsv {
        /// What it seems to be, with its article.
        what: &'static str,
    },
    /// An export of pretix that does not say who may enter.
    #[error(
        "this is pretix's {what}, which does not say who is admissible; export \"Check-in list\" as CSV with \"Include QR-code secret\" and import that"
    )]
    WrongExport {
        /// The export found.
        what: &'static str,
    },
    /// More columns than are taken.
    #[error("the header has more than {limit} columns; remove those that are not needed")]
    TooManyColumns {
        /// Columns taken.
        limit: usize,
    },
    /// More rows than are taken.
    #[error("the file has more than {limit} rows; split it and import the parts")]
    TooManyRows {
        /// Rows taken.
        limit: usize,
    },
    /// Quotes are opened and never closed, again and again.
    #[error(
        "more than {OPEN_QUOTES_MAX} quotes are opened and never closed, the first on line {line}; export the file again, every \" inside a cell doubled"
    )]
    OpenQuotes {
        /// Line of the first.
        line: u64,
    },
    /// A column that is needed was neither recognised nor mapped.
    #[error("no column for {wanted} was found among {}; name it with --map {field}=HEADER", listed(.headers))]
    MissingColumn {
        /// What is needed, in words.
        wanted: &'static str,
        /// The field as `--map` calls it.
        field: &'static str,
        /// The headers found.
        headers: Vec<String>,
    },
    /// A table of sessions lacks a column.
    #[error("no column \"{wanted}\" was found among {}; give one of them this header", listed(.headers))]
    MissingSessionColumn {
        /// The header that is needed.
        wanted: &'static str,
        /// The headers found.
        headers: Vec<String>,
    },
    /// `--map` names a header that the file does not have.
    #[error("--map {field}={header}: the file has no such column; it has {}", listed(.headers))]
    UnknownColumn {
        /// The field as `--map` calls it.
        field: &'static str,
        /// The header asked for.
        header: String,
        /// The headers found.
        headers: Vec<String>,
    },
    /// `--map` names a header that occurs more than once.
    #[error("--map {field}={header}: columns {} bear this header; choose one with --map {field}=#{}", numbered(.columns), .columns.first().copied().unwrap_or(1))]
    AmbiguousColumn {
        /// The field as `--map` calls it.
        field: &'static str,
        /// The header asked for.
        header: String,
        /// Positions, from 1.
        columns: Vec<usize>,
    },
}

/// Headers quoted and joined, at most 60 of them.
fn listed(headers: &[String]) -> String {
    let shown: Vec<String> =
        headers.iter().take(60).enumerate().map(|(at, header)| format!("#{} \"{header}\"", at + 1)).collect();
    let more = headers.len().saturating_sub(60);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn numbered(columns: &[usize]) -> String {
    columns.iter().map(|column| format!("#{column}")).collect::<Vec<_>>().join(", ")
}
