//! The one place of the app that reads a clock: how fast pictures come, never what time it is at the door.

use std::time::Instant;

/// A monotonic reading.
#[expect(clippy::disallowed_methods, reason = "the clock adapter of the app")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
