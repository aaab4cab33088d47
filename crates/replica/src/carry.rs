//! *Save unsent log*: every life of the own log into a file that the server takes as if the network had brought it.
//!
//! Handover is committed before the first byte leaves, as for every road (DESIGN section 5): from then on an undo of what was handed
//! over gives no right back here.

use rusqlite::{TransactionBehavior, params};
use serde::Serialize;
use usher_core::entry::Head;
use usher_protocol::{
    carry::{CARRY_VERSION, CarryEnd, CarryHead, CarryPage},
    error::SERVICE,
    limits::PROTOCOL,
    profile::ProfileRecord,
    sealed::{self, PROFILES_PER_PAGE_MAX},
    sync::{Cursor, EntryBytes, StationStatus, SyncRequest},
};

use crate::{Identified, Replica, StoreError, give_back, life::Life, log, profiles, row, sync};

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
        // Names travel with the first pages: each walk-in among them has an entry, so that there are pages enough.
        let profiles = profiles::all(&self.sync().log)?;
        let mut names = profiles.chunks(PROFILES_PER_PAGE_MAX);
        for life in lives {
            let mut head = Head::EMPTY;
            while let Some((page, last, count)) = self.page(who, &life, head, status, &mut names)? {
                line(write, &page)?;
                entries += count;
                (head, pages) = (last, pages + 1);
            }
        }
        line(write, &CarryEnd { end: pages })?;
        Ok(entries)
    }

    /// Commits the handover of every life to its end; gives the lives.
    fn hand_over_all(&self, who: &Identified) -> Result<Vec<Life>, StoreError> {
        let mut side = self.sync();
        let _turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut lives, mut current) = (Vec::new(), Head::EMPTY);
        for mut life in Life::all(&tx, who.identity.station)? {
            let head = log::head(&tx, life.i.epoch)?.0;
            let end = head.seq;
            if life.i == who.identity {
                current = head;
            }
            let sql = "UPDATE life SET handed = ?2 WHERE epoch = ?1";
            tx.execute(sql, params![row::bits(life.i.epoch.0), row::bits(end)])?;
            life.handed = end;
            lives.push(life);
        }
        tx.commit()?;
        self.note_handover(who, current.seq, current);
        Ok(lives)
    }

    /// The next page of a life behind `after`, with its end and how many entries it has; none: there is nothing behind.
    fn page(
        &self,
        who: &Identified,
        life: &Life,
        after: Head,
        status: &StationStatus,
        names: &mut std::slice::Chunks<'_, ProfileRecord>,
    ) -> Result<Option<(CarryPage, Head, u64)>, StoreError> {
        let side = self.sync();
        let (entries, head) = sync::page(&side.log, life, after)?;
        let (term, receipt) = (sync::term(&side.log)?, give_back::receipt(&side.log)?);
        // What the server signed to this desk travels with it: evidence against a server that lost something. A log can be saved also
        // where the lists cannot be read.
        let (list, cursor) =
            (give_back::if_readable(give_back::list_word(&side.lists))?.flatten(), Cursor::default());
        drop(side);
        if head == after {
            return Ok(None);
        }
        let count = entries.iter().filter(|bytes| !bytes.0.is_empty()).count() as u64;
        let status = status.clone();
        let sealed_profiles = names.next().and_then(|some| sealed::seal(&who.event_secret, some));
        let request = SyncRequest {
            protocol: PROTOCOL,
            entries,
            cursor,
            status,
            receipt,
            list,
            sealed_profiles,
            ..SyncRequest::default()
        };
        let out = sync::seal(who, life.i, term, life.handed, head, &request, cursor)?;
        let signed =
            out.proof.signed().ok_or_else(|| StoreError::Damaged("a proof cannot be read".into()))?;
        let page = CarryPage { proof: signed.proof, signature: signed.signature, body: EntryBytes(out.body) };
        Ok(Some((page, head, count)))
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
