//! The arithmetic of DESIGN section 5: escrow with cumulative grants.
//!
//! `avail_i = G − R − A + L` at a station, `X_i` the same over the acknowledged prefix at the server,
//! `W = Occ + ΣX + H` the worst case, `P = C − W` what may be granted. No right is ever reclaimed by a timeout.

use serde::{Deserialize, Serialize};

/// One log's rights for one session, as four totals that only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// G: granted by the server over the log's whole life.
    pub granted: u64,
    /// R: returned.
    pub returned: u64,
    /// A: check-ins on the basis of a grant.
    pub admitted: u64,
    /// L: such check-ins undone here before handover.
    pub refunded: u64,
    /// How many the log should have parted with in all, as the server asked: no term of `avail_i`.
    #[serde(default)]
    pub recalled: u64,
}

impl Rights {
    /// The rights that can still be spent. Invariant I1: never below zero; a record that says so counts as zero here and is
    /// an incident elsewhere.
    #[must_use]
    pub const fn available(&self) -> u64 {
        (self.granted + self.refunded).saturating_sub(self.returned + self.admitted)
    }

    /// Whether I1 holds: nothing was spent or returned that had not been granted.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.granted + self.refunded >= self.returned + self.admitted
    }

    /// What the log no longer has of all that it was granted: returned or spent.
    #[must_use]
    pub const fn parted(&self) -> u64 {
        (self.returned + self.admitted).saturating_sub(self.refunded)
    }

    /// How many rights the server asks for that are still here to be given back. What was asked for and is spent cannot be: rights
    /// that come later are not owed for it.
    #[must_use]
    pub fn owed(&self) -> u64 {
        self.recalled.saturating_sub(self.parted()).min(self.available())
    }

    /// Takes a newer grant: `G := max(G, total)`, so that repeated and reordered messages change nothing.
    pub fn raise_to(&mut self, total: u64) {
        self.granted = self.granted.max(total);
    }
}

/// A session as the authority counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// C: places; none: no limit.
    pub capacity: Option<u32>,
    /// Occ: check-ins not released.
    pub occupied: u64,
    /// ΣX: rights that desks may still spend.
    pub outstanding: u64,
    /// H: held seats not used yet.
    pub held: u64,
}

impl Room {
    /// W, the worst case: what may be inside if every right and hold is used.
    #[must_use]
    pub const fn worst(&self) -> u64 {
        self.occupied + self.outstanding + self.held
    }

    /// P, what may be granted or held; negative after the capacity was lowered; none for a room without a limit.
    #[must_use]
    pub fn grantable(&self) -> Option<i64> {
        let capacity = i64::from(self.capacity?);
        Some(capacity - i64::try_from(self.worst()).unwrap_or(i64::MAX))
    }

    /// How many rights to give a desk that wants `want`, when its weight is `weight` of `weights` in all:
    /// `min(want, max(1, ⌊P·w / 2Σw⌋))`, and nothing while P < 1 (I3). With `all`, nothing is kept back: `⌊P·w / Σw⌋`.
    #[must_use]
    pub fn grant_size(&self, want: u64, weight: u64, weights: u64, all: bool) -> u64 {
        let Some(places) = self.grantable().and_then(|p| u64::try_from(p).ok()).filter(|p| *p > 0) else {
            return 0;
        };
        let parts = u128::from(weights.max(weight).max(1)) * if all { 1 } else { 2 };
        let share = u128::from(places) * u128::from(weight) / parts;
        want.min(u64::try_from(share).unwrap_or(u64::MAX).max(1))
    }
}

/// The rights of a log that was written off: what a supervisor said was spent, against what turned up (DESIGN section 5, *Settle*).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenOff {
    /// How many rights count as spent behind the settled end of the log.
    pub spent: u64,
    /// Grant-based check-ins behind that end that are known by now and still take a seat.
    pub real: u64,
}

impl WrittenOff {
    /// Seats that count beside the known check-ins: `max(spent, real) − real`.
    #[must_use]
    pub const fn unseen(&self) -> u64 {
        self.spent.saturating_sub(self.real)
    }
}

/// How many rights a desk asks for: up to `target` once it holds less than half of it, otherwise none.
#[must_use]
pub const fn refill(available: u64, target: u64) -> u64 {
    if available * 2 < target { target - available } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_desk_refills_below_half() {
        assert_eq!(refill(9, 20), 11);
        assert_eq!(refill(10, 20), 0);
        assert_eq!(refill(0, 0), 0);
    }

    #[test]
    fn the_last_place_can_be_granted_and_then_no_more() {
        let mut room = Room { capacity: Some(10), occupied: 9, ..Room::default() };
        assert_eq!(room.grant_size(5, 1, 3, false), 1);
        room.outstanding = 1;
        assert_eq!(room.grant_size(5, 1, 3, false), 0);
        room.capacity = Some(4);
        assert_eq!((room.grantable(), room.grant_size(5, 1, 3, true)), (Some(-6), 0));
    }

    /// Found by `usher-sim` (seed 124): the desk had spent what it was asked for, and gave every later right back at once, for ever.
    #[test]
    fn what_was_spent_is_not_owed_from_later_rights() {
        let mut rights = Rights { granted: 20, returned: 3, admitted: 17, recalled: 20, ..Rights::default() };
        assert_eq!(rights.owed(), 0);
        rights.raise_to(21);
        assert_eq!((rights.available(), rights.owed()), (1, 0));
        rights.recalled = 21;
        assert_eq!(rights.owed(), 1);
    }

    #[test]
    fn spending_what_was_not_granted_is_noticed() {
        let rights = Rights { granted: 2, admitted: 3, ..Rights::default() };
        assert!(!rights.holds());
        assert_eq!(rights.available(), 0);
    }

    proptest! {
        #[test]
        fn grants_never_lift_the_worst_case_above_the_capacity(
            capacity: u32, occupied in 0..u64::from(u32::MAX), outstanding in 0..1000_u64, held in 0..1000_u64,
            want in 0..10_000_u64, weight in 0..100_u64, others in 0..1000_u64, all: bool,
        ) {
            let mut room = Room { capacity: Some(capacity), occupied, outstanding, held };
            let before = room.worst();
            let given = room.grant_size(want, weight, weight + others, all);
            room.outstanding += given;
            prop_assert!(given <= want);
            prop_assert!(room.worst() == before || room.worst() <= u64::from(capacity));
        }

        #[test]
        fn grants_are_idempotent_and_commute(totals in proptest::collection::vec(0..1000_u64, 1..20)) {
            let mut forward = Rights::default();
            let mut backward = Rights::default();
            totals.iter().for_each(|t| forward.raise_to(*t));
            totals.iter().rev().chain(&totals).for_each(|t| backward.raise_to(*t));
            prop_assert_eq!(forward, backward);
        }
    }
}
