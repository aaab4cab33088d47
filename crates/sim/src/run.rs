//! One run of a plan, and cutting a failing one down.

use std::collections::BTreeSet;

use crate::{
    chance::Chance,
    checks,
    oracle::Broken,
    plan::Plan,
    report::Report,
    trace::Trace,
    world::{Outcome, World},
};

/// How many runs cutting down may take.
pub const TRIES_MAX: usize = 400;

/// What a run gave.
#[derive(Clone, Debug)]
pub struct Done {
    /// What it met.
    pub report: Report,
    /// What happened.
    pub trace: Trace,
    /// What was broken, and at which step; the number of steps stands for the end.
    pub broken: Option<(u64, Broken)>,
}

/// Runs a plan.
#[must_use]
pub fn run(plan: &Plan, trace: bool) -> Done {
    let mut world = match World::new(plan.seed, trace) {
        Ok(world) => world,
        Err(why) => {
            return Done { report: Report::default(), trace: Trace::new(trace), broken: Some((0, why)) };
        }
    };
    world.hazards.clone_from(&plan.hazards);
    world.seats.iter().for_each(|seat| seat.desk.disk.set_sync_lies(plan.disks_lie));
    let mut at = 0;
    let ended = play(&mut world, plan, &mut at);
    if let Err(why) = &ended {
        world.trace.line(format_args!("BROKEN {}", why.0));
    }
    world.seats.iter().for_each(|seat| world.report.disk(&seat.desk.disk.counts()));
    world.report.disk(&world.server.disk.counts());
    world.report.network(&world.net);
    Done { report: world.report, trace: world.trace, broken: ended.err().map(|why| (at, why)) }
}

fn play(world: &mut World, plan: &Plan, at: &mut u64) -> Outcome {
    for number in 0..plan.steps {
        *at = number;
        if !plan.without.contains(&number) {
            world.step(number, plan.seed)?;
        }
    }
    *at = plan.steps;
    checks::converge(world, &mut Chance::part(plan.seed, 1 << 42))?;
    checks::check(world)?;
    if checks::accept(world, &mut Chance::part(plan.seed, 1 << 44))? {
        checks::check_whole(world)
    } else {
        Ok(())
    }
}

/// The shortest failing prefix of a failing plan, and then as few of its steps as can be left, after at most `tries_max` runs.
#[must_use]
pub fn shrink(plan: &Plan, tries_max: usize) -> Plan {
    let mut tries = 0;
    let mut fails = |plan: &Plan| {
        tries += 1;
        tries <= tries_max && run(plan, false).broken.is_some()
    };
    let plan = shorter(plan, &mut fails);
    thinner(plan, &mut fails)
}

fn shorter(plan: &Plan, fails: &mut impl FnMut(&Plan) -> bool) -> Plan {
    let (mut low, mut best) = (0, plan.clone());
    while low < best.steps {
        let middle = Plan { steps: low + (best.steps - low) / 2, ..plan.clone() };
        if fails(&middle) { best = middle } else { low = middle.steps + 1 }
    }
    best
}

fn thinner(mut plan: Plan, fails: &mut impl FnMut(&Plan) -> bool) -> Plan {
    let mut size = (plan.steps / 2).max(1);
    loop {
        let mut from = 0;
        while from < plan.steps {
            let mut without: BTreeSet<_> = plan.without.clone();
            without.extend(from..(from + size).min(plan.steps));
            let less = Plan { without, ..plan.clone() };
            if less != plan && fails(&less) {
                plan = less;
            }
            from += size;
        }
        if size == 1 {
            return plan;
        }
        size = (size / 2).max(1);
    }
}
