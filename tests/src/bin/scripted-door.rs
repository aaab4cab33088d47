//! `scripted-door --out DIR --seed N --server PATH --desk PATH`: a door without windows, and an independent count over it.
//!
//! Exits with 0 when the count agrees with what the desks and the server say, with 1 when it does not or when something could
//! not be carried out. Everything that it made stays in DIR.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use usher_tests::door::{Failure, Orders, run};

/// Three real desks, 600 arrivals read from pictures, a cut network; then an independent count.
#[derive(Debug, Parser)]
#[command(name = "scripted-door", version)]
struct Arguments {
    /// The folder to work in: made if it is not there, and it must be empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The same seed gives the same people, pictures and order of arrivals.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The binary usher-server.
    #[arg(long, value_name = "PATH")]
    server: PathBuf,
    /// The binary usher-desk.
    #[arg(long, value_name = "PATH")]
    desk: PathBuf,
    /// The independent count.
    #[arg(long, value_name = "PATH", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/door/count.py"))]
    count: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = arguments.seed;
    println!("scripted door: seed {seed}");
    let agrees = carry_out(arguments);
    if let Err(error) = &agrees {
        eprintln!("scripted-door: {error}");
    }
    println!("scripted door: seed {seed}");
    if matches!(agrees, Ok(true)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn carry_out(arguments: Arguments) -> Result<bool, Failure> {
    std::fs::create_dir_all(&arguments.out)?;
    if std::fs::read_dir(&arguments.out)?.next().is_some() {
        return Err(format!("{} is not empty: name a new folder", arguments.out.display()).into());
    }
    // The desks and the server have other working folders in mind than this program's user.
    let whole = |path: PathBuf| path.canonicalize().map_err(|error| format!("{}: {error}", path.display()));
    let (out, server, desk) = (whole(arguments.out)?, whole(arguments.server)?, whole(arguments.desk)?);
    run(&Orders { out, seed: arguments.seed, server, desk }, &arguments.count)
}
