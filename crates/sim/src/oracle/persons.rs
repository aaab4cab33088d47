//! Who is one person: Merge and Split (DESIGN section 4), and the decisions about two check-ins of one person.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    entry::{HoldsSet, Merge, Outcome, Subject},
    ids::{EntryKey, PersonId, SessionId},
    incident::double_id,
};

use super::{Broken, Oracle, books::Books, broken};

/// One name for everybody who has several.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(BTreeMap<PersonId, PersonId>);

impl Names {
    fn of_person(&self, who: PersonId) -> PersonId {
        self.0.get(&who).copied().unwrap_or(who)
    }

    /// The name that stands for all that are one with `who`.
    pub(super) fn of(&self, who: Subject) -> Subject {
        match who {
            Subject::Person(who) => Subject::Person(self.of_person(who)),
            Subject::Code(_) => who,
        }
    }

    pub(super) fn are_one(&self, a: PersonId, b: PersonId) -> bool {
        self.of_person(a) == self.of_person(b)
    }

    /// Everybody who is one with somebody, in groups.
    fn groups(&self) -> BTreeMap<PersonId, BTreeSet<PersonId>> {
        let mut groups = BTreeMap::<_, BTreeSet<_>>::new();
        for (who, name) in &self.0 {
            groups.entry(*name).or_default().insert(*who);
        }
        groups
    }

    pub(super) fn join(&mut self, a: PersonId, b: PersonId) {
        let (one, other) = (self.of_person(a), self.of_person(b));
        self.0.values_mut().filter(|name| **name == other).for_each(|name| *name = one);
        self.0.extend([(a, one), (b, one)]);
    }
}

impl Books {
    /// Who is one by Merges such as `counts`.
    fn names_by(&self, counts: impl Fn(&EntryKey) -> bool) -> Names {
        let mut names = Names::default();
        self.merges.iter().filter(|(key, _)| counts(key)).for_each(|(_, (a, b))| names.join(*a, *b));
        names
    }

    /// Who is one person now.
    pub(super) fn names(&self) -> Names {
        self.names_by(|key| !self.split.contains(key))
    }

    /// Who is one person, or ever was.
    pub(super) fn names_ever(&self) -> Names {
        self.names_by(|_| true)
    }

    /// The two check-ins of every double admission that somebody resolved: a decision outlives the Merge that brought them together.
    pub(super) fn resolved(&self) -> BTreeMap<(EntryKey, EntryKey), Outcome> {
        let (names, mut found) = (self.names_ever(), BTreeMap::new());
        for all in self.ins.values() {
            for (n, one) in all.iter().enumerate() {
                for other in all[..n].iter().filter(|other| names.of(other.who) == names.of(one.who)) {
                    if let Some(outcome) = self.outcomes.get(&double_id(one.key, other.key)) {
                        found.insert((one.key.min(other.key), one.key.max(other.key)), *outcome);
                    }
                }
            }
        }
        found
    }

    pub(super) fn find_seconds(&mut self) {
        let later = |one: EntryKey, other: EntryKey| {
            let all = self.ins.values().flatten();
            all.filter(|seen| seen.key == one || seen.key == other)
                .max_by_key(|seen| (seen.hlc, seen.key))
                .map(|seen| seen.key)
        };
        let one_person = self.resolved().into_iter().filter(|(_, outcome)| *outcome == Outcome::OnePerson);
        self.seconds = one_person.filter_map(|((one, other), _)| later(one, other)).collect();
    }

    fn is_on(&self, session: SessionId, who: PersonId) -> bool {
        self.holds.get(&session).and_then(|all| all.get(&who)).is_some_and(|(_, held)| *held)
    }
}

impl Oracle {
    /// Everybody who was ever let in or had a held seat.
    #[must_use]
    pub fn persons(&self) -> BTreeSet<PersonId> {
        let ins = self.said.values().filter_map(|said| match said {
            super::Said::In(_, Subject::Person(who)) => Some(*who),
            _ => None,
        });
        ins.chain(self.books.holds.values().flat_map(|all| all.keys().copied())).collect()
    }

    /// Whether two persons are one, as the server holds it.
    #[must_use]
    pub fn are_one(&self, a: PersonId, b: PersonId) -> bool {
        self.books.names().are_one(a, b)
    }

    /// Whether two subjects are one person, or ever were.
    pub(crate) fn were_one(&self, a: Subject, b: Subject) -> bool {
        self.joined.of(a) == self.joined.of(b)
    }

    /// The Merges that the server holds, and which of them are taken back.
    pub(crate) fn merges(&self) -> Vec<(EntryKey, bool)> {
        self.books.merges.keys().map(|key| (*key, self.books.split.contains(key))).collect()
    }

    /// The Merges that nobody ever took back: who knows one of them knows that it holds.
    pub(crate) fn lasting_merges(&self) -> impl Iterator<Item = (EntryKey, Merge)> {
        let all = self.books.merges.iter().filter(|(key, _)| !self.taken_back.contains(key));
        all.map(|(key, (a, b))| (*key, Merge { a: *a, b: *b }))
    }

    /// Every name of a subject, for somebody who knows these Merges and no others.
    pub(crate) fn names_of(&self, who: Subject, known: &BTreeSet<EntryKey>) -> Vec<Subject> {
        let names = self.books.names_by(|key| known.contains(key));
        let Subject::Person(person) = who else { return vec![who] };
        let all = names.groups().remove(&names.of_person(person));
        all.map_or(vec![who], |all| all.into_iter().map(Subject::Person).collect())
    }

    /// Whether somebody stands at the session under another name of the same person.
    pub(crate) fn is_in_as_another(&self, session: SessionId, who: Subject) -> bool {
        let names = self.books.names();
        self.standing(session).iter().any(|(_, other)| *other != who && names.of(*other) == names.of(who))
    }

    /// Sessions where both of two persons have a held seat.
    pub(crate) fn both_held(&self, a: PersonId, b: PersonId) -> usize {
        let both = |session: &&SessionId| self.books.is_on(**session, a) && self.books.is_on(**session, b);
        self.books.holds.keys().filter(both).count()
    }

    /// Nobody is merged with whoever is the same already.
    pub(super) fn merge_is_new(&self, merge: &Merge) -> Result<u64, Broken> {
        if self.are_one(merge.a, merge.b) {
            return broken(format!("{merge:?} makes one of what is one"));
        }
        Ok(0)
    }

    /// I3: whoever is one person gets no second new held seat.
    pub(super) fn no_second_hold(&self, set: &HoldsSet) -> Result<(), Broken> {
        let (names, session) = (self.books.names(), set.session);
        let kept = |who: PersonId| self.books.is_kept(session, who) || set.on.contains(&who);
        for who in set.on.iter().filter(|who| !self.books.is_kept(session, **who)) {
            let mut others = self.books.holds.get(&session).into_iter().flatten().map(|(other, _)| *other);
            if let Some(other) =
                others.find(|other| other != who && names.are_one(*other, *who) && kept(*other))
            {
                return broken(format!("I3: {who:?} gets a new held seat beside that of {other:?}: {set:?}"));
            }
        }
        Ok(())
    }

    /// Of persons that are one, one has a held seat; not where the server was put back, which may know a Merge and have forgotten
    /// what it took away by it.
    pub(super) fn check_one_hold(&self, session: SessionId) -> Result<(), Broken> {
        if self.put_back > 0 {
            return Ok(());
        }
        for group in self.books.names().groups().into_values() {
            let held: Vec<_> = group.iter().filter(|who| self.books.is_on(session, **who)).collect();
            if held.len() > 1 {
                return broken(format!("{held:?} are one person and have a held seat each at {session}"));
            }
        }
        Ok(())
    }
}
