//! Exits, and the check-ins that the server ends by them (DESIGN section 5, *A Bind names a check-in earlier than the exit, one per
//! exit*).

use usher_core::{
    clock::Hlc,
    entry::{Bind, Subject},
    ids::{EntryKey, PersonId, SessionId},
};

use super::{
    Broken, Oracle, Said,
    books::{Books, In},
    broken,
};

/// Somebody left whose check-in was not known where that was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub(super) session: SessionId,
    pub(super) who: PersonId,
    pub(super) hlc: Hlc,
}

impl Books {
    /// Check-ins of one name at a session that nothing has ended, as the server knows.
    fn open(&self, session: SessionId, who: PersonId) -> impl Iterator<Item = &In> {
        let all = self.ins.get(&session).into_iter().flatten();
        all.filter(move |one| one.who == Subject::Person(who))
            .filter(|one| !self.ends.contains_key(&one.key) && !self.seconds.contains(&one.key))
    }
}

impl Oracle {
    /// A Bind of the server ends the first check-in of that person which stands and came before the exit, and an exit ends one.
    pub(super) fn binds_well(&self, bind: &Bind) -> Result<u64, Broken> {
        let Some(left) = self.books.exits.get(&bind.exit) else {
            return broken(format!("{bind:?} names an exit that the server does not hold"));
        };
        if let Some(before) = self.books.bound.get(&bind.exit) {
            return broken(format!("I5: {bind:?}, and the exit ends {before:?} already"));
        }
        if self.by_hand.contains(&(bind.exit, bind.check_in)) {
            return match self.fits(bind.exit, bind.check_in) {
                true => Ok(0),
                false => broken(format!(
                    "{bind:?} by hand is of {left:?}, and names no earlier check-in of the same person"
                )),
            };
        }
        let first = self.books.open(left.session, left.who).min_by_key(|one| (one.hlc, one.key));
        match first {
            Some(one) if one.key == bind.check_in && (one.hlc, one.key) < (left.hlc, bind.exit) => Ok(0),
            other => {
                broken(format!("{bind:?} is of {left:?}, whose first check-in that stands is {other:?}"))
            }
        }
    }

    /// In the end each exit has ended a check-in, or there is none that it could end; and no exit has ended two, no check-in was ended
    /// by two exits.
    ///
    /// # Errors
    /// It is otherwise.
    pub fn check_exits(&self) -> Result<(), Broken> {
        let (mut ended, books) = (std::collections::BTreeSet::new(), &self.books);
        for (exit, left) in &books.exits {
            let bound = books.bound.get(exit);
            if !self.was_blind
                && bound.is_some_and(|of| {
                    let once = |one: &EntryKey| self.by_hand.contains(&(*exit, *one)) || ended.insert(*one);
                    of.len() > 1 || !of.iter().all(once)
                })
            {
                return broken(format!("I5: {exit:?} ends {bound:?}, or another exit does as well"));
            }
            let mut earlier = books.open(left.session, left.who);
            if bound.is_none()
                && let Some(one) = earlier.find(|one| (one.hlc, one.key) < (left.hlc, *exit))
            {
                return broken(format!("{exit:?} was never bound to {one:?}, from which {left:?} left"));
            }
        }
        Ok(())
    }

    /// A supervisor is about to say that this exit ends this check-in: the server may keep that also where it says that it failed.
    pub(crate) fn binds_by_hand(&mut self, exit: EntryKey, check_in: EntryKey) {
        self.by_hand.insert((exit, check_in));
    }

    /// Exits that end nothing yet as the server holds it, each with the session's check-ins; `own`: with those that fit.
    pub(crate) fn unbound(&self, own: bool) -> Vec<(EntryKey, EntryKey)> {
        let open = self.books.exits.iter().filter(|(exit, _)| !self.books.bound.contains_key(*exit));
        let mut pairs = Vec::new();
        for (exit, left) in open {
            let all = self.books.ins.get(&left.session).into_iter().flatten();
            pairs.extend(all.map(|one| (*exit, one.key)).filter(|(exit, of)| !own || self.fits(*exit, *of)));
        }
        pairs
    }

    /// Whether an exit ends something as the server holds it.
    pub(crate) fn is_bound(&self, exit: EntryKey) -> bool {
        self.books.bound.contains_key(&exit)
    }

    /// Whether the check-in is of the person who left, at the same session, and came before.
    pub(crate) fn fits(&self, exit: EntryKey, check_in: EntryKey) -> bool {
        let Some(left) = self.books.exits.get(&exit) else { return false };
        let names = self.books.names();
        let mut all = self.books.ins.get(&left.session).into_iter().flatten();
        all.any(|one| {
            one.key == check_in
                && names.of(one.who) == names.of(Subject::Person(left.who))
                && (one.hlc, one.key) < (left.hlc, exit)
        })
    }

    /// How many exits ended a check-in: of the desk that wrote the exit, and of another one.
    #[must_use]
    pub fn bound(&self) -> (usize, usize) {
        let all =
            self.books.bound.iter().flat_map(|(exit, of)| of.iter().map(|of| of.station == exit.station));
        let all: Vec<_> = all.collect();
        let own = all.iter().filter(|own| **own).count();
        (own, all.len() - own)
    }

    /// A check-in by which a subject must be inside for the desk that wrote it: of one of these names more check-ins of the desk's own
    /// stand than people of that name ever left past a desk that did not know where they came in.
    pub(crate) fn inside_at(
        &self,
        session: SessionId,
        names: &[Subject],
        has: impl Fn(EntryKey) -> bool,
    ) -> Option<EntryKey> {
        let standing = self.sitting(session);
        let inside = |name: &Subject| {
            let own: Vec<_> = standing.iter().filter(|(key, who)| who == name && has(*key)).collect();
            let left = |said: &&Said| matches!(said, Said::Left(at, who) if *at == session && Subject::Person(*who) == *name);
            let exits = self.said.values().filter(left).count();
            own.get(exits).map(|(key, _)| *key)
        };
        names.iter().find_map(inside)
    }

    /// Everything that the check-ins of a subject at a session may be said to have become by somebody who comes or goes.
    pub(crate) fn check_ins(&self, session: SessionId, who: Subject) -> Vec<EntryKey> {
        let of = |(key, said): (&EntryKey, &Said)| match said {
            Said::In(at, other) if *at == session && self.were_one(*other, who) => Some(*key),
            _ => None,
        };
        self.said.iter().filter_map(of).collect()
    }

    /// The exits by which somebody left a session under this name; `open`: that never ended a check-in.
    pub(crate) fn exits(&self, session: SessionId, who: Subject, open: bool) -> Vec<EntryKey> {
        let of = |(key, said): (&EntryKey, &Said)| match said {
            Said::Left(at, other) if *at == session && Subject::Person(*other) == who => Some(*key),
            _ => None,
        };
        self.said.iter().filter_map(of).filter(|key| !(open && self.gone.contains(key))).collect()
    }
}
