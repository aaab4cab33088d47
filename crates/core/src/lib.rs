//! The pure rules of Usher: ids, clocks, entries, the fold, verdicts and capacity arithmetic.
//!
//! Everything here is a function of its arguments: no input or output, no clock, no randomness, no async. The station, the
//! server, the reports and the tests call the same functions, so that they cannot disagree (DESIGN section 1, sentence 4).

pub mod branch;
pub mod capacity;
pub mod chain;
pub mod clock;
pub mod entry;
pub mod fold;
pub mod ids;
pub mod incident;
pub mod session;
pub mod succession;
pub mod ticket;
pub mod verdict;
