//! PINs: what a desk answers to one, and what is open without.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CardView;

/// What a PIN opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PinOutcome {
    /// What was asked for.
    Opened,
    /// Nothing: it is nobody's.
    Wrong {
        /// The next one is looked at after so many milliseconds.
        wait_ms: u64,
    },
    /// It was not looked at: so many milliseconds after a wrong one are not over.
    Wait {
        /// How many are left.
        wait_ms: u64,
    },
    /// It unlocks desks, and lets nobody in.
    UnlocksOnly,
    /// The event has no PINs, as far as this desk knows.
    NoPins,
}

/// What became of letting somebody in by a supervisor's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum OverrideOutcome {
    /// The PIN opened; the card says whether the guest is in.
    Decided {
        /// The card.
        card: Box<CardView>,
    },
    /// The PIN did not open.
    Pin {
        /// Why.
        why: PinOutcome,
    },
}

/// Who stands before the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Attended {
    /// A volunteer.
    #[default]
    Volunteer,
    /// Nobody: the desk is locked. Nothing is read, and no guest is shown.
    Nobody,
    /// A guest: self-service. Tickets are read, and nothing else can be done.
    Guest,
}
