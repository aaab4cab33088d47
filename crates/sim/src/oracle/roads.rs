//! What a server that was put back, and desks that were copied or put back, legitimately change.

use std::collections::BTreeMap;

use usher_core::ids::{EntryKey, Identity, Seq};

use super::{Oracle, Said};

impl Oracle {
    /// How far the server is known to hold each log.
    #[must_use]
    pub fn heard(&self) -> BTreeMap<Identity, Seq> {
        self.acknowledged.clone()
    }

    /// The server holds no more than this from now on.
    pub fn forgotten(&mut self, heard: BTreeMap<Identity, Seq>) {
        self.acknowledged = heard;
    }

    /// Whether a decision on two check-ins still stands is not known until the end; nor is what their session's worst case is.
    pub fn unresolve(&mut self, one: EntryKey, other: EntryKey) {
        self.resolved.remove(&(one.min(other), one.max(other)));
        if let Some(Said::In(session, _)) = self.said.get(&one) {
            self.uncertain.insert(*session);
        }
    }
}
