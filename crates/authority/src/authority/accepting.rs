//! What a revoked desk sent and a supervisor accepted (DESIGN section 5, *Settle*): kept as disputed until then, published by that.
//!
//! The decision names the hash of the last entry that was held when it was taken, and so the whole course of the log up to there. A server that
//! was put back gets the decision from the desks and the entries from the revoked one, in any order: they count once both are there, and
//! another course under the same numbers does not.

use usher_core::ids::{Identity, Seq, StationId};

use super::ingest::complete_handover;
use crate::{
    Result, derive, remark,
    store::{AcceptedRow, Look, Txn},
};

/// Publishes what is held of the courses of a desk's logs that a supervisor accepted, each as soon as its accepted end is there.
/// `server`: whose entries grant, settle and resolve.
pub(super) fn bring_in(txn: &mut dyn Txn, server: StationId, station: StationId) -> Result<()> {
    for row in txn.accepted(station)? {
        let Some(i) = holding(txn, &row)? else { continue };
        if txn.published_end(i)? < row.head.seq {
            accept(txn, server, i, row.head.seq)?;
        }
    }
    Ok(())
}

/// Under which identity the accepted end is held. Not the one that the decision named: which course of a log is the branch depends on
/// which came first.
fn holding(look: &dyn Look, row: &AcceptedRow) -> Result<Option<Identity>> {
    for (i, _) in look.logs()? {
        let end = i.key(row.head.seq);
        if i.station == row.station && look.entry(end)?.is_some_and(|held| held.hash == row.head.hash) {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

/// Publishes what was kept as disputed of the course `i` up to entry `end` and takes it into the tables, with what it has in common with
/// the log that it left. What the desk had stated as handed over before it was revoked is held now.
pub(super) fn accept(txn: &mut dyn Txn, server: StationId, i: Identity, end: Seq) -> Result<()> {
    let branch = txn.log(i)?.and_then(|log| log.branch);
    for seq in 1..=end {
        let key = branch.as_ref().map_or_else(|| i.key(seq), |branch| branch.key(branch.of.key(seq)));
        let Some(row) = txn.entry(key)? else { continue };
        if row.remarks & remark::DISPUTED != 0 && txn.publish_entry(row.key)? {
            let entry = derive::placed(txn, &row)?;
            derive::apply(txn, &entry, row.received_ms, server)?;
        }
    }
    let Some(log) = txn.log(i)? else { return Ok(()) };
    complete_handover(txn, i, log)
}
