//! The event and its sessions as the windows show them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The event as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventView {
    /// Its name.
    pub name: String,
    /// IANA time zone for every time on the screen.
    pub time_zone: String,
}

/// A session as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub name: String,
    /// The room; may be empty.
    pub room: String,
    /// Start.
    pub starts_ms: i64,
    /// End.
    pub ends_ms: i64,
    /// Whether guests are let in now.
    pub phase: PhaseView,
    /// Places; none: no limit.
    pub capacity: Option<u32>,
    /// Guests come and go without being counted out.
    pub re_entry: bool,
    /// What a supervisor says while it is paused; empty: nothing.
    pub pause_words: String,
}

/// Whether guests are let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PhaseView {
    /// Not yet.
    Scheduled {
        /// When the doors open.
        opens_ms: i64,
    },
    /// Yes.
    Open,
    /// Paused by a supervisor.
    Paused,
    /// No longer.
    Ended {
        /// When it ended.
        ended_ms: i64,
    },
}
