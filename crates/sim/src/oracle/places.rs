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

    /// Check-ins that are over: taken back, left, or the same person as another one.
    fn over(&self) -> BTreeSet<EntryKey> {
        let out =
            self.said.values().filter_map(|said| if let Said::Out(of) = said { Some(*of) } else { None });
        out.chain(self.books.seconds.iter().copied()).collect()
    }

    fn order(&self, key: EntryKey) -> (Option<usher_core::clock::Hlc>, EntryKey) {
        (self.facts.get(&key).map(|(_, hlc)| *hlc), key)
    }

    /// Seats taken, and distinct people.
    #[must_use]
    pub fn counts(&self, session: SessionId) -> (u64, u64) {
        let standing = self.standing(session);
        let people: BTreeSet<_> = standing.iter().map(|(_, who)| *who).collect();
        (standing.len() as u64, people.len() as u64)
    }

    /// The double admissions that nobody has settled, each with the admission that it repeats.
    #[must_use]
    pub fn doubles(&self, session: SessionId) -> BTreeSet<[EntryKey; 2]> {
        let resolved = self.books.resolved();
        let mut groups = BTreeMap::<Subject, Vec<EntryKey>>::new();
        for (key, who) in self.standing(session) {
            groups.entry(who).or_default().push(key);
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

    /// Whether this desk already let the subject in, and that stands. A desk may know of a Resolve that the server has forgotten.
    #[must_use]
    pub fn admitted_by(
        &self,
        session: SessionId,
        who: Subject,
        has: impl Fn(EntryKey) -> bool,
    ) -> Option<EntryKey> {
        let standing = self.standing(session);
        let stands = |key: &EntryKey| has(*key) && !self.once_seconds.contains(key);
        standing.iter().find(|(key, one)| *one == who && stands(key)).map(|(key, _)| *key)
    }
}
