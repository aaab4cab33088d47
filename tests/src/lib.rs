//! Shared fixtures of the tests that cross rooms.

pub mod door;
pub mod pictures;
