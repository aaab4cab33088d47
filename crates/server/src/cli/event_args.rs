//! The arguments of `event` and `pins`: what the organiser sets for the whole event.

use clap::{Args, Subcommand, ValueEnum};

/// Commands of the event.
#[derive(Debug, Subcommand)]
pub enum EventCommand {
    /// Make the event.
    #[command(
        after_help = "Example: usher-server event create --name \"Open Days\" --time-zone Europe/Madrid"
    )]
    Create {
        /// Its name, as desks show it.
        #[arg(long)]
        name: String,
        /// Its IANA time zone, for example Europe/Madrid.
        #[arg(long, value_name = "ZONE")]
        time_zone: String,
        /// Desks ask before they let a registered guest in, instead of letting in at the scan.
        #[arg(long)]
        ask_first: bool,
    },
    /// Change what desks do and show; each takes it over at its next contact.
    #[command(
        after_help = "Example: usher-server event set --help-phone \"+34 600 123 456\" --door ask-first"
    )]
    Set(EventSetArgs),
    /// What stands on name badges: take a template, show it, or see what it gives.
    #[command(after_help = super::label_args::HELP)]
    Label(super::label_args::LabelArgs),
}

/// Arguments of `event set`.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct EventSetArgs {
    /// Whom volunteers call when they need help: a number, or a few words. An empty text names nobody.
    #[arg(long, value_name = "NUMBER")]
    pub help_phone: Option<String>,
    /// Whether desks that chose nothing else let a registered guest in at the scan, or ask first.
    #[arg(long, value_enum)]
    pub door: Option<DoorArg>,
}

/// How doors begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DoorArg {
    /// A registered guest is let in at the scan.
    Fast,
    /// The volunteer decides.
    AskFirst,
}

/// Commands for PINs.
#[derive(Debug, Subcommand)]
pub enum PinsCommand {
    /// Give somebody a PIN, and show it once.
    #[command(after_help = "\
Examples:
  usher-server pins add --name Maria
  usher-server pins add --name Volunteers --unlocks-only
A PIN guards against mistakes: who has a desk's disk can try them all.")]
    Add {
        /// Whose it is, as desks and tables show it.
        #[arg(long)]
        name: String,
        /// It unlocks desks and opens their settings, and lets nobody in.
        #[arg(long)]
        unlocks_only: bool,
        /// The PIN, 4 to 8 digits; without it one is made.
        #[arg(long, value_name = "DIGITS")]
        pin: Option<String>,
    },
    /// Who has a PIN.
    List,
    /// Take a PIN away.
    #[command(after_help = "Example: usher-server pins remove Maria")]
    Remove {
        /// Whose.
        #[arg(value_name = "NAME")]
        name: String,
    },
}
