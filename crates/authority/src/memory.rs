//! A store in memory: the contract at its plainest, for tests and simulation. It forgets everything when it goes; a write
//! copies the whole state, so that giving up is to drop the copy.

mod look;
mod txn;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use usher_core::{
    capacity::Rights,
    entry::Checkpoint,
    fold::Merged,
    ids::{CodeDigest, EntryHash, EntryKey, Identity, IncidentId, PersonId, Seq, SessionId, StationId},
};

use usher_protocol::sync::Signed;

use crate::{
    Result,
    store::{
        AcceptedRow, CheckInRow, CodeRow, Contact, EndedRow, EntryRow, EventRow, Evidence, ExitRow, HoldRow,
        HoldsRev, LogRow, Look, MessageRow, PersonRow, Release, ResolvedRow, SessionRow, SessionSums,
        SettledRow, StationRow, Store, Txn,
    },
};

/// A store in memory.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<Arc<State>>,
    writer: Mutex<()>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    Event,
    Session(SessionId),
    Person(PersonId),
    Station(StationId),
    Entry(EntryKey),
    Proof(Identity),
}

#[derive(Clone, Default)]
struct State {
    event: Option<EventRow>,
    end: u64,
    feed: BTreeMap<u64, Item>,
    sessions: BTreeMap<SessionId, SessionRow>,
    persons: BTreeMap<PersonId, PersonRow>,
    persons_order: Vec<PersonId>,
    stations: BTreeMap<StationId, StationRow>,
    contacts: BTreeMap<Identity, Contact>,
    codes: BTreeMap<CodeDigest, CodeRow>,
    logs: BTreeMap<Identity, LogRow>,
    entries: BTreeMap<EntryKey, EntryRow>,
    evidence: BTreeMap<(EntryKey, EntryHash), Evidence>,
    check_ins: BTreeMap<EntryKey, CheckInRow>,
    releases: BTreeSet<Release>,
    sums: BTreeMap<SessionId, SessionSums>,
    rights: BTreeMap<(SessionId, Identity), Rights>,
    holds: BTreeMap<(SessionId, PersonId), HoldRow>,
    holds_freed: BTreeMap<SessionId, HoldsRev>,
    holds_ended: BTreeMap<(SessionId, Identity), EndedRow>,
    settled: BTreeMap<(SessionId, Identity), SettledRow>,
    resolved: BTreeMap<IncidentId, ResolvedRow>,
    accepted: BTreeMap<(StationId, Seq, EntryHash), AcceptedRow>,
    merges: BTreeMap<EntryKey, Merged>,
    exits: BTreeMap<EntryKey, ExitRow>,
    messages: BTreeMap<EntryKey, MessageRow>,
    message_reads: BTreeSet<(EntryKey, StationId)>,
    checkpoint: Option<Checkpoint>,
    roots: BTreeMap<u64, EntryHash>,
    successions: Vec<Signed>,
}

impl MemoryStore {
    /// A store with the same content, as a backup is one.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { state: Mutex::new(self.now()), writer: Mutex::new(()) }
    }

    fn now(&self) -> Arc<State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Store for MemoryStore {
    fn read<T>(&self, work: impl FnOnce(&dyn Look) -> Result<T>) -> Result<T> {
        work(&*self.now())
    }

    fn write<T>(&self, work: impl FnOnce(&mut dyn Txn) -> Result<T>) -> Result<T> {
        let _one_at_a_time = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut copy = State::clone(&self.now());
        let done = work(&mut copy)?;
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(copy);
        Ok(done)
    }

    fn changed_elsewhere(&self) -> Result<u64> {
        Ok(0)
    }
}
