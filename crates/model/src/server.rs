//! What the server gives: answers and grants. "The server's authority is over the future, not the past" (section 1).

use crate::{
    feature::Feature,
    mutant::Mutant,
    state::{Answer, Hold, Message, World},
    step::Step,
    terms::{Revision, Seats, desks, people, sessions},
    view::View,
};

/// Answers to every desk on the roster, and grants within P.
pub(crate) fn offer(view: View<'_>, steps: &mut Vec<Step>) {
    for desk in desks().filter(|desk| view.world.desks[*desk].exists && view.epoch(*desk).known) {
        steps.push(Step::Reply { desk });
        offer_grants(view, desk, steps);
        offer_mistakes(view, desk, steps);
    }
}

fn offer_grants(view: View<'_>, desk: usize, steps: &mut Vec<Step>) {
    if view.identity(desk) != desk || !may_be_granted(view, desk) || gives_nothing_yet(view) {
        return;
    }
    for session in 0..view.rules.sessions {
        let capacity = view.world.server.capacity[usize::from(session)];
        let below = view.world.server.epochs[desk].granted[usize::from(session)] < view.rules.grants_max;
        let place = view.has_place(session) || view.follows(Mutant::GrantBeyondP);
        if capacity.is_some() && below && place {
            steps.push(Step::Grant { desk, session });
        }
    }
}

/// Grants go to open epochs that are neither fenced nor revoked.
fn may_be_granted(view: View<'_>, epoch: usize) -> bool {
    let known = &view.world.server.epochs[epoch];
    let closed = view.is_closed(epoch) && !view.follows(Mutant::ClosedStillGranted);
    !closed && !known.fenced && !known.revoked
}

/// Learning mode: "no grant and no hold".
pub(crate) fn gives_nothing_yet(view: View<'_>) -> bool {
    view.world.server.is_learning() && !view.follows(Mutant::NoLearning)
}

fn offer_mistakes(view: View<'_>, desk: usize, steps: &mut Vec<Step>) {
    let mistakes = &view.world.server.epochs[desk].mistakes;
    if view.follows(Mutant::Timeout) && view.world.desks[desk].dead && !mistakes.timed_out {
        steps.push(Step::TimeOut { desk });
    }
    let recalls = view.follows(Mutant::RecallTakesAtOnce) && !mistakes.recalled;
    if recalls && view.outstanding(desk, 0) > 0 {
        steps.push(Step::Recall { desk });
    }
}

/// Answers, grants, and what only wrong rules do.
pub(crate) fn take(view: View<'_>, after: &mut World, step: Step) {
    match step {
        Step::Reply { desk } => {
            after.network.insert(Message::Answer(answer(view, desk)));
        }
        Step::Grant { desk, session } => {
            after.server.epochs[desk].granted[usize::from(session)] += 1;
            after.server.epochs[desk].mistakes.granted_late += u8::from(view.is_closed(desk));
        }
        Step::TimeOut { desk } => after.server.epochs[desk].mistakes.timed_out = true,
        Step::Recall { desk } => after.server.epochs[desk].mistakes.recalled = true,
        _ => {}
    }
}

fn answer(view: View<'_>, desk: usize) -> Answer {
    let server = &view.world.server;
    let known = view.epoch(desk);
    let held = seats(view, |hold| hold == Hold::Held);
    let withheld = is_withheld(view) && !held.is_empty();
    Answer {
        desk: desk as u8,
        granted: if gives_nothing_yet(view) { Default::default() } else { known.granted },
        at: Revision { term: server.term, position: if withheld { 0 } else { server.position } },
        held: if withheld { Seats::default() } else { held },
        ended: seats(view, |hold| matches!(hold, Hold::Ending(_))),
        limited: [view.rules.has(Feature::Unlimited) && server.capacity[0].is_some(), false],
        stop: known.revoked || known.fenced,
    }
}

fn seats(view: View<'_>, wanted: impl Fn(Hold) -> bool) -> Seats {
    let mut seats = Seats::default();
    for (session, person) in sessions().flat_map(|session| people().map(move |person| (session, person))) {
        if wanted(view.world.server.hold(session, person)) {
            seats.insert(session, person);
        }
    }
    seats
}

/// "The backup's holds count in H but are announced only when learning is over and P ≥ 0": they may have ended since.
fn is_withheld(view: View<'_>) -> bool {
    let unsure = view.world.server.is_learning() || sessions().any(|session| view.is_beyond(session));
    let wrongly = view.follows(Mutant::HoldsAnnouncedAtOnce) || view.follows(Mutant::HoldInLearning);
    view.world.restores > 0 && unsure && !wrongly
}
