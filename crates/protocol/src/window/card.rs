//! Cards: the answer to a scan, and what became of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{GuestView, PlaceAsk, StoreProblem};

/// A verdict card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CardView {
    /// The verdict's id: accepting it twice is one entry.
    pub id: String,
    /// The answer.
    pub verdict: VerdictView,
    /// What became of it.
    pub outcome: CardOutcome,
    /// The guest, where known.
    pub guest: Option<GuestView>,
    /// The title of the session that it was judged for.
    pub session: String,
    /// Other sessions that the volunteer may choose for this guest; with the card's own where that is not chosen yet.
    pub choices: Vec<SessionChoice>,
    /// Nobody is let in before a session is chosen.
    pub unchosen: bool,
    /// When.
    pub at_ms: i64,
    /// Minutes past the start, where that is late.
    pub late_min: Option<u32>,
    /// A seat is held for this guest: no other place is needed.
    pub held: bool,
    /// What can be done with it now.
    pub actions: Vec<CardAction>,
    /// When this desk last heard from the others; none: never.
    pub others_ms: Option<i64>,
    /// How many of one order were let in together with this guest, the guest included; 0: alone.
    pub party: u32,
    /// The supervisor by whose word the guest was let in; none: nobody's was needed, or the desk was started since.
    pub let_in_by: Option<String>,
    /// The same code was shown again within 10 s of its green: show it, without sound.
    pub again: bool,
    /// A supervisor was asked for a place for this guest.
    pub place: Option<PlaceAsk>,
}

/// A session that a guest may be let in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionChoice {
    /// Its id.
    pub id: String,
    /// Its title.
    pub name: String,
    /// The room; may be empty.
    pub room: String,
}

/// The answer to a scan, with what its sentence needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum VerdictView {
    /// Good for this session.
    Registered,
    /// On the guest list, not for this session.
    NotRegistered {
        /// The guest's next booking elsewhere, where there is one.
        booked: Option<BookingView>,
    },
    /// Already in.
    AlreadyIn {
        /// When.
        at_ms: i64,
        /// The desk's name; empty where unknown.
        desk: String,
        /// By this desk.
        here: bool,
    },
    /// The room is full.
    SessionFull {
        /// Its places.
        capacity: u32,
    },
    /// This desk has no places.
    GrantEmpty {
        /// The server answers: more were asked for.
        online: bool,
        /// The session lets the volunteer decide.
        optimistic: bool,
    },
    /// The free seats are held for others.
    SeatsHeld {
        /// Until when, milliseconds since 1970 UTC; none: no time is set, or it is over.
        until_ms: Option<i64>,
    },
    /// Not open yet.
    SessionNotOpen {
        /// When the doors open.
        opens_ms: i64,
    },
    /// Paused.
    SessionPaused,
    /// Over.
    SessionEnded {
        /// When it ended.
        ended_ms: i64,
    },
    /// The booking was cancelled.
    Cancelled,
    /// A newer ticket was sent.
    Revoked,
    /// Outside the ticket's time.
    Expired {
        /// Good from; none: no start.
        from_ms: Option<i64>,
        /// Good until; none: no end.
        until_ms: Option<i64>,
    },
    /// No such code.
    UnknownTicket,
    /// The ticket proves itself; its guest is not on the list here yet.
    SignedUnknown,
    /// It was not signed by this event.
    Forged,
    /// Another event's ticket.
    OtherEvent,
    /// Another kind of code.
    NotATicket,
    /// A real ticket while the desk practises: nobody is let in.
    PracticeOnly,
}

/// What became of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum CardOutcome {
    /// Nothing yet: somebody may decide, or it is a refusal that closes by itself.
    Open,
    /// Committed: the guest is in.
    LetIn,
    /// Committed: turned away.
    TurnedAway,
    /// Committed: the let-in was taken back.
    TakenBack,
    /// Committed: the guest left.
    CheckedOut,
    /// Nobody can be checked out by this code; nothing was written.
    NobodyOut,
    /// Guests of the session come and go without being counted out; nothing was written.
    NotCounted,
    /// The commit failed; nothing was written.
    NotSaved {
        /// Why.
        problem: StoreProblem,
    },
}

/// What can be done with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardAction {
    /// Space: let in.
    LetIn,
    /// F2: let in anyway.
    LetInAnyway,
    /// F8: turn away.
    TurnAway,
    /// F9: take back.
    Undo,
    /// F7: the whole order.
    WholeOrder,
    /// Check out: the guest of an *already in* card leaves.
    CheckOut,
    /// F2: let the guest of an *already in* card back in.
    LetBackIn,
    /// F3: look for the guest by name.
    Find,
    /// F6: add the guest as a walk-in.
    WalkIn,
    /// F4: a supervisor's PIN lets the guest in all the same.
    Supervisor,
    /// Ask a supervisor for a place for this guest.
    AskPlace,
}

/// A booking for another session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BookingView {
    /// The session's title.
    pub name: String,
    /// Its room; may be empty.
    pub room: String,
    /// Its start.
    pub starts_ms: i64,
}
