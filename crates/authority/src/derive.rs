//! From entries to the cached tables: check-ins, sums and rights, one entry at a time.
//!
//! What an entry means is said by [`usher_core::fold`] and [`usher_core::capacity`]; this module only keeps the rows. Two
//! views of a check-in are kept apart: *released* is the fold's (nobody sits there any more), *freed* is the capacity's (the
//! seat may be given to others). A local undo before handover frees at once, because the right went back to the same desk and
//! stands in its X; every other release frees only once the server holds the check-in's log up to a stated `handed` at or
//! behind the check-in (DESIGN section 5, Handover).
//!
//! By name not here, kept and acknowledged without effect until the next issue: holds and `HoldsEnded`, `Recall`, `Settle`,
//! `Fence`, `Merge`, `Split`, `Bind`, `Exit`, `ReEntry`, `Resolve`, `CloseEpoch`, `Checkpoint` and learning after a restore.

use usher_core::{
    capacity::{Rights, Room},
    entry::{Basis, Body, Entry},
    fold::{Effect, Group, Tally, effect},
    ids::{EntryKey, Identity, SessionId},
};

use crate::{
    Error, Result,
    store::{CheckInRow, LogRow, Look, Release, Txn},
};

/// Takes one entry that was not taken before into the tables. `own` is the authority's log: only it grants.
pub(crate) fn apply(txn: &mut dyn Txn, entry: &Entry, received_ms: i64, own: Identity) -> Result<()> {
    match effect(entry) {
        Effect::Admits(session, subject, one) => {
            let mut row = CheckInRow {
                key: one.key,
                session,
                subject,
                hlc: one.hlc,
                basis: one.basis,
                received_ms,
                released: false,
                refunded: false,
                freed: false,
            };
            let releases = txn.releases_of(one.key)?;
            row.released = !releases.is_empty();
            row.refunded = releases.iter().any(|release| release.refund);
            replace(txn, None, row)
        }
        Effect::Releases(of) => release(txn, entry, of),
        Effect::Nothing => give(txn, entry, own),
    }
}

fn release(txn: &mut dyn Txn, entry: &Entry, of: EntryKey) -> Result<()> {
    let refund = matches!(&entry.body, Body::Undo(undo) if undo.refund) && of.identity() == entry.identity();
    txn.put_release(&Release { of, by: entry.key(), refund })?;
    let Some(before) = txn.check_in(of)? else { return Ok(()) };
    replace(txn, Some(before), CheckInRow { released: true, refunded: before.refunded || refund, ..before })
}

/// Return and Grant: totals that only grow.
fn give(txn: &mut dyn Txn, entry: &Entry, own: Identity) -> Result<()> {
    match &entry.body {
        Body::Return(back) => change_rights(txn, back.session, entry.identity(), |rights| {
            rights.returned += u64::from(back.rights);
        }),
        Body::Grant(grant) if entry.identity() == own => {
            change_rights(txn, grant.session, grant.to, |rights| rights.raise_to(grant.total))
        }
        _ => Ok(()),
    }
}

/// Puts `after` in the place of `before` and moves the sums and rights by the difference.
fn replace(txn: &mut dyn Txn, before: Option<CheckInRow>, mut after: CheckInRow) -> Result<()> {
    let handed = txn.log(after.key.identity())?.unwrap_or(LogRow::EMPTY).handed;
    after.freed = after.released && (after.refunded || after.freed || handed >= after.key.seq);
    if before == Some(after) {
        return Ok(());
    }
    let group = txn.group(after.session, after.subject)?;
    let others = || group.iter().filter(|row| row.key != after.key).map(CheckInRow::admitted);
    let was = Group::new(group.iter().map(CheckInRow::admitted)).tally();
    let is = Group::new(others().chain([after.admitted()])).tally();
    move_sums(txn, after.session, (was, before.is_some_and(|row| withheld(&row))), (is, withheld(&after)))?;
    move_rights(txn, before.as_ref(), &after)?;
    txn.put_check_in(&after)
}

const fn withheld(row: &CheckInRow) -> bool {
    row.released && !row.freed
}

fn move_sums(txn: &mut dyn Txn, session: SessionId, was: (Tally, bool), is: (Tally, bool)) -> Result<()> {
    let mut sums = txn.sums(session)?;
    sums.tally = sums.tally.moved(was.0, is.0);
    sums.withheld = sums.withheld + u64::from(is.1) - u64::from(was.1);
    txn.put_sums(session, &sums)
}

/// A and L count check-ins on the basis of a grant, each once.
fn move_rights(txn: &mut dyn Txn, before: Option<&CheckInRow>, after: &CheckInRow) -> Result<()> {
    let spent = before.is_none();
    let back = after.refunded && !before.is_some_and(|row| row.refunded);
    if after.basis != Basis::Grant || !(spent || back) {
        return Ok(());
    }
    change_rights(txn, after.session, after.key.identity(), |rights| {
        rights.admitted += u64::from(spent);
        rights.refunded += u64::from(back);
    })
}

fn change_rights(
    txn: &mut dyn Txn,
    session: SessionId,
    i: Identity,
    change: impl FnOnce(&mut Rights),
) -> Result<()> {
    let mut rights = rights_at(txn, session, i)?;
    change(&mut rights);
    txn.put_rights(session, i, &rights)
}

/// One log's rights for one session.
pub(crate) fn rights_at(look: &dyn Look, session: SessionId, i: Identity) -> Result<Rights> {
    Ok(look
        .rights_of(i)?
        .into_iter()
        .find(|(of, _)| *of == session)
        .map_or(Rights::default(), |(_, rights)| rights))
}

/// Frees the seats of released check-ins that the handover statement now covers. The caller has stored the log's new `handed`.
pub(crate) fn cover(txn: &mut dyn Txn, i: Identity, handed: u64) -> Result<()> {
    for row in txn.withheld(i, handed)? {
        replace(txn, Some(row), row)?;
    }
    Ok(())
}

/// The session as the capacity arithmetic takes it.
pub(crate) fn room(look: &dyn Look, session: SessionId, capacity: Option<u32>) -> Result<Room> {
    let sums = look.sums(session)?;
    let outstanding = look.rights(session)?.iter().map(|(_, rights)| rights.available()).sum();
    Ok(Room { capacity, occupied: sums.tally.occupied + sums.withheld, outstanding, held: 0 })
}

/// Makes the tables anew from the published entries.
pub(crate) fn rebuild(txn: &mut dyn Txn, own: Identity) -> Result<()> {
    txn.clear_derived()?;
    let mut all = Vec::new();
    txn.entries(&mut |row| {
        all.push((row.bytes, row.received_ms));
        Ok(true)
    })?;
    for (bytes, received_ms) in all {
        apply(txn, &decode(&bytes)?, received_ms, own)?;
    }
    Ok(())
}

/// Reads an entry that the store gave: it was readable when it came.
pub(crate) fn decode(bytes: &[u8]) -> Result<Entry> {
    Entry::from_bytes(bytes).map_err(|why| Error::Damaged(format!("a stored entry cannot be read: {why}")))
}
