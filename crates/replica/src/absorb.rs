//! Absorbing own entries into `replica.db`, so that its cached sums cover them and judging stays short.
//!
//! Runs on the sync side, online or not. What is not absorbed yet is counted on top ([`crate::totals`]), so when this runs
//! never changes a number.

use rusqlite::params;
use usher_core::ids::Epoch;

use crate::{Identified, Replica, Side, StoreError, lists, log, row};

/// The most entries absorbed in one transaction.
const STEP: usize = 500;

impl Replica {
    /// Absorbs own entries that are not absorbed yet; how many. Bounded: call again while it gives as many as it can.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn absorb(&self, who: &Identified) -> Result<usize, StoreError> {
        absorb(&mut self.sync(), who)
    }
}

fn absorb(side: &mut Side, who: &Identified) -> Result<usize, StoreError> {
    let epoch = who.identity.epoch;
    let bytes = log::bytes_after(&side.log, epoch, absorbed(side, epoch)?, STEP)?;
    let Some(last) = bytes.last() else { return Ok(0) };
    let last = log::read_bytes(last)?.seq;
    let tx = side.lists.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for bytes in &bytes {
        lists::apply_effect(&tx, &log::read_bytes(bytes)?)?;
    }
    tx.execute(
        "UPDATE feed SET absorbed_epoch = ?1, absorbed_seq = ?2",
        params![row::bits(epoch.0), row::bits(last)],
    )?;
    tx.commit()?;
    Ok(bytes.len())
}

fn absorbed(side: &Side, epoch: Epoch) -> Result<u64, StoreError> {
    let state = side.lists.query_row("SELECT absorbed_epoch, absorbed_seq FROM feed", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })?;
    Ok(if state.0 == row::bits(epoch.0) { row::number(state.1) } else { 0 })
}
