//! The rules of the server over a store trait.
#![cfg_attr(not(test), expect(clippy::todo, unused_variables, dead_code, reason = "signatures first"))]

mod authority;
mod credential;
mod error;
mod export;
mod fresh;
mod import;
mod store;

pub use authority::{Authority, Proven};
pub use credential::{Credential, EnrolmentCode};
pub use error::{Error, Result};
pub use export::{DoorRow, TicketRow};
pub use fresh::Fresh;
pub use import::{ImportProblem, ImportReport, NewEvent, PersonSpec, ProblemKind, SessionSpec};
pub use store::Store;
