//! The naive oracle: plain sets of what desks answered, and counting by looking at all of them. It uses none of the code that it
//! checks: no fold, no capacity arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    clock::Hlc,
    entry::{Basis, Body, Entry, Outcome, Subject},
    ids::{EntryKey, Identity, SessionId},
};
use usher_replica::Logged;

mod places;
mod roads;

/// What a desk was asked to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Somebody was let in.
    In(SessionId, Subject),
    /// A check-in is over: undone, or the guest has left.
    Out(EntryKey),
    /// Somebody was turned away.
    Away(SessionId, Subject),
    /// Rights were given back.
    Back(SessionId),
    /// Held seats that were taken away are not used any more.
    Ended(SessionId),
    /// The epoch was opened.
    Opened,
    /// The epoch is over: its log says no more.
    Closed,
}

impl Said {
    /// What an entry says; none: a kind that no action writes yet.
    #[must_use]
    pub const fn of(body: &Body) -> Option<Self> {
        Some(match body {
            Body::CheckIn(one) => Self::In(one.session, one.subject),
            Body::Undo(one) => Self::Out(one.of),
            Body::CheckOut(one) => Self::Out(one.of),
            Body::Decline(one) => Self::Away(one.session, one.subject),
            Body::Return(one) => Self::Back(one.session),
            Body::HoldsEnded(one) => Self::Ended(one.session),
            Body::OpenEpoch(_) => Self::Opened,
            Body::CloseEpoch(_) => Self::Closed,
            _ => return None,
        })
    }
}

/// A broken invariant, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken(pub String);

/// Stops with words.
pub(crate) fn broken<T>(what: impl Into<String>) -> Result<T, Broken> {
    Err(Broken(what.into()))
}

/// Everything that was answered.
#[derive(Clone, Debug, Default)]
pub struct Oracle {
    said: BTreeMap<EntryKey, Said>,
    /// On which right each check-in stands, and its logical time.
    facts: BTreeMap<EntryKey, (Basis, Hlc)>,
    /// How supervisors settled pairs of check-ins.
    resolved: BTreeMap<(EntryKey, EntryKey), Outcome>,
    /// The logs that were written off, by session, with how far the server held them then.
    settled: BTreeMap<(SessionId, Identity), u64>,
    /// Sessions where something is not known until the end: a decision that may or may not have been kept.
    uncertain: BTreeSet<SessionId>,
    /// What was said to have failed and may be there all the same.
    doubtful: BTreeMap<Identity, Vec<Said>>,
    /// What was written for certain, under keys that could not be read yet.
    unread: BTreeMap<Identity, Vec<Said>>,
    /// How far the server has acknowledged each log.
    acknowledged: BTreeMap<Identity, u64>,
    /// The most places that each session ever had; none: it was without a limit at some time.
    places: BTreeMap<SessionId, Option<u32>>,
}

impl Oracle {
    /// A desk answered that it wrote this.
    ///
    /// # Errors
    /// The key is taken by something else.
    pub fn answered(&mut self, key: EntryKey, said: Said) -> Result<(), Broken> {
        match self.said.insert(key, said) {
            Some(before) if before != said => broken(format!("{key:?} was {before:?} and is {said:?}")),
            Some(_) => Ok(()),
            None => {
                // Written in the place of what failed before: that cannot turn up any more.
                self.doubtful.remove(&key.identity());
                Ok(())
            }
        }
    }

    /// A desk said that it could not write this.
    pub fn failed(&mut self, i: Identity, said: Said) {
        self.doubtful.entry(i).or_default().push(said);
    }

    /// What was doubtful was written for certain, but cannot be read now: writing something else after it does not end that.
    pub fn unread(&mut self, i: Identity) {
        let doubtful = self.doubtful.remove(&i).unwrap_or_default();
        self.unread.entry(i).or_default().extend(doubtful);
    }

    /// How much was said in a log.
    #[must_use]
    pub fn said_in(&self, i: Identity) -> u64 {
        self.said.range(i.key(0)..=i.key(u64::MAX)).count() as u64
    }

    /// Compares with a whole log: nothing answered is missing, nothing is there that was never asked for, each thing once.
    ///
    /// # Errors
    /// What does not fit.
    pub fn compare(&mut self, i: Identity, log: &[Logged]) -> Result<(), Broken> {
        let mut doubtful = self.doubtful.remove(&i).unwrap_or_default();
        let mut closed = false;
        for one in log {
            if closed {
                return broken(format!("{:?} stands behind the end of its log", one.entry.key()));
            }
            closed = matches!(one.entry.body, Body::CloseEpoch(_));
            let (key, Some(said)) = (one.entry.key(), Said::of(&one.entry.body)) else { continue };
            self.read(&one.entry);
            match self.said.get(&key) {
                Some(known) if *known == said => {}
                Some(known) => return broken(format!("{key:?} was answered as {known:?} and says {said:?}")),
                None => self.turned_up(key, said, &mut doubtful)?,
            }
        }
        let end = log.last().map_or(0, |one| one.entry.seq);
        // What has not turned up yet may still do so: half a write over an old one can make the old one whole again. Only what is
        // written in its place ends that.
        self.doubtful.insert(i, doubtful);
        match self.said.range(i.key(end + 1)..=i.key(u64::MAX)).next() {
            Some((key, said)) => {
                broken(format!("{said:?} was answered as {key:?}, or was there before, and is lost"))
            }
            None => Ok(()),
        }
    }

    /// Compares the lives of a desk's log with those that it ever answered in.
    ///
    /// # Errors
    /// One is missing.
    pub fn compare_lives(&self, lives: &[Identity]) -> Result<(), Broken> {
        let Some(station) = lives.first().map(|i| i.station) else { return Ok(()) };
        let all = self.said.keys().filter(|key| key.station == station);
        match all.map(|key| key.identity()).find(|i| !lives.contains(i)) {
            Some(lost) => broken(format!("the life {lost:?} of a desk's log is lost")),
            None => Ok(()),
        }
    }

    fn turned_up(&mut self, key: EntryKey, said: Said, doubtful: &mut Vec<Said>) -> Result<(), Broken> {
        let unread = self.unread.entry(key.identity()).or_default();
        if let Some(at) = doubtful.iter().position(|one| *one == said) {
            doubtful.swap_remove(at);
        } else if let Some(at) = unread.iter().position(|one| *one == said) {
            unread.swap_remove(at);
        } else if said != Said::Opened {
            return broken(format!("{key:?} says {said:?}, and nobody asked for that"));
        }
        self.said.insert(key, said);
        Ok(())
    }

    /// Notes on which right a check-in stands, and when it was made.
    pub fn read(&mut self, entry: &Entry) {
        if let Body::CheckIn(one) = &entry.body {
            self.facts.insert(entry.key(), (one.basis, entry.hlc));
        }
    }

    /// A supervisor said what two check-ins of one ticket were.
    pub fn resolve(&mut self, one: EntryKey, other: EntryKey, outcome: Outcome) {
        self.resolved.entry((one.min(other), one.max(other))).or_insert(outcome);
    }

    /// A supervisor wrote a log off for a session, which the server then held up to `held`.
    pub fn settle(&mut self, session: SessionId, i: Identity, held: u64) {
        self.settled.entry((session, i)).or_insert(held);
    }

    /// How far the server is known to hold a log.
    #[must_use]
    pub fn held_to(&self, i: Identity) -> u64 {
        self.acknowledged.get(&i).copied().unwrap_or(0)
    }

    /// Whether a decision about the session was kept is not known until the end.
    pub fn doubt(&mut self, session: SessionId) {
        self.uncertain.insert(session);
    }

    /// The last `n` things that were said in a log.
    #[must_use]
    pub fn last(&self, i: Identity, n: u64) -> Vec<Said> {
        let of = self.said.range(i.key(0)..=i.key(u64::MAX)).rev();
        of.map(|(_, said)| *said).take(usize::try_from(n).unwrap_or(usize::MAX)).collect()
    }

    /// The server acknowledged a log up to `seq`.
    pub fn acknowledged(&mut self, i: Identity, seq: u64) {
        let known = self.acknowledged.entry(i).or_default();
        *known = seq.max(*known);
    }

    /// A session has so many places now, or may have.
    pub fn places(&mut self, session: SessionId, capacity: Option<u32>) {
        let most = self.places.entry(session).or_insert(capacity);
        *most = most.zip(capacity).map(|(most, now)| most.max(now));
    }

    /// What was said under a key.
    #[must_use]
    pub fn get(&self, key: EntryKey) -> Option<Said> {
        self.said.get(&key).copied()
    }

    /// How many entries are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.said.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }
}
