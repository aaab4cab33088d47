//! Machines that come late, die, start again, are copied or put back (sections 4 and 5).

use crate::{
    configuration::Configuration,
    desk::is_running,
    feature::Feature,
    mutant::Mutant,
    state::{Desk, World},
    step::Step,
    terms::{desks, sessions},
    view::View,
};

/// What may happen to the machines.
pub(crate) fn offer(view: View<'_>, steps: &mut Vec<Step>) {
    let rules = view.rules;
    if rules.has(Feature::Die) {
        steps.extend(desks().filter(|desk| is_running(view, *desk)).map(|desk| Step::Die { desk }));
    }
    if view.world.desks[1].exists || rules.desks == 1 {
        return;
    }
    // Enrolled by the server that a restore forgets.
    if rules.has(Feature::Late) && view.world.restores == 0 {
        steps.push(Step::Enrol { desk: 1 });
    }
    if rules.has(Feature::Offline) {
        steps.push(Step::OpenOffline { desk: 1 });
    }
    if rules.has(Feature::Reopen) && view.world.desks[0].is_closed() {
        steps.push(Step::Reopen);
    }
    if rules.has(Feature::Copy) {
        steps.push(Step::Copy);
    }
    if rules.has(Feature::RollBack) {
        steps.extend((0..view.world.desks[0].length()).map(|to| Step::RollBack { to }));
    }
}

/// Machines come and go.
pub(crate) fn take(view: View<'_>, after: &mut World, step: Step) {
    match step {
        Step::Die { desk } => after.desks[desk].dead = true,
        Step::Enrol { desk } => enrol(after, desk),
        Step::Reopen => enrol(after, 1),
        Step::OpenOffline { desk } => {
            after.desks[desk].exists = true;
            if view.follows(Mutant::OfflineEpochKeepsHolds) {
                after.desks[desk].holds = view.world.desks[0].holds;
            }
        }
        Step::Copy => {
            after.desks[1] = copy_of(&view.world.desks[0], view.world.desks[0].length());
            sessions().for_each(|session| after.facts.excused[usize::from(session)] = true);
        }
        Step::RollBack { to } => roll_back(view, after, to),
        _ => {}
    }
}

fn enrol(after: &mut World, desk: usize) {
    after.desks[desk].exists = true;
    after.server.epochs[desk].known = true;
    after.roster[desk] = true;
}

/// The same epoch on a second machine, with so many entries of the first.
fn copy_of(original: &Desk, shared: u8) -> Desk {
    let mut copy = original.clone();
    copy.log.truncate(usize::from(shared));
    copy.handed = copy.handed.min(shared);
    copy.copy = Some(shared);
    copy
}

/// "(machine id, seq, hash) is kept outside the database as well; a mismatch at start opens an epoch without rights."
fn roll_back(view: View<'_>, after: &mut World, to: u8) {
    after.desks[0].dead = true;
    if view.follows(Mutant::RollBackKeepsEpoch) {
        after.desks[1] = copy_of(&view.world.desks[0], to);
    } else {
        after.desks[1].exists = true;
    }
}

/// "Same key with different bytes is evidence of a clone: both branches are kept, the epoch is fenced."
pub(crate) fn find_fork(rules: &Configuration, after: &mut World) {
    if View::of(rules, after).is_forked() {
        let known = &mut after.server.epochs[0];
        known.fenced |= !rules.follows(Mutant::ForkNotFenced);
        after.facts.granted_at_fork.get_or_insert(known.granted);
    }
}
