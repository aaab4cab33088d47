//! Bytes to records, each with the physical line on which it starts. RFC 4180 is left to `csv-core`; added here are line numbers that hold
//! with any line ending, and a bound on what one quote that is never closed can swallow. Knows nothing of headers or text.

use memchr::{memchr, memchr2, memchr3};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::limits::{COLUMNS_MAX, RECORD_BYTES_MAX};

/// What the next lines of the file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A record; its cells are read with [`Records::cell`].
    Record,
    /// A quote opens on the line and is not closed within bounds. Reading goes on with the next line.
    OpenQuote,
    /// Too many bytes or cells. Reading goes on with the next line.
    TooLong,
}

/// A reader over one delimiter.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    reader: Reader,
    at: usize,
    line: u64,
    start: usize,
    start_line: u64,
    text: Vec<u8>,
    ends: Vec<usize>,
    cells: usize,
}

impl<'a> Records<'a> {
    /// Reads `bytes`, which have no byte order mark, from their beginning. `first_line` is the number of the first line.
    pub(super) fn new(bytes: &'a [u8], delimiter: u8, first_line: u64) -> Self {
        Self {
            bytes,
            delimiter,
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            at: 0,
            line: first_line,
            start: 0,
            start_line: first_line,
            text: vec![0; RECORD_BYTES_MAX],
            ends: vec![0; COLUMNS_MAX + 1],
            cells: 0,
        }
    }

    /// The next record that is not an empty line.
    pub(super) fn advance(&mut self) -> Option<Piece> {
        self.skip_line_ends();
        if self.at >= self.bytes.len() {
            return None;
        }
        (self.start, self.start_line) = (self.at, self.line);
        let (piece, taken) = self.read_at(self.start);
        match piece {
            Piece::Record => self.move_to(self.start + taken),
            Piece::OpenQuote | Piece::TooLong => self.move_to(self.end_of_line(self.start)),
        }
        Some(piece)
    }

    /// Goes back to the line after the record's first, if a quote left open on the first line has swallowed it. That shows when the record
    /// spans lines and either goes on behind a closing quote, or has not `cells` cells while the second line alone has.
    pub(super) fn give_back(&mut self, cells: usize) -> bool {
        let second = self.end_of_line(self.start);
        let spans_lines = self.bytes[second..self.at].iter().any(|byte| !is_line_end(*byte));
        if !spans_lines {
            return false;
        }
        let torn = !is_well_quoted(self.raw().1, self.delimiter);
        let swallowed = torn || (self.cells != cells && self.cells_at(second) == Some(cells));
        if swallowed {
            (self.at, self.line) = (self.start, self.start_line);
            self.move_to(second);
        }
        swallowed
    }

    fn cells_at(&mut self, from: usize) -> Option<usize> {
        (self.read_at(from).0 == Piece::Record).then_some(self.cells)
    }

    /// Cells of the record.
    pub(super) fn len(&self) -> usize {
        self.cells
    }

    /// One cell, empty where the record has none.
    pub(super) fn cell(&self, column: usize) -> &[u8] {
        if column >= self.cells {
            return &[];
        }
        let from = if column == 0 { 0 } else { self.ends[column - 1] };
        &self.text[from..self.ends[column]]
    }

    /// Line on which the record starts, from 1.
    pub(super) fn start_line(&self) -> u64 {
        self.start_line
    }

    /// The record's bytes as they stand in the file, and their offset.
    pub(super) fn raw(&self) -> (usize, &'a [u8]) {
        (self.start, &self.bytes[self.start..self.at])
    }

    /// Bytes read so far.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The state before a record. A line end is read first, for a reader that has read nothing would drop a U+FEFF.
    fn begin(&mut self) {
        self.cells = 0;
        self.reader.reset();
        self.reader.read_record(b"\n", &mut self.text, &mut self.ends);
    }

    fn read_at(&mut self, from: usize) -> (Piece, usize) {
        self.begin();
        let (result, taken, written, cells) =
            self.reader.read_record(&self.bytes[from..], &mut self.text, &mut self.ends);
        match result {
            ReadRecordResult::Record if cells <= COLUMNS_MAX => {
                self.cells = cells;
                (Piece::Record, taken)
            }
            ReadRecordResult::InputEmpty => self.finish(taken, written, cells),
            _ => (self.why_too_long(from), taken),
        }
    }

    /// The file has ended inside the record: a line end closes it, unless a quote is open.
    fn finish(&mut self, taken: usize, written: usize, cells: usize) -> (Piece, usize) {
        let (result, _, _, nends) =
            self.reader.read_record(b"\n", &mut self.text[written..], &mut self.ends[cells..]);
        match result {
            ReadRecordResult::Record if cells + nends <= COLUMNS_MAX => {
                self.cells = cells + nends;
                (Piece::Record, taken)
            }
            ReadRecordResult::InputEmpty => (Piece::OpenQuote, taken),
            _ => (Piece::TooLong, taken),
        }
    }

    fn why_too_long(&mut self, from: usize) -> Piece {
        let line = &self.bytes[from..self.end_of_line(from)];
        self.begin();
        let (first, ..) = self.reader.read_record(line, &mut self.text, &mut self.ends);
        let closed = first == ReadRecordResult::InputEmpty
            && self.reader.read_record(b"\n", &mut self.text, &mut self.ends).0 == ReadRecordResult::Record;
        if first == ReadRecordResult::InputEmpty && !closed { Piece::OpenQuote } else { Piece::TooLong }
    }

    fn end_of_line(&self, from: usize) -> usize {
        memchr2(b'\n', b'\r', &self.bytes[from..]).map_or(self.bytes.len(), |at| from + at)
    }

    fn skip_line_ends(&mut self) {
        let rest = &self.bytes[self.at..];
        let next =
            rest.iter().position(|byte| !is_line_end(*byte)).map_or(self.bytes.len(), |at| self.at + at);
        self.move_to(next);
    }

    fn move_to(&mut self, to: usize) {
        self.line += count_lines(&self.bytes[self.at..to], self.bytes.get(to));
        self.at = to;
    }
}

fn is_line_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

/// Whether every quoted cell ends with its closing quote. `csv-core` reads on leniently.
fn is_well_quoted(record: &[u8], delimiter: u8) -> bool {
    let mut at = 0;
    while at < record.len() {
        if record[at] == b'"' {
            at = closing_quote(record, at + 1) + 1;
            if record.get(at).is_some_and(|next| *next != delimiter && !is_line_end(*next)) {
                return false;
            }
        }
        let rest = record.get(at..).unwrap_or_default();
        at = memchr3(delimiter, b'\n', b'\r', rest).map_or(record.len(), |end| at + end + 1);
    }
    true
}

/// The quote that ends a cell; two in a row stand for one inside it.
fn closing_quote(record: &[u8], mut from: usize) -> usize {
    while let Some(found) = memchr(b'"', &record[from..]) {
        if record.get(from + found + 1) != Some(&b'"') {
            return from + found;
        }
        from += found + 2;
    }
    record.len()
}

/// Line ends in a stretch: `\n`, `\r\n`, and a `\r` of its own. A `\r` whose `\n` comes next is counted with that `\n`.
fn count_lines(stretch: &[u8], next: Option<&u8>) -> u64 {
    let (mut lines, mut from) = (0, 0);
    while let Some(found) = memchr2(b'\n', b'\r', &stretch[from..]) {
        let at = from + found;
        lines += u64::from(stretch[at] == b'\n' || stretch.get(at + 1).or(next) != Some(&b'\n'));
        from = at + 1;
    }
    lines
}
