//! The sync machine without its wire: what to send next, what an answer means, when to try again.
//!
//! Read, let go, send, then apply: no lock is held while bytes travel. Handover is committed before the first byte leaves
//! (DESIGN section 5); the feed is applied before the grants that came with it.

mod answer;
mod ask;
mod backoff;

pub use backoff::Backoff;

pub(crate) use ask::{page, seal};

use rusqlite::{Connection, OptionalExtension};
use usher_core::ids::{Identity, Seq, SessionId, Term};
use usher_protocol::{
    proof::ProofHeaders,
    sync::{Cursor, Signed, StationStatus},
};

use crate::{Identified, Replica, StoreError, give_back::Giving, life::Life, row, sums};

/// A request, ready to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The body.
    pub body: Vec<u8>,
    /// The headers that prove who sends it.
    pub proof: ProofHeaders,
    /// Where the feed stood when it was made.
    pub cursor: Cursor,
    /// Which life of the log it speaks for.
    pub life: Identity,
    /// What it shows of the list that was fetched.
    pub(crate) list: Option<Signed>,
    /// Up to where it gives others' logs back.
    pub(crate) offered: Vec<(Identity, Seq)>,
    /// It says that this desk has given back everything that it has.
    pub(crate) said_all: bool,
}

/// What applying an answer did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Changes of the feed that were taken in.
    pub changes: usize,
    /// There is more to send or to fetch: sync again at once.
    pub more: bool,
    /// The answer was older than what this desk knows, and was left aside.
    pub stale: bool,
    /// The server gives this log no further rights: [`Replica::begin_life`] is due.
    pub fenced: bool,
}

/// Why an answer was not applied.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The event's server signs its answers; this one is not signed by it.
    #[error("the answer is not signed by the event's server")]
    Unsigned,
    /// The desk's files.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for SyncError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What an answer was signed with: the header's proof and signature, and the body as it came.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// Proof and signature.
    pub signed: &'a Signed,
    /// The answer's body.
    pub body: &'a [u8],
}

/// What the desk asks for and says of itself.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    /// The session that it serves.
    pub serving: Option<SessionId>,
    /// For the board.
    pub status: StationStatus,
    /// The version of the protocol that the server takes, where it is older than ours.
    pub protocol: Option<u32>,
    /// The corrected time, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// `line.refetch` while the lists are to be fetched anew at once. It stands in the durable file until they are: a power cut may take
/// back what the lists say of themselves (seed 7148). 1: once there is nothing left to learn.
pub(crate) const REFETCH_DUE: i64 = 2;

impl Replica {
    /// A request without a log, for `/v1/snapshot` and `/v1/wake`: an empty JSON object, proven.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn plain_request(&self, who: &Identified) -> Result<Outgoing, StoreError> {
        let side = self.sync();
        let (life, term) = (Life::of(&side.log, who.identity)?, term(&side.log)?);
        let cursor = cursor(&side.lists)?;
        drop(side);
        seal(who, life.i, term, life.handed, life.acknowledged, &serde_json::json!({}), cursor)
    }

    /// Whether the guest list has to be fetched whole before anything else.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn needs_snapshot(&self) -> Result<bool, StoreError> {
        let side = self.sync();
        let due = "SELECT EXISTS (SELECT 1 FROM line WHERE refetch = ?1)";
        let due: bool = side.log.prepare_cached(due)?.query_row([REFETCH_DUE], |row| row.get(0))?;
        Ok(due || !side.lists.query_row("SELECT complete FROM feed", [], |row| row.get::<_, bool>(0))?)
    }

    pub(crate) fn giving(&self) -> std::sync::MutexGuard<'_, Giving> {
        self.giving.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

pub(crate) fn term(log: &Connection) -> Result<Term, StoreError> {
    let sql = "SELECT term, sum IS row_sum(term, receipt, receipt_signature, refetch) FROM line";
    let mut read = log.prepare_cached(sql)?;
    let found = read.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (term, fits) = found.ok_or(StoreError::NotEnrolled)?;
    sums::whole(fits, "what the server said last")?;
    Ok(row::number(term))
}

pub(crate) fn cursor(lists: &Connection) -> Result<Cursor, StoreError> {
    Ok(lists.query_row("SELECT term, position FROM feed", [], |row| {
        Ok(Cursor { term: row::number(row.get(0)?), position: row::number(row.get(1)?) })
    })?)
}
