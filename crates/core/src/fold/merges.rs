//! Which persons are one: Merge and Split.
//!
//! A Merge joins two persons until a Split names it. Merges chain: a–b and b–c make one of three. Two questions are asked of them:
//! who is one *now* (the groups), and who ever was (a decision about two check-ins stays when the Merge that brought them together is
//! taken back, so that a seat that was given to somebody else is not taken again).

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{EntryKey, PersonId};

/// Everybody who is linked with `person` by any number of steps, and `person`. `neighbours`: who is linked with somebody directly.
///
/// # Errors
/// What `neighbours` gives.
pub fn linked<E>(
    person: PersonId,
    mut neighbours: impl FnMut(PersonId) -> Result<Vec<PersonId>, E>,
) -> Result<BTreeSet<PersonId>, E> {
    let mut found = BTreeSet::from([person]);
    let mut ahead = vec![person];
    while let Some(next) = ahead.pop() {
        ahead.extend(neighbours(next)?.into_iter().filter(|one| found.insert(*one)));
    }
    Ok(found)
}

/// A Merge as a store keeps it, and whether a Split took it back. The Split may be known before the Merge that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The Merge.
    pub key: EntryKey,
    /// Whom it makes one; none: only a Split of it is known.
    pub persons: Option<(PersonId, PersonId)>,
    /// Whether it was taken back.
    pub split: bool,
}

impl Merged {
    /// A Merge of which nothing is known.
    #[must_use]
    pub const fn unknown(key: EntryKey) -> Self {
        Self { key, persons: None, split: false }
    }

    /// Whom it links with `person`; `ever`: also when it was taken back.
    #[must_use]
    pub fn other(&self, person: PersonId, ever: bool) -> Option<PersonId> {
        let (a, b) = self.persons.filter(|_| ever || !self.split)?;
        if a == person { Some(b) } else { (b == person).then_some(a) }
    }
}

/// Every Merge, in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Merges(BTreeMap<EntryKey, Merged>);

impl Merges {
    fn row(&mut self, key: EntryKey) -> &mut Merged {
        self.0.entry(key).or_insert(Merged::unknown(key))
    }

    pub(super) fn merge(&mut self, key: EntryKey, a: PersonId, b: PersonId) {
        self.row(key).persons.get_or_insert((a, b));
    }

    pub(super) fn split(&mut self, key: EntryKey) {
        self.row(key).split = true;
    }

    /// Who is one with `person`.
    pub(super) fn same(&self, person: PersonId, ever: bool) -> BTreeSet<PersonId> {
        let neighbours = |one| self.0.values().filter_map(|row| row.other(one, ever)).collect();
        linked(person, |one| Ok::<_, std::convert::Infallible>(neighbours(one))).unwrap_or_default()
    }
}
