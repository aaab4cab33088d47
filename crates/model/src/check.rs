//! Running the checker over one configuration.

use std::collections::BTreeSet;

use stateright::{Checker, HasDiscoveries, Model};

use crate::{configuration::Configuration, invariants::Invariant, reached::Reached, step::Step};

/// What the checker found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Different states.
    pub unique: usize,
    /// States with repetitions: what a configuration's bound counts.
    pub generated: usize,
    /// The longest way to a state that is not shorter otherwise, in steps.
    pub depth: usize,
    /// Every state was looked at.
    pub is_exhausted: bool,
    /// The invariants that do not hold.
    pub violated: Vec<Invariant>,
    /// The interesting states that were not met.
    pub missed: Vec<Reached>,
}

impl Outcome {
    /// Whether it is as it should be: the design holds and was exercised; a mutant is caught by the invariant that is named.
    #[must_use]
    pub fn is_right(&self, rules: &Configuration) -> bool {
        match rules.expected {
            Some(invariant) => self.violated.contains(&invariant),
            None => self.violated.is_empty() && self.missed.is_empty(),
        }
    }
}

/// Looks at every state of a configuration up to its bound, or until it is refuted.
#[must_use]
pub fn check(rules: &Configuration, threads: usize) -> Outcome {
    let finish = match rules.expected {
        Some(invariant) => HasDiscoveries::AnyOf(BTreeSet::from([invariant.name()])),
        None => HasDiscoveries::AnyFailures,
    };
    let mut builder = rules.clone().checker().threads(threads).finish_when(finish);
    if let Some(max) = rules.states_max {
        builder = builder.target_state_count(max);
    }
    let checker = builder.spawn_bfs().join();
    let found = checker.discoveries();
    let violated: Vec<_> =
        Invariant::ALL.into_iter().filter(|invariant| found.contains_key(invariant.name())).collect();
    let stopped = rules.states_max.is_some_and(|max| checker.state_count() >= max);
    Outcome {
        unique: checker.unique_state_count(),
        generated: checker.state_count(),
        depth: checker.max_depth().saturating_sub(1),
        is_exhausted: violated.is_empty() && !stopped,
        missed: rules.reached.iter().copied().filter(|state| !found.contains_key(state.name())).collect(),
        violated,
    }
}

/// The shortest way to violate what a configuration is expected to violate, or any invariant; empty if there is none.
///
/// The checker reports the last violation of the batch that it was at; looking again above that depth finds the first.
#[must_use]
pub fn shortest(rules: &Configuration) -> Vec<Step> {
    let names: BTreeSet<_> = match rules.expected {
        Some(invariant) => BTreeSet::from([invariant.name()]),
        None => Invariant::ALL.map(Invariant::name).into(),
    };
    let mut best: Vec<Step> = Vec::new();
    loop {
        let mut builder = rules.clone().checker().finish_when(HasDiscoveries::AnyOf(names.clone()));
        if !best.is_empty() {
            builder = builder.target_max_depth(best.len() + 1);
        }
        let found = builder.spawn_bfs().join().discoveries();
        let ways = found.into_iter().filter(|(name, _)| names.contains(name));
        match ways.map(|(_, path)| path.into_actions()).min_by_key(Vec::len) {
            Some(shorter) => best = shorter,
            None => return best,
        }
    }
}
