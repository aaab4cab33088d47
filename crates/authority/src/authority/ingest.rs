//! Taking a desk's entries: idempotency first, then the chain, and never the content (DESIGN sections 4 and 6).
//!
//! - At or below the acknowledged end with the same bytes: passed over.
//! - The same place with other bytes, or a next entry that names another predecessor: a second branch of the log, on a copied or
//!   rolled-back disk. It is kept and counted as a log of its own ([`super::logs`]).
//! - Not readable, or of another event or log: kept as evidence.
//! - A gap: the upload ends there, and the acknowledged end tells the desk where to go on. Behind something that could not be read
//!   nobody can fill it: what follows is a second branch, so that a damaged disk strands nothing.

use usher_core::{
    branch::{Branch, Fork},
    chain::{ChainBreak, RequestProof, follow, hash_entry},
    entry::{Body, Entry, Fence, Head},
    ids::{EntryKey, Identity},
};
use usher_protocol::sync::EntryBytes;

use super::{OwnLog, Proven, logs};
use crate::{
    Result,
    derive::{apply, cover},
    remark,
    store::{EntryRow, Evidence, LogRow, Look, Txn},
};

/// How many pieces of evidence are kept against one log.
const EVIDENCE_MAX: u64 = 1_000;

/// Takes entries of one desk's log.
pub(super) struct Intake<'a> {
    pub(super) own: &'a OwnLog,
    /// The log that the entries say they stand in.
    pub(super) i: Identity,
    pub(super) now_ms: i64,
    /// The credential was revoked: entries are kept outside the feed and the fold.
    pub(super) disputed: bool,
}

/// Where the next entry belongs.
struct Place {
    /// Under which identity it is kept: the log's own, or that of a branch of it.
    at: Identity,
    branch: Option<Branch>,
    head: Head,
}

enum Step {
    Passed,
    Appended(Head),
    Ends,
    Breaks,
}

impl Intake<'_> {
    /// Takes `entries` in their order, the first of which follows `point`; gives the identity under which the last one is kept.
    pub(super) fn take(&self, txn: &mut dyn Txn, point: Head, entries: &[EntryBytes]) -> Result<Identity> {
        let mut place = self.place(txn, logs::holding(txn, self.i, point)?.unwrap_or(self.i))?;
        let (mut lost, mut first) = (false, true);
        for EntryBytes(bytes) in entries {
            let Some(entry) = self.read(txn, place.head, bytes)? else {
                lost = true;
                continue;
            };
            match self.step(txn, &place, &entry, bytes)? {
                Step::Passed => {}
                Step::Appended(next) => {
                    let begins = place.head.seq == 0;
                    place.head = next;
                    // Its row has to be there before a later entry closes the log.
                    if begins {
                        self.keep_end(txn, &place)?;
                    }
                }
                Step::Ends if !lost => break,
                Step::Ends | Step::Breaks => {
                    self.keep_end(txn, &place)?;
                    let left = self.leaves(txn, &entry)?;
                    // The desk can send what lies between: the acknowledged end, which it never wrote, tells it so.
                    if left.is_none() && first && entry.seq <= place.head.seq && !lost {
                        break;
                    }
                    place = self.branch_off(txn, left.unwrap_or(place.at), &entry, bytes)?;
                }
            }
            (lost, first) = (false, false);
        }
        self.keep_end(txn, &place)?;
        Ok(place.at)
    }

    fn place(&self, look: &dyn Look, at: Identity) -> Result<Place> {
        let log = look.log(at)?;
        let branch = log.as_ref().and_then(|log| log.branch.clone());
        Ok(Place { at, branch, head: log.map_or(Head::EMPTY, |log| log.head) })
    }

    /// The entry, if it can be read and says that it stands in this log; otherwise it is set aside.
    fn read(&self, txn: &mut dyn Txn, head: Head, bytes: &[u8]) -> Result<Option<Entry>> {
        match Entry::from_bytes(bytes) {
            Ok(entry) if entry.identity() == self.i && entry.event == self.own.event => Ok(Some(entry)),
            _ => self.set_aside(txn, head.seq + 1, bytes).map(|()| None),
        }
    }

    fn step(&self, txn: &mut dyn Txn, place: &Place, entry: &Entry, bytes: &[u8]) -> Result<Step> {
        if entry.seq <= place.head.seq && entry.seq >= 1 {
            let key = place.branch.as_ref().map_or_else(|| entry.key(), |branch| branch.key(entry.key()));
            return self.again(txn, key, bytes);
        }
        match follow(self.own.event, self.i, place.head, entry, bytes) {
            Ok(next) => self.append(txn, place, entry, bytes, next),
            Err(ChainBreak::Gap { .. }) => Ok(Step::Ends),
            Err(_) => Ok(Step::Breaks),
        }
    }

    fn again(&self, look: &dyn Look, key: EntryKey, bytes: &[u8]) -> Result<Step> {
        let same = look.entry(key)?.is_some_and(|held| held.hash == hash_entry(bytes));
        Ok(if same { Step::Passed } else { Step::Breaks })
    }

    fn append(
        &self,
        txn: &mut dyn Txn,
        place: &Place,
        entry: &Entry,
        bytes: &[u8],
        next: Head,
    ) -> Result<Step> {
        let bit = |when, bit| if when { bit } else { 0 };
        let remarks = remark::on(txn, entry, self.now_ms)?
            | bit(self.disputed, remark::DISPUTED)
            | bit(place.branch.is_some(), remark::BRANCH);
        let row = EntryRow {
            key: place.at.key(entry.seq),
            hash: next.hash,
            bytes: bytes.to_vec(),
            received_ms: self.now_ms,
            remarks,
            signature: None,
        };
        txn.put_entry(&row, !self.disputed)?;
        if !self.disputed {
            let placed = place.branch.as_ref().map(|branch| branch.place(entry.clone()));
            apply(txn, placed.as_ref().unwrap_or(entry), self.now_ms, self.own.i.station)?;
        }
        Ok(Step::Appended(next))
    }

    /// Writes down how far the log goes now: once for a page, because nothing that an entry changes asks for it.
    fn keep_end(&self, txn: &mut dyn Txn, place: &Place) -> Result<()> {
        // A log that was unknown until another desk gave it back may have rights that only its own desk can tell: it is awaited.
        let log = txn.log(place.at)?.unwrap_or(LogRow::empty(0));
        if log.head == place.head {
            Ok(())
        } else {
            txn.put_log(place.at, &LogRow { head: place.head, ..log })
        }
    }

    /// Which course of the log holds the entry before this one; none does where that is not here yet, or was damaged.
    fn leaves(&self, look: &dyn Look, entry: &Entry) -> Result<Option<Identity>> {
        logs::holding(look, self.i, Head { seq: entry.seq.saturating_sub(1), hash: entry.prev_hash })
    }

    /// The log was continued twice: this entry and what follows it are a branch that leaves the course `left`, and the log takes no
    /// further rights.
    fn branch_off(&self, txn: &mut dyn Txn, left: Identity, entry: &Entry, bytes: &[u8]) -> Result<Place> {
        let fork = Fork::new(entry.seq, hash_entry(bytes));
        let branch = Branch::new(self.i, self.place(txn, left)?.branch.as_ref(), fork);
        let at = branch.identity();
        if txn.log(at)?.is_some() {
            return self.place(txn, at);
        }
        self.set_aside(txn, entry.seq, bytes)?;
        if !txn.log(self.i)?.is_some_and(|log| log.fenced) {
            self.own.append(txn, Body::Fence(Fence { i: self.i }), self.now_ms)?;
        }
        let head = Head { seq: entry.seq.saturating_sub(1), hash: entry.prev_hash };
        let log = LogRow { head, fenced: true, branch: Some(branch.clone()), ..LogRow::empty(self.own.term) };
        txn.put_log(at, &log)?;
        let mut place = Place { at, branch: Some(branch), head };
        if let Step::Appended(next) =
            self.append(txn, &place, entry, bytes, Head { seq: entry.seq, hash: hash_entry(bytes) })?
        {
            place.head = next;
        }
        Ok(place)
    }

    /// Takes in what a verified request states of its log, which is held under `at`: the handover, and the proof of the end where it is
    /// made at the one that is held. Gives whether more is covered than before, which may have freed seats.
    pub(super) fn heed(&self, txn: &mut dyn Txn, at: Identity, proven: Proven<'_>) -> Result<bool> {
        // A disputed statement frees no seat, nor does an earlier one that only disputed entries cover: the right may have come back
        // in them. And its proof goes down no feed.
        if self.disputed {
            return Ok(false);
        }
        let before = txn.log(at)?.unwrap_or(LogRow::empty(self.own.term));
        let head = proven.proof.head;
        let proves = head == before.head && head.seq > 0 && !is_proven(&before);
        let proof = proves.then_some((proven.bytes, proven.signature));
        let after = settle_log(before.clone(), before.head, proven.proof.handed, proof);
        if after != before {
            txn.put_log(at, &after)?;
        }
        if after.handed > before.handed {
            cover(txn, at, after.handed)?;
        }
        Ok(after.handed > before.handed)
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

/// A handover that was stated counts where the log is held that far by now; not where only disputed entries cover it.
pub(super) fn complete_handover(txn: &mut dyn Txn, i: Identity, before: LogRow) -> Result<()> {
    if before.stated > txn.published_end(i)? {
        return Ok(());
    }
    let after = settle_log(before.clone(), before.head, 0, None);
    if after.handed > before.handed {
        txn.put_log(i, &after)?;
        cover(txn, i, after.handed)?;
    }
    Ok(())
}

/// Whether the end of the log has its proof: every quiet request would make another one, and send it down every feed.
fn is_proven(log: &LogRow) -> bool {
    let proof = log.proof.as_ref().and_then(|(bytes, _)| RequestProof::from_bytes(bytes).ok());
    proof.is_some_and(|proof| proof.head == log.head)
}

/// The log's row after a request: its new end, the handover statement where the log covers it, and the proof made at that end.
fn settle_log(mut log: LogRow, head: Head, handed: u64, proof: Option<(&[u8], &[u8; 64])>) -> LogRow {
    log.head = head;
    for stated in [log.stated, handed] {
        if stated <= head.seq {
            log.handed = log.handed.max(stated);
        }
    }
    // Of statements that reach ahead the furthest is kept: the desk may never state it again, once it is revoked.
    let ahead = log.stated.max(handed);
    log.stated = if ahead > head.seq { ahead } else { 0 };
    if let Some((bytes, signature)) = proof {
        log.proof = Some((bytes.to_vec(), *signature));
    }
    log
}
