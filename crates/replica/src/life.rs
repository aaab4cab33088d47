//! The lives of this desk's log. One is written; earlier ones are sent to their end and then only read.
//!
//! A life ends when the server fences it (settled, or continued twice), or when the desk finds that its disk was copied or put back
//! to an older state. A new one begins without rights and without held seats (DESIGN sections 4 and 5).

use std::sync::atomic::Ordering;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use usher_core::{
    chain::Branch,
    entry::{Body, CloseEpoch, Entry, Follows, Head, OpenEpoch, Return},
    ids::{EntryHash, EntryKey, Epoch, Identity, MachineId, Seq, StationId},
};

use crate::{
    Identified, Replica, StoreError,
    log::{self, Stamp, append},
    rights, row, sums,
};

/// One life of the log, and what the server holds of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) i: Identity,
    /// Up to which entry it was handed over, by any road.
    pub(crate) handed: Seq,
    pub(crate) acknowledged: Head,
    pub(crate) fenced: bool,
    pub(crate) branch: Option<Branch>,
}

const COLUMNS: &str =
    "SELECT epoch, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch,
     sum IS row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch) FROM life";

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
        if let Err(damaged) = sums::whole(row.get(7)?, "a life of the log") {
            return Ok(Err(damaged));
        }
        let i = Identity { station, epoch: Epoch(row::number(row.get(0)?)) };
        let branch = row.get::<_, Option<i64>>(5)?.zip(row.get::<_, Option<i64>>(6)?);
        Ok(Ok(Self {
            i,
            handed: row::number(row.get(1)?),
            acknowledged: Head { seq: row::number(row.get(2)?), hash: EntryHash(row.get(3)?) },
            fenced: row.get(4)?,
            branch: branch.map(|(from, epoch)| Branch {
                of: i,
                from: row::number(from),
                epoch: Epoch(row::number(epoch)),
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
        match self.branch {
            Some(branch) if entry.seq >= branch.from => branch.place(entry),
            _ => entry,
        }
    }

    /// How others name an own entry.
    pub(crate) fn key(&self, key: EntryKey) -> EntryKey {
        self.branch.map_or(key, |branch| branch.key(key))
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
        tx.execute("UPDATE line SET refetch = 1", [])?;
        Life::begin(&tx, epoch)?;
        append(&tx, &next, stamp, Body::OpenEpoch(OpenEpoch { follows, machine }))?;
        let head = log::head(&tx, epoch)?.0;
        tx.commit()?;
        self.handed.store(0, Ordering::Relaxed);
        self.note_mark(&next, head);
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
