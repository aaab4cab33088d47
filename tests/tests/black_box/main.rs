//! The black box, short: two evenings of killed processes behind bad networks, the second with all that can happen beside the desks; and
//! a one-way partition of a real network.
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

/// An evening in which a supervisor decides, a lost desk is written off, its disk comes by file, and the server is put back.
const EVERYTHING: u64 = 22;

#[test]
fn what_desks_answered_is_what_the_server_has() {
    let seed = std::env::var("USHER_BLACK_BOX_SEED").map_or(1, |seed| seed.parse().unwrap());
    evening(
        seed,
        &[
            ("desks killed", 5),
            ("server killed", 2),
            ("syncs through flaky networks", 10),
            ("entries compared", 100),
            ("check-ins compared byte for byte", 1),
        ],
    );
}

#[test]
fn what_is_decided_lost_carried_and_put_back_meanwhile_loses_nobody() {
    evening(
        EVERYTHING,
        &[
            ("places lowered", 1),
            ("places raised", 1),
            ("lost desk written off, in how many rooms", 1),
            ("lost desks that came by file", 1),
            ("files imported that brought entries", 1),
            ("files imported after the network", 1),
            ("lines that the backup lacked", 1),
            ("server put back, and a desk told", 1),
        ],
    );
}

/// Carries an evening out; `least`: what must have happened how often for it to be a proof.
fn evening(seed: u64, least: &[(&str, u64)]) {
    println!("black box: seed {seed}");
    let (server, desk) =
        (program("USHER_SERVER", "usher-server").unwrap(), program("USHER_DESK", "usher-desk").unwrap());
    let folder = tempfile::tempdir().unwrap().keep();
    let report = run(&Orders { out: folder.clone(), seed, steps: STEPS, server, desk, older: None });
    let report = report.map_err(|error| format!("seed {seed}, in {}: {error}", folder.display())).unwrap();
    println!("{report}black box: seed {seed}");
    assert!(report.wrong.is_empty(), "seed {seed}, in {}", folder.display());
    for (what, least) in least {
        assert!(report.figure(what) >= *least, "seed {seed}: {what}: too few for a proof");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
