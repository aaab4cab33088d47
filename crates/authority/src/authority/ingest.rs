//! Taking a desk's entries: idempotency first, then the chain, and never the content (DESIGN sections 4 and 6).
//!
//! - At or below the acknowledged end with the same bytes: passed over.
//! - The same place with other bytes, or a next entry that names another predecessor: evidence of a clone, a rolled-back disk or
//!   tampering. Both byte strings are kept and the call is refused, with what came before it kept.
//! - Not readable, or of another event or log: kept as evidence, and the upload ends there; the download goes on.
//! - A gap: the upload ends there, and the acknowledged end tells the desk where to go on.

use usher_core::{
    chain::{ChainBreak, follow, hash_entry},
    entry::{Entry, Head, Kind},
    ids::{EntryKey, Identity},
};
use usher_protocol::sync::EntryBytes;

use super::OwnLog;
use crate::{
    Error, Result,
    derive::apply,
    remark,
    store::{EntryRow, Evidence, LogRow, Look, Txn},
};

/// How many pieces of evidence are kept against one log.
const EVIDENCE_MAX: u64 = 1_000;

/// What became of a request's entries.
pub(super) struct Taken {
    /// The log's end now.
    pub(super) head: Head,
    /// Whether the log contradicts itself.
    pub(super) broken: bool,
}

/// Takes entries into one log.
pub(super) struct Intake<'a> {
    pub(super) own: &'a OwnLog,
    pub(super) i: Identity,
    pub(super) now_ms: i64,
    /// The credential was revoked: entries are kept outside the feed and the fold.
    pub(super) disputed: bool,
}

enum Step {
    Passed,
    Appended(Head),
    Ends,
    Breaks,
}

impl Intake<'_> {
    /// Takes `entries` in their order.
    pub(super) fn take(&self, txn: &mut dyn Txn, entries: &[EntryBytes]) -> Result<Taken> {
        let known = txn.log(self.i)?;
        let mut head = known.as_ref().map_or(Head::EMPTY, |log| log.head);
        for (index, EntryBytes(bytes)) in entries.iter().enumerate() {
            match self.step(txn, head, bytes, known.is_some())? {
                Step::Passed => {}
                Step::Appended(next) => head = next,
                Step::Ends => break,
                Step::Breaks => {
                    self.keep_branch(txn, &entries[index..])?;
                    return Ok(Taken { head, broken: true });
                }
            }
        }
        Ok(Taken { head, broken: false })
    }

    fn step(&self, txn: &mut dyn Txn, head: Head, bytes: &[u8], known: bool) -> Result<Step> {
        let Ok(entry) = Entry::from_bytes(bytes) else {
            return self.set_aside(txn, head.seq + 1, bytes).map(|()| Step::Ends);
        };
        if entry.identity() == self.i && entry.event == self.own.event && (1..=head.seq).contains(&entry.seq)
        {
            return self.again(txn, entry.key(), bytes);
        }
        match follow(self.own.event, self.i, head, &entry, bytes) {
            Ok(next) if !known && next.seq == 1 && entry.body.number() != Kind::OpenEpoch.number() => {
                Ok(Step::Breaks)
            }
            Ok(next) => self.append(txn, &entry, bytes, next),
            Err(ChainBreak::Gap { .. }) => Ok(Step::Ends),
            Err(ChainBreak::Hash { .. }) => Ok(Step::Breaks),
            Err(ChainBreak::Event | ChainBreak::Identity) => {
                self.set_aside(txn, head.seq + 1, bytes).map(|()| Step::Ends)
            }
        }
    }

    fn again(&self, look: &dyn Look, key: EntryKey, bytes: &[u8]) -> Result<Step> {
        let same = held_hash(look, key)? == hash_entry(bytes);
        Ok(if same { Step::Passed } else { Step::Breaks })
    }

    fn append(&self, txn: &mut dyn Txn, entry: &Entry, bytes: &[u8], next: Head) -> Result<Step> {
        let disputed = if self.disputed { remark::DISPUTED } else { 0 };
        let remarks = remark::on(txn, entry, self.now_ms)? | disputed;
        let row = EntryRow {
            key: entry.key(),
            hash: next.hash,
            bytes: bytes.to_vec(),
            received_ms: self.now_ms,
            remarks,
            signature: None,
        };
        txn.put_entry(&row, !self.disputed)?;
        if !self.disputed {
            apply(txn, entry, self.now_ms, self.own.i)?;
        }
        Ok(Step::Appended(next))
    }

    /// Keeps the entries of another branch that differ from what we hold.
    fn keep_branch(&self, txn: &mut dyn Txn, entries: &[EntryBytes]) -> Result<()> {
        for EntryBytes(bytes) in entries {
            let seq = Entry::from_bytes(bytes).map_or(0, |entry| entry.seq);
            let held = txn.entry(self.i.key(seq))?;
            if held.is_none_or(|row| row.bytes != *bytes) {
                self.set_aside(txn, seq, bytes)?;
            }
        }
        Ok(())
    }

    /// Keeps bytes as evidence at `seq` of this log.
    pub(super) fn set_aside(&self, txn: &mut dyn Txn, seq: u64, bytes: &[u8]) -> Result<()> {
        if txn.evidence_count(self.i)? >= EVIDENCE_MAX {
            return Ok(());
        }
        let row = Evidence {
            key: self.i.key(seq.min(i64::MAX as u64)),
            hash: hash_entry(bytes),
            bytes: bytes.to_vec(),
            received_ms: self.now_ms,
        };
        txn.put_evidence(&row)
    }
}

/// The hash of an entry that must be there, because the log's end is at or behind it.
pub(super) fn held_hash(look: &dyn Look, key: EntryKey) -> Result<usher_core::ids::EntryHash> {
    let held = look.entry(key)?;
    held.map(|row| row.hash)
        .ok_or_else(|| Error::Damaged(format!("entry {} of {} is missing", key.seq, key.station)))
}

/// The log's row after a request: its new end, the handover statement where the log covers it, and the proof made at that end.
pub(super) fn settle_log(
    mut log: LogRow,
    head: Head,
    handed: u64,
    proof: Option<(&[u8], &[u8; 64])>,
) -> LogRow {
    log.head = head;
    for stated in [log.stated, handed] {
        if stated <= head.seq {
            log.handed = log.handed.max(stated);
        }
    }
    if log.stated <= head.seq {
        log.stated = if handed > head.seq { handed } else { 0 };
    }
    if let Some((bytes, signature)) = proof {
        log.proof = Some((bytes.to_vec(), *signature));
    }
    log
}
