//! What a supervisor decides: settling a lost desk, incidents, what a revoked desk sent, which exit belongs to whom.
//!
//! Each decision is an entry of the server's own log; what it means is said by [`crate::derive`] and `usher-core`.

use usher_core::{
    entry::{
        Accept, Bind, Body, CapacitySet, Head, Merge, Resolve, SessionStateSet, Settle, Split, StateSet,
        Subject,
    },
    ids::{ActorId, EntryKey, IncidentId, PersonId},
    session::SessionRules,
};
use usher_protocol::{
    decide::{DECISION_AGE_MS_MAX, Decision, Refused, SeenBoard},
    records::SessionRecord,
};

use super::{
    Authority,
    accepting::accept,
    awaiting::{awaited, learning},
    words,
};
use crate::{
    Result, derive,
    incidents::derive as incidents,
    store::{Look, Store},
};

impl<S: Store> Authority<S> {
    /// Takes a supervisor's decision. A refusal is the inner `Err`.
    ///
    /// # Errors
    /// The store's own: nothing was decided then.
    pub fn decide(&self, decision: &Decision, actor: ActorId, now_ms: i64) -> Result<Result<(), Refused>> {
        Ok(self.decide_on(None, decision, actor, now_ms)?.map(drop))
    }

    /// [`Self::decide`], unless the board that it was decided on is no longer so: a request that is sent once more decides nothing. Gives the
    /// revision of the session's settings, where it is about them.
    ///
    /// # Errors
    /// The store's own: nothing was decided then.
    pub fn decide_on(
        &self,
        seen: Option<&SeenBoard>,
        decision: &Decision,
        actor: ActorId,
        now_ms: i64,
    ) -> Result<Result<Option<u64>, Refused>> {
        if seen.is_some_and(|seen| now_ms.saturating_sub(seen.at_ms) > DECISION_AGE_MS_MAX) {
            return Ok(Err(Refused::DoesNotFit));
        }
        self.follow_term()?;
        let rev = seen.and_then(|seen| seen.rev);
        if let Decision::State { words: Some(words), .. } = decision
            && !words::fit(words)
        {
            return Ok(Err(Refused::DoesNotFit));
        }
        if let Decision::GivePlace { session, to, capacity, asked_ms } = decision {
            let (capacity, asked_ms) = (*capacity, *asked_ms);
            let given = words::Given { session: *session, to: *to, capacity, asked_ms };
            return Ok(self.give_place(given, rev, actor, now_ms)?.map(Some));
        }
        Ok(match decision.session_set() {
            Some(session) => {
                let change = |record: &mut SessionRecord| set_record(record, decision, now_ms);
                self.change(session, rev, entry_of(decision, actor), now_ms, change)?.map(Some)
            }
            None => self.decide_by_entry(decision, actor, now_ms)?.map(|()| None),
        })
    }

    fn decide_by_entry(
        &self,
        decision: &Decision,
        actor: ActorId,
        now_ms: i64,
    ) -> Result<Result<(), Refused>> {
        self.write(|txn| {
            let body = match self.body(txn, decision, actor)? {
                Ok(body) => body,
                Err(refused) => return Ok(Err(refused)),
            };
            self.own().append(txn, body, now_ms)?;
            if let Decision::Accept { log: i } = decision {
                let end = txn.log(*i)?.map_or(0, |log| log.head.seq);
                accept(txn, self.own().i.station, *i, end)?;
            }
            match decision {
                // One person has one held seat, and two have two.
                Decision::Merge { .. } | Decision::Split { .. } => self.set_holds(txn, now_ms)?,
                // Whoever was awaited may be the last: what was decided and learnt of held seats meanwhile counts from now on.
                Decision::Settle { .. } | Decision::Accept { .. } => self.set_holds(txn, now_ms)?,
                _ => self.tend(txn, now_ms)?,
            }
            Ok(Ok(()))
        })
    }

    fn body(&self, look: &dyn Look, decision: &Decision, actor: ActorId) -> Result<Result<Body, Refused>> {
        Ok(match decision {
            Decision::Settle { log: i, session, spent, reason } => {
                if look.log(*i)?.is_none() {
                    return Ok(Err(Refused::Unknown));
                }
                if i.station == self.own().i.station || look.session(*session)?.is_none() {
                    return Ok(Err(Refused::Unknown));
                }
                if look.settled(*session)?.iter().any(|row| row.i == *i) {
                    return Ok(Err(Refused::Done));
                }
                // What is disputed counts as not received: once it is accepted, it turns up behind this.
                let (session, spent, reason, after) =
                    (*session, *spent, *reason, Some(look.published_end(*i)?));
                Ok(Body::Settle(Settle { i: *i, session, spent, actor, reason, after }))
            }
            Decision::Resolve { incident, outcome, over_by } => {
                let (incident, outcome) = (*incident, *outcome);
                settled_for(look, incident, *over_by)?
                    .map(|over_by| Body::Resolve(Resolve { incident, outcome, actor, over_by }))
            }
            Decision::Bind { exit, check_in } => self.bind(look, *exit, *check_in)?,
            Decision::Merge { a, b } => self.merge(look, *a, *b)?,
            Decision::Split { merge } => self.split(look, *merge)?,
            Decision::Accept { log: i } => {
                let head = look.log(*i)?.map(|log| log.head).filter(|head| head.seq > 0);
                head.map(|Head { seq, hash }| Body::Accept(Accept { i: *i, seq, actor, hash: Some(hash) }))
                    .ok_or(Refused::Unknown)
            }
            // What changes a session is decided by setting it, with an entry where there is a kind for it.
            Decision::Capacity { .. }
            | Decision::State { .. }
            | Decision::HandOut { .. }
            | Decision::ReEntry { .. }
            | Decision::HoldSeats { .. }
            | Decision::GivePlace { .. } => Err(Refused::DoesNotFit),
            Decision::Message { .. } => words::message(look, decision, actor)?,
        })
    }

    /// An exit is bound once, to an earlier check-in of the same person at the same session.
    fn bind(&self, look: &dyn Look, exit: EntryKey, check_in: EntryKey) -> Result<Result<Body, Refused>> {
        let (Some(left), Some(row)) = (look.entry(exit)?, look.check_in(check_in)?) else {
            return Ok(Err(Refused::Unknown));
        };
        let left = derive::placed(look, &left)?;
        let Body::Exit(body) = &left.body else { return Ok(Err(Refused::Unknown)) };
        if !awaited(look, &self.own(), body.session)?.is_empty() {
            return Ok(Err(Refused::Learning));
        }
        if look.exit(exit)?.is_some_and(|row| row.bound) {
            return Ok(Err(Refused::Done));
        }
        let names = derive::same(look, body.person, false)?;
        let same = row.session == body.session
            && names.iter().any(|name| row.subject == Subject::Person(*name))
            && (row.hlc, row.key) < (left.hlc, exit);
        Ok(if same { Ok(Body::Bind(Bind { exit, check_in })) } else { Err(Refused::DoesNotFit) })
    }

    /// Two known persons that are not one yet. Not while the server learns: it may lack Merges, and held seats.
    fn merge(&self, look: &dyn Look, a: PersonId, b: PersonId) -> Result<Result<Body, Refused>> {
        if learning(look, &self.own())? {
            return Ok(Err(Refused::Learning));
        }
        if !(is_known(look, a)? && is_known(look, b)?) {
            return Ok(Err(Refused::Unknown));
        }
        let same = derive::same(look, a, false)?;
        Ok(match a == b {
            true => Err(Refused::DoesNotFit),
            false if same.contains(&b) => Err(Refused::Done),
            false => Ok(Body::Merge(Merge { a, b })),
        })
    }

    fn split(&self, look: &dyn Look, merge: EntryKey) -> Result<Result<Body, Refused>> {
        if learning(look, &self.own())? {
            return Ok(Err(Refused::Learning));
        }
        Ok(match look.merge(merge)?.filter(|row| row.persons.is_some()) {
            None => Err(Refused::Unknown),
            Some(row) if row.split => Err(Refused::Done),
            Some(_) => Ok(Body::Split(Split { merge })),
        })
    }
}

/// What a decision changes in a session.
fn set_record(record: &mut SessionRecord, decision: &Decision, now_ms: i64) {
    if let Decision::State { state, .. } = decision {
        record.rules.set = *state;
        record.pause_words = paused_with(decision).unwrap_or_default();
        return;
    }
    set_rules(&mut record.rules, decision, now_ms);
}

/// The words that a pause comes with. A session that is not paused has none.
fn paused_with(decision: &Decision) -> Option<String> {
    let Decision::State { state: StateSet::Paused, words: Some(words), .. } = decision else { return None };
    Some(words.trim().to_owned()).filter(|words| !words.is_empty())
}

fn set_rules(rules: &mut SessionRules, decision: &Decision, now_ms: i64) {
    match *decision {
        Decision::Capacity { capacity, .. } => rules.capacity = capacity,
        Decision::HandOut { all, .. } => rules.hand_out_all = all,
        Decision::ReEntry { allowed, .. } => rules.re_entry = allowed,
        Decision::HoldSeats { hold, .. } => rules.set_hold(hold, now_ms),
        _ => {}
    }
}

/// The entry that says what is set of a session; none: there is no kind for it.
fn entry_of(decision: &Decision, actor: ActorId) -> Option<Body> {
    match *decision {
        Decision::Capacity { session, capacity } => {
            Some(Body::CapacitySet(CapacitySet { session, capacity, actor }))
        }
        Decision::State { session, state, .. } => {
            let words = paused_with(decision);
            Some(Body::SessionState(SessionStateSet { session, state, actor, words }))
        }
        _ => None,
    }
}

/// What an incident is settled for: how many beyond the capacity, for an overshoot. Not more than there are, whatever the board that
/// the supervisor saw said.
fn settled_for(
    look: &dyn Look,
    incident: IncidentId,
    seen: Option<u64>,
) -> Result<Result<Option<u64>, Refused>> {
    let decided = look.resolved(incident)?;
    let Some(found) = incidents(look)?.into_iter().find(|found| found.incident.id == incident) else {
        return Ok(Err(if decided.is_some() { Refused::Done } else { Refused::Unknown }));
    };
    let over_by = found.over_by.map(|now| now.min(seen.unwrap_or(now)));
    // As many were noted before, or the board that was looked at showed none: it is an old one.
    let old = over_by == Some(0) || decided.is_some_and(|row| over_by <= row.over_by);
    Ok(if old { Err(Refused::Done) } else { Ok(over_by) })
}

/// Whether the person is on the list or was let in somewhere.
fn is_known(look: &dyn Look, person: PersonId) -> Result<bool> {
    if look.person(person)?.is_some() {
        return Ok(true);
    }
    for (session, _) in look.all_sums()? {
        if !look.group(session, Subject::Person(person))?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
