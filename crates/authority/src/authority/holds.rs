//! Held seats: who gets one, who loses one, and when a seat that was taken away is free (DESIGN section 5, *Held seats*).

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    entry::{Body, HoldsFreed, HoldsSet, Subject},
    ids::{Identity, PersonId, SessionId, Term},
};

use usher_protocol::{records::PersonRecord, sync::HeldSeats};

use super::{Authority, OwnLog, awaiting::awaited, exits, logs};
use crate::{
    Result, derive,
    store::{HoldState, HoldsRev, Look, SessionRow, Store, Txn},
};

impl<S: Store> Authority<S> {
    /// The held seats of a session in that state.
    #[cfg(test)]
    pub(crate) fn holds_for_tests(&self, session: SessionId, state: HoldState) -> Vec<crate::store::HoldRow> {
        self.store.read(|look| look.holds(session, state)).unwrap_or_default()
    }

    /// Brings the held seats of every session to what the configuration says, as far as places allow, binds exits, and recalls
    /// rights where a session has given out more than it has. To be called after anything that may change either.
    pub(super) fn tend(&self, txn: &mut dyn Txn, now_ms: i64) -> Result<()> {
        let own = self.own();
        for row in txn.sessions()? {
            let session = row.record.rules.id;
            if !awaited(txn, &own, session)?.is_empty() {
                continue;
            }
            restate(txn, &own, &row, now_ms)?;
            free(txn, &own, session, now_ms)?;
            exits::bind(txn, &own, session, now_ms)?;
            super::grants::recall_excess(txn, &own, &row, now_ms)?;
        }
        Ok(())
    }

    /// Gives held seats to registrations that should have one and takes them from those that should not. Walks every person:
    /// for imports and changes of a session, not for the door.
    pub(super) fn set_holds(&self, txn: &mut dyn Txn, now_ms: i64) -> Result<()> {
        let own = self.own();
        let mut sessions = Vec::new();
        for row in txn.sessions()? {
            if awaited(txn, &own, row.record.rules.id)?.is_empty() {
                sessions.push(row);
            }
        }
        let registered = registered(txn, &sessions, now_ms)?;
        for row in sessions {
            set_session_holds(txn, &own, &row, registered.get(&row.record.rules.id), now_ms)?;
        }
        self.tend(txn, now_ms)
    }
}

fn set_session_holds(
    txn: &mut dyn Txn,
    own: &OwnLog,
    row: &SessionRow,
    registered: Option<&BTreeSet<PersonId>>,
    now_ms: i64,
) -> Result<()> {
    let session = row.record.rules.id;
    let wanted = one_each(txn, session, registered.cloned().unwrap_or_default())?;
    let holding = txn.holds(session, HoldState::On)?;
    let off: Vec<_> =
        holding.iter().map(|hold| hold.person).filter(|person| !wanted.contains(person)).collect();
    write(txn, own, session, &[], &off, now_ms)?;
    let mut on = Vec::new();
    let mut places = derive::room(txn, session, row.record.rules.capacity)?.grantable().unwrap_or(0);
    for person in &wanted {
        let hold = txn.hold(session, *person)?;
        if hold.is_some_and(|hold| hold.state == HoldState::On) {
            continue;
        }
        // A seat that is still being taken away counts already, and is given back where the room is within its places: what a new term
        // doubts may have been given to others. Every other one needs a place (I3), and merged persons get no second one (decision 0011).
        let new = !hold.is_some_and(|hold| hold.state == HoldState::Cut);
        // Whoever is inside has a seat already; one who sits on the held seat itself keeps it held.
        if !hold.is_some_and(|hold| hold.used) && is_inside(txn, session, *person)? {
            continue;
        }
        if places < i64::from(new) || (new && has_another(txn, session, *person)?) {
            continue;
        }
        places -= i64::from(new);
        on.push(*person);
    }
    write(txn, own, session, &on, &[], now_ms)
}

/// Of persons that are one only one keeps a held seat: one that has it, and rather the one that stays than the one that was merged
/// into it.
fn one_each(
    look: &dyn Look,
    session: SessionId,
    mut wanted: BTreeSet<PersonId>,
) -> Result<BTreeSet<PersonId>> {
    let merges = look.merges()?.into_iter().filter(|merge| !merge.split);
    let merges: Vec<_> = merges.filter_map(|merge| merge.persons).collect();
    for (a, _) in &merges {
        let mut keeps = None;
        for person in derive::same(look, *a, false)?.into_iter().filter(|person| wanted.contains(person)) {
            let rank = match look.hold(session, person)?.map(|hold| hold.state) {
                Some(HoldState::On) => 0,
                Some(HoldState::Cut) => 1,
                Some(HoldState::Free) | None => 2,
            };
            let order = (rank, merges.iter().any(|(_, b)| *b == person), person);
            keeps = Some(keeps.map_or(order, |kept| order.min(kept)));
        }
        if let Some((.., keeper)) = keeps {
            let others = derive::same(look, *a, false)?;
            wanted.retain(|person| *person == keeper || !others.contains(person));
        }
    }
    Ok(wanted)
}

/// Whether a check-in of the person stands at the session, under whatever name.
fn is_inside(look: &dyn Look, session: SessionId, person: PersonId) -> Result<bool> {
    Ok(derive::rows(look, session, Subject::Person(person), false)?.iter().any(|row| !row.released))
}

/// Whether a seat is held, or still being taken away, for another name of the person.
fn has_another(look: &dyn Look, session: SessionId, person: PersonId) -> Result<bool> {
    for other in derive::same(look, person, false)?.into_iter().filter(|other| *other != person) {
        if look.hold(session, other)?.is_some_and(|hold| hold.state != HoldState::Free) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Who has a confirmed registration for a session that holds seats at `now_ms`, by session.
fn registered(
    look: &dyn Look,
    sessions: &[SessionRow],
    now_ms: i64,
) -> Result<BTreeMap<SessionId, BTreeSet<PersonId>>> {
    let holds =
        |row: &&SessionRow| row.record.rules.holds_seats(now_ms) && row.record.rules.capacity.is_some();
    let mut found: BTreeMap<_, _> =
        sessions.iter().filter(holds).map(|row| (row.record.rules.id, BTreeSet::new())).collect();
    if found.is_empty() {
        return Ok(found);
    }
    look.persons(&mut |row| {
        let PersonRecord { id, cancelled, registrations, .. } = row.record;
        for one in registrations.iter().filter(|one| !cancelled && !one.cancelled) {
            if let Some(people) = found.get_mut(&one.session) {
                people.insert(id);
            }
        }
        Ok(true)
    })?;
    Ok(found)
}

/// Writes the entries for these changes, each with the next revision.
pub(super) fn write(
    txn: &mut dyn Txn,
    own: &OwnLog,
    session: SessionId,
    on: &[PersonId],
    off: &[PersonId],
    now_ms: i64,
) -> Result<()> {
    if on.is_empty() && off.is_empty() {
        return Ok(());
    }
    let first = next_rev(txn, own, session)?;
    let parts = on.chunks(HoldsSet::PEOPLE_MAX).map(|part| (part, [].as_slice()));
    let parts = parts.chain(off.chunks(HoldsSet::PEOPLE_MAX).map(|part| ([].as_slice(), part)));
    for (rev, (on, off)) in (first..).zip(parts) {
        let set = HoldsSet { session, term: own.term, rev, on: on.to_vec(), off: off.to_vec() };
        own.append(txn, Body::HoldsSet(set), now_ms)?;
    }
    Ok(())
}

/// The revision after the newest of this term.
fn next_rev(look: &dyn Look, own: &OwnLog, session: SessionId) -> Result<u64> {
    let mut newest = 0;
    for state in [HoldState::On, HoldState::Cut, HoldState::Free] {
        let of_term = look.holds(session, state)?.into_iter().filter(|hold| hold.rev.term == own.term);
        newest = of_term.map(|hold| hold.rev.rev).fold(newest, u64::max);
    }
    Ok(newest + 1)
}

/// What was taken away is free once every open log that could have used it has ended its holds that far. Only in the term in which it
/// was said: a desk may have ended its holds in this term before it heard of what an earlier one took away ([`restate`]).
fn free(txn: &mut dyn Txn, own: &OwnLog, session: SessionId, now_ms: i64) -> Result<()> {
    let mut cut = txn.holds(session, HoldState::Cut)?;
    cut.retain(|hold| hold.rev.term == own.term);
    if cut.is_empty() {
        return Ok(());
    }
    let ended = all_ended(txn, own, session)?;
    let Some(rev) =
        cut.iter().map(|hold| hold.rev).filter(|rev| ended.is_none_or(|ended| *rev <= ended)).max()
    else {
        return Ok(());
    };
    let freed = HoldsFreed { session, term: rev.term, rev: rev.rev };
    own.append(txn, Body::HoldsFreed(freed), now_ms)
}

/// Up to which revision every open log has ended its holds; none: no log is open.
fn all_ended(look: &dyn Look, own: &OwnLog, session: SessionId) -> Result<Option<HoldsRev>> {
    Ok(may_use(look, own, session)?.into_iter().map(|(_, ended)| ended).min())
}

/// The open logs, each with the revision up to which it has ended its holds. A log of which nothing was ever received has never been
/// answered and holds nothing; neither does one that was only heard of under a revoked credential.
fn may_use(look: &dyn Look, own: &OwnLog, session: SessionId) -> Result<Vec<(Identity, HoldsRev)>> {
    let (ended, settled) = (look.holds_ended(session)?, look.settled(session)?);
    let nobody = logs::of_nobody(look)?;
    let mut all = Vec::new();
    for (i, log) in look.logs()? {
        let unheard = log.head.seq == 0 || nobody.contains(&i);
        let never_answered = unheard && log.reported == own.term;
        let shut = i.station == own.i.station || log.closed || settled.iter().any(|row| row.i == i);
        if !never_answered && !shut {
            let rev = ended.iter().find(|row| row.i == i).map_or(HoldsRev::default(), |row| row.rev);
            all.push((i, rev));
        }
    }
    Ok(all)
}

/// The logs that may still use seats of the session that were taken away, each with how many: they are free once all of them have ended
/// them, or are settled.
pub(super) fn still_used(look: &dyn Look, own: &OwnLog, session: SessionId) -> Result<Vec<(Identity, u64)>> {
    let mut cut = look.holds(session, HoldState::Cut)?;
    cut.retain(|hold| hold.rev.term == own.term && !hold.used);
    if cut.is_empty() {
        return Ok(Vec::new());
    }
    let count = |rev: HoldsRev| cut.iter().filter(|hold| hold.rev > rev).count() as u64;
    let all = may_use(look, own, session)?.into_iter().map(|(i, rev)| (i, count(rev)));
    Ok(all.filter(|(_, seats)| *seats > 0).collect())
}

/// After a restore, once nothing is awaited: what earlier terms took away is taken away again in this one, so that every desk has
/// heard of it when it says that it ended its holds; and unless places are missing, the seats that are still held are held in this
/// term, so that desks that did not know them use them.
fn restate(txn: &mut dyn Txn, own: &OwnLog, row: &SessionRow, now_ms: i64) -> Result<()> {
    let session = row.record.rules.id;
    let off = of_earlier_terms(txn, own, session, HoldState::Cut)?;
    write(txn, own, session, &[], &off, now_ms)?;
    let on = of_earlier_terms(txn, own, session, HoldState::On)?;
    let places = derive::room(txn, session, row.record.rules.capacity)?.grantable();
    if places.is_some_and(|places| places < 0) {
        return Ok(());
    }
    write(txn, own, session, &on, &[], now_ms)
}

/// A server that did not know that it was put back may have freed seats which a desk can still use: what the term that `ended` freed is
/// taken away once more, so that every desk's word is waited for. Also where nobody showed it: a server that was shown, wrote the term
/// into its roster and ended before it committed reads there that a term began, and not why (seed 710066).
pub(super) fn doubt_freed(txn: &mut dyn Txn, own: &OwnLog, ended: Term, now_ms: i64) -> Result<()> {
    for row in txn.sessions()? {
        let session = row.record.rules.id;
        let mut freed = txn.holds(session, HoldState::Free)?;
        freed.retain(|hold| hold.rev.term == ended);
        let people: Vec<_> = freed.into_iter().map(|hold| hold.person).collect();
        write(txn, own, session, &[], &people, now_ms)?;
    }
    Ok(())
}

/// A desk says which seats it may use since a term before this one. What is not known of them is taken away at once, so that it counts
/// until every desk has ended it: the server gave it, in a course of its own log that it has forgotten and cannot take back once it
/// went on otherwise (seed 871516).
pub(super) fn learn(txn: &mut dyn Txn, own: &OwnLog, said: &[HeldSeats], now_ms: i64) -> Result<()> {
    for HeldSeats { session, people } in said {
        let mut unknown = Vec::new();
        for person in people {
            if txn.hold(*session, *person)?.is_none_or(|hold| hold.state == HoldState::Free) {
                unknown.push(*person);
            }
        }
        write(txn, own, *session, &[], &unknown, now_ms)?;
    }
    Ok(())
}

fn of_earlier_terms(
    look: &dyn Look,
    own: &OwnLog,
    session: SessionId,
    state: HoldState,
) -> Result<Vec<PersonId>> {
    Ok(look.holds_before(session, state, own.term)?.into_iter().map(|hold| hold.person).collect())
}
