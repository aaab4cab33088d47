//! Checkpoints: the server commits to the entries of its feed, in their order, and says so in its own log, which goes to every desk
//! with its signature. What was published cannot be changed, removed or reordered afterwards without being found.

use usher_core::{
    chain::root_after,
    entry::{Body, Checkpoint},
    ids::EntryHash,
};

use super::Authority;
use crate::{
    Result, RosterLine,
    store::{Look, Store, Txn},
};

/// After how many positions of the feed the next checkpoint is due.
const EVERY: u64 = 1_000;

impl<S: Store> Authority<S> {
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

/// Goes on with the chain over the feed, to be called behind every entry that was published. It begins with the first entry that this
/// database published since it keeps the chain.
pub(super) fn chain_on(txn: &mut dyn Txn, published: EntryHash) -> Result<()> {
    let position = txn.feed_end()?;
    let before = txn.root(position)?.map_or(EntryHash([0; 32]), |before| before.root);
    txn.put_root(&Checkpoint { position, root: root_after(before, published) })
}

/// The first 64 bits of the chain over the feed up to `position`; none: nothing was published yet.
pub(super) fn chained(look: &dyn Look, position: u64) -> Result<Option<u64>> {
    let first = |root: EntryHash| root.0.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    Ok(look.root(position)?.map(|found| first(found.root)))
}
