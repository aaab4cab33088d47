//! Who is one person, as `replica.db` knows: Merge and Split, and the check-ins of persons that are one.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::{
    entry::Subject,
    fold::{Admitted, Group, Merged, Tally, linked},
    ids::{EntryKey, Epoch, PersonId, SessionId, StationId},
};

use crate::{StoreError, groups, row};

/// Every subject that is the same person as `subject`, in order; `ever`: or was, by a Merge that a Split took back.
pub(crate) fn names(lists: &Connection, subject: &[u8], ever: bool) -> Result<Vec<Vec<u8>>, StoreError> {
    let Some(person) = row::person(subject)? else { return Ok(vec![subject.to_vec()]) };
    let neighbours = |one| {
        let merges = merges_of(lists, one)?;
        Ok::<_, StoreError>(merges.iter().filter_map(|merge| merge.other(one, ever)).collect())
    };
    Ok(linked(person, neighbours)?.into_iter().map(|one| row::subject(Subject::Person(one))).collect())
}

/// The check-ins of one person at a session, under whatever name; `ever`: also of those that it was one with.
pub(crate) fn check_ins(
    lists: &Connection,
    session: SessionId,
    subject: &[u8],
    ever: bool,
) -> Result<Vec<Admitted>, StoreError> {
    let mut found = Vec::new();
    for name in names(lists, subject, ever)? {
        found.extend(groups::named(lists, session, &name)?);
    }
    Ok(found)
}

/// The group of one person at a session, as far as `replica.db` knows.
pub(crate) fn group(lists: &Connection, session: SessionId, subject: &[u8]) -> Result<Group, StoreError> {
    groups::with_settled(lists, Group::new(check_ins(lists, session, subject, false)?))
}

/// Two persons are one.
pub(crate) fn merge(lists: &Connection, key: EntryKey, a: PersonId, b: PersonId) -> Result<(), StoreError> {
    let known = merge_at(lists, key)?.unwrap_or(Merged::unknown(key));
    change(lists, Merged { persons: Some((a, b)), ..known })?;
    let decided = lists.prepare_cached("SELECT 1 FROM one_person LIMIT 1")?.exists([])?;
    for session in if decided { sessions(lists)? } else { BTreeSet::new() } {
        groups::settle_pairs(lists, session, &row::subject(Subject::Person(a)))?;
    }
    Ok(())
}

/// A Merge is taken back.
pub(crate) fn split(lists: &Connection, key: EntryKey) -> Result<(), StoreError> {
    let known = merge_at(lists, key)?.unwrap_or(Merged::unknown(key));
    change(lists, Merged { split: true, ..known })
}

/// Keeps a Merge as it is now, and moves the sums of every session by what became of the groups.
fn change(lists: &Connection, after: Merged) -> Result<(), StoreError> {
    let Some((a, b)) = after.persons else { return put(lists, &after) };
    let before = tallies(lists, [a, b])?;
    put(lists, &after)?;
    for (session, now) in tallies(lists, [a, b])? {
        let was = before.get(&session).copied().unwrap_or_default();
        groups::move_tally(lists, session, was, now)?;
    }
    Ok(())
}

/// What two persons, and those that they are one with, add to each session.
fn tallies(lists: &Connection, persons: [PersonId; 2]) -> Result<BTreeMap<SessionId, Tally>, StoreError> {
    let [a, b] = persons.map(|person| row::subject(Subject::Person(person)));
    let firsts = if names(lists, &a, false)?.contains(&b) { vec![a] } else { vec![a, b] };
    let mut sums = BTreeMap::new();
    for session in sessions(lists)? {
        let mut sum = Tally::default();
        for subject in &firsts {
            sum = sum.moved(Tally::default(), group(lists, session, subject)?.tally());
        }
        sums.insert(session, sum);
    }
    Ok(sums)
}

/// Every session with check-ins.
fn sessions(lists: &Connection) -> Result<BTreeSet<SessionId>, StoreError> {
    let mut read = lists.prepare_cached("SELECT session FROM tally")?;
    let ids = read.query_map([], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
    ids.iter().map(|id| row::uuid(id).map(SessionId)).collect()
}

fn put(lists: &Connection, merge: &Merged) -> Result<(), StoreError> {
    let (station, epoch, seq) = row::key(merge.key);
    let (a, b) = merge.persons.map(|(a, b)| (a.0.into_bytes(), b.0.into_bytes())).unzip();
    let sql = "INSERT OR REPLACE INTO merge VALUES (?1, ?2, ?3, ?4, ?5, ?6, row_sum(?1, ?2, ?3, ?4, ?5, ?6))";
    lists.prepare_cached(sql)?.execute(params![station, epoch, seq, a, b, merge.split])?;
    Ok(())
}

const MERGE: &str = "SELECT station, epoch, seq, a, b, split FROM merge";

fn merge_at(lists: &Connection, key: EntryKey) -> Result<Option<Merged>, StoreError> {
    let (station, epoch, seq) = row::key(key);
    let mut read =
        lists.prepare_cached(&format!("{MERGE} WHERE station = ?1 AND epoch = ?2 AND seq = ?3"))?;
    read.query_row(params![station, epoch, seq], columns).optional()?.map(merged).transpose()
}

fn merges_of(lists: &Connection, person: PersonId) -> Result<Vec<Merged>, StoreError> {
    let mut read = lists.prepare_cached(&format!("{MERGE} WHERE a = ?1 UNION {MERGE} WHERE b = ?1"))?;
    let rows = read.query_map(params![row::id(&person.0)], columns)?.collect::<Result<Vec<_>, _>>()?;
    rows.into_iter().map(merged).collect()
}

type Columns = (Vec<u8>, i64, i64, Option<Vec<u8>>, Option<Vec<u8>>, bool);

fn columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

fn merged((station, epoch, seq, a, b, split): Columns) -> Result<Merged, StoreError> {
    let station = StationId(row::uuid(&station)?);
    let key = EntryKey { station, epoch: Epoch(row::number(epoch)), seq: row::number(seq) };
    let persons = match (a, b) {
        (Some(a), Some(b)) => Some((PersonId(row::uuid(&a)?), PersonId(row::uuid(&b)?))),
        _ => None,
    };
    Ok(Merged { key, persons, split })
}
