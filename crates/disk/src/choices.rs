//! What a power cut decides: which unsynced pieces and names were kept. Seeded, so that a run can be repeated.

/// What becomes of one unsynced piece of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    Dropped,
    Torn,
}

/// A chooser of fates.
#[derive(Clone, Debug)]
pub struct Choices {
    state: u64,
    kept: u64,
    torn: u64,
    happened: u64,
    /// What was decided so far.
    pub(crate) dropped_any: bool,
    pub(crate) tore_any: bool,
}

/// Moods of power cuts, in hundredths: (pieces kept, pieces torn, names kept). All and nothing are as likely as mixtures.
const MOODS: &[(u64, u64, u64)] = &[
    (0, 0, 0),
    (100, 0, 100),
    (50, 10, 50),
    (90, 5, 90),
    (10, 5, 10),
    (34, 33, 50),
    (95, 0, 10),
    (5, 0, 95),
];

impl Choices {
    /// Everything was written in time.
    #[must_use]
    pub const fn keep_all() -> Self {
        Self { state: 0, kept: 100, torn: 0, happened: 100, dropped_any: false, tore_any: false }
    }

    /// Nothing unsynced survives.
    #[must_use]
    pub const fn drop_all() -> Self {
        Self { kept: 0, happened: 0, ..Self::keep_all() }
    }

    /// As `seed` decides, its mood included.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let mut choices = Self { state: seed, ..Self::keep_all() };
        let mood = choices.below(MOODS.len() as u64);
        (choices.kept, choices.torn, choices.happened) =
            MOODS.get(usize::try_from(mood).unwrap_or(0)).copied().unwrap_or((0, 0, 0));
        choices
    }

    pub(crate) fn fate(&mut self) -> Fate {
        let fate = match self.below(100) {
            n if n < self.kept => Fate::Kept,
            n if n < self.kept + self.torn => Fate::Torn,
            _ => Fate::Dropped,
        };
        self.dropped_any |= fate == Fate::Dropped;
        self.tore_any |= fate == Fate::Torn;
        fate
    }

    pub(crate) fn happened(&mut self) -> bool {
        let happened = self.below(100) < self.happened;
        self.dropped_any |= !happened;
        happened
    }

    /// A number below `n`; 0 for 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        random(&mut self.state).checked_rem(n).unwrap_or(0)
    }
}

/// SplitMix64: small, and the same everywhere.
pub(crate) fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
