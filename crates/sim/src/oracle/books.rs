//! The oracle's own books of what the server holds: read item by item from the server's feed, and from nothing else that the server
//! says. A decision that failed on a disk is in the books when it is durably there, and not when it is not.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    clock::Hlc,
    entry::{Basis, Body, Entry, Outcome, Settle, Subject},
    ids::{EntryHash, EntryKey, Identity, IncidentId, PersonId, SessionId, StationId},
};
use usher_protocol::sync::Cursor;

use super::exits::Left;

/// A revision of held seats: the term, and a number within it.
pub(super) type Rev = (u64, u64);

/// A check-in that the server holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct In {
    pub(super) key: EntryKey,
    pub(super) who: Subject,
    pub(super) basis: Basis,
    pub(super) hlc: Hlc,
}

/// What ends a check-in: the log that says so, and whether the right went back to that log.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) by: Identity,
    pub(super) refund: bool,
}

/// A log that was written off for a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled {
    /// Up to where the server held the log.
    pub(super) after: u64,
    /// What the supervisor said was spent behind that.
    pub(super) spent: u64,
}

impl Settled {
    pub(super) fn of(entry: &Settle) -> Self {
        Self { after: entry.after.unwrap_or(0), spent: u64::from(entry.spent) }
    }

    /// It was written off once more.
    pub(super) fn add(&mut self, again: Self) {
        (self.after, self.spent) = (self.after.min(again.after), self.spent.max(again.spent));
    }
}

/// The end of what a supervisor accepted of a log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Accepted {
    /// Which entry that is; none: it is not said.
    pub(super) hash: Option<EntryHash>,
    /// The log of the server in which it stands.
    pub(super) by: Identity,
}

/// What the server holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    pub(super) cursor: Cursor,
    /// The log that the server writes now.
    pub(super) own: Option<Identity>,
    pub(super) keys: BTreeSet<EntryKey>,
    pub(super) hashes: BTreeMap<EntryKey, EntryHash>,
    pub(super) ins: BTreeMap<SessionId, Vec<In>>,
    pub(super) ends: BTreeMap<EntryKey, Vec<End>>,
    sessions: BTreeMap<EntryKey, SessionId>,
    pub(super) handed: BTreeMap<Identity, u64>,
    /// How far a log was stated to be handed over, where that is further than the server holds it.
    pub(super) ahead: BTreeMap<Identity, u64>,
    pub(super) granted: BTreeMap<SessionId, BTreeMap<Identity, u64>>,
    pub(super) returned: BTreeMap<(SessionId, Identity), Vec<(u64, u64)>>,
    pub(super) settled: BTreeMap<SessionId, BTreeMap<Identity, Settled>>,
    pub(super) holds: BTreeMap<SessionId, BTreeMap<PersonId, (Rev, bool)>>,
    pub(super) freed: BTreeMap<SessionId, Rev>,
    pub(super) ended: BTreeMap<(SessionId, Identity), Rev>,
    pub(super) capacity: BTreeMap<SessionId, Option<u32>>,
    pub(super) fenced: BTreeSet<Identity>,
    pub(super) closed: BTreeSet<Identity>,
    /// Whose credential was revoked.
    pub(super) revoked: BTreeSet<StationId>,
    /// Up to where supervisors accepted what revoked desks sent.
    pub(super) accepted: BTreeMap<Identity, BTreeMap<u64, Accepted>>,
    /// Up to how many beyond the capacity overshoots were noted as seen.
    pub(super) noted: BTreeMap<IncidentId, u64>,
    /// Second branches: of which log, and from which number on.
    pub(super) branches: BTreeMap<Identity, (Identity, u64)>,
    pub(super) outcomes: BTreeMap<IncidentId, Outcome>,
    /// The later check-ins of pairs that were one person.
    pub(super) seconds: BTreeSet<EntryKey>,
    /// Whom each Merge makes one.
    pub(super) merges: BTreeMap<EntryKey, (PersonId, PersonId)>,
    /// The Merges that were taken back.
    pub(super) split: BTreeSet<EntryKey>,
    pub(super) exits: BTreeMap<EntryKey, Left>,
    /// Which check-ins each exit ends.
    pub(super) bound: BTreeMap<EntryKey, BTreeSet<EntryKey>>,
}

impl Books {
    /// The last entry of a log that the server holds; 0: none.
    pub(super) fn end(&self, i: Identity) -> u64 {
        self.keys.range(i.key(0)..=i.key(u64::MAX)).next_back().map_or(0, |key| key.seq)
    }

    /// The logs that the server holds something of.
    pub(super) fn logs(&self) -> BTreeSet<Identity> {
        self.keys.iter().map(|key| key.identity()).collect()
    }

    /// The session of a check-in that the server holds.
    pub(super) fn session_of(&self, key: EntryKey) -> Option<SessionId> {
        self.sessions.get(&key).copied()
    }

    /// Takes an entry.
    pub(super) fn take(&mut self, entry: &Entry) {
        let (key, i) = (entry.key(), entry.identity());
        if !self.keys.insert(key) {
            return;
        }
        self.cover(i);
        let ours = self.own.is_some_and(|own| own.station == i.station);
        match &entry.body {
            Body::CheckIn(one) => {
                let one = In { key, who: one.subject, basis: one.basis, hlc: entry.hlc };
                self.admit(entry, one);
            }
            Body::Undo(undo) if undo.of.station == i.station => {
                self.ends.entry(undo.of).or_default().push(End { by: i, refund: undo.refund });
            }
            Body::CheckOut(out) => {
                self.ends.entry(out.of).or_default().push(End { by: i, refund: false });
            }
            Body::Exit(exit) => {
                let left = Left { session: exit.session, who: exit.person, hlc: entry.hlc };
                self.exits.insert(key, left);
            }
            Body::Return(one) => {
                let all = self.returned.entry((one.session, i)).or_default();
                all.push((entry.seq, u64::from(one.rights)));
            }
            Body::HoldsEnded(one) => {
                let ended = self.ended.entry((one.session, i)).or_default();
                *ended = (one.term, one.rev).max(*ended);
            }
            Body::CloseEpoch(_) => {
                self.closed.insert(i);
            }
            // What an earlier term set, and desks gave back, is news of the past: the session's record says what holds.
            Body::CapacitySet(set) if self.own == Some(i) => {
                self.capacity.insert(set.session, set.capacity);
            }
            body if ours => self.take_of_server(key, body),
            _ => {}
        }
    }

    fn admit(&mut self, entry: &Entry, one: In) {
        let Body::CheckIn(check_in) = &entry.body else { return };
        self.sessions.insert(one.key, check_in.session);
        self.ins.entry(check_in.session).or_default().push(one);
        self.seconds_again();
    }

    /// Decisions about two check-ins may be known before the check-ins, and before the Merge that makes them one person's.
    fn seconds_again(&mut self) {
        if !self.outcomes.is_empty() {
            self.find_seconds();
        }
    }

    fn take_of_server(&mut self, key: EntryKey, body: &Body) {
        match body {
            Body::Grant(one) => {
                let total = self.granted.entry(one.session).or_default().entry(one.to).or_default();
                *total = one.total.max(*total);
            }
            Body::Bind(one) => {
                let own = self.own.unwrap_or(one.exit.identity());
                self.ends.entry(one.check_in).or_default().push(End { by: own, refund: false });
                self.bound.entry(one.exit).or_default().insert(one.check_in);
            }
            Body::Merge(one) => {
                self.merges.insert(key, (one.a, one.b));
                self.seconds_again();
            }
            Body::Split(one) => {
                self.split.insert(one.merge);
            }
            Body::Resolve(one) => {
                let known = self.outcomes.entry(one.incident).or_insert(one.outcome);
                if one.outcome == Outcome::OnePerson {
                    *known = one.outcome;
                }
                if one.outcome == Outcome::Accepted {
                    let noted = self.noted.entry(one.incident).or_default();
                    *noted = one.over_by.unwrap_or(u64::MAX).max(*noted);
                }
                self.find_seconds();
            }
            Body::Fence(one) => {
                self.fenced.insert(one.i);
            }
            Body::Settle(one) => {
                self.fenced.insert(one.i);
                let said = Settled::of(one);
                self.settled.entry(one.session).or_default().entry(one.i).or_insert(said).add(said);
            }
            Body::Accept(one) => {
                let said = Accepted { hash: one.hash, by: key.identity() };
                self.accepted.entry(one.i).or_default().insert(one.seq, said);
            }
            Body::HoldsSet(set) => {
                let all =
                    set.on.iter().map(|who| (*who, true)).chain(set.off.iter().map(|who| (*who, false)));
                for (who, held) in all {
                    let rev = (set.term, set.rev);
                    let known = self.holds.entry(set.session).or_default().entry(who).or_default();
                    if rev > known.0 {
                        *known = (rev, held);
                    }
                }
            }
            Body::HoldsFreed(one) => {
                let mark = self.freed.entry(one.session).or_default();
                *mark = (one.term, one.rev).max(*mark);
            }
            _ => {}
        }
    }
}
