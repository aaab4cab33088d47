//! *Doors ready*: what is to be well before the doors open.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::BadgeProblem;

/// What the check before opening found out by itself. Link, list, places, clock and camera stand in the desk's view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadyView {
    /// The camera read a code since the check was opened.
    pub camera_read: bool,
    /// A scanner's keys were read since the check was opened.
    pub scanner_read: bool,
    /// Free bytes on the disk with the desk's files; none: unknown.
    #[ts(type = "number | null")]
    pub disk_free: Option<u64>,
    /// The battery; none: there is none, or it is unknown.
    pub battery: Option<BatteryView>,
    /// The badges' printer; none: this desk prints no badges.
    pub printer: Option<PrinterCheck>,
}

/// How the badges' printer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PrinterCheck {
    /// It was asked and has not answered yet.
    Asking,
    /// It would print now.
    Good,
    /// A badge would not come out.
    Problem {
        /// Why.
        why: BadgeProblem,
    },
}

/// The computer's battery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BatteryView {
    /// How full it is, 0 to 100 percent.
    pub percent: u8,
    /// Whether the computer is plugged in.
    pub plugged: bool,
}
