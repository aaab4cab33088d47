//! The authority's own log: the same envelope, chained and signed like a desk's.

use usher_core::{
    chain::{hash_entry, sign_entry},
    clock::Hlc,
    entry::{Body, ENTRY_VERSION, Entry, Head},
    ids::{BootId, Identity},
};
use uuid::Uuid;

use super::{OwnLog, setup::event_row};
use crate::{
    Error, Result,
    derive::{apply, decode},
    store::{EntryRow, LogRow, Look, Txn},
};

impl OwnLog {
    /// Appends one entry in the caller's transaction and takes it into the tables. The server measures no monotonic time:
    /// `mono_ms` is 0 and the boot is nil.
    ///
    /// # Errors
    /// [`Error::TermEnded`] where another process began a new term since: this one would give what that one must not, and sign what
    /// counts no more.
    pub(super) fn append(&self, txn: &mut dyn Txn, body: Body, now_ms: i64) -> Result<()> {
        if event_row(txn)?.own != self.i {
            return Err(Error::TermEnded);
        }
        let log = txn.log(self.i)?.ok_or_else(|| Error::Damaged("the server's own log is missing".into()))?;
        let entry = Entry {
            v: ENTRY_VERSION,
            event: self.event,
            station: self.i.station,
            epoch: self.i.epoch,
            seq: log.head.seq + 1,
            prev_hash: log.head.hash,
            hlc: last_time(txn, self.i, log.head)?.tick(now_ms),
            wall_ms: now_ms,
            mono_ms: 0,
            boot_id: BootId(Uuid::nil()),
            body,
        };
        let bytes = entry.to_bytes();
        let hash = hash_entry(&bytes);
        let signature = Some(sign_entry(&self.key, hash));
        txn.put_entry(
            &EntryRow { key: entry.key(), hash, bytes, received_ms: now_ms, remarks: 0, signature },
            true,
        )?;
        txn.put_log(self.i, &LogRow { head: Head { seq: entry.seq, hash }, ..log })?;
        apply(txn, &entry, now_ms, self.i.station)
    }
}

fn last_time(look: &dyn Look, i: Identity, head: Head) -> Result<Hlc> {
    if head.seq == 0 {
        return Ok(Hlc::default());
    }
    let last = look.entry(i.key(head.seq))?;
    let last = last.ok_or_else(|| Error::Damaged("the end of the server's own log is missing".into()))?;
    Ok(decode(&last.bytes)?.hlc)
}
