//! The supervisor's board: computed by the authority, pushed as it changes (`POST /v1/board`, server-sent events, name `board`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::{entry::StateSet, incident::IncidentKind};

use crate::limits::PROTOCOL_RESTORED;

/// Everything that the supervisor's window shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Board {
    /// The event's name.
    pub event: String,
    /// The IANA time zone that times are shown in.
    pub time_zone: String,
    /// When the authority computed it, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Every session.
    pub sessions: Vec<BoardSession>,
    /// Every station.
    pub stations: Vec<BoardStation>,
    /// What is to be settled.
    pub incidents: Vec<BoardIncident>,
    /// Persons that a supervisor said are one; left out by a server of version 0.1.
    #[serde(default)]
    #[ts(as = "Option<Vec<BoardMerge>>", optional)]
    pub merges: Vec<BoardMerge>,
    /// What supervisors said to desks lately, the newest first; none: the server takes no messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<BoardMessage>>,
}

/// What a window asks a board with. A window of version 0.1 states nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardAsk {
    /// The version of the protocol that it speaks.
    #[serde(default)]
    pub protocol: u32,
}

impl Board {
    /// The board without what a window that speaks `protocol` cannot read: one kind of incident that it does not know, and it would
    /// show no board at all.
    #[must_use]
    pub fn readable_by(mut self, protocol: u32) -> Self {
        if protocol < PROTOCOL_RESTORED {
            self.incidents.retain(|incident| incident.kind != IncidentKind::ServerRestored);
        }
        self
    }
}

/// A session on the board. Numbers are never merged into one (DESIGN section 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardSession {
    /// Its id.
    pub id: String,
    /// Its title.
    pub name: String,
    /// The room; may be empty.
    pub room: String,
    /// Start and end, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub starts_ms: i64,
    /// End, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub ends_ms: i64,
    /// When the doors open, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub opens_ms: i64,
    /// Whether guests are let in.
    pub state: BoardState,
    /// What a supervisor set by hand; scheduled: the schedule decides.
    #[serde(default = "by_schedule")]
    #[ts(type = "\"scheduled\" | \"open\" | \"paused\" | \"ended\"")]
    pub set: StateSet,
    /// Every free place is handed out to desks, with none kept back.
    #[serde(default)]
    pub hand_out_all: bool,
    /// Seats are held for registered guests.
    #[serde(default)]
    pub hold_seats: bool,
    /// Until when they are, milliseconds since 1970 UTC; none: no time is set. Left out by a server of version 0.1.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub held_until_ms: Option<i64>,
    /// Guests come and go without being counted out; left out by a server of version 0.1.
    #[serde(default)]
    pub re_entry: bool,
    /// Places; none: no limit.
    pub capacity: Option<u32>,
    /// Distinct people inside.
    #[ts(type = "number")]
    pub inside: u64,
    /// Seats taken.
    #[ts(type = "number")]
    pub occupied: u64,
    /// Double admissions that nobody settled.
    #[ts(type = "number")]
    pub unsettled: u64,
    /// Check-ins without a right.
    #[ts(type = "number")]
    pub over_grant: u64,
    /// Entries that desks serving it have reported but not sent.
    #[ts(type = "number")]
    pub pending: u64,
    /// ΣX: places that desks may still use.
    #[ts(type = "number")]
    pub outstanding: u64,
    /// H: seats held for registrations and not used.
    #[ts(type = "number")]
    pub held: u64,
    /// W: the worst case. After a restore it may be more, while `awaited` is not empty.
    #[ts(type = "number")]
    pub worst: u64,
    /// P: what can still be given; none for a session without a limit.
    #[ts(type = "number | null")]
    pub grantable: Option<i64>,
    /// The desks that have not reported since the server was put back to an older state: until they have, or are settled,
    /// nothing is given out and the worst case is not known.
    pub awaited: Vec<String>,
    /// The desks' logs that may still use places of this session, or seats that were taken away, or are awaited: what could be settled.
    pub logs: Vec<BoardLog>,
    /// The revision of its settings; left out by a server of version 0.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub rev: Option<u64>,
    /// What desks show while it is paused; empty: nothing was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pause_words: String,
}

/// What a board of an older server leaves out.
const fn by_schedule() -> StateSet {
    StateSet::Scheduled
}

/// A desk's log as a session's board names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardLog {
    /// The station's id.
    pub station: String,
    /// The log's epoch, 16 hexadecimal digits.
    pub epoch: String,
    /// The desk's name.
    pub name: String,
    /// X: places that it may have used unseen, or may still use.
    #[ts(type = "number")]
    pub outstanding: u64,
    /// It has not reported since the server was put back: it may have more places than are known.
    pub awaited: bool,
    /// When the desk was last heard, milliseconds since 1970 UTC; none: never.
    #[ts(type = "number | null")]
    pub last_contact_ms: Option<i64>,
}

/// Whether guests are let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BoardState {
    /// Not yet.
    Scheduled,
    /// Yes.
    Open,
    /// Paused by a supervisor.
    Paused,
    /// No longer.
    Ended,
}

/// A station on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardStation {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The initials of who sits there; may be empty.
    pub initials: String,
    /// The id of the session that it serves.
    pub session: Option<String>,
    /// When it was last heard, milliseconds since 1970 UTC; none: never.
    #[ts(type = "number | null")]
    pub last_contact_ms: Option<i64>,
    /// Entries that it had not sent when last heard.
    #[ts(type = "number")]
    pub waiting: u64,
    /// How far its clock is off, milliseconds; positive: slow.
    #[ts(type = "number")]
    pub skew_ms: i64,
    /// Rights that it may still spend for the session it serves; none: no limit or no session.
    #[ts(type = "number | null")]
    pub places: Option<u64>,
    /// Check-ins received from it in the last five minutes.
    #[ts(type = "number")]
    pub recent: u64,
    /// What it asks for and nobody has answered; none: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<DeskAsks>,
}

/// What a desk asks supervisors for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeskAsks {
    /// That somebody comes: when it was asked, milliseconds since 1970 UTC.
    #[ts(type = "number | null")]
    pub help_ms: Option<i64>,
    /// A place for a guest.
    pub place: Option<DeskPlaceAsk>,
}

/// A desk asks for a place at a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeskPlaceAsk {
    /// When, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The session's id.
    pub session: String,
    /// The guest's name; none where unknown.
    pub guest: Option<String>,
}

/// What a supervisor said to desks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardMessage {
    /// Its name: the entry that says it.
    pub id: String,
    /// When, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Who said it; empty where unknown.
    pub by: String,
    /// To which desk, by name; none: to several.
    pub to: Option<String>,
    /// To the desks of which session, by id; none: to all, or to the one.
    pub session: Option<String>,
    /// It covers the stage.
    pub urgent: bool,
    /// The words; may be empty in an answer.
    pub text: String,
    /// It says that somebody comes.
    pub comes: bool,
    /// It says that there is no place.
    pub refuses: bool,
    /// At how many of them it was read.
    #[ts(type = "number")]
    pub read: u64,
    /// The names of the desks that it is for, and at which nobody has read it.
    pub unread: Vec<String>,
}

/// Two persons that are one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardMerge {
    /// The server's id.
    pub station: String,
    /// The epoch of its log in which the merge stands.
    pub epoch: String,
    /// The merge's number in that log: with station and epoch its name, by which it is taken back.
    #[ts(type = "number")]
    pub seq: u64,
    /// The name of the one that stays, or the id where the name is not known.
    pub stays: String,
    /// The name of the one that is the same.
    pub same: String,
}

/// An incident on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardIncident {
    /// Its id.
    pub id: String,
    /// Which contradiction.
    #[ts(
        type = "\"double_admission\" | \"over_capacity\" | \"unknown_admitted\" | \"broken_chain\" | \"clock_far_off\" | \"server_restored\""
    )]
    pub kind: IncidentKind,
    /// The session's id.
    #[serde(default)]
    pub session_id: Option<String>,
    /// The session's title.
    pub session: Option<String>,
    /// The person's name; none where unknown.
    pub person: Option<String>,
    /// How many over the capacity, for an over capacity incident.
    #[ts(type = "number | null")]
    pub over_by: Option<u64>,
    /// Where and when, first the record that stands.
    pub records: Vec<BoardRecord>,
}

/// One record that shows an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardRecord {
    /// The desk's name.
    pub station: String,
    /// When, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
}
