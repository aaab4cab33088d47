//! What the windows show: views with codes and numbers, no words. The words live in the locale files of `ui/`.
//!
//! Times are milliseconds since 1970 UTC by the corrected clock; ids are opaque texts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::board::Board;

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
    /// Whether a clean Registered is let in at the scan.
    pub door: DoorMode,
    /// The line to the server.
    pub link: LinkView,
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
    /// The card on the stage.
    pub card: Option<CardView>,
    /// A guest whose card asked and was replaced by the next scan before anybody decided.
    pub left_open: Option<LeftOpen>,
    /// The last commit failed for this guest; stays until a later one succeeds.
    pub not_saved: Option<NotSaved>,
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

/// Why the desk's files cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StoreProblem {
    /// The disk is full.
    DiskFull,
    /// The files may not be written.
    ReadOnly,
    /// Another program holds the files.
    Busy,
    /// A newer Usher wrote them.
    TooNew,
    /// They are damaged.
    Damaged,
    /// Anything else; the log has the detail.
    Other,
}

/// The event as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventView {
    /// Its name.
    pub name: String,
    /// IANA time zone for every time on the screen.
    pub time_zone: String,
}

/// A session as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub name: String,
    /// The room; may be empty.
    pub room: String,
    /// Start.
    pub starts_ms: i64,
    /// End.
    pub ends_ms: i64,
    /// Whether guests are let in now.
    pub phase: PhaseView,
    /// Places; none: no limit.
    pub capacity: Option<u32>,
}

/// Whether guests are let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PhaseView {
    /// Not yet.
    Scheduled {
        /// When the doors open.
        opens_ms: i64,
    },
    /// Yes.
    Open,
    /// Paused by a supervisor.
    Paused,
    /// No longer.
    Ended {
        /// When it ended.
        ended_ms: i64,
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

/// The line to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum LinkView {
    /// The server answers.
    Online,
    /// It does not; the desk goes on.
    Offline {
        /// Since when.
        since_ms: i64,
        /// Why, as far as the desk can tell.
        why: OfflineWhy,
    },
}

/// Why there is no line to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OfflineWhy {
    /// Nobody answers, or not in time: the network, or the server.
    #[default]
    NoAnswer,
    /// The organiser revoked this credential: what it does from now on does not count.
    Revoked,
    /// Something else answers at the server's address.
    OtherServer,
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

/// The camera.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CameraView {
    /// Its state.
    pub state: CameraState,
    /// The device's or folder's name; may be empty.
    pub name: String,
    /// Two codes are in view.
    pub two_codes: bool,
    /// A code has been in view for two seconds and could not be read.
    pub unread: bool,
}

/// The camera's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CameraState {
    /// Not started.
    Off,
    /// Pictures come.
    Running,
    /// No camera is there.
    None,
    /// Another program uses it.
    Busy,
    /// It was unplugged.
    Unplugged,
    /// It is there, and sends nothing.
    Silent,
    /// It may not be used, or a fault.
    Failed,
}

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
    /// The session that it was judged for.
    pub session: String,
    /// When.
    pub at_ms: i64,
    /// Minutes past the start, where that is late.
    pub late_min: Option<u32>,
    /// What can be done with it now.
    pub actions: Vec<CardAction>,
    /// When this desk last heard from the others; none: never.
    pub others_ms: Option<i64>,
    /// The same code was shown again within 10 s of its green: show it, without sound.
    pub again: bool,
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
    SeatsHeld,
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
    /// Another event's ticket.
    OtherEvent,
    /// Another kind of code.
    NotATicket,
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
}

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

/// A row of the search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindRow {
    /// The guest.
    pub guest: GuestView,
    /// The order; may be empty.
    pub order: String,
    /// How the guest stands at this session.
    pub status: FindStatus,
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

/// Why a desk or supervisor could not connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectRefusal {
    /// The address is no address.
    BadAddress,
    /// Nobody answers there.
    NoAnswer,
    /// Something answers that is not an Usher server.
    NotUsher,
    /// The server's certificate is not the one of the setup code.
    WrongServer,
    /// Beyond this computer only `https://` is used.
    NotSecure,
    /// No such code.
    CodeUnknown,
    /// The code was used before.
    CodeUsed,
    /// The code's time is over.
    CodeExpired,
    /// The code was made for another role.
    WrongRole,
    /// Too many tries; wait a minute.
    TooManyTries,
    /// This app is too old for the server.
    AppTooOld,
    /// The server is too old for this app.
    ServerTooOld,
    /// The desk's own disk.
    Disk,
    /// The server has a fault of its own.
    ServerFault,
}

/// How *Connect* went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ConnectOutcome {
    /// Enrolled; the guest list is being fetched.
    Connected,
    /// Not enrolled; nothing was kept.
    Refused {
        /// Why.
        why: ConnectRefusal,
    },
}

/// What closing the window now would leave behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClosingView {
    /// A session is being served: ask first.
    pub serving: bool,
    /// Entries waiting to be sent.
    pub waiting: u64,
}

/// Everything that the supervisor window shows. Pushed whole after every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SupervisorView {
    /// Whether this window has a credential.
    pub connected: bool,
    /// The line to the server.
    pub link: LinkView,
    /// The last board; stays, dated, while the server is away.
    pub board: Option<Board>,
    /// Now, on the server's clock once a board has come: for the board's age.
    pub now_ms: i64,
}

/// What became of a supervisor's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DecideOutcome {
    /// The server decided so.
    Done,
    /// It did not.
    Refused {
        /// Why.
        why: DecideRefusal,
    },
}

/// Why a decision was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DecideRefusal {
    /// The server does not answer: decide again when it does.
    Offline,
    /// This supervisor's credential was revoked.
    Revoked,
    /// The board is older than what there is to decide.
    Unknown,
    /// It was decided before.
    Done,
    /// Not before every desk has reported after a restore.
    Learning,
    /// It does not fit what it names.
    DoesNotFit,
}

/// Why a command of a window could not be carried out. Refusals of the door are cards, not errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum WindowError {
    /// No such command in this window, or its arguments do not fit.
    #[error("no such command here")]
    BadCall,
    /// The desk is not enrolled, or serves no session.
    #[error("the desk is not ready for this")]
    NotReady,
    /// The card is gone, or does not take this action.
    #[error("the card does not take this action")]
    NotPossible,
    /// The desk's files failed.
    #[error("the desk's files failed")]
    Store {
        /// How.
        problem: StoreProblem,
    },
}
