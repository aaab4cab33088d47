//! Every deliberate mistake is caught by the invariant that is named for it, or the invariants would prove nothing.

use std::collections::BTreeSet;

use usher_model::{Mutant, check, documented, mutants, shortest};

const PAGE: &str = include_str!("../../../docs/model.md");

#[test]
fn every_mistake_is_caught_by_the_invariant_that_is_named() {
    for rules in mutants() {
        let outcome = check(&rules, 1);
        assert!(outcome.is_right(&rules), "{}: {outcome:?}, expected {:?}", rules.name, rules.expected);
        let row = documented(&rules, &outcome);
        assert!(PAGE.lines().any(|line| line == row), "docs/model.md lacks the row\n{row}");
    }
}

#[test]
fn every_mistake_is_tried_once() {
    let tried: Vec<_> = mutants().iter().filter_map(|rules| rules.mutant).collect();
    assert_eq!(tried.len(), Mutant::ALL.len());
    assert_eq!(tried.into_iter().collect::<BTreeSet<_>>(), Mutant::ALL.iter().copied().collect());
}

#[test]
fn a_counterexample_is_as_short_as_can_be() {
    let all = mutants();
    let delta = all.iter().find(|rules| rules.mutant == Some(Mutant::DeltaGrant)).unwrap();
    let steps: Vec<_> = shortest(delta).iter().map(ToString::to_string).collect();
    // One right, delivered twice to one desk, admits two persons.
    assert_eq!(steps.len(), 6, "{steps:#?}");
    assert!(steps[0].starts_with("Grant"), "{steps:#?}");
}
