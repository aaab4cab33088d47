//! The fold in memory: for tests, for checking tables against the entries, and for whoever has no store.

use std::collections::{BTreeMap, BTreeSet};

use super::{Admitted, Effect, Group, Tally, effect, merges::Merges, second_of};
use crate::{
    entry::{Entry, Outcome, Subject},
    ids::{EntryKey, IncidentId, SessionId, StationId},
};

/// The fold of a set of entries, in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    server: Option<StationId>,
    // By the subject that the entries name: Merges are applied when a group is asked for.
    named: BTreeMap<(SessionId, Subject), BTreeMap<EntryKey, Admitted>>,
    releases: BTreeSet<EntryKey>,
    one_person: BTreeSet<IncidentId>,
    settled: BTreeSet<IncidentId>,
    merges: Merges,
}

impl Ledger {
    /// An empty fold that believes `server` what only the server writes.
    #[must_use]
    pub fn of(server: StationId) -> Self {
        Self { server: Some(server), ..Self::default() }
    }

    /// Takes one entry into account; a repeated one changes nothing.
    pub fn apply(&mut self, entry: &Entry) {
        match effect(entry, self.server) {
            Effect::Admits(session, subject, one) => {
                self.named.entry((session, subject)).or_default().entry(one.key).or_insert(one);
            }
            Effect::Releases(of) | Effect::Binds(_, of) => {
                self.releases.insert(of);
            }
            Effect::Resolves(incident, outcome) => {
                self.settled.insert(incident);
                if outcome == Outcome::OnePerson {
                    self.one_person.insert(incident);
                }
            }
            Effect::Merges(key, a, b) => self.merges.merge(key, a, b),
            Effect::Splits(merge) => self.merges.split(merge),
            Effect::Leaves(..) | Effect::Nothing => {}
        }
    }

    /// The check-ins of one person at one session, under whatever name of theirs.
    #[must_use]
    pub fn group(&self, session: SessionId, subject: Subject) -> Group {
        let seconds = self.seconds(session, subject);
        let released = |one: &Admitted| self.releases.contains(&one.key) || seconds.contains(&one.key);
        let all = self.named_as(session, &self.names(subject, false));
        let group = Group::new(all.iter().map(|one| Admitted { released: released(one), ..*one }));
        let incidents = group.incidents().map(|(incident, _)| incident);
        let settled: Vec<_> = incidents.filter(|incident| self.settled.contains(incident)).collect();
        group.with_settled(settled)
    }

    /// Check-ins that were another one's person, by a decision about any two that ever were one group.
    fn seconds(&self, session: SessionId, subject: Subject) -> BTreeSet<EntryKey> {
        if self.one_person.is_empty() {
            return BTreeSet::new();
        }
        let all = self.named_as(session, &self.names(subject, true));
        self.one_person.iter().filter_map(|incident| second_of(&all, *incident)).collect()
    }

    /// Every subject that is the same person; `ever`: or was.
    fn names(&self, subject: Subject, ever: bool) -> Vec<Subject> {
        match subject {
            Subject::Person(person) => {
                self.merges.same(person, ever).into_iter().map(Subject::Person).collect()
            }
            Subject::Code(_) => vec![subject],
        }
    }

    fn named_as(&self, session: SessionId, names: &[Subject]) -> Vec<Admitted> {
        let named = names.iter().filter_map(|name| self.named.get(&(session, *name)));
        named.flat_map(BTreeMap::values).copied().collect()
    }

    /// Every group, with its session and the first of its subjects.
    pub fn groups(&self) -> impl Iterator<Item = (SessionId, Subject, Group)> + '_ {
        let first = |session: SessionId, subject: Subject| {
            let names = self.names(subject, false);
            names.into_iter().find(|name| self.named.contains_key(&(session, *name))) == Some(subject)
        };
        let firsts = self.named.keys().filter(move |(session, subject)| first(*session, *subject));
        firsts.map(|(session, subject)| (*session, *subject, self.group(*session, *subject)))
    }

    /// The sum of one session.
    #[must_use]
    pub fn tally(&self, session: SessionId) -> Tally {
        let groups = self.groups().filter(|(of, ..)| *of == session);
        groups.fold(Tally::default(), |sum, (.., group)| sum.moved(Tally::default(), group.tally()))
    }
}
