//! How much of an organiser's file is taken. Everything read from outside is bounded; these are the bounds.

/// Bytes of a file. 100,000 rows of a real export take about 30 MB.
pub const FILE_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Bytes of one record. It bounds what a quote that is never closed can swallow.
pub const RECORD_BYTES_MAX: usize = 256 * 1024;
/// Columns of a file.
pub const COLUMNS_MAX: usize = 1_000;
/// Records of a file, the header not counted.
pub const ROWS_MAX: usize = 1_000_000;
/// Quotes left open in one file before it is given up as a whole.
pub const OPEN_QUOTES_MAX: usize = 100;
/// Characters of a person's name, and of each of its parts.
pub const NAME_CHARS_MAX: usize = 300;
/// Characters of an e-mail address (RFC 5321).
pub const EMAIL_CHARS_MAX: usize = 254;
/// Characters of an organisation.
pub const ORGANISATION_CHARS_MAX: usize = 300;
/// Characters of a ticket code: what fits a QR code of a ticket.
pub const CODE_CHARS_MAX: usize = 512;
/// Characters of a ticket kind. Product and variation of pretix together may reach it.
pub const KIND_CHARS_MAX: usize = 600;
/// Characters of an order code.
pub const ORDER_CHARS_MAX: usize = 64;
/// Characters of the name or code of a session, and of a room.
pub const SESSION_CHARS_MAX: usize = 300;
/// Sessions named in one row.
pub const SESSIONS_PER_ROW_MAX: usize = 200;
/// Characters kept of notes; longer ones are cut, for a long note must not keep a guest out.
pub const NOTES_CHARS_MAX: usize = 2_000;
/// Places of one session.
pub const CAPACITY_MAX: u32 = 1_000_000;
/// Minutes of a threshold: one week.
pub const MINUTES_MAX: u32 = 7 * 24 * 60;
/// Characters of a cell quoted in a problem.
pub const EXCERPT_CHARS_MAX: usize = 40;
