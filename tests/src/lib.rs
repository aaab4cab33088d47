//! Shared fixtures of the tests that cross rooms.

pub mod black_box;
pub mod door;
pub mod pictures;
pub mod real;
