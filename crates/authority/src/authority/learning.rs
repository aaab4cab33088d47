//! Terms: a server put back to an older backup begins a new one, and learns from the desks what it has forgotten before it gives
//! anything again (DESIGN section 5, *Restored server*).

use std::{cmp::Ordering, sync::PoisonError};

use usher_core::{
    chain::AnswerProof,
    entry::{Body, Follows, Head, OpenEpoch},
    ids::{Epoch, Identity, MachineId, Term},
};
use usher_protocol::sync::{LogEnd, Signed, SyncAnswer, SyncRequest};

use super::{
    Authority, OwnLog, checkpoint::chained, holds, logs, rostered::is_ahead, rotate::catch_up,
    setup::event_row, ticket_keys,
};
use crate::{
    Error, Fresh, Result, RosterLine,
    store::{EventRow, LogRow, Look, StationRow, Store, Txn},
};

impl<S: Store> Authority<S> {
    /// Begins a new term because the database is older than what was answered before. Every log that may hold rights is then
    /// awaited. `shown`: the term of what a desk showed of it; none: nobody had to. The new one is above it, the database's, the
    /// roster's and the clock.
    ///
    /// # Errors
    /// The store's own, or the roster's: no new term began then.
    pub fn begin_term(&self, shown: Option<Term>, mut fresh: Fresh<'_>) -> Result<Term> {
        let lines = self.roster.lines()?;
        let machine = MachineId(fresh.uuid());
        let epoch = Epoch(((fresh.random)() >> 64) as u64);
        let before = self.own();
        let done = self.write(|txn| {
            let mut row = event_row(txn)?;
            let ended = row.term;
            let term = highest(&lines).max(row.term).max(shown.unwrap_or(0)).max(clock(fresh.now_ms)) + 1;
            let follows = txn.log(row.own)?.map(|log| Follows::new(row.own.epoch, log.head));
            row.term = term;
            row.own = Identity { epoch, ..row.own };
            let chain = catch_up(txn, &lines, &mut row)?;
            ticket_keys::catch_up(&lines, &mut row);
            self.roster.keep(&RosterLine::Term { term, own: row.own })?;
            self.adopt(&row, &chain)?;
            enter(txn, &lines, &row)?;
            let own = self.own();
            own.append(txn, Body::OpenEpoch(OpenEpoch { follows, machine }), fresh.now_ms)?;
            holds::doubt_freed(txn, &own, ended, fresh.now_ms)?;
            Ok(term)
        });
        if done.is_err() {
            *self.own.write().unwrap_or_else(PoisonError::into_inner) = before;
        }
        done
    }

    /// Goes on in the term that another process began.
    pub(super) fn follow_term(&self) -> Result<()> {
        let row = self.store.read(event_row)?;
        if row.own == self.own().i {
            return Ok(());
        }
        self.adopt(&row, &self.store.read(|look| look.successions())?)
    }

    /// Goes on in the term that another process began, and begins a new one where a request proves that the database was put back.
    pub(super) fn look_at_term(&self, request: &SyncRequest, fresh: Fresh<'_>) -> Result<()> {
        self.follow_term()?;
        match self.forgotten_term(request)? {
            Some(term) => self.begin_term(Some(term), fresh).map(drop),
            None => Ok(()),
        }
    }

    /// From now on the server writes and signs as `row` says.
    pub(super) fn adopt(&self, row: &EventRow, chain: &[Signed]) -> Result<()> {
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = OwnLog::of(row, chain)?;
        Ok(())
    }

    /// Whether the roster says that this database is older than what was answered from it.
    pub(super) fn is_behind_roster(&self, lines: &[RosterLine]) -> Result<bool> {
        let term = self.own().term;
        self.store.read(|look| {
            let end = look.feed_end()?;
            for line in lines {
                if is_ahead(line, look, term, end)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// The term that a request proves to have been answered in by a later state of this server, the highest of those that it shows;
    /// none: nothing says so.
    pub(super) fn forgotten_term(&self, request: &SyncRequest) -> Result<Option<Term>> {
        let own = self.own();
        let mut highest = None;
        for signed in request.words() {
            if let Some(proof) = own.warning(signed).or_else(|| own.by_later_key(request, signed))
                && self.has_forgotten(&own, &proof)?
            {
                highest = highest.max(Some(proof.term));
            }
        }
        Ok(highest)
    }

    fn has_forgotten(&self, own: &OwnLog, proof: &AnswerProof) -> Result<bool> {
        match proof.term.cmp(&own.term) {
            Ordering::Less => Ok(false),
            Ordering::Equal => self.store.read(|look| lacks(look, proof)),
            Ordering::Greater => Ok(true),
        }
    }

    /// What the server signs with an answer to `to`: the state that the answer came from, or a later one.
    ///
    /// # Errors
    /// The store's own.
    pub fn sign_answer(&self, to: Identity, answer: &SyncAnswer, body: &[u8]) -> Result<Signed> {
        let body = usher_core::chain::sha256(body);
        self.store.read(|look| sign(look, &self.own(), to, answer.acknowledged, body))
    }
}

/// The server's word on the state that `look` shows, given to `to` with what hashes to `body`.
pub(super) fn sign(
    look: &dyn Look,
    own: &OwnLog,
    to: Identity,
    acknowledged: Head,
    body: [u8; 32],
) -> Result<Signed> {
    let log = look.log(own.i)?.ok_or_else(|| Error::Damaged("the server's own log is missing".into()))?;
    let (head, position) = (log.head, look.feed_end()?);
    let root = chained(look, position)?;
    let proof = AnswerProof {
        event: own.event,
        to,
        own: own.i,
        head,
        acknowledged,
        term: own.term,
        position,
        body,
        root,
    };
    let bytes = proof.to_bytes();
    let signature = usher_core::chain::sign_answer(&own.key, &bytes);
    Ok(Signed::new(bytes, &signature))
}

/// Whether something that the proof names is not held.
fn lacks(look: &dyn Look, proof: &AnswerProof) -> Result<bool> {
    Ok(proof.position > look.feed_end()?
        || (proof.root.is_some() && proof.root != chained(look, proof.position)?)
        || logs::holding(look, proof.own, proof.head)?.is_none()
        || logs::holding(look, proof.to, proof.acknowledged)?.is_none())
}

fn highest(lines: &[RosterLine]) -> Term {
    let terms = lines.iter().map(|line| match line {
        RosterLine::Term { term, .. } | RosterLine::Mark { term, .. } => *term,
        _ => 0,
    });
    terms.max().unwrap_or(0)
}

fn clock(now_ms: i64) -> Term {
    u64::try_from(now_ms).unwrap_or(0)
}

/// Enters the term and whoever the roster knows and the database does not.
fn enter(txn: &mut dyn Txn, lines: &[RosterLine], row: &EventRow) -> Result<()> {
    txn.put_event(row)?;
    txn.put_log(row.own, &LogRow::empty(row.term))?;
    for line in lines {
        match line {
            RosterLine::Station { record, role, actor, machine } => {
                let known = txn.station(record.id)?;
                // A revocation outlives the backup.
                if known.is_none_or(|row| record.revoked && !row.record.revoked) {
                    let (record, role, actor, machine) = (record.clone(), *role, *actor, *machine);
                    txn.put_station(&StationRow { record, role, actor, machine })?;
                }
            }
            RosterLine::Log(i) if txn.log(*i)?.is_none() => txn.put_log(*i, &LogRow::empty(0))?,
            _ => {}
        }
    }
    forget_invented(txn, lines, row.term)
}

/// Logs that only whoever stole a revoked credential can have written are not awaited. One of an honest desk, of which this database has
/// forgotten what counted, stands in the roster.
fn forget_invented(txn: &mut dyn Txn, lines: &[RosterLine], term: Term) -> Result<()> {
    let in_roster = |i: &Identity| lines.is_empty() || lines.contains(&RosterLine::Log(*i));
    for i in logs::of_nobody(txn)?.into_iter().filter(|i| !in_roster(i)) {
        let log = txn.log(i)?.unwrap_or(LogRow::empty(term));
        txn.put_log(i, &LogRow { reported: term, ..log })?;
    }
    Ok(())
}

/// How far every log is held that the desk of `i` could give back a part of.
pub(super) fn ends(look: &dyn Look, own: &OwnLog, i: Identity) -> Result<Vec<LogEnd>> {
    let of_others = |log: &Identity| *log != i && *log != own.i;
    let logs = look.logs()?.into_iter().filter(|(log, row)| of_others(log) && row.branch.is_none());
    Ok(logs.map(|(log, row)| LogEnd { log, seq: row.head.seq }).collect())
}
