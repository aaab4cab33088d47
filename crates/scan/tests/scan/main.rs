//! The crate as its users meet it: reading, the folder source, the command.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;
mod files;
mod made;
mod reading;
