//! The sync machine without its wire: what to send next, what an answer means, when to try again.
//!
//! Read, let go, send, then apply: no lock is held while bytes travel. Handover is committed before the first byte leaves
//! (DESIGN section 5); the feed is applied before the grants that came with it.

mod answer;
mod ask;
mod backoff;

pub use backoff::Backoff;

pub(crate) use ask::{page, seal};

use std::sync::atomic::Ordering;

use rusqlite::{Connection, OptionalExtension};
use usher_core::ids::{Identity, PersonId, Seq, SessionId, Term};
use usher_protocol::{
    proof::ProofHeaders,
    sync::{Cursor, Signed, StationStatus},
};

use crate::{
    Identified, Replica, StoreError, give_back::Giving, life::Life, mend_lists::or_damaged, row, sums,
};

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
    /// Which changes of which profiles of this desk it brings.
    pub(crate) profiles: Vec<(PersonId, i64)>,
    /// Up to whom it gives profiles of the lists back.
    pub(crate) profiles_upto: Option<PersonId>,
    /// It says that this desk has given back everything that it has.
    pub(crate) said_all: bool,
    /// It gives nothing back, since the last time that brought no answer.
    pub(crate) put_off: bool,
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
    /// Nothing was given back to a restored server, since the last time that brought no answer: it comes with the next request.
    pub put_off: bool,
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
    /// The sessions that it serves.
    pub serving: Vec<SessionId>,
    /// For the board.
    pub status: StationStatus,
    /// The version of the protocol that the server takes, where it is older than ours.
    pub protocol: Option<u32>,
    /// The corrected time, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// `line.refetch`: the lists in use are to be fetched anew. It stands in the durable file until they are: a power cut may take back what
/// the lists say of themselves (seed 7148). This: once a restored server has nothing left to learn, which these lists may hold.
pub(crate) const REFETCH_ONCE_LEARNT: i64 = 1;
/// Once this desk has said what it has to say.
pub(crate) const REFETCH_DUE: i64 = 2;
/// Before it says anything: they may be another event's.
pub(crate) const REFETCH_FIRST: i64 = 3;

impl Replica {
    /// A request without a log, for `/v1/snapshot` and `/v1/wake`: an empty JSON object, proven.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn plain_request(&self, who: &Identified) -> Result<Outgoing, StoreError> {
        let side = self.sync();
        let (life, term) = (Life::of(&side.log, who.identity)?, term(&side.log)?);
        drop(side);
        // Nothing of the lists: damaged ones are fetched anew by this.
        let nowhere = Cursor::default();
        seal(who, life.i, term, life.handed, life.acknowledged, &serde_json::json!({}), nowhere)
    }

    /// Whether the guest list has to be fetched whole before anything else: there is none, or no sync can be done with it.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn needs_snapshot(&self) -> Result<bool, StoreError> {
        self.open_lists_again()?;
        let side = self.sync();
        if self.unusable.load(Ordering::Relaxed) || refetch(&side.log)? == REFETCH_FIRST {
            return Ok(true);
        }
        let complete = side.lists.query_row("SELECT complete FROM feed", [], |row| row.get(0));
        Ok(!or_damaged(complete.map_err(StoreError::from))?)
    }

    /// Whether the guest list is to be fetched anew once there is nothing more to say to the server. It can be used and synced meanwhile.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn wants_snapshot(&self) -> Result<bool, StoreError> {
        Ok(refetch(&self.sync().log)? == REFETCH_DUE)
    }

    pub(crate) fn giving(&self) -> std::sync::MutexGuard<'_, Giving> {
        self.giving.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn refetch(log: &Connection) -> Result<i64, StoreError> {
    let mut read = log.prepare_cached("SELECT refetch FROM line")?;
    Ok(read.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// The lists are to be fetched anew, unless that is waited for anyway. A row that was changed on the disk is not made good by this.
pub(crate) fn want_lists(log: &Connection) -> Result<(), StoreError> {
    let sql = "UPDATE line SET refetch = ?1
               WHERE refetch = 0 AND sum IS row_sum(term, receipt, receipt_signature, refetch)";
    log.execute(sql, [REFETCH_DUE])?;
    Ok(())
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
