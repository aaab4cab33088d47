//! What the checker found, as rows of a table. `docs/model.md` has the same rows without what differs from run to run.

use crate::{check::Outcome, configuration::Configuration, mutant::Mutant};

/// The head of the table that [`row`] continues.
#[must_use]
pub fn heading() -> String {
    format!(
        "{:5}  {:34} {:>10} {:>5} {:>8}  {:10}  found",
        "", "name", "states", "depth", "seconds", "explored"
    )
}

/// One row: name, different states, depth, seconds, whether every state was looked at, and what was found.
#[must_use]
pub fn row(rules: &Configuration, outcome: &Outcome, seconds: f64) -> String {
    let right = if outcome.is_right(rules) { "ok" } else { "WRONG" };
    let (name, unique, depth) = (rules.name, outcome.unique, outcome.depth);
    let (explored, found) = (explored(outcome), found(outcome));
    format!("{right:5}  {name:34} {unique:>10} {depth:>5} {seconds:>8.1}  {explored:10}  {found}")
}

/// The row of `docs/model.md`.
#[must_use]
pub fn documented(rules: &Configuration, outcome: &Outcome) -> String {
    match (rules.mutant, rules.expected) {
        (Some(mutant), Some(invariant)) => documented_mutant(rules, mutant, invariant.name()),
        _ => {
            let states = match outcome.is_exhausted {
                true => outcome.unique.to_string(),
                false => format!("bounded at {} generated", rules.states_max.unwrap_or(0)),
            };
            format!("| {} | {} | {} | {states} |", rules.group, rules.name, rules.describe())
        }
    }
}

fn documented_mutant(rules: &Configuration, mutant: Mutant, invariant: &str) -> String {
    format!("| {} | {} | {} | {invariant} |", mutant.name(), mutant.meaning(), rules.describe())
}

fn explored(outcome: &Outcome) -> &'static str {
    match (outcome.is_exhausted, outcome.violated.is_empty()) {
        (true, _) => "exhaustive",
        (false, true) => "bounded",
        (false, false) => "refuted",
    }
}

fn found(outcome: &Outcome) -> String {
    let violated = outcome.violated.iter().map(|invariant| format!("violates {}", invariant.name()));
    let missed = outcome.missed.iter().map(|state| format!("never met: {}", state.name()));
    let all: Vec<_> = violated.chain(missed).collect();
    if all.is_empty() { "every invariant holds".to_owned() } else { all.join("; ") }
}
