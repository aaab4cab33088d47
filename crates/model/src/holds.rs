//! Held seats (section 5): made within P, used by their person, taken away by the cutoff rule.

use crate::{
    configuration::Configuration,
    feature::Feature,
    mutant::Mutant,
    server::gives_nothing_yet,
    state::{Hold, World},
    step::Step,
    terms::{Entry, Revision, desks, people, sessions},
    view::{Reach, View},
};

/// Holds made and taken away.
pub(crate) fn offer(view: View<'_>, steps: &mut Vec<Step>) {
    let server = &view.world.server;
    if !view.rules.has(Feature::Holds) || server.position >= view.rules.positions_max {
        return;
    }
    for (session, person) in all_seats().filter(|(_, person)| *person < view.rules.held_people) {
        match server.hold(session, person) {
            Hold::None if may_make(view, session, person) => steps.push(Step::MakeHold { session, person }),
            Hold::Held => steps.push(Step::EndHold { session, person }),
            _ => {}
        }
    }
    let cancels = |person: &u8| view.rules.has(Feature::Cancel) && !server.cancelled[usize::from(*person)];
    steps.extend((0..view.rules.held_people).filter(cancels).map(|person| Step::Cancel { person }));
}

fn all_seats() -> impl Iterator<Item = (u8, u8)> {
    sessions().flat_map(|session| people().map(move |person| (session, person)))
}

/// "Making one needs P ≥ 1", and a confirmed registration; merged persons have one between them.
fn may_make(view: View<'_>, session: u8, person: u8) -> bool {
    let learning = gives_nothing_yet(view) && !view.follows(Mutant::HoldInLearning);
    let place = view.has_place(session) || view.follows(Mutant::HoldBeyondP);
    let server = &view.world.server;
    let cancelled = server.cancelled[usize::from(person)];
    let has_one = server.merged && people().any(|other| server.hold(session, other) != Hold::None);
    session < view.rules.sessions && place && !learning && !cancelled && !has_one
}

/// Every change is a new position of the feed.
pub(crate) fn take(view: View<'_>, after: &mut World, step: Step) {
    let frees_at_once = |mutant| view.follows(mutant);
    match step {
        Step::MakeHold { session, person } => {
            after.server.position += 1;
            *after.server.hold_mut(session, person) = Hold::Held;
        }
        Step::EndHold { session, person } => {
            after.server.position += 1;
            end(view.rules, after, session, person, frees_at_once(Mutant::CutoffFreesAtOnce));
        }
        Step::Cancel { person } => {
            after.server.position += 1;
            after.server.cancelled[usize::from(person)] = true;
            for session in sessions().filter(|session| view.world.server.hold(*session, person) == Hold::Held)
            {
                end(view.rules, after, session, person, frees_at_once(Mutant::CancelFreesAtOnce));
            }
        }
        Step::Merge => merge(view, after),
        Step::Split => split(view, after),
        _ => {}
    }
}

/// "Taking one away (cutoff, cancellation, merge)": from now on desks are told that it has ended.
fn end(rules: &Configuration, after: &mut World, session: u8, person: u8, at_once: bool) {
    let revision = named(rules, Revision { term: after.server.term, position: after.server.position });
    *after.server.hold_mut(session, person) = if at_once { Hold::None } else { Hold::Ending(revision) };
}

/// Merge: one person has one held seat; the second is taken away.
fn merge(view: View<'_>, after: &mut World) {
    after.server.merged = true;
    let both = |session: &u8| people().all(|person| view.world.server.hold(*session, person) == Hold::Held);
    for session in sessions().filter(both) {
        after.server.position += 1;
        end(view.rules, after, session, 1, view.follows(Mutant::MergeFreesHold));
    }
}

/// Split: two persons again. A second hold that is still counted comes back; one that is free is gone, like any other.
fn split(view: View<'_>, after: &mut World) {
    after.server.merged = false;
    for session in 0..view.rules.sessions {
        let revives = match view.world.server.hold(session, 1) {
            Hold::Ending(_) => true,
            Hold::None => view.follows(Mutant::SplitRevivesHold),
            Hold::Held => false,
        };
        if revives {
            after.server.position += 1;
            *after.server.hold_mut(session, 1) = Hold::Held;
        }
    }
}

/// How a revision is written down.
pub(crate) fn named(rules: &Configuration, revision: Revision) -> Revision {
    match rules.follows(Mutant::RevisionWithoutTerm) {
        true => Revision { term: 0, ..revision },
        false => revision,
    }
}

/// The cutoff rule, after every step: a hold is free "only when every open epoch's acknowledged log contains `HoldsEnded` of at
/// least that (term, rev)".
pub(crate) fn free_ended(rules: &Configuration, after: &mut World) {
    for (session, person) in all_seats() {
        if let Hold::Ending(revision) = after.server.hold(session, person) {
            let view = View::of(rules, after);
            let answered =
                |epoch: usize| !view.is_open(epoch, session) || has_answered(view, epoch, session, revision);
            if desks().all(answered) {
                *after.server.hold_mut(session, person) = Hold::None;
            }
        }
    }
}

/// Of a forked epoch every branch must have answered.
fn has_answered(view: View<'_>, epoch: usize, session: u8, revision: Revision) -> bool {
    let says = |entry: &Entry| match *entry {
        Entry::HoldsEnded { session: of, revision: at } => at >= revision && of == session,
        _ => false,
    };
    let known = &view.world.server.epochs[epoch];
    let disputed = known.disputed.filter(|_| view.follows(Mutant::DisputedEndsHolds));
    let wrongly = disputed.is_some_and(|disputed| {
        view.log(epoch, Reach::Whole)[..usize::from(disputed.length)].iter().any(says)
    });
    let by_field = view.follows(Mutant::CutoffByField) && known.mistakes.claims >= revision;
    wrongly
        || by_field
        || view.branches(epoch).iter().all(|desk| view.log(*desk, Reach::Counted).iter().any(says))
}
