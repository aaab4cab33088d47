//! A supervisor says that two names are one person, and takes that back (decision 0013).

use usher_core::ids::PersonId;
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

pub(super) const TABLE: &[Action] = &[
    Action { name: "merge two people", weight: 7, run: merge },
    Action { name: "take a merge back", weight: 4, run: split },
];

/// Two people of the event, mostly two that are in at one session.
fn two(world: &World, chance: &mut Chance) -> Option<(PersonId, PersonId)> {
    let all: Vec<_> = world.oracle.persons().into_iter().collect();
    let session = chance.pick(&world.sessions)?;
    let inside = world.oracle.standing(session).into_iter().filter_map(|(_, who)| match who {
        usher_core::entry::Subject::Person(who) => Some(who),
        usher_core::entry::Subject::Code(_) => None,
    });
    let inside: Vec<_> = inside.collect();
    let from = |chance: &mut Chance, inside_first: bool| {
        chance.pick(if inside_first && !inside.is_empty() { &inside } else { &all })
    };
    let (first, second) = (chance.one_in(2), chance.one_in(3));
    Some((from(chance, first)?, from(chance, second)?))
}

fn merge(world: &mut World, chance: &mut Chance) -> Outcome {
    world.watch()?;
    let Some((a, b)) = two(world, chance) else { return Ok(()) };
    let (one, both) = (world.oracle.are_one(a, b), world.oracle.both_held(a, b));
    match decide(world, &Decision::Merge { a, b })? {
        Said::Done if one || a == b => broken(format!("{a:?} and {b:?} are one and were merged")),
        Said::Done => {
            world.report.sometimes("two people were merged");
            world.oracle.merged(a, b);
            world.watch()?;
            if both > world.oracle.both_held(a, b) {
                world.report.sometimes("one of two held seats was taken away by a merge");
            }
            Ok(())
        }
        Said::Refused(Some(Refused::Done)) if !one => {
            broken(format!("{a:?} and {b:?} are two and were not merged"))
        }
        // Put back, it has forgotten late guests until they are imported again, or desks give their check-ins back (seed 1007572).
        // Their desk may not have sent them yet (seed 60).
        Said::Refused(Some(Refused::Unknown)) if [a, b].iter().any(|one| world.walk_ins.contains(one)) => {
            world.report.sometimes("a walk-in to be merged was not known yet");
            Ok(())
        }
        Said::Refused(Some(Refused::Unknown)) if !world.oracle.was_put_back() => {
            broken(format!("{a:?} or {b:?} is not known"))
        }
        Said::Refused(_) => Ok(()),
    }
}

fn split(world: &mut World, chance: &mut Chance) -> Outcome {
    world.watch()?;
    let Some((merge, taken_back)) = chance.pick(&world.oracle.merges()) else { return Ok(()) };
    match decide(world, &Decision::Split { merge })? {
        Said::Done if taken_back => broken(format!("{merge:?} was taken back twice")),
        Said::Done => {
            world.report.sometimes("a merge was taken back");
            world.oracle.split(merge);
            Ok(())
        }
        Said::Refused(Some(why @ (Refused::Done | Refused::Unknown))) if !taken_back => {
            broken(format!("{merge:?} cannot be taken back: {why:?}"))
        }
        Said::Refused(_) => Ok(()),
    }
}
