//! When to try again.

/// When to try again after failures: doubling, bounded, with jitter, so that two hundred desks do not return in one second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The longest wait, in milliseconds.
    pub const WAIT_MS_MAX: u64 = 10_000;
    const FIRST_MS: u64 = 400;

    /// The wait after one more failure, in milliseconds: between half of the step and the whole of it, as `random` decides.
    pub fn fail(&mut self, random: u64) -> u64 {
        let step = Self::FIRST_MS.saturating_mul(1 << self.failures.min(10)).min(Self::WAIT_MS_MAX);
        self.failures = self.failures.saturating_add(1);
        step / 2 + random % (step / 2 + 1)
    }

    /// Forgets the failures.
    pub fn succeed(&mut self) {
        self.failures = 0;
    }
}
