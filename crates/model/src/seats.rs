//! Which seats count: taken ones (`Occ`) and held ones (`H`) of DESIGN section 5.

use crate::{
    mutant::Mutant,
    state::{Hold, Settlement},
    terms::{Basis, Entry, Key, desks, people},
    view::{Reach, View},
};

impl View<'_> {
    /// Occ: "check-ins not released".
    pub(crate) fn occupied(&self, session: u8) -> i32 {
        let seats: i32 = desks().map(|desk| self.occupied_by(desk, session)).sum();
        seats - self.merged_away(session)
    }

    fn occupied_by(&self, desk: usize, session: u8) -> i32 {
        let here = self.standing(desk).filter(|one| one.session == session);
        match self.world.server.epochs[desk].settled.filter(|_| session == 0) {
            Some(settlement) => self.occupied_after(desk, settlement),
            None if self.follows(Mutant::OverGrantUncounted) => {
                here.filter(|one| one.basis != Basis::OverGrant).count() as i32
            }
            None if self.follows(Mutant::UnlimitedUncounted) => {
                here.filter(|one| one.basis != Basis::Unlimited).count() as i32
            }
            None => here.count() as i32,
        }
    }

    /// Settle: "max(spent, real grant-based check-ins after the settled prefix) counts, held and over_grant ones on top".
    fn occupied_after(&self, desk: usize, settlement: Settlement) -> i32 {
        let (mut before, mut granted, mut others) = (0, 0, 0);
        for one in self.standing(desk).filter(|one| one.session == 0) {
            if one.key.seq < settlement.counted {
                before += 1;
            } else if one.basis == Basis::Grant || self.follows(Mutant::SpentMaxAll) {
                granted += 1;
            } else {
                others += 1;
            }
        }
        let spent = if self.follows(Mutant::SettlementForgotten) { 0 } else { i32::from(settlement.spent) };
        before + others + granted.max(spent)
    }

    /// A double admission keeps its seat (section 4), but for the mutant.
    fn merged_away(&self, session: u8) -> i32 {
        let inside = |person| self.all_standing().any(|one| one.session == session && one.person == person);
        let wrongly = self.follows(Mutant::MergeFreesSeat) && self.world.server.merged;
        i32::from(wrongly && people().all(inside))
    }

    /// H: "held registrations without an unreleased check-in of basis held".
    pub(crate) fn held(&self, session: u8) -> i32 {
        let waits = |person: &u8| {
            self.world.server.hold(session, *person) != Hold::None && !self.is_hold_used(session, *person)
        };
        people().filter(waits).count() as i32
    }

    /// Whether a hold's person is inside on it, as far as the server knows. A hold is its own registration's, also after a
    /// Merge: the other person's check-in does not use it.
    fn is_hold_used(&self, session: u8, person: u8) -> bool {
        let merged = self.world.server.merged && self.follows(Mutant::MergedHoldsCountOnce);
        let theirs = |other: u8| other == person || merged;
        if self.follows(Mutant::HoldAnyBasis) {
            return self.all_standing().any(|one| one.session == session && theirs(one.person));
        }
        if self.follows(Mutant::UndoHeldToP) || self.follows(Mutant::CheckOutHeldToP) {
            return self.was_hold_used(session, person);
        }
        self.all_standing().any(|one| theirs(one.person) && one.uses_hold(session, one.person))
    }

    /// The wrong rules under which a released hold does not wait for its person again.
    fn was_hold_used(&self, session: u8, person: u8) -> bool {
        let undone_counts = self.follows(Mutant::UndoHeldToP);
        self.all_check_ins()
            .filter(|one| one.uses_hold(session, person) && self.is_counted(one.key))
            .any(|one| !self.is_undone(one.key) || undone_counts)
    }

    /// Whether the server knows of an Undo of this check-in.
    fn is_undone(&self, key: Key) -> bool {
        desks().any(|desk| {
            self.log(desk, Reach::Counted).iter().any(|entry| match *entry {
                Entry::Undo { of, .. } => self.key(desk, of) == key,
                _ => false,
            })
        })
    }

    /// How many are inside, if everything that was written anywhere were known.
    pub(crate) fn occupied_in_truth(&self, session: u8) -> i32 {
        self.all_check_ins()
            .filter(|one| one.session == session && !self.is_released_in_truth(one.key))
            .count() as i32
    }
}
