//! What a supervisor decides: settling a lost desk, incidents, what a revoked desk sent, which exit belongs to whom.
//!
//! Each decision is an entry of the server's own log; what it means is said by [`crate::derive`] and `usher-core`.

use usher_core::{
    entry::{Accept, Bind, Body, Outcome, Resolve, Settle, SettleReason},
    ids::{ActorId, EntryKey, Identity, IncidentId, SessionId},
};

use super::Authority;
use crate::{
    Result, derive,
    incidents::derive as incidents,
    remark,
    store::{Look, Store, Txn},
};

/// A supervisor's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A lost desk's rights for a session are written off; `spent` of them count as used.
    Settle {
        /// Whose log.
        i: Identity,
        /// For which session.
        session: SessionId,
        /// How many count as used.
        spent: u32,
        /// Why.
        reason: SettleReason,
    },
    /// An incident is settled.
    Resolve {
        /// Which.
        incident: IncidentId,
        /// How.
        outcome: Outcome,
    },
    /// An exit ends this earlier check-in.
    Bind {
        /// The exit.
        exit: EntryKey,
        /// The check-in.
        check_in: EntryKey,
    },
    /// What a revoked desk sent counts after all.
    Accept {
        /// Whose log.
        i: Identity,
    },
}

/// Why a decision was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No such log, session, incident, exit or check-in.
    Unknown,
    /// It was decided before.
    Done,
    /// While the server still learns after a restore, exits are not bound.
    Learning,
    /// The check-in is not an earlier one of the same person at the same session.
    DoesNotFit,
}

impl<S: Store> Authority<S> {
    /// Takes a supervisor's decision. A refusal is the inner `Err`.
    ///
    /// # Errors
    /// The store's own: nothing was decided then.
    pub fn decide(&self, decision: &Decision, actor: ActorId, now_ms: i64) -> Result<Result<(), Refused>> {
        self.store.write(|txn| {
            let body = match self.body(txn, decision, actor)? {
                Ok(body) => body,
                Err(refused) => return Ok(Err(refused)),
            };
            self.own().append(txn, body, now_ms)?;
            if let Decision::Accept { i } = decision {
                self.accept(txn, *i)?;
            }
            self.tend(txn, now_ms)?;
            Ok(Ok(()))
        })
    }

    fn body(&self, look: &dyn Look, decision: &Decision, actor: ActorId) -> Result<Result<Body, Refused>> {
        Ok(match decision {
            Decision::Settle { i, session, spent, reason } => {
                let Some(log) = look.log(*i)? else { return Ok(Err(Refused::Unknown)) };
                if i.station == self.own().i.station || look.session(*session)?.is_none() {
                    return Ok(Err(Refused::Unknown));
                }
                if look.settled(*session)?.iter().any(|row| row.i == *i) {
                    return Ok(Err(Refused::Done));
                }
                let (session, spent, reason, after) = (*session, *spent, *reason, Some(log.head.seq));
                Ok(Body::Settle(Settle { i: *i, session, spent, actor, reason, after }))
            }
            Decision::Resolve { incident, outcome } => {
                if look.resolved(*incident)?.is_some() {
                    return Ok(Err(Refused::Done));
                }
                let known = incidents(look)?.iter().any(|found| found.incident.id == *incident);
                let body = Body::Resolve(Resolve { incident: *incident, outcome: *outcome, actor });
                if known { Ok(body) } else { Err(Refused::Unknown) }
            }
            Decision::Bind { exit, check_in } => self.bind(look, *exit, *check_in)?,
            Decision::Accept { i } => {
                let log = look.log(*i)?.filter(|log| log.head.seq > 0);
                log.map(|log| Body::Accept(Accept { i: *i, seq: log.head.seq, actor }))
                    .ok_or(Refused::Unknown)
            }
        })
    }

    /// An exit is bound once, to an earlier check-in of the same person at the same session.
    fn bind(&self, look: &dyn Look, exit: EntryKey, check_in: EntryKey) -> Result<Result<Body, Refused>> {
        let (Some(left), Some(row)) = (look.entry(exit)?, look.check_in(check_in)?) else {
            return Ok(Err(Refused::Unknown));
        };
        let left = derive::placed(look, &left)?;
        let Body::Exit(body) = &left.body else { return Ok(Err(Refused::Unknown)) };
        if !super::learning::awaited(look, &self.own(), body.session)?.is_empty() {
            return Ok(Err(Refused::Learning));
        }
        if bound(look, exit)? {
            return Ok(Err(Refused::Done));
        }
        let same = row.session == body.session
            && row.subject == usher_core::entry::Subject::Person(body.person)
            && (row.hlc, row.key) < (left.hlc, exit);
        Ok(if same { Ok(Body::Bind(Bind { exit, check_in })) } else { Err(Refused::DoesNotFit) })
    }

    /// Publishes what was kept as disputed and takes it into the tables.
    fn accept(&self, txn: &mut dyn Txn, i: Identity) -> Result<()> {
        let end = txn.log(i)?.map_or(0, |log| log.head.seq);
        for seq in 1..=end {
            let Some(row) = txn.entry(i.key(seq))? else { continue };
            if row.remarks & remark::DISPUTED != 0 && txn.publish_entry(row.key)? {
                let entry = derive::placed(txn, &row)?;
                derive::apply(txn, &entry, row.received_ms, self.own().i.station)?;
            }
        }
        Ok(())
    }
}

/// Whether the exit was bound before, in any term.
fn bound(look: &dyn Look, exit: EntryKey) -> Result<bool> {
    let mut found = false;
    look.entries(&mut |row| {
        let named = derive::decode(&row.bytes)
            .is_ok_and(|entry| matches!(&entry.body, Body::Bind(bind) if bind.exit == exit));
        found |= named;
        Ok(!found)
    })?;
    Ok(found)
}
