//! Sessions from an organiser's table. Columns are recognised by their header in English, German, Spanish, Turkish and French.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::cell;
use super::file_problem::FileProblem;
use super::limits as max;
use super::problem::{ProblemKind, RowProblem};
use super::table::{Row, open};
use super::when::{self, DateOrder};
use super::words::fold;

/// How to read a table of sessions.
#[derive(Debug, Clone, Default)]
pub struct SessionsOptions {
    /// Zone of local times: the event's.
    pub time_zone: Option<Tz>,
    /// Label of the encoding (WHATWG), UTF-8 if none.
    pub encoding: Option<String>,
    /// Delimiter, found if none.
    pub delimiter: Option<u8>,
}

/// What was found in a table of sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionsFile {
    /// The sessions, in the file's order.
    pub rows: Vec<SessionRow>,
    /// Rows that could not be read; one row may have several problems.
    pub problems: Vec<RowProblem>,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Physical line on which the row starts, from 1.
    pub line: u64,
    /// Name as it is shown.
    pub name: String,
    /// Short code by which participants' files may name it.
    pub code: Option<String>,
    /// Room.
    pub room: Option<String>,
    /// Start, ms since 1970 UTC.
    pub start_ms: i64,
    /// End, ms since 1970 UTC; after the start.
    pub end_ms: i64,
    /// Places; `None` is no limit.
    pub capacity: Option<u32>,
    /// Minutes after the start from which a guest is late.
    pub late_after_minutes: u32,
    /// Minutes before the start at which the session opens.
    pub opens_before_minutes: u32,
    /// Minutes after the end until which it stays open.
    pub grace_minutes: u32,
    /// What a desk does when its grant is empty.
    pub mode: Mode,
    /// Nobody needs a registration.
    pub open_to_all: bool,
    /// Seats are held for those who are registered.
    pub hold_seats: bool,
    /// For how many minutes after the start; `None`: until a supervisor says otherwise.
    pub hold_minutes: Option<u32>,
}

/// What a desk does when its grant is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// It refuses.
    #[default]
    Strict,
    /// It may admit, at the risk of exceeding the capacity.
    Optimistic,
}

const LATE_AFTER_MINUTES: u32 = 10;
const OPENS_BEFORE_MINUTES: u32 = 15;
const GRACE_MINUTES: u32 = 5;

const NAME: &[&str] = &[
    "name",
    "session",
    "title",
    "talk",
    "sitzung",
    "titel",
    "vortrag",
    "veranstaltung",
    "nombre",
    "título",
    "sesión",
    "ad",
    "adi",
    "oturum",
    "başlik",
    "nom",
    "titre",
    "séance",
    "atelier",
];
const CODE: &[&str] = &["code", "id", "key", "kürzel", "código", "kod", "sigle"];
const ROOM: &[&str] = &[
    "room", "place", "location", "hall", "raum", "saal", "ort", "sala", "lugar", "salon", "oda", "yer",
    "salle", "lieu",
];
const START: &[&str] = &[
    "start",
    "starts",
    "begin",
    "begins",
    "from",
    "beginn",
    "anfang",
    "von",
    "inicio",
    "comienzo",
    "başlangiç",
    "début",
];
const END: &[&str] = &["end", "ends", "until", "to", "ende", "schluss", "bis", "fin", "final", "bitiş"];
const CAPACITY: &[&str] = &[
    "capacity",
    "places",
    "seats",
    "limit",
    "kapazität",
    "plätze",
    "capacidad",
    "aforo",
    "plazas",
    "kapasite",
    "kontenjan",
    "capacité",
    "places max",
];
const LATE: &[&str] = &[
    "late after",
    "late",
    "late_after",
    "late minutes",
    "late threshold",
    "verspätet nach",
    "tarde después de",
    "geç sayilma",
    "retard après",
];
const OPENS: &[&str] =
    &["opens before", "opens_before", "opens", "öffnet vorher", "abre antes", "önce açilir", "ouvre avant"];
const GRACE: &[&str] = &["grace", "grace minutes", "nachlauf", "gracia", "ek süre", "délai"];
const MODE: &[&str] = &["mode", "modus", "modo", "kip"];
const HOLD_SEATS: &[&str] = &[
    "hold seats",
    "hold_seats",
    "held seats",
    "plätze freihalten",
    "reservar plazas",
    "yer ayirt",
    "réserver les places",
];
const HOLD_MINUTES: &[&str] = &[
    "hold minutes",
    "hold_minutes",
    "hold for",
    "freihalten minuten",
    "minutos de reserva",
    "ayirma dakika",
    "minutes de réserve",
];
const OPEN_TO_ALL: &[&str] = &[
    "open to all",
    "open_to_all",
    "open",
    "für alle offen",
    "abierto a todos",
    "herkese açik",
    "ouvert à tous",
];

/// Reads a table of sessions.
///
/// # Errors
/// The file as a whole cannot be imported, or lacks name, start or end.
pub fn read_sessions(bytes: &[u8], options: &SessionsOptions) -> Result<SessionsFile, FileProblem> {
    let opened = open(bytes, options.encoding.as_deref(), options.delimiter)?;
    let (headers, records) = opened.start()?;
    let mut reading =
        Reading { headers: &headers, zone: options.time_zone, seen: HashMap::new(), rows: Vec::new() };
    for wanted in [NAME, START, END] {
        if reading.column(wanted).is_none() {
            return Err(FileProblem::MissingSessionColumn { wanted: wanted[0], headers: headers.clone() });
        }
    }
    let mut problems = Vec::new();
    opened.walk(records, &headers, &mut problems, &mut |_, _| {}, |row| reading.row(row))?;
    Ok(SessionsFile { rows: reading.rows, problems })
}

struct Reading<'h> {
    headers: &'h [String],
    zone: Option<Tz>,
    /// Folded names and codes, and their first lines.
    seen: HashMap<String, u64>,
    rows: Vec<SessionRow>,
}

impl Reading<'_> {
    fn column(&self, words: &[&str]) -> Option<usize> {
        words.iter().find_map(|word| self.headers.iter().position(|header| fold(header) == *word))
    }

    fn row(&mut self, row: &mut Row<'_, '_>) {
        let name = self.line(row, NAME);
        let start = self.time(row, START);
        let end = self.time(row, END);
        let (name, start_ms, end_ms) = match (name, start, end) {
            (Some(name), Some(start), Some(end)) => (name, start, end),
            (None, ..) if row.good => return row.problem(self.column(NAME), ProblemKind::MissingValue, ""),
            _ => return,
        };
        let hold_minutes = self.number(row, HOLD_MINUTES, 0, max::MINUTES_MAX);
        let hold_seats = row.read(self.column(HOLD_SEATS), false, cell::yes_no).flatten();
        let session = SessionRow {
            line: row.line(),
            code: self.line(row, CODE),
            room: self.line(row, ROOM),
            capacity: self.number(row, CAPACITY, 1, max::CAPACITY_MAX),
            late_after_minutes: self.minutes(row, LATE, LATE_AFTER_MINUTES),
            opens_before_minutes: self.minutes(row, OPENS, OPENS_BEFORE_MINUTES),
            grace_minutes: self.minutes(row, GRACE, GRACE_MINUTES),
            mode: row.read(self.column(MODE), false, mode).unwrap_or_default(),
            open_to_all: row.read(self.column(OPEN_TO_ALL), false, cell::yes_no).flatten().unwrap_or(false),
            // Who writes for how long means that they are held.
            hold_seats: hold_seats.unwrap_or(hold_minutes.is_some()),
            hold_minutes,
            name,
            start_ms,
            end_ms,
        };
        self.check(row, &session);
        if row.good {
            let keys = [Some(fold(&session.name)), session.code.as_deref().map(fold)];
            self.seen.extend(keys.into_iter().flatten().map(|key| (key, session.line)));
            self.rows.push(session);
        }
    }

    fn check(&self, row: &mut Row<'_, '_>, session: &SessionRow) {
        if session.end_ms <= session.start_ms {
            let column = self.column(END);
            let text = row.text(column, false).into_owned();
            row.problem(column, ProblemKind::EndBeforeStart, &text);
        }
        let keys = [(NAME, Some(&session.name)), (CODE, session.code.as_ref())];
        for (words, key) in keys.into_iter().filter_map(|(words, key)| Some((words, key?))) {
            if let Some(first_line) = self.seen.get(&fold(key)) {
                let kind = ProblemKind::DuplicateSession { first_line: *first_line };
                row.problem(self.column(words), kind, key);
            }
        }
    }

    fn line(&self, row: &mut Row<'_, '_>, words: &[&str]) -> Option<String> {
        row.read(self.column(words), false, |text| cell::line(text, max::SESSION_CHARS_MAX)).flatten()
    }

    fn time(&self, row: &mut Row<'_, '_>, words: &[&str]) -> Option<i64> {
        row.read(self.column(words), false, |text| match text.trim() {
            "" => Err(ProblemKind::MissingValue),
            text if text.contains('/') => Err(ProblemKind::BadDate),
            text => when::millis(text, self.zone, DateOrder::DayFirst),
        })
    }

    fn number(&self, row: &mut Row<'_, '_>, words: &[&str], least: u32, most: u32) -> Option<u32> {
        row.read(self.column(words), false, |text| cell::number(text, least, most)).flatten()
    }

    fn minutes(&self, row: &mut Row<'_, '_>, words: &[&str], default: u32) -> u32 {
        self.number(row, words, 0, max::MINUTES_MAX).unwrap_or(default)
    }
}

fn mode(text: &str) -> Result<Mode, ProblemKind> {
    match fold(text).as_str() {
        "" | "strict" => Ok(Mode::Strict),
        "optimistic" => Ok(Mode::Optimistic),
        _ => Err(ProblemKind::BadMode),
    }
}
