//! The rules of the server: one value over a store.

use usher_core::{
    chain::RequestProof,
    entry::StateSet,
    ids::{ActorId, SessionId, StationId, Term},
};
use usher_protocol::{
    board::Board,
    enrol::{EnrolAnswer, EnrolRequest, Role},
    error::ErrorCode,
    records::{EventRecord, SessionRecord},
    sync::{Cursor, SyncAnswer, SyncRequest},
};

use crate::{
    Credential, DoorRow, EnrolmentCode, Fresh, ImportReport, NewEvent, PersonSpec, Result, SessionSpec,
    Store, TicketRow,
};

/// The server's rules over a store. All methods take `&self`, block, and may be called from several threads.
pub struct Authority<S> {
    store: S,
}

/// The verified proof that a request came with, and its bytes: they are kept as evidence of the log's head.
#[derive(Clone, Copy, Debug)]
pub struct Proven<'a> {
    /// What the proof says.
    pub proof: &'a RequestProof,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The station's signature under them.
    pub signature: &'a [u8; 64],
}

impl<S: Store> Authority<S> {
    /// Makes the event of an empty database: its id, its secret, the server's key and own log.
    pub fn create(store: S, event: &NewEvent, fresh: Fresh<'_>) -> Result<Self> {
        todo!()
    }
    /// Opens a database that has an event.
    pub fn open(store: S) -> Result<Self> {
        todo!()
    }
    /// The event.
    pub fn event(&self) -> Result<EventRecord> {
        todo!()
    }
    /// The server's term.
    pub fn term(&self) -> Term {
        todo!()
    }
    /// Every session, in the order of their starts.
    pub fn sessions(&self) -> Result<Vec<SessionRecord>> {
        todo!()
    }
    /// Every desk and supervisor.
    pub fn credentials(&self) -> Result<Vec<Credential>> {
        todo!()
    }
    /// One of them; none: unknown.
    pub fn credential(&self, station: StationId) -> Result<Option<Credential>> {
        todo!()
    }
    /// How many participants there are.
    pub fn person_count(&self) -> Result<u64> {
        todo!()
    }
    /// Imports sessions.
    pub fn import_sessions(&self, specs: &[SessionSpec], fresh: Fresh<'_>) -> Result<ImportReport> {
        todo!()
    }
    /// Imports people; `progress` is told how many specs are done.
    pub fn import_participants(
        &self,
        specs: &[PersonSpec],
        fresh: Fresh<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<ImportReport> {
        todo!()
    }
    /// Sets a session's capacity; false: no such session.
    pub fn set_capacity(
        &self,
        session: SessionId,
        capacity: Option<u32>,
        actor: ActorId,
        now_ms: i64,
    ) -> Result<bool> {
        todo!()
    }
    /// Opens, pauses or ends a session by hand; false: no such session.
    pub fn set_session_state(
        &self,
        session: SessionId,
        state: StateSet,
        actor: ActorId,
        now_ms: i64,
    ) -> Result<bool> {
        todo!()
    }
    /// Makes a one-time code, good for `ttl_ms`.
    pub fn make_enrolment_code(
        &self,
        role: Role,
        name: &str,
        ttl_ms: i64,
        fresh: Fresh<'_>,
    ) -> Result<EnrolmentCode> {
        todo!()
    }
    /// Enrols.
    pub fn enrol(&self, request: &EnrolRequest, fresh: Fresh<'_>) -> Result<Result<EnrolAnswer, ErrorCode>> {
        todo!()
    }
    /// Revokes; false: unknown.
    pub fn revoke(&self, station: StationId, now_ms: i64) -> Result<bool> {
        todo!()
    }
    /// Syncs.
    pub fn sync(
        &self,
        proven: Proven<'_>,
        request: &SyncRequest,
        now_ms: i64,
    ) -> Result<Result<SyncAnswer, ErrorCode>> {
        todo!()
    }
    /// The board.
    pub fn board(&self, now_ms: i64) -> Result<Board> {
        todo!()
    }
    /// The feed's end.
    pub fn feed_end(&self) -> Result<Cursor> {
        todo!()
    }
    /// A number that differs from the last one when another process has changed the database.
    pub fn changed_elsewhere(&self) -> Result<u64> {
        todo!()
    }
    /// Writes a snapshot, line by line, each with its newline.
    pub fn snapshot(&self, write: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> Result<Cursor> {
        todo!()
    }
    /// Door entries, in the order of the feed.
    pub fn export_door(&self, write: &mut dyn FnMut(DoorRow) -> std::io::Result<()>) -> Result<()> {
        todo!()
    }
    /// Tickets, by name.
    pub fn export_tickets(&self, write: &mut dyn FnMut(TicketRow) -> std::io::Result<()>) -> Result<()> {
        todo!()
    }
    /// What the caches say differently from the entries; empty: they agree.
    pub fn check(&self) -> Result<Vec<String>> {
        todo!()
    }
    /// Makes the caches anew from the entries.
    pub fn rebuild(&self) -> Result<()> {
        todo!()
    }
}
