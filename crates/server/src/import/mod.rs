//! Organisers' files in, plain values out: [`read_participants`] and [`read_sessions`]. A bad row is a value beside the good ones, a bad file
//! a value instead of them. Nothing here knows of a store, of HTTP or of a terminal; who stores the rows finds the unknown sessions.

mod cell;
mod columns;
mod dialect;
mod file_problem;
mod flags;
mod found;
pub mod limits;
mod participants;
mod pretix;
// A table of words, many to a line.
#[rustfmt::skip]
mod pretix_words;
mod problem;
mod records;
mod sessions;
mod table;
mod text;
mod when;
mod words;

pub use columns::{ColumnMap, MapProblem};
pub use file_problem::FileProblem;
pub use found::{Dialect, Notice, ParticipantRow, ParticipantsFile, SkipReason, Skipped};
pub use participants::{ReadOptions, Unpaid, read_participants};
pub use pretix::Source;
pub use problem::{ProblemKind, RowProblem};
pub use sessions::{Mode, SessionRow, SessionsFile, SessionsOptions, read_sessions};
pub use when::DateOrder;
pub use words::Field;
