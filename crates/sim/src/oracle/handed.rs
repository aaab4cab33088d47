//! What the books take from the feed beside entries: proofs, and up to where each log was handed over (DESIGN section 5, *Handover*).

use usher_core::{
    chain::{RequestProof, hash_entry},
    entry::{Body, Entry},
    ids::Identity,
};
use usher_protocol::sync::{BranchEntry, Change, LogProof};

use super::books::Books;

impl Books {
    /// Up to where a log was handed over, as far as the server holds it.
    pub(super) fn handed(&self, i: Identity) -> u64 {
        self.handed.get(&i).copied().unwrap_or(0)
    }

    /// An item of the feed as an entry that counts: in a second branch, under the branch's name.
    pub(super) fn entry(change: &Change) -> Option<Entry> {
        match change {
            Change::Entry(bytes) => Entry::from_bytes(&bytes.0).ok(),
            Change::Branch(BranchEntry { mark, entry }) => {
                let mut entry = Entry::from_bytes(&entry.0).ok()?;
                let of = entry.identity();
                entry.epoch = mark.fork.epoch;
                if let Body::Undo(usher_core::entry::Undo { of: named, .. })
                | Body::CheckOut(usher_core::entry::CheckOut { of: named, .. }) = &mut entry.body
                    && named.identity() == of
                    && named.seq >= mark.fork.from
                {
                    named.epoch = mark.fork.epoch;
                }
                Some(entry)
            }
            _ => None,
        }
    }

    /// Takes an item of the feed that is no entry.
    pub(super) fn take_record(&mut self, change: &Change) {
        match change {
            Change::Entry(bytes) => {
                if let Ok(entry) = Entry::from_bytes(&bytes.0) {
                    self.hashes.insert(entry.key(), hash_entry(&bytes.0));
                }
            }
            Change::Session(record) => {
                self.capacity.insert(record.rules.id, record.rules.capacity);
            }
            Change::Station(record) if record.revoked => {
                self.revoked.insert(record.id);
            }
            Change::Station(record) => {
                self.revoked.remove(&record.id);
            }
            Change::Proof(LogProof { log, signed, .. }) => {
                if let Ok(proof) = RequestProof::from_bytes(&signed.proof.0) {
                    self.state(*log, proof.handed);
                }
            }
            Change::Branch(BranchEntry { mark, entry: bytes }) => {
                if let Ok(entry) = Entry::from_bytes(&bytes.0) {
                    let branch = Identity { epoch: mark.fork.epoch, ..entry.identity() };
                    self.hashes.insert(branch.key(entry.seq), hash_entry(&bytes.0));
                    self.branches.insert(branch, (entry.identity(), mark.fork.from));
                }
            }
            _ => {}
        }
    }

    /// Which log, or branch of it, holds the end that a request names; a log that was never continued twice needs not hold it yet.
    pub(super) fn place(&self, proof: &RequestProof) -> Option<Identity> {
        let i = proof.identity();
        let branches: Vec<_> =
            self.branches.iter().filter(|(_, (of, _))| *of == i).map(|(branch, _)| *branch).collect();
        if branches.is_empty() {
            return Some(i);
        }
        let holds = |at: &Identity| {
            self.hashes.get(&at.key(proof.head.seq)).is_some_and(|held| *held == proof.head.hash)
        };
        std::iter::once(i).chain(branches).find(holds)
    }

    /// The desk of a log said that it was handed over up to there.
    pub(super) fn state(&mut self, i: Identity, handed: u64) {
        if handed <= self.end(i) {
            self.hand(i, handed);
        } else {
            let ahead = self.ahead.entry(i).or_default();
            *ahead = handed.max(*ahead);
        }
        self.cover(i);
    }

    /// The furthest handover that was stated counts once the server holds the log that far, however old the statement is.
    pub(super) fn cover(&mut self, i: Identity) {
        let Some(ahead) = self.ahead.get(&i).copied() else { return };
        if ahead <= self.end(i) {
            self.ahead.remove(&i);
            self.hand(i, ahead);
        }
    }

    fn hand(&mut self, i: Identity, upto: u64) {
        let handed = self.handed.entry(i).or_default();
        *handed = upto.max(*handed);
    }
}
