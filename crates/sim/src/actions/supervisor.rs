//! What supervisors and organisers decide: seats are held and cut off, bookings cancelled, lost desks settled, double admissions told
//! apart.

use usher_authority::PersonSpec;
use usher_core::{
    entry::{Outcome as Settled, SettleReason},
    ids::{Identity, SessionId},
    incident::{Incident, IncidentKind},
};
use usher_protocol::decide::{Decision, Refused};

use super::{Action, office::SUPERVISOR};
use crate::{
    chance::Chance,
    event::code,
    world::{Outcome, World},
};

pub(super) const TABLE: &[Action] = &[
    Action { name: "hold seats or cut them off", weight: 6, run: hold },
    Action { name: "look for held seats whose time is over", weight: 12, run: cut_off_overdue },
    Action { name: "import the sessions again", weight: 3, run: import },
    Action { name: "cancel a booking or book again", weight: 8, run: book },
    Action { name: "settle a desk", weight: 4, run: settle },
    Action { name: "resolve a double admission", weight: 12, run: resolve },
];

/// What became of a decision. One that failed may have been kept: the oracle reads that in the server's feed.
pub(super) enum Said {
    Done,
    /// With the reason, where the server gave one.
    Refused(Option<Refused>),
}

pub(super) fn decide(world: &mut World, decision: &Decision) -> Result<Said, crate::oracle::Broken> {
    if !world.server.is_up() {
        return Ok(Said::Refused(None));
    }
    let now_ms = world.now_ms;
    let done = world.server.authority().and_then(|authority| authority.decide(decision, SUPERVISOR, now_ms));
    match done {
        Ok(Ok(())) => Ok(Said::Done),
        Ok(Err(why)) => Ok(Said::Refused(Some(why))),
        Err(error) => world.server_failed("deciding", &error).map(|()| Said::Refused(None)),
    }
}

/// Seats are held for a session's registrations, or cut off.
fn hold(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(session) = chance.pick(&world.sessions) else { return Ok(()) };
    let hold = chance.one_in(2);
    if let Said::Done = decide(world, &Decision::HoldSeats { session, hold })? {
        world.report.sometimes(if hold { "seats were held" } else { "held seats were cut off" });
    }
    Ok(())
}

/// What the server does every second: seats whose time is over are taken away.
fn cut_off_overdue(world: &mut World, _: &mut Chance) -> Outcome {
    if !world.server.is_up() {
        return Ok(());
    }
    let now_ms = world.now_ms;
    match world.server.with(now_ms, |authority, fresh| authority.cut_off_overdue_holds(fresh.now_ms)) {
        Ok(any) => {
            if any {
                world.report.sometimes("held seats were over at their time");
            }
            world.watch()
        }
        Err(error) => world.server_failed("cutting held seats off", &error),
    }
}

/// The organiser's table once more, now and then with other words about held seats; capacities are set back by it.
fn import(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.server.is_up() {
        return Ok(());
    }
    for session in &mut world.event.sessions {
        session.hold_seats = chance.one_in(3);
    }
    let (sessions, now_ms) = (world.event.sessions.clone(), world.now_ms);
    match world.server.with(now_ms, |authority, fresh| authority.import_sessions(&sessions, fresh)) {
        Ok(_) => Ok(()),
        Err(error) => world.server_failed("importing sessions", &error),
    }
}

/// One guest's booking for one session is cancelled, or made again.
fn book(world: &mut World, chance: &mut Chance) -> Outcome {
    let guest = chance.between(0, world.event.people.len() as i64 - 1);
    let session = world.event.sessions.get(chance.below(world.event.sessions.len() as u64) as usize);
    let Some(name) = session.and_then(|session| session.code.clone()) else { return Ok(()) };
    if !world.server.is_up() {
        return Ok(());
    }
    let mut spec = PersonSpec { code: Some(code(guest)), ..PersonSpec::default() };
    let cancels = chance.one_in(2);
    if cancels {
        spec.cancelled_sessions = vec![name]
    } else {
        spec.sessions = vec![name]
    }
    let now_ms = world.now_ms;
    let done = world
        .server
        .with(now_ms, |authority, fresh| authority.import_participants(&[spec], fresh, &mut |_| {}));
    match done {
        Ok(_) => {
            world.report.sometimes(if cancels {
                "a booking was cancelled"
            } else {
                "a booking was made again"
            });
            Ok(())
        }
        Err(error) => world.server_failed("booking", &error),
    }
}

/// A desk that is down, seldom one that runs, is written off for a session; how much it had spent is a guess.
fn settle(world: &mut World, chance: &mut Chance) -> Outcome {
    let lost = |d: &usize| world.seats[*d].log.is_some() && !world.seats[*d].desk.is_up();
    let down: Vec<_> = (0..world.seats.len()).filter(lost).collect();
    let d = if chance.one_in(4) { world.any(chance) } else { chance.pick(&down).unwrap_or_default() };
    let (Some(log), Some(session)) = (world.seats[d].log, chance.pick(&world.sessions)) else {
        return Ok(());
    };
    let spent = u32::try_from(chance.below(8)).unwrap_or(0);
    match decide(world, &Decision::Settle { log, session, spent, reason: SettleReason::Lost })? {
        Said::Done => settled(world, d, session, log),
        Said::Refused(_) => {}
    }
    Ok(())
}

fn settled(world: &mut World, d: usize, session: SessionId, log: Identity) {
    world.note(format_args!("  desk {d} is settled"));
    world.report.sometimes(if world.seats[d].desk.is_up() {
        "a desk was settled that runs"
    } else {
        "a desk was settled that is down"
    });
    world.oracle.settle(session, log);
}

/// A supervisor says whether two check-ins on one ticket were one person.
fn resolve(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.server.is_up() {
        return Ok(());
    }
    let found = match world.server.authority().and_then(|authority| authority.incidents()) {
        Ok(found) => found,
        Err(error) => return world.server_failed("the incidents", &error),
    };
    let doubles: Vec<Incident> = found
        .into_iter()
        .map(|found| found.incident)
        .filter(|incident| incident.kind == IncidentKind::DoubleAdmission)
        .collect();
    let Some(at) = doubles.get(usize::try_from(chance.below(doubles.len() as u64)).unwrap_or(0)) else {
        return Ok(());
    };
    let [one, other] = at.entries.as_slice() else { return Ok(()) };
    let outcome = if chance.one_in(2) { Settled::OnePerson } else { Settled::TwoPeople };
    match decide(world, &Decision::Resolve { incident: at.id, outcome, over_by: None })? {
        Said::Done => {
            world.report.sometimes(match outcome {
                Settled::OnePerson => "a double admission was one person",
                _ => "a double admission was two people",
            });
            world.oracle.resolve(*one, *other, outcome);
        }
        Said::Refused(_) => {}
    }
    Ok(())
}
