//! The black box: real programs that are killed, behind networks that fail, and an observer who believes neither.
//!
//! Several `usher-desk` processes and one `usher-server` work through an evening that one seed decides: who is scanned where, which
//! network fails how and when, which process is killed with `kill -9` in the middle of what. In the end everything is healed, and an
//! observer who shares no code with Usher compares what the desks had answered with what the server has.
//!
//! The seed decides every step and every roll of the networks' dice. How processes interleave is the system's: the same seed is the
//! same evening, not the same nanosecond.

mod beside;
mod diary;
mod doors;
mod evening;
mod lost;
mod meanwhile;
mod observer;
mod office;
mod plan;
mod said;
mod server_life;
mod versions;
mod volunteer;

use std::path::PathBuf;

pub use crate::real::Failure;
pub use evening::run;
pub use versions::{Older, Way};

/// What to carry out.
#[derive(Clone, Debug)]
pub struct Orders {
    /// The folder for everything that is made.
    pub out: PathBuf,
    /// Decides the evening.
    pub seed: u64,
    /// How many steps each volunteer takes.
    pub steps: usize,
    /// The binary `usher-server`.
    pub server: PathBuf,
    /// The binary `usher-desk`.
    pub desk: PathBuf,
    /// An earlier version that takes part.
    pub older: Option<Older>,
}

/// What happened, and what the observer found wrong.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Figures: what happened, how often.
    pub figures: Vec<(&'static str, u64)>,
    /// What must not be.
    pub wrong: Vec<String>,
}

impl Report {
    /// How often something happened; 0 where it is not among the figures.
    #[must_use]
    pub fn figure(&self, name: &str) -> u64 {
        self.figures.iter().find(|(word, _)| *word == name).map_or(0, |(_, figure)| *figure)
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (name, figure) in &self.figures {
            writeln!(f, "{name:<44} {figure:>6}")?;
        }
        self.wrong.iter().try_for_each(|wrong| writeln!(f, "WRONG: {wrong}"))
    }
}
