//! Time as the record sees it: the hybrid logical clock and the corrected wall clock.
//!
//! The clock decides the order shown and which of two is called the duplicate, never capacity (DESIGN section 4).
//! Nothing here reads a clock: readings come in from the adapters.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::BootId;

/// How far, in milliseconds, a remote or earlier logical time may run ahead of the corrected clock and still be adopted.
pub const HLC_AHEAD_MS_MAX: i64 = 60_000;

/// A wall clock that is off by more than this, in milliseconds, is shown to the volunteer.
pub const SKEW_SHOWN_MS: i64 = 120_000;

/// Hybrid logical time: 48 bits of milliseconds since 1970 UTC, then a 16-bit counter.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Hlc(#[n(0)] pub u64);

impl Hlc {
    /// The first logical time of the millisecond `ms`; times before 1970 count as 1970.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        let ms = u64::try_from(ms).unwrap_or(0).min((1 << 48) - 1);
        Self(ms << 16)
    }

    /// Milliseconds since 1970 UTC.
    #[must_use]
    pub const fn ms(self) -> i64 {
        (self.0 >> 16) as i64
    }

    /// The next logical time after `self` at the corrected time `now_ms`. A previous time more than [`HLC_AHEAD_MS_MAX`]
    /// ahead of the corrected clock is still passed by one count: a log never runs backwards.
    #[must_use]
    pub fn tick(self, now_ms: i64) -> Self {
        Self::from_ms(now_ms).max(Self(self.0.saturating_add(1)))
    }

    /// `self` after having seen `remote` at the corrected time `now_ms`: adopts it unless it is too far ahead.
    #[must_use]
    pub fn observe(self, remote: Self, now_ms: i64) -> Self {
        if remote.ms() > now_ms.saturating_add(HLC_AHEAD_MS_MAX) { self } else { self.max(remote) }
    }
}

/// One reading of a computer's clocks, taken by an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock, milliseconds since 1970 UTC.
    pub wall_ms: i64,
    /// The monotonic clock, in milliseconds since some point of this boot.
    pub mono_ms: u64,
    /// The boot that `mono_ms` counts from.
    pub boot: BootId,
}

/// What a desk remembers of the server's clock, to correct its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The server's time at the last contact, milliseconds since 1970 UTC.
    pub server_ms: i64,
    /// The wall clock at that moment.
    pub wall_ms: i64,
    /// The monotonic clock at that moment.
    pub mono_ms: u64,
    /// The boot of that reading.
    pub boot: BootId,
}

impl Anchor {
    /// How far the wall clock is behind the server, in milliseconds; negative when it is ahead.
    #[must_use]
    pub const fn offset_ms(&self) -> i64 {
        self.server_ms.saturating_sub(self.wall_ms)
    }
}

/// The corrected time: within the boot of the last contact, server time plus monotonic time since; in a later boot the wall
/// clock plus the last offset, but never before the newest server time seen (DESIGN section 4, Clock).
#[must_use]
pub fn corrected_ms(now: Reading, anchor: Option<&Anchor>) -> i64 {
    let Some(anchor) = anchor else { return now.wall_ms };
    if anchor.boot == now.boot && now.mono_ms >= anchor.mono_ms {
        let passed = i64::try_from(now.mono_ms - anchor.mono_ms).unwrap_or(i64::MAX);
        return anchor.server_ms.saturating_add(passed);
    }
    now.wall_ms.saturating_add(anchor.offset_ms()).max(anchor.server_ms)
}

/// How far the desk's wall clock is off, in milliseconds: positive when it is slow. Zero while no server was ever heard.
#[must_use]
pub fn skew_ms(now: Reading, anchor: Option<&Anchor>) -> i64 {
    corrected_ms(now, anchor).saturating_sub(now.wall_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const BOOT: BootId = BootId(Uuid::from_u128(1));
    const NEXT_BOOT: BootId = BootId(Uuid::from_u128(2));
    const HOUR: i64 = 3_600_000;

    fn reading(wall_ms: i64, mono_ms: u64, boot: BootId) -> Reading {
        Reading { wall_ms, mono_ms, boot }
    }

    fn anchor() -> Anchor {
        Anchor { server_ms: 10 * HOUR, wall_ms: 9 * HOUR, mono_ms: 5_000, boot: BOOT }
    }

    #[test]
    fn within_a_boot_a_jumping_wall_clock_does_not_matter() {
        for wall in [-27 * HOUR, 0, 9 * HOUR, 90 * HOUR] {
            assert_eq!(corrected_ms(reading(wall, 65_000, BOOT), Some(&anchor())), 10 * HOUR + 60_000);
        }
    }

    #[test]
    fn after_a_reboot_the_last_offset_holds_and_time_never_falls_behind_the_server() {
        assert_eq!(corrected_ms(reading(10 * HOUR, 7, NEXT_BOOT), Some(&anchor())), 11 * HOUR);
        assert_eq!(corrected_ms(reading(0, 7, NEXT_BOOT), Some(&anchor())), 10 * HOUR);
    }

    #[test]
    fn skew_is_positive_when_the_desk_is_slow() {
        assert_eq!(skew_ms(reading(9 * HOUR, 5_000, BOOT), Some(&anchor())), HOUR);
        assert_eq!(skew_ms(reading(9 * HOUR, 5_000, BOOT), None), 0);
    }

    proptest! {
        #[test]
        fn ticks_always_grow(start: u64, now in any::<i64>()) {
            let start = Hlc(start.min(u64::MAX - 1));
            prop_assert!(start.tick(now) > start);
        }

        #[test]
        fn a_time_far_ahead_is_not_adopted(now in 0..(1_i64 << 40), ahead in 1..(1_i64 << 40)) {
            let mine = Hlc::from_ms(now);
            let remote = Hlc::from_ms(now + HLC_AHEAD_MS_MAX + ahead);
            prop_assert_eq!(mine.observe(remote, now), mine);
            let near = Hlc::from_ms(now + HLC_AHEAD_MS_MAX);
            prop_assert_eq!(mine.observe(near, now), near);
        }
    }
}
