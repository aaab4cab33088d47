//! What the binary runs: understand the command line, do it, say in words how it went.

mod carry;
mod check;
mod enrol;
mod erase;
mod event;
mod event_args;
mod export;
pub mod grammar;
mod import;
mod key;
mod label;
mod label_args;
mod pins;
mod problem;
mod restore;
mod serve;
mod sheet;
mod signed;
mod stations;
mod tickets;
mod verify;

use std::{path::Path, process::ExitCode};

use clap::Parser;
use usher_authority::Error;

use crate::store::{self, Server};
use grammar::{
    CarryCommand, Cli, Command, DemoCommand, EventCommand, ExportCommand, ImportCommand, KeyCommand,
    PinsCommand, SessionsCommand, TicketsCommand,
};
pub use problem::{Done, NOT_DONE, NOT_UNDERSTOOD, Problem};

/// Understands the process's arguments, carries the command out, and gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { NOT_UNDERSTOOD } else { 0 });
        }
    };
    match run(cli) {
        Ok(done) => ExitCode::from(done.code()),
        Err(problem) => {
            eprintln!("usher-server: {problem}");
            ExitCode::from(NOT_DONE)
        }
    }
}

/// Carries a command out.
///
/// # Errors
/// A [`Problem`] in words.
pub fn run(cli: Cli) -> Result<Done, Problem> {
    let data = cli.data.as_path();
    match cli.command {
        Command::Event(EventCommand::Create { name, time_zone, ask_first }) => {
            event::create(data, &name, &time_zone, !ask_first)
        }
        Command::Event(EventCommand::Label(args)) => label::label(data, &args),
        Command::Event(EventCommand::Set(args)) => event::set(data, &args),
        Command::Pins(PinsCommand::Add { name, unlocks_only, pin }) => {
            pins::add(data, &name, unlocks_only, pin.as_deref())
        }
        Command::Pins(PinsCommand::List) => pins::list(data),
        Command::Pins(PinsCommand::Remove { name }) => pins::remove(data, &name),
        Command::Demo(DemoCommand::Create { around }) => event::demo(data, around.as_deref()),
        Command::Import(ImportCommand::Participants(args)) => import::participants(data, &args),
        Command::Import(ImportCommand::Sessions(args)) | Command::Sessions(SessionsCommand::Import(args)) => {
            import::sessions(data, &args)
        }
        Command::Enrol(args) => enrol::enrol(data, &args),
        Command::Tickets(TicketsCommand::Export(args)) if args.signed => signed::export(data, &args),
        Command::Tickets(TicketsCommand::Export(args)) => tickets::export(data, &args),
        Command::Tickets(TicketsCommand::Keys) => signed::keys(data),
        Command::Tickets(TicketsCommand::RotateKey) => signed::rotate_key(data),
        Command::Tickets(TicketsCommand::WithdrawKey { kid }) => signed::withdraw_key(data, &kid),
        Command::Tickets(TicketsCommand::Revoke { called }) => signed::revoke(data, &called),
        Command::Export(ExportCommand::CheckIns(args)) => export::check_ins(data, args.out.as_deref()),
        Command::Export(ExportCommand::Guests(args)) => export::guests(data, args.out.as_deref()),
        Command::Erase { person } => erase::erase(data, person),
        Command::Stations(args) => stations::stations(data, args.command),
        Command::Check(args) => check::check(data, args.rebuild),
        Command::Carry(CarryCommand::Import { file }) => carry::import(data, &file),
        Command::Key(KeyCommand::Rotate { now }) => key::rotate(data, now),
        Command::Restore => restore::restore(data),
        Command::Verify { logs } => verify::verify(data, &logs),
        Command::Serve(args) => serve::serve(data, args),
    }
}

/// Opens the event's database.
fn open(data: &Path) -> Result<Server, Problem> {
    store::open(data).map_err(store_problem)
}

/// The store's words name cause and remedy after a colon each; they stand on two lines here.
fn store_problem(error: Error) -> Problem {
    let words = error.to_string();
    let (what, remedy) =
        words.rsplit_once(": ").unwrap_or((&words, "If it stays so, keep the file and ask for help."));
    Problem::new(what, capitalised(remedy))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// A problem with a file that was named on the command line.
fn file_problem(path: &Path, doing: &str, error: &std::io::Error) -> Problem {
    let remedy = match error.kind() {
        std::io::ErrorKind::NotFound => "Check the name and the folder.",
        std::io::ErrorKind::PermissionDenied => "Check who may read and write there.",
        std::io::ErrorKind::StorageFull => "Free some space and try again.",
        _ => "Check the disk and try again.",
    };
    Problem::new(format!("{} could not be {doing}: {error}", path.display()), remedy)
}
