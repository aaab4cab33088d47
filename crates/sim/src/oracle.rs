//! The naive oracle: plain sets of what desks answered, and counting by looking at all of them. It uses none of the code that it
//! checks: no fold, no capacity arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    clock::Hlc,
    entry::{Basis, Body, Outcome, Subject},
    ids::{EntryKey, Identity, PersonId, SessionId},
};
use usher_replica::Logged;

mod books;
mod desks;
mod given;
mod places;
mod risk;
mod watch;
mod worst;

pub use risk::Excused;
pub(crate) use watch::due;
pub use worst::Worst;

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
    /// Somebody left at another gate than the one that let the guest in.
    Left(SessionId, PersonId),
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
            Body::Exit(one) => Self::Left(one.session, one.person),
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
    /// What became of rights and held seats in desks' logs.
    moved: BTreeMap<EntryKey, desks::Moved>,
    /// What the server holds.
    books: books::Books,
    /// Sessions where the server may not know everything that it ever said: after it was put back.
    unsure: BTreeSet<SessionId>,
    /// Check-ins of one person that were given back by Resolves which a server has forgotten since: desks may know of them.
    once_seconds: BTreeSet<EntryKey>,
    /// How often the server was put back.
    put_back: u64,
    /// Logs whose files were copied to another computer, with their ends then.
    copied: BTreeMap<Identity, u64>,
    /// The term in which the server was put back and cannot know of it yet.
    blind: Option<u64>,
    /// It was, once: what it gave then may be too much.
    was_blind: bool,
    /// The most rights that each log was ever granted.
    ever: BTreeMap<(SessionId, Identity), u64>,
    /// Every time that a seat was given or taken.
    named: BTreeMap<(SessionId, PersonId), BTreeMap<books::Rev, bool>>,
    /// What settled logs could still have spent then; none: not known for sure.
    stakes: BTreeMap<(SessionId, Identity), Option<u64>>,
    /// The last entries that desks wrote before they learned that their log takes no further rights.
    learnt: BTreeMap<Identity, u64>,
    /// Up to where requests said that their logs were handed over, with the end of the log when that was first said.
    left: BTreeMap<Identity, BTreeMap<u64, u64>>,
    /// Statements of handovers that the server took by requests, of whatever age: not each is the one that its feed shows.
    told: BTreeMap<Identity, BTreeSet<u64>>,
    /// Decisions that the server answered.
    promised: Vec<Promised>,
    /// What was said to have failed and may be there all the same.
    doubtful: BTreeMap<Identity, Vec<Said>>,
    /// The most places that each session ever had while it had a limit.
    places: BTreeMap<SessionId, u32>,
}

/// A decision of a supervisor that the server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Promised {
    Resolved(EntryKey, EntryKey, Outcome),
    Settled(SessionId, Identity),
}

impl Oracle {
    /// A log up to `end` is at two computers: each may hand over what the other takes back (decision 0011, *I5 forgets clones*).
    pub fn copied(&mut self, i: Identity, end: u64) {
        let known = self.copied.entry(i).or_default();
        *known = end.max(*known);
    }

    /// The server is put back so that only desks can tell: until one does, it may give what it gave before.
    pub fn behind_its_back(&mut self) {
        (self.blind, self.was_blind) = (Some(self.books.cursor.term), true);
    }

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

    /// Compares with a log that its desk does not write any more, because its files were copied or put back: all of it up to `end` was
    /// said, and nothing comes behind that.
    ///
    /// # Errors
    /// What does not fit.
    pub fn compare_old(&mut self, i: Identity, log: &[Logged], end: u64) -> Result<(), Broken> {
        if log.len() as u64 != end {
            return broken(format!("the old log {i:?} ended at {end} and has {} entries", log.len()));
        }
        for one in log {
            let (key, Some(said)) = (one.entry.key(), Said::of(&one.entry.body)) else { continue };
            match self.said.get(&key) {
                Some(known) if *known == said => {}
                Some(known) => return broken(format!("{key:?} was {known:?} and says {said:?}")),
                // What failed on the disk just before the life ended may be there all the same.
                None => {
                    self.read(&one.entry);
                    let mut doubtful = self.doubtful.remove(&i).unwrap_or_default();
                    self.turned_up(key, said, &mut doubtful)?;
                    self.doubtful.insert(i, doubtful);
                }
            }
        }
        Ok(())
    }

    /// What stood in a log behind `end` is gone from its desk: it counts only if it had reached the server.
    pub fn forget_lost(&mut self, i: Identity, end: u64) {
        let lost: Vec<_> = self.said.range(i.key(end + 1)..=i.key(u64::MAX)).map(|(key, _)| *key).collect();
        for key in lost.into_iter().filter(|key| !self.books.keys.contains(key)) {
            self.said.remove(&key);
            self.facts.remove(&key);
            self.moved.remove(&key);
        }
        self.doubtful.remove(&i);
    }

    fn turned_up(&mut self, key: EntryKey, said: Said, doubtful: &mut Vec<Said>) -> Result<(), Broken> {
        if let Some(at) = doubtful.iter().position(|one| *one == said) {
            doubtful.swap_remove(at);
        } else if said != Said::Opened {
            return broken(format!("{key:?} says {said:?}, and nobody asked for that"));
        }
        self.said.insert(key, said);
        Ok(())
    }

    /// A supervisor said what two check-ins of one ticket were, and the server answered that it was done.
    pub fn resolve(&mut self, one: EntryKey, other: EntryKey, outcome: Outcome) {
        self.promised.push(Promised::Resolved(one.min(other), one.max(other), outcome));
    }

    /// A supervisor wrote a log off for a session, and the server answered that it was done.
    pub fn settle(&mut self, session: SessionId, i: Identity) {
        self.promised.push(Promised::Settled(session, i));
    }

    /// Every decision that was answered stands in the server's log; not where the server was put back.
    ///
    /// # Errors
    /// One is lost.
    pub fn check_decisions(&self) -> Result<(), Broken> {
        if self.put_back > 0 {
            return Ok(());
        }
        let resolved = self.books.resolved();
        let kept = |promised: &&Promised| match promised {
            Promised::Resolved(one, other, outcome) => resolved.get(&(*one, *other)) == Some(outcome),
            Promised::Settled(session, i) => self.books.settlement(*session, *i).is_some(),
        };
        match self.promised.iter().find(|promised| !kept(promised)) {
            Some(lost) => broken(format!("P1: {lost:?} was answered and is lost")),
            None => Ok(()),
        }
    }

    /// The last `n` things that were said in a log.
    #[must_use]
    pub fn last(&self, i: Identity, n: u64) -> Vec<Said> {
        let of = self.said.range(i.key(0)..=i.key(u64::MAX)).rev();
        of.map(|(_, said)| *said).take(usize::try_from(n).unwrap_or(usize::MAX)).collect()
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
