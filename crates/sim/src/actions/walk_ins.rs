//! Guests without a ticket: added at one desk, found by name at others, taken back (decision 0019).

use usher_core::{
    entry::{Body, Subject},
    ids::{EntryKey, PersonId},
};
use usher_replica::{Act, Asked, Ticket, WalkedIn};
use uuid::Uuid;

use super::{
    Action,
    door::{check_rights, guest, let_in, remember},
};
use crate::{
    chance::Chance,
    desk::Card,
    oracle::{Said, broken},
    world::{Outcome, World},
};

pub(super) const TABLE: &[Action] = &[
    Action { name: "walk in", weight: 45, run: walk_in },
    Action { name: "find a walk-in", weight: 40, run: find },
];

fn walk_in(world: &mut World, chance: &mut Chance) -> Outcome {
    let (Some(d), person) = (world.running(chance), PersonId(Uuid::from_u128(chance.wide()))) else {
        return Ok(());
    };
    let (Some(session), at_once) = (world.seats[d].desk.serves, !chance.one_in(4)) else { return Ok(()) };
    let now_ms = world.seats[d].desk.stamp(world.now_ms).now_ms;
    let asked = Asked { ticket: Ticket::Person { id: person, revoked: false }, session, now_ms };
    let card = Card { verdict: Uuid::from_u128(chance.wide()), asked };
    let said = (Said::Added(person), Said::In(session, Subject::Person(person)));
    let first = match world.seats[d].desk.walk_in(&card, person, at_once, world.now_ms) {
        Ok(WalkedIn::Added { key, let_in, .. }) => (key, let_in),
        Ok(WalkedIn::NotNow(_)) => {
            world.report.sometimes("a walk-in found no place");
            return Ok(());
        }
        Ok(WalkedIn::Impossible) => return Ok(()),
        Err(error) => {
            world.may_have_said(d, if at_once { Some(said.1) } else { None });
            return world.doubtful(d, said.0, &error);
        }
    };
    world.walk_ins.push(person);
    remember(world, d, card);
    world.answered(d, first.0, said.0)?;
    if let Some(key) = first.1 {
        world.report.sometimes("a walk-in was let in at once");
        world.decided.insert(card.verdict, key);
        if let Some(guest) = guest(world, d, &card) {
            guest.let_in = Some(key);
        }
        world.answered(d, key, said.1)?;
        world.oracle.check_places(session)?;
        check_rights(world, d, card)?;
    }
    if chance.one_in(5) { again(world, d, card, first, chance) } else { Ok(()) }
}

/// P5: the same form once more is the same walk-in.
fn again(
    world: &mut World,
    d: usize,
    card: Card,
    first: (EntryKey, Option<EntryKey>),
    chance: &mut Chance,
) -> Outcome {
    let other = PersonId(Uuid::from_u128(chance.wide()));
    match world.seats[d].desk.walk_in(&card, other, first.1.is_some(), world.now_ms) {
        Ok(WalkedIn::Added { key, let_in, .. }) if (key, let_in) == first => Ok(()),
        Ok(second) => broken(format!("P5: {first:?} and {second:?} are one form")),
        Err(error) => world.failed(d, "adding a walk-in again", &error),
    }
}

/// A walk-in comes to a desk, mostly another one, and is found by name where that has arrived.
fn find(world: &mut World, chance: &mut Chance) -> Outcome {
    let (Some(d), Some(person)) = (world.running(chance), chance.pick(&world.walk_ins)) else {
        return Ok(());
    };
    let card = match world.seats[d].desk.find(person, chance.wide(), world.now_ms) {
        Ok(Some(card)) => card,
        Ok(None) => {
            world.report.sometimes("a walk-in is not known at a desk yet");
            return Ok(());
        }
        Err(error) => return world.failed(d, "finding a walk-in", &error),
    };
    remember(world, d, card);
    world.report.sometimes("a walk-in was found at a desk");
    let_in(world, d, card, Act::LetInAnyway)
}

/// What an undo took back beside the check-in that it names: the walk-in that was written with it.
pub(super) fn taken_back_with(
    world: &World,
    d: usize,
    undo: EntryKey,
    of: EntryKey,
) -> Option<(EntryKey, Said)> {
    let key = EntryKey { seq: undo.seq + 1, ..undo };
    let walk_in = with(world, of)?;
    match world.seats[d].desk.entry(key)?.entry.body {
        Body::Undo(undo) if undo.of == walk_in => Some((key, Said::Out(walk_in))),
        _ => None,
    }
}

/// The walk-in that was written with a check-in.
pub(super) fn with(world: &World, of: EntryKey) -> Option<EntryKey> {
    let walk_in = EntryKey { seq: of.seq.checked_sub(1)?, ..of };
    match (world.oracle.get(walk_in)?, world.oracle.get(of)?) {
        (Said::Added(person), Said::In(_, Subject::Person(who))) if person == who => Some(walk_in),
        _ => None,
    }
}
