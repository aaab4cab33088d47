//! The rules of the server over a store trait: taking entries, giving rights, counting, and showing contradictions.
//!
//! Pure of HTTP, clocks and randomness: every call is given the time, and random bits where it needs them. What an entry means
//! is said by `usher-core`; what crosses the wire by `usher-protocol`; where it is kept by a [`Store`] under the contract of
//! [`store`]. The server's authority is over the future, not the past: it grants the right to admit, and never refuses what was
//! admitted (DESIGN section 1).

mod authority;
mod credential;
mod derive;
mod error;
mod export;
mod fresh;
mod import;
mod incidents;
mod memory;
pub mod remark;
mod roster;
pub mod store;

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;

pub use authority::{
    Authority, BOARD_INCIDENTS_MAX, Carried, Finding, Flaw, PinAdded, Proven, Revocation, Rotation, SavedLog,
    TicketSigner, UNKNOWN_DESKS, Verified, WRONG_TRIES_MAX, Withdrawal,
};
pub use credential::{Credential, EnrolmentCode};
pub use error::{Error, Result};
pub use export::{DoorRow, SignedTicketRow, TicketRow};
pub use fresh::Fresh;
pub use import::{ImportProblem, ImportReport, NewEvent, PersonSpec, ProblemKind, SessionSpec};
pub use incidents::Found;
pub use memory::MemoryStore;
pub use roster::{NoRoster, Roster, RosterLine, Secret};
pub use store::Store;

#[cfg(test)]
mod tests;
