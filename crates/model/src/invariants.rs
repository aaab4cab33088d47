//! The invariants of DESIGN section 5 by name, in the words of the design.

use stateright::Property;

use crate::{
    configuration::Configuration,
    mutant::Mutant,
    reached::Reached,
    terms::{CheckIn, desks, sessions},
    view::{Reach, View},
};

/// What must be true in every state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Invariant {
    /// I1: "avail_i ≥ 0 at every station".
    RightsSuffice,
    /// I2: "outside learning: true occupancy ≤ W + unsynced or disputed { over_grant, unlimited, second uses of one hold } +
    /// settlement risk + clones' spending".
    WorstCase,
    /// I3, first half: "grants and holds are given only while P ≥ n".
    GivenWithinP,
    /// I3, second half: "with no lowering, over_grant, hold used twice, forced settlement or clone: true occupancy ≤ C, with no
    /// network, for ever".
    WithinCapacity,
    /// I5: "each check-in releases at most one right".
    OneRelease,
    /// I6: "while P < 0, W never rises except by over_grant, second uses and settled excess becoming known".
    WorstFalls,
    /// Section 5, open epoch: what is closed by an acknowledged CloseEpoch holds no rights, so that no place is lost.
    ClosedHoldsNone,
}

impl Invariant {
    /// Every invariant.
    pub const ALL: [Self; 7] = [
        Self::RightsSuffice,
        Self::WorstCase,
        Self::GivenWithinP,
        Self::WithinCapacity,
        Self::OneRelease,
        Self::WorstFalls,
        Self::ClosedHoldsNone,
    ];

    /// Its name in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RightsSuffice => "I1 rights suffice",
            Self::WorstCase => "I2 worst case",
            Self::GivenWithinP => "I3 given within P",
            Self::WithinCapacity => "I3 within capacity",
            Self::OneRelease => "I5 one release",
            Self::WorstFalls => "I6 worst case falls",
            Self::ClosedHoldsNone => "closed holds none",
        }
    }

    fn property(self) -> Property<Configuration> {
        Property::always(
            self.name(),
            match self {
                Self::RightsSuffice => |rules, world| rights_suffice(View::of(rules, world)),
                Self::WorstCase => |rules, world| worst_case(View::of(rules, world)),
                Self::GivenWithinP => |_, world| !world.facts.given_beyond,
                Self::WithinCapacity => |rules, world| within_capacity(View::of(rules, world)),
                Self::OneRelease => |rules, world| one_release(View::of(rules, world)),
                Self::WorstFalls => |_, world| !world.facts.worst_rose,
                Self::ClosedHoldsNone => |rules, world| closed_holds_none(View::of(rules, world)),
            },
        )
    }
}

/// Everything that the checker asks of a configuration.
pub(crate) fn properties(rules: &Configuration) -> Vec<Property<Configuration>> {
    let must = Invariant::ALL.into_iter().map(Invariant::property);
    must.chain(rules.reached.iter().copied().map(Reached::property)).collect()
}

fn rights_suffice(view: View<'_>) -> bool {
    desks().all(|desk| sessions().all(|session| view.avail(desk, session) >= 0))
}

fn worst_case(view: View<'_>) -> bool {
    let covered = |session| view.occupied_in_truth(session) <= view.worst(session) + view.excused(session);
    !view.knows_worst() || sessions().all(covered)
}

fn within_capacity(view: View<'_>) -> bool {
    let capacity = view.world.server.capacity;
    sessions().all(|session| match capacity[usize::from(session)] {
        Some(places) => {
            view.world.facts.excused[usize::from(session)]
                || view.occupied_in_truth(session) <= i32::from(places)
        }
        None => true,
    })
}

/// Refunded at the desk, unknown to the server, and freed by the server as well.
fn one_release(view: View<'_>) -> bool {
    let twice = |one: &CheckIn| {
        view.is_counted(one.key)
            && view.is_freed_by_server(one.key)
            && view.is_refunded(one.key, Reach::Whole)
            && !view.is_refunded(one.key, Reach::Counted)
            && !is_copied(view, one)
    };
    !view.all_check_ins().any(|one| twice(&one))
}

/// A copied machine cannot know that its other half handed over: clones' spending, in I5 as in I2.
fn is_copied(view: View<'_>, one: &CheckIn) -> bool {
    let strict = view.follows(Mutant::CopiesReleaseOnce);
    !strict && one.key.desk == 0 && one.key.seq < view.shared(1)
}

fn closed_holds_none(view: View<'_>) -> bool {
    desks()
        .filter(|epoch| view.is_closed(*epoch))
        .all(|epoch| sessions().all(|session| view.outstanding(epoch, session) == 0))
}
