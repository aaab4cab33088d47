//! One order's guests, to be let in together.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{FindStatus, PlacesView};

/// The order that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderView {
    /// The verdict id of the card that it was opened from.
    pub card: String,
    /// The order's name.
    pub order: String,
    /// Its guests, by name; at most 50.
    pub guests: Vec<OrderGuest>,
    /// Places that letting in those who are ticked would need, of those left at this desk.
    pub needs: u64,
    /// Places left at this desk.
    pub places: PlacesView,
    /// It was shown again because one of those who were ticked could no longer be let in.
    pub changed: bool,
}

/// A guest of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderGuest {
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// Ticket kind; may be empty.
    pub kind: String,
    /// How the guest stands at the session.
    pub status: FindStatus,
    /// They go in with the others.
    pub ticked: bool,
    /// They can be ticked: a clean Registered who is not in.
    pub can: bool,
}
