//! Exits whose check-in was not known where they were written: which check-in each of them ends.

use super::Admitted;
use crate::{clock::Hlc, ids::EntryKey};

/// An exit that names a person and a session, and no check-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The exit.
    pub key: EntryKey,
    /// Its logical time.
    pub hlc: Hlc,
}

impl Left {
    /// What the order of exits is decided by, the same as that of check-ins.
    #[must_use]
    pub const fn order(&self) -> (Hlc, EntryKey) {
        (self.hlc, self.key)
    }
}

/// Which check-ins these exits end, as (exit, check-in): the first exit the first of the earlier ones, one each. `standing` and
/// `exits` are of one person and session and in no order; only unreleased check-ins and unbound exits belong in them. An exit
/// before every check-in ends none.
#[must_use]
pub fn pair(standing: &[Admitted], exits: &[Left]) -> Vec<(EntryKey, EntryKey)> {
    let (mut open, mut exits) = (standing.to_vec(), exits.to_vec());
    open.sort_by_key(Admitted::order);
    exits.sort_by_key(Left::order);
    let mut open = open.into_iter().peekable();
    let mut pairs = Vec::new();
    for exit in exits {
        if let Some(one) = open.next_if(|one| one.order() < exit.order()) {
            pairs.push((exit.key, one.key));
        }
    }
    pairs
}
