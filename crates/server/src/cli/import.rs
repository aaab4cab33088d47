//! `import participants` and `import sessions`: from the organiser's file to the store, each bad row told on a line of its own.

use std::{fs::File, io::Read, path::Path};

use chrono_tz::Tz;
use usher_authority::{ImportProblem, ImportReport, PersonSpec};

use super::{
    Done, Problem, file_problem,
    grammar::{ParticipantsArgs, SessionsArgs},
    open, store_problem,
};
use crate::{
    cli::sheet::{Bar, Sheet},
    import::{
        ColumnMap, FileProblem, ReadOptions, SessionsOptions, limits::FILE_BYTES_MAX, read_participants,
        read_sessions,
    },
    store::{Server, fresh},
};

mod specs;

/// What an import did.
#[derive(Debug, Default)]
pub(super) struct Summary {
    report: ImportReport,
    barred: Vec<(&'static str, usize)>,
    /// Rows with at least one problem.
    pub(super) bad: usize,
}

impl Summary {
    pub(super) fn print(&self, what: &str) {
        let ImportReport { added, changed, unchanged, .. } = &self.report;
        println!("{what}: {added} added, {changed} changed, {unchanged} unchanged, {} bad", self.bad);
        for (reason, count) in self.barred.iter().filter(|(_, count)| *count > 0) {
            println!("{what}: {count} may not enter because {reason}");
        }
    }

    fn done(&self) -> Done {
        if self.bad == 0 { Done::Whole } else { Done::Partly }
    }
}

pub(super) fn participants(data: &Path, args: &ParticipantsArgs) -> Result<Done, Problem> {
    let server = open(data)?;
    let mut map = ColumnMap::default();
    for part in &args.map {
        let words = |problem: crate::import::MapProblem| {
            Problem::new(problem.to_string(), "Correct --map and try again.")
        };
        map.join(part.clone()).map_err(words)?;
    }
    let options = ReadOptions {
        map,
        encoding: args.text.encoding.clone(),
        delimiter: args.text.delimiter,
        time_zone: None,
        date_order: args.dates.map(Into::into),
        unpaid: args.unpaid.map(Into::into).unwrap_or_default(),
    };
    let summary = store_participants(&server, &bytes(&args.file)?, &options)?;
    summary.print("participants");
    Ok(summary.done())
}

pub(super) fn sessions(data: &Path, args: &SessionsArgs) -> Result<Done, Problem> {
    let server = open(data)?;
    let options = SessionsOptions {
        time_zone: None,
        encoding: args.text.encoding.clone(),
        delimiter: args.text.delimiter,
    };
    let summary = store_sessions(&server, &bytes(&args.file)?, &options)?;
    summary.print("sessions");
    Ok(summary.done())
}

/// Reads and stores a table of sessions.
pub(super) fn store_sessions(
    server: &Server,
    bytes: &[u8],
    options: &SessionsOptions,
) -> Result<Summary, Problem> {
    let options = SessionsOptions { time_zone: Some(zone(server)?), ..options.clone() };
    let file = read_sessions(bytes, &options).map_err(|problem| whole_file(&problem))?;
    let specs: Vec<_> = file.rows.iter().map(specs::session).collect();
    let report = fresh(|fresh| server.import_sessions(&specs, fresh)).map_err(store_problem)?;
    let lines: Vec<u64> = file.rows.iter().map(|row| row.line).collect();
    let mut sheet = Sheet::default();
    sheet.add(file.problems.iter().map(|problem| (problem.line, problem.to_string())));
    sheet.add(report.problems.iter().map(|problem| stored(problem, &lines)));
    Ok(Summary { bad: sheet.print(), barred: Vec::new(), report })
}

/// Reads and stores a table of people.
pub(super) fn store_participants(
    server: &Server,
    bytes: &[u8],
    options: &ReadOptions,
) -> Result<Summary, Problem> {
    let options = ReadOptions { time_zone: Some(zone(server)?), ..options.clone() };
    let bar = Bar::new("reading", bytes.len() as u64);
    let read = read_participants(bytes, &options, &mut |done, all| bar.show(done, all));
    bar.end();
    let file = read.map_err(|problem| whole_file(&problem))?;
    for notice in &file.notices {
        eprintln!("note: {notice}");
    }
    let known = if file.skipped.is_empty() {
        Default::default()
    } else {
        specs::known_codes(server).map_err(store_problem)?
    };
    let (people, lines) = specs::people(&file, &known);
    let report = store(server, &people)?;
    let mut sheet = Sheet::default();
    sheet.add(file.problems.iter().map(|problem| (problem.line, problem.to_string())));
    sheet.add(report.problems.iter().map(|problem| stored(problem, &lines)));
    Ok(Summary { bad: sheet.print(), barred: specs::barred(&file.skipped), report })
}

fn store(server: &Server, people: &[PersonSpec]) -> Result<ImportReport, Problem> {
    let bar = Bar::new("saving", people.len() as u64);
    let mut progress = |done: usize| bar.show(done as u64, people.len() as u64);
    let report = fresh(|fresh| server.import_participants(people, fresh, &mut progress));
    bar.end();
    report.map_err(store_problem)
}

fn zone(server: &Server) -> Result<Tz, Problem> {
    let name = server.event().map_err(store_problem)?.time_zone;
    name.parse().map_err(|_| {
        Problem::new(
            format!("The event's time zone \"{name}\" is not known to this version."),
            "Install a newer usher-server.",
        )
    })
}

fn whole_file(problem: &FileProblem) -> Problem {
    Problem::new(format!("Nothing was imported: {problem}."), "The event is as it was before.")
}

/// The file, as far as one may be that is taken; the reader refuses it if it goes on.
fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let read = || {
        let mut bytes = Vec::new();
        File::open(path)?.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|error| file_problem(path, "read", &error))
}

/// What the store could not take, with its line in the file.
fn stored(problem: &ImportProblem, lines: &[u64]) -> (u64, String) {
    let line = lines.get(problem.index).copied().unwrap_or_default();
    (line, specs::words(line, &problem.kind, lines))
}
