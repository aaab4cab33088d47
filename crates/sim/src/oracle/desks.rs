//! What desks wrote, read entry by entry: on which right each check-in stands, and what became of a log's rights.

use std::collections::BTreeMap;

use usher_core::{
    capacity::Rights,
    entry::{Basis, Body, Entry, Subject},
    ids::{EntryKey, Identity, SessionId, Term},
};

use super::{Broken, Oracle, books::Rev, broken};

/// What an entry of a desk does to rights.
#[derive(Clone, Copy, Debug)]
pub(super) enum Moved {
    /// A check-in on a grant.
    Spent(SessionId),
    /// An undo that says that the right came back.
    Refunded(EntryKey),
    /// A return.
    Returned(SessionId, u64),
    /// Held seats up to this revision are not used from here on.
    Ended(SessionId, Rev),
    /// A check-in on a held seat.
    Held(SessionId, Subject),
}

impl Moved {
    fn of(body: &Body) -> Option<Self> {
        Some(match body {
            Body::CheckIn(one) if one.basis == Basis::Grant => Self::Spent(one.session),
            Body::CheckIn(one) if one.basis == Basis::Held => Self::Held(one.session, one.subject),
            Body::Undo(one) if one.refund => Self::Refunded(one.of),
            Body::Return(one) => Self::Returned(one.session, u64::from(one.rights)),
            Body::HoldsEnded(one) => Self::Ended(one.session, (one.term, one.rev)),
            _ => return None,
        })
    }
}

impl Oracle {
    /// Notes what a desk's entry says.
    pub fn read(&mut self, entry: &Entry) {
        if let Body::CheckIn(one) = &entry.body {
            self.facts.insert(entry.key(), (one.basis, entry.hlc));
        }
        if let Some(moved) = Moved::of(&entry.body) {
            self.moved.insert(entry.key(), moved);
        }
    }

    /// The undos in a check-in's own log that say that its right came back.
    pub(super) fn takes_back(&self, of: EntryKey) -> impl Iterator<Item = &EntryKey> {
        let all = self.moved_in(of.identity());
        all.filter(move |(_, moved)| matches!(moved, Moved::Refunded(back) if *back == of))
            .map(|(key, _)| key)
    }

    fn moved_in(&self, i: Identity) -> impl Iterator<Item = (&EntryKey, &Moved)> {
        self.moved.range(i.key(0)..=i.key(u64::MAX))
    }

    /// I1 and P2: a desk's rights are what its log says of them, and no more than was ever granted to it.
    ///
    /// # Errors
    /// They are not.
    pub fn check_account(&self, i: Identity, session: SessionId, rights: &Rights) -> Result<(), Broken> {
        let mut counted = Rights { granted: rights.granted, recalled: rights.recalled, ..Rights::default() };
        for (_, moved) in self.moved_in(i) {
            match moved {
                Moved::Spent(at) if *at == session => counted.admitted += 1,
                Moved::Returned(at, rights) if *at == session => counted.returned += rights,
                Moved::Refunded(of) if self.spent_at(*of) == Some(session) => counted.refunded += 1,
                _ => {}
            }
        }
        if counted != *rights {
            return broken(format!(
                "P2: {i:?} takes its rights for {session} for {rights:?}, its log says {counted:?}"
            ));
        }
        let granted = self.ever.get(&(session, i)).copied().unwrap_or(0);
        if rights.granted > granted || counted.admitted + counted.returned > granted + counted.refunded {
            return broken(format!(
                "I1: {i:?} has {rights:?} for {session}, and {granted} were ever granted"
            ));
        }
        Ok(())
    }

    /// I1: no life of any desk's log spent or returned more than was ever granted to it.
    ///
    /// # Errors
    /// One did.
    pub fn check_spending(&self) -> Result<(), Broken> {
        let mut parted = BTreeMap::<(SessionId, Identity), i64>::new();
        for (key, moved) in &self.moved {
            let (session, by) = match moved {
                Moved::Spent(session) => (Some(*session), 1),
                Moved::Returned(session, rights) => (Some(*session), *rights as i64),
                Moved::Refunded(of) => (self.spent_at(*of), -1),
                Moved::Ended(..) | Moved::Held(..) => (None, 0),
            };
            if let Some(session) = session {
                *parted.entry((session, key.identity())).or_default() += by;
            }
        }
        let granted = |at| self.ever.get(at).map_or(0, |total| *total as i64);
        match parted.iter().find(|(at, parted)| **parted > granted(at)) {
            Some((at, parted)) => {
                broken(format!("I1: {at:?} parted with {parted} of {} rights", granted(at)))
            }
            None => Ok(()),
        }
    }

    /// How many rights the server holds that it granted to a log.
    #[must_use]
    pub fn granted(&self, i: Identity, session: SessionId) -> u64 {
        self.books.granted.get(&session).and_then(|all| all.get(&i)).copied().unwrap_or(0)
    }

    fn spent_at(&self, of: EntryKey) -> Option<SessionId> {
        match self.moved.get(&of) {
            Some(Moved::Spent(session)) => Some(*session),
            _ => None,
        }
    }

    /// What duties must return: of each session that much, in the entries behind `from`.
    ///
    /// # Errors
    /// Something else was returned.
    pub fn check_returns(&self, i: Identity, from: u64, due: &[(SessionId, u64)]) -> Result<(), Broken> {
        let mut back = BTreeMap::<SessionId, u64>::new();
        for (_, moved) in self.moved.range(i.key(from + 1)..=i.key(u64::MAX)) {
            if let Moved::Returned(session, rights) = moved {
                *back.entry(*session).or_default() += rights;
            }
        }
        for (session, due) in due {
            let back = back.get(session).copied().unwrap_or(0);
            if back != *due {
                return broken(format!("duties: {i:?} gave {back} rights of {session} back, {due} were due"));
            }
        }
        Ok(())
    }

    /// A request left a desk that states its log as handed over up to there.
    pub fn left(&mut self, i: Identity, handed: u64) {
        // A desk that was put back to an older copy may say later what it had not said before.
        let end = self.last_of(i);
        let first = self.left.entry(i).or_default().entry(handed).or_insert(end);
        *first = end.min(*first);
    }

    /// The desk of a log was told that it takes no further rights.
    pub fn learnt_end(&mut self, i: Identity) {
        let end = self.last_of(i);
        self.learnt.entry(i).or_insert(end);
    }

    /// The last entry of a log that is known.
    #[must_use]
    pub fn last_of(&self, i: Identity) -> u64 {
        self.said.range(i.key(0)..=i.key(u64::MAX)).next_back().map_or(0, |(key, _)| key.seq)
    }

    /// I5: a right comes back to the desk by at most one undo of a check-in, and never once that had left the desk.
    ///
    /// # Errors
    /// It came back otherwise.
    pub fn check_refunds(&self) -> Result<(), Broken> {
        let mut by = BTreeMap::new();
        for (key, moved) in &self.moved {
            let Moved::Refunded(of) = moved else { continue };
            if let Some(before) = by.insert(*of, *key) {
                return broken(format!("I5: {of:?} came back by {before:?} and by {key:?}"));
            }
            if of.identity() != key.identity() {
                return broken(format!("I5: {key:?} takes a right back from another log's {of:?}"));
            }
            let mut before = self.said.range(of..key);
            if before.any(|(_, said)| *said == super::Said::Out(*of)) {
                return broken(format!("I5: {key:?} takes the right of {of:?} back, which had ended before"));
            }
            if self.is_copied(*of) {
                continue;
            }
            let left = self.left.get(&of.identity());
            if left.is_some_and(|left| left.range(of.seq..).any(|(_, end)| *end < key.seq)) {
                return broken(format!(
                    "I5: {key:?} takes the right of {of:?} back, which had left the desk before"
                ));
            }
        }
        Ok(())
    }

    /// After `HoldsEnded` no seat is used that was taken away by then, in the term in which it is said: of what an earlier term took away
    /// a desk may hear later, and the server takes that away once more. None is ever used that was not given, and no revision is named
    /// that the server never wrote.
    ///
    /// # Errors
    /// One is.
    pub fn check_holds(&self) -> Result<(), Broken> {
        let mut ended = BTreeMap::<(SessionId, Identity), BTreeMap<Term, Rev>>::new();
        for (key, moved) in &self.moved {
            match moved {
                Moved::Ended(session, rev) => {
                    let said = ended.entry((*session, key.identity())).or_default();
                    if let Some(before) = said.values().max().filter(|before| *before >= rev) {
                        return broken(format!("{key:?} ends held seats up to {rev:?}, after {before:?}"));
                    }
                    said.insert(rev.0, *rev);
                    self.is_cut(*session, *rev, *key)?;
                }
                Moved::Held(session, who) => {
                    let said = ended.get(&(*session, key.identity())).cloned().unwrap_or_default();
                    self.is_given(*session, *who, &said, *key)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Somebody's seat was taken away in that revision.
    fn is_cut(&self, session: SessionId, rev: Rev, key: EntryKey) -> Result<(), Broken> {
        let mut all = self.named.iter().filter(|((at, _), _)| *at == session);
        if all.any(|(_, named)| named.get(&rev) == Some(&false)) {
            return Ok(());
        }
        broken(format!("{key:?} ends held seats up to {rev:?}, where none was taken away"))
    }

    /// The person had a seat that was not taken away by what the log had ended in that term.
    fn is_given(
        &self,
        session: SessionId,
        who: Subject,
        ended: &BTreeMap<Term, Rev>,
        key: EntryKey,
    ) -> Result<(), Broken> {
        let named = match who {
            Subject::Person(who) => self.named.get(&(session, who)),
            Subject::Code(_) => None,
        };
        let over = |rev: &Rev| ended.get(&rev.0).is_some_and(|upto| rev <= upto);
        let given = named.is_some_and(|named| {
            let lasts = |held: &Rev| !named.range(held..).any(|(rev, held)| !*held && over(rev));
            // Put back behind its back, a server has used some revisions twice.
            named.iter().any(|(rev, held)| *held && (self.was_blind || lasts(rev)))
        });
        if given {
            return Ok(());
        }
        broken(format!(
            "{key:?} uses a held seat of {who:?}, who had none that was not taken away by {ended:?}: {named:?}"
        ))
    }
}
