//! Name badges: what a scanner reads on them, and printers that print, are slow, stopped, out of paper, or gone.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod pictures;
mod printers;
mod templates;
