//! What crosses the wire and the window boundary: messages, error codes, limits, and the TypeScript of them.
//!
//! Transport types stay here; rules are in `usher-core`. Unknown fields are passed over when reading, unknown kinds of change
//! are kept ([`sync::Change::Unknown`]), so that versions can mix during an event (DESIGN section 6).

pub mod board;
pub mod carry;
pub mod commands;
pub mod decide;
pub mod enrol;
pub mod error;
pub mod leaving;
pub mod limits;
pub mod people;
pub mod pin;
pub mod profile;
pub mod proof;
pub mod records;
pub mod sealed;
pub mod setup;
pub mod succession;
pub mod sync;
pub mod ticket;
pub mod window;
