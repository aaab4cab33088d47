//! Check-ins and what releases them.

use usher_core::{
    entry::{Basis, Body, Entry, Outcome, Subject},
    fold::{Admitted, Group, Tally, second_of},
    ids::{EntryKey, SessionId},
    incident::double_id,
};

use super::{change_rights, held, written_off};
use crate::{
    Result,
    store::{CheckInRow, LogRow, Release, ResolvedRow, Txn},
};

pub(super) fn admit(
    txn: &mut dyn Txn,
    session: SessionId,
    subject: Subject,
    one: &Admitted,
    received_ms: i64,
) -> Result<()> {
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
    replace(txn, None, row)?;
    settled_before(txn, &row)
}

pub(super) fn release(txn: &mut dyn Txn, entry: &Entry, of: EntryKey) -> Result<()> {
    let refund = matches!(&entry.body, Body::Undo(undo) if undo.refund) && of.identity() == entry.identity();
    release_by(txn, Release { of, by: entry.key(), refund })
}

fn release_by(txn: &mut dyn Txn, release: Release) -> Result<()> {
    txn.put_release(&release)?;
    let Some(before) = txn.check_in(release.of)? else { return Ok(()) };
    let refunded = before.refunded || release.refund;
    replace(txn, Some(before), CheckInRow { released: true, refunded, ..before })
}

/// A person settled an incident. *One person* outweighs every other outcome, so that the order of two supervisors' entries does
/// not matter.
pub(super) fn resolve(txn: &mut dyn Txn, row: ResolvedRow) -> Result<()> {
    let weight = |row: &ResolvedRow| (row.outcome != Outcome::OnePerson, row.by);
    if txn.resolved(row.incident)?.is_none_or(|before| weight(&row) < weight(&before)) {
        txn.put_resolved(&row)?;
    }
    if row.outcome == Outcome::OnePerson
        && let Some(second) = find_second(txn, &row)?
    {
        release_by(txn, Release { of: second, by: row.by, refund: false })?;
    }
    Ok(())
}

/// The later of the two check-ins that the incident is about. Walks all of them: a supervisor does this now and then.
fn find_second(txn: &mut dyn Txn, row: &ResolvedRow) -> Result<Option<EntryKey>> {
    let mut groups = std::collections::BTreeMap::<_, Vec<Admitted>>::new();
    txn.check_ins(&mut |row| {
        groups.entry((row.session, row.subject)).or_default().push(row.admitted());
        Ok(true)
    })?;
    Ok(groups.values().filter(|group| group.len() > 1).find_map(|group| second_of(group, row.incident)))
}

/// A check-in that came after the Resolve about it.
fn settled_before(txn: &mut dyn Txn, row: &CheckInRow) -> Result<()> {
    let group = txn.group(row.session, row.subject)?;
    for other in group.iter().filter(|other| other.key != row.key) {
        let resolved = txn.resolved(double_id(row.key, other.key))?;
        let Some(resolved) = resolved.filter(|found| found.outcome == Outcome::OnePerson) else { continue };
        let pair = [row.admitted(), other.admitted()];
        if let Some(second) = second_of(&pair, resolved.incident) {
            release_by(txn, Release { of: second, by: resolved.by, refund: false })?;
        }
    }
    Ok(())
}

/// Puts `after` in the place of `before` and moves the sums, rights, holds and settlements by the difference.
pub(super) fn replace(txn: &mut dyn Txn, before: Option<CheckInRow>, mut after: CheckInRow) -> Result<()> {
    let handed = txn.log(after.key.identity())?.map_or(0, |log: LogRow| log.handed);
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
    txn.put_check_in(&after)?;
    held::seat_moved(txn, &after)?;
    written_off::seat_moved(txn, before.as_ref(), &after)
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
