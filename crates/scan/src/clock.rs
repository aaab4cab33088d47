//! The one place of this crate that reads clocks: how long a reader took and how much of a processor it used.
//!
//! Everything that decides by time takes the time as an argument, so this module is used by threads and sources only.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A monotonic reading.
#[expect(clippy::disallowed_methods, reason = "the clock adapter of the scanner")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Processor time that the calling thread has used so far.
#[cfg(unix)]
pub(crate) fn thread_cpu() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let used = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(used.tv_sec.unsigned_abs(), u32::try_from(used.tv_nsec).unwrap_or(0))
}

/// Where no processor clock of a thread is at hand, the time that went by since the thread's first question stands in.
#[cfg(not(unix))]
pub(crate) fn thread_cpu() -> Duration {
    thread_local!(static START: Instant = now());
    START.with(|start| now().saturating_duration_since(*start))
}

/// The processor clock of one thread, for others to read. Linux says it in a file; elsewhere nobody is told.
#[derive(Debug)]
pub(crate) struct ThreadClock(Option<PathBuf>);

impl ThreadClock {
    /// That of the calling thread.
    pub(crate) fn own() -> Self {
        let own = std::fs::read_link("/proc/thread-self").ok();
        Self(own.map(|own| Path::new("/proc").join(own).join("schedstat")))
    }

    /// Processor time that the thread has used so far; none where that is not known, or the thread has ended.
    pub(crate) fn used(&self) -> Option<Duration> {
        let said = std::fs::read_to_string(self.0.as_ref()?).ok()?;
        said.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    }
}
