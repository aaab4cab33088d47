//! I6 and the first half of I3: what a single step may do. The state keeps only that it went wrong.

use crate::{
    configuration::Configuration,
    mutant::Mutant,
    state::{Hold, Message, World},
    step::Step,
    terms::{Basis, CheckIn, desks, people, sessions},
    view::View,
};

/// Notes in `after` whether `step` gave what was not there, or let W rise while P < 0.
pub(crate) fn note(rules: &Configuration, before: &World, after: &mut World, step: Step) {
    let was = View::of(rules, before);
    let gives = |session: &u8| match step {
        Step::Grant { session: to, .. } | Step::MakeHold { session: to, .. } => to == *session,
        Step::Split => has_more_holds(before, after, *session),
        _ => false,
    };
    let beyond = sessions().filter(gives).any(|session| !was.has_place(session));
    let rose = sessions().any(|session| rises(was, View::of(rules, after), step, session));
    after.facts.given_beyond |= beyond;
    after.facts.worst_rose |= rose;
}

fn has_more_holds(before: &World, after: &World, session: u8) -> bool {
    people().any(|person| {
        before.server.hold(session, person) == Hold::None && after.server.hold(session, person) != Hold::None
    })
}

fn rises(was: View<'_>, is: View<'_>, step: Step, session: u8) -> bool {
    was.is_beyond(session)
        && !is_unknown(was, is, step, session)
        && is.worst(session) > was.worst(session) + learned_from(was, is, session)
}

/// Whether W may move freely: it is "unknown" while learning, and a settled or forked epoch's excess becomes known.
fn is_unknown(was: View<'_>, is: View<'_>, step: Step, session: u8) -> bool {
    let forked = is.is_forked() && !is.follows(Mutant::CopiesRaiseW);
    let excess = |desk: usize| is.is_settled(is.identity(desk), session) || forked;
    match step {
        Step::Restore => true,
        Step::Settle { .. } => was.world.server.is_learning(),
        Step::Deliver(Message::Request(request)) => {
            was.world.server.is_learning() || excess(usize::from(request.desk))
        }
        Step::Recover { desk, .. } | Step::Accept { desk } => excess(desk),
        _ => false,
    }
}

/// How many check-ins became known that had no right: over_grant, unlimited, second uses of a hold.
fn learned_from(was: View<'_>, is: View<'_>, session: u8) -> i32 {
    let is_new = |one: &CheckIn| is.is_counted(one.key) && !was.is_counted(one.key);
    let without_right = |one: &CheckIn| match one.basis {
        Basis::OverGrant => true,
        Basis::Unlimited => !is.follows(Mutant::UnlimitedRaisesW),
        Basis::Held => !is.follows(Mutant::SecondUseRaisesW) && is_second_use(is, one),
        Basis::Grant => false,
    };
    desks()
        .flat_map(|desk| is.check_ins(desk))
        .filter(|one| one.session == session && is_new(one) && without_right(one))
        .count() as i32
}

fn is_second_use(is: View<'_>, one: &CheckIn) -> bool {
    is.all_standing().any(|other| other.key != one.key && other.uses_hold(one.session, one.person))
}
