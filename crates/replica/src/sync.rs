//! The sync machine without its wire: what to send next, what an answer means, when to try again.
//!
//! Read, let go, send, then apply: no lock is held while bytes travel. Handover is committed before the first byte leaves
//! (DESIGN section 5); the feed is applied before the grants that came with it.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use usher_core::{
    chain::{AnswerProof, RequestProof, sha256, verify_answer},
    entry::Head,
    ids::{Identity, Seq, SessionId, Term},
};
use usher_protocol::{
    limits::{ENTRIES_PER_REQUEST_MAX, PROTOCOL},
    proof::ProofHeaders,
    sync::{BranchMark, Cursor, EntryBytes, GrantTotal, Signed, StationStatus, SyncAnswer, SyncRequest},
};

use crate::{
    Identified, Replica, Side, StoreError, duties,
    give_back::{self, Giving},
    life::Life,
    lists, log, rights, row, sums,
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

impl Replica {
    /// The next sync request. Commits the handover first. An earlier life that the server does not hold to its end goes first.
    ///
    /// # Errors
    /// A fault of the files; nothing may be sent then.
    pub fn next_request(&self, who: &Identified, asking: Asking) -> Result<Outgoing, StoreError> {
        let mut side = self.sync();
        let side = &mut *side;
        let turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let life = hand_over(&tx, who)?;
        let current = life.i == who.identity;
        let (entries, head) = page(&tx, &life, life.acknowledged)?;
        let (grants, receipt, term) = (grants(&tx)?, give_back::receipt(&tx)?, term(&tx)?);
        let end = log::head(&tx, who.identity.epoch)?.0;
        tx.commit()?;
        if current {
            self.note_handover(who, life.handed, end);
        }
        drop(turn);
        let cursor = cursor(&side.lists)?;
        let part = if current { self.giving().next(&side.lists, who.identity.station)? } else { None };
        let wants = if current {
            duties::wants(&side.log, &side.lists, who, asking.serving, asking.now_ms)?
        } else {
            Vec::new()
        };
        let request = SyncRequest {
            protocol: asking.protocol.unwrap_or(PROTOCOL),
            entries,
            cursor,
            grants: if current { grants } else { Vec::new() },
            wants,
            status: StationStatus { waiting: life.handed.saturating_sub(head.seq), ..asking.status },
            receipt,
            relayed: part.as_ref().map_or_else(Vec::new, |part| part.relayed.clone()),
            all_given_back: Some(part.as_ref().is_some_and(|part| part.last)),
        };
        let mut out = seal(who, life.i, term, life.handed, head, &request, cursor)?;
        out.said_all = part.as_ref().is_some_and(|part| part.last);
        out.offered = part.map(|part| part.ends).unwrap_or_default();
        Ok(out)
    }

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
        Ok(!self.sync().lists.query_row("SELECT complete FROM feed", [], |row| row.get::<_, bool>(0))?)
    }

    /// Applies an answer: the feed and cursor in one transaction of `replica.db`, then what is acknowledged and granted in one of
    /// `log.db`. A crash between the two loses nothing: both are totals and come again.
    ///
    /// # Errors
    /// [`SyncError::Unsigned`] when the event's server signs its answers and this one is not; otherwise a fault of the files.
    pub fn apply_answer(
        &self,
        who: &Identified,
        sent: &Outgoing,
        answer: &SyncAnswer,
        receipt: Option<Receipt<'_>>,
        now_ms: i64,
    ) -> Result<Applied, SyncError> {
        let mut side = self.sync();
        let side = &mut *side;
        let before = term(&side.log)?;
        if answer.term < before || cursor(&side.lists)? != sent.cursor {
            return Ok(Applied { stale: true, ..Applied::default() });
        }
        let signed = check_signature(&side.lists, who, sent.life, answer, receipt)?;
        let current = sent.life == who.identity;
        if current {
            // All that the server signed before this answer is held with it.
            let words = [give_back::receipt(&side.log)?, signed.clone()];
            apply_feed(&mut side.lists, answer, words.iter().flatten(), now_ms)?;
            self.giving().hear(answer.term, answer.lacks.as_ref(), &sent.offered);
        }
        let turn = self.turn();
        let refetch = apply_line(&mut side.log, sent.life, current, answer, signed.as_ref())?;
        drop(turn);
        if refetch {
            side.lists.execute("UPDATE feed SET complete = 0", [])?;
        }
        if let Some(mark) = answer.branch {
            self.learn_branch(side, sent.life, mark)?;
        }
        // What an earlier life is told says nothing about the one that is written: its turn comes next.
        let more = answer.more
            || !current
            || unsent_lives(&side.log, who)?
            || answer.lacks.is_some() && (answer.term != before || !sent.said_all);
        let fenced = current && answer.fenced;
        Ok(Applied { changes: answer.changes.len(), more, stale: false, fenced })
    }

    pub(crate) fn giving(&self) -> std::sync::MutexGuard<'_, Giving> {
        self.giving.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The server counts this life under another epoch from an entry on: so does this desk, from now on.
    fn learn_branch(&self, side: &mut Side, life: Identity, mark: BranchMark) -> Result<(), StoreError> {
        let known = Life::of(&side.log, life)?.branch;
        if known.is_some_and(|branch| (branch.from, branch.epoch) == (mark.from, mark.epoch)) {
            return Ok(());
        }
        let turn = self.turn();
        let sql = "UPDATE life SET branch_from = ?2, branch_epoch = ?3 WHERE epoch = ?1";
        side.log
            .execute(sql, params![row::bits(life.epoch.0), row::bits(mark.from), row::bits(mark.epoch.0)])?;
        drop(turn);
        // What was absorbed under the other name is counted anew.
        crate::rebuild::rebuild(side, life.station).map(drop)
    }
}

/// The answer's signature, once it was checked; none: the event's server is of version 0.1 and signs nothing.
fn check_signature(
    lists: &Connection,
    who: &Identified,
    life: Identity,
    answer: &SyncAnswer,
    receipt: Option<Receipt<'_>>,
) -> Result<Option<Signed>, SyncError> {
    let Some(key) = lists::server_key(lists)? else {
        return Ok(receipt.map(|receipt| receipt.signed.clone()));
    };
    let receipt = receipt.ok_or(SyncError::Unsigned)?;
    let proof = AnswerProof::from_bytes(&receipt.signed.proof.0).map_err(|_| SyncError::Unsigned)?;
    let signature = receipt.signed.signature().ok_or(SyncError::Unsigned)?;
    let good = verify_answer(&key, &receipt.signed.proof.0, &signature)
        && proof.event == who.event
        && proof.to == life
        && proof.body == sha256(receipt.body)
        && proof.term == answer.term
        && proof.acknowledged == answer.acknowledged;
    if good { Ok(Some(receipt.signed.clone())) } else { Err(SyncError::Unsigned) }
}

pub(crate) fn seal<T: serde::Serialize>(
    who: &Identified,
    life: Identity,
    term: Term,
    handed: Seq,
    head: Head,
    request: &T,
    cursor: Cursor,
) -> Result<Outgoing, StoreError> {
    let body = serde_json::to_vec(request).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let proof = RequestProof {
        event: who.event,
        station: life.station,
        epoch: life.epoch,
        head,
        handed,
        term,
        body: sha256(&body),
    };
    Ok(Outgoing {
        proof: ProofHeaders::sign(&proof, &who.key),
        body,
        cursor,
        life,
        offered: Vec::new(),
        said_all: false,
    })
}

/// Commits `handed` to the end of the log, once all that was handed before is acknowledged: pages hand over as a whole. Gives the
/// life that is to be sent: the first that the server does not hold to its end, or the one that is written.
fn hand_over(log: &Connection, who: &Identified) -> Result<Life, StoreError> {
    let mut chosen = None;
    for life in Life::all(log, who.identity.station)? {
        let next = next_unsent(log, &life)?;
        if life.i == who.identity || next.is_some() {
            chosen = Some((life, next));
            break;
        }
    }
    let Some((mut life, next)) = chosen else { return Err(StoreError::NotEnrolled) };
    let end = log::head(log, life.i.epoch)?.0.seq;
    if next.is_none_or(|next| next > life.handed) && life.handed != end {
        life.handed = end;
        let sql = "UPDATE life SET handed = ?2 WHERE epoch = ?1";
        log.prepare_cached(sql)?.execute(params![row::bits(life.i.epoch.0), row::bits(end)])?;
    }
    Ok(life)
}

/// The first entry of a life that the server does not hold and that can be sent.
fn next_unsent(log: &Connection, life: &Life) -> Result<Option<Seq>, StoreError> {
    let next = log::intact_after(log, life.i.epoch, life.acknowledged.seq, 1)?;
    Ok(next.first().map(|one| one.entry.seq))
}

/// The next page of a life's entries behind `from`, none behind what was handed over; and the end that the server holds once it has
/// taken them. A lost entry leaves an empty place, by which the server knows that nobody can fill the gap.
pub(crate) fn page(log: &Connection, life: &Life, from: Head) -> Result<(Vec<EntryBytes>, Head), StoreError> {
    let (mut sent, mut head) = (Vec::new(), from);
    let next = log::intact_after(log, life.i.epoch, from.seq, ENTRIES_PER_REQUEST_MAX)?;
    for one in next.into_iter().filter(|one| one.entry.seq <= life.handed) {
        if one.entry.seq != head.seq + 1 {
            sent.push(EntryBytes(Vec::new()));
        }
        if sent.len() == ENTRIES_PER_REQUEST_MAX {
            break;
        }
        head = one.head();
        sent.push(EntryBytes(one.bytes));
    }
    sent.truncate(ENTRIES_PER_REQUEST_MAX);
    Ok((sent, head))
}

/// Whether the server does not hold some life to its end.
fn unsent_lives(log: &Connection, who: &Identified) -> Result<bool, StoreError> {
    for life in Life::all(log, who.identity.station)? {
        if next_unsent(log, &life)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
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

fn grants(log: &Connection) -> Result<Vec<GrantTotal>, StoreError> {
    let all = rights::all(log)?.into_iter().filter(|(_, rights)| rights.granted > 0);
    Ok(all.map(|(session, rights)| GrantTotal { session, total: rights.granted }).collect())
}

fn apply_feed<'a>(
    connection: &mut Connection,
    answer: &SyncAnswer,
    mut words: impl Iterator<Item = &'a Signed>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for item in &answer.changes {
        lists::apply(&tx, item, answer.term)?;
    }
    words.try_for_each(|signed| give_back::keep_word(&tx, signed))?;
    // Only the end of the feed says how current this desk is: pages on the way there are old news.
    let synced = if answer.more { None } else { Some(now_ms) };
    tx.prepare_cached("UPDATE feed SET term = ?1, position = ?2, synced_ms = coalesce(?3, synced_ms)")?
        .execute(params![row::bits(answer.cursor.term), row::bits(answer.cursor.position), synced])?;
    Ok(tx.commit()?)
}

/// Takes in what is acknowledged, granted and recalled. Gives whether the lists are to be fetched whole: once a term after a
/// restore has learnt what there is to learn.
fn apply_line(
    connection: &mut Connection,
    life: Identity,
    current: bool,
    answer: &SyncAnswer,
    signed: Option<&Signed>,
) -> Result<bool, StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let new_term = answer.term > term(&tx)?;
    let (proof, signature) = signed.map(|it| (&it.proof.0, &it.signature.0)).unzip();
    let sql = "UPDATE line SET term = ?1, receipt = coalesce(?2, receipt),
               receipt_signature = coalesce(?3, receipt_signature), refetch = refetch OR ?4";
    tx.prepare_cached(sql)?.execute(params![row::bits(answer.term), proof, signature, new_term])?;
    if new_term {
        doubt_earlier(&tx, life)?;
    }
    acknowledge(&tx, life, answer)?;
    let refetch = tx.query_row("SELECT refetch FROM line", [], |row| row.get::<_, bool>(0))?;
    let refetch = refetch && current && !answer.learning && !answer.more && answer.lacks.is_none();
    if refetch {
        tx.execute("UPDATE line SET refetch = 0", [])?;
    }
    if current {
        for grant in &answer.grants {
            rights::raise(&tx, grant)?;
        }
        for total in &answer.recalls {
            rights::recall(&tx, total)?;
        }
    }
    tx.commit()?;
    Ok(refetch)
}

/// A server that was put back may have lost the end of an earlier life, of which no answer speaks any more: each is offered whole once
/// more.
fn doubt_earlier(log: &Connection, life: Identity) -> Result<(), StoreError> {
    let sql = "UPDATE life SET acknowledged_seq = 0, acknowledged_hash = ?2
               WHERE epoch <> ?1 AND nr < (SELECT max(nr) FROM life)";
    log.prepare_cached(sql)?.execute(params![row::bits(life.epoch.0), Head::EMPTY.hash.0])?;
    Ok(())
}

/// What the server holds is what it says, if this desk wrote it that way. It may be less than before: a server put back to a backup
/// is sent the rest again. If it names another entry, the log was continued twice: it is sent whole, and the server tells the
/// branches apart.
fn acknowledge(log: &Connection, life: Identity, answer: &SyncAnswer) -> Result<(), StoreError> {
    let known = log::hash_at(log, life.epoch, answer.acknowledged.seq)?;
    let held = if known == Some(answer.acknowledged.hash) { answer.acknowledged } else { Head::EMPTY };
    let sql = "UPDATE life SET acknowledged_seq = ?2, acknowledged_hash = ?3, fenced = fenced OR ?4 WHERE epoch = ?1";
    log.prepare_cached(sql)?.execute(params![
        row::bits(life.epoch.0),
        row::bits(held.seq),
        held.hash.0,
        answer.fenced
    ])?;
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
