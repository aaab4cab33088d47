//! The real machine: the one adapter here that reads clocks and makes randomness.

use std::{fs, path::Path, sync::OnceLock};

use usher_core::{clock::Reading, ids::BootId};
use usher_protocol::window::SavePlace;
use uuid::Uuid;

use crate::{Health, Host, Push, health, save_places};

/// The real machine, with a function that takes what is pushed.
pub struct SystemHost<F> {
    push: F,
}

impl<F: Fn(Push) + Send + Sync + 'static> SystemHost<F> {
    /// The real machine; `push` shows what changed.
    pub const fn new(push: F) -> Self {
        Self { push }
    }
}

impl<F: Fn(Push) + Send + Sync + 'static> Host for SystemHost<F> {
    fn reading(&self) -> Reading {
        Reading { wall_ms: wall_ms(), mono_ms: mono_ms(), boot: boot() }
    }

    fn random(&self) -> u128 {
        random()
    }

    fn machine(&self) -> u128 {
        machine()
    }

    fn save_places(&self) -> Vec<SavePlace> {
        save_places::of_this_user()
    }

    fn health(&self, folder: &Path) -> Health {
        Health { disk_free: health::disk_free(folder), battery: health::battery() }
    }

    fn push(&self, push: Push) {
        (self.push)(push);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock adapter")]
fn wall_ms() -> i64 {
    let now = std::time::SystemTime::now();
    let since =
        now.duration_since(std::time::UNIX_EPOCH).map(|d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
    since.unwrap_or_else(|before| -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX))
}

/// Milliseconds since the boot, sleep included, so that a restarted app goes on counting.
fn mono_ms() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1000 + u64::try_from(time.tv_nsec).unwrap_or(0) / 1_000_000
}

/// The system's own name for this boot; where it has none, one for this process.
fn boot() -> BootId {
    static BOOT: OnceLock<BootId> = OnceLock::new();
    *BOOT.get_or_init(|| {
        let named = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok();
        let named = named.and_then(|text| Uuid::parse_str(text.trim()).ok());
        BootId(named.unwrap_or_else(|| Uuid::from_u128(random())))
    })
}

/// The system's own name for this machine; where it has none, zero.
fn machine() -> u128 {
    let named = fs::read_to_string("/etc/machine-id").unwrap_or_default();
    u128::from_str_radix(named.trim(), 16).unwrap_or(0)
}

/// The system's randomness. Without it no key can be made and nothing here can go on.
#[expect(
    clippy::expect_used,
    reason = "a machine without randomness cannot make keys; there is no honest way on"
)]
fn random() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system gives randomness");
    u128::from_le_bytes(bytes)
}
