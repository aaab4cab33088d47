//! Revoked desks (DESIGN section 5, *Settle*: what comes after a revocation is kept, but as if unreceived until a supervisor accepts it).

use std::collections::BTreeMap;

use usher_core::{
    clock::Hlc,
    entry::{Basis, Entry},
    ids::{EntryKey, Identity, StationId},
};

use super::{Broken, Oracle, Said, broken, desks::Moved};

/// What was said in logs and does not count.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    said: BTreeMap<EntryKey, Said>,
    facts: BTreeMap<EntryKey, (Basis, Hlc)>,
    moved: BTreeMap<EntryKey, Moved>,
}

impl LeftOut {
    /// Whether this was.
    pub(crate) fn contains(&self, key: EntryKey) -> bool {
        self.said.contains_key(&key)
    }

    /// Whether nothing was.
    pub(crate) fn is_empty(&self) -> bool {
        self.said.is_empty()
    }
}

impl Oracle {
    /// Whether the server holds a desk for revoked.
    #[must_use]
    pub fn is_revoked(&self, station: StationId) -> bool {
        self.books.revoked.contains(&station)
    }

    /// The server answered that a desk is revoked.
    pub fn revoked(&mut self, station: StationId) {
        self.blocked.insert(station);
    }

    /// The server took an entry of a revoked desk.
    pub fn took_disputed(&mut self, key: EntryKey) {
        if !self.books.keys.contains(&key) {
            self.disputed.insert(key);
        }
    }

    /// Something that was taken of a revoked desk and does not count yet.
    #[must_use]
    pub fn is_disputed(&self, i: Identity) -> bool {
        self.disputed.range(i.key(0)..=i.key(u64::MAX)).next().is_some()
    }

    /// Nothing that comes from a revoked desk counts before a supervisor has accepted it.
    pub(super) fn may_count(&mut self, entry: &Entry) -> Result<(), Broken> {
        let (key, i) = (entry.key(), entry.identity());
        self.disputed.remove(&key);
        let accepted = self.books.accepted.get(&i).is_some_and(|upto| entry.seq <= *upto);
        if self.books.revoked.contains(&i.station) && !accepted {
            return broken(format!("{key:?} of a revoked desk counts, and nobody accepted it"));
        }
        Ok(())
    }

    /// A supervisor accepted what a revoked desk had sent: all of it counts.
    ///
    /// # Errors
    /// Something does not.
    pub fn check_accepted(&self, i: Identity) -> Result<(), Broken> {
        match self.disputed.range(i.key(0)..=i.key(u64::MAX)).next() {
            Some(key) => broken(format!("P1: {key:?} was taken and accepted, and does not count")),
            None => Ok(()),
        }
    }

    /// Whoever was revoked is revoked for good, also where the server was put back beside its roster.
    ///
    /// # Errors
    /// Somebody is trusted again.
    pub fn check_revoked(&self) -> Result<(), Broken> {
        match self.blocked.difference(&self.books.revoked).next() {
            Some(station) => broken(format!("{station} was revoked, and is trusted again")),
            None => Ok(()),
        }
    }

    /// What revoked desks wrote and the server does not count is as if it had never been said.
    pub(crate) fn leave_out_disputed(&mut self) -> LeftOut {
        let (revoked, held) = (&self.books.revoked, &self.books.keys);
        let out = |key: &EntryKey| revoked.contains(&key.station) && !held.contains(key);
        LeftOut {
            said: self.said.extract_if(.., |key, _| out(key)).collect(),
            facts: self.facts.extract_if(.., |key, _| out(key)).collect(),
            moved: self.moved.extract_if(.., |key, _| out(key)).collect(),
        }
    }

    /// It was said all the same.
    pub(crate) fn bring_in(&mut self, left_out: LeftOut) {
        self.said.extend(left_out.said);
        self.facts.extend(left_out.facts);
        self.moved.extend(left_out.moved);
    }
}
