//! The scripted door: the real server, three real desks, 600 arrivals read from pictures, a network that is cut in the middle.
//!
//! It only acts and writes down what it did and what it was told (`plan.csv`) beside the exports of the server and the desks.
//! Whether the numbers are right is not judged here but by `scripts/door/count.py`, which shares no code with Usher.

mod carry;
mod cast;
mod pictures;
mod plan;
mod record;
mod script;
mod seat;
mod stage;

use std::path::PathBuf;

use crate::real::{clock, desk, organiser, proxy};

pub use crate::real::Failure;
pub use stage::run;

/// What to carry out.
#[derive(Clone, Debug)]
pub struct Orders {
    /// The folder for everything that is made.
    pub out: PathBuf,
    /// The same seed gives the same people, pictures and order of arrivals.
    pub seed: u64,
    /// The binary `usher-server`.
    pub server: PathBuf,
    /// The binary `usher-desk`.
    pub desk: PathBuf,
}
