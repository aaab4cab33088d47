//! What volunteers and guests do.

use usher_core::{
    entry::OverrideReason,
    ids::{ActorId, EntryKey},
    ticket::own_code,
    verdict::Verdict,
};
use usher_replica::{Act, Decided};

use super::{Action, duties::do_duties, leaving::inside_at, walk_ins};
use crate::{
    chance::Chance,
    desk::Card,
    event::code,
    oracle::{Said, broken},
    seat::Guest,
    world::{Outcome, World},
};

/// How many guests a desk remembers.
const GUESTS_MAX: usize = 40;

pub(super) const TABLE: &[Action] = &[
    Action { name: "scan", weight: 1200, run: scan },
    Action { name: "decide again", weight: 25, run: again },
    Action { name: "undo", weight: 35, run: undo },
    Action { name: "absorb", weight: 60, run: absorb },
    Action { name: "change session", weight: 10, run: change_session },
];

fn scan(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    let code = someone(world, chance);
    if code.starts_with("U-") {
        world.report.fault("malice: a forged ticket");
    }
    let found = world.seats[d].desk.scan(&code, chance.wide(), world.now_ms);
    let (card, judged) = match found {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(()),
        Err(error) => return world.failed(d, "scanning", &error),
    };
    remember(world, d, card);
    world.report.sometimes(word(judged.judgement.verdict));
    let clean = judged.judgement.verdict == Verdict::Registered;
    match (clean, judged.judgement.basis, judged.judgement.verdict.decline_reason()) {
        (true, ..) => let_in(world, d, card, Act::LetIn),
        (_, Some(_), _) if chance.one_in(2) => let_in(world, d, card, Act::LetInAnyway),
        _ if judged.judgement.override_basis.is_some() && chance.one_in(12) => {
            world.report.sometimes("a supervisor's word let somebody in");
            let act = Act::Override {
                by: ActorId(uuid::Uuid::from_u128(chance.wide())),
                reason: OverrideReason::Other,
            };
            let_in(world, d, card, act)
        }
        (.., Some(reason)) => {
            let Some(subject) = card.asked.ticket.subject() else { return Ok(()) };
            let said = Said::Away(card.asked.session, subject);
            match world.seats[d].desk.turn_away(&card, reason, world.now_ms) {
                Ok(Some(key)) => world.answered(d, key, said),
                Ok(None) => Ok(()),
                Err(error) => world.doubtful(d, said, &error),
            }
        }
        _ => Ok(()),
    }
}

/// Mostly a guest of the event, now and then nobody's code or another event's.
fn someone(world: &World, chance: &mut Chance) -> String {
    match chance.below(40) {
        0 => format!("NOBODY-{}", chance.below(20)),
        1 => "U-ZZZZZZ-00000000000000000000000000".into(),
        2 => "https://example.org/menu".into(),
        3 => forged(world, chance),
        _ => code(chance.between(0, world.event.people.len() as i64 - 1)),
    }
}

/// A code of this event that nobody was given.
fn forged(world: &World, chance: &mut Chance) -> String {
    let event = world.seats.iter().find_map(|seat| seat.desk.who.as_ref()).map(|who| who.event);
    event.map_or_else(String::new, |event| own_code(event, chance.wide()))
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Registered => "verdict: registered",
        Verdict::NotRegistered => "verdict: not registered",
        Verdict::AlreadyCheckedIn(_) => "verdict: already checked in",
        Verdict::SessionFull => "verdict: session full",
        Verdict::GrantEmpty => "verdict: grant empty",
        Verdict::SeatsHeld { .. } => "verdict: seats held",
        Verdict::Cancelled => "verdict: cancelled",
        Verdict::SessionNotOpen { .. } | Verdict::SessionPaused | Verdict::SessionEnded { .. } => {
            "verdict: session not open"
        }
        Verdict::UnknownTicket | Verdict::ForgedTicket | Verdict::OtherEvent | Verdict::NotATicket => {
            "verdict: no ticket of ours"
        }
        _ => "verdict: another",
    }
}

pub(super) fn remember(world: &mut World, d: usize, card: Card) {
    let guests = &mut world.seats[d].guests;
    if guests.len() == GUESTS_MAX {
        guests.remove(0);
    }
    guests.push(Guest { card, let_in: None, undone: None, left: None, came_back: false });
}

pub(super) fn guest<'a>(world: &'a mut World, d: usize, card: &Card) -> Option<&'a mut Guest> {
    world.seats[d].guests.iter_mut().find(|guest| guest.card.verdict == card.verdict)
}

/// Lets somebody in, and checks what must hold at once.
pub(super) fn let_in(world: &mut World, d: usize, card: Card, act: Act) -> Outcome {
    let Some(subject) = card.asked.ticket.subject() else { return Ok(()) };
    let said = Said::In(card.asked.session, subject);
    let key = match world.seats[d].desk.let_in(&card, act, world.now_ms) {
        Ok(Decided::LetIn(key)) => key,
        Ok(Decided::Changed(_) | Decided::Impossible) => {
            world.report.sometimes("judged again, it no longer held");
            return Ok(());
        }
        Err(error) => return world.doubtful(d, said, &error),
    };
    let over = |guest: &mut Guest| guest.undone.is_some() || guest.left.is_some();
    let undone = guest(world, d, &card).is_none_or(over);
    match world.decided.get(&card.verdict) {
        Some(before) if !undone && *before != key => {
            return broken(format!("P5: {before:?} and {key:?} are one decision"));
        }
        Some(before) if *before == key => {}
        // A supervisor's word lets in whom the desk knows to be inside: it becomes an incident.
        _ if matches!(act, Act::Override { .. }) => {}
        _ => admitted_once(world, d, key, said)?,
    }
    world.decided.insert(card.verdict, key);
    if let Some(guest) = guest(world, d, &card) {
        (guest.let_in, guest.undone, guest.left) = (Some(key), None, None);
    }
    world.answered(d, key, said)?;
    world.oracle.check_places(card.asked.session)?;
    check_rights(world, d, card)
}

/// A desk never lets the same guest in twice while the first stands, under whatever name it knows.
fn admitted_once(world: &mut World, d: usize, key: EntryKey, said: Said) -> Outcome {
    let Said::In(session, subject) = said else { return Ok(()) };
    match inside_at(world, d, session, subject)? {
        Some(before) => broken(format!("{key:?} lets {subject:?} in, whom {before:?} let in")),
        None => {
            if world.oracle.is_in_as_another(session, subject) {
                world.report.sometimes("let in under another name of the same person");
            }
            Ok(())
        }
    }
}

/// I1 at the session of a card.
pub(super) fn check_rights(world: &mut World, d: usize, card: Card) -> Outcome {
    let desk = &world.seats[d].desk;
    let known = desk.files().and_then(|files| files.known(desk.who()?, card.asked.session));
    match known {
        Ok(known)
            if known.rights.granted + known.rights.refunded
                < known.rights.admitted + known.rights.returned =>
        {
            broken(format!("I1: desk {d} has {:?}", known.rights))
        }
        Ok(_) => Ok(()),
        Err(error) => world.failed(d, "reading rights", &error),
    }
}

/// A guest that a running desk remembers, such as `fits`.
pub(super) fn remembered(
    world: &World,
    chance: &mut Chance,
    fits: impl Fn(&Guest) -> bool,
) -> Option<(usize, Guest)> {
    let d = world.running(chance)?;
    let guests: Vec<_> = world.seats[d].guests.iter().copied().filter(fits).collect();
    chance.pick(&guests).map(|guest| (d, guest))
}

/// The same decision once more: after a lost key press, or after an undo.
fn again(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some((d, guest)) = remembered(world, chance, |guest| guest.let_in.is_some() && !guest.came_back)
    else {
        return Ok(());
    };
    world.report.sometimes(if guest.undone.is_some() { "let in after an undo" } else { "decided twice" });
    let_in(world, d, guest.card, Act::LetIn)
}

fn undo(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some((d, guest)) = remembered(world, chance, |guest| guest.let_in.is_some()) else { return Ok(()) };
    let Some(of) = guest.let_in else { return Ok(()) };
    match world.seats[d].desk.undo(guest.card.verdict, of, world.now_ms) {
        // Its disk was put back, and the log that goes on never had the entry.
        Ok(None) => Ok(()),
        Ok(Some(key)) if guest.undone.is_some_and(|before| before != key) => {
            broken(format!("P5: {of:?} was undone twice, by {:?} and {key:?}", guest.undone))
        }
        Ok(Some(key)) => {
            if guest.undone.is_some() {
                world.report.fault("people: undone twice");
                world.report.sometimes("undone twice");
            }
            if let Some(guest) = self::guest(world, d, &guest.card) {
                guest.undone = Some(key);
            }
            if let Some((key, said)) = walk_ins::taken_back_with(world, d, key, of) {
                world.report.sometimes("a walk-in was taken back");
                world.answered(d, key, said)?;
            }
            world.answered(d, key, Said::Out(of))
        }
        Err(error) => {
            world.may_have_said(d, walk_ins::with(world, of).map(Said::Out));
            world.doubtful(d, Said::Out(of), &error)
        }
    }
}

fn absorb(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    match world.seats[d].desk.absorb() {
        Ok(_) => Ok(()),
        Err(error) => world.failed(d, "absorbing", &error),
    }
}

/// The volunteer serves another session; what is left for the old one goes back.
fn change_session(world: &mut World, chance: &mut Chance) -> Outcome {
    let (Some(d), Some(session)) = (world.running(chance), chance.pick(&world.sessions)) else {
        return Ok(());
    };
    world.seats[d].desk.serves = Some(session);
    do_duties(world, d).map(drop)
}
