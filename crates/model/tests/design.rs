//! The design holds in every state of the small configurations, and the interesting states are met. `usher-model` runs the
//! large ones.

use std::collections::BTreeSet;

use usher_model::{check, configurations, documented, shortest};

const PAGE: &str = include_str!("../../../docs/model.md");

/// Looks at every state of the group's configurations; the page must say what was found.
fn holds(group: &str) {
    let small: Vec<_> =
        configurations().into_iter().filter(|one| one.group == group && !one.nightly).collect();
    assert!(!small.is_empty(), "no configuration in {group}");
    for rules in small {
        let outcome = check(&rules, 1);
        assert!(outcome.is_right(&rules), "{}: {outcome:?}", rules.name);
        assert!(outcome.is_exhausted || rules.states_max.is_some(), "{}: {outcome:?}", rules.name);
        let row = documented(&rules, &outcome);
        assert!(PAGE.lines().any(|line| line == row), "docs/model.md lacks the row\n{row}");
    }
}

/// A test per group, and a list of the groups that have one.
macro_rules! groups {
    ($($test:ident: $group:literal,)+) => {
        const GROUPS: &[&str] = &[$($group),+];
        $(#[test] fn $test() { holds($group); })+
    };
}

groups! {
    the_core_holds: "core",
    held_seats_hold: "holds",
    overrides_and_changed_capacities_hold: "overrides and capacity",
    settlement_and_recovered_disks_hold: "settlement and disks",
    exits_hold: "exits",
    a_restored_server_holds: "restored server",
    closed_epochs_hold: "closed epochs",
    merging_and_resolving_hold: "merged and resolved",
    cancelling_holds: "cancelled",
    revocation_holds: "revoked",
    copied_and_put_back_machines_hold: "copied and put back",
    sessions_without_a_limit_hold: "unlimited",
    two_sessions_hold: "two sessions",
    a_restored_server_holds_with_everything_else: "restored, crossed",
    crossed_features_hold: "crossed",
}

#[test]
fn every_group_has_a_test() {
    let found: BTreeSet<_> = configurations().iter().map(|one| one.group).collect();
    assert_eq!(found, GROUPS.iter().copied().collect());
}

#[test]
fn names_are_unique() {
    let all = configurations();
    let names: BTreeSet<_> = all.iter().map(|one| one.name).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn what_only_the_binary_runs_is_documented() {
    for rules in configurations().into_iter().filter(|one| one.nightly) {
        let start = format!("| {} | {} | {} | ", rules.group, rules.name, rules.describe());
        assert!(PAGE.lines().any(|line| line.starts_with(&start)), "docs/model.md lacks a row\n{start}");
    }
}

#[test]
fn there_is_no_counterexample_where_nothing_is_wrong() {
    let all = configurations();
    let smallest = all.iter().find(|one| one.name == "two sessions, two persons").unwrap();
    assert!(shortest(smallest).is_empty());
}
