//! The line to the server.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The line to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum LinkView {
    /// The server answers.
    Online,
    /// It does not; the desk goes on.
    Offline {
        /// Since when.
        since_ms: i64,
        /// Why, as far as the desk can tell.
        why: OfflineWhy,
    },
}

/// Why there is no line to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OfflineWhy {
    /// Nobody answers, or not in time: the network, or the server.
    #[default]
    NoAnswer,
    /// The organiser revoked this credential: what it does from now on does not count.
    Revoked,
    /// Something else answers at the server's address.
    OtherServer,
    /// This computer's disk is full: what the server says cannot be kept.
    DiskFull,
    /// This desk's files cannot be read or written.
    Files,
}
