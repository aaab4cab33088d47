//! Checkpoints: the server commits to the entries of its feed, in their order, and says so in its own log, which goes to every desk
//! with its signature. What was published cannot be changed, removed or reordered afterwards without being found.

use usher_core::{
    chain::{hash_entry, root_after, sha256},
    entry::{Body, Checkpoint},
    ids::EntryHash,
};
use usher_protocol::sync::Change;

use super::Authority;
use crate::{
    Result, RosterLine,
    store::{Look, Store, Txn},
};

/// After how many positions of the feed the next checkpoint is due.
const EVERY: u64 = 1_000;

impl<S: Store> Authority<S> {
    /// Changes the store in one transaction; the chain over the feed goes on with what it published.
    pub(super) fn write<T>(&self, change: impl FnOnce(&mut dyn Txn) -> Result<T>) -> Result<T> {
        self.store.write(|txn| {
            let done = change(txn)?;
            chain_on(txn)?;
            Ok(done)
        })
    }

    /// Writes a checkpoint when one is due.
    pub(super) fn commit_feed(&self, txn: &mut dyn Txn, now_ms: i64) -> Result<()> {
        let last = txn.checkpoint()?;
        let (from, end) = (last.as_ref().map_or(0, |last| last.position), txn.feed_end()?);
        if end < from + EVERY {
            return Ok(());
        }
        let root = root(txn, &last.unwrap_or(Checkpoint { position: 0, root: EntryHash([0; 32]) }), end)?;
        let checkpoint = Checkpoint { position: end, root };
        txn.put_checkpoint(&checkpoint)?;
        let own = self.own();
        own.append(txn, Body::Checkpoint(checkpoint), now_ms)
    }

    /// Marks the last checkpoint's position outside the database, once it is committed.
    pub(super) fn mark_feed(&self) -> Result<()> {
        let Some(last) = self.store.read(|look| look.checkpoint())? else { return Ok(()) };
        self.roster.keep(&RosterLine::Mark { term: self.own().term, position: last.position })
    }
}

/// The chain over the entries up to position `end`, continued from an earlier checkpoint.
pub(super) fn root(look: &dyn Look, from: &Checkpoint, end: u64) -> Result<EntryHash> {
    let mut root = from.root;
    look.entries_after(from.position, &mut |position, row| {
        if position <= end {
            root = root_after(root, row.hash);
        }
        Ok(position < end)
    })?;
    Ok(root)
}

/// Goes on with the chain over the feed up to its end: entries and records alike, so that no two courses of it look the same. It begins
/// where the first transaction ends since this database keeps the chain.
fn chain_on(txn: &mut dyn Txn) -> Result<()> {
    let position = txn.feed_end()?;
    let nothing = Checkpoint { position, root: EntryHash([0; 32]) };
    let before = match txn.root(position)? {
        Some(before) if before.position == position => return Ok(()),
        Some(before) => before,
        None => return txn.put_root(&nothing),
    };
    let mut root = before.root;
    txn.feed(before.position, None, &mut |row| {
        root = root_after(root, hash_item(&row.change));
        Ok(true)
    })?;
    txn.put_root(&Checkpoint { position, root })
}

fn hash_item(item: &Change) -> EntryHash {
    match item {
        Change::Entry(bytes) => hash_entry(&bytes.0),
        record => EntryHash(sha256(&serde_json::to_vec(record).unwrap_or_default())),
    }
}

/// The first 64 bits of the chain over the feed up to `position`; none: nothing was published yet.
pub(super) fn chained(look: &dyn Look, position: u64) -> Result<Option<u64>> {
    let first = |root: EntryHash| root.0.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    Ok(look.root(position)?.map(|found| first(found.root)))
}
