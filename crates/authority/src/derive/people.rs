//! Who is one person: Merge and Split, and the check-ins of persons that are one.
//!
//! Check-ins are kept under the person that they name. A group is put together when it is asked for, so that Merge, Split and
//! check-ins may come in any order.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    entry::Subject,
    fold::{Group, Merged, Tally, linked},
    ids::{EntryKey, PersonId, SessionId},
};

use super::groups;
use crate::{
    Result,
    store::{CheckInRow, Look, Txn},
};

/// Everybody who is one with `person` now; `ever`: or was, by a Merge that a Split took back.
pub(crate) fn same(look: &dyn Look, person: PersonId, ever: bool) -> Result<BTreeSet<PersonId>> {
    linked(person, |one| Ok(look.merges_of(one)?.iter().filter_map(|merge| merge.other(one, ever)).collect()))
}

fn names(look: &dyn Look, subject: Subject, ever: bool) -> Result<Vec<Subject>> {
    Ok(match subject {
        Subject::Person(person) => same(look, person, ever)?.into_iter().map(Subject::Person).collect(),
        Subject::Code(_) => vec![subject],
    })
}

/// The check-ins of one person at a session, under whatever name; `ever`: also of those that it was one with.
pub(crate) fn rows(
    look: &dyn Look,
    session: SessionId,
    subject: Subject,
    ever: bool,
) -> Result<Vec<CheckInRow>> {
    let mut found = Vec::new();
    for name in names(look, subject, ever)? {
        found.extend(look.group(session, name)?);
    }
    Ok(found)
}

/// The group of one person at a session, as the fold sees it.
pub(crate) fn group(look: &dyn Look, session: SessionId, subject: Subject) -> Result<Group> {
    let group = Group::new(rows(look, session, subject, false)?.iter().map(CheckInRow::admitted));
    let mut settled = Vec::new();
    for (incident, _) in group.incidents() {
        if look.resolved(incident)?.is_some() {
            settled.push(incident);
        }
    }
    Ok(group.with_settled(settled))
}

/// The groups of a session in which more than one check-in stands, each once.
pub(crate) fn doubled(look: &dyn Look, session: SessionId) -> Result<Vec<Group>> {
    let mut subjects: BTreeSet<_> = look.doubled(session)?.into_iter().collect();
    let merged = look.merges()?.into_iter().filter(|merge| !merge.split).filter_map(|merge| merge.persons);
    subjects.extend(merged.map(|(a, _)| Subject::Person(a)));
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for subject in subjects {
        if !seen.contains(&subject) {
            seen.extend(names(look, subject, false)?);
            found.push(group(look, session, subject)?);
        }
    }
    found.retain(|group| group.doubles().next().is_some());
    Ok(found)
}

/// Two persons are one.
pub(super) fn merge(txn: &mut dyn Txn, key: EntryKey, a: PersonId, b: PersonId) -> Result<()> {
    let known = txn.merge(key)?.unwrap_or(Merged::unknown(key));
    change(txn, Merged { persons: Some((a, b)), ..known })?;
    groups::settle_pairs(txn, a)
}

/// A Merge is taken back.
pub(super) fn split(txn: &mut dyn Txn, key: EntryKey) -> Result<()> {
    let known = txn.merge(key)?.unwrap_or(Merged::unknown(key));
    change(txn, Merged { split: true, ..known })
}

/// Keeps a Merge as it is now, and moves the sums of every session by what became of the groups.
fn change(txn: &mut dyn Txn, after: Merged) -> Result<()> {
    let Some((a, b)) = after.persons else { return txn.put_merge(&after) };
    let before = tallies(txn, [a, b])?;
    txn.put_merge(&after)?;
    for (session, now) in tallies(txn, [a, b])? {
        let mut sums = txn.sums(session)?;
        sums.tally = sums.tally.moved(before.get(&session).copied().unwrap_or_default(), now);
        txn.put_sums(session, &sums)?;
    }
    Ok(())
}

/// What two persons, and those that they are one with, add to each session.
fn tallies(look: &dyn Look, persons: [PersonId; 2]) -> Result<BTreeMap<SessionId, Tally>> {
    let mut firsts = persons.to_vec();
    if same(look, persons[0], false)?.contains(&persons[1]) {
        firsts.truncate(1);
    }
    let mut sums = BTreeMap::new();
    for (session, _) in look.all_sums()? {
        let mut sum = Tally::default();
        for person in &firsts {
            let tally = group(look, session, Subject::Person(*person))?.tally();
            sum = sum.moved(Tally::default(), tally);
        }
        sums.insert(session, sum);
    }
    Ok(sums)
}
