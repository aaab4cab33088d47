//! Practice: made-up tickets in a store of their own.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a desk that practises shows beside the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PracticeView {
    /// The made-up tickets, in the order in which they teach best.
    pub tickets: Vec<PracticeTicket>,
    /// The first minute, where it is this that is practised.
    pub lesson: Option<LessonView>,
}

/// How far the first minute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LessonView {
    /// What is taught now.
    pub step: LessonStep,
    /// What it asks for was done: it can go on.
    pub done: bool,
}

/// The steps of the first minute, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LessonStep {
    /// Green: a booked guest is welcomed.
    Welcome,
    /// Grey: a guest who is in already is asked.
    Ask,
    /// Yellow: a guest who is not booked here is let in anyway, or turned away.
    Anyway,
    /// No ticket any more: where help is, and what red means.
    Help,
}

/// What is to become of the first minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LessonGo {
    /// It begins.
    Begin,
    /// The next step, once this one is done; after the last one the door is back.
    Next,
    /// It ends, or is not wanted at all.
    End,
}

/// A made-up ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PracticeTicket {
    /// What is scanned.
    pub code: String,
    /// The guest's name; empty for the one that is on no list.
    pub name: String,
    /// What it shows.
    pub kind: PracticeKind,
}

/// What a made-up ticket shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PracticeKind {
    /// A guest who is booked.
    Booked,
    /// A guest who is in already.
    AlreadyIn,
    /// A guest who is booked elsewhere, or nowhere.
    NotBooked,
    /// A guest whose order has more guests.
    Family,
    /// A guest with a note.
    Note,
    /// A guest with a flag.
    Flag,
    /// A booking that was cancelled.
    Cancelled,
    /// A ticket that is too old.
    Expired,
    /// A code that no list knows.
    Unknown,
}
