//! The black box, short: one evening of killed processes behind bad networks; and a one-way partition of a real network.
//!
//! `USHER_BLACK_BOX_SEED` names another seed; `scripts/nightly` runs the program `black-box` for minutes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod network;
mod one_way;

use usher_tests::{
    black_box::{Orders, run},
    real::programs::program,
};

/// How many steps each of the three volunteers takes.
const STEPS: usize = 140;

#[test]
fn what_desks_answered_is_what_the_server_has() {
    let seed = std::env::var("USHER_BLACK_BOX_SEED").map_or(1, |seed| seed.parse().unwrap());
    println!("black box: seed {seed}");
    let (server, desk) =
        (program("USHER_SERVER", "usher-server").unwrap(), program("USHER_DESK", "usher-desk").unwrap());
    let folder = tempfile::tempdir().unwrap().keep();
    let report = run(&Orders { out: folder.clone(), seed, steps: STEPS, server, desk, older: None });
    let report = report.unwrap_or_else(|error| panic!("seed {seed}, in {}: {error}", folder.display()));
    println!("{report}black box: seed {seed}");
    assert!(report.wrong.is_empty(), "seed {seed}, in {}", folder.display());
    for (what, least) in [
        ("desks killed", 5),
        ("server killed", 2),
        ("syncs through flaky networks", 10),
        ("entries compared", 100),
        ("check-ins compared byte for byte", 1),
    ] {
        assert!(report.figure(what) >= least, "seed {seed}: {what}: too few for a proof");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
