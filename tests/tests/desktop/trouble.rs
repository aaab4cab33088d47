//! What goes wrong in a step, in words; and waiting for what must come.

use std::time::{Duration, Instant};

/// A step's result: what it found, or what went wrong in words.
pub(crate) type Done<T = ()> = Result<T, String>;

/// Longer than anything here may take on a busy machine with two cores.
const DEADLINE: Duration = Duration::from_secs(60);
/// How often a condition is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(60);

/// Puts what was being done before an error.
pub(crate) trait Context<T> {
    /// Names the step.
    ///
    /// # Errors
    /// The error, in words, after the step's name.
    fn doing(self, what: &str) -> Done<T>;
}

impl<T, E: std::fmt::Display> Context<T> for Result<T, E> {
    fn doing(self, what: &str) -> Done<T> {
        self.map_err(|error| format!("{what}: {error}"))
    }
}

/// Refuses a step unless `holds`.
pub(crate) fn demand(holds: bool, words: impl FnOnce() -> String) -> Done {
    if holds { Ok(()) } else { Err(words()) }
}

/// The time, for deadlines only.
#[expect(clippy::disallowed_methods, reason = "tests wait for real processes")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Looks until there is something to see. The last failure is told when the time is up.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Done<Option<T>>) -> Done<T> {
    let end = now() + DEADLINE;
    loop {
        let seen = look().await;
        if let Ok(Some(seen)) = seen {
            return Ok(seen);
        }
        if now() >= end {
            let last = seen.err().map(|error| format!("; the last look failed: {error}")).unwrap_or_default();
            return Err(format!("{what}: not within {} s{last}", DEADLINE.as_secs()));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
