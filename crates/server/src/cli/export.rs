//! `export`: CSV for other programs. Times are written with the event's offset, so that they read alike everywhere.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use usher_authority::{DoorRow, Error, TicketRow};
use usher_core::entry::{Basis, OverrideReason};

use super::{Done, Problem, file_problem, open, store_problem};
use crate::store::Server;

const DOOR_HEADER: [&str; 25] = [
    "at",
    "kind",
    "session",
    "person",
    "code",
    "station",
    "basis",
    "late",
    "registered",
    "released",
    "double",
    "over_capacity",
    "unknown_ticket",
    "received",
    "desk_clock",
    "session_id",
    "person_id",
    "code_digest",
    "station_id",
    "epoch",
    "seq",
    "of",
    "hash",
    "override_by",
    "override_reason",
];
/// What a guests' table may be imported again by; new columns stand last.
const GUEST_HEADER: [&str; 11] = [
    "name",
    "email",
    "code",
    "kind",
    "sessions",
    "cancelled",
    "person_id",
    "flags",
    "attention",
    "valid_from",
    "valid_until",
];

pub(super) fn check_ins(data: &Path, out: Option<&Path>) -> Result<Done, Problem> {
    let server = open(data)?;
    let zone = zone(&server)?;
    table(out, &DOOR_HEADER, |csv| server.export_door(&mut |row| Ok(csv.write_record(door(&row, zone))?)))
}

pub(super) fn guests(data: &Path, out: Option<&Path>) -> Result<Done, Problem> {
    let server = open(data)?;
    let zone = zone(&server)?;
    table(out, &GUEST_HEADER, |csv| server.export_guests(&mut |row| Ok(csv.write_record(guest(row, zone))?)))
}

fn zone(server: &Server) -> Result<Tz, Problem> {
    Ok(server.event().map_err(store_problem)?.time_zone.parse().unwrap_or(Tz::UTC))
}

pub(super) type Csv = csv::Writer<Box<dyn Write>>;

/// Writes a table to a file, which appears whole or not at all, or to the standard output.
pub(super) fn table(
    out: Option<&Path>,
    header: &[&str],
    rows: impl FnOnce(&mut Csv) -> Result<(), Error>,
) -> Result<Done, Problem> {
    let Some(path) = out else {
        let mut csv = csv::Writer::from_writer(Box::new(io::stdout().lock()) as Box<dyn Write>);
        return fill(&mut csv, header, rows).map(|()| Done::Whole);
    };
    let part = path.with_extension("part");
    let file = File::create(&part).map_err(|error| file_problem(&part, "written", &error))?;
    let mut csv = csv::Writer::from_writer(Box::new(file) as Box<dyn Write>);
    let filled = fill(&mut csv, header, rows);
    drop(csv);
    if let Err(problem) = filled {
        let _ = std::fs::remove_file(&part);
        return Err(problem);
    }
    std::fs::rename(&part, path).map_err(|error| file_problem(path, "written", &error))?;
    println!("Wrote {}.", path.display());
    Ok(Done::Whole)
}

fn fill(
    csv: &mut Csv,
    header: &[&str],
    rows: impl FnOnce(&mut Csv) -> Result<(), Error>,
) -> Result<(), Problem> {
    let written = csv.write_record(header).map_err(|error| Error::Output(error.into()));
    written.and_then(|()| rows(csv)).and_then(|()| Ok(csv.flush()?)).map_err(store_problem)
}

fn door(row: &DoorRow, zone: Tz) -> [String; 25] {
    let id = |id: Option<String>| id.unwrap_or_default();
    [
        time(row.at_ms, zone),
        row.kind.into(),
        row.session.clone(),
        row.person.clone(),
        row.code.clone(),
        row.station.clone(),
        row.basis.map(basis).unwrap_or_default().into(),
        yes_no(row.late),
        yes_no(row.registered),
        yes_no(row.released),
        yes_no(row.double),
        yes_no(row.over_capacity),
        yes_no(row.unknown),
        time(row.received_ms, zone),
        time(row.wall_ms, zone),
        id(row.session_id.map(|id| id.to_string())),
        id(row.person_id.map(|id| id.to_string())),
        row.code_digest.clone(),
        row.station_id.to_string(),
        row.epoch.to_string(),
        row.seq.to_string(),
        id(row.of.map(|of| format!("{}/{}/{}", of.station, of.epoch, of.seq))),
        row.hash.to_string(),
        row.override_by.clone(),
        row.override_reason.map(reason).unwrap_or_default().into(),
    ]
}

fn guest(row: TicketRow, zone: Tz) -> [String; 11] {
    let at = |ms: Option<i64>| ms.map(|ms| time(ms, zone)).unwrap_or_default();
    [
        row.name,
        row.email,
        row.code,
        row.kind,
        row.sessions.join("; "),
        yes_no(row.cancelled),
        row.person_id.to_string(),
        row.flags.join("; "),
        yes_no(row.attention),
        at(row.valid.from_ms),
        at(row.valid.until_ms),
    ]
}

fn yes_no(is: bool) -> String {
    if is { "yes" } else { "no" }.into()
}

const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Grant => "grant",
        Basis::Held => "held",
        Basis::Unlimited => "unlimited",
        Basis::OverGrant => "over_grant",
    }
}

const fn reason(reason: OverrideReason) -> &'static str {
    match reason {
        OverrideReason::Checked => "checked",
        OverrideReason::Staff => "staff",
        OverrideReason::Room => "room",
        OverrideReason::Other => "other",
    }
}

pub(super) fn time(ms: i64, zone: Tz) -> String {
    DateTime::from_timestamp_millis(ms)
        .map(|time| time.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Millis, false))
        .unwrap_or_default()
}
