//! Who this desk is: its key, its epoch, its event, and where its server is.

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension, Row, params};
use usher_core::{
    entry::{Body, OpenEpoch},
    ids::{Epoch, EventId, Identity, MachineId, StationId, Term},
};

use crate::{
    Replica, StoreError,
    life::Life,
    log::{self, Stamp, append},
    row, sums,
    sync::REFETCH_FIRST,
};

/// An enrolled desk. Its `Debug` shows no secret.
#[derive(Clone)]
pub struct Identified {
    /// The event.
    pub event: EventId,
    /// The log that it writes now.
    pub identity: Identity,
    /// The desk's name.
    pub name: String,
    /// The computer.
    pub machine: MachineId,
    /// The desk's own key.
    pub key: SigningKey,
    /// The secret under which ticket codes are digested.
    pub event_secret: [u8; 32],
    /// The server's address.
    pub address: String,
    /// SHA-256 of the server's certificate, where the desk pinned one.
    pub fingerprint: Option<String>,
}

impl std::fmt::Debug for Identified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identified")
            .field("identity", &self.identity)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What enrolment gave.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// The desk from now on.
    pub who: Identified,
    /// The server's term.
    pub term: Term,
}

impl Replica {
    /// Who this desk is; none before enrolment.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn identity(&self) -> Result<Option<Identified>, StoreError> {
        let side = self.door();
        let mut read = side.log.prepare(
            "SELECT event, station, epoch, name, machine, secret_key, event_secret, address, fingerprint,
             sum IS row_sum(event, station, epoch, name, machine, secret_key, event_secret, address, fingerprint)
             FROM identity",
        )?;
        read.query_row([], |row| Ok(read_identity(row))).optional()?.transpose()
    }

    /// Keeps what enrolment gave and opens the epoch with its first entry, in one transaction.
    ///
    /// # Errors
    /// A fault of the files; nothing was kept then.
    pub fn enrol(&self, enrolled: &Enrolled, stamp: Stamp) -> Result<(), StoreError> {
        let mut side = self.door();
        let _turn = self.turn();
        // Lists that are there already are those of a log that was lost: they lack what the server holds of it, or are another event's.
        let listed = side.lists.query_row("SELECT complete FROM feed", [], |row| row.get(0))?;
        let refetch = if listed { REFETCH_FIRST } else { 0 };
        let tx = side.log.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        write_identity(&tx, &enrolled.who)?;
        let line = "INSERT OR REPLACE INTO line (one, term, refetch) VALUES (1, ?1, ?2)";
        tx.execute(line, (row::bits(enrolled.term), refetch))?;
        Life::begin(&tx, enrolled.who.identity.epoch)?;
        let body = Body::OpenEpoch(OpenEpoch { follows: None, machine: enrolled.who.machine });
        append(&tx, &enrolled.who, stamp, body)?;
        let head = log::head(&tx, enrolled.who.identity.epoch)?.0;
        self.settle_mark(&enrolled.who, head);
        Ok(tx.commit()?)
    }
}

fn write_identity(log: &Connection, who: &Identified) -> Result<(), StoreError> {
    log.execute(
        "INSERT INTO identity
         (one, event, station, epoch, name, machine, secret_key, event_secret, address, fingerprint)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            row::id(&who.event.0),
            row::id(&who.identity.station.0),
            row::bits(who.identity.epoch.0),
            who.name,
            row::id(&who.machine.0),
            who.key.to_bytes(),
            who.event_secret,
            who.address,
            who.fingerprint,
        ],
    )?;
    Ok(())
}

fn read_identity(row: &Row<'_>) -> Result<Identified, StoreError> {
    sums::whole(row.get(9)?, "who this desk is")?;
    let uuid = |column| -> Result<_, StoreError> { row::uuid(&row.get::<_, Vec<u8>>(column)?) };
    let station = StationId(uuid(1)?);
    Ok(Identified {
        event: EventId(uuid(0)?),
        identity: Identity { station, epoch: Epoch(row::number(row.get(2)?)) },
        name: row.get(3)?,
        machine: MachineId(uuid(4)?),
        key: SigningKey::from_bytes(&row.get(5)?),
        event_secret: row.get(6)?,
        address: row.get(7)?,
        fingerprint: row.get(8)?,
    })
}
