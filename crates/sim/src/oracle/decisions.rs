//! What supervisors decided and the server answered.

use usher_core::{
    entry::Outcome,
    ids::{EntryKey, Identity, PersonId, SessionId},
    incident::{IncidentKind, session_incident_id},
};

use super::{Broken, Oracle, broken};

/// A decision of a supervisor that the server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promised {
    Resolved(EntryKey, EntryKey, Outcome),
    Settled(SessionId, Identity),
    Merged(PersonId, PersonId),
    Split(EntryKey),
    Bound(EntryKey, EntryKey),
    Noted(SessionId, u64),
}

impl Oracle {
    /// A supervisor said what two check-ins of one ticket were, and the server answered that it was done.
    pub fn resolve(&mut self, one: EntryKey, other: EntryKey, outcome: Outcome) {
        self.promised.push(Promised::Resolved(one.min(other), one.max(other), outcome));
    }

    /// A supervisor noted that a session is over its capacity by this many, and the server answered that it was done.
    pub fn noted_now(&mut self, session: SessionId, over_by: u64) {
        self.promised.push(Promised::Noted(session, over_by));
    }

    /// Up to how many beyond the capacity a session's overshoot was noted as seen; 0: it never was.
    #[must_use]
    pub fn noted(&self, session: SessionId) -> u64 {
        let id = session_incident_id(IncidentKind::OverCapacity, session);
        self.books.noted.get(&id).copied().unwrap_or(0)
    }

    /// A supervisor wrote a log off for a session, and the server answered that it was done.
    pub fn settle(&mut self, session: SessionId, i: Identity) {
        self.promised.push(Promised::Settled(session, i));
    }

    /// Whether a log was written off, for whatever session.
    #[must_use]
    pub fn was_settled(&self, i: Identity) -> bool {
        self.promised.iter().any(|one| matches!(one, Promised::Settled(_, log) if *log == i))
    }

    /// A supervisor made two persons one, and the server answered that it was done.
    pub fn merged(&mut self, a: PersonId, b: PersonId) {
        self.promised.push(Promised::Merged(a, b));
    }

    /// A supervisor said which check-in an exit ends, and the server answered that it was done.
    pub fn bound_by_hand(&mut self, exit: EntryKey, check_in: EntryKey) {
        self.promised.push(Promised::Bound(exit, check_in));
    }

    /// A supervisor took a Merge back, and the server answered that it was done.
    pub fn split(&mut self, merge: EntryKey) {
        self.promised.push(Promised::Split(merge));
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
            Promised::Noted(session, over_by) => self.noted(*session) >= *over_by,
            Promised::Settled(session, i) => self.books.settlement(*session, *i).is_some(),
            Promised::Merged(a, b) => self.books.merges.values().any(|pair| *pair == (*a, *b)),
            Promised::Split(merge) => self.books.split.contains(merge),
            Promised::Bound(exit, of) => self.books.bound.get(exit).is_some_and(|all| all.contains(of)),
        };
        match self.promised.iter().find(|promised| !kept(promised)) {
            Some(lost) => broken(format!("P1: {lost:?} was answered and is lost")),
            None => Ok(()),
        }
    }
}
