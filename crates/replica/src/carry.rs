//! *Save unsent log*: every life of the own log into a file that the server takes as if the network had brought it.
//!
//! Handover is committed before the first byte leaves, as for every road (DESIGN section 5): from then on an undo of what was handed
//! over gives no right back here.

use rusqlite::{TransactionBehavior, params};
use serde::Serialize;
use usher_core::{chain::hash_entry, entry::Head};
use usher_protocol::{
    carry::{CARRY_VERSION, CarryEnd, CarryHead, CarryPage},
    error::SERVICE,
    limits::{ENTRIES_PER_REQUEST_MAX, PROTOCOL},
    sync::{EntryBytes, StationStatus, SyncRequest},
};

use crate::{Identified, Replica, StoreError, life::Life, log, row, sync};

impl Replica {
    /// Writes the whole log, line by line; how many entries. `write` gets each line with its newline.
    ///
    /// # Errors
    /// A fault of the files, or what `write` says.
    pub fn carry(
        &self,
        who: &Identified,
        status: &StationStatus,
        now_ms: i64,
        write: &mut dyn FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<u64, StoreError> {
        let lives = self.hand_over_all(who)?;
        let (station, name) = (who.identity.station, who.name.clone());
        let (service, event) = (SERVICE.to_owned(), who.event);
        line(write, &CarryHead { service, carry: CARRY_VERSION, event, station, name, saved_ms: now_ms })?;
        let (mut pages, mut entries) = (0, 0);
        for (life, end) in lives {
            let mut head = Head::EMPTY;
            while head.seq < end {
                let (page, last) = self.page(who, &life, head, status)?;
                line(write, &page)?;
                entries += last.seq - head.seq;
                (head, pages) = (last, pages + 1);
            }
        }
        line(write, &CarryEnd { end: pages })?;
        Ok(entries)
    }

    /// Commits the handover of every life to its end; gives the lives with their ends.
    fn hand_over_all(&self, who: &Identified) -> Result<Vec<(Life, u64)>, StoreError> {
        let mut side = self.sync();
        let _turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut lives = Vec::new();
        for mut life in Life::all(&tx, who.identity.station)? {
            let end = log::head(&tx, life.i.epoch)?.0.seq;
            let sql = "UPDATE life SET handed = ?2 WHERE epoch = ?1";
            tx.execute(sql, params![row::bits(life.i.epoch.0), row::bits(end)])?;
            life.handed = end;
            lives.push((life, end));
        }
        tx.commit()?;
        Ok(lives)
    }

    fn page(
        &self,
        who: &Identified,
        life: &Life,
        after: Head,
        status: &StationStatus,
    ) -> Result<(CarryPage, Head), StoreError> {
        let side = self.sync();
        let bytes = log::bytes_after(&side.log, life.i.epoch, after.seq, ENTRIES_PER_REQUEST_MAX)?;
        let (term, cursor) = (sync::term(&side.log)?, sync::cursor(&side.lists)?);
        drop(side);
        let last =
            bytes.last().ok_or_else(|| StoreError::Damaged("an entry of the log is missing".into()))?;
        let head = Head { seq: log::read_bytes(last)?.seq, hash: hash_entry(last) };
        let entries = bytes.into_iter().map(EntryBytes).collect();
        let status = status.clone();
        let request = SyncRequest { protocol: PROTOCOL, entries, cursor, status, ..SyncRequest::default() };
        let out = sync::seal(who, life.i, term, life.handed, head, &request, cursor)?;
        let signed =
            out.proof.signed().ok_or_else(|| StoreError::Damaged("a proof cannot be read".into()))?;
        Ok((CarryPage { proof: signed.proof, signature: signed.signature, body: EntryBytes(out.body) }, head))
    }
}

fn line(
    write: &mut dyn FnMut(&[u8]) -> std::io::Result<()>,
    value: &impl Serialize,
) -> Result<(), StoreError> {
    let mut text = serde_json::to_vec(value).map_err(|error| StoreError::Damaged(error.to_string()))?;
    text.push(b'\n');
    Ok(write(&text)?)
}
