//! The desk window's view.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Attended, BadgesView, CameraSettings, CameraView, CardView, EventView, HelpView, LeftOpen, LinkView,
    MessageView, NotSaved, OrderView, PracticeView, ReadyView, RecentRow, ScannerSettings, SessionView,
    StoreProblem,
};

/// Everything that the desk window shows. Pushed whole after every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeskView {
    /// Which screen.
    pub phase: DeskPhase,
    /// The event, once known.
    pub event: Option<EventView>,
    /// The desk's name; empty before enrolment.
    pub desk: String,
    /// The initials of who sits here; may be empty.
    pub initials: String,
    /// Every session, by start.
    pub sessions: Vec<SessionView>,
    /// The id of the session that this desk serves; on the start screen the one to preselect.
    pub session: Option<String>,
    /// The sessions that this desk serves beside it.
    pub also: Vec<String>,
    /// Whether a clean Registered is let in at the scan.
    pub door: DoorMode,
    /// Guests see this screen: names are shown as initials.
    pub names_hidden: bool,
    /// People leave by this door: every scan checks out.
    pub out: bool,
    /// The line to the server.
    pub link: LinkView,
    /// The server was put back to an older state and has not heard every desk again: it gives no places meanwhile.
    pub learning: bool,
    /// Entries waiting to be sent.
    pub waiting: u64,
    /// The guest list on this desk.
    pub list: ListView,
    /// Places left at this desk.
    pub places: PlacesView,
    /// The room as far as this desk knows.
    pub room: Option<RoomView>,
    /// The clock.
    pub clock: ClockView,
    /// The last things done here, newest first; at most 20.
    pub recent: Vec<RecentRow>,
    /// The camera.
    pub camera: CameraView,
    /// How this desk has its cameras set.
    pub camera_set: CameraSettings,
    /// The card on the stage.
    pub card: Option<CardView>,
    /// Made-up tickets are at the door: nothing reaches the log.
    pub practice: Option<PracticeView>,
    /// Somebody who is new at this desk may learn in a minute before the first guest.
    pub lesson_offered: bool,
    /// What the check before opening found, while it is open: a code is only seen then.
    pub ready: Option<ReadyView>,
    /// One order's guests, while they are shown to be let in together.
    pub order: Option<OrderView>,
    /// A guest whose card asked and was replaced by the next scan before anybody decided.
    pub left_open: Option<LeftOpen>,
    /// The name of a guest whose ticket was read while a form was open, empty where unknown: the card opens once the form is closed.
    pub held_scan: Option<String>,
    /// The last commit failed for this guest; stays until a later one succeeds.
    pub not_saved: Option<NotSaved>,
    /// Name badges.
    pub badges: BadgesView,
    /// Who stands before the screen.
    pub attended: Attended,
    /// The event has PINs: the desk can be locked and serve itself, and settings want one.
    pub pins: bool,
    /// Settings can be changed now: the event has no PINs, or one opened them.
    pub settings_open: bool,
    /// What was learned of this desk's keyboard scanner; none: it was never tested.
    pub scanner: Option<ScannerSettings>,
    /// What a supervisor says and nobody here has read: the urgent one first, then the oldest.
    pub message: Option<MessageView>,
    /// Help for who sits here.
    pub help: HelpView,
}

/// Which screen the desk shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DeskPhase {
    /// *Connect this desk*.
    Connect,
    /// The guest list is being fetched.
    Loading {
        /// Guests so far.
        loaded: u64,
        /// Guests in all; 0 while unknown.
        total: u64,
    },
    /// A session is to be chosen.
    Start,
    /// At the door.
    Door,
    /// Another copy of the app has this desk's files.
    OpenElsewhere,
    /// The desk's files cannot be used; the code says why.
    Broken {
        /// Why.
        problem: StoreProblem,
    },
}

/// How a clean Registered is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DoorMode {
    /// Let in at the scan, undo at hand.
    #[default]
    FastDoor,
    /// The volunteer decides.
    AskFirst,
}

/// The guest list on this desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListView {
    /// Guests on it.
    pub people: u64,
    /// When it last agreed with the server; none: never.
    pub synced_ms: Option<i64>,
    /// Whether the whole list is here.
    pub complete: bool,
}

/// Places left at this desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PlacesView {
    /// The session has no limit.
    NoLimit,
    /// So many.
    Left {
        /// Places.
        left: u64,
        /// What the desk aims to have.
        target: u64,
    },
}

/// The room as far as this desk knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RoomView {
    /// Distinct people inside.
    pub inside: u64,
    /// Places; none: no limit.
    pub capacity: Option<u32>,
    /// Seats held for registered guests who are not in yet, as far as this desk knows.
    pub held: u64,
    /// How current the other desks' part is.
    pub as_of_ms: i64,
}

/// The clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClockView {
    /// The corrected time at the push of this view.
    pub now_ms: i64,
    /// How far the computer's clock is off; positive: slow.
    pub skew_ms: i64,
}

/// What closing the window now would leave behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClosingView {
    /// A session is being served: ask first.
    pub serving: bool,
    /// Entries waiting to be sent.
    pub waiting: u64,
}
