//! What a revoked desk sent and a supervisor accepted (DESIGN section 5, *Settle*): kept as disputed until then, published by that.
//!
//! The decision names the hash of the last entry that was held when it was taken, and so the whole course of the log up to there. A server that
//! was put back gets the decision from the desks and the entries from the revoked one, in any order: they count once both are there, and
//! another course under the same numbers does not.

use usher_core::ids::{Identity, Seq, StationId};

use super::ingest::complete_handover;
use crate::{
    Result, derive, remark,
    store::{AcceptedRow, EntryRow, Look, Txn},
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

/// The entries of the course `i` up to `end`, those included that it has in common with what it left. Whoever writes a log may number its
/// entries as it likes: only what is held is walked.
fn course(look: &dyn Look, i: Identity, end: Seq) -> Result<Vec<EntryRow>> {
    let branch = look.log(i)?.and_then(|log| log.branch);
    let (mut parts, mut at) = (Vec::new(), branch.as_ref().map_or(i, |branch| branch.of));
    for fork in branch.iter().flat_map(|branch| branch.course()) {
        parts.push((at, end.min(fork.from.saturating_sub(1))));
        at.epoch = fork.epoch;
    }
    parts.push((at, end));
    let mut rows = Vec::new();
    for (at, end) in parts {
        look.entries_of(at, 0, &mut |row| {
            let within = row.key.seq <= end;
            rows.extend(within.then_some(row));
            Ok(within)
        })?;
    }
    Ok(rows)
}

/// Publishes what was kept as disputed of the course `i` up to entry `end` and takes it into the tables, with what it has in common with
/// the log that it left. What the desk had stated as handed over before it was revoked is held now.
pub(super) fn accept(txn: &mut dyn Txn, server: StationId, i: Identity, end: Seq) -> Result<()> {
    for row in course(txn, i, end)? {
        if row.remarks & remark::DISPUTED != 0 && txn.publish_entry(row.key)? {
            let entry = derive::placed(txn, &row)?;
            derive::apply(txn, &entry, row.received_ms, server)?;
        }
    }
    let Some(log) = txn.log(i)? else { return Ok(()) };
    complete_handover(txn, i, log)
}
