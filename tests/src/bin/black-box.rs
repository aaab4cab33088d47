//! `black-box --out DIR --seed N [--minutes M]`: evenings of killed processes and bad networks, one seed after the other.
//!
//! Exits with 0 when the observer found nothing wrong. The folder of an evening that went wrong stays.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use usher_tests::{
    black_box::{Failure, Older, Orders, Report, Way, run},
    real::clock,
};

/// Real desks and a real server, killed and cut off from each other; an observer counts from outside.
#[derive(Debug, Parser)]
#[command(name = "black-box", version)]
struct Arguments {
    /// The folder to work in; an evening is a folder in it, named by its seed.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The first seed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// New seeds are begun for this long; without it one evening is carried out.
    #[arg(long, value_name = "M", default_value_t = 0)]
    minutes: u64,
    /// How many steps each volunteer takes.
    #[arg(long, value_name = "N", default_value_t = 240)]
    steps: usize,
    /// The binary usher-server.
    #[arg(long, value_name = "PATH")]
    server: PathBuf,
    /// The binary usher-desk.
    #[arg(long, value_name = "PATH")]
    desk: PathBuf,
    /// The binary usher-server of an earlier version that takes part.
    #[arg(long, value_name = "PATH", requires = "older_desk")]
    older_server: Option<PathBuf>,
    /// The binary usher-desk of that version.
    #[arg(long, value_name = "PATH", requires = "older_server")]
    older_desk: Option<PathBuf>,
    /// Where the earlier version runs.
    #[arg(long, value_enum, default_value = "upgrade")]
    way: Way,
}

/// What must have happened in a long run for it to mean anything.
const SOMETIMES: [&str; 12] = [
    "server killed right behind a sync",
    "desks killed",
    "exchanges delayed",
    "requests cut",
    "answers lost",
    "answers truncated",
    "requests delivered twice",
    "earlier answers repeated",
    "asked of a desk that was killed",
    "of these done all the same",
    "double admissions",
    "rooms full at the end",
];

/// The same, beside the desks: left out where an earlier version takes part, which knows none of it.
const MEANWHILE: [&str; 13] = [
    "seats over capacity",
    "refused at a paused door",
    "asked of a desk that knew of the pause",
    "places lowered",
    "places raised",
    "lost desk written off, in how many rooms",
    "seats written off and never seen",
    "lost desks that came back",
    "lost desks that came by file",
    "files imported that brought entries",
    "files imported after the network",
    "lines that the backup lacked",
    "server put back, and a desk told",
];

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (start, longest) = (clock::instant(), Duration::from_secs(arguments.minutes * 60));
    let (mut seed, mut evenings) = (arguments.seed, Vec::new());
    loop {
        println!("black box: seed {seed}");
        let done = evening(&arguments, seed);
        match &done {
            Ok(report) => print!("{report}"),
            Err(error) => println!("WRONG: {error}"),
        }
        println!("black box: seed {seed}, after {:.0} s", start.elapsed().as_secs_f64());
        evenings.extend(done.ok().filter(|report| report.wrong.is_empty()));
        if evenings.len() as u64 <= seed - arguments.seed {
            println!(
                "again: black-box --seed {seed} --steps {} …; see {}",
                arguments.steps,
                arguments.out.join(seed.to_string()).display()
            );
            return ExitCode::FAILURE;
        }
        seed += 1;
        if start.elapsed() >= longest {
            return summed_up(&evenings, &arguments);
        }
    }
}

/// What happened in all evenings; in a long run everything must have, sometimes.
fn summed_up(evenings: &[Report], arguments: &Arguments) -> ExitCode {
    println!("{} evenings, nothing wrong", evenings.len());
    let older = arguments.older_server.is_some();
    let sometimes = SOMETIMES.iter().chain(MEANWHILE.iter().filter(|_| !older));
    let never: Vec<_> =
        sometimes.filter(|what| evenings.iter().all(|report| report.figure(what) == 0)).copied().collect();
    if never.is_empty() || arguments.minutes == 0 {
        return ExitCode::SUCCESS;
    }
    println!("NEVER HAPPENED: {}: this run proves less than it says", never.join(", "));
    ExitCode::FAILURE
}

fn evening(arguments: &Arguments, seed: u64) -> Result<Report, Failure> {
    let folder = arguments.out.join(seed.to_string());
    if folder.exists() {
        return Err(format!("{} exists: name a new folder", folder.display()).into());
    }
    std::fs::create_dir_all(&folder)?;
    let whole = |path: &PathBuf| path.canonicalize().map_err(|error| format!("{}: {error}", path.display()));
    let (server, desk) = (whole(&arguments.server)?, whole(&arguments.desk)?);
    let out = whole(&folder)?;
    let older = match (&arguments.older_server, &arguments.older_desk) {
        (Some(server), Some(desk)) => {
            Some(Older { server: whole(server)?, desk: whole(desk)?, way: arguments.way })
        }
        _ => None,
    };
    let report = run(&Orders { out, seed, steps: arguments.steps, server, desk, older })?;
    if report.wrong.is_empty() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(report)
}
