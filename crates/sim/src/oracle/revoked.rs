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

    /// The server was sent an entry of a revoked desk. It takes what follows what it holds.
    pub fn took_disputed(&mut self, key: EntryKey) {
        let before = key.identity().key(key.seq.saturating_sub(1));
        let follows = key.seq == 1 || self.books.keys.contains(&before) || self.disputed.contains(&before);
        if follows && !self.books.keys.contains(&key) {
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
        if !self.books.revoked.contains(&i.station) {
            return Ok(());
        }
        let Some((upto, accepted)) = self.books.accepted.get(&i).and_then(|all| all.range(key.seq..).next())
        else {
            return broken(format!("{key:?} of a revoked desk counts, and nobody accepted it"));
        };
        if *upto == key.seq && accepted.hash != self.books.hashes.get(&key).copied() {
            return broken(format!("{key:?} of a revoked desk counts, and another entry was accepted"));
        }
        self.counts_again |= self.books.own != Some(accepted.by);
        Ok(())
    }

    /// Whether something counted since this was asked last that was accepted before the server was put back.
    pub(super) fn counted_again(&mut self) -> bool {
        std::mem::take(&mut self.counts_again)
    }

    /// What a supervisor accepted counts as soon as the server holds all of it, whichever came first.
    ///
    /// # Errors
    /// Something does not.
    pub fn check_accepted(&self) -> Result<(), Broken> {
        for (i, all) in &self.books.accepted {
            let out = |(upto, _): &(&u64, _)| self.disputed.contains(&i.key(**upto));
            if let Some((upto, _)) = all.iter().find(out) {
                return broken(format!("P1: {i:?} was taken and accepted up to {upto}, and does not count"));
            }
        }
        Ok(())
    }

    /// A supervisor accepted what a revoked desk had sent: all of it counts.
    ///
    /// # Errors
    /// Something does not.
    pub fn check_all_accepted(&self, i: Identity) -> Result<(), Broken> {
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
