//! The arguments of `event label`, and its help.

use std::path::PathBuf;

use clap::Args;

pub(super) const HELP: &str = "\
Examples:
  usher-server event label badge.json --preview badge.pdf       (writes a badge, keeps nothing)
  usher-server event label badge.json                           (desks print by it from their next contact on)
  usher-server event label --show
A template, where everything but the size and the lines may be left out:
  { \"width_mm\": 90, \"height_mm\": 54, \"code\": \"beside\",
    \"lines\": [
      { \"show\": \"name\", \"size\": 100, \"bold\": true },
      { \"show\": \"organisation\", \"size\": 50 },
      { \"show\": \"text\", \"text\": \"Wi-Fi: opendays\", \"size\": 30, \"align\": \"middle\" } ] }
Lines show the name, organisation, kind (of ticket), event or text, from the top down; sizes are percent of the largest, 10 to 100.
The code, with the guest's ticket, stands \"beside\" the lines or \"below\" them, or there is \"none\". Desks that were set to
a size of their own keep it.";

/// Which template, and what to do with it.
#[derive(Debug, Args)]
pub struct LabelArgs {
    /// The template, JSON; checked before it is kept.
    #[arg(value_name = "FILE.json", required_unless_present_any = ["show", "clear", "preview"])]
    pub file: Option<PathBuf>,
    /// Print the template that is kept, to be changed and given again.
    #[arg(long, conflicts_with_all = ["file", "clear", "preview"])]
    pub show: bool,
    /// Keep none: desks go by their own sizes again.
    #[arg(long, conflicts_with_all = ["file", "preview"])]
    pub clear: bool,
    /// Write a made-up guest's badge by FILE.json, or by the template that is kept, and keep nothing.
    #[arg(long, value_name = "OUT.pdf")]
    pub preview: Option<PathBuf>,
    /// With --preview: the guest's name, to see how a long one comes out.
    #[arg(long, value_name = "NAME", requires = "preview")]
    pub name: Option<String>,
}
