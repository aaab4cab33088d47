//! Taking a snapshot: a stream of lines becomes a fresh `replica.db`, checked, and then swapped in.

use std::sync::atomic::Ordering;

use data_encoding::HEXLOWER;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sha2::{Digest, Sha256};
use usher_core::{chain::AnswerProof, ids::EventId};
use usher_protocol::{
    error::SERVICE,
    limits::SNAPSHOT_LINE_BYTES_MAX,
    sync::{Change, Positioned, Signed, SnapshotEnd, SnapshotHead},
};

use crate::{
    Replica, Side, StoreError, give_back, known_profiles, lists,
    open::fold_log,
    row,
    server_key::{self, Trust},
    sync::{REFETCH_DUE, REFETCH_FIRST},
    write_ahead,
};

/// Why a snapshot was not taken; what was there before stays.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// A line is no line of a snapshot.
    #[error("the snapshot's line {0} cannot be read")]
    Line(u64),
    /// A line is longer than allowed.
    #[error("a line of the snapshot is longer than {SNAPSHOT_LINE_BYTES_MAX} bytes")]
    TooLong,
    /// The stream ended early, or its sum does not agree.
    #[error("the snapshot is not whole")]
    NotWhole,
    /// The event's server signs its lists; this one is not signed by it.
    #[error("the snapshot is not signed by the event's server")]
    Unsigned,
    /// The desk's files.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for SnapshotError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// A snapshot on its way in. Feed it bytes, then finish it.
#[derive(Debug)]
pub struct Loading {
    lists: Connection,
    rest: Vec<u8>,
    head: Option<SnapshotHead>,
    end: Option<SnapshotEnd>,
    taken: u64,
    sum: Sha256,
}

impl Replica {
    /// Begins to take a snapshot, beside the lists in use.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn begin_snapshot(&self) -> Result<Loading, StoreError> {
        let lists = self.make_next_lists()?;
        lists.execute_batch("BEGIN")?;
        Ok(Loading { lists, rest: Vec::new(), head: None, end: None, taken: 0, sum: Sha256::new() })
    }

    /// Checks the snapshot and puts it in the place of the lists in use.
    ///
    /// # Errors
    /// [`SnapshotError::NotWhole`] when the end is missing or does not agree; then the lists in use stay.
    pub fn finish_snapshot(&self, loading: Loading, now_ms: i64) -> Result<(), SnapshotError> {
        let finished = self.take_over(loading, now_ms);
        if finished.is_err() {
            // Guests need the room.
            warn(self.remove_next_lists());
        }
        finished
    }

    fn take_over(&self, loading: Loading, now_ms: i64) -> Result<(), SnapshotError> {
        let (Some(head), Some(end)) = (&loading.head, &loading.end) else {
            return Err(SnapshotError::NotWhole);
        };
        let sum: [u8; 32] = loading.sum.clone().finalize().into();
        if end.end != loading.taken
            || head.changes != loading.taken
            || end.sha256 != HEXLOWER.encode(&sum)
            || !loading.rest.is_empty()
        {
            return Err(SnapshotError::NotWhole);
        }
        loading.lists.execute(
            "UPDATE feed SET term = ?1, position = ?2, complete = 1, synced_ms = ?3",
            params![row::bits(head.cursor.term), row::bits(head.cursor.position), now_ms],
        )?;
        let word = self.word_on(&loading.lists, end, &sum)?;
        give_back::carry_words_over(&self.sync().lists, &loading.lists)?;
        if let Some(signed) = &word {
            give_back::keep_word(&loading.lists, signed)?;
            give_back::note_list_word(&loading.lists, signed)?;
        }
        loading.lists.execute_batch("COMMIT")?;
        fold_log(&loading.lists)?;
        loading.lists.close().map_err(|(_, error)| error)?;
        self.swap_lists()?;
        Ok(self.note_fetched()?)
    }

    /// What the server signed of the list, once it was checked and the key written down; none: an older server, which signs no list.
    fn word_on(
        &self,
        next: &Connection,
        end: &SnapshotEnd,
        sum: &[u8; 32],
    ) -> Result<Option<Signed>, SnapshotError> {
        let mut side = self.sync();
        let event = event(&side.log)?;
        let known = trusted(&side, event, &end.successions)?;
        let trust = match (known, lists::server_key(next, None)?) {
            (Some(trust), _) => trust,
            // The first list of this desk, over the line that it enrolled by.
            (None, Some(key)) if end.signed.is_some() => Trust::at_first_sight(event, key, &end.successions),
            (None, _) => return Ok(None),
        };
        let signed = end.signed.as_ref().ok_or(SnapshotError::Unsigned)?;
        let proof = AnswerProof::from_bytes(&signed.proof.0).map_err(|_| SnapshotError::Unsigned)?;
        if !trust.signed(signed) || proof.event != event || proof.body != *sum {
            return Err(SnapshotError::Unsigned);
        }
        let _turn = self.turn();
        trust.keep(&mut side.log)?;
        Ok(Some(signed.clone()))
    }

    /// The lists are whole. What is left to be fetched once a restored server has learnt is still so.
    fn note_fetched(&self) -> Result<(), StoreError> {
        let side = &mut *self.sync();
        let _turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let sql = "UPDATE line SET refetch = 0 WHERE refetch IN (?1, ?2)";
        tx.execute(sql, [REFETCH_DUE, REFETCH_FIRST])?;
        write_ahead::forget_loss(&tx)?;
        known_profiles::erase_own(&tx, &side.lists)?;
        tx.commit()?;
        self.unusable.store(false, Ordering::Relaxed);
        Ok(())
    }
}

fn warn(removed: Result<(), StoreError>) {
    if let Err(error) = removed {
        tracing::warn!(%error, "what was fetched of a list stays on the disk until the next one");
    }
}

/// Whom this desk believes. Where it has written nothing down, and damaged lists cannot name a key either, the next list is its first.
fn trusted(side: &Side, event: EventId, chain: &[Signed]) -> Result<Option<Trust>, StoreError> {
    match Trust::of(&side.log, &side.lists, event, chain) {
        Err(error) if error.is_of_the_content() && server_key::newest(&side.log)?.is_none() => Ok(None),
        known => known,
    }
}

fn event(log: &Connection) -> Result<EventId, StoreError> {
    let found: Option<Vec<u8>> =
        log.query_row("SELECT event FROM identity", [], |row| row.get(0)).optional()?;
    Ok(EventId(row::uuid(&found.ok_or(StoreError::NotEnrolled)?)?))
}

impl Loading {
    /// Takes the next bytes of the stream.
    ///
    /// # Errors
    /// When a line is no line of a snapshot, or the files fail; the snapshot is to be dropped then.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), SnapshotError> {
        self.rest.extend_from_slice(bytes);
        let rest = std::mem::take(&mut self.rest);
        let mut start = 0;
        while let Some(length) = rest[start..].iter().position(|byte| *byte == b'\n') {
            self.line(&rest[start..=start + length])?;
            start += length + 1;
        }
        self.rest = rest[start..].to_vec();
        if self.rest.len() > SNAPSHOT_LINE_BYTES_MAX { Err(SnapshotError::TooLong) } else { Ok(()) }
    }

    /// Changes taken, and changes in all: for progress.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.taken, self.head.as_ref().map_or(0, |head| head.changes))
    }

    fn line(&mut self, line: &[u8]) -> Result<(), SnapshotError> {
        let unreadable = SnapshotError::Line(self.taken);
        let Some(head) = &self.head else {
            let head: SnapshotHead = serde_json::from_slice(line).map_err(|_| unreadable)?;
            self.head = Some(head).filter(|head| head.service == SERVICE);
            return self.head.as_ref().map(drop).ok_or(SnapshotError::NotWhole);
        };
        if self.taken == head.changes {
            let end = serde_json::from_slice(line).map_err(|_| unreadable)?;
            return if self.end.replace(end).is_none() { Ok(()) } else { Err(SnapshotError::NotWhole) };
        }
        let change: Change = serde_json::from_slice(line).map_err(|_| unreadable)?;
        lists::apply(&self.lists, &Positioned { position: self.taken, change }, head.cursor.term)?;
        self.sum.update(line);
        self.taken += 1;
        Ok(())
    }
}
