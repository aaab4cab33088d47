//! What passes between a desk and its supervisors: messages, calls for help, questions for a place.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A supervisor's message that nobody at this desk has read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MessageView {
    /// Its id.
    pub id: String,
    /// It covers the stage, and scans wait until it was read.
    pub urgent: bool,
    /// The words; of an answer to a call for help who comes, or empty.
    pub text: String,
    /// Somebody comes: the answer to this desk's call for help.
    pub comes: bool,
    /// There is no place: for whom it was asked, by name or empty; none: it is about no place.
    pub refused: Option<String>,
    /// When it was said.
    pub at_ms: i64,
    /// How many more wait behind it.
    pub more: u32,
}

/// Help for who sits at the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HelpView {
    /// Whom to call by telephone: a number, or short words; empty: nobody is named.
    pub phone: String,
    /// A supervisor was called.
    pub asked: Option<HelpAsked>,
}

/// A supervisor was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HelpAsked {
    /// When.
    pub at_ms: i64,
    /// When the server took the call; none: it is still on its way.
    pub told_ms: Option<i64>,
    /// Who comes, or empty; none: nobody has answered.
    pub comes: Option<String>,
}

/// A place was asked for, for the guest of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlaceAsk {
    /// When.
    pub at_ms: i64,
    /// Whether the server has the question.
    pub told: bool,
    /// The supervisor's reason, or empty: there is no place; none: nobody has answered.
    pub refused: Option<String>,
}
