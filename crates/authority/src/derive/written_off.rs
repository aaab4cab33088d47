//! Settled logs (DESIGN section 5, *Settle*): their rights are gone, and what they are said to have spent counts as inside until
//! the real check-ins turn up.

use usher_core::{
    capacity::WrittenOff,
    entry::{Basis, Settle},
};

use crate::{
    Result,
    store::{CheckInRow, SettledRow, Txn},
};

pub(super) fn settle(txn: &mut dyn Txn, settle: &Settle) -> Result<()> {
    let after = settle.after.unwrap_or(0);
    let before = txn.settled(settle.session)?.into_iter().find(|row| row.i == settle.i);
    let after = before.map_or(after, |row| row.after.min(after));
    let spent = u64::from(settle.spent).max(before.map_or(0, |row| row.off.spent));
    let mut real = 0;
    txn.check_ins_of(settle.i, after, &mut |row| {
        real += u64::from(row.session == settle.session && takes_right_and_seat(&row));
        Ok(true)
    })?;
    txn.put_settled(settle.session, &SettledRow { i: settle.i, after, off: WrittenOff { spent, real } })
}

/// A check-in took its seat or gave it back.
pub(super) fn seat_moved(txn: &mut dyn Txn, before: Option<&CheckInRow>, after: &CheckInRow) -> Result<()> {
    let took = before.is_some_and(takes_right_and_seat);
    let takes = takes_right_and_seat(after);
    if took == takes {
        return Ok(());
    }
    let settled = txn.settled(after.session)?;
    let behind = |row: &&SettledRow| row.i == after.key.identity() && after.key.seq > row.after;
    let Some(mut row) = settled.iter().find(behind).copied() else { return Ok(()) };
    row.off.real = row.off.real + u64::from(takes) - u64::from(took);
    txn.put_settled(after.session, &row)
}

fn takes_right_and_seat(row: &CheckInRow) -> bool {
    row.basis == Basis::Grant && !row.freed
}
