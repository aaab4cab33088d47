//! The server's backup and its return (section 5, restored server).

use crate::{mutant::Mutant, state::World, step::Step, terms::desks, view::View};

/// One backup, or a second one between two restores; restores as far as the configuration goes.
pub(crate) fn offer(view: View<'_>, steps: &mut Vec<Step>) {
    let World { backup, restores, .. } = view.world;
    let again = view.rules.restores == 2 && *restores == 1;
    if view.rules.restores > 0 && (backup.is_none() || again) {
        steps.push(Step::Backup);
    }
    if backup.is_some() && *restores < view.rules.restores {
        steps.push(Step::Restore);
    }
}

/// Backs up and restores.
pub(crate) fn take(view: View<'_>, after: &mut World, step: Step) {
    match step {
        Step::Backup => after.backup = Some(Box::new(view.world.server.clone())),
        Step::Restore => restore(view, after),
        _ => {}
    }
}

/// "A term never used before", the roster "backup + a roster file outside the database", and learning mode. The organiser sets
/// the capacity again.
fn restore(view: View<'_>, after: &mut World) {
    let Some(backup) = view.world.backup.as_deref() else { return };
    let (term, capacity) = (view.world.server.term, view.world.server.capacity);
    after.server = backup.clone();
    after.server.capacity = capacity;
    after.server.term = if view.follows(Mutant::TermBackupPlusOne) { backup.term + 1 } else { term + 1 };
    for desk in desks() {
        let listed = view.world.roster[desk] && !view.follows(Mutant::RosterBackupOnly);
        after.server.epochs[desk].known |= listed;
        after.server.epochs[desk].reported = !may_hold_rights(View::of(view.rules, after), desk);
    }
    after.restores += 1;
}

/// Whether an epoch is awaited: "every rostered epoch that may hold rights", unless it is settled.
fn may_hold_rights(view: View<'_>, epoch: usize) -> bool {
    let known = &view.world.server.epochs[epoch];
    known.known && known.settled.is_none() && !view.is_closed(epoch)
}
