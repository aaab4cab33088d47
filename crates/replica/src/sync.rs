//! The sync machine without its wire: what to send next, what an answer means, when to try again.
//!
//! Read, let go, send, then apply: no lock is held while bytes travel. Handover is committed before the first byte leaves
//! (DESIGN section 5); the feed is applied before the grants that came with it.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use usher_core::{
    chain::{RequestProof, sha256},
    entry::Head,
    ids::{EntryHash, Seq, Term},
};
use usher_protocol::{
    limits::{ENTRIES_PER_REQUEST_MAX, PROTOCOL},
    proof::ProofHeaders,
    sync::{Cursor, EntryBytes, GrantTotal, StationStatus, SyncAnswer, SyncRequest, Want},
};

use crate::{Identified, Replica, StoreError, lists, log, row};

/// A request, ready to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The body.
    pub body: Vec<u8>,
    /// The headers that prove who sends it.
    pub proof: ProofHeaders,
    /// Where the feed stood when it was made.
    pub cursor: Cursor,
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
}

/// Why an answer was not applied.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The server acknowledges an entry that this desk did not write that way.
    #[error("the server holds another entry {0} of this desk than this desk does")]
    Forked(Seq),
    /// The desk's files.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for SyncError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

struct Line {
    term: Term,
    handed: Seq,
    acknowledged: Head,
}

impl Replica {
    /// The next sync request. Commits the handover first.
    ///
    /// # Errors
    /// A fault of the files; nothing may be sent then.
    pub fn next_request(
        &self,
        who: &Identified,
        wants: Vec<Want>,
        status: StationStatus,
    ) -> Result<Outgoing, StoreError> {
        let mut side = self.sync();
        let turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let line = hand_over(&tx, who)?;
        let wanted = usize::try_from(line.handed - line.acknowledged.seq).unwrap_or(usize::MAX);
        let sent = log::bytes_after(
            &tx,
            who.identity.epoch,
            line.acknowledged.seq,
            wanted.min(ENTRIES_PER_REQUEST_MAX),
        )?;
        let grants = grants(&tx)?;
        tx.commit()?;
        drop(turn);
        let cursor = cursor(&side.lists)?;
        drop(side);
        let head = sent.last().map_or(Ok(line.acknowledged), |bytes| {
            log::read_bytes(bytes)
                .map(|entry| Head { seq: entry.seq, hash: usher_core::chain::hash_entry(bytes) })
        })?;
        let entries: Vec<_> = sent.into_iter().map(EntryBytes).collect();
        let status = StationStatus { waiting: line.handed - head.seq, ..status };
        let request = SyncRequest { protocol: PROTOCOL, entries, cursor, grants, wants, status };
        seal(who, &line, head, &request, cursor)
    }

    /// A request without a log, for `/v1/snapshot` and `/v1/wake`: an empty JSON object, proven.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn plain_request(&self, who: &Identified) -> Result<Outgoing, StoreError> {
        let side = self.sync();
        let line = line(&side.log)?;
        let cursor = cursor(&side.lists)?;
        drop(side);
        seal(who, &line, line.acknowledged, &serde_json::json!({}), cursor)
    }

    /// Whether the guest list has to be fetched whole before anything else.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn needs_snapshot(&self) -> Result<bool, StoreError> {
        Ok(!self.sync().lists.query_row("SELECT complete FROM feed", [], |row| row.get::<_, bool>(0))?)
    }

    /// Applies an answer: the feed and cursor in one transaction of `replica.db`, then what is acknowledged and granted in one of
    /// `log.db`. A crash between the two loses nothing: both are totals and come again.
    ///
    /// # Errors
    /// [`SyncError::Forked`] when the server holds another log under this desk's name; otherwise a fault of the files.
    pub fn apply_answer(
        &self,
        who: &Identified,
        sent: &Outgoing,
        answer: &SyncAnswer,
        now_ms: i64,
    ) -> Result<Applied, SyncError> {
        let mut side = self.sync();
        let line = line(&side.log)?;
        if answer.term < line.term || cursor(&side.lists)? != sent.cursor {
            return Ok(Applied { stale: true, ..Applied::default() });
        }
        check_acknowledged(&side.log, who, answer.acknowledged)?;
        apply_feed(&mut side.lists, answer, now_ms)?;
        let turn = self.turn();
        apply_line(&mut side.log, &line, answer)?;
        drop(turn);
        let (head, _) = log::head(&side.log, who.identity.epoch)?;
        let more = answer.more || answer.acknowledged.seq < head.seq;
        Ok(Applied { changes: answer.changes.len(), more, stale: false })
    }
}

fn seal<T: serde::Serialize>(
    who: &Identified,
    line: &Line,
    head: Head,
    request: &T,
    cursor: Cursor,
) -> Result<Outgoing, StoreError> {
    let body = serde_json::to_vec(request).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let proof = RequestProof {
        event: who.event,
        station: who.identity.station,
        epoch: who.identity.epoch,
        head,
        handed: line.handed,
        term: line.term,
        body: sha256(&body),
    };
    Ok(Outgoing { proof: ProofHeaders::sign(&proof, &who.key), body, cursor })
}

/// Commits `handed` to the end of the log, once all that was handed before is acknowledged: pages hand over as a whole.
fn hand_over(log: &Connection, who: &Identified) -> Result<Line, StoreError> {
    let mut line = line(log)?;
    if line.acknowledged.seq >= line.handed {
        line.handed = log::head(log, who.identity.epoch)?.0.seq;
        log.execute("UPDATE line SET handed = ?1", [row::bits(line.handed)])?;
    }
    Ok(line)
}

fn line(log: &Connection) -> Result<Line, StoreError> {
    let mut read =
        log.prepare_cached("SELECT term, handed, acknowledged_seq, acknowledged_hash FROM line")?;
    let found = read.query_row([], |row| {
        let acknowledged = Head { seq: row::number(row.get(2)?), hash: EntryHash(row.get(3)?) };
        Ok(Line { term: row::number(row.get(0)?), handed: row::number(row.get(1)?), acknowledged })
    });
    found.optional()?.ok_or(StoreError::NotEnrolled)
}

fn cursor(lists: &Connection) -> Result<Cursor, StoreError> {
    Ok(lists.query_row("SELECT term, position FROM feed", [], |row| {
        Ok(Cursor { term: row::number(row.get(0)?), position: row::number(row.get(1)?) })
    })?)
}

fn grants(log: &Connection) -> Result<Vec<GrantTotal>, StoreError> {
    let mut read =
        log.prepare_cached("SELECT session, granted FROM rights WHERE granted > 0 ORDER BY session")?;
    let rows = read.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))?;
    let total = |(session, total): (Vec<u8>, i64)| {
        Ok(GrantTotal {
            session: usher_core::ids::SessionId(row::uuid(&session)?),
            total: row::number(total),
        })
    };
    rows.collect::<Result<Vec<_>, _>>()?.into_iter().map(total).collect()
}

fn check_acknowledged(log: &Connection, who: &Identified, acknowledged: Head) -> Result<(), SyncError> {
    if acknowledged.seq == 0 {
        return Ok(());
    }
    let mut read = log
        .prepare_cached("SELECT hash FROM entry WHERE epoch = ?1 AND seq = ?2")
        .map_err(StoreError::from)?;
    let own = read
        .query_row(params![row::bits(who.identity.epoch.0), row::bits(acknowledged.seq)], |row| row.get(0));
    match own.optional()? {
        Some(hash) if EntryHash(hash) == acknowledged.hash => Ok(()),
        _ => Err(SyncError::Forked(acknowledged.seq)),
    }
}

fn apply_feed(connection: &mut Connection, answer: &SyncAnswer, now_ms: i64) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for item in &answer.changes {
        lists::apply(&tx, item)?;
    }
    // Only the end of the feed says how current this desk is: pages on the way there are old news.
    let synced = if answer.more { None } else { Some(now_ms) };
    tx.prepare_cached("UPDATE feed SET term = ?1, position = ?2, synced_ms = coalesce(?3, synced_ms)")?
        .execute(params![row::bits(answer.cursor.term), row::bits(answer.cursor.position), synced])?;
    Ok(tx.commit()?)
}

fn apply_line(connection: &mut Connection, line: &Line, answer: &SyncAnswer) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute("UPDATE line SET term = ?1", [row::bits(answer.term)])?;
    if answer.acknowledged.seq > line.acknowledged.seq {
        tx.execute(
            "UPDATE line SET acknowledged_seq = ?1, acknowledged_hash = ?2",
            params![row::bits(answer.acknowledged.seq), answer.acknowledged.hash.0],
        )?;
    }
    for grant in &answer.grants {
        raise(&tx, grant)?;
    }
    Ok(tx.commit()?)
}

/// `G := max(G, total)`: repeated and reordered answers change nothing.
fn raise(log: &Connection, grant: &GrantTotal) -> Result<(), StoreError> {
    let sql = "INSERT INTO rights (session, granted) VALUES (?1, ?2)
               ON CONFLICT (session) DO UPDATE SET granted = max(granted, ?2)";
    log.prepare_cached(sql)?.execute(params![row::id(&grant.session.0), row::bits(grant.total)])?;
    Ok(())
}

/// When to try again after failures: doubling, bounded, with jitter, so that two hundred desks do not return in one second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The longest wait, in milliseconds.
    pub const WAIT_MS_MAX: u64 = 10_000;
    const FIRST_MS: u64 = 400;

    /// The wait after one more failure, in milliseconds: between half of the step and the whole of it, as `random` decides.
    pub fn fail(&mut self, random: u64) -> u64 {
        let step = Self::FIRST_MS.saturating_mul(1 << self.failures.min(10)).min(Self::WAIT_MS_MAX);
        self.failures = self.failures.saturating_add(1);
        step / 2 + random % (step / 2 + 1)
    }

    /// Forgets the failures.
    pub fn succeed(&mut self) {
        self.failures = 0;
    }
}
