//! What one more item of the feed may do to the worst case: the rules of DESIGN section 5 about giving (I3) and rising (I6), asked at
//! every entry that the server takes or writes.

use usher_core::{
    entry::{Basis, Body, CheckIn, Entry, Grant, HoldsFreed, Settle, Subject},
    ids::{Identity, SessionId},
};
use usher_protocol::sync::Change;

use super::{Broken, Oracle, books::Settled, broken};

impl Oracle {
    /// Takes an item of the server's feed, in order. `asked`: the books are up to date, so that the rules can be asked.
    ///
    /// # Errors
    /// It breaks a rule.
    pub(super) fn hear(&mut self, change: &Change, asked: bool) -> Result<(), Broken> {
        self.books.take_record(change);
        if let Change::Session(record) = change
            && let Some(places) = record.rules.capacity
        {
            let most = self.places.entry(record.rules.id).or_default();
            *most = places.max(*most);
        }
        let Some(entry) = super::books::Books::entry(change) else { return Ok(()) };
        if self.books.keys.contains(&entry.key()) {
            return broken(format!("P1: {:?} stands in the feed twice", entry.key()));
        }
        self.may_count(&entry)?;
        // Put back behind its back, a server may have written over what desks could have given back to it: a held seat is then news.
        let asked = asked && !self.was_blind;
        let mut sessions = self.sessions_of(&entry);
        sessions.retain(|session| asked && !self.unsure.contains(session));
        let before = sessions.into_iter().map(|session| {
            let worst = self.books.worst(session).all();
            Ok((session, worst, self.allowed(session, worst, &entry)?))
        });
        let before = before.collect::<Result<Vec<_>, Broken>>()?;
        self.note(&entry, asked);
        self.books.take(&entry);
        if matches!(entry.body, Body::Bind(_) | Body::Resolve(_) | Body::Merge(_) | Body::CheckIn(_)) {
            self.gone.extend(self.books.bound.values().flatten().chain(&self.books.seconds));
            self.gone.extend(self.books.bound.keys());
        }
        for (session, before, allowed) in before {
            let after = self.books.worst(session).all();
            if after > before + allowed {
                return broken(format!(
                    "I6: W of {session} rose from {before} to {after} by {:?}, which may add {allowed}",
                    entry.body
                ));
            }
        }
        Ok(())
    }

    /// At which sessions an entry may move the worst case.
    fn sessions_of(&self, entry: &Entry) -> Vec<SessionId> {
        match &entry.body {
            // What is said of people is said of every session.
            Body::Resolve(_) | Body::Merge(_) | Body::Split(_) => {
                self.books.capacity.keys().copied().collect()
            }
            _ => self.session_of(entry).into_iter().collect(),
        }
    }

    fn session_of(&self, entry: &Entry) -> Option<SessionId> {
        match &entry.body {
            Body::Exit(one) => Some(one.session),
            Body::ReEntry(one) => self.books.session_of(one.of),
            Body::Bind(one) => {
                let left = self.books.exits.get(&one.exit).map(|left| left.session);
                left.or_else(|| self.books.session_of(one.check_in))
            }
            Body::CheckIn(one) => Some(one.session),
            Body::Undo(one) => self.books.session_of(one.of),
            Body::CheckOut(one) => self.books.session_of(one.of),
            Body::Return(one) => Some(one.session),
            Body::Grant(one) => Some(one.session),
            Body::Settle(one) => Some(one.session),
            Body::HoldsSet(one) => Some(one.session),
            Body::HoldsFreed(one) => Some(one.session),
            _ => None,
        }
    }

    /// By how much an entry may raise the worst case `worst`.
    fn allowed(&self, session: SessionId, worst: u64, entry: &Entry) -> Result<u64, Broken> {
        let ours = self.books.own == Some(entry.identity());
        match &entry.body {
            Body::Grant(grant) if ours => self.grant(worst, grant),
            Body::HoldsSet(set) if ours => {
                self.no_second_hold(set).map(|()| self.places_left(session, worst))
            }
            Body::Bind(bind) if ours => self.binds_well(bind),
            Body::Merge(merge) if ours => self.merge_is_new(merge),
            Body::HoldsFreed(freed) if ours => self.all_ended(freed).map(|()| 0),
            Body::Settle(settle) if ours => self.settle_is_of_now(settle),
            // Facts of an earlier term that desks gave back.
            Body::Grant(_) | Body::HoldsSet(_) | Body::HoldsFreed(_) | Body::Settle(_) => Ok(u64::MAX >> 1),
            Body::CheckIn(one) => Ok(self.adds(session, entry.identity(), one)),
            // Clones' spending becoming known: the other copy had handed it over, and its seat may have been left since (seed 103178).
            Body::Undo(one) if one.refund => Ok(u64::from(self.is_copied(one.of))),
            _ => Ok(0),
        }
    }

    /// P, where it is above zero.
    fn places_left(&self, session: SessionId, worst: u64) -> u64 {
        let capacity = self.books.capacity.get(&session).copied().flatten();
        capacity.map_or(0, |places| u64::from(places).saturating_sub(worst))
    }

    /// I3: rights are given only while P ≥ n, and only to a log that takes some. What the server signed before may be stated again.
    fn grant(&self, worst: u64, grant: &Grant) -> Result<u64, Broken> {
        let ever = self.ever.get(&(grant.session, grant.to)).copied().unwrap_or(0);
        if grant.total <= ever {
            return Ok(u64::MAX >> 1);
        }
        if self.books.fenced.contains(&grant.to) || self.books.closed.contains(&grant.to) {
            return broken(format!("I3: {grant:?} is for a log that takes no further rights"));
        }
        if self.books.revoked.contains(&grant.to.station) {
            return broken(format!("I3: {grant:?} is for a desk that was revoked"));
        }
        let known = self.books.granted.get(&grant.session).and_then(|all| all.get(&grant.to)).copied();
        let more = grant.total.saturating_sub(known.unwrap_or(0));
        let places = self.places_left(grant.session, worst);
        if more > places {
            return broken(format!("I3: {more} rights were given where P is {places}: {grant:?}"));
        }
        Ok(more)
    }

    /// A settlement names the log's end as it was held, and raises W by what it says was spent beyond the log's rights.
    fn settle_is_of_now(&self, settle: &Settle) -> Result<u64, Broken> {
        let (end, after) = (self.books.end(settle.i), settle.after.unwrap_or(0));
        if end != after {
            return broken(format!("{settle:?} names {after} as the end of a log that was held up to {end}"));
        }
        let left = self.books.rights_left(settle.session, settle.i);
        Ok(u64::from(settle.spent).saturating_sub(left))
    }

    /// What is to be remembered of an entry whatever becomes of the server.
    fn note(&mut self, entry: &Entry, asked: bool) {
        match &entry.body {
            // What a log could still have spent when it was written off.
            Body::Settle(settle) => {
                let sure = asked && !self.unsure.contains(&settle.session);
                let stake = sure.then(|| self.books.rights_left(settle.session, settle.i));
                self.stakes.entry((settle.session, settle.i)).or_insert(stake);
                let said = Settled::of(settle);
                self.written_off.entry((settle.session, settle.i)).or_insert(said).add(said);
            }
            Body::CapacitySet(set) => {
                let most = self.places.entry(set.session).or_default();
                *most = set.capacity.unwrap_or(0).max(*most);
            }
            Body::Grant(grant) => {
                let ever = self.ever.entry((grant.session, grant.to)).or_default();
                *ever = grant.total.max(*ever);
            }
            Body::Merge(merge) => self.joined.join(merge.a, merge.b),
            Body::Split(split) => {
                self.taken_back.insert(split.merge);
            }
            Body::HoldsSet(set) => {
                let all = set.on.iter().map(|who| (who, true)).chain(set.off.iter().map(|who| (who, false)));
                for (who, held) in all {
                    let named = self.named.entry((set.session, *who)).or_default();
                    named.insert((set.term, set.rev), held);
                }
            }
            _ => {}
        }
    }

    /// What was taken away is free only once every open log that the server holds something of has ended its holds that far.
    fn all_ended(&self, freed: &HoldsFreed) -> Result<(), Broken> {
        let (session, rev) = (freed.session, (freed.term, freed.rev));
        let waits = |i: &Identity| {
            let own = self.books.own.is_some_and(|own| own.station == i.station);
            let shut = self.books.closed.contains(i) || self.books.settlement(session, *i).is_some();
            !own && !shut && self.books.ended.get(&(session, *i)).is_none_or(|ended| *ended < rev)
        };
        match self.books.logs().iter().find(|i| waits(i)) {
            Some(i) => broken(format!("I3: {freed:?}, and the open log {i:?} has not said so")),
            None => Ok(()),
        }
    }

    /// I6's exceptions: over_grant, unlimited, the second use of a held seat, and settled excess becoming known.
    fn adds(&self, session: SessionId, i: Identity, one: &CheckIn) -> u64 {
        let settled = self.books.settlement(session, i).is_some();
        match (one.basis, one.subject) {
            (Basis::OverGrant | Basis::Unlimited, _) => 1,
            (Basis::Grant, _) => u64::from(settled),
            (Basis::Held, Subject::Person(who)) => {
                let kept = self.books.is_kept(session, who);
                u64::from(self.books.uses(session, who) > 0 || (settled && !kept))
            }
            (Basis::Held, Subject::Code(_)) => 0,
        }
    }
}
