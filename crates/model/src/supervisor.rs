//! What people decide at the server: capacities, Bind, Resolve, Merge and Split, Settle, reading a dead machine's disk.

use crate::{
    feature::Feature,
    mutant::Mutant,
    network::count,
    state::{Settlement, World},
    step::Step,
    terms::{CheckIn, Entry, Key, desks},
    view::{Reach, View},
};

/// Every decision that is open to the organiser and the supervisors.
pub(crate) fn offer(view: View<'_>, steps: &mut Vec<Step>) {
    offer_capacities(view, steps);
    offer_merge(view, steps);
    offer_binds(view, steps);
    offer_resolutions(view, steps);
    for desk in desks().filter(|desk| view.world.desks[*desk].exists) {
        offer_settlements(view, desk, steps);
        offer_recoveries(view, desk, steps);
    }
}

fn offer_capacities(view: View<'_>, steps: &mut Vec<Step>) {
    let capacity = view.world.server.capacity[0];
    if view.world.facts.capacity_moved {
        return;
    }
    if view.rules.has(Feature::Lower) && capacity.is_some_and(|places| places > 0) {
        steps.push(Step::Lower);
    }
    if view.rules.has(Feature::Raise) {
        steps.push(Step::Raise);
    }
    if capacity.is_none() {
        steps.push(Step::SetCapacity);
    }
}

/// Merging twice is bounded like every change of the settings.
fn offer_merge(view: View<'_>, steps: &mut Vec<Step>) {
    let server = &view.world.server;
    if !view.rules.has(Feature::Merge) || server.position >= view.rules.positions_max {
        return;
    }
    steps.push(if server.merged { Step::Split } else { Step::Merge });
}

/// "A Bind names a check-in earlier than the exit, one per exit; after a restore … the desks' Binds are back."
fn offer_binds(view: View<'_>, steps: &mut Vec<Step>) {
    for desk in desks() {
        for (seq, entry) in view.log(desk, Reach::Counted).iter().enumerate() {
            let exit = view.key(desk, seq as u8);
            if let Entry::Exit { session, person } = *entry {
                let theirs = |one: &CheckIn| one.session == session && one.person == person;
                let free = view.all_standing().filter(|one| theirs(one) && may_bind(view, exit, one.key));
                steps.extend(free.map(|one| Step::Bind { exit, check_in: one.key }));
            }
        }
    }
}

fn may_bind(view: View<'_>, exit: Key, check_in: Key) -> bool {
    let same = |(of, to): &(Key, Key)| *of != exit || *to == check_in;
    let bound = view.world.server.binds.iter().any(|(of, _)| *of == exit);
    !bound && (view.world.facts.binds.iter().all(same) || view.follows(Mutant::BindForgotten))
}

/// A double admission: "until a supervisor says that it was one".
fn offer_resolutions(view: View<'_>, steps: &mut Vec<Step>) {
    let open = |one: &CheckIn| !view.world.server.resolved.contains(&one.key) && view.is_double(one);
    if view.rules.has(Feature::Resolve) {
        steps.extend(view.all_standing().filter(open).map(|one| Step::Resolve { double: one.key }));
    }
}

/// While an epoch is awaited, X is only the backup's: the supervisor may state more.
fn offer_settlements(view: View<'_>, desk: usize, steps: &mut Vec<Step>) {
    let known = &view.world.server.epochs[desk];
    if !view.rules.has(Feature::Settle) || !known.known || known.settled.is_some() {
        return;
    }
    let most =
        if known.reported { view.outstanding(desk, 0).clamp(0, 2) as u8 } else { view.rules.grants_max };
    steps.extend((0..=most).map(|spent| Step::Settle { desk, spent }));
}

/// The disk may have lost its end; a machine that goes on has its log read only by wrong rules.
fn offer_recoveries(view: View<'_>, desk: usize, steps: &mut Vec<Step>) {
    let station = &view.world.desks[desk];
    let known = &view.world.server.epochs[desk];
    let live = view.follows(Mutant::RecoverLiveDisk) || view.follows(Mutant::RecoverWithoutFence);
    if view.rules.has(Feature::Recover) && (station.dead || live) && !known.fenced {
        steps.extend((known.counted..=station.length()).map(|length| Step::Recover { desk, length }));
    }
}

/// Decisions and what they change.
pub(crate) fn take(view: View<'_>, after: &mut World, step: Step) {
    match step {
        Step::Lower | Step::Raise | Step::SetCapacity => set_capacity(view, after, step),
        Step::Bind { exit, check_in } => {
            after.server.binds.insert((exit, check_in));
            if !view.world.facts.binds.iter().any(|(of, _)| *of == exit) {
                after.facts.binds.insert((exit, check_in));
            }
        }
        Step::Resolve { double } => {
            after.server.resolved.insert(double);
            after.facts.resolved.insert(double);
        }
        Step::Settle { desk, spent } => settle(view, after, desk, spent),
        Step::Recover { desk, length } => recover(view, after, desk, length),
        _ => {}
    }
}

fn set_capacity(view: View<'_>, after: &mut World, step: Step) {
    after.facts.capacity_moved = true;
    let places = view.world.server.capacity[0].unwrap_or(0);
    after.server.capacity[0] = Some(match step {
        Step::Lower => places - 1,
        Step::Raise => places + 1,
        _ => view.rules.capacity,
    });
    // Lowering, "or set where there was none", is an exception of I3.
    after.facts.excused[0] |= step != Step::Raise;
    // Desks with an unlimited session learn of it by the feed.
    after.server.position += u8::from(step == Step::SetCapacity);
}

/// "Settle implies Fence"; while learning, X is only the backup's, so that nobody knows what was at stake.
fn settle(view: View<'_>, after: &mut World, desk: usize, spent: u8) {
    let known = &mut after.server.epochs[desk];
    let bounded = known.reported || view.follows(Mutant::SettleBoundedByX);
    let stake = bounded.then(|| view.outstanding(desk, 0).max(0) as u8);
    known.settled = Some(Settlement { spent, counted: known.counted, stake });
    known.fenced = !view.follows(Mutant::SettleWithoutFence);
    known.reported = true;
    after.facts.excused[0] = true;
}

/// "A log recovered from a disk is credited only up to the disk's own `handed`, or wholly if the machine is out of use and its
/// head equals the one kept outside the database."
fn recover(view: View<'_>, after: &mut World, desk: usize, length: u8) {
    let station = &view.world.desks[desk];
    let whole = station.dead && length == station.length();
    let trusting = [Mutant::RecoverTruncated, Mutant::RecoverLiveDisk, Mutant::RecoverWithoutFence];
    let believed = whole || trusting.into_iter().any(|mutant| view.follows(mutant));
    count(view, after, desk, length, if believed { length } else { station.handed });
    let known = &mut after.server.epochs[desk];
    known.whole |= whole;
    known.fenced |= !view.follows(Mutant::RecoverWithoutFence);
}
