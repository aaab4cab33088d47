//! A desk's clocks, which may be wrong in every way that clocks are.

use usher_core::{clock::Reading, ids::BootId};
use uuid::Uuid;

/// When every simulation begins: milliseconds since 1970 UTC.
pub const START_MS: i64 = 1_800_000_000_000;

/// The clocks of one computer.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// How far the wall clock is ahead of the true time, in milliseconds.
    pub ahead_ms: i64,
    /// The wall clock stands still at this time.
    pub frozen_ms: Option<i64>,
    booted_ms: i64,
    boot: u128,
}

impl Clock {
    /// A clock that is right, on a computer that was started now.
    #[must_use]
    pub const fn new(now_ms: i64, boot: u128) -> Self {
        Self { ahead_ms: 0, frozen_ms: None, booted_ms: now_ms, boot }
    }

    /// What the computer reads at the true time `now_ms`.
    #[must_use]
    pub fn read(&self, now_ms: i64) -> Reading {
        Reading {
            wall_ms: self.frozen_ms.unwrap_or_else(|| now_ms.saturating_add(self.ahead_ms)),
            mono_ms: now_ms.saturating_sub(self.booted_ms).unsigned_abs(),
            boot: BootId(Uuid::from_u128(self.boot)),
        }
    }

    /// The computer is started again.
    pub const fn reboot(&mut self, now_ms: i64, boot: u128) {
        self.booted_ms = now_ms;
        self.boot = boot;
    }
}
