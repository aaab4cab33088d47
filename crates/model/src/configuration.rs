//! What may happen in a run, and how much of it. Everything is off until a configuration asks for it, so that each stays small.

use crate::{
    feature::Feature,
    invariants::Invariant,
    mutant::Mutant,
    reached::Reached,
    terms::{DESKS, PEOPLE, SESSIONS},
};

/// One run of the checker: what may happen, within which bounds, under which wrong rule.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Shown in the tables.
    pub name: &'static str,
    /// The part of the design that it is about.
    pub group: &'static str,
    /// The wrong rule that is followed, if any.
    pub mutant: Option<Mutant>,
    /// What must be violated: nothing by the design, this by the mutant.
    pub expected: Option<Invariant>,
    /// The checker stops at so many generated states; none: every state is looked at.
    pub states_max: Option<usize>,
    /// Too large for the tests: only the binary runs it.
    pub nightly: bool,
    pub(crate) reached: Vec<Reached>,
    pub(crate) capacity: u8,
    pub(crate) desks: usize,
    pub(crate) sessions: u8,
    pub(crate) people: u8,
    /// How many persons may have held seats, per session.
    pub(crate) held_people: u8,
    /// Desks with so many entries write no more, but for what they must (`HoldsEnded`, `CloseEpoch`).
    pub(crate) entries_max: u8,
    pub(crate) grants_max: u8,
    pub(crate) positions_max: u8,
    pub(crate) restores: u8,
    features: u64,
}

impl Configuration {
    /// Two desks, one session of one place, two persons, two entries and two rights per desk; nothing else happens.
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            group: "",
            mutant: None,
            expected: None,
            states_max: None,
            nightly: false,
            reached: Vec::new(),
            capacity: 1,
            desks: DESKS,
            sessions: 1,
            people: PEOPLE as u8,
            held_people: 1,
            entries_max: 2,
            grants_max: 2,
            positions_max: 2,
            restores: 0,
            features: 0,
        }
    }

    /// The same in a group.
    pub(crate) fn of(mut self, group: &'static str) -> Self {
        self.group = group;
        self
    }

    /// The same with these features.
    pub(crate) fn with(mut self, features: &[Feature]) -> Self {
        self.features |= features.iter().fold(0, |all, one| all | 1 << *one as u8);
        self
    }

    /// The same with so many places in every session.
    pub(crate) fn capacity(mut self, places: u8) -> Self {
        self.capacity = places;
        self
    }

    /// The same with so many entries per desk.
    pub(crate) fn entries(mut self, max: u8) -> Self {
        self.entries_max = max;
        self
    }

    /// The same with so many rights granted per desk and session.
    pub(crate) fn grants(mut self, max: u8) -> Self {
        self.grants_max = max;
        self
    }

    /// The same with so many changes of the settings.
    pub(crate) fn positions(mut self, max: u8) -> Self {
        self.positions_max = max;
        self
    }

    /// The same with so many persons.
    pub(crate) fn people(mut self, people: u8) -> Self {
        self.people = people;
        self
    }

    /// The same with held seats for so many persons.
    pub(crate) fn held_people(mut self, people: u8) -> Self {
        self.held_people = people;
        self.with(&[Feature::Holds])
    }

    /// The same with one desk.
    pub(crate) fn one_desk(mut self) -> Self {
        self.desks = 1;
        self
    }

    /// The same with two sessions.
    pub(crate) fn two_sessions(mut self) -> Self {
        self.sessions = SESSIONS as u8;
        self
    }

    /// The same with so many restores of the server.
    pub(crate) fn restores(mut self, restores: u8) -> Self {
        self.restores = restores;
        self
    }

    /// The same, stopped after so many generated states.
    pub(crate) fn bounded(mut self, states_max: usize) -> Self {
        self.states_max = Some(states_max);
        self
    }

    /// The same, left to the binary.
    pub(crate) fn nightly(mut self) -> Self {
        self.nightly = true;
        self
    }

    /// The same; these interesting states must be met as well.
    pub(crate) fn reaching(mut self, reached: &[Reached]) -> Self {
        self.reached.extend_from_slice(reached);
        self
    }

    /// The same under a wrong rule, which `caught_by` must notice.
    pub(crate) fn under(mut self, mutant: Mutant, caught_by: Invariant) -> Self {
        self.name = mutant.name();
        self.group = "mutants";
        self.mutant = Some(mutant);
        self.expected = Some(caught_by);
        self.reached.clear();
        self
    }

    /// Whether this may happen.
    pub(crate) const fn has(&self, feature: Feature) -> bool {
        self.features & (1 << feature as u8) != 0
    }

    /// Whether this wrong rule is followed.
    pub(crate) fn follows(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// What it has that the smallest configuration has not, in words.
    #[must_use]
    pub fn describe(&self) -> String {
        let smallest = Self::new("");
        let features = Feature::ALL.iter().filter(|one| self.has(**one)).map(|one| format!("{one:?}"));
        let bounds = [
            ("places", self.capacity, smallest.capacity),
            ("desks", self.desks as u8, smallest.desks as u8),
            ("sessions", self.sessions, smallest.sessions),
            ("persons", self.people, smallest.people),
            ("held persons", self.held_people, smallest.held_people),
            ("entries", self.entries_max, smallest.entries_max),
            ("rights", self.grants_max, smallest.grants_max),
            ("settings", self.positions_max, smallest.positions_max),
            ("restores", self.restores, smallest.restores),
        ];
        let changed = bounds.into_iter().filter(|(_, mine, usual)| mine != usual);
        let words: Vec<_> = features.chain(changed.map(|(what, mine, _)| format!("{what} {mine}"))).collect();
        if words.is_empty() { "nothing more".to_owned() } else { words.join(", ") }
    }
}
