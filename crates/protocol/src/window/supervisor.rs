//! The supervisor window's view, and what became of a decision.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::LinkView;
use crate::board::Board;

/// Everything that the supervisor window shows. Pushed whole after every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SupervisorView {
    /// Whether this window has a credential.
    pub connected: bool,
    /// The line to the server.
    pub link: LinkView,
    /// The last board; stays, dated, while the server is away.
    pub board: Option<Board>,
    /// Now, on the server's clock once a board has come: for the board's age.
    pub now_ms: i64,
}

/// What became of a supervisor's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DecideOutcome {
    /// The server decided so.
    Done,
    /// It did not.
    Refused {
        /// Why.
        why: DecideRefusal,
    },
}

/// Why a decision was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DecideRefusal {
    /// The server does not answer: decide again when it does.
    Offline,
    /// This supervisor's credential was revoked.
    Revoked,
    /// The board is older than what there is to decide.
    Unknown,
    /// It was decided before.
    Done,
    /// Not before every desk has reported after a restore.
    Learning,
    /// It does not fit what it names.
    DoesNotFit,
    /// The server is of an older version, which does not know this decision.
    ServerTooOld,
}
