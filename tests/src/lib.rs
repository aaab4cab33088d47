//! Shared fixtures of the tests that cross rooms.

pub mod black_box;
pub mod door;
#[cfg(unix)]
pub mod ippeve;
pub mod pictures;
pub mod real;
