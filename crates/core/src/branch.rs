//! Logs that were continued twice: on a copied or rolled-back disk (DESIGN section 4, *Any road*).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    entry::{Body, CheckOut, Entry, ReEntry, Undo},
    ids::{EntryHash, EntryKey, Epoch, Identity, Seq},
};

const WORD: &[u8] = b"usher branch v1\0";

/// Where entries of a log begin to count under another epoch than they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fork {
    /// The number of the first entry that differs.
    pub from: Seq,
    /// The epoch under which the entries from there on are kept and counted.
    pub epoch: Epoch,
}

impl Fork {
    /// The fork whose first own entry is number `from` and has the hash `first`.
    #[must_use]
    pub fn new(from: Seq, first: EntryHash) -> Self {
        let mut hash = Sha256::new();
        hash.update(WORD);
        hash.update(first.0);
        let mut epoch = [0; 8];
        epoch.copy_from_slice(&hash.finalize()[..8]);
        Self { from, epoch: Epoch(u64::from_be_bytes(epoch)) }
    }
}

/// The second branch of a log that was continued twice. Both are facts; the one that came later is told apart by an epoch made from
/// its first entry. A branch may have left another branch: a copy was copied.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Branch {
    /// The log that forked, as its entries name it.
    pub of: Identity,
    /// Where it left what it is a branch of.
    pub fork: Fork,
    /// Where the branch that it left had left the log, and so on, the earliest first; empty: it left the log itself.
    pub before: Vec<Fork>,
}

impl Branch {
    /// What leaves `left`, or the log `of` itself, at `fork`.
    #[must_use]
    pub fn new(of: Identity, left: Option<&Self>, fork: Fork) -> Self {
        let course = left.into_iter().flat_map(Self::course);
        Self { of, fork, before: course.filter(|one| one.from < fork.from).copied().collect() }
    }

    /// Every fork on the way from the log's beginning to this branch, the earliest first.
    pub fn course(&self) -> impl DoubleEndedIterator<Item = &Fork> {
        self.before.iter().chain(std::iter::once(&self.fork))
    }

    /// Under which identity the branch's own entries are kept.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        Identity { station: self.of.station, epoch: self.fork.epoch }
    }

    /// Which entry a key means that stands in the branch: its own ones from the fork on, before that the common ones, each under the
    /// identity of whom it is common with.
    #[must_use]
    pub fn key(&self, key: EntryKey) -> EntryKey {
        let fork = self.course().rev().find(|fork| key.seq >= fork.from);
        match fork.filter(|_| key.identity() == self.of) {
            Some(fork) => EntryKey { epoch: fork.epoch, ..key },
            None => key,
        }
    }

    /// The entry as it counts: under the identity that it is kept by, its references meant within the branch.
    #[must_use]
    pub fn place(&self, mut entry: Entry) -> Entry {
        entry.epoch = self.key(entry.key()).epoch;
        match &mut entry.body {
            Body::Undo(Undo { of, .. })
            | Body::CheckOut(CheckOut { of, .. })
            | Body::ReEntry(ReEntry { of, .. }) => {
                *of = self.key(*of);
            }
            _ => {}
        }
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StationId;

    #[test]
    fn a_copy_of_a_copy_means_what_stands_in_its_own_course() {
        let log = Identity { station: StationId(uuid::Uuid::from_u128(1)), epoch: Epoch(7) };
        let second = Branch::new(log, None, Fork::new(10, EntryHash([2; 32])));
        let third = Branch::new(log, Some(&second), Fork::new(16, EntryHash([3; 32])));
        let meant = |seq| third.key(log.key(seq)).identity();
        assert_eq!((meant(9), meant(10), meant(15)), (log, second.identity(), second.identity()));
        assert_eq!((meant(16), meant(20)), (third.identity(), third.identity()));
        let beside = Branch::new(log, Some(&second), Fork::new(10, EntryHash([5; 32])));
        assert_eq!(beside.before, [], "it left the log where the second did");
        let other = Identity { epoch: Epoch(8), ..log };
        assert_eq!(third.key(other.key(16)), other.key(16), "another log's entry is left alone");
        // It left before the second did anything of its own: their entries from there on are not common.
        let aside = Branch::new(log, Some(&second), Fork::new(9, EntryHash([4; 32])));
        assert_eq!(aside.before, []);
    }
}
