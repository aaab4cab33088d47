//! How far the log is and was handed over, written down outside the databases (DESIGN section 4, *Any road*): a database that was put back to an older
//! copy, or that runs on another computer than it was enrolled on, is noticed when it is opened, and goes on with a new life of its
//! log, without rights.
//!
//! The mark is not synced at each entry: a power cut may leave an older one, which the log then still contains. Where the log stops
//! containing older ones (another life of a copy, a desk that is enrolled anew) it is synced, before the log is; and at each start, once
//! it was found to agree. It is for mistakes, not for thieves: two full copies on one computer are found only when they meet at the server.

use std::{io, sync::atomic::Ordering};

use sha2::{Digest, Sha256};
use usher_core::{
    entry::Head,
    ids::{EntryHash, Epoch, MachineId, Seq},
};
use uuid::Uuid;

use crate::{Identified, Replica, StoreError, life::Life, log};

const BYTES: usize = 16 + 8 + 8 + 32 + 8;
/// A mark of an earlier build, without the handover.
const BYTES_BEFORE: usize = BYTES - 8;
const SUM: usize = 8;

/// The mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    machine: MachineId,
    epoch: Epoch,
    seq: Seq,
    hash: EntryHash,
    /// Up to which entry the log was handed over: an older copy with the same end may not know it, and would give rights back twice.
    handed: Seq,
}

impl Mark {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(BYTES + SUM);
        bytes.extend_from_slice(self.machine.0.as_bytes());
        bytes.extend_from_slice(&self.epoch.0.to_be_bytes());
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.hash.0);
        bytes.extend_from_slice(&self.handed.to_be_bytes());
        let sum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&sum[..SUM]);
        bytes
    }

    /// None: the file is torn, or not ours.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let before = bytes.len() == BYTES_BEFORE + SUM;
        let (content, sum) = bytes.split_at_checked(if before { BYTES_BEFORE } else { BYTES })?;
        if sum != &Sha256::digest(content)[..SUM] {
            return None;
        }
        let (machine, rest) = content.split_at_checked(16)?;
        let (epoch, rest) = rest.split_first_chunk::<8>()?;
        let (seq, rest) = rest.split_first_chunk::<8>()?;
        let (hash, handed) = rest.split_first_chunk::<32>()?;
        let handed = if before { [0; 8] } else { handed.try_into().ok()? };
        Some(Self {
            machine: MachineId(Uuid::from_slice(machine).ok()?),
            epoch: Epoch(u64::from_be_bytes(*epoch)),
            seq: u64::from_be_bytes(*seq),
            hash: EntryHash(*hash),
            handed: u64::from_be_bytes(handed),
        })
    }
}

impl Replica {
    /// Looks the log through when a desk opens it: whether it is whole, and goes on where this computer left it. If not,
    /// [`Self::begin_life`] is due, as [`NewLife::Copied`](crate::NewLife::Copied).
    ///
    /// # Errors
    /// A fault of the files; [`StoreError::Damaged`] when SQLite finds `log.db` broken.
    pub fn goes_on(&self, who: &Identified, machine: MachineId) -> Result<bool, StoreError> {
        let sound = self.mend(who)?;
        if !sound || who.machine != machine {
            return Ok(false);
        }
        let life = Life::of(&self.door().log, who.identity)?;
        self.handed.store(life.handed, Ordering::Relaxed);
        let (disk, path) = self.mark_file();
        let Some(mark) = disk.read(&path)?.as_deref().and_then(Mark::from_bytes) else {
            // A desk of version 0.1, or one whose mark was torn: from now on there is one.
            self.note_mark(who, self.head(who)?);
            warn(disk.sync(&path));
            return Ok(true);
        };
        let held = log::hash_at(&self.door().log, mark.epoch, mark.seq)?;
        let handed = mark.epoch != who.identity.epoch || life.handed >= mark.handed;
        let agrees = mark.machine == machine && held == Some(mark.hash) && handed;
        if agrees {
            // It may be there only since an attempt whose sync failed, and hide an earlier one of another log: a power cut would bring that
            // one back, and the desk would begin a life needlessly.
            warn(disk.sync(&path));
        }
        Ok(agrees)
    }

    /// Writes down up to where the log, which ends at `head`, is handed over, before the first byte leaves.
    pub(crate) fn note_handover(&self, who: &Identified, handed: Seq, head: Head) {
        if self.handed.swap(handed, Ordering::Relaxed) != handed {
            self.note_mark(who, head);
        }
    }

    /// Writes down how far the log is. A failure costs only the mark: the commit has happened.
    pub(crate) fn note_mark(&self, who: &Identified, head: Head) {
        let handed = self.handed.load(Ordering::Relaxed);
        warn(self.write_mark(who, head, handed));
    }

    /// Writes down for good where a log begins that `who` is about to write and that contains no earlier mark. If the power is cut before
    /// the log is there, it begins once more; if it were afterwards, an earlier mark would make it begin needlessly. A failure costs
    /// only that.
    pub(crate) fn settle_mark(&self, who: &Identified, head: Head) {
        let (disk, path) = self.mark_file();
        warn(self.write_mark(who, head, 0).and_then(|()| disk.sync(&path)));
    }

    fn write_mark(&self, who: &Identified, head: Head, handed: Seq) -> io::Result<()> {
        let Head { seq, hash } = head;
        let mark = Mark { machine: who.machine, epoch: who.identity.epoch, seq, hash, handed };
        let (disk, path) = self.mark_file();
        disk.write(&path, &mark.to_bytes())
    }
}

fn warn(written: io::Result<()>) {
    if let Err(error) = written {
        tracing::warn!(%error, "the mark beside the log could not be written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_comes_back_and_a_torn_one_does_not() {
        let mark = Mark {
            machine: MachineId(Uuid::from_u128(5)),
            epoch: Epoch(u64::MAX),
            seq: 9,
            hash: EntryHash([7; 32]),
            handed: 8,
        };
        let bytes = mark.to_bytes();
        assert_eq!(Mark::from_bytes(&bytes), Some(mark));
        assert_eq!(Mark::from_bytes(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Mark::from_bytes(&[]), None);
        let mut torn = bytes;
        torn[20] ^= 1;
        assert_eq!(Mark::from_bytes(&torn), None);
    }
}
