//! What is to be run.

use std::collections::BTreeSet;

use crate::{chance::Chance, hazard::Hazard};

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// How many steps.
    pub steps: u64,
    /// Steps that are left out.
    pub without: BTreeSet<u64>,
    /// Whether the desks' disks lie about syncing: the mistake that the oracle must notice.
    pub disks_lie: bool,
    /// What else may happen.
    pub hazards: BTreeSet<Hazard>,
}

impl Plan {
    /// A whole run of one seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let steps = 520 + Chance::part(seed, 1 << 40).below(280);
        Self { seed, steps, without: BTreeSet::new(), disks_lie: false, hazards: Hazard::of(seed) }
    }
}
