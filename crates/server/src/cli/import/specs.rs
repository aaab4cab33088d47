//! Rows of files as the authority takes them, and its problems as problems of rows.

use std::collections::HashSet;

use usher_authority::{Error, PersonSpec, ProblemKind as Stored, SessionSpec};
use usher_core::{session::WhenEmpty, verdict::Validity};
use usher_protocol::limits::NOTE_CHARS_MAX;

use crate::{
    import::{
        Mode, ParticipantRow, ParticipantsFile, ProblemKind, RowProblem, SessionRow, SkipReason, Skipped,
    },
    store::Server,
};

const MINUTE_MS: i64 = 60_000;

pub(super) fn session(row: &SessionRow) -> SessionSpec {
    SessionSpec {
        name: row.name.clone(),
        code: row.code.clone(),
        room: row.room.clone().unwrap_or_default(),
        starts_ms: row.start_ms,
        ends_ms: row.end_ms,
        capacity: row.capacity,
        late_after_ms: i64::from(row.late_after_minutes) * MINUTE_MS,
        opens_before_ms: i64::from(row.opens_before_minutes) * MINUTE_MS,
        ends_after_ms: i64::from(row.grace_minutes) * MINUTE_MS,
        when_empty: match row.mode {
            Mode::Strict => WhenEmpty::Strict,
            Mode::Optimistic => WhenEmpty::Optimistic,
        },
        open_to_all: row.open_to_all,
        hold_seats: row.hold_seats,
        hold_for_ms: row.hold_minutes.map(|minutes| i64::from(minutes) * MINUTE_MS),
    }
}

/// Those to import with their lines. Who may not enter is imported as cancelled when the organiser cancelled the ticket, or when an
/// earlier import let the person in: a desk then says why instead of letting in or not knowing the ticket.
pub(super) fn people(file: &ParticipantsFile, known: &HashSet<String>) -> (Vec<PersonSpec>, Vec<u64>) {
    let good = file.rows.iter().map(|row| (person(row), row.line));
    let told = file.skipped.iter().filter(|skipped| is_told(skipped, known));
    let cancelled =
        told.map(|skipped| (PersonSpec { cancelled: true, ..person(&skipped.row) }, skipped.row.line));
    let mut all: Vec<_> = good.chain(cancelled).collect();
    all.sort_by_key(|(_, line)| *line);
    all.into_iter().unzip()
}

fn is_told(skipped: &Skipped, known: &HashSet<String>) -> bool {
    match &skipped.row.ticket_code {
        Some(code) => skipped.reason == SkipReason::Cancelled || known.contains(code),
        None => false,
    }
}

pub(super) fn known_codes(server: &Server) -> Result<HashSet<String>, Error> {
    let mut codes = HashSet::new();
    server.export_tickets(&mut |ticket| {
        codes.insert(ticket.code);
        Ok(())
    })?;
    Ok(codes)
}

/// How many may not enter, by reason.
pub(super) fn barred(skipped: &[Skipped]) -> Vec<(&'static str, usize)> {
    let count = |reason| skipped.iter().filter(|skipped| skipped.reason == reason).count();
    vec![
        ("the ticket is blocked", count(SkipReason::Blocked)),
        ("the registration is cancelled", count(SkipReason::Cancelled)),
        ("the order is not paid", count(SkipReason::Unpaid)),
    ]
}

fn person(row: &ParticipantRow) -> PersonSpec {
    PersonSpec {
        name: row.name.clone(),
        email: row.email.clone(),
        organisation: row.organisation.clone(),
        kind: row.ticket_kind.clone(),
        order: row.order.clone(),
        note: note(row),
        flags: row.flags.clone(),
        attention: row.attention,
        code: row.ticket_code.clone(),
        cancelled: false,
        valid: Validity { from_ms: row.valid_from_ms, until_ms: row.valid_until_ms },
        sessions: row.sessions.clone(),
        cancelled_sessions: Vec::new(),
    }
}

/// The notes as far as a card has room for them.
fn note(row: &ParticipantRow) -> Option<String> {
    let note = row.notes.clone()?;
    let cut = note.char_indices().nth(NOTE_CHARS_MAX - 1);
    match cut {
        Some((at, last)) if at + last.len_utf8() < note.len() => Some(format!("{}…", &note[..at])),
        _ => Some(note),
    }
}

/// The store's problem as a line for the organiser, in the reader's words where it is the same problem.
pub(super) fn words(line: u64, problem: &Stored, lines: &[u64]) -> String {
    let first = |index: &usize| lines.get(*index).copied().unwrap_or_default();
    let (column, kind) = match problem {
        Stored::UnknownSession { name } => ("sessions", ProblemKind::UnknownSession { name: name.clone() }),
        Stored::DuplicateTicketCode { first: index } => {
            ("code", ProblemKind::DuplicateTicketCode { first_line: first(index) })
        }
        Stored::DuplicateSession { first: index } => {
            ("name", ProblemKind::DuplicateSession { first_line: first(index) })
        }
        Stored::TooLong { field, max } => (*field, ProblemKind::FieldTooLong { limit: *max }),
        Stored::BadTicketCode | Stored::SignedTicket | Stored::OtherEventsCode => {
            return format!("line {line}, column \"code\": {problem}");
        }
        Stored::TooManyFlags { .. } => return format!("line {line}, column \"flags\": {problem}"),
        Stored::AmbiguousSession { .. } => return format!("line {line}, column \"sessions\": {problem}"),
        Stored::BadSession => return format!("line {line}: {problem}"),
    };
    RowProblem::of_cell(line, column, kind, "").to_string()
}
