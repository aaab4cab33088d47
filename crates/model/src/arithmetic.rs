//! The arithmetic of DESIGN section 5: `avail`, `X`, `W`, `P`. What seats are taken or held is in [`crate::seats`].

use crate::{
    mutant::Mutant,
    terms::{Basis, Entry, desks, sessions},
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
        self.rights_known(epoch, session) - i32::from(known.mistakes.recalled)
    }

    /// G − R − A + L over what counts of the epoch's branches.
    fn rights_known(&self, epoch: usize, session: u8) -> i32 {
        let granted = self.world.server.epochs[epoch].granted[usize::from(session)];
        let charged: &[Basis] = match self.follows(Mutant::OverGrantTakesRight) {
            true => &[Basis::Grant, Basis::OverGrant],
            false => &[Basis::Grant],
        };
        let rights = |log: &[Entry]| self.rights(granted, log, session, charged);
        let branches = self.branches(epoch).iter().map(|desk| rights(self.log(*desk, Reach::Counted)));
        match self.follows(Mutant::ForkOneAccount) && self.is_forked() {
            true => branches.sum::<i32>() - rights(&self.world.desks[1].log[..usize::from(self.shared(1))]),
            false => branches.max().unwrap_or(0),
        }
    }

    /// The wrong rules that take an open epoch's rights out of the worst case.
    fn forgets(&self, epoch: usize) -> bool {
        let known = &self.world.server.epochs[epoch];
        known.revoked && self.follows(Mutant::RevokedForgetsRights)
            || known.fenced && self.follows(Mutant::FenceZeroesRights)
            || known.mistakes.forged_return
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
}
