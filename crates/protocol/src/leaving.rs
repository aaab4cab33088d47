//! What becomes of somebody who leaves.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The answer to a check-out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum LeaveOutcome {
    /// It is written. The seat is free for others once the server knows which check-in it ends.
    CheckedOut {
        /// The guest's name; empty where it is not known.
        name: String,
    },
    /// Guests of this session come and go without being counted out; nothing was written.
    NotCounted,
    /// Nobody can be checked out by this code: it is no ticket of the event, or nobody was let in on it here.
    Nobody,
}
