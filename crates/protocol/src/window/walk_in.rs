//! Walk-ins: guests without a ticket, added at the desk.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CardView, VerdictView};
use crate::profile::ProfileFault;

/// What became of a walk-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum WalkInOutcome {
    /// Committed: the guest is on the list, and in where that was asked for.
    Added {
        /// The guest's card.
        card: Box<CardView>,
    },
    /// The guest cannot be let in now; nothing was written. They can be added without being let in.
    NotNow {
        /// Why.
        verdict: VerdictView,
    },
    /// The form cannot be taken as it is; nothing was written.
    Invalid {
        /// What is wrong with it.
        why: WalkInProblem,
    },
}

/// What is wrong with a walk-in's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WalkInProblem {
    /// It has no name.
    NoName,
    /// A text is too long.
    TooLong,
    /// A text has signs in it that no name has.
    Letters,
    /// The e-mail address cannot be one.
    Email,
}

impl From<ProfileFault> for WalkInProblem {
    fn from(fault: ProfileFault) -> Self {
        match fault {
            ProfileFault::NoName => Self::NoName,
            ProfileFault::TooLong => Self::TooLong,
            ProfileFault::Letters => Self::Letters,
            ProfileFault::Email => Self::Email,
        }
    }
}
