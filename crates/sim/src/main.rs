//! `usher-sim`: runs seeds, says what they met, and cuts a failing one down.

use std::{
    collections::BTreeSet,
    ops::Range,
    process::ExitCode,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use clap::Parser;
use usher_sim::{
    hazard::Hazard,
    kinds,
    plan::Plan,
    report::{MUST_HAPPEN, Report},
    run::{TRIES_MAX, run, shrink},
};

/// Desks, a server, a network and disks under one seed, checked by a naive oracle.
#[derive(Debug, Parser)]
struct Arguments {
    /// One seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Many seeds instead: A..B, without B.
    #[arg(long, value_parser = range)]
    seeds: Option<Range<u64>>,
    /// How many steps, instead of what the seed says.
    #[arg(long)]
    steps: Option<u64>,
    /// Meets these hazards, instead of what the seed says: restore, hidden-restore, roll-back, copy, revoke, with commas.
    #[arg(long, value_delimiter = ',')]
    hazards: Option<Vec<Hazard>>,
    /// Only these steps: numbers with commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<u64>,
    /// Writes the trace to standard output.
    #[arg(long)]
    trace: bool,
    /// Fails also when something never happened that five hundred seeds must meet.
    #[arg(long)]
    must_meet: bool,
    /// How many seeds run at a time.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Goes on behind a failing seed, and names all of them in the end.
    #[arg(long)]
    go_on: bool,
    /// Does not cut a failing seed down.
    #[arg(long)]
    no_shrink: bool,
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let (from, to) = text.split_once("..").ok_or("two numbers with .. between them are wanted")?;
    let number = |text: &str| text.parse::<u64>().map_err(|error| error.to_string());
    Ok(number(from)?..number(to)?)
}

/// What the workers share.
#[derive(Default)]
struct Shared {
    report: Report,
    /// The first seed that failed, with what the run gave.
    failed: Option<(Plan, u64, String)>,
    /// How many failed, where the others go on behind them.
    failures: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seeds = arguments.seeds.clone().unwrap_or(arguments.seed..arguments.seed.saturating_add(1));
    println!("seeds {seeds:?}");
    let (next, shared) = (AtomicU64::new(seeds.start), Mutex::new(Shared::default()));
    thread::scope(|scope| {
        for _ in 1..arguments.jobs {
            scope.spawn(|| work(&arguments, &next, seeds.end, &shared));
        }
        work(&arguments, &next, seeds.end, &shared);
    });
    let Shared { report, failed, failures } = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some((plan, at, why)) = failed {
        return self::failed(&plan, at, &why, arguments.no_shrink);
    }
    print!("{report}");
    if failures > 0 {
        println!("seeds {seeds:?}: {failures} failed");
        return ExitCode::FAILURE;
    }
    let mut never = report.never(MUST_HAPPEN);
    never.extend(kinds::counted(&report).filter(|(_, count)| *count == 0).map(|(kind, _)| kind));
    if arguments.must_meet && !never.is_empty() {
        println!("seeds {seeds:?}: these never happened: {never:?}");
        return ExitCode::FAILURE;
    }
    println!("seeds {seeds:?}: all good");
    ExitCode::SUCCESS
}

/// Runs seeds until there are none left or one has failed; of several that fail the first one counts.
fn work(arguments: &Arguments, next: &AtomicU64, end: u64, shared: &Mutex<Shared>) {
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end || look(shared).failed.is_some() {
            return;
        }
        let plan = plan(arguments, seed);
        let done = run(&plan, arguments.trace);
        let mut shared = look(shared);
        print!("{}", done.trace.text());
        shared.report.add(&done.report);
        if let (true, Some((at, why))) = (arguments.go_on, &done.broken) {
            println!("seed {seed} failed at step {at}: {}", why.0);
            shared.failures += 1;
            continue;
        }
        if let Some((at, why)) = done.broken
            && shared.failed.as_ref().is_none_or(|(first, ..)| seed < first.seed)
        {
            shared.failed = Some((plan, at, why.0));
        }
    }
}

fn look(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn plan(arguments: &Arguments, seed: u64) -> Plan {
    let mut plan = Plan::of(seed);
    plan.steps = arguments.steps.unwrap_or(plan.steps);
    if let Some(hazards) = &arguments.hazards {
        plan.hazards = hazards.iter().copied().collect();
    }
    if !arguments.only.is_empty() {
        plan.without = (0..plan.steps).filter(|n| !arguments.only.contains(n)).collect::<BTreeSet<_>>();
    }
    plan
}

fn failed(plan: &Plan, at: u64, why: &str, no_shrink: bool) -> ExitCode {
    println!("seed {} failed at step {at} of {}: {why}", plan.seed, plan.steps);
    let short = if no_shrink { plan.clone() } else { shrink(plan, TRIES_MAX) };
    let why = run(&short, false).broken.map(|(_, why)| why.0).unwrap_or_default();
    let only: Vec<_> =
        (0..short.steps).filter(|n| !short.without.contains(n)).map(|n| n.to_string()).collect();
    let only = if short.without.is_empty() { String::new() } else { format!(" --only {}", only.join(",")) };
    println!("replay: usher-sim --seed {} --steps {}{only} --trace", short.seed, short.steps);
    println!("  {why}");
    ExitCode::FAILURE
}
