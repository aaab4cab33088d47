//! The cached tables of `replica.db` against the entries: comparing and rebuilding (DESIGN section 6).

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, TransactionBehavior};
use usher_core::{
    branch::{Branch, Fork},
    entry::{Body, Entry},
    fold::{Ledger, Tally},
    ids::{Epoch, Identity, SessionId, StationId},
};

use crate::{
    Disk, Identified, Replica, Side, StoreError, absorb, groups, life::Life, lists, log,
    mend_lists::make_words_anew, row, settings, write_ahead,
};

/// Stands in `log.db` until what this desk did is counted afresh: the caches may lack some of it, or count it under another name.
const UNCOUNTED: &str = "lists_uncounted";

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Entries that were read.
    pub entries: u64,
    /// What is of a kind that only a later version knows: kept, and in no count (DESIGN section 6).
    pub unread: u64,
    /// Where the cached sums differ from the entries; empty: they agree.
    pub differences: Vec<Difference>,
}

/// A session whose cached sums differ from its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which session.
    pub session: SessionId,
    /// What the table says.
    pub table: Tally,
    /// What the entries say.
    pub entries: Tally,
}

impl Replica {
    /// Compares the cached sums with the entries. Changes nothing.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn check(&self, who: &Identified) -> Result<Checked, StoreError> {
        let side = self.sync();
        let Afresh { entries, unread, sums: afresh } = afresh(&side, who.identity.station)?;
        let held = tallies(&side.lists)?;
        let sessions = held.keys().chain(afresh.keys().filter(|session| !held.contains_key(session)));
        let of = |sums: &BTreeMap<SessionId, Tally>, session| sums.get(session).copied().unwrap_or_default();
        let compared = sessions.map(|session| Difference {
            session: *session,
            table: of(&held, session),
            entries: of(&afresh, session),
        });
        let unread = unread + set_aside(&side.lists)?;
        Ok(Checked {
            entries,
            unread,
            differences: compared.filter(|one| one.table != one.entries).collect(),
        })
    }

    /// Makes the cached tables anew from the entries.
    ///
    /// # Errors
    /// A fault of the files: the tables are as they were.
    pub fn rebuild(&self, who: &Identified) -> Result<(), StoreError> {
        rebuild(&mut self.sync(), who.identity.station)
    }
}

fn tallies(lists: &Connection) -> Result<BTreeMap<SessionId, Tally>, StoreError> {
    let mut read = lists.prepare_cached("SELECT session FROM tally")?;
    let ids = read.query_map([], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
    let mut found = BTreeMap::new();
    for id in ids {
        let session = SessionId(row::uuid(&id)?);
        let tally = groups::tally(lists, session)?;
        if tally != Tally::default() {
            found.insert(session, tally);
        }
    }
    Ok(found)
}

/// What the entries say: others' and the own ones that are absorbed.
#[derive(Default)]
struct Afresh {
    entries: u64,
    unread: u64,
    sums: BTreeMap<SessionId, Tally>,
}

impl Afresh {
    fn count(&mut self, entry: &Entry) {
        self.entries += 1;
        self.unread += u64::from(matches!(entry.body, Body::Unknown(_)));
    }
}

/// What of the feed could not be taken into any table.
fn set_aside(lists: &Connection) -> Result<u64, StoreError> {
    let count = lists.query_row("SELECT count(*) FROM quarantine", [], |row| row.get(0))?;
    Ok(row::number(count))
}

fn afresh(side: &Side, own: StationId) -> Result<Afresh, StoreError> {
    let mut ledger = lists::server(&side.lists)?.map_or_else(Ledger::default, Ledger::of);
    let mut found = Afresh::default();
    for entry in others(&side.lists)? {
        found.count(&entry);
        ledger.apply(&entry);
    }
    for life in Life::all(&side.log, own)? {
        let upto = absorb::absorbed(&side.lists, life.i.epoch)?;
        let own = log::intact_after(&side.log, life.i.epoch, 0, usize::MAX)?;
        for one in own.into_iter().filter(|one| one.entry.seq <= upto) {
            found.count(&one.entry);
            ledger.apply(&life.place(one.entry));
        }
    }
    for (session, _, group) in ledger.groups() {
        let sum: &mut Tally = found.sums.entry(session).or_default();
        *sum = sum.moved(Tally::default(), group.tally());
    }
    found.sums.retain(|_, sum| *sum != Tally::default());
    Ok(found)
}

/// Others' entries as they count, in the order of their keys.
fn others(lists: &Connection) -> Result<Vec<Entry>, StoreError> {
    let mut read = lists.prepare(
        "SELECT e.bytes, e.station, e.epoch, b.of_epoch, b.from_seq, b.before FROM entry e LEFT JOIN branch b USING (station, epoch)
         ORDER BY e.station, e.epoch, e.seq",
    )?;
    let mut rows = read.query([])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        let entry = log::read_bytes(&one.get::<_, Vec<u8>>(0)?)?;
        let branch = one.get::<_, Option<i64>>(3)?.zip(one.get::<_, Option<i64>>(4)?);
        let placed = match branch {
            Some((of, from)) => {
                let station = StationId(row::uuid(&one.get::<_, Vec<u8>>(1)?)?);
                let of = Identity { station, epoch: Epoch(row::number(of)) };
                let fork = Fork { from: row::number(from), epoch: Epoch(row::number(one.get(2)?)) };
                Branch { of, fork, before: lists::from_json(&one.get::<_, String>(5)?)? }.place(entry)
            }
            None => entry,
        };
        found.push(placed);
    }
    Ok(found)
}

/// What this desk did is to be counted afresh.
pub(crate) fn want(log: &Connection) -> Result<(), StoreError> {
    settings::note(log, UNCOUNTED)
}

/// There are other lists, which count it.
pub(crate) fn forget(log: &Connection) -> Result<(), StoreError> {
    settings::forget(log, UNCOUNTED)
}

/// Counts afresh what this desk did, where that is wanted. A desk whose disk has no room for that does not start, and says why: by counts
/// that lack somebody it could let in twice. `lists` is the path of `replica.db`.
pub(crate) fn count_afresh(disk: &dyn Disk, side: &mut Side, lists: &Path) -> Result<(), StoreError> {
    if !settings::stands(&side.log, UNCOUNTED)? {
        return Ok(());
    }
    let own: Vec<u8> = side.log.query_row("SELECT station FROM identity", [], |row| row.get(0))?;
    rebuild(side, StationId(row::uuid(&own)?))?;
    // Words that are half a checkpoint can fit all that there is, and take in nothing new (seed 1105242).
    make_words_anew(&side.lists)?;
    // No power cut takes back what is noted as done.
    write_ahead::sync_beside(disk, lists)?;
    forget(&side.log)
}

/// Empties the caches and fills them from the entries, in one transaction.
fn rebuild(side: &mut Side, own: StationId) -> Result<(), StoreError> {
    let lives = Life::all(&side.log, own)?;
    let tx = side.lists.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let entries = others(&tx)?;
    for table in ["check_in", "release", "tally", "one_person", "settled", "merge", "exit", "absorbed"] {
        tx.execute(&format!("DELETE FROM {table}"), [])?;
    }
    for entry in &entries {
        groups::apply(&tx, entry)?;
    }
    for life in lives {
        let mut last = 0;
        for one in log::intact_after(&side.log, life.i.epoch, 0, usize::MAX)? {
            last = one.entry.seq;
            groups::apply(&tx, &life.place(one.entry))?;
        }
        absorb::note(&tx, life.i.epoch, last)?;
    }
    Ok(tx.commit()?)
}
