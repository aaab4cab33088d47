//! The one place of the server that reads the computer's clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970 UTC by the computer's clock; 0 for a clock that stands before 1970.
#[expect(clippy::disallowed_methods, reason = "this is the clock adapter of the server")]
#[must_use]
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
