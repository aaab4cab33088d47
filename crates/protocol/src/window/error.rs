//! Why something could not be done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a command of a window could not be carried out. Refusals of the door are cards, not errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum WindowError {
    /// No such command in this window, or its arguments do not fit.
    #[error("no such command here")]
    BadCall,
    /// The desk is not enrolled, or serves no session.
    #[error("the desk is not ready for this")]
    NotReady,
    /// The card is gone, or does not take this action.
    #[error("the card does not take this action")]
    NotPossible,
    /// The desk is locked, serves itself, or its settings are closed: a PIN opens it.
    #[error("a PIN opens this")]
    Locked,
    /// The desk's files failed.
    #[error("the desk's files failed")]
    Store {
        /// How.
        problem: StoreProblem,
    },
}

/// Why the desk's files cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StoreProblem {
    /// The disk is full.
    DiskFull,
    /// The files may not be written.
    ReadOnly,
    /// Another program holds the files.
    Busy,
    /// A newer Usher wrote them.
    TooNew,
    /// They are damaged.
    Damaged,
    /// Anything else; the log has the detail.
    Other,
}
