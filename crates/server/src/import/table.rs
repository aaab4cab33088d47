//! A file as a table: opened, its header read, its rows walked with their structural faults reported. What the columns mean is for
//! `participants` and `sessions` to say.

use std::borrow::Cow;

use super::dialect::{self, Separation};
use super::file_problem::FileProblem;
use super::limits::{COLUMNS_MAX, OPEN_QUOTES_MAX, RECORD_BYTES_MAX, ROWS_MAX};
use super::pretix::unescape;
use super::problem::{ProblemKind, RowProblem};
use super::records::{Piece, Records};
use super::text::{self, Text};

/// Rows between two calls of the progress callback.
const ROWS_PER_PROGRESS: usize = 500;

/// A file whose text and delimiter are known.
pub(super) struct Opened<'a> {
    pub(super) text: Text<'a>,
    pub(super) separation: Separation,
}

/// Reads the text and finds the delimiter.
///
/// # Errors
/// The file is no text that can be read.
pub(super) fn open<'a>(
    bytes: &'a [u8],
    encoding: Option<&str>,
    delimiter: Option<u8>,
) -> Result<Opened<'a>, FileProblem> {
    let text = text::read(bytes, encoding)?;
    let separation = dialect::find(&text.bytes, delimiter);
    Ok(Opened { text, separation })
}

impl Opened<'_> {
    /// The header, and a reader that stands behind it.
    ///
    /// # Errors
    /// No header, or one that cannot be read.
    pub(super) fn start(&self) -> Result<(Vec<String>, Records<'_>), FileProblem> {
        let Separation { delimiter, skip, first_line } = self.separation;
        let mut records = Records::new(&self.text.bytes[skip..], delimiter, first_line);
        match records.advance() {
            None => Err(FileProblem::Empty),
            Some(Piece::OpenQuote) => Err(FileProblem::OpenQuotes { line: records.start_line() }),
            Some(Piece::TooLong) => Err(FileProblem::TooManyColumns { limit: COLUMNS_MAX }),
            Some(Piece::Record) => Ok((headers(&records), records)),
        }
    }

    /// Bytes before the first one that [`Records`] sees.
    fn offset(&self) -> usize {
        self.text.mark + self.separation.skip
    }

    /// Calls `each` with every row that has as many cells as the header and is UTF-8; the others become problems.
    ///
    /// # Errors
    /// Too many rows, or quotes left open again and again.
    pub(super) fn walk(
        &self,
        mut records: Records<'_>,
        headers: &[String],
        problems: &mut Vec<RowProblem>,
        progress: &mut dyn FnMut(u64, u64),
        mut each: impl FnMut(&mut Row<'_, '_>),
    ) -> Result<(), FileProblem> {
        let total = self.text.bytes.len() as u64;
        let (mut rows, mut open_quotes, mut first_open) = (0_usize, 0_usize, 0);
        while let Some(piece) = records.advance() {
            rows += 1;
            if rows > ROWS_MAX {
                return Err(FileProblem::TooManyRows { limit: ROWS_MAX });
            }
            let fault = self.fault(piece, &mut records, headers.len());
            if fault == Some(ProblemKind::OpenQuote) {
                first_open = if open_quotes == 0 { records.start_line() } else { first_open };
                open_quotes += 1;
            }
            if open_quotes > OPEN_QUOTES_MAX {
                return Err(FileProblem::OpenQuotes { line: first_open });
            }
            match fault {
                Some(kind) => problems.push(self.located(kind, &records, headers)),
                None if is_blank(&records) => {}
                None => each(&mut Row { records: &records, headers, problems: &mut *problems, good: true }),
            }
            if rows.is_multiple_of(ROWS_PER_PROGRESS) {
                progress(records.position() as u64, total);
            }
        }
        progress(total, total);
        Ok(())
    }

    fn fault(&self, piece: Piece, records: &mut Records<'_>, expected: usize) -> Option<ProblemKind> {
        match piece {
            Piece::OpenQuote => return Some(ProblemKind::OpenQuote),
            Piece::TooLong => return Some(ProblemKind::RowTooLong { limit: RECORD_BYTES_MAX }),
            Piece::Record => {}
        }
        if is_blank(records) {
            return None;
        }
        let found = records.len();
        if records.give_back(expected) {
            return Some(ProblemKind::OpenQuote);
        }
        let surplus_is_empty = (expected..found).all(|column| records.cell(column).is_empty());
        if found < expected || !surplus_is_empty {
            return Some(ProblemKind::WrongColumnCount { expected, found });
        }
        let (start, raw) = records.raw();
        let invalid = std::str::from_utf8(raw).err()?;
        Some(ProblemKind::NotUtf8 { byte: self.offset() + start + invalid.valid_up_to() })
    }

    fn located(&self, kind: ProblemKind, records: &Records<'_>, headers: &[String]) -> RowProblem {
        let foreign = (0..records.len()).find(|column| std::str::from_utf8(records.cell(*column)).is_err());
        match (&kind, foreign.and_then(|column| Some((headers.get(column)?, records.cell(column))))) {
            (ProblemKind::NotUtf8 { .. }, Some((header, cell))) => {
                RowProblem::of_cell(records.start_line(), header, kind, &String::from_utf8_lossy(cell))
            }
            _ => RowProblem::of_row(records.start_line(), kind),
        }
    }
}

fn headers(records: &Records<'_>) -> Vec<String> {
    let mut headers: Vec<String> = (0..records.len())
        .map(|column| String::from_utf8_lossy(records.cell(column)).trim().chars().take(500).collect())
        .collect();
    while headers.len() > 1 && headers.last().is_some_and(String::is_empty) {
        headers.pop();
    }
    headers
}

fn is_blank(records: &Records<'_>) -> bool {
    (0..records.len()).all(|column| records.cell(column).trim_ascii().is_empty())
}

/// One row whose cells can be read.
pub(super) struct Row<'r, 'a> {
    records: &'r Records<'a>,
    headers: &'r [String],
    problems: &'r mut Vec<RowProblem>,
    /// No problem so far.
    pub(super) good: bool,
}

impl Row<'_, '_> {
    /// Physical line on which the row starts.
    pub(super) fn line(&self) -> u64 {
        self.records.start_line()
    }

    /// The text of a cell; empty without a column.
    pub(super) fn text(&self, column: Option<usize>, escaped: bool) -> Cow<'_, str> {
        let bytes = column.map_or(&[][..], |column| self.records.cell(column));
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        if escaped { unescape(text) } else { Cow::Borrowed(text) }
    }

    /// Reads a cell; what is wrong with it becomes a problem of this row, and `None`.
    pub(super) fn read<T>(
        &mut self,
        column: Option<usize>,
        escaped: bool,
        read: impl FnOnce(&str) -> Result<T, ProblemKind>,
    ) -> Option<T> {
        let text = self.text(column, escaped);
        match read(&text) {
            Ok(value) => Some(value),
            Err(kind) => {
                let text = text.into_owned();
                self.problem(column, kind, &text);
                None
            }
        }
    }

    /// Adds a problem of this row.
    pub(super) fn problem(&mut self, column: Option<usize>, kind: ProblemKind, cell: &str) {
        self.good = false;
        let header = column.and_then(|column| self.headers.get(column).map(|header| (column, header)));
        self.problems.push(match header {
            Some((column, header)) if header.is_empty() => {
                RowProblem::of_cell(self.line(), &format!("#{}", column + 1), kind, cell)
            }
            Some((_, header)) => RowProblem::of_cell(self.line(), header, kind, cell),
            None => RowProblem::of_row(self.line(), kind),
        });
    }
}
