//! Supervisors note that a room is over its capacity, by a board that may be an old one.

use usher_core::{entry::Outcome as Settled, incident::IncidentKind};
use usher_protocol::decide::{Decision, Refused};

use super::{
    Action,
    supervisor::{Said, decide},
};
use crate::{
    chance::Chance,
    oracle::broken,
    world::{Outcome, World},
};

pub(super) const TABLE: &[Action] = &[Action { name: "note that a room is too full", weight: 6, run: note }];

/// What is noted is what the supervisor saw, and no more than there is; less than was noted before says nothing.
fn note(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.server.is_up() {
        return Ok(());
    }
    world.watch()?;
    let found = match world.server.authority().and_then(|authority| authority.incidents()) {
        Ok(found) => found,
        Err(error) => return world.server_failed("the incidents", &error),
    };
    let over = found.iter().filter(|one| one.incident.kind == IncidentKind::OverCapacity);
    let over = over.filter_map(|one| Some((one.incident.id, one.incident.session?, one.over_by?)));
    let Some((incident, session, now)) = chance.pick(&over.collect::<Vec<_>>()) else { return Ok(()) };
    let seen = match chance.below(6) {
        0 => None,
        1 => Some(now.saturating_sub(1)),
        2 => Some(now + chance.below(3)),
        _ => Some(now),
    };
    let (due, noted) = (seen.unwrap_or(now).min(now), world.oracle.noted(session));
    let decision = Decision::Resolve { incident, outcome: Settled::Accepted, over_by: seen };
    match decide(world, &decision)? {
        Said::Done if due > noted => {
            world.report.sometimes("a room that is too full was noted");
            world.oracle.noted_now(session, due);
            world.watch()
        }
        Said::Refused(Some(Refused::Done)) if due <= noted => {
            world.report.sometimes("a room was noted by an old board");
            Ok(())
        }
        Said::Refused(None) => Ok(()),
        Said::Done => broken(format!("P4: {due} over {session} were noted once more, after {noted}")),
        Said::Refused(why) => {
            broken(format!("P4: {due} over {session} cannot be noted after {noted}: {why:?}"))
        }
    }
}
