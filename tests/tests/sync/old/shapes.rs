//! What a supervisor's window of version 0.1.0 reads, in its own shapes (commit 65ade20: `crates/protocol/src/{board,enrol,records}.rs`):
//! the same fields, none with a default, and only the words that it knew. What it does not know it passes over.

use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
pub(super) struct EnrolAnswer {
    service: String,
    #[serde(rename = "station")]
    _station: Uuid,
    #[serde(rename = "name")]
    _name: String,
    role: Role,
    actor: Option<Uuid>,
    #[serde(rename = "event")]
    _event: EventRecord,
    event_secret: String,
    #[serde(rename = "term")]
    _term: u64,
    #[serde(rename = "server_ms")]
    _server_ms: i64,
}

impl EnrolAnswer {
    /// What the window required of it.
    pub(super) fn is_a_supervisors(&self) -> bool {
        (self.service.as_str(), self.role) == ("usher", Role::Supervisor)
            && self.actor.is_some()
            && self.event_secret.is_empty()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    Desk,
    Supervisor,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "that they can be read is what matters")]
struct EventRecord {
    id: Uuid,
    name: String,
    time_zone: String,
    fast_door: bool,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "that they can be read is what matters")]
pub(super) struct Board {
    pub(super) event: String,
    time_zone: String,
    at_ms: i64,
    pub(super) sessions: Vec<BoardSession>,
    pub(super) stations: Vec<BoardStation>,
    pub(super) incidents: Vec<BoardIncident>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "that they can be read is what matters")]
pub(super) struct BoardSession {
    id: String,
    pub(super) name: String,
    room: String,
    starts_ms: i64,
    ends_ms: i64,
    opens_ms: i64,
    pub(super) state: State,
    pub(super) capacity: Option<u32>,
    pub(super) inside: u64,
    occupied: u64,
    unsettled: u64,
    over_grant: u64,
    pending: u64,
    outstanding: u64,
    worst: u64,
    grantable: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Scheduled,
    Open,
    Paused,
    Ended,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "that they can be read is what matters")]
pub(super) struct BoardStation {
    id: String,
    pub(super) name: String,
    initials: String,
    session: Option<String>,
    last_contact_ms: Option<i64>,
    waiting: u64,
    skew_ms: i64,
    places: Option<u64>,
    recent: u64,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "that they can be read is what matters")]
pub(super) struct BoardIncident {
    id: String,
    pub(super) kind: Kind,
    session: Option<String>,
    person: Option<String>,
    over_by: Option<u64>,
    records: Vec<BoardRecord>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    DoubleAdmission,
    OverCapacity,
    UnknownAdmitted,
    BrokenChain,
    ClockFarOff,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "that they can be read is what matters")]
pub(super) struct BoardRecord {
    station: String,
    at_ms: i64,
}
