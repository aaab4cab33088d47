//! Guests who leave, past whatever desk, and come back (DESIGN sections 4 and 5, decision 0013).

use usher_core::{
    entry::{Basis, Body, Entry, Subject},
    ids::{EntryKey, Identity, Seq, SessionId},
};
use usher_replica::{CheckedOut, Decided, StoreError};

use super::{
    Action,
    by_hand::comes_and_goes,
    door::{check_rights, guest, remember, remembered},
};
use crate::{
    chance::Chance,
    desk::Card,
    oracle::{Broken, Said, broken},
    seat::Guest,
    world::{Outcome, World},
};

pub(super) const TABLE: &[Action] = &[
    Action { name: "leave", weight: 45, run: leave },
    Action { name: "come back", weight: 30, run: come_back },
];

/// A guest at a running desk: one that it remembers, such as `fits`, or anybody who is in at its session, wherever that was.
fn someone(
    world: &mut World,
    chance: &mut Chance,
    fits: impl Fn(&Guest) -> bool,
) -> Result<Option<(usize, Card)>, Broken> {
    if chance.one_in(4) {
        let known = remembered(world, chance, fits);
        return Ok(known.map(|(d, guest)| (d, guest.card)));
    }
    let Some(d) = world.running(chance) else { return Ok(None) };
    let Some(session) = world.seats[d].desk.serves else { return Ok(None) };
    let Some((_, Subject::Person(who))) = chance.pick(&world.oracle.standing(session)) else {
        return Ok(None);
    };
    match world.seats[d].desk.find(who, chance.wide(), world.now_ms) {
        Ok(card) => Ok(card.map(|card| (d, card))),
        Err(error) => world.failed(d, "finding a guest", &error).map(|()| None),
    }
}

/// Somebody leaves past a desk: the one that let the guest in, another one that knows of it, or one that does not.
fn leave(world: &mut World, chance: &mut Chance) -> Outcome {
    let fits = |guest: &Guest| guest.let_in.is_some() && !guest.came_back;
    let Some((d, card)) = someone(world, chance, fits)? else { return Ok(()) };
    let (session, Some(who)) = (card.asked.session, card.asked.ticket.subject()) else { return Ok(()) };
    let inside = inside_at(world, d, session, who)?;
    let free = comes_and_goes(world, d, session)?;
    match world.seats[d].desk.check_out(&card, world.now_ms) {
        Ok(CheckedOut::NotCounted) if free => {
            world.report.sometimes("left where guests come and go");
            Ok(())
        }
        Ok(CheckedOut::NotCounted) => broken(format!("desk {d} does not count who leaves {session}")),
        Ok(CheckedOut::Impossible) => Ok(()),
        // The card that it had been counted out by before.
        Ok(CheckedOut::Out(key)) if free && world.oracle.get(key).is_none() => {
            broken(format!("desk {d} counts {who:?} out of {session}, where guests come and go"))
        }
        Ok(CheckedOut::Out(key)) => left(world, d, &card, key, inside),
        Err(error) => {
            let outs = world.oracle.check_ins(session, who).into_iter().map(Said::Out);
            let exit = if let Subject::Person(who) = who { Some(Said::Left(session, who)) } else { None };
            may_have_said(world, d, outs.chain(exit), &error)
        }
    }
}

fn may_have_said(
    world: &mut World,
    d: usize,
    said: impl Iterator<Item = Said>,
    error: &StoreError,
) -> Outcome {
    if let Some(i) = world.seats[d].desk.who.as_ref().map(|who| who.identity) {
        said.collect::<Vec<_>>().into_iter().for_each(|said| world.oracle.failed(i, said));
    }
    world.failed(d, "writing", error)
}

/// A desk answered that somebody left: what it says is what it knew. `inside`: a check-in by which the guest was in for it.
fn left(world: &mut World, d: usize, card: &Card, key: EntryKey, inside: Option<EntryKey>) -> Outcome {
    let (session, Some(who)) = (card.asked.session, card.asked.ticket.subject()) else { return Ok(()) };
    let before = guest(world, d, card).and_then(|guest| guest.left);
    if before == Some(key) {
        world.report.sometimes("left twice");
        return Ok(());
    }
    if let Some(one) = before {
        return broken(format!("P5: {one:?} and {key:?} are one leaving"));
    }
    if let (Some(known), false) = (world.oracle.get(key), inside.is_some()) {
        return match (known, who) {
            (Said::Left(at, other), Subject::Person(who)) if (at, other) == (session, who) => {
                world.report.sometimes("one exit was enough");
                Ok(())
            }
            _ => broken(format!("desk {d} says that {who:?} left by {key:?}, which is {known:?}")),
        };
    }
    let Some(said) = world.seats[d].desk.entry(key).and_then(|one| Said::of(&one.entry.body)) else {
        return broken(format!("desk {d} says that {who:?} left by {key:?}, which is not there"));
    };
    world.answered(d, key, said)?;
    if let Some(guest) = guest(world, d, card) {
        guest.left = Some(key);
    }
    match said {
        Said::Out(of) => {
            is_of(world, d, session, who, of)?;
            let other = of.identity() != key.identity();
            world.report.sometimes(if other { "left past another desk" } else { "left past the same desk" });
            Ok(())
        }
        Said::Left(at, other) if at == session && Subject::Person(other) == who && inside.is_none() => {
            one_exit(world, d, session, who, key)?;
            world.report.sometimes("left past a desk that did not know the check-in");
            Ok(())
        }
        // Half a checkpoint says one thing in one place and another elsewhere.
        Said::Left(at, other) if at == session && Subject::Person(other) == who && world.seats[d].torn => {
            Ok(())
        }
        _ => broken(format!("desk {d} says {said:?} of {who:?}, who is in at {session} by {inside:?}")),
    }
}

/// A desk that knows an exit of the guest which has not ended a check-in writes no second one: it could end another guest's on the same
/// ticket.
fn one_exit(world: &World, d: usize, session: SessionId, who: Subject, key: EntryKey) -> Outcome {
    for exit in world.oracle.exits(session, who, true).into_iter().filter(|exit| *exit != key) {
        if !world.seats[d].torn && knows(world, d, exit)? {
            return broken(format!("desk {d} writes the exit {key:?} of {who:?} and knows {exit:?}"));
        }
    }
    Ok(())
}

/// A check-in that a desk names is one of the guest's, at that session, and the desk has it.
fn is_of(world: &World, d: usize, session: SessionId, who: Subject, of: EntryKey) -> Outcome {
    let fits = match world.oracle.get(of) {
        Some(Said::In(at, other)) => at == session && world.oracle.were_one(who, other),
        _ => false,
    };
    // What a desk lost of its log may still stand in its lists.
    let lost = |(i, end): &(Identity, Seq)| of.identity() == *i && of.seq > *end;
    if fits && (world.seats[d].torn || world.lost.iter().any(lost) || knows(world, d, of)?) {
        return Ok(());
    }
    broken(format!("desk {d} names {of:?} for {who:?} at {session}, which it does not know, or is another's"))
}

/// Whether a desk has an entry, its own or another's.
fn knows(world: &World, d: usize, key: EntryKey) -> Result<bool, Broken> {
    Ok(world.seats[d].has(key) || others_entry(world, d, key)?.is_some())
}

fn others_entry(world: &World, d: usize, key: EntryKey) -> Result<Option<Entry>, Broken> {
    let desk = &world.seats[d].desk;
    let read = desk.disk.aside(|| desk.files()?.others_entry(key));
    if world.seats[d].torn && read.is_err() {
        return Ok(None);
    }
    let read = read.or_else(|error| broken(format!("desk {d} cannot read an entry: {error}")))?;
    Ok(read.and_then(|bytes| Entry::from_bytes(&bytes).ok()))
}

/// A check-in by which a subject is inside for a desk, by what it wrote itself and by the Merges that it knows.
pub(super) fn inside_at(
    world: &World,
    d: usize,
    session: SessionId,
    who: Subject,
) -> Result<Option<EntryKey>, Broken> {
    let mut known = std::collections::BTreeSet::new();
    for (key, merge) in world.oracle.lasting_merges() {
        // A server that was put back behind its back has written something else under some keys.
        if others_entry(world, d, key)?.is_some_and(|entry| entry.body == Body::Merge(merge)) {
            known.insert(key);
        }
    }
    let names = world.oracle.names_of(who, &known);
    Ok(world.oracle.inside_at(session, &names, |key| world.seats[d].has(key)))
}

/// Somebody comes back who is still in as far as the desk knows.
fn come_back(world: &mut World, chance: &mut Chance) -> Outcome {
    let fits = |guest: &Guest| guest.came_back && guest.undone.is_none();
    let Some((d, card)) = someone(world, chance, fits)? else { return Ok(()) };
    let (session, Some(who)) = (card.asked.session, card.asked.ticket.subject()) else { return Ok(()) };
    let key = match world.seats[d].desk.let_back_in(&card, world.now_ms) {
        Ok(Decided::LetIn(key)) => key,
        Ok(Decided::Changed(_) | Decided::Impossible) => {
            world.report.sometimes("came back, and there was no right or nobody to come back");
            return Ok(());
        }
        Err(error) => {
            let again = world.oracle.check_ins(session, who).into_iter().map(Said::Again);
            return may_have_said(world, d, again.chain([Said::In(session, who)]), &error);
        }
    };
    if let Some(known) = world.oracle.get(key) {
        // The same card, once more.
        return came_back_twice(world, d, &card, key, known);
    }
    let Some(entry) = world.seats[d].desk.entry(key).map(|one| one.entry) else {
        return broken(format!("desk {d} lets {who:?} back in by {key:?}, which is not there"));
    };
    let free = comes_and_goes(world, d, session)?;
    match &entry.body {
        Body::CheckIn(one) if !free => came_back(world, d, card, key, one.basis),
        Body::ReEntry(again) if free => {
            world.answered(d, key, Said::Again(again.of))?;
            is_of(world, d, session, who, again.of)?;
            world.report.sometimes("came back where guests come and go");
            world.compare(d)?;
            world.check_account(d)
        }
        other => broken(format!("desk {d} lets {who:?} back in to {session} by {other:?}")),
    }
}

fn came_back_twice(world: &mut World, d: usize, card: &Card, key: EntryKey, known: Said) -> Outcome {
    world.report.sometimes("came back twice");
    let due = card.asked.ticket.subject().map(|who| Said::In(card.asked.session, who));
    match known {
        Said::Again(_) => Ok(()),
        Said::In(..) if Some(known) == due => Ok(()),
        _ => broken(format!("desk {d} let somebody back in by {key:?}, which is {known:?}")),
    }
}

/// Where exits count, coming back takes a right as at the first time.
fn came_back(world: &mut World, d: usize, card: Card, key: EntryKey, basis: Basis) -> Outcome {
    let (session, Some(who)) = (card.asked.session, card.asked.ticket.subject()) else { return Ok(()) };
    world.answered(d, key, Said::In(session, who))?;
    remember(world, d, card);
    if let Some(guest) = guest(world, d, &card) {
        (guest.let_in, guest.came_back) = (Some(key), true);
    }
    if basis == Basis::Grant {
        world.report.sometimes("came back on a right");
    }
    for exit in world.oracle.exits(session, who, false) {
        if !knows(world, d, exit)? {
            world.report.sometimes("came back while leaving was not known here");
        }
    }
    world.oracle.check_places(session)?;
    // What its log says of rights is read before it is compared with what it counts.
    world.compare(d)?;
    world.check_account(d)?;
    check_rights(world, d, card)
}
