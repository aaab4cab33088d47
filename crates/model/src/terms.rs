//! The words of DESIGN section 2 and the entries of section 4, as small as the checker wants them.
//!
//! Left out of an entry is what never decides about capacity: clocks, hashes, shifts, reasons. Sequence numbers count from 0
//! here, so that the length of a prefix is also the number of the entry after it.

use std::fmt;

/// Machines at the doors. Two are enough for every counterexample that was ever found.
pub(crate) const DESKS: usize = 2;
/// Sessions; most configurations use only the first.
pub(crate) const SESSIONS: usize = 2;
/// Persons with a ticket; each may be registered for every session.
pub(crate) const PEOPLE: usize = 2;

/// Names an entry: section 4, "key (station, epoch, seq)". A desk is a machine with one epoch; see [`crate::state::Desk::copy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) desk: u8,
    pub(crate) seq: u8,
}

/// A revision of the settings: section 5, "the cursor is (term, position)".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Revision {
    pub(crate) term: u8,
    pub(crate) position: u8,
}

/// On which right somebody was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Basis {
    Grant,
    Held,
    Unlimited,
    /// Optimistic mode, or a supervisor's override.
    OverGrant,
}

/// What a station writes (section 4), as far as capacity depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Entry {
    CheckIn {
        session: u8,
        person: u8,
        basis: Basis,
    },
    /// Takes back the check-in `of` of this log. `refund`: it was committed before the check-in was handed over.
    Undo {
        of: u8,
        refund: bool,
    },
    CheckOut {
        of: Key,
    },
    /// Somebody left whose check-in this desk does not know.
    Exit {
        session: u8,
        person: u8,
    },
    /// Gives one right back.
    Return {
        session: u8,
    },
    HoldsEnded {
        session: u8,
        revision: Revision,
    },
    CloseEpoch,
}

/// A check-in with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CheckIn {
    pub(crate) key: Key,
    pub(crate) session: u8,
    pub(crate) person: u8,
    pub(crate) basis: Basis,
}

impl CheckIn {
    /// Whether it is `person`'s at `session` on the basis of a hold.
    pub(crate) fn uses_hold(&self, session: u8, person: u8) -> bool {
        self.basis == Basis::Held && self.session == session && self.person == person
    }
}

/// A set of (session, person): seats that are held, or whose hold has ended.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Seats(u8);

impl Seats {
    fn bit(session: u8, person: u8) -> u8 {
        1 << (usize::from(session) * PEOPLE + usize::from(person))
    }

    pub(crate) fn contains(self, session: u8, person: u8) -> bool {
        self.0 & Self::bit(session, person) != 0
    }

    pub(crate) fn insert(&mut self, session: u8, person: u8) {
        self.0 |= Self::bit(session, person);
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether any seat of `session` is in the set.
    pub(crate) fn any_of(self, session: u8) -> bool {
        people().any(|person| self.contains(session, person))
    }

    pub(crate) fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(crate) fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

impl fmt::Debug for Seats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = sessions().flat_map(|session| people().map(move |person| (session, person)));
        f.debug_set().entries(all.filter(|(session, person)| self.contains(*session, *person))).finish()
    }
}

/// Every desk there may be.
pub(crate) fn desks() -> impl Iterator<Item = usize> + Clone {
    0..DESKS
}

/// Every session there may be.
pub(crate) fn sessions() -> impl Iterator<Item = u8> + Clone {
    0..SESSIONS as u8
}

/// Every person there may be.
pub(crate) fn people() -> impl Iterator<Item = u8> + Clone {
    0..PEOPLE as u8
}
