//! Revocation (section 5, Settle): what is first received afterwards is disputed until a supervisor accepts it.

use crate::{
    feature::Feature, mutant::Mutant, network::count, state::World, step::Step, terms::desks, view::View,
};

/// Revoking, accepting, and a thief.
pub(crate) fn offer(view: View<'_>, steps: &mut Vec<Step>) {
    if !view.rules.has(Feature::Revoke) {
        return;
    }
    for desk in desks() {
        let known = &view.world.server.epochs[desk];
        if known.known && !known.revoked {
            steps.push(Step::Revoke { desk });
        }
        if known.disputed.is_some() {
            steps.push(Step::Accept { desk });
        }
        // The thief may send anything; as long as it is disputed it changes nothing, and no supervisor accepts it.
        let believed = view.follows(Mutant::DisputedCounted) && !known.mistakes.forged_return;
        if known.revoked && believed {
            steps.push(Step::ForgeReturn { desk });
        }
        if known.revoked && !known.reported && view.follows(Mutant::DisputedReports) {
            steps.push(Step::ForgeReport { desk });
        }
    }
}

/// Revokes and accepts.
pub(crate) fn take(view: View<'_>, after: &mut World, step: Step) {
    match step {
        Step::Revoke { desk } => after.server.epochs[desk].revoked = true,
        Step::Accept { desk } => {
            if let Some(disputed) = after.server.epochs[desk].disputed.take() {
                count(view, after, desk, disputed.length, disputed.handed);
            }
        }
        Step::ForgeReturn { desk } => after.server.epochs[desk].mistakes.forged_return = true,
        Step::ForgeReport { desk } => after.server.epochs[desk].reported = true,
        _ => {}
    }
}
