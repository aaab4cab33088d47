//! Processes, power and disks fail, and are started and healed again.

use usher_disk::{Fault, FaultKind};

use super::Action;
use crate::{
    chance::Chance,
    oracle::broken,
    world::{Outcome, World},
};

pub(super) const TABLE: &[Action] = &[
    Action { name: "kill a desk", weight: 6, run: kill },
    Action { name: "cut a desk's power", weight: 6, run: cut },
    Action { name: "halt a desk soon", weight: 13, run: halt },
    Action { name: "fail a desk's disk soon", weight: 16, run: fail },
    Action { name: "fill a desk's disk", weight: 3, run: fill },
    Action { name: "heal a desk's disk", weight: 60, run: heal },
    Action { name: "start a desk", weight: 140, run: start },
    Action { name: "start a desk twice", weight: 3, run: start_twice },
    Action { name: "restart a desk in order", weight: 3, run: restart },
    Action { name: "long pause", weight: 3, run: pause },
];

fn kill(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    world.end(d, false, chance);
    Ok(())
}

fn cut(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    world.end(d, true, chance);
    Ok(())
}

/// The machine ends at one of the next I/Os, wherever that is.
fn halt(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    world.seats[d].halts_with_cut = chance.one_in(2);
    let fault = Fault { at: chance.below(60), kind: FaultKind::Halt, lasting: false };
    world.seats[d].desk.disk.plan(fault);
    Ok(())
}

fn fail(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    let kind = if chance.one_in(3) { FaultKind::DiskFull } else { FaultKind::Error };
    let fault = Fault { at: chance.below(40), kind, lasting: chance.one_in(8) };
    world.seats[d].desk.disk.plan(fault);
    Ok(())
}

fn fill(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    world.seats[d].desk.disk.set_full(true);
    Ok(())
}

fn heal(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    world.seats[d].desk.disk.heal();
    Ok(())
}

/// Starts a desk that is down; one whose disk has failed is started again now and then.
fn start(world: &mut World, chance: &mut Chance) -> Outcome {
    let down: Vec<_> = (0..world.seats.len()).filter(|d| !world.seats[*d].desk.is_up()).collect();
    if let Some(d) = chance.pick(&down) {
        return world.start(d);
    }
    let d = world.any(chance);
    if world.seats[d].desk.disk.struck() > world.seats[d].struck_before && chance.one_in(3) {
        world.report.sometimes("a desk was started again after its disk had failed");
        world.end(d, false, chance);
        return world.start(d);
    }
    Ok(())
}

fn start_twice(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    world.report.sometimes("started twice");
    let refused = world.seats[d].desk.second_start_is_refused();
    if refused { Ok(()) } else { broken(format!("a second copy of desk {d} was started")) }
}

fn restart(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    world.seats[d].guests.clear();
    world.seats[d].desk.stop();
    world.start(d)
}

/// Nothing happens for hours.
fn pause(world: &mut World, chance: &mut Chance) -> Outcome {
    world.report.fault("people: a long pause");
    world.now_ms += chance.between(600_000, 8 * 3_600_000);
    Ok(())
}
