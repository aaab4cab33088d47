//! What is going to happen, from the seed alone.

use std::{fmt::Write, path::Path};

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{
    doors::{GUESTS, ROOMS, UNBOOKED},
    meanwhile::Meanwhile,
};
use crate::real::{Failure, proxy::Line};

/// How many desks there are.
pub(super) const DESKS: usize = 3;
/// The longest that a process works on before it is killed, microseconds.
const KILL_US_MAX: u64 = 6_000;
/// The longest that a volunteer waits for the network in one step, milliseconds.
const WAIT_MS_MAX: u64 = 700;
/// How many steps of all volunteers stand between two kills of the server, and for how many it is gone, at most.
const SERVER_STEPS: (u64, u64) = (70, 25);

/// One step of a volunteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A guest holds up a ticket.
    Scan(usize),
    /// A guest holds up a ticket, the desk is killed after so many microseconds, started again, and the ticket is held up again.
    ScanKilled(usize, u64),
    /// Somebody who was let in here is taken back.
    Undo,
    /// The same, and the desk is killed after so many microseconds.
    UndoKilled(u64),
    /// Another room is served: the index.
    Serve(usize),
    /// Waits until everything is sent, or so many milliseconds.
    Wait(u64),
    /// The network changes.
    Line(Line),
    /// The unsent log is saved into a file.
    Save,
}

/// When the server is killed, and when it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outage {
    /// After so many steps of all volunteers …
    pub(super) from_step: u64,
    /// … with the next so many syncs that reach it.
    pub(super) syncs: u64,
    /// It comes back after so many steps.
    pub(super) until_step: u64,
}

/// The whole plan.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The steps of each desk.
    pub(super) desks: Vec<Vec<Step>>,
    pub(super) outages: Vec<Outage>,
    pub(super) meanwhile: Meanwhile,
}

impl Plan {
    pub(super) fn new(seed: u64, steps: usize) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let desks: Vec<_> = (0..DESKS).map(|_| desk_steps(&mut rng, steps)).collect();
        let all = (DESKS * steps) as u64;
        let mut outages = Vec::new();
        let mut at = rng.random_range(10..SERVER_STEPS.0);
        while at < all {
            let until_step = at + rng.random_range(0..=SERVER_STEPS.1);
            outages.push(Outage { from_step: at, syncs: rng.random_range(1..=3), until_step });
            at = until_step + rng.random_range(SERVER_STEPS.0 / 2..SERVER_STEPS.0);
        }
        let meanwhile = Meanwhile::new(seed, steps, &outages);
        Self { desks, outages, meanwhile }
    }

    /// For people who look into a failure.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let mut text = String::new();
        for (desk, steps) in self.desks.iter().enumerate() {
            for (nr, step) in steps.iter().enumerate() {
                writeln!(text, "desk {} step {nr}: {step:?}", desk + 1)?;
            }
        }
        self.outages.iter().try_for_each(|outage| writeln!(text, "{outage:?}"))?;
        let beside = &self.meanwhile;
        beside.office.iter().try_for_each(|(step, deed)| writeln!(text, "after {step} steps: {deed:?}"))?;
        writeln!(text, "{:?}\n{:?}", beside.backup, beside.lost)?;
        Ok(std::fs::write(path, text)?)
    }
}

pub(super) fn desk_steps(rng: &mut StdRng, count: usize) -> Vec<Step> {
    let first = [Step::Serve(rng.random_range(0..ROOMS.len())), Step::Wait(5_000), Step::Line(Line::Flaky)];
    let rest = (first.len()..count).map(|_| step(rng));
    first.into_iter().chain(rest.collect::<Vec<_>>()).collect()
}

fn step(rng: &mut StdRng) -> Step {
    match rng.random_range(0..100) {
        0..48 => Step::Scan(guest(rng)),
        48..54 => Step::ScanKilled(guest(rng), rng.random_range(0..KILL_US_MAX)),
        54..61 => Step::Undo,
        61..63 => Step::UndoKilled(rng.random_range(0..KILL_US_MAX)),
        63..70 => Step::Serve(rng.random_range(0..ROOMS.len())),
        70..88 => Step::Wait(rng.random_range(20..WAIT_MS_MAX)),
        88..98 => Step::Line(line(rng)),
        _ => Step::Save,
    }
}

pub(super) fn guest(rng: &mut StdRng) -> usize {
    rng.random_range(0..GUESTS + UNBOOKED)
}

/// Mostly a bad network: it teaches most.
fn line(rng: &mut StdRng) -> Line {
    match rng.random_range(0..10) {
        0..5 => Line::Flaky,
        5..7 => Line::Passes,
        7 => Line::Refuses,
        8 => Line::Hangs,
        _ => Line::LosesAnswers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_one_plan() {
        let (one, again, other) = (Plan::new(7, 200), Plan::new(7, 200), Plan::new(8, 200));
        assert_eq!((&one.desks, &one.outages), (&again.desks, &again.outages));
        assert_ne!(one.desks, other.desks);
        assert!(!one.outages.is_empty() && one.desks.iter().all(|steps| steps.len() == 200));
    }
}
