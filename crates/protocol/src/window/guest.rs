//! Guests as the desk lists them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CardAction, StoreProblem};

/// The guest as shown: the least that the desk needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GuestView {
    /// The person's id.
    pub id: String,
    /// The name; empty where the list has none.
    pub name: String,
    /// Organisation; may be empty.
    pub organisation: String,
    /// Ticket kind; may be empty.
    pub kind: String,
    /// What the volunteer should know; may be empty.
    pub note: String,
    /// Words of the organiser's for whom the volunteer is to look at, in order; may be none.
    pub flags: Vec<String>,
    /// The organiser wants a second look.
    pub attention: bool,
}

/// A line of the recent list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecentRow {
    /// The card's verdict id.
    pub id: String,
    /// The guest's name; empty where unknown.
    pub name: String,
    /// When.
    pub at_ms: i64,
    /// What happened.
    pub what: RecentWhat,
}

/// A line of what this desk did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DoneRow {
    /// As in the recent list; its id is the entry's.
    #[serde(flatten)]
    pub row: RecentRow,
    /// The session's title; empty where it is no longer known.
    pub session: String,
    /// It can be taken back.
    pub undo: bool,
    /// The server has not acknowledged it.
    pub waiting: bool,
}

/// A page of what this desk did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DonePage {
    /// The newest first.
    pub rows: Vec<DoneRow>,
    /// There is more before the last of them.
    pub more: bool,
}

/// What a recent line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecentWhat {
    /// Let in.
    LetIn,
    /// Turned away, or refused.
    TurnedAway,
    /// Taken back.
    TakenBack,
    /// Checked out.
    CheckedOut,
    /// Added without being let in.
    Added,
    /// Asked, and left open.
    Undecided,
}

/// A guest whose card was replaced before anybody decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeftOpen {
    /// The card's verdict id: it can still be accepted.
    pub id: String,
    /// The guest's name.
    pub name: String,
    /// What accepting takes.
    pub action: CardAction,
    /// When it was replaced.
    pub at_ms: i64,
}

/// A guest whose commit failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NotSaved {
    /// The guest's name; empty where unknown.
    pub name: String,
    /// Why.
    pub problem: StoreProblem,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindView {
    /// Who was found, best first.
    pub rows: Vec<FindRow>,
    /// There are more than that.
    pub more: bool,
    /// The text is exactly a code that this desk knows, which reads like this.
    pub code: Option<String>,
}

/// A row of the search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindRow {
    /// The guest.
    pub guest: GuestView,
    /// The order; may be empty.
    pub order: String,
    /// How the guest stands at this session.
    pub status: FindStatus,
    /// Not what was typed, but one letter off; these come last.
    pub near: bool,
}

/// How a found guest stands at this session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindStatus {
    /// Booked, not here yet.
    Booked,
    /// Already in.
    In,
    /// Not booked for this session.
    NotBooked,
    /// Cancelled.
    Cancelled,
}
