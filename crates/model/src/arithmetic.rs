//! The arithmetic of DESIGN section 5: `avail`, `X`, `Occ`, `H`, `W`, `P`.

use crate::{
    mutant::Mutant,
    state::{Hold, Settlement},
    terms::{Basis, Entry, Key, desks, people, sessions},
    view::{Reach, View},
};

impl View<'_> {
    /// G − R − A + L over a prefix of a log.
    pub(crate) fn rights(&self, granted: u8, log: &[Entry], session: u8, charged: &[Basis]) -> i32 {
        let grants = |basis: Basis| charged.contains(&basis);
        let change = |entry: &Entry| match *entry {
            Entry::CheckIn { session: at, basis, .. } if at == session && grants(basis) => -1,
            Entry::Return { session: at } if at == session => -1,
            Entry::Undo { of, refund: true } => match log[usize::from(of)] {
                Entry::CheckIn { session: at, basis, .. } if at == session && self.refunds(basis) => 1,
                _ => 0,
            },
            _ => 0,
        };
        i32::from(granted) + log.iter().map(change).sum::<i32>()
    }

    /// L: "local undos of them", that is of grant-based check-ins.
    fn refunds(&self, basis: Basis) -> bool {
        basis == Basis::Grant || basis == Basis::OverGrant && self.follows(Mutant::OverGrantRefunds)
    }

    /// `avail_i = G_i − R_i − A_i + L_i` at the station.
    pub(crate) fn avail(&self, desk: usize, session: u8) -> i32 {
        let station = &self.world.desks[desk];
        self.rights(station.granted[usize::from(session)], &station.log, session, &[Basis::Grant])
    }

    /// How many rights the station believes that it has.
    pub(crate) fn spendable(&self, desk: usize, session: u8) -> i32 {
        if self.follows(Mutant::RightsPooled) {
            return sessions().map(|any| self.avail(desk, any)).sum();
        }
        let returned = Entry::Return { session };
        let returns = self.log(desk, Reach::Whole).iter().filter(|entry| **entry == returned).count() as i32;
        self.avail(desk, session) + if self.follows(Mutant::ReturnedStillSpent) { returns } else { 0 }
    }

    /// `X_i`: "the same over the acknowledged prefix: what i may still admit". Of a forked epoch the branch counts that may
    /// admit more; section 5 leaves open which.
    pub(crate) fn outstanding(&self, epoch: usize, session: u8) -> i32 {
        let known = &self.world.server.epochs[epoch];
        if self.is_closed(epoch) && !self.follows(Mutant::ClosedKeepsRights) {
            return i32::from(known.mistakes.granted_late);
        }
        if self.is_settled(epoch, session) || known.mistakes.timed_out || self.forgets(epoch) {
            return 0;
        }
        let granted = known.granted[usize::from(session)];
        let charged: &[Basis] = match self.follows(Mutant::OverGrantTakesRight) {
            true => &[Basis::Grant, Basis::OverGrant],
            false => &[Basis::Grant],
        };
        let rights = |desk: usize, reach| self.rights(granted, self.log(desk, reach), session, charged);
        let branches = self.branches(epoch);
        if branches.len() > 1 && self.follows(Mutant::ForkOneAccount) {
            let shared = &self.world.desks[1].log[..usize::from(self.shared(1))];
            return rights(0, Reach::Counted) + rights(1, Reach::Counted)
                - self.rights(granted, shared, session, charged);
        }
        let most = branches.iter().map(|desk| rights(*desk, Reach::Counted)).max().unwrap_or(0);
        most - i32::from(known.mistakes.recalled)
    }

    /// The wrong rules that take an open epoch's rights out of the worst case.
    fn forgets(&self, epoch: usize) -> bool {
        let known = &self.world.server.epochs[epoch];
        known.revoked && self.follows(Mutant::RevokedForgetsRights)
            || known.fenced && self.follows(Mutant::FenceZeroesRights)
            || known.mistakes.forged_return
    }

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
        for one in self.standing(desk) {
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

    /// `W = Occ + Σ X_i + H`: the worst case.
    pub(crate) fn worst(&self, session: u8) -> i32 {
        let outstanding: i32 = desks().map(|epoch| self.outstanding(epoch, session)).sum();
        self.occupied(session) + outstanding + self.held(session)
    }

    /// `P = C − W`: what may be granted or held; none without a capacity.
    pub(crate) fn grantable(&self, session: u8) -> Option<i32> {
        let capacity = self.world.server.capacity[usize::from(session)]?;
        Some(i32::from(capacity) - self.worst(session))
    }

    /// Whether one more may be granted or held.
    pub(crate) fn has_place(&self, session: u8) -> bool {
        self.grantable(session).is_none_or(|places| places >= 1)
    }

    /// Whether P < 0.
    pub(crate) fn is_beyond(&self, session: u8) -> bool {
        self.grantable(session).is_some_and(|places| places < 0)
    }

    /// How many are inside, if everything that was written anywhere were known.
    pub(crate) fn occupied_in_truth(&self, session: u8) -> i32 {
        self.all_check_ins()
            .filter(|one| one.session == session && !self.is_released_in_truth(one.key))
            .count() as i32
    }
}
