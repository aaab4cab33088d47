//! The naive oracle: plain sets of what desks answered, and counting by looking at all of them. It uses none of the code that it
//! checks: no fold, no capacity arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    clock::Hlc,
    entry::{Basis, Body, Subject},
    ids::{EntryKey, Identity, PersonId, SessionId, StationId},
};

mod books;
mod decisions;
mod desks;
mod exits;
mod given;
mod handed;
mod logs;
mod persons;
mod places;
mod revoked;
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
    /// Somebody left past a desk that does not know the check-in.
    Left(SessionId, PersonId),
    /// Somebody came back on a check-in that stands, without a right.
    Again(EntryKey),
    /// Somebody without a ticket was added.
    Added(PersonId),
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
            Body::ReEntry(one) => Self::Again(one.of),
            Body::WalkIn(one) => Self::Added(one.person),
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
    /// Check-ins that the server ever ended by an exit or a decision: their seats may be others' by now, also if it forgot that. And
    /// the exits that it ended them by.
    gone: BTreeSet<EntryKey>,
    /// Who was ever one person, also if the server forgot that.
    joined: persons::Names,
    /// Merges that were ever taken back, also if the server forgot that.
    taken_back: BTreeSet<EntryKey>,
    /// Sessions where the server may not know everything that it ever said: after it was put back.
    unsure: BTreeSet<SessionId>,
    /// How often the server was put back.
    put_back: u64,
    /// Logs whose files were copied to another computer, with their ends then.
    copied: BTreeMap<Identity, u64>,
    /// Logs of which the end is lost, since their files were put back, with what is left of them.
    lost: BTreeMap<Identity, u64>,
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
    /// How logs were ever written off, also if the server forgot that: their desks go on until they learn of it.
    written_off: BTreeMap<(SessionId, Identity), books::Settled>,
    /// The last entries that desks wrote before they learned that their log takes no further rights.
    learnt: BTreeMap<Identity, u64>,
    /// Up to where requests said that their logs were handed over, with the end of the log when that was first said.
    left: BTreeMap<Identity, BTreeMap<u64, u64>>,
    /// Statements of handovers that the server took by requests, of whatever age: not each is the one that its feed shows.
    told: BTreeMap<Identity, BTreeSet<u64>>,
    /// Statements in requests that the server failed to answer: it may have taken them.
    may_be_told: BTreeMap<Identity, BTreeSet<u64>>,
    /// The server was put back, and its feed was not read since.
    retold: bool,
    /// Decisions that the server answered.
    promised: Vec<decisions::Promised>,
    /// What was said to have failed and may be there all the same.
    doubtful: BTreeMap<Identity, Vec<Said>>,
    /// Which exits supervisors said to end which check-ins.
    by_hand: BTreeSet<(EntryKey, EntryKey)>,
    /// Desks of which the server answered that they are revoked.
    blocked: BTreeSet<StationId>,
    /// What the server took of revoked desks, and said so.
    disputed: BTreeSet<EntryKey>,
    /// Something counted that was accepted before the server was put back.
    counts_again: bool,
    /// The most places that each session ever had while it had a limit.
    places: BTreeMap<SessionId, u32>,
}

impl Oracle {
    /// A log up to `end` is at two computers: each may hand over what the other takes back (decision 0011, *I5 forgets clones*).
    pub fn copied(&mut self, i: Identity, end: u64) {
        let known = self.copied.entry(i).or_default();
        *known = end.max(*known);
    }

    /// A desk's files were put back, and what stood in a log behind that entry is lost.
    pub fn lost(&mut self, i: Identity, end: u64) {
        let left = self.lost.entry(i).or_insert(end);
        *left = end.min(*left);
    }

    /// The server is put back so that only desks can tell: until one does, it may give what it gave before.
    pub fn behind_its_back(&mut self) {
        (self.blind, self.was_blind) = (Some(self.books.cursor.term), true);
        // Who was revoked since, the server knows from its roster.
        self.blocked.clear();
    }

    /// Whether the server was put back and cannot know of it yet.
    #[must_use]
    pub const fn is_blind(&self) -> bool {
        self.blind.is_some()
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
