//! A few seeds on every change; the scripts run many with the optimised binary.

#![expect(clippy::panic, reason = "a test fails loudly")]

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use usher_sim::{
    hazard::Hazard,
    plan::Plan,
    report::{MUST_HAPPEN, Report},
    run::{run, shrink},
};

/// How many seeds are run here.
const SEEDS: u64 = 40;
/// What so few seeds may miss; the five hundred of `scripts/test` may not.
const SELDOM: &[&str] = &[
    "a desk forgot that it was enrolled",
    "a settled desk had spent more than was said",
    "an exit was bound by hand",
    "came back while leaving was not known here",
    "held seats were over at their time",
    "guests do not come and go any more",
    "half a checkpoint of the lists was noticed",
    "one exit was enough",
    "what a revoked desk had sent was accepted",
    "what a revoked desk sent does not count",
];

/// Runs a seed; a failing one says how to replay it.
fn good(seed: u64) -> Report {
    let done = run(&Plan::of(seed), false);
    if let Some((at, why)) = done.broken {
        panic!("step {at}: {}\nreplay: usher-sim --seed {seed} --trace", why.0);
    }
    done.report
}

/// Every rare path that five hundred seeds must meet ([`MUST_HAPPEN`]), but for those that so few seeds may miss.
#[test]
fn forty_seeds_are_good_and_meet_the_rare_paths() {
    let (mut report, next) = (Mutex::new(Report::default()), AtomicU64::new(1));
    let work = || {
        while let seed @ ..=SEEDS = next.fetch_add(1, Ordering::Relaxed) {
            let one = good(seed);
            report.lock().unwrap_or_else(PoisonError::into_inner).add(&one);
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    let report = report.get_mut().unwrap_or_else(PoisonError::into_inner);
    let never = report.never(MUST_HAPPEN);
    assert!(never.iter().all(|what| SELDOM.contains(what)), "never: {never:?}\n{report}");
    assert!(report.entries > SEEDS * 100 && report.faults_in_all() > SEEDS * 24, "{report}");
}

/// Runs seeds that meet one hazard for certain; what of it never came up fails.
fn meets(hazard: Hazard, seeds: std::ops::RangeInclusive<u64>, faults: &[&str]) {
    let mut report = Report::default();
    for seed in seeds {
        let plan = Plan { hazards: [hazard].into(), ..Plan::of(seed) };
        let done = run(&plan, false);
        assert!(done.broken.is_none(), "seed {seed} with {hazard:?}: {:?}", done.broken);
        report.add(&done.report);
    }
    for what in faults {
        assert!(report.faults.get(*what).is_some_and(|count| *count > 0), "never: {what}\n{report}");
    }
}

#[test]
fn a_server_is_put_back_to_a_backup_once_and_again() {
    meets(Hazard::Restore, 1..=24, &["server: put back to a backup", "server: put back twice to one backup"]);
}

#[test]
fn a_server_is_put_back_behind_its_back() {
    meets(Hazard::HiddenRestore, 1..=16, &["server: put back behind its back", "server: roster lost"]);
}

#[test]
fn a_desk_is_put_back_to_an_older_copy_of_its_databases() {
    meets(
        Hazard::RollBack,
        1..=8,
        &["storage: databases put back", "storage: the log's write-ahead log deleted"],
    );
}

#[test]
fn a_desk_is_revoked_and_its_credential_stolen() {
    let faults = [
        "people: a desk was revoked",
        "malice: a stolen credential",
        "malice: a revoked desk's request came again",
    ];
    meets(Hazard::Revoke, 1..=16, &faults);
}

#[test]
fn a_desk_goes_on_at_two_computers() {
    meets(Hazard::Copy, 1..=8, &["storage: a desk was copied to another computer"]);
}

#[test]
fn what_every_seed_may_meet_comes_up() {
    let mut report = Report::default();
    (1..=20).for_each(|seed| report.add(&good(seed)));
    for what in [
        "carry: a log was saved",
        "carry: news by file",
        "carry: torn",
        "malice: a forged grant",
        "malice: a forged request",
        "malice: a forged signature",
        "malice: a forged ticket",
        "malice: a stored byte was changed",
        "people: undone twice",
        "process: an older version",
        "storage: lists lost",
        "storage: the lists' write-ahead log deleted",
    ] {
        assert!(report.faults.get(what).is_some_and(|count| *count > 0), "never: {what}\n{report}");
    }
}

#[test]
fn one_seed_gives_one_trace() {
    for seed in 3..9 {
        let (first, second) = (run(&Plan::of(seed), true), run(&Plan::of(seed), true));
        assert!(first.trace.text() == second.trace.text() && !first.trace.text().is_empty());
        assert_eq!(first.trace.digest(), run(&Plan::of(seed), false).trace.digest());
        assert_eq!(first.report, second.report);
    }
}

#[test]
fn disks_that_lie_about_syncing_are_noticed_and_the_failure_is_cut_down() {
    let lying = |seed| Plan { disks_lie: true, ..Plan::of(seed) };
    let broken: Vec<_> = (1..=6).filter(|seed| run(&lying(*seed), false).broken.is_some()).collect();
    assert!(broken.len() >= 4, "only {broken:?} were noticed");
    let short = shrink(&Plan { steps: 300, ..lying(broken[0]) }, 30);
    assert!(short.steps <= 300 && run(&short, false).broken.is_some());
}
