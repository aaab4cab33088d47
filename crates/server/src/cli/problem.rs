//! Why a command was not carried out, in words: what happened, what it means, what to do.

use std::fmt;

/// A command that was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    what: String,
    remedy: String,
}

impl Problem {
    /// What happened, and what the person can do about it.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.what, self.remedy)
    }
}

impl std::error::Error for Problem {}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// All of it.
    Whole,
    /// Some rows of a file were left out, or a comparison found a difference.
    Partly,
}

impl Done {
    /// The exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Whole => 0,
            Self::Partly => 2,
        }
    }
}

/// The exit code of a command that was not carried out.
pub const NOT_DONE: u8 = 1;
/// The exit code of a command line that was not understood (BSD's `EX_USAGE`).
pub const NOT_UNDERSTOOD: u8 = 64;
