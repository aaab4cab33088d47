//! Groups and sums: what the check-ins of one person at one session amount to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    clock::Hlc,
    entry::Basis,
    ids::{EntryKey, IncidentId},
    incident::double_id,
};

/// One check-in as the fold sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The check-in.
    pub key: EntryKey,
    /// Its logical time.
    pub hlc: Hlc,
    /// On which right.
    pub basis: Basis,
    /// Whether an Undo, a CheckOut or a bound exit names it.
    pub released: bool,
}

impl Admitted {
    /// What the order of check-ins is decided by.
    #[must_use]
    pub const fn order(&self) -> (Hlc, EntryKey) {
        (self.hlc, self.key)
    }
}

/// The check-ins of one person at one session, in any order, each once. A Merge makes one group of two persons' check-ins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    check_ins: Vec<Admitted>,
    settled: BTreeSet<IncidentId>,
}

impl Group {
    /// A group of `check_ins`, of whose double admissions nobody settled any; of two with the same key, released wins.
    #[must_use]
    pub fn new(check_ins: impl IntoIterator<Item = Admitted>) -> Self {
        let mut by_key: BTreeMap<EntryKey, Admitted> = BTreeMap::new();
        for one in check_ins {
            let kept = by_key.entry(one.key).or_insert(one);
            kept.released |= one.released;
        }
        let mut check_ins: Vec<_> = by_key.into_values().collect();
        check_ins.sort_by_key(Admitted::order);
        Self { check_ins, settled: BTreeSet::new() }
    }

    /// The same group, when these incidents were settled.
    #[must_use]
    pub fn with_settled(mut self, incidents: impl IntoIterator<Item = IncidentId>) -> Self {
        self.settled.extend(incidents);
        self
    }

    /// The unreleased check-ins, first the admission.
    pub fn standing(&self) -> impl Iterator<Item = &Admitted> {
        self.check_ins.iter().filter(|one| !one.released)
    }

    /// The check-in that counts as the admission.
    #[must_use]
    pub fn admission(&self) -> Option<&Admitted> {
        self.standing().next()
    }

    /// The double admissions: unreleased check-ins beside the admission.
    pub fn doubles(&self) -> impl Iterator<Item = &Admitted> {
        self.standing().skip(1)
    }

    /// The double admissions with the ids of their incidents: each against the admission, settled or not.
    pub fn incidents(&self) -> impl Iterator<Item = (IncidentId, &Admitted)> {
        let pairs =
            self.admission().into_iter().flat_map(|first| self.doubles().map(move |one| (first, one)));
        pairs.map(|(first, one)| (double_id(first.key, one.key), one))
    }

    /// The double admissions that nobody settled, with the ids of their incidents.
    pub fn unsettled(&self) -> impl Iterator<Item = (IncidentId, &Admitted)> {
        self.incidents().filter(|(incident, _)| !self.settled.contains(incident))
    }

    /// What the group adds to its session.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let standing = self.standing().count() as u64;
        Tally {
            inside: standing.min(1),
            occupied: standing,
            unsettled: self.unsettled().count() as u64,
            over_grant: self.standing().filter(|one| one.basis == Basis::OverGrant).count() as u64,
        }
    }
}

impl IntoIterator for Group {
    type Item = Admitted;
    type IntoIter = std::vec::IntoIter<Admitted>;

    /// Every check-in, released or not, in order.
    fn into_iter(self) -> Self::IntoIter {
        self.check_ins.into_iter()
    }
}

/// A session in numbers that are never merged into one (DESIGN section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Distinct people inside.
    pub inside: u64,
    /// Seats taken: unreleased check-ins.
    pub occupied: u64,
    /// Double admissions that nobody settled yet.
    pub unsettled: u64,
    /// Unreleased check-ins without a right.
    pub over_grant: u64,
}

impl Tally {
    /// The session's sum after one of its groups went from `before` to `after`.
    #[must_use]
    pub const fn moved(self, before: Self, after: Self) -> Self {
        Self {
            inside: self.inside + after.inside - before.inside,
            occupied: self.occupied + after.occupied - before.occupied,
            unsettled: self.unsettled + after.unsettled - before.unsettled,
            over_grant: self.over_grant + after.over_grant - before.over_grant,
        }
    }
}
