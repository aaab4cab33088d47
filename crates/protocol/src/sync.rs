//! `POST /v1/sync`: one idempotent call up and down; `POST /v1/snapshot` for a new desk; `POST /v1/wake` as the live bell.
//!
//! Who asks, the head of its log, `handed` and the term stand in the request's proof ([`crate::proof`]), not in the body.

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use usher_core::{
    entry::Head,
    ids::{SessionId, Term},
};

use crate::records::{EventRecord, PersonRecord, SessionRecord, StationRecord};

/// Where a station stands in the feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    /// The term that the position belongs to.
    pub term: Term,
    /// The last position applied; 0: nothing yet.
    pub position: u64,
}

/// An entry on the wire: its canonical bytes, never re-encoded, in base64.
#[derive(Clone, PartialEq, Eq)]
pub struct EntryBytes(pub Vec<u8>);

impl std::fmt::Debug for EntryBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EntryBytes({} bytes)", self.0.len())
    }
}

impl Serialize for EntryBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for EntryBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        BASE64.decode(text.as_bytes()).map(Self).map_err(serde::de::Error::custom)
    }
}

/// How many rights a station would like more for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// The session.
    pub session: SessionId,
    /// How many more; at most [`crate::limits::WANT_MAX`].
    pub rights: u64,
}

/// A cumulative grant: all rights ever given to this log for the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantTotal {
    /// The session.
    pub session: SessionId,
    /// The total; never shrinks within a term.
    pub total: u64,
}

/// What the board shows of a station.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationStatus {
    /// The station's uncorrected wall clock, milliseconds since 1970 UTC.
    pub wall_ms: i64,
    /// Entries that will still be waiting after this request.
    pub waiting: u64,
    /// The session that it serves.
    pub session: Option<SessionId>,
    /// The initials of who sits there; shown to supervisors, kept nowhere else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub initials: String,
}

/// The request's body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// Version of the protocol.
    pub protocol: u32,
    /// Own entries after the last acknowledged one, in order; at most [`crate::limits::ENTRIES_PER_REQUEST_MAX`].
    pub entries: Vec<EntryBytes>,
    /// How far the feed was applied here.
    pub cursor: Cursor,
    /// The grants that the station knows of, so that a restored server can learn.
    #[serde(default)]
    pub grants: Vec<GrantTotal>,
    /// Rights that it would like; at most [`crate::limits::WANTS_PER_REQUEST_MAX`].
    #[serde(default)]
    pub wants: Vec<Want>,
    /// For the board.
    #[serde(default)]
    pub status: StationStatus,
}

/// The answer's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncAnswer {
    /// Always "usher".
    pub service: String,
    /// The server's term.
    pub term: Term,
    /// The end of the station's log as the server holds it, durably.
    pub acknowledged: Head,
    /// The feed after the cursor, in order; own entries are left out.
    pub changes: Vec<Positioned>,
    /// The feed's position that `changes` lead to.
    pub cursor: Cursor,
    /// Whether the feed goes on behind the cursor.
    pub more: bool,
    /// The totals of this log's grants; to be applied only together with the feed up to `cursor`, and only when `more` is false.
    pub grants: Vec<GrantTotal>,
    /// The server's clock, milliseconds since 1970 UTC.
    pub server_ms: i64,
    /// The oldest protocol that the server takes.
    pub oldest: u32,
}

/// One item of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Positioned {
    /// Its position; positions grow, and may have gaps.
    pub position: u64,
    /// What changed.
    #[serde(flatten)]
    pub change: Change,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The event's settings.
    Event(EventRecord),
    /// A session, new or changed.
    Session(SessionRecord),
    /// A participant, new or changed, with the registrations.
    Person(PersonRecord),
    /// A desk.
    Station(StationRecord),
    /// An entry of another log.
    Entry(EntryBytes),
    /// A kind that this version does not know: kept as it came.
    #[serde(untagged)]
    Unknown(serde_json::Map<String, serde_json::Value>),
}

/// The first line of a snapshot (newline-delimited JSON, zstd). Lines of [`Change`] follow, then a [`SnapshotEnd`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotHead {
    /// Always "usher".
    pub service: String,
    /// Where in the feed the snapshot stands.
    pub cursor: Cursor,
    /// How many lines of changes follow: for progress.
    pub changes: u64,
}

/// The last line of a snapshot: without it, or when it does not agree, the snapshot is not whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotEnd {
    /// How many lines of changes came.
    pub end: u64,
    /// SHA-256, in lower-case hexadecimal, over the lines of changes with their newlines.
    pub sha256: String,
}

/// A bell of `POST /v1/wake` (server-sent events, name `wake`): the feed has reached this position. The client syncs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wake {
    /// The feed's end.
    pub cursor: Cursor,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_change_is_kept_whole() {
        let line = r#"{"position":7,"hologram":{"colour":"blue"}}"#;
        let item: Positioned = serde_json::from_str(line).unwrap();
        assert!(matches!(&item.change, Change::Unknown(map) if map.contains_key("hologram")));
        assert_eq!(serde_json::to_string(&item).unwrap(), line);
    }

    #[test]
    fn an_entry_travels_byte_for_byte() {
        let item = Positioned { position: 3, change: Change::Entry(EntryBytes(vec![0, 255, 7])) };
        let json = serde_json::to_string(&item).unwrap();
        assert_eq!(json, r#"{"position":3,"entry":"AP8H"}"#);
        assert_eq!(serde_json::from_str::<Positioned>(&json).unwrap(), item);
    }

    #[test]
    fn a_request_of_a_later_version_is_read() {
        let json = r#"{"protocol":1,"entries":[],"cursor":{"term":1,"position":2,"branch":9},"later":true}"#;
        let request: SyncRequest = serde_json::from_str(json).unwrap();
        assert_eq!(request.cursor, Cursor { term: 1, position: 2 });
    }
}
