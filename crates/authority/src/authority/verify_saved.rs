//! `verify FILE.usherlog`: a log that a desk saved, against its own chain, what the server signed to the desk, and what is held.
//!
//! The desk has the key that it signs with, so that its own signature proves nothing about the past: it may have written its history
//! anew. The entries that the server holds, and the server's signature under an earlier end, say whether it did.

use std::collections::BTreeMap;

use usher_core::{
    chain::{ChainBreak, RequestProof, follow, hash_entry},
    entry::{Entry, Head},
    ids::{EntryHash, Identity, Seq},
};
use usher_protocol::sync::{Signed, SyncRequest};

use super::{Authority, Finding, Flaw, logs};
use crate::{
    Result,
    store::{Look, Store},
};

/// A saved log as far as it was read, with what does not hold in itself.
#[derive(Debug, Default)]
pub struct SavedLog {
    lives: BTreeMap<Identity, Life>,
    receipts: Vec<Signed>,
    findings: Vec<Finding>,
    last: Option<Identity>,
}

/// One life of the desk's log.
#[derive(Debug)]
struct Life {
    head: Head,
    hashes: BTreeMap<Seq, EntryHash>,
}

impl SavedLog {
    /// Adds the next page, whose proof the desk's key has signed.
    pub fn add(&mut self, proof: &RequestProof, request: &SyncRequest) {
        let i = proof.identity();
        let life = self.lives.entry(i).or_insert(Life { head: Head::EMPTY, hashes: BTreeMap::new() });
        // What the desk itself could not read comes as nothing: the next entry shows the gap.
        for (bytes, entry) in
            request.entries.iter().filter_map(|one| Some((&one.0, Entry::from_bytes(&one.0).ok()?)))
        {
            let flaw = match follow(proof.event, i, life.head, &entry, bytes) {
                Ok(_) => None,
                Err(ChainBreak::Gap { wanted, found }) if found > wanted => Some(Flaw::Missing),
                Err(_) => Some(Flaw::Chain),
            };
            self.findings.extend(flaw.map(|flaw| Finding { at: i.key(entry.seq), flaw }));
            life.head = Head { seq: entry.seq, hash: hash_entry(bytes) };
            life.hashes.insert(entry.seq, life.head.hash);
        }
        if life.head != proof.head {
            self.findings.push(Finding { at: i.key(proof.head.seq), flaw: Flaw::Truncated });
        }
        self.last = Some(i);
        for word in request.words() {
            if !self.receipts.contains(word) {
                self.receipts.push(word.clone());
            }
        }
    }

    /// The file ended here, before its end; false: nothing of the log was whole in it.
    pub fn ends_early(&mut self) -> bool {
        let Some((i, life)) = self.last.and_then(|i| self.lives.get_key_value(&i)) else { return false };
        self.findings.push(Finding { at: i.key(life.head.seq), flaw: Flaw::Torn });
        true
    }
}

impl<S: Store> Authority<S> {
    /// What does not hold in a saved log: in itself, against what is held, and against what the server signed to its desk. Entries that
    /// have not come to the server yet are no finding.
    ///
    /// # Errors
    /// The store's own.
    pub fn verify_saved(&self, saved: &SavedLog) -> Result<Vec<Finding>> {
        let own = self.own();
        let mut findings = saved.findings.clone();
        let mut rewritten = self.store.read(|look| rewritten(look, saved))?;
        for proof in saved.receipts.iter().filter_map(|receipt| own.genuine(receipt)) {
            let (to, said) = (proof.to, proof.acknowledged);
            let life = saved.lives.get(&to);
            let flaw = match life.and_then(|life| life.hashes.get(&said.seq)) {
                Some(hash) if *hash != said.hash => Flaw::Acknowledged,
                None if said.seq > life.map_or(0, |life| life.head.seq) => Flaw::Cut,
                _ => continue,
            };
            // The first entry that differs says more than the one that was signed.
            rewritten.entry(to).or_insert(Finding { at: to.key(said.seq), flaw });
        }
        findings.extend(rewritten.into_values());
        Ok(findings)
    }
}

/// The first entry of each life that is another one than what is held under its number, in every branch that is held.
fn rewritten(look: &dyn Look, saved: &SavedLog) -> Result<BTreeMap<Identity, Finding>> {
    let mut found = BTreeMap::new();
    for (i, life) in &saved.lives {
        for (seq, hash) in &life.hashes {
            let at = i.key(*seq);
            if look.entry(at)?.is_some_and(|row| row.hash != *hash)
                && logs::holding(look, *i, Head { seq: *seq, hash: *hash })?.is_none()
            {
                found.insert(*i, Finding { at, flaw: Flaw::Rewritten });
                break;
            }
        }
    }
    Ok(found)
}
