//! The house's edges (DESIGN section 3), read from `cargo metadata` with all features.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{CargoOpt, DependencyKind, MetadataCommand, PackageId};

/// Which of our packages each of them may use, directly.
const ALLOWED: &[(&str, &[&str])] = &[
    ("usher-core", &[]),
    ("usher-protocol", &["usher-core"]),
    ("usher-scan", &[]),
    ("usher-model", &[]),
    ("usher-labels", &[]),
    ("usher-replica", &["usher-core", "usher-protocol"]),
    ("usher-authority", &["usher-core", "usher-protocol"]),
    ("usher-authority-sqlite", &["usher-core", "usher-protocol", "usher-authority"]),
    ("usher-station", &["usher-core", "usher-protocol", "usher-replica", "usher-labels"]),
    ("usher-headless", &["usher-core", "usher-protocol", "usher-replica", "usher-station", "usher-scan"]),
    (
        "usher-server",
        &["usher-core", "usher-protocol", "usher-authority", "usher-authority-sqlite", "usher-labels"],
    ),
    ("usher-desktop", &["usher-core", "usher-protocol", "usher-station", "usher-scan"]),
    ("usher-disk", &[]),
    (
        "usher-sim",
        &[
            "usher-core",
            "usher-protocol",
            "usher-replica",
            "usher-authority",
            "usher-authority-sqlite",
            "usher-disk",
        ],
    ),
];

/// What each must never reach, by whatever road.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("usher-core", &["rusqlite", "tokio", "axum", "tauri", "reqwest", "hyper", "chrono"]),
    ("usher-protocol", &["rusqlite", "tokio", "axum", "tauri", "reqwest", "hyper"]),
    ("usher-replica", &["tokio", "axum", "tauri", "reqwest", "hyper"]),
    ("usher-authority", &["rusqlite", "tokio", "axum", "tauri", "reqwest", "hyper"]),
    ("usher-authority-sqlite", &["tokio", "axum", "tauri", "reqwest", "hyper"]),
    ("usher-scan", &["tauri", "rusqlite", "usher-replica", "tokio"]),
    ("usher-labels", &["tauri", "axum", "rusqlite", "usher-core", "usher-protocol"]),
    ("usher-station", &["tauri", "axum", "usher-scan", "usher-authority"]),
    ("usher-headless", &["tauri", "usher-authority"]),
    ("usher-server", &["tauri", "usher-replica", "usher-station"]),
    ("usher-disk", &["tokio", "axum", "tauri", "reqwest", "hyper", "rand"]),
    ("usher-sim", &["tokio", "axum", "tauri", "reqwest", "hyper", "usher-server", "usher-station"]),
];

/// What may use the simulated disk, the one package with unsafe code of ours: nothing that is shipped.
const SIMULATION: &[&str] = &["usher-sim"];

/// The one package that may use anything of ours: it holds the tests that cross rooms.
const TESTS: &str = "usher-tests";

struct House {
    names: BTreeMap<PackageId, String>,
    uses: BTreeMap<PackageId, Vec<PackageId>>,
}

impl House {
    /// Everything that is linked into what is shipped, with every feature; what only tests use is left out.
    fn read() -> Self {
        let metadata = MetadataCommand::new().features(CargoOpt::AllFeatures).exec().unwrap();
        let names =
            metadata.packages.iter().map(|package| (package.id.clone(), package.name.to_string())).collect();
        let nodes = metadata.resolve.unwrap().nodes.into_iter();
        let uses = nodes.map(|node| {
            let shipped = |dep: &cargo_metadata::NodeDep| {
                dep.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
            };
            (node.id, node.deps.into_iter().filter(shipped).map(|dep| dep.pkg).collect())
        });
        Self { names, uses: uses.collect() }
    }

    fn id(&self, name: &str) -> &PackageId {
        self.names
            .iter()
            .find(|(_, found)| *found == name)
            .map(|(id, _)| id)
            .unwrap_or_else(|| panic!("{name} is no package"))
    }

    fn direct(&self, name: &str) -> BTreeSet<&str> {
        self.uses[self.id(name)].iter().map(|id| self.names[id].as_str()).collect()
    }

    fn reached(&self, name: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![self.id(name)];
        while let Some(id) = open.pop() {
            for next in &self.uses[id] {
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        seen.into_iter().map(|id| self.names[id].as_str()).collect()
    }
}

fn ours(name: &str) -> bool {
    name.starts_with("usher-")
}

#[test]
fn every_package_of_ours_has_its_edges_written_down() {
    let house = House::read();
    let listed: BTreeSet<_> = ALLOWED.iter().map(|(name, _)| *name).chain([TESTS]).collect();
    let found: BTreeSet<_> = house.names.values().map(String::as_str).filter(|name| ours(name)).collect();
    assert_eq!(found, listed);
}

#[test]
fn arrows_go_one_way() {
    let house = House::read();
    for (name, allowed) in ALLOWED {
        let strangers: Vec<_> =
            house.direct(name).into_iter().filter(|dep| ours(dep) && !allowed.contains(dep)).collect();
        assert!(strangers.is_empty(), "{name} uses {strangers:?}, which the house does not allow");
    }
}

#[test]
fn pure_rooms_reach_no_adapter() {
    let house = House::read();
    for (name, forbidden) in FORBIDDEN {
        let reached = house.reached(name);
        let wrong: Vec<_> = forbidden.iter().filter(|dep| reached.contains(*dep)).collect();
        assert!(wrong.is_empty(), "{name} reaches {wrong:?}");
    }
}

#[test]
fn nothing_uses_the_windows_or_the_tests() {
    let house = House::read();
    for (name, _) in ALLOWED {
        let direct = house.direct(name);
        assert!(
            !direct.contains("usher-desktop") && !direct.contains(TESTS),
            "{name} uses what stands above it"
        );
    }
}

#[test]
fn only_the_simulation_uses_the_simulated_disk() {
    let house = House::read();
    let users: Vec<_> = ALLOWED
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| house.direct(name).contains("usher-disk"))
        .collect();
    assert!(users.iter().all(|name| SIMULATION.contains(name)), "{users:?}");
}

#[test]
fn the_check_sees_a_forbidden_edge() {
    let house = House::read();
    assert!(house.reached("usher-server").contains("rusqlite"), "the walk reaches what is there");
    assert!(house.direct("usher-server").contains("usher-authority-sqlite"));
}

#[test]
fn every_dependency_has_its_reason_written_down() {
    let page = include_str!("../../docs/dependencies.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let written: BTreeSet<_> = rows.flat_map(|names| names.split([',', ' ', '(', ')'])).collect();
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let used = metadata.packages.iter().flat_map(|package| &package.dependencies);
    let missing: BTreeSet<_> = used
        .map(|dependency| dependency.name.as_str())
        .filter(|name| !ours(name) && !written.contains(name))
        .collect();
    assert!(missing.is_empty(), "docs/dependencies.md has no reason for {missing:?}");
}
