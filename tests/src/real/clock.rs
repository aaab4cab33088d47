//! The one place of these programs that reads clocks.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Failure;

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(10);

/// Milliseconds since 1970 UTC by this computer's clock: the one that the desks and the server beside it have.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock adapter")]
pub fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A point in time for measuring.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock adapter")]
pub fn instant() -> Instant {
    Instant::now()
}

/// Looks at `condition` until it gives something, or `longest` has passed.
///
/// # Errors
/// It took too long, or `condition` failed.
pub fn wait_for<T>(
    what: &str,
    longest: Duration,
    mut condition: impl FnMut() -> Result<Option<T>, Failure>,
) -> Result<T, Failure> {
    let start = instant();
    loop {
        if let Some(found) = condition()? {
            return Ok(found);
        }
        if start.elapsed() > longest {
            return Err(format!("{what}: not within {longest:?}").into());
        }
        std::thread::sleep(POLL);
    }
}
