//! What only some seeds meet: each kind of harm that makes an invariant weaker would blind the oracle in every run if every run met it.

use std::collections::BTreeSet;

use crate::chance::Chance;

/// In how many seeds each hazard occurs: one in so many.
const ONE_IN: u64 = 3;

/// A kind of harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hazard {
    /// The server is put back to an older backup; its roster file stays.
    Restore,
    /// It is put back together with its roster file, or that is missing: only the desks can tell.
    HiddenRestore,
    /// A desk's databases are put back to an older copy, or lose their write-ahead log; the mark beside them stays.
    RollBack,
    /// A desk's folder goes on at another computer as well.
    Copy,
    /// A desk's credential is revoked. Not where files are copied or put back as well: which of two branches a supervisor accepts is a
    /// question of its own.
    Revoke,
}

impl std::str::FromStr for Hazard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "restore" => Self::Restore,
            "hidden-restore" => Self::HiddenRestore,
            "roll-back" => Self::RollBack,
            "copy" => Self::Copy,
            "revoke" => Self::Revoke,
            _ => return Err("restore, hidden-restore, roll-back, copy or revoke is wanted".into()),
        })
    }
}

impl Hazard {
    /// Every hazard.
    pub const ALL: [Self; 5] = [Self::Restore, Self::HiddenRestore, Self::RollBack, Self::Copy, Self::Revoke];

    /// Those that a seed meets.
    #[must_use]
    pub fn of(seed: u64) -> BTreeSet<Self> {
        let mut chance = Chance::part(seed, 1 << 43);
        Self::ALL.into_iter().filter(|_| chance.one_in(ONE_IN)).collect()
    }
}
