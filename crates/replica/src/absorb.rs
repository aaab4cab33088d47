//! Absorbing own entries into `replica.db`, so that its cached sums cover them and judging stays short.
//!
//! Runs on the sync side, online or not. What is not absorbed yet is counted on top ([`crate::totals`]), so when this runs
//! never changes a number. Every life of the log is absorbed, the earlier ones first.

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::ids::{Epoch, Seq};

use crate::{Identified, Replica, Side, StoreError, groups, life::Life, log, row};

/// The most entries absorbed in one transaction.
const STEP: usize = 500;

impl Replica {
    /// Absorbs own entries that are not absorbed yet; how many. Bounded: call again while it gives as many as it can.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn absorb(&self, who: &Identified) -> Result<usize, StoreError> {
        self.absorb_all(who).inspect_err(|error| self.blame_lists(error))
    }

    fn absorb_all(&self, who: &Identified) -> Result<usize, StoreError> {
        let side = &mut *self.sync();
        let mut done = 0;
        for life in Life::all(&side.log, who.identity.station)? {
            done += absorb(side, &life)?;
        }
        Ok(done)
    }
}

fn absorb(side: &mut Side, life: &Life) -> Result<usize, StoreError> {
    let epoch = life.i.epoch;
    let own = log::intact_after(&side.log, epoch, absorbed(&side.lists, epoch)?, STEP)?;
    let Some(last) = own.last().map(|one| one.entry.seq) else { return Ok(0) };
    let done = own.len();
    let tx = side.lists.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for one in own {
        groups::apply(&tx, &life.place(one.entry))?;
    }
    note(&tx, epoch, last)?;
    tx.commit()?;
    Ok(done)
}

/// The cached sums count this life up to `seq`.
pub(crate) fn note(lists: &Connection, epoch: Epoch, seq: Seq) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO absorbed VALUES (?1, ?2, row_sum(?1, ?2))";
    lists.prepare_cached(sql)?.execute(params![row::bits(epoch.0), row::bits(seq)])?;
    Ok(())
}

/// Up to which entry of this life the cached sums count.
pub(crate) fn absorbed(lists: &Connection, epoch: Epoch) -> Result<u64, StoreError> {
    let mut read = lists.prepare_cached("SELECT seq FROM absorbed WHERE epoch = ?1")?;
    Ok(read.query_row([row::bits(epoch.0)], |row| row.get(0)).optional()?.map_or(0, row::number))
}
