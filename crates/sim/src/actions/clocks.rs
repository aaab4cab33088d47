//! Desks' clocks go wrong.

use super::Action;
use crate::{
    chance::Chance,
    clock::START_MS,
    world::{Outcome, World},
};

const HOUR_MS: i64 = 3_600_000;

pub(super) const TABLE: &[Action] = &[
    Action { name: "a clock jumps", weight: 6, run: jump },
    Action { name: "a clock freezes", weight: 2, run: freeze },
    Action { name: "a clock is set right", weight: 5, run: right },
];

fn jump(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    let since_1970 = -(START_MS + chance.between(0, HOUR_MS));
    let ways = [
        (27 * HOUR_MS, "clock: 27 hours ahead"),
        (-27 * HOUR_MS, "clock: 27 hours behind"),
        (-chance.between(1_000, HOUR_MS), "clock: jumps back"),
        (HOUR_MS, "clock: daylight saving"),
        (since_1970, "clock: 1970"),
    ];
    let Some((ahead_ms, word)) = chance.pick(&ways) else { return Ok(()) };
    world.report.fault(word);
    world.seats[d].desk.clock.ahead_ms = ahead_ms;
    Ok(())
}

fn freeze(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    world.report.fault("clock: frozen");
    world.seats[d].desk.clock.frozen_ms = Some(world.now_ms);
    Ok(())
}

fn right(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    let clock = &mut world.seats[d].desk.clock;
    (clock.ahead_ms, clock.frozen_ms) = (0, None);
    Ok(())
}
