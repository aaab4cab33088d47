//! `usher-sim`: runs seeds, says what they met, and cuts a failing one down.

use std::{collections::BTreeSet, ops::Range, process::ExitCode};

use clap::Parser;
use usher_sim::{
    report::Report,
    run::{run, shrink},
    plan::Plan,
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
    /// Only these steps: numbers with commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<u64>,
    /// Writes the trace to standard output.
    #[arg(long)]
    trace: bool,
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

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seeds = arguments.seeds.clone().unwrap_or(arguments.seed..arguments.seed.saturating_add(1));
    println!("seeds {seeds:?}");
    let (mut report, mut failures) = (Report::default(), 0);
    for seed in seeds.clone() {
        let mut plan = Plan::of(seed);
        plan.steps = arguments.steps.unwrap_or(plan.steps);
        if !arguments.only.is_empty() {
            plan.without = (0..plan.steps).filter(|n| !arguments.only.contains(n)).collect::<BTreeSet<_>>();
        }
        let done = run(&plan, arguments.trace);
        print!("{}", done.trace.text());
        report.add(&done.report);
        if let (true, Some((at, why))) = (arguments.go_on, &done.broken) {
            println!("seed {seed} failed at step {at}: {}", why.0);
            failures += 1;
            continue;
        }
        if let Some((at, why)) = done.broken {
            return failed(&plan, at, &why.0, arguments.no_shrink);
        }
    }
    print!("{report}");
    if failures > 0 {
        println!("seeds {seeds:?}: {failures} failed");
        return ExitCode::FAILURE;
    }
    println!("seeds {seeds:?}: all good");
    ExitCode::SUCCESS
}

fn failed(plan: &Plan, at: u64, why: &str, no_shrink: bool) -> ExitCode {
    println!("seed {} failed at step {at} of {}: {why}", plan.seed, plan.steps);
    let short = if no_shrink { plan.clone() } else { shrink(plan) };
    let why = run(&short, false).broken.map(|(_, why)| why.0).unwrap_or_default();
    let only: Vec<_> =
        (0..short.steps).filter(|n| !short.without.contains(n)).map(|n| n.to_string()).collect();
    let only = if short.without.is_empty() { String::new() } else { format!(" --only {}", only.join(",")) };
    println!("replay: usher-sim --seed {} --steps {}{only} --trace", short.seed, short.steps);
    println!("  {why}");
    ExitCode::FAILURE
}
