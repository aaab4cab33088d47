//! The lives of this desk's log. One is written; earlier ones are sent to their end and then only read.
//!
//! A life ends when the server fences it (settled, or continued twice), or when the desk finds that its disk was copied or put back
//! to an older state. A new one begins without rights and without held seats (DESIGN sections 4 and 5).

use std::sync::atomic::Ordering;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use usher_core::{
    branch::{Branch, Fork},
    entry::{Body, CloseEpoch, Entry, Follows, Head, OpenEpoch, Return},
    ids::{EntryHash, EntryKey, Epoch, Identity, MachineId, Seq, StationId, Term},
};

use crate::{
    Identified, Replica, StoreError,
    lists::{from_json, to_json},
    log::{self, Stamp, append},
    rights, row, sums,
    sync::{REFETCH_FIRST, REFETCH_ONCE_LEARNT},
};

/// One life of the log, and what the server holds of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) i: Identity,
    /// Up to which entry it was handed over, by any road.
    pub(crate) handed: Seq,
    pub(crate) acknowledged: Head,
    pub(crate) fenced: bool,
    pub(crate) branch: Option<Branch>,
    /// The term of the first answer that held it and brought the feed's end; 0: there was none. From then on it may use held seats.
    pub(crate) since: Term,
}

const COLUMNS: &str =
    "SELECT epoch, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before, since,
     sum IS row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before, since)
     FROM life";

impl Life {
    /// Every life, the first one first.
    pub(crate) fn all(log: &Connection, station: StationId) -> Result<Vec<Self>, StoreError> {
        let mut read = log.prepare_cached(&format!("{COLUMNS} ORDER BY nr"))?;
        let rows = read.query_map([], |row| Self::read(row, station))?;
        rows.map(|life| life?).collect()
    }

    /// The life of this epoch.
    pub(crate) fn of(log: &Connection, i: Identity) -> Result<Self, StoreError> {
        let mut read = log.prepare_cached(&format!("{COLUMNS} WHERE epoch = ?1"))?;
        let found = read.query_row([row::bits(i.epoch.0)], |row| Self::read(row, i.station));
        found.optional()?.ok_or(StoreError::NotEnrolled)?
    }

    /// SQLite's error outside, ours inside.
    fn read(row: &Row<'_>, station: StationId) -> rusqlite::Result<Result<Self, StoreError>> {
        if let Err(damaged) = sums::whole(row.get(9)?, "a life of the log") {
            return Ok(Err(damaged));
        }
        let i = Identity { station, epoch: Epoch(row::number(row.get(0)?)) };
        let fork = row.get::<_, Option<i64>>(5)?.zip(row.get::<_, Option<i64>>(6)?);
        let before = match row.get::<_, Option<String>>(7)?.map_or(Ok(Vec::new()), |text| from_json(&text)) {
            Ok(before) => before,
            Err(damaged) => return Ok(Err(damaged)),
        };
        Ok(Ok(Self {
            i,
            handed: row::number(row.get(1)?),
            acknowledged: Head { seq: row::number(row.get(2)?), hash: EntryHash(row.get(3)?) },
            fenced: row.get(4)?,
            since: row::number(row.get(8)?),
            branch: fork.map(|(from, epoch)| {
                let fork = Fork { from: row::number(from), epoch: Epoch(row::number(epoch)) };
                Branch { of: i, fork, before }
            }),
        }))
    }

    /// Begins a life, in the caller's transaction.
    pub(crate) fn begin(log: &Connection, epoch: Epoch) -> Result<(), StoreError> {
        log.execute(
            "INSERT INTO life (epoch, nr, handed, acknowledged_seq, acknowledged_hash)
             SELECT ?1, coalesce(max(nr), 0) + 1, 0, 0, ?2 FROM life",
            params![row::bits(epoch.0), Head::EMPTY.hash.0],
        )?;
        Ok(())
    }

    /// An own entry as it counts: in a second branch, under the branch's epoch.
    pub(crate) fn place(&self, entry: Entry) -> Entry {
        match &self.branch {
            Some(branch) => branch.place(entry),
            None => entry,
        }
    }

    /// How others name an own entry.
    pub(crate) fn key(&self, key: EntryKey) -> EntryKey {
        self.branch.as_ref().map_or(key, |branch| branch.key(key))
    }

    /// Whether others name entries of this life by that epoch.
    pub(crate) fn is_named(&self, epoch: Epoch) -> bool {
        let forks = self.branch.iter().flat_map(Branch::course);
        self.i.epoch == epoch || forks.into_iter().any(|fork| fork.epoch == epoch)
    }

    /// The server counts the life `epoch` under another one from an entry on; none: under its own.
    pub(crate) fn set_branch(
        log: &Connection,
        epoch: Epoch,
        branch: Option<&Branch>,
    ) -> Result<(), StoreError> {
        let before = branch.map(|branch| &branch.before).filter(|before| !before.is_empty());
        let before = before.map(to_json).transpose()?;
        let fork = branch.map(|branch| &branch.fork);
        let sql = "UPDATE life SET branch_from = ?2, branch_epoch = ?3, branch_before = ?4 WHERE epoch = ?1";
        let (from, under) = fork.map(|fork| (row::bits(fork.from), row::bits(fork.epoch.0))).unzip();
        log.execute(sql, params![row::bits(epoch.0), from, under, before])?;
        Ok(())
    }
}

/// Why a new life begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewLife {
    /// The server fenced the one before: it is given back what is left of its rights, and closed.
    Fenced,
    /// The one before may go on elsewhere, or did: nothing more is written into it.
    Copied,
}

impl Replica {
    /// Begins a new life of the log under `epoch`, without rights or held seats, on `machine`; gives who the desk is from then on.
    ///
    /// # Errors
    /// A fault of the files; the desk is who it was.
    pub fn begin_life(
        &self,
        who: &Identified,
        why: NewLife,
        epoch: Epoch,
        machine: MachineId,
        stamp: Stamp,
    ) -> Result<Identified, StoreError> {
        let mut side = self.sync();
        let _turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if why == NewLife::Fenced {
            close(&tx, who, stamp)?;
        }
        let follows = Some(Follows::new(who.identity.epoch, log::head(&tx, who.identity.epoch)?.0));
        let next = Identified { identity: Identity { epoch, ..who.identity }, machine, ..who.clone() };
        rights::drop_all(&tx)?;
        tx.execute("DELETE FROM ended", [])?;
        tx.execute(
            "UPDATE identity SET epoch = ?1, machine = ?2",
            params![row::bits(epoch.0), row::id(&machine.0)],
        )?;
        // What the other branch or the lost part of the old life did comes with the lists, which are fetched whole.
        tx.execute("UPDATE line SET refetch = ?1 WHERE refetch <> ?2", [REFETCH_ONCE_LEARNT, REFETCH_FIRST])?;
        Life::begin(&tx, epoch)?;
        append(&tx, &next, stamp, Body::OpenEpoch(OpenEpoch { follows, machine }))?;
        let head = log::head(&tx, epoch)?.0;
        // The end of a life that was fenced stays in this log, with any mark of it.
        if why == NewLife::Copied {
            self.settle_mark(&next, head);
        }
        tx.commit()?;
        self.handed.store(0, Ordering::Relaxed);
        if why == NewLife::Fenced {
            self.note_mark(&next, head);
        }
        Ok(next)
    }
}

/// Gives every right back and closes the life: it will write no more.
fn close(log: &Connection, who: &Identified, stamp: Stamp) -> Result<(), StoreError> {
    for (session, rights) in rights::all(log)? {
        if let Ok(rights @ 1..) = u32::try_from(rights.available()) {
            append(log, who, stamp, Body::Return(Return { session, rights }))?;
        }
    }
    append(log, who, stamp, Body::CloseEpoch(CloseEpoch {})).map(drop)
}
