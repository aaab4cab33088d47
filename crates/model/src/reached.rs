//! Interesting states that the checker must have met, or a green run would prove nothing.

use stateright::Property;

use crate::{
    configuration::Configuration,
    state::{Hold, World},
    terms::{Basis, Entry, desks, people, sessions},
    view::{Reach, View},
};

/// Makes [`Reached`] and its names.
macro_rules! reached {
    ($($(#[$doc:meta])+ $name:ident = $shown:literal: $condition:expr,)+) => {
        /// A state that must be met somewhere.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reached {
            $($(#[$doc])+ $name,)+
        }

        impl Reached {
            /// Its name in the tables.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $shown,)+ }
            }

            pub(crate) fn property(self) -> Property<Configuration> {
                let met: fn(&Configuration, &World) -> bool = match self {
                    $(Self::$name => |rules, world| $condition(View::of(rules, world)),)+
                };
                Property::sometimes(self.name(), met)
            }
        }
    };
}

reached! {
    /// As many are inside as there are places.
    FullHouse = "full house": full_house,
    /// More were admitted than there are places, one after another.
    OneAfterAnother = "one after another": one_after_another,
    /// A check-in was undone before it left the desk.
    Refunded = "refunded": refunded,
    /// A seat was freed by the handover rule.
    Freed = "seat freed": freed,
    /// A page arrived and the rest did not.
    HalfUploaded = "half uploaded": half_uploaded,
    /// Somebody is inside on a hold.
    HoldUsed = "hold used": hold_used,
    /// A hold is free by the cutoff rule.
    HoldFreed = "hold freed": hold_freed,
    /// One hold was used at two desks.
    HoldUsedTwice = "hold used twice": hold_used_twice,
    /// P < 0.
    Beyond = "P below zero": beyond,
    /// More are inside than there are places.
    TooMany = "too many": too_many,
    /// A restored server has learned and something was inside before.
    Learned = "learned": learned,
    /// A settled epoch's log turned up with more than was said.
    SettledExcess = "settled excess": settled_excess,
    /// A log was recovered without its end.
    RecoveredPart = "recovered in part": recovered_part,
    /// An exit was bound and freed a seat.
    Bound = "exit bound": bound,
    /// An epoch with check-ins is closed and its places are free for others.
    Closed = "closed": closed,
    /// Disputed entries were accepted.
    Accepted = "accepted": accepted,
    /// Entries are disputed.
    Disputed = "disputed": disputed,
    /// Two check-ins stand after a Merge.
    DoubleKept = "double kept": double_kept,
    /// A resolved double admission freed its seat.
    ResolvedFreed = "double resolved": resolved_freed,
    /// A fork was found, and both branches had admitted.
    ForkFound = "fork found": fork_found,
    /// Every session is full at once.
    AllFull = "all full": all_full,
    /// A machine went on after its disk was put back.
    RolledBack = "rolled back": rolled_back,
}

fn capacity(view: View<'_>, session: u8) -> i32 {
    view.world.server.capacity[usize::from(session)].map_or(i32::MAX, i32::from)
}

fn counted(view: View<'_>, wanted: impl Fn(&Entry) -> bool) -> bool {
    desks().any(|desk| view.log(desk, Reach::Counted).iter().any(&wanted))
}

fn full_house(view: View<'_>) -> bool {
    view.occupied_in_truth(0) == capacity(view, 0)
}

fn one_after_another(view: View<'_>) -> bool {
    let all = view.all_check_ins().filter(|one| one.session == 0).count() as i32;
    all > capacity(view, 0) && !view.world.facts.excused[0]
}

fn refunded(view: View<'_>) -> bool {
    counted(view, |entry| matches!(entry, Entry::Undo { refund: true, .. }))
}

fn freed(view: View<'_>) -> bool {
    view.all_check_ins().any(|one| view.is_counted(one.key) && view.is_freed_by_server(one.key))
}

fn half_uploaded(view: View<'_>) -> bool {
    desks().any(|desk| {
        let epoch = &view.world.server.epochs[desk];
        epoch.handed < epoch.counted && epoch.counted < view.world.desks[desk].handed
    })
}

fn hold_used(view: View<'_>) -> bool {
    view.all_standing().any(|one| one.basis == Basis::Held)
}

fn hold_freed(view: View<'_>) -> bool {
    let ended = counted(view, |entry| matches!(entry, Entry::HoldsEnded { .. }));
    ended && people().all(|person| view.world.server.hold(0, person) == Hold::None)
}

fn hold_used_twice(view: View<'_>) -> bool {
    view.all_standing().filter(|one| one.uses_hold(0, 0)).count() > 1
}

fn beyond(view: View<'_>) -> bool {
    view.is_beyond(0)
}

fn too_many(view: View<'_>) -> bool {
    view.occupied_in_truth(0) > capacity(view, 0)
}

fn learned(view: View<'_>) -> bool {
    view.world.restores == view.rules.restores && !view.world.server.is_learning() && view.occupied(0) > 0
}

fn settled_excess(view: View<'_>) -> bool {
    desks().any(|desk| {
        let seen = || view.standing(desk).count();
        view.world.server.epochs[desk]
            .settled
            .is_some_and(|settlement| seen() > usize::from(settlement.spent))
    })
}

fn recovered_part(view: View<'_>) -> bool {
    view.world.server.epochs.iter().any(|epoch| epoch.fenced && !epoch.whole && epoch.counted > epoch.handed)
}

fn bound(view: View<'_>) -> bool {
    view.world.server.binds.iter().any(|(_, check_in)| view.is_freed_by_server(*check_in))
}

fn closed(view: View<'_>) -> bool {
    desks().any(|epoch| view.is_closed(epoch) && view.standing(epoch).count() > 0)
}

fn accepted(view: View<'_>) -> bool {
    let accepted = |desk: usize| {
        let stop = view.world.desks[desk].stopped_at;
        stop.is_some() && stop == Some(view.world.server.epochs[desk].counted)
    };
    desks().any(|desk| {
        view.world.server.epochs[desk].revoked && accepted(desk) && view.standing(desk).count() > 0
    })
}

fn disputed(view: View<'_>) -> bool {
    view.world.server.epochs.iter().any(|epoch| epoch.disputed.is_some())
}

fn double_kept(view: View<'_>) -> bool {
    view.world.server.merged && view.occupied(0) > 1
}

fn resolved_freed(view: View<'_>) -> bool {
    view.world.server.resolved.iter().any(|double| view.is_freed_by_server(*double))
}

fn fork_found(view: View<'_>) -> bool {
    view.is_forked() && desks().all(|desk| view.standing(desk).count() > 0)
}

fn all_full(view: View<'_>) -> bool {
    sessions().all(|session| view.occupied(session) == capacity(view, session))
}

fn rolled_back(view: View<'_>) -> bool {
    view.world.desks[0].dead && view.standing(1).count() > 0
}
