//! W of DESIGN section 5, counted by looking at every check-in, grant and held seat in the books.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    entry::{Basis, Subject},
    ids::{EntryKey, Identity, PersonId, SessionId},
};

use super::books::{Books, In, Settled};

/// What may be inside, in parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worst {
    /// Occ: seats taken, with what settled logs are said to have spent.
    pub occupied: u64,
    /// ΣX: rights that desks may still spend.
    pub outstanding: u64,
    /// H: held seats without a held check-in that takes a seat.
    pub held: u64,
}

impl Worst {
    /// W.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.occupied + self.outstanding + self.held
    }
}

impl Books {
    /// Whether a right went back to the desk that had spent it.
    pub(super) fn is_refunded(&self, key: EntryKey) -> bool {
        self.ends.get(&key).is_some_and(|ends| ends.iter().any(|end| end.refund && end.by == key.identity()))
    }

    /// Whether the seat may be given to others: it was left, and the log was handed over behind the check-in.
    pub(super) fn is_free(&self, key: EntryKey) -> bool {
        let over = self.ends.contains_key(&key) || self.seconds.contains(&key);
        over && (self.is_refunded(key) || self.handed(key.identity()) >= key.seq)
    }

    /// What may be inside.
    pub(super) fn worst(&self, session: SessionId) -> Worst {
        let (mut occupied, mut used) = (0, BTreeSet::new());
        let mut spent = BTreeMap::<Identity, u64>::new();
        let mut real = BTreeMap::<Identity, u64>::new();
        for one in self.ins.get(&session).into_iter().flatten() {
            let (i, free) = (one.key.identity(), self.is_free(one.key));
            if one.basis == Basis::Grant && !self.is_refunded(one.key) {
                *spent.entry(i).or_default() += 1;
            }
            occupied += u64::from(!free);
            if let (Basis::Held, Subject::Person(who), false) = (one.basis, one.who, free) {
                used.insert(who);
            }
            if self.is_behind(session, one) && !free {
                *real.entry(i).or_default() += 1;
            }
        }
        for (i, settled) in self.settled.get(&session).into_iter().flatten() {
            occupied += settled.spent.saturating_sub(real.get(i).copied().unwrap_or(0));
        }
        Worst {
            occupied,
            outstanding: self.outstanding(session, &spent),
            held: self.held(session, &used).len() as u64,
        }
    }

    /// Whether a grant-based check-in stands behind the settled end of its log.
    fn is_behind(&self, session: SessionId, one: &In) -> bool {
        let settled = self.settlement(session, one.key.identity());
        one.basis == Basis::Grant && settled.is_some_and(|settled| one.key.seq > settled.after)
    }

    /// How a log was written off for a session.
    pub(super) fn settlement(&self, session: SessionId, i: Identity) -> Option<Settled> {
        self.settled.get(&session)?.get(&i).copied()
    }

    fn outstanding(&self, session: SessionId, spent: &BTreeMap<Identity, u64>) -> u64 {
        let granted = self.granted.get(&session).into_iter().flatten();
        let open = granted.filter(|(i, _)| self.settlement(session, **i).is_none());
        open.map(|(i, total)| self.left(session, *i, *total, spent)).sum()
    }

    /// X of one log: of a log that was continued twice, that of the copy with more left.
    fn left(&self, session: SessionId, i: Identity, total: u64, spent: &BTreeMap<Identity, u64>) -> u64 {
        let parted = spent.get(&i).copied().unwrap_or(0) + self.returned_before(session, i, u64::MAX);
        let mut most = total.saturating_sub(parted);
        for (branch, (_, from)) in self.branches.iter().filter(|(_, (of, _))| *of == i) {
            if self.closed.contains(branch) {
                continue;
            }
            let common = self.spent_before(session, i, *from) + self.returned_before(session, i, *from);
            let own =
                spent.get(branch).copied().unwrap_or(0) + self.returned_before(session, *branch, u64::MAX);
            most = most.max(total.saturating_sub(common + own));
        }
        most
    }

    fn spent_before(&self, session: SessionId, i: Identity, from: u64) -> u64 {
        let all = self.ins.get(&session).into_iter().flatten();
        let of_log = all.filter(|one| one.key.identity() == i && one.key.seq < from);
        of_log.filter(|one| one.basis == Basis::Grant && !self.is_refunded(one.key)).count() as u64
    }

    fn returned_before(&self, session: SessionId, i: Identity, from: u64) -> u64 {
        let all = self.returned.get(&(session, i)).into_iter().flatten();
        all.filter(|(seq, _)| *seq < from).map(|(_, rights)| rights).sum()
    }

    /// X of one log by itself.
    pub(super) fn rights_left(&self, session: SessionId, i: Identity) -> u64 {
        let total = self.granted.get(&session).and_then(|all| all.get(&i)).copied().unwrap_or(0);
        let spent = BTreeMap::from([(i, self.spent_before(session, i, u64::MAX))]);
        self.left(session, i, total, &spent)
    }

    /// Whether the server keeps a place for a held seat, used or not.
    pub(super) fn is_kept(&self, session: SessionId, who: PersonId) -> bool {
        let named = self.holds.get(&session).and_then(|all| all.get(&who));
        named.is_some_and(|(rev, held)| *held || self.freed.get(&session).is_none_or(|mark| rev > mark))
    }

    /// Whose held seats take a place of their own.
    fn held(&self, session: SessionId, used: &BTreeSet<PersonId>) -> Vec<PersonId> {
        let all = self.holds.get(&session).into_iter().flatten().map(|(who, _)| *who);
        all.filter(|who| !used.contains(who) && self.is_kept(session, *who)).collect()
    }
}
