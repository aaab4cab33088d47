//! The naive oracle: plain sets of what desks answered, and counting by looking at all of them. It uses none of the code that it
//! checks: no fold, no capacity arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    entry::{Basis, Body, Subject},
    ids::{EntryKey, Identity, SessionId},
};
use usher_replica::Logged;

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
    /// The epoch was opened.
    Opened,
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
            Body::OpenEpoch(_) => Self::Opened,
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
    bases: BTreeMap<EntryKey, Basis>,
    /// What was said to have failed and may be there all the same.
    doubtful: BTreeMap<Identity, Vec<Said>>,
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

    /// Compares with a whole log: nothing answered is missing, nothing is there that was never asked for, each thing once.
    ///
    /// # Errors
    /// What does not fit.
    pub fn compare(&mut self, i: Identity, log: &[Logged]) -> Result<(), Broken> {
        let mut doubtful = self.doubtful.remove(&i).unwrap_or_default();
        for one in log {
            let (key, Some(said)) = (one.entry.key(), Said::of(&one.entry.body)) else { continue };
            if let Body::CheckIn(check_in) = &one.entry.body {
                self.bases.insert(key, check_in.basis);
            }
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

    fn turned_up(&mut self, key: EntryKey, said: Said, doubtful: &mut Vec<Said>) -> Result<(), Broken> {
        let known = doubtful.iter().position(|one| *one == said);
        if let Some(at) = known {
            doubtful.swap_remove(at);
        } else if said != Said::Opened {
            return broken(format!("{key:?} says {said:?}, and nobody asked for that"));
        }
        self.said.insert(key, said);
        Ok(())
    }

    /// Notes on which right a check-in stands.
    pub fn basis(&mut self, key: EntryKey, basis: Basis) {
        self.bases.insert(key, basis);
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

    /// The check-ins at a session that nothing has ended.
    #[must_use]
    pub fn standing(&self, session: SessionId) -> Vec<(EntryKey, Subject)> {
        let over: BTreeSet<_> = self
            .said
            .values()
            .filter_map(|said| if let Said::Out(of) = said { Some(*of) } else { None })
            .collect();
        let ins = self.said.iter().filter_map(|(key, said)| match said {
            Said::In(at, who) if *at == session && !over.contains(key) => Some((*key, *who)),
            _ => None,
        });
        ins.collect()
    }

    /// Seats taken, and distinct people.
    #[must_use]
    pub fn counts(&self, session: SessionId) -> (u64, u64) {
        let standing = self.standing(session);
        let people: BTreeSet<_> = standing.iter().map(|(_, who)| *who).collect();
        (standing.len() as u64, people.len() as u64)
    }

    fn on_grant(&self, key: &EntryKey) -> bool {
        self.bases.get(key) == Some(&Basis::Grant)
    }

    /// I3: what stands on grants never exceeds the most places that there ever were.
    ///
    /// # Errors
    /// It does.
    pub fn check_places(&self, session: SessionId) -> Result<(), Broken> {
        let Some(Some(most)) = self.places.get(&session) else { return Ok(()) };
        let granted = self.standing(session).iter().filter(|(key, _)| self.on_grant(key)).count();
        if granted > *most as usize {
            return broken(format!(
                "I3: {granted} are in {session} on grants, and it never had more than {most} places"
            ));
        }
        Ok(())
    }

    /// I2: who is inside is within the server's worst case, but for what it cannot know of.
    ///
    /// # Errors
    /// It is not.
    pub fn check_worst(&self, session: SessionId, worst: u64) -> Result<(), Broken> {
        let standing = self.standing(session);
        let unheard = |key: &EntryKey| {
            key.seq > self.acknowledged.get(&key.identity()).copied().unwrap_or(0) && !self.on_grant(key)
        };
        let beyond = standing.iter().filter(|(key, _)| unheard(key)).count() as u64;
        let inside = standing.len() as u64;
        if inside > worst + beyond {
            return broken(format!(
                "I2: {inside} are in {session}, the server's worst case is {worst} and {beyond}"
            ));
        }
        Ok(())
    }

    /// Whether this desk already let the subject in, and that stands.
    #[must_use]
    pub fn admitted_by(&self, i: Identity, session: SessionId, who: Subject) -> Option<EntryKey> {
        let standing = self.standing(session);
        standing.iter().find(|(key, one)| key.identity() == i && *one == who).map(|(key, _)| *key)
    }
}
