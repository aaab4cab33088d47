//! What a desk does after each answer, as the station does: it gives back what it owes, says that held seats are ended, and goes on
//! with a new life of its log when the server fenced the one before.

use usher_core::ids::Epoch;
use usher_replica::{Applied, NewLife};

use crate::{
    chance::Chance,
    oracle::{self, Broken, Said},
    world::{Outcome, World},
};

/// Does what an answer asks for; whether the desk has more to say at once.
pub(super) fn after(
    world: &mut World,
    d: usize,
    applied: Applied,
    chance: &mut Chance,
) -> Result<bool, Broken> {
    if let (true, Some(who)) = (applied.fenced, &world.seats[d].desk.who) {
        let i = who.identity;
        world.oracle.learnt_end(i);
    }
    let wrote = if applied.fenced {
        new_life(world, d, NewLife::Fenced, chance)?;
        true
    } else {
        do_duties(world, d)?
    };
    Ok((applied.more || wrote) && !applied.stale)
}

/// Rights that were asked back or are for a session not served, and the end of held seats; whether anything was written.
pub(super) fn do_duties(world: &mut World, d: usize) -> Result<bool, Broken> {
    let Some(i) = world.seats[d].desk.who.as_ref().map(|who| who.identity) else { return Ok(false) };
    let serves = world.seats[d].desk.serves;
    let (due, from) = (oracle::due(world, d)?, world.oracle.last_of(i));
    let written = match world.seats[d].desk.do_duties(world.now_ms) {
        Ok(0) => return world.oracle.check_returns(i, from, &due).map(|()| false),
        Ok(written) => written,
        Err(error) => {
            expect_duties(world, d);
            return world.failed(d, "doing its duties", &error).map(|()| false);
        }
    };
    expect_duties(world, d);
    world.compare(d)?;
    world.oracle.check_returns(i, from, &due)?;
    world.check_account(d)?;
    for said in world.oracle.last(i, written) {
        world.report.sometimes(match said {
            Said::Back(session) if Some(session) == serves => "rights that were asked back were returned",
            Said::Back(_) => "rights were given back",
            _ => "held seats were ended",
        });
    }
    Ok(true)
}

/// What duties may write; in any order, so that nobody has to say which.
fn expect_duties(world: &mut World, d: usize) {
    let Some(i) = world.seats[d].desk.who.as_ref().map(|who| who.identity) else { return };
    for session in world.sessions.clone() {
        world.oracle.failed(i, Said::Back(session));
        world.oracle.failed(i, Said::Ended(session));
    }
}

/// The desk goes on with a new life of its log.
pub(crate) fn new_life(world: &mut World, d: usize, why: NewLife, chance: &mut Chance) -> Outcome {
    let Some(i) = world.seats[d].desk.who.as_ref().map(|who| who.identity) else { return Ok(()) };
    if why == NewLife::Fenced {
        expect_duties(world, d);
        world.oracle.failed(i, Said::Closed);
    }
    let now_ms = world.now_ms;
    if let Err(error) = world.seats[d].desk.begin_life(why, Epoch(chance.bits().max(1)), now_ms) {
        return world.failed(d, "beginning a life", &error);
    }
    world.report.sometimes(match why {
        NewLife::Fenced => "a fenced desk began a new life",
        NewLife::Copied => "a copied desk began a new life",
    });
    if why == NewLife::Fenced && world.oracle.was_settled(i) {
        world.report.fault("people: a settled desk came back");
    }
    world.note(format_args!("  desk {d} begins a new life: {why:?}"));
    world.compare(d)
}
