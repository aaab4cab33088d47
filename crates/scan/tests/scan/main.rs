//! The crate as its users meet it: reading, the folder source, the command.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;
mod files;
mod made;
#[path = "../../../../tests/src/pictures.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "the pictures of the tests that cross rooms, of which only some are needed"
)]
mod pictures;
mod reading;
mod troubles;
mod watching;
