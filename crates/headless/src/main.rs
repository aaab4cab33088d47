//! `usher-desk --data DIR`: see the crate's documentation for the lines.

use std::{io, path::PathBuf, process::ExitCode};

use clap::Parser;
use tracing_subscriber::EnvFilter;
use usher_headless::{Door, Options};

/// A desk without a window: JSON lines in, JSON lines out.
#[derive(Debug, Parser)]
#[command(
    name = "usher-desk",
    version,
    after_help = "\
Example: echo '{\"id\":1,\"call\":\"look\"}' | usher-desk --data desk-1
Calls: look connect start leave set_door scan accept turn_away close undo find open closing, and picture sync export quit.
The log goes to standard error; USHER_LOG sets how much (info)."
)]
struct Arguments {
    /// The folder with this desk's files; made if it is not there. One process at a time.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Also print {\"view\":…} whenever what a window would show has changed.
    #[arg(long)]
    views: bool,
    /// The longest time a picture may be looked at, in milliseconds.
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    budget_ms: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("USHER_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("usher-desk: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let options = Options { data: arguments.data, views: arguments.views, budget_ms: arguments.budget_ms };
    let door = Door::open(&options);
    let inside = runtime.enter();
    let running = door.run();
    drop(inside);
    let served = door.serve(&runtime, &mut io::stdin().lock());
    drop(running);
    runtime.shutdown_background();
    served
}
