//! Walk-ins: guests without a ticket, added at the desk.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CardView;
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
    NotNow,
    /// The form cannot be taken as it is; nothing was written.
    Invalid {
        /// What is wrong with it.
        why: ProfileFault,
    },
}
