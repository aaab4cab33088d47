//! Which version runs where: an earlier one beside this one, and upgrades in the middle of the evening.

use std::path::{Path, PathBuf};

use super::Orders;

/// After so many kills a desk that is upgraded comes back as the newer version.
pub(super) const DESK_UPGRADED_AT: u64 = 3;
/// With this outage, counted from 0, the server comes back as the newer version.
pub(super) const SERVER_UPGRADED_AT: usize = 2;

/// The programs of an earlier version.
#[derive(Clone, Debug)]
pub struct Older {
    /// Its `usher-server`.
    pub server: PathBuf,
    /// Its `usher-desk`.
    pub desk: PathBuf,
    /// Where they run.
    pub way: Way,
}

/// Where an earlier version runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Way {
    /// Every desk is older than the server.
    OlderDesks,
    /// The server is older than every desk.
    OlderServer,
    /// All are older at first; each is upgraded when it was killed, whoever is offline meanwhile.
    Upgrade,
}

impl Orders {
    fn older(&self, ways: &[Way]) -> Option<&Older> {
        self.older.as_ref().filter(|older| ways.contains(&older.way))
    }

    pub(super) fn first_server(&self) -> &Path {
        self.older(&[Way::OlderServer, Way::Upgrade]).map_or(&self.server, |older| &older.server)
    }

    pub(super) fn last_server(&self) -> &Path {
        self.older(&[Way::OlderServer]).map_or(&self.server, |older| &older.server)
    }

    /// The desk's program after so many kills.
    pub(super) fn desk_after(&self, kills: u64) -> &Path {
        let ways =
            if kills < DESK_UPGRADED_AT { &[Way::OlderDesks, Way::Upgrade][..] } else { &[Way::OlderDesks] };
        self.older(ways).map_or(&self.desk, |older| &older.desk)
    }

    /// Whether the desk's program after so many kills is an older one.
    pub(super) fn desk_is_older(&self, kills: u64) -> bool {
        self.desk_after(kills) != self.desk
    }

    pub(super) fn upgrades(&self) -> bool {
        self.older(&[Way::Upgrade]).is_some()
    }
}
