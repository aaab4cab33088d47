//! What invariant I2 excuses: what W cannot know yet and nobody was promised.

use crate::{
    feature::Feature,
    mutant::Mutant,
    state::{Hold, Settlement},
    terms::{Basis, CheckIn, desks, people},
    view::{Reach, View},
};

impl View<'_> {
    /// I2: "unsynced or disputed { over_grant, unlimited, second uses of one hold } + settlement risk + clones' spending".
    pub(crate) fn excused(&self, session: u8) -> i32 {
        let settled: i32 = desks().map(|desk| self.settlement_risk(desk, session)).sum();
        self.unsynced_without_right(session)
            + self.second_uses(session)
            + settled
            + self.copies_spending(session)
    }

    /// Over_grant check-ins, and unlimited ones from before the desk learned of the capacity.
    fn unsynced_without_right(&self, session: u8) -> i32 {
        let in_good_faith = |desk: usize, one: &CheckIn| match one.basis {
            Basis::OverGrant => true,
            Basis::Unlimited => {
                let limited_at = self.world.desks[desk].limited_at[usize::from(session)];
                limited_at.is_none_or(|length| one.key.seq < length)
            }
            Basis::Grant | Basis::Held => false,
        };
        let at = |desk: usize| {
            self.unsynced(desk).filter(move |one| one.session == session && in_good_faith(desk, one)).count()
        };
        desks().map(at).sum::<usize>() as i32
    }

    /// "unreleased held check-ins of one person beyond the first", as far as they are not counted yet.
    fn second_uses(&self, session: u8) -> i32 {
        people().map(|person| self.second_uses_of(session, person)).sum()
    }

    fn second_uses_of(&self, session: u8, person: u8) -> i32 {
        let unsynced = self.unsynced_uses(session, person);
        if self.is_first_use_counted(session, person) { unsynced } else { (unsynced - 1).max(0) }
    }

    fn unsynced_uses(&self, session: u8, person: u8) -> i32 {
        let uses = |desk| self.unsynced(desk).filter(|one| one.uses_hold(session, person)).count();
        desks().map(uses).sum::<usize>() as i32
    }

    fn is_first_use_counted(&self, session: u8, person: u8) -> bool {
        self.all_standing().any(|one| one.uses_hold(session, person) && !self.is_released_in_truth(one.key))
    }

    /// "entries that the desk wrote before it learned of the fence": rights that were out at the settlement, spent beyond what
    /// it said, and not received yet; and held check-ins whose hold was given up without that desk.
    fn settlement_risk(&self, desk: usize, session: u8) -> i32 {
        match self.world.server.epochs[desk].settled.filter(|_| session == 0) {
            Some(settlement) => self.spent_beyond(desk, settlement) + self.held_in_vain(desk, session),
            None => 0,
        }
    }

    fn spent_beyond(&self, desk: usize, settlement: Settlement) -> i32 {
        let at_risk = |one: &CheckIn| {
            let granted = one.session == 0 && one.basis == Basis::Grant;
            granted && one.key.seq >= settlement.counted && self.is_before_stop(desk, one)
        };
        let real =
            self.check_ins(desk).filter(|one| at_risk(one) && !self.is_released_in_truth(one.key)).count();
        let stake = settlement.stake.map_or(real, |stake| real.min(usize::from(stake)));
        let seen = self.standing(desk).filter(at_risk).count();
        stake.saturating_sub(seen.max(usize::from(settlement.spent))) as i32
    }

    /// Unsynced held check-ins for which W keeps no seat any more.
    fn held_in_vain(&self, desk: usize, session: u8) -> i32 {
        let vain = |one: &CheckIn| self.world.server.hold(session, one.person) == Hold::None;
        self.unsynced(desk)
            .filter(|one| one.session == session && one.basis == Basis::Held)
            .filter(|one| self.is_before_stop(desk, one) && vain(one))
            .count() as i32
    }

    fn is_before_stop(&self, desk: usize, one: &CheckIn) -> bool {
        self.world.desks[desk].stopped_at.is_none_or(|length| one.key.seq < length)
    }

    /// "clones' spending": X covers one branch of a copied epoch; what the other spent is excused until it is counted, as far
    /// as its rights are from before the fork was found. So is its use of a hold that the first has answered for.
    fn copies_spending(&self, session: u8) -> i32 {
        // A disk that was put back is no clone: there the promise is unbroken.
        let copied = self.world.desks[1].copy.filter(|_| self.rules.has(Feature::Copy));
        let Some(shared) = copied else { return 0 };
        let spent = |desk: usize| self.spent_by_branch(desk, session, shared);
        let first_arrived = self.world.server.epochs[0].counted > shared;
        let spent_twice = match self.branches(0) {
            [0] if first_arrived => spent(1),
            [1] => spent(0),
            _ => spent(0).min(spent(1)),
        };
        spent_twice + self.used_after_end(session)
    }

    /// First uses, not counted yet, of holds that are free: another copy wrote `HoldsEnded`.
    fn used_after_end(&self, session: u8) -> i32 {
        let used = |person: &u8| {
            self.world.server.hold(session, *person) == Hold::None
                && self.unsynced_uses(session, *person) > 0
                && !self.is_first_use_counted(session, *person)
        };
        people().filter(used).count() as i32
    }

    fn spent_by_branch(&self, desk: usize, session: u8, shared: u8) -> i32 {
        let own = self.unsynced(desk).filter(|one| one.session == session && one.key.seq >= shared);
        let spent = own.filter(|one| one.basis == Basis::Grant).count() as i32;
        let granted = self.world.facts.granted_at_fork.map(|totals| totals[usize::from(session)]);
        let beyond = granted.map_or(0, |total| -self.spent_against(total, desk, session).min(0));
        (spent - beyond).max(0)
    }

    /// What a machine has left of so many rights.
    fn spent_against(&self, granted: u8, desk: usize, session: u8) -> i32 {
        self.rights(granted, self.log(desk, Reach::Whole), session, &[Basis::Grant])
    }

    /// Whether I2 is asked: "outside learning".
    pub(crate) fn knows_worst(&self) -> bool {
        !self.world.server.is_learning()
            || self.follows(Mutant::InvariantWhileLearning)
            || self.follows(Mutant::NoLearning)
    }
}
