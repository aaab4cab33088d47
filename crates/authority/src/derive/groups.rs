//! Check-ins and what releases them.

use std::collections::BTreeMap;

use usher_core::{
    entry::{Basis, Body, Entry, Outcome, Subject},
    fold::{Admitted, Tally, second_of},
    ids::{EntryKey, IncidentId, PersonId, SessionId},
    incident::double_id,
};

use super::{change_rights, held, people, written_off};
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

/// A person settled an incident. *One person* outweighs every other outcome, and the most that anybody noted of an overshoot stays,
/// so that the order of two supervisors' entries does not matter.
pub(super) fn resolve(txn: &mut dyn Txn, row: ResolvedRow) -> Result<()> {
    let before = txn.resolved(row.incident)?;
    let kept = before.map_or(row, |before| both(before, row));
    // An overshoot is about no pair.
    let second = if row.over_by.is_some() { None } else { find_second(txn, row.incident)? };
    let Some(second) = second else {
        return if before == Some(kept) { Ok(()) } else { txn.put_resolved(&kept) };
    };
    if before != Some(kept) {
        let was = people::group(txn, second.session, second.subject)?.tally();
        txn.put_resolved(&kept)?;
        let is = people::group(txn, second.session, second.subject)?.tally();
        move_sums(txn, second.session, (was, false), (is, false))?;
    }
    if row.outcome == Outcome::OnePerson {
        release_by(txn, Release { of: second.key, by: row.by, refund: false })?;
    }
    Ok(())
}

/// What two decisions about one incident say together.
fn both(one: ResolvedRow, other: ResolvedRow) -> ResolvedRow {
    let weight = |row: &ResolvedRow| (row.outcome != Outcome::OnePerson, row.by);
    let over_by = one.over_by.zip(other.over_by).map(|(one, other)| one.max(other));
    let first = if weight(&other) < weight(&one) { other } else { one };
    ResolvedRow { over_by, ..first }
}

/// The later of the two check-ins that the incident is about. Walks all of them: a supervisor does this now and then.
fn find_second(txn: &mut dyn Txn, incident: IncidentId) -> Result<Option<CheckInRow>> {
    let firsts = ever_one(txn)?;
    let mut groups = BTreeMap::<_, Vec<Admitted>>::new();
    txn.check_ins(&mut |row| {
        let subject = match row.subject {
            Subject::Person(person) => Subject::Person(firsts.get(&person).copied().unwrap_or(person)),
            Subject::Code(_) => row.subject,
        };
        groups.entry((row.session, subject)).or_default().push(row.admitted());
        Ok(true)
    })?;
    let second = groups.values().filter(|group| group.len() > 1).find_map(|group| second_of(group, incident));
    second.map_or(Ok(None), |key| txn.check_in(key))
}

/// For everybody who was ever merged, the first of those that are or were one person.
fn ever_one(txn: &mut dyn Txn) -> Result<BTreeMap<PersonId, PersonId>> {
    let mut firsts = BTreeMap::new();
    for (a, b) in txn.merges()?.into_iter().filter_map(|merge| merge.persons) {
        for person in [a, b] {
            if !firsts.contains_key(&person) {
                let all = people::same(txn, person, true)?;
                let first = all.first().copied().unwrap_or(person);
                firsts.extend(all.into_iter().map(|one| (one, first)));
            }
        }
    }
    Ok(firsts)
}

/// A check-in that came after the Resolve about it.
fn settled_before(txn: &mut dyn Txn, row: &CheckInRow) -> Result<()> {
    let group = people::rows(txn, row.session, row.subject, true)?;
    group.iter().filter(|other| other.key != row.key).try_for_each(|other| settle_pair(txn, row, other))
}

/// Persons were merged after a Resolve about two check-ins of theirs: after a restore entries come back in any order.
pub(super) fn settle_pairs(txn: &mut dyn Txn, person: PersonId) -> Result<()> {
    if txn.all_resolved()?.iter().all(|row| row.outcome != Outcome::OnePerson) {
        return Ok(());
    }
    for (session, _) in txn.all_sums()? {
        let group = people::rows(txn, session, Subject::Person(person), true)?;
        for (n, one) in group.iter().enumerate() {
            group[..n].iter().try_for_each(|other| settle_pair(txn, one, other))?;
        }
    }
    Ok(())
}

fn settle_pair(txn: &mut dyn Txn, one: &CheckInRow, other: &CheckInRow) -> Result<()> {
    let resolved = txn.resolved(double_id(one.key, other.key))?;
    let Some(resolved) = resolved.filter(|found| found.outcome == Outcome::OnePerson) else { return Ok(()) };
    match second_of(&[one.admitted(), other.admitted()], resolved.incident) {
        Some(second) => release_by(txn, Release { of: second, by: resolved.by, refund: false }),
        None => Ok(()),
    }
}

/// Puts `after` in the place of `before` and moves the sums, rights, holds and settlements by the difference.
pub(super) fn replace(txn: &mut dyn Txn, before: Option<CheckInRow>, mut after: CheckInRow) -> Result<()> {
    let handed = txn.log(after.key.identity())?.map_or(0, |log: LogRow| log.handed);
    after.freed = after.released && (after.refunded || after.freed || handed >= after.key.seq);
    if before == Some(after) {
        return Ok(());
    }
    let was = people::group(txn, after.session, after.subject)?.tally();
    txn.put_check_in(&after)?;
    let is = people::group(txn, after.session, after.subject)?.tally();
    move_sums(txn, after.session, (was, before.is_some_and(|row| withheld(&row))), (is, withheld(&after)))?;
    move_rights(txn, before.as_ref(), &after)?;
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
