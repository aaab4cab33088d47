//! The organiser's desk: capacities, states, late guests; and the server's own failures.

use usher_core::{entry::StateSet, ids::ActorId};
use usher_disk::{Fault, FaultKind};
use usher_protocol::decide::Decision;
use uuid::Uuid;

use super::{
    Action,
    keys::rotate,
    supervisor::{Said, decide},
};
use crate::{
    chance::Chance,
    world::{Outcome, World},
};

pub(crate) const SUPERVISOR: ActorId = ActorId(Uuid::from_u128(0xac));
/// How many people an event has at most.
const PEOPLE_MAX: usize = 80;

pub(super) const TABLE: &[Action] = &[
    Action { name: "change a capacity", weight: 10, run: capacity },
    Action { name: "change a session's state", weight: 5, run: state },
    Action { name: "import late guests", weight: 4, run: late_guests },
    Action { name: "end the server", weight: 5, run: end },
    Action { name: "halt the server soon", weight: 8, run: halt },
    Action { name: "fail the server's disk soon", weight: 8, run: fail },
    Action { name: "heal the server's disk", weight: 12, run: heal },
    Action { name: "start the server", weight: 90, run: start },
];

fn capacity(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(session) = chance.pick(&world.sessions) else { return Ok(()) };
    let capacity = u32::try_from(chance.between(0, 40)).ok();
    if let Said::Done = decide(world, &Decision::Capacity { session, capacity })? {
        let parted = world.net.links.iter().any(|link| !(link.up && link.down));
        world.report.fault(if parted {
            "people: a capacity was changed in a partition"
        } else {
            "people: a capacity was changed"
        });
    }
    Ok(())
}

fn state(world: &mut World, chance: &mut Chance) -> Outcome {
    let states = [StateSet::Scheduled, StateSet::Open, StateSet::Open, StateSet::Paused, StateSet::Ended];
    let (Some(session), Some(state)) = (chance.pick(&world.sessions), chance.pick(&states)) else {
        return Ok(());
    };
    if let Said::Done = decide(world, &Decision::State { session, state, words: None })? {
        world.report.fault("people: a session's state was set");
    }
    Ok(())
}

fn late_guests(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.server.is_up() || world.event.people.len() >= PEOPLE_MAX {
        return Ok(());
    }
    for _ in 0..chance.between(1, 4) {
        let late = world.event.person(world.event.people.len() as i64, chance);
        world.event.people.push(late);
    }
    let (event, now_ms) = (world.event.clone(), world.now_ms);
    let done = world
        .server
        .with(now_ms, |authority, fresh| authority.import_participants(&event.people, fresh, &mut |_| {}));
    match done {
        Ok(_) => Ok(()),
        Err(error) => world.server_failed("an import", &error),
    }
}

fn end(world: &mut World, chance: &mut Chance) -> Outcome {
    if world.server.is_up() {
        let cut = chance.one_in(2);
        world.end_server(cut, chance);
    }
    Ok(())
}

fn halt(world: &mut World, chance: &mut Chance) -> Outcome {
    world.server.disk.plan(Fault { at: chance.below(80), kind: FaultKind::Halt, lasting: false });
    Ok(())
}

fn fail(world: &mut World, chance: &mut Chance) -> Outcome {
    let kind = if chance.one_in(3) { FaultKind::DiskFull } else { FaultKind::Error };
    world.server.disk.plan(Fault { at: chance.below(60), kind, lasting: chance.one_in(4) });
    Ok(())
}

fn heal(world: &mut World, _chance: &mut Chance) -> Outcome {
    world.server.disk.heal();
    Ok(())
}

/// Starts the server when it is down; now and then also after its disk has failed.
pub(super) fn start(world: &mut World, chance: &mut Chance) -> Outcome {
    let struck = world.server.disk.struck() > world.server_struck_before;
    if world.server.is_up() && !(struck && chance.one_in(3)) {
        return Ok(());
    }
    if world.server.is_up() {
        world.end_server(false, chance);
    }
    world.server_struck_before = world.server.disk.struck();
    match world.server.start(world.now_ms) {
        Ok(()) => rotate(world, chance),
        Err(error) => world.server_failed("starting", &error),
    }
}
