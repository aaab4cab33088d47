//! People from an organiser's table or from pretix: who may come, who may not and why, and what could not be read.
//! Leaves out: whether a session exists, and whether a person is known already.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::cell;
use super::columns::{ColumnMap, Columns};
use super::file_problem::FileProblem;
use super::flags::Flags;
use super::found::{Dialect, Notice, ParticipantRow, ParticipantsFile, SkipReason, Skipped};
use super::limits as max;
use super::pretix::{self, Source};
use super::problem::ProblemKind;
use super::table::{Opened, Row, open};
use super::when::{self, DateOrder, Evidence, Order};
use super::words::{CANCELLED, Field, UNPAID, fold};

/// How to read a file of participants. The default recognises everything by itself.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Columns named by the organiser.
    pub map: ColumnMap,
    /// Label of the encoding (WHATWG), UTF-8 if none.
    pub encoding: Option<String>,
    /// Delimiter, found if none.
    pub delimiter: Option<u8>,
    /// Zone of local times in an organiser's own table. pretix prints validity in UTC.
    pub time_zone: Option<Tz>,
    /// Order of day and month in dates with slashes, found if none.
    pub date_order: Option<DateOrder>,
    /// What to do with people whose order is unpaid.
    pub unpaid: Unpaid,
}

/// What to do with people whose order is unpaid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unpaid {
    /// Skip them, except in pretix's codes file: that one holds valid codes only, unless its list includes pending orders.
    #[default]
    AsSource,
    /// Import them.
    Admit,
    /// Skip them.
    Skip,
}

/// Reads a file of participants. `progress` is told bytes done and bytes in all every few hundred rows, and at the end.
///
/// # Errors
/// The file as a whole cannot be imported.
pub fn read_participants(
    bytes: &[u8],
    options: &ReadOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<ParticipantsFile, FileProblem> {
    let opened = open(bytes, options.encoding.as_deref(), options.delimiter)?;
    let (headers, records) = opened.start()?;
    let source = pretix::recognise(&headers)?;
    let columns = columns(source, options, &headers)?;
    let times = time_order(&opened, source, &columns, options)?;
    let mut reading = Reading {
        source,
        columns,
        options,
        order: times.order,
        codes: HashMap::new(),
        flags: Flags::default(),
        read: Vec::new(),
    };
    let mut problems = Vec::new();
    opened.walk(records, &headers, &mut problems, progress, |row| reading.row(row))?;
    let (rows, skipped) = reading.divide();
    let mut notices = notices(source, &reading.columns, options.unpaid, &rows, &skipped);
    notices.extend(reading.flags.notices());
    if times.guessed {
        notices.push(Notice::DateOrderGuessed { order: times.order });
    }
    Ok(ParticipantsFile { dialect: dialect(&opened, source), rows, problems, skipped, notices })
}

fn dialect(opened: &Opened<'_>, source: Source) -> Dialect {
    Dialect {
        delimiter: char::from(opened.separation.delimiter),
        bom: opened.text.mark > 0,
        encoding: opened.text.encoding,
        source,
    }
}

fn columns(source: Source, options: &ReadOptions, headers: &[String]) -> Result<Columns, FileProblem> {
    let mut columns = Columns::mapped(&options.map, headers)?;
    pretix::columns(source, headers, &mut columns)?;
    let needed = [Field::Name, Field::First, Field::Last, Field::Code];
    if needed.iter().all(|field| columns.get(*field).is_none()) {
        let wanted = "the name or the ticket code";
        return Err(FileProblem::MissingColumn {
            wanted,
            field: Field::Name.key(),
            headers: headers.to_vec(),
        });
    }
    Ok(columns)
}

/// Reads the times of the whole file once to learn whether the day comes first.
fn time_order(
    opened: &Opened<'_>,
    source: Source,
    columns: &Columns,
    options: &ReadOptions,
) -> Result<Order, FileProblem> {
    if let Some(order) = options.date_order {
        return Ok(Order { order, guessed: false });
    }
    let (headers, mut records) = opened.start()?;
    let mut times: Vec<usize> =
        [Field::ValidFrom, Field::ValidUntil].iter().filter_map(|f| columns.get(*f)).collect();
    if source != Source::Generic && !times.is_empty() {
        times = pretix::time_columns(&headers);
    }
    let mut evidence = Evidence::default();
    while !times.is_empty() && records.advance().is_some() {
        for column in &times {
            evidence.see(std::str::from_utf8(records.cell(*column)).unwrap_or_default());
        }
    }
    Ok(evidence.order())
}

fn notices(
    source: Source,
    columns: &Columns,
    unpaid: Unpaid,
    rows: &[ParticipantRow],
    skipped: &[Skipped],
) -> Vec<Notice> {
    let mut notices = Vec::new();
    if source == Source::PretixCheckinList && columns.get(Field::Code).is_none() {
        notices.push(Notice::NoTicketCodes);
    }
    let count = skipped.iter().filter(|skipped| skipped.reason == SkipReason::Unpaid).count();
    if count > 0 && source == Source::PretixCheckinList && unpaid == Unpaid::AsSource {
        notices.push(Notice::UnpaidSkipped { count });
    }
    let count = rows.iter().filter(|row| row.unpaid).count();
    if count > 0 && unpaid == Unpaid::AsSource {
        notices.push(Notice::UnpaidAdmitted { count });
    }
    notices
}

/// The rows of one file as they are read.
struct Reading<'o> {
    source: Source,
    columns: Columns,
    options: &'o ReadOptions,
    order: DateOrder,
    /// Ticket codes and their first lines.
    codes: HashMap<String, u64>,
    flags: Flags,
    read: Vec<(ParticipantRow, Option<SkipReason>)>,
}

impl Reading<'_> {
    fn row(&mut self, row: &mut Row<'_, '_>) {
        let mut person = self.person(row);
        let reason = self.reason(row, &mut person);
        self.check(row, &person);
        if row.good {
            if let Some(code) = &person.ticket_code {
                self.codes.insert(code.clone(), person.line);
            }
            self.read.push((person, reason));
        }
    }

    fn divide(&mut self) -> (Vec<ParticipantRow>, Vec<Skipped>) {
        let (mut rows, mut skipped) = (Vec::new(), Vec::new());
        for (row, reason) in self.read.drain(..) {
            match reason {
                Some(reason) => skipped.push(Skipped { reason, row }),
                None => rows.push(row),
            }
        }
        (rows, skipped)
    }

    fn is_pretix(&self) -> bool {
        self.source != Source::Generic
    }

    fn line(&self, row: &mut Row<'_, '_>, field: Field, chars_max: usize) -> Option<String> {
        row.read(self.columns.get(field), self.is_pretix(), |text| cell::line(text, chars_max)).flatten()
    }

    fn person(&mut self, row: &mut Row<'_, '_>) -> ParticipantRow {
        let first = self.line(row, Field::First, max::NAME_CHARS_MAX);
        let last = self.line(row, Field::Last, max::NAME_CHARS_MAX);
        let whole = self.line(row, Field::Name, max::NAME_CHARS_MAX);
        let joined = [first.as_deref(), last.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let code = self.columns.get(Field::Code);
        ParticipantRow {
            line: row.line(),
            name: whole.or(Some(joined).filter(|name| !name.is_empty())),
            first,
            last,
            email: self.email(row),
            organisation: self.line(row, Field::Organisation, max::ORGANISATION_CHARS_MAX),
            ticket_code: row
                .read(code, self.is_pretix(), |text| cell::code(text, max::CODE_CHARS_MAX))
                .flatten(),
            ticket_kind: self.kind(row),
            order: self.line(row, Field::Order, max::ORDER_CHARS_MAX),
            sessions: self.sessions(row),
            valid_from_ms: self.time(row, Field::ValidFrom),
            valid_until_ms: self.time(row, Field::ValidUntil),
            notes: cell::notes(&row.text(self.columns.get(Field::Notes), self.is_pretix())),
            flags: self.flags.read(row, &self.columns, self.source != Source::Generic),
            attention: cell::yes_no(&row.text(self.columns.get(Field::Attention), false)).ok().flatten(),
            unpaid: false,
        }
    }

    /// pretix has checked its addresses; none of them may keep a person out.
    fn email(&self, row: &mut Row<'_, '_>) -> Option<String> {
        let read = if self.is_pretix() { cell::code } else { cell::email };
        row.read(self.columns.get(Field::Email), self.is_pretix(), |text| read(text, max::EMAIL_CHARS_MAX))
            .flatten()
    }

    /// The codes file has the variation in a column of its own, the check-in list behind a dash.
    fn kind(&self, row: &mut Row<'_, '_>) -> Option<String> {
        let kind = self.line(row, Field::Kind, max::KIND_CHARS_MAX)?;
        let variation = if self.source == Source::PretixCodes { row.text(Some(2), true) } else { "".into() };
        match cell::line(&variation, max::KIND_CHARS_MAX) {
            Ok(Some(variation)) => Some(format!("{kind} – {variation}")),
            _ => Some(kind),
        }
    }

    fn sessions(&self, row: &mut Row<'_, '_>) -> Vec<String> {
        let mut sessions = Vec::new();
        for column in self.columns.all(Field::Sessions) {
            row.read(Some(column), self.is_pretix(), |text| cell::sessions(text, &mut sessions));
        }
        sessions
    }

    fn time(&self, row: &mut Row<'_, '_>, field: Field) -> Option<i64> {
        let zone = if self.is_pretix() { Some(Tz::UTC) } else { self.options.time_zone };
        let order = self.order;
        row.read(self.columns.get(field), false, |text| match text.trim() {
            "" => Ok(None),
            text => when::millis(text, zone, order).map(Some),
        })
        .flatten()
    }

    fn reason(&self, row: &mut Row<'_, '_>, person: &mut ParticipantRow) -> Option<SkipReason> {
        let status = fold(&row.text(self.columns.get(Field::Status), false));
        let cancelled = cell::yes_no(&row.text(self.columns.get(Field::Cancelled), false)) == Ok(Some(true));
        let blocked = row.text(self.columns.get(Field::Blocked), false);
        let blocked = !blocked.trim().is_empty() && cell::yes_no(&blocked) != Ok(Some(false));
        let paid = row.read(self.columns.get(Field::Paid), false, cell::yes_no).flatten();
        let unpaid = paid == Some(false) || UNPAID.contains(&status.as_str());
        let admit = match self.options.unpaid {
            Unpaid::Admit => true,
            Unpaid::Skip => false,
            Unpaid::AsSource => self.source == Source::PretixCodes,
        };
        person.unpaid = unpaid;
        match () {
            () if cancelled || CANCELLED.contains(&status.as_str()) => Some(SkipReason::Cancelled),
            () if blocked => Some(SkipReason::Blocked),
            () if unpaid && !admit => Some(SkipReason::Unpaid),
            () => None,
        }
    }

    /// What can only be judged once the cells are read.
    fn check(&self, row: &mut Row<'_, '_>, person: &ParticipantRow) {
        if !row.good {
            return;
        }
        let column = self.columns.get(Field::Code);
        match &person.ticket_code {
            None if self.is_pretix() && column.is_some() => row.problem(column, ProblemKind::MissingCode, ""),
            None if !self.is_pretix() && person.name.is_none() => row.problem(None, ProblemKind::Nobody, ""),
            Some(code) if let Some(first_line) = self.codes.get(code) => {
                row.problem(column, ProblemKind::DuplicateTicketCode { first_line: *first_line }, code);
            }
            _ => {}
        }
        if let (Some(from), Some(until), false) =
            (person.valid_from_ms, person.valid_until_ms, self.is_pretix())
            && until <= from
        {
            let column = self.columns.get(Field::ValidUntil);
            let text = row.text(column, false).into_owned();
            row.problem(column, ProblemKind::EndBeforeStart, &text);
        }
    }
}
