//! The command line as clap knows it: names, help, examples. What the commands do stands in their own modules.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use usher_core::ids::PersonId;
use usher_protocol::enrol::Role;

pub use super::event_args::{DoorArg, EventCommand, EventSetArgs, PinsCommand};
use crate::import::{ColumnMap, DateOrder, Unpaid};

/// Usher's server: the organiser's commands and the service that desks connect to.
#[derive(Debug, Parser)]
#[command(
    name = "usher-server",
    version,
    max_term_width = 100,
    after_help = "\
A first event:
  usher-server event create --name \"Open Days\" --time-zone Europe/Madrid
  usher-server import sessions sessions.csv
  usher-server import participants guests.csv
  usher-server serve
  usher-server enrol --name \"Desk 1\"          (in a second terminal; scan the code at the desk)

Exit codes: 0 done; 1 not done, the message says why; 2 done, but some rows of a file were left out;
64 the command line was not understood."
)]
pub struct Cli {
    /// The event's database; made by `event create` and `demo create`.
    #[arg(long, global = true, env = "USHER_DATA", default_value = "usher.db", value_name = "FILE.db")]
    pub data: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the event that this database holds.
    #[command(subcommand)]
    Event(EventCommand),
    /// The PINs with which desks are unlocked, and guests let in whom a desk refuses.
    #[command(subcommand)]
    Pins(PinsCommand),
    /// Make an event to try Usher with.
    #[command(subcommand)]
    Demo(DemoCommand),
    /// Import the organiser's tables; importing one again changes only what has changed in it.
    #[command(subcommand)]
    Import(ImportCommand),
    /// The sessions of the event.
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// Print a one-time code with which a desk or a supervisor connects.
    Enrol(EnrolArgs),
    /// The guests' tickets.
    #[command(subcommand)]
    Tickets(TicketsCommand),
    /// Write CSV files for other programs.
    #[command(subcommand)]
    Export(ExportCommand),
    /// Erase everything personal about one guest, here and at every desk, for good. Counts and records stay.
    #[command(after_help = "\
Example: usher-server erase 0190e1c4-7a3b-7cc0-9d52-3a61c6f1a0b7
The guest cannot be brought back: not by an import with the same ticket code either.")]
    Erase {
        /// The guest's id, as in the last column of `usher-server export guests`.
        #[arg(value_name = "PERSON_ID")]
        person: PersonId,
    },
    /// List the stations, or revoke one.
    Stations(StationsArgs),
    /// Rebuild every counter from the log and compare it with what is kept.
    Check(CheckArgs),
    /// Take the log that a desk saved into a file.
    #[command(subcommand)]
    Carry(CarryCommand),
    /// The key that the server signs with.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Bring an event back whose database is lost, from the roster beside it (FILE.db.roster): its keys, desks and supervisors.
    #[command(after_help = "\
A database that was put back from a backup needs no command: `serve` notices, and waits for the desks.")]
    Restore,
    /// Check every entry against its chain and signature, and their order against the server's checkpoints.
    #[command(after_help = "\
Example: usher-server verify desk-1.usherlog desk-2.usherlog
The logs that desks saved say what this server had signed to them: what was deleted from the end is found by them.
They are checked themselves as well: a desk that wrote its history anew, or a file that was cut short, is named.")]
    Verify {
        /// Logs that desks saved with "Save unsent log".
        #[arg(value_name = "FILE.usherlog")]
        logs: Vec<PathBuf>,
    },
    /// Serve desks and supervisors until Ctrl-C.
    Serve(ServeArgs),
}

/// Commands for logs that travel by file.
#[derive(Debug, Subcommand)]
pub enum CarryCommand {
    /// Take in what "Save unsent log" wrote at a desk; doing it again changes nothing.
    #[command(after_help = "Example: usher-server carry import desk-2.usherlog")]
    Import {
        /// The file.
        #[arg(value_name = "FILE.usherlog")]
        file: PathBuf,
    },
}

/// Commands for the server's key.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Replace the key by a new one: when a backup or the computer came into other hands, or where the rules ask for it.
    #[command(after_help = "\
Stop the server first, and let no other command run meanwhile. Desks need nothing: each takes the new key at its next contact, also
weeks later. From now on FILE.db.roster holds the new key: a copy of it from before is of no use to `restore` or with a backup.
The key of the TLS certificate and the event's other secrets stay as they are.")]
    Rotate {
        /// Also while desks are awaited after a restore. What only they know of the server's earlier decisions is lost then.
        #[arg(long)]
        now: bool,
    },
}

/// Commands of the demo.
#[derive(Debug, Subcommand)]
pub enum DemoCommand {
    /// Make an event with 1,200 guests and 8 sessions around the current time, always the same but for the time.
    #[command(
        after_help = "Example: usher-server --data demo.db demo create --around 2026-11-20T10:00:00+01:00"
    )]
    Create {
        /// The time that the sessions lie around; without it: now.
        #[arg(long, value_name = "TIME")]
        around: Option<String>,
    },
}

/// Commands of the import.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Import guests from a CSV file; pretix's check-in lists and codes are recognised.
    #[command(after_help = "\
Examples:
  usher-server import participants guests.csv
  usher-server import participants guests.csv --map \"name=Full name,email=E-Mail,code=#3,sessions=Talks\"
  usher-server import participants old.csv --encoding windows-1252 --delimiter tab")]
    Participants(ParticipantsArgs),
    /// Import sessions from a CSV file with at least the columns name, start and end.
    #[command(after_help = "\
Columns: name, start, end; and where wanted code, room, capacity, late after, opens before, grace, mode, open to all,
hold seats (yes: seats are held for registered guests), hold minutes (and until so long after the start).
Example: usher-server import sessions sessions.csv")]
    Sessions(SessionsArgs),
}

/// How to read a file of guests.
#[derive(Debug, Args)]
pub struct ParticipantsArgs {
    /// The CSV file.
    pub file: PathBuf,
    /// Which column means what, for example name=Full name,code=#3; may be given several times.
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    pub map: Vec<ColumnMap>,
    /// How the file is written.
    #[command(flatten)]
    pub text: TextArgs,
    /// What to do with people who have not paid; without it as the file's kind suggests.
    #[arg(long)]
    pub unpaid: Option<UnpaidArg>,
    /// Whether 5/7/2026 is the 5th of July or the 7th of May; without it found from the file.
    #[arg(long)]
    pub dates: Option<DatesArg>,
}

/// How to read a file of sessions.
#[derive(Debug, Args)]
pub struct SessionsArgs {
    /// The CSV file.
    pub file: PathBuf,
    /// How the file is written.
    #[command(flatten)]
    pub text: TextArgs,
}

/// How a file is written.
#[derive(Debug, Default, Args)]
pub struct TextArgs {
    /// The encoding, where it is not UTF-8: windows-1252, iso-8859-9, utf-16le …
    #[arg(long)]
    pub encoding: Option<String>,
    /// The character between cells: , ; | or tab; without it found from the file.
    #[arg(long, value_parser = delimiter)]
    pub delimiter: Option<u8>,
}

/// `--unpaid`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum UnpaidArg {
    /// Import them.
    Admit,
    /// Leave them out.
    Skip,
}

impl From<UnpaidArg> for Unpaid {
    fn from(given: UnpaidArg) -> Self {
        match given {
            UnpaidArg::Admit => Self::Admit,
            UnpaidArg::Skip => Self::Skip,
        }
    }
}

/// `--dates`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DatesArg {
    /// 5/7/2026 is the 5th of July.
    DayFirst,
    /// 5/7/2026 is the 7th of May.
    MonthFirst,
}

impl From<DatesArg> for DateOrder {
    fn from(given: DatesArg) -> Self {
        match given {
            DatesArg::DayFirst => Self::DayFirst,
            DatesArg::MonthFirst => Self::MonthFirst,
        }
    }
}

/// Commands of the sessions.
#[derive(Debug, Subcommand)]
pub enum SessionsCommand {
    /// The same as `import sessions`.
    Import(SessionsArgs),
}

/// For whom the code is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  usher-server enrol --name \"Desk 1\"
  usher-server enrol --role supervisor --name \"Control\" --minutes 10
  usher-server enrol --name \"Desk 2\" --address https://192.0.2.7:8443 --json")]
pub struct EnrolArgs {
    /// What it may do: scan guests, or see the board.
    #[arg(long, value_enum, default_value = "desk")]
    pub role: RoleArg,
    /// How others see it, for example "Desk 1".
    #[arg(long)]
    pub name: String,
    /// How long the code is good, in minutes.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    pub minutes: u32,
    /// Where the desk reaches the server; without it where the server of this database listens.
    #[arg(long, value_name = "URL")]
    pub address: Option<String>,
    /// Print JSON for scripts instead of words and a QR code.
    #[arg(long)]
    pub json: bool,
}

/// `--role`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleArg {
    /// Scans guests.
    Desk,
    /// Sees the board.
    Supervisor,
}

impl From<RoleArg> for Role {
    fn from(given: RoleArg) -> Self {
        match given {
            RoleArg::Desk => Self::Desk,
            RoleArg::Supervisor => Self::Supervisor,
        }
    }
}

/// Commands of the tickets.
#[derive(Debug, Subcommand)]
pub enum TicketsCommand {
    /// Write one QR code for each guest, and index.csv that says whose it is; or the guests' signed tickets as a table.
    #[command(after_help = "\
Examples:
  usher-server tickets export --out tickets --format svg
  usher-server tickets export --signed --out tickets.csv --pictures tickets
A signed ticket proves itself: a desk knows it without a network and before it has heard of the guest. Each guest's next export gives
the same text, until the ticket is revoked or the key is replaced.")]
    Export(TicketsArgs),
    /// List the keys that tickets are signed with.
    Keys,
    /// Sign tickets with a new key from now on; those that are printed stay good.
    #[command(after_help = "\
When it is done: at any time, also while the server runs. Desks hear of the new key at their next contact, and know its tickets from then
on: let them, before tickets are sent out. Where the old key came into other hands, withdraw it (`tickets withdraw-key`) and send new tickets.")]
    RotateKey,
    /// From now on the tickets that a key signed are old ones: at each desk from when it hears of it.
    #[command(after_help = "Example: usher-server tickets withdraw-key 4f2a90c1")]
    WithdrawKey {
        /// Which, as `tickets keys` lists it.
        #[arg(value_name = "KEY")]
        kid: String,
    },
    /// Revoke a guest's signed ticket; the next export gives that guest another one.
    #[command(after_help = "\
Examples:
  usher-server tickets revoke 41f09c3be27a8d55
  usher-server tickets revoke ana@example.org
Desks call it an old ticket from when they hear of it. The code that the guest has on the list, if any, stays good; to cancel a guest,
import the guest as cancelled.")]
    Revoke {
        /// The ticket's id (cti in the table) or text; or the guest: e-mail address, name, code, or person id.
        #[arg(value_name = "TICKET|GUEST")]
        called: String,
    },
}

/// Which tickets, and how.
#[derive(Debug, Args)]
pub struct TicketsArgs {
    /// The folder to write to, made where it does not exist; with --signed the file, and without it the standard output.
    #[arg(long, value_name = "DIR|FILE.csv", required_unless_present = "signed")]
    pub out: Option<PathBuf>,
    /// Signed tickets, as a table: name, email, order, kind, cti (the ticket's id), signed_ticket.
    #[arg(long)]
    pub signed: bool,
    /// With --signed: also write a QR code for each guest to this folder; made where it does not exist.
    #[arg(long, value_name = "DIR", requires = "signed")]
    pub pictures: Option<PathBuf>,
    /// With --signed: no ticket is good after this, for example 2026-11-20T23:00:00+01:00; without it as long as the guest's line says.
    #[arg(long, value_name = "TIME", requires = "signed")]
    pub until: Option<String>,
    /// Pictures or drawings.
    #[arg(long, value_enum, default_value = "png")]
    pub format: TicketFormat,
    /// Only the guests booked for this session, by its name.
    #[arg(long)]
    pub session: Option<String>,
}

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TicketFormat {
    /// Pictures.
    Png,
    /// Drawings.
    Svg,
}

/// Commands of the export.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Every check-in, undo and refusal that the server holds, one to a line.
    CheckIns(OutArgs),
    /// Every guest with the bookings and the ticket code.
    Guests(OutArgs),
}

/// Where to write.
#[derive(Debug, Args)]
pub struct OutArgs {
    /// The file; without it the standard output.
    #[arg(long, value_name = "FILE.csv")]
    pub out: Option<PathBuf>,
}

/// What to do with the stations.
#[derive(Debug, Args)]
pub struct StationsArgs {
    /// What to do; without it: list them.
    #[command(subcommand)]
    pub command: Option<StationsCommand>,
}

/// Commands of the stations.
#[derive(Debug, Subcommand)]
pub enum StationsCommand {
    /// List them.
    List,
    /// Refuse a station from now on; what it has sent stays.
    Revoke {
        /// Its name, as `stations` lists it.
        name: String,
    },
}

/// How to check.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Where they differ, put what the log says in the place of what is kept.
    #[arg(long)]
    pub rebuild: bool,
}

/// How to serve.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  usher-server serve
  usher-server serve --listen 0.0.0.0:8443 --tls-self-signed")]
pub struct ServeArgs {
    /// The address and port to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// Write the port that was taken to this file.
    #[arg(long, value_name = "FILE")]
    pub port_file: Option<PathBuf>,
    /// Use a certificate that the server makes and keeps beside the database; desks pin it when they enrol.
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    pub tls_self_signed: bool,
    /// The certificate with its chain, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
}

fn delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(b'\t'),
        ("semicolon", _) => Ok(b';'),
        ("comma", _) => Ok(b','),
        (_, [one]) if one.is_ascii_punctuation() || *one == b'\t' => Ok(*one),
        _ => Err("write one character such as ; or the word tab".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_grammar_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn delimiters_have_names() {
        assert_eq!(delimiter("tab"), Ok(b'\t'));
        assert_eq!(delimiter(";"), Ok(b';'));
        assert!(delimiter("ab").is_err() && delimiter("é").is_err() && delimiter("").is_err());
    }
}
