//! Who is inside, counted by looking at everything that was answered, and what contradicts itself.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    entry::{Basis, Subject},
    ids::{EntryKey, SessionId},
};

use super::{Broken, Oracle, Said, broken};

impl Oracle {
    /// The check-ins at a session that nothing has ended.
    #[must_use]
    pub fn standing(&self, session: SessionId) -> Vec<(EntryKey, Subject)> {
        let over = self.over();
        let ins = self.said.iter().filter_map(|(key, said)| match said {
            Said::In(at, who) if *at == session && !over.contains(key) => Some((*key, *who)),
            _ => None,
        });
        ins.collect()
    }

    /// Those of them who sit there in truth: what the server once ended and has forgotten is over all the same.
    pub(super) fn sitting(&self, session: SessionId) -> Vec<(EntryKey, Subject)> {
        let mut standing = self.standing(session);
        standing.retain(|(key, _)| !self.gone.contains(key));
        standing
    }

    /// Check-ins that are over: taken back, left, ended by an exit, or the same person as another one.
    fn over(&self) -> BTreeSet<EntryKey> {
        let out =
            self.said.values().filter_map(|said| if let Said::Out(of) = said { Some(*of) } else { None });
        let bound = self.books.bound.values().flatten().copied();
        out.chain(self.books.seconds.iter().copied()).chain(bound).collect()
    }

    fn order(&self, key: EntryKey) -> (Option<usher_core::clock::Hlc>, EntryKey) {
        (self.facts.get(&key).map(|(_, hlc)| *hlc), key)
    }

    /// Seats taken, and distinct people.
    #[must_use]
    pub fn counts(&self, session: SessionId) -> (u64, u64) {
        let standing = self.standing(session);
        let names = self.books.names();
        let people: BTreeSet<_> = standing.iter().map(|(_, who)| names.of(*who)).collect();
        (standing.len() as u64, people.len() as u64)
    }

    /// The double admissions that nobody has settled, each with the admission that it repeats.
    #[must_use]
    pub fn doubles(&self, session: SessionId) -> BTreeSet<[EntryKey; 2]> {
        let (resolved, names) = (self.books.resolved(), self.books.names());
        let mut groups = BTreeMap::<Subject, Vec<EntryKey>>::new();
        for (key, who) in self.standing(session) {
            groups.entry(names.of(who)).or_default().push(key);
        }
        let mut found = BTreeSet::new();
        for mut group in groups.into_values() {
            group.sort_by_key(|key| self.order(*key));
            let first = group[0];
            let open = |other: &&EntryKey| !resolved.contains_key(&(first.min(**other), first.max(**other)));
            found.extend(group[1..].iter().filter(open).map(|other| [first, *other]));
        }
        found
    }

    /// Each of `said` is a check-in that stands on a code, and is said once.
    ///
    /// # Errors
    /// One is invented.
    pub fn check_unknown(&self, session: SessionId, said: Vec<EntryKey>) -> Result<(), Broken> {
        let mut codes = self.standing(session);
        codes.retain(|(_, who)| matches!(who, Subject::Code(_)));
        for key in said {
            let Some(at) = codes.iter().position(|(one, _)| *one == key) else {
                return broken(format!("P4: {key:?} does not stand on an unknown ticket, or is named twice"));
            };
            codes.swap_remove(at);
        }
        Ok(())
    }

    pub(super) fn basis_of(&self, key: &EntryKey) -> Option<Basis> {
        self.facts.get(key).map(|(basis, _)| *basis)
    }
}
