//! The spooler of this computer (CUPS): which queues it has.

use std::path::{Path, PathBuf};

use ipp::prelude::{DelimiterTag, IppOperationBuilder};

use crate::{
    PrintProblem,
    wire::{Wire, text},
};

/// Where CUPS listens on this computer.
const SOCKETS: [&str; 2] = ["/run/cups/cups.sock", "/var/run/cupsd"];
const ADDRESS: &str = "127.0.0.1:631";
/// The most queues that are listed.
const QUEUES_MAX: usize = 50;

/// Where the spooler is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spooler {
    /// At a socket of this computer.
    Socket(PathBuf),
    /// At `host:port`.
    Address(String),
}

impl Spooler {
    /// The one of this computer, whether it runs or not.
    #[must_use]
    pub fn of_this_computer() -> Self {
        let socket = SOCKETS.iter().map(Path::new).find(|path| path.exists());
        socket.map_or_else(|| Self::Address(ADDRESS.into()), |path| Self::Socket(path.to_owned()))
    }

    /// The names of its queues, sorted. A computer without a spooler has none.
    ///
    /// # Errors
    /// [`PrintProblem`] when there is a spooler that does not answer.
    pub async fn queues(&self) -> Result<Vec<String>, PrintProblem> {
        let wire = Wire::to_spooler(self, "/")?;
        let answer = match wire.ask(IppOperationBuilder::cups().get_printers(), Vec::new()).await {
            Ok(answer) => answer,
            // Nobody listens, or it has no printers, which CUPS calls "not found".
            Err(PrintProblem::Gone) => return Ok(Vec::new()),
            Err(problem) => return Err(problem),
        };
        let groups = answer.attributes().groups_of(DelimiterTag::PrinterAttributes);
        let mut names: Vec<_> = groups.filter_map(|group| text(group, "printer-name")).collect();
        names.sort();
        names.dedup();
        names.truncate(QUEUES_MAX);
        Ok(names)
    }
}
