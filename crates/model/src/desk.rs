//! What a desk writes: "reserve before write, one local transaction" (section 5).

use crate::{
    feature::Feature,
    mutant::Mutant,
    state::{Desk, World},
    step::Step,
    terms::{Basis, CheckIn, Entry, Key, desks},
    view::{Reach, View},
};

/// The steps that the desks may take.
pub(crate) fn offer(view: View<'_>, steps: &mut Vec<Step>) {
    for desk in desks().filter(|desk| is_running(view, *desk)) {
        if can_write(view, desk) {
            offer_admissions(view, desk, steps);
            offer_releases(view, desk, steps);
            offer_exits(view, desk, steps);
            offer_returns(view, desk, steps);
        }
        if view.rules.has(Feature::Close) && !view.world.desks[desk].is_closed() {
            steps.push(Step::Close { desk });
        }
    }
}

/// Whether the machine is there and in use.
pub(crate) fn is_running(view: View<'_>, desk: usize) -> bool {
    view.world.desks[desk].exists && !view.world.desks[desk].dead
}

/// A desk that knows that its epoch is fenced, revoked or closed writes no more; the bound is the checker's.
fn can_write(view: View<'_>, desk: usize) -> bool {
    let station = &view.world.desks[desk];
    station.length() < view.rules.entries_max
        && (station.stopped_at.is_none() || view.follows(Mutant::SettledStillAdmits))
        && (!station.is_closed() || view.follows(Mutant::ClosedStillAdmits))
}

fn offer_admissions(view: View<'_>, desk: usize, steps: &mut Vec<Step>) {
    for session in 0..view.rules.sessions {
        for person in (0..view.rules.people).filter(|person| !is_inside(view, desk, session, *person)) {
            if let Some(basis) = basis(view, desk, session, person) {
                steps.push(Step::Admit { desk, session, person, basis });
            }
        }
    }
}

/// The duplicate check in the desk's own log. A person whom this desk saw leave may come again, with a new right: re-entry.
fn is_inside(view: View<'_>, desk: usize, session: u8, person: u8) -> bool {
    let log = view.log(desk, Reach::Whole);
    let exits = log.iter().filter(|entry| **entry == Entry::Exit { session, person }).count();
    let inside = view
        .check_ins_known(desk)
        .filter(|one| one.session == session && one.person == person)
        .filter(|one| !is_undone_here(view, desk, one.key) && !is_checked_out_here(view, desk, one.key));
    inside.count() > exits
}

fn is_undone_here(view: View<'_>, desk: usize, key: Key) -> bool {
    view.log(desk, Reach::Whole).iter().any(|entry| match *entry {
        Entry::Undo { of, .. } => view.key(desk, of) == key,
        _ => false,
    })
}

fn is_checked_out_here(view: View<'_>, desk: usize, of: Key) -> bool {
    view.log(desk, Reach::Whole).contains(&Entry::CheckOut { of })
}

/// "A desk that knows a hold uses it before a right."
fn basis(view: View<'_>, desk: usize, session: u8, person: u8) -> Option<Basis> {
    let station = &view.world.desks[desk];
    if is_unlimited(view, station, session) {
        Some(Basis::Unlimited)
    } else if station.holds.contains(session, person) {
        Some(Basis::Held)
    } else if view.spendable(desk, session) > 0 {
        Some(Basis::Grant)
    } else if view.rules.has(Feature::Optimistic) {
        Some(Basis::OverGrant)
    } else {
        None
    }
}

fn is_unlimited(view: View<'_>, station: &Desk, session: u8) -> bool {
    let was_limited = session > 0 || !view.rules.has(Feature::Unlimited);
    let knows = station.limited_at[usize::from(session)].is_some();
    !was_limited && (!knows || view.follows(Mutant::UnlimitedAfterCapacity))
}

/// Undo of own check-ins; CheckOut of any that is known here, by whatever road.
fn offer_releases(view: View<'_>, desk: usize, steps: &mut Vec<Step>) {
    for one in view.check_ins_known(desk) {
        let gone = is_undone_here(view, desk, one.key) || is_checked_out_here(view, desk, one.key);
        if view.rules.has(Feature::Undo) && !gone {
            steps.push(Step::Undo { desk, of: one.key.seq });
        }
    }
    let known = view.all_check_ins().filter(|one| is_known_at(view, desk, one));
    for one in known.filter(|_| view.rules.has(Feature::CheckOut)) {
        if !is_checked_out_here(view, desk, one.key) {
            steps.push(Step::CheckOut { desk, of: one.key });
        }
    }
}

fn is_known_at(view: View<'_>, desk: usize, one: &CheckIn) -> bool {
    if view.check_ins_known(desk).any(|own| own.key == one.key) {
        return !is_undone_here(view, desk, one.key);
    }
    one.key.seq < view.world.desks[usize::from(one.key.desk)].handed || view.is_counted(one.key)
}

/// "Exit { person, session } (the check-in is unknown here: frees nothing until bound)".
fn offer_exits(view: View<'_>, desk: usize, steps: &mut Vec<Step>) {
    if !view.rules.has(Feature::Exit) {
        return;
    }
    for one in view.all_check_ins().filter(|one| usize::from(one.key.desk) != desk) {
        let exit = Entry::Exit { session: one.session, person: one.person };
        if !view.log(desk, Reach::Whole).contains(&exit) {
            steps.push(Step::Exit { desk, session: one.session, person: one.person });
        }
    }
}

fn offer_returns(view: View<'_>, desk: usize, steps: &mut Vec<Step>) {
    let returns = |session: &u8| view.rules.has(Feature::Return) && view.spendable(desk, *session) > 0;
    steps.extend((0..view.rules.sessions).filter(returns).map(|session| Step::Return { desk, session }));
}

/// Appends what the desk decided.
pub(crate) fn take(view: View<'_>, after: &mut World, step: Step) {
    match step {
        Step::Admit { desk, session, person, basis } => {
            after.facts.excused[usize::from(session)] |= excuses(view, session, person, basis);
            append(after, desk, Entry::CheckIn { session, person, basis });
        }
        Step::Undo { desk, of } => {
            let refund = of >= view.world.desks[desk].handed || view.follows(Mutant::RefundAfterHandover);
            append(after, desk, Entry::Undo { of, refund });
        }
        Step::CheckOut { desk, of } => append(after, desk, Entry::CheckOut { of }),
        Step::Exit { desk, session, person } => append(after, desk, Entry::Exit { session, person }),
        Step::Return { desk, session } => append(after, desk, Entry::Return { session }),
        Step::Close { desk } => append(after, desk, Entry::CloseEpoch),
        _ => {}
    }
}

/// I3's exceptions that a desk can cause: no right at all, and a hold used twice.
fn excuses(view: View<'_>, session: u8, person: u8, basis: Basis) -> bool {
    let used = |one: CheckIn| one.uses_hold(session, person) && !view.is_released_in_truth(one.key);
    match basis {
        Basis::OverGrant | Basis::Unlimited => true,
        Basis::Held => view.all_check_ins().any(used),
        Basis::Grant => false,
    }
}

fn append(after: &mut World, desk: usize, entry: Entry) {
    after.desks[desk].log.push(entry);
}
