//! Held seats (DESIGN section 5): who has one, which are taken away, and how far the desks ended them.
//!
//! A held seat is its person's until cut off. A held check-in uses it for as long as it takes a seat; when that is released and
//! freed, the seat is held again: it returns to H, never to P.

use usher_core::{
    entry::{Basis, HoldsEnded, HoldsFreed, HoldsSet, Subject},
    ids::{Identity, PersonId, SessionId},
};

use crate::{
    Result,
    store::{CheckInRow, EndedRow, HoldRow, HoldState, HoldsRev, Txn},
};

pub(super) fn set(txn: &mut dyn Txn, set: &HoldsSet) -> Result<()> {
    let rev = HoldsRev { term: set.term, rev: set.rev };
    for person in &set.on {
        put(txn, set.session, *person, rev, HoldState::On)?;
    }
    let gone = if rev <= txn.holds_freed(set.session)? { HoldState::Free } else { HoldState::Cut };
    for person in &set.off {
        put(txn, set.session, *person, rev, gone)?;
    }
    Ok(())
}

fn put(
    txn: &mut dyn Txn,
    session: SessionId,
    person: PersonId,
    rev: HoldsRev,
    state: HoldState,
) -> Result<()> {
    let before = txn.hold(session, person)?;
    if before.is_some_and(|row| row.rev >= rev) {
        return Ok(());
    }
    let used = uses(&txn.group(session, Subject::Person(person))?);
    change(txn, before, HoldRow { session, person, rev, state, used })
}

fn uses(group: &[CheckInRow]) -> bool {
    group.iter().any(|row| row.basis == Basis::Held && !row.freed)
}

fn change(txn: &mut dyn Txn, before: Option<HoldRow>, after: HoldRow) -> Result<()> {
    if before == Some(after) {
        return Ok(());
    }
    let mut sums = txn.sums(after.session)?;
    sums.held = sums.held + u64::from(after.counts()) - u64::from(before.is_some_and(|row| row.counts()));
    txn.put_sums(after.session, &sums)?;
    txn.put_hold(&after)
}

pub(super) fn freed(txn: &mut dyn Txn, freed: &HoldsFreed) -> Result<()> {
    let mark = HoldsRev { term: freed.term, rev: freed.rev };
    txn.put_holds_freed(freed.session, mark)?;
    for row in txn.holds(freed.session, HoldState::Cut)? {
        if row.rev <= mark {
            change(txn, Some(row), HoldRow { state: HoldState::Free, ..row })?;
        }
    }
    Ok(())
}

pub(super) fn ended(txn: &mut dyn Txn, i: Identity, ended: &HoldsEnded) -> Result<()> {
    let rev = HoldsRev { term: ended.term, rev: ended.rev };
    let known = txn.holds_ended(ended.session)?.into_iter().find(|row| row.i == i);
    if known.is_some_and(|row| row.rev >= rev) {
        return Ok(());
    }
    txn.put_holds_ended(ended.session, &EndedRow { i, rev })
}

/// A check-in took its seat or gave it back.
pub(super) fn seat_moved(txn: &mut dyn Txn, row: &CheckInRow) -> Result<()> {
    let (Basis::Held, Subject::Person(person)) = (row.basis, row.subject) else { return Ok(()) };
    let Some(before) = txn.hold(row.session, person)? else { return Ok(()) };
    let used = uses(&txn.group(row.session, row.subject)?);
    change(txn, Some(before), HoldRow { used, ..before })
}
