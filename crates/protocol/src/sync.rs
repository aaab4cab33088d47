//! `POST /v1/sync`: one idempotent call up and down; `POST /v1/snapshot` for a new desk; `POST /v1/wake` as the live bell.
//!
//! Who asks, the head of its log, `handed` and the term stand in the request's proof ([`crate::proof`]), not in the body.

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use usher_core::{
    branch::{Branch, Fork},
    entry::Head,
    ids::{Identity, PersonId, SessionId, Term},
};

use crate::{
    error::SERVICE,
    limits::PROTOCOL_OLDEST,
    profile::ProfileRecord,
    records::{EventRecord, PersonRecord, SessionRecord, StationRecord},
};

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The initials of who sits there; shown to supervisors, kept nowhere else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub initials: String,
    /// What it serves beside that, at most [`crate::limits::SERVED_MAX`] in all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<SessionId>,
    /// What it asks supervisors for; none: nothing, or a version that cannot ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Asks>,
}

/// What a desk asks supervisors for, until it is answered or withdrawn. Times are milliseconds since 1970 UTC by the desk's corrected clock,
/// and name the question: an answer repeats them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// That somebody comes: when it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_ms: Option<i64>,
    /// A place for a guest whom it had to refuse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceAsked>,
}

/// A desk asks for a place at a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceAsked {
    /// When.
    pub at_ms: i64,
    /// At which session.
    pub session: SessionId,
    /// For whom; none: for a ticket that is not on its list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<GrantTotal>,
    /// Rights that it would like; at most [`crate::limits::WANTS_PER_REQUEST_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wants: Vec<Want>,
    /// For the board.
    #[serde(default)]
    pub status: StationStatus,
    /// What the server signed last for this station: a server put back to an older backup learns from it that it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Signed>,
    /// What the server signed of the list that this station fetched, until an answer has come to a request that shows it: a server that
    /// was put back since then learns from it what `receipt` may be too old to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<Signed>,
    /// Parts of other logs that the server said it lacks; at most [`crate::limits::ENTRIES_PER_REQUEST_MAX`] entries with
    /// `entries`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relayed: Vec<Relayed>,
    /// Whether this request, with those before it, gives back everything that the server lacks; none: a station of version 0.1,
    /// which has nothing to give back but its own log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_given_back: Option<bool>,
    /// The held seats of earlier terms that this station may use, with the request that says that all was given back: a restored server may
    /// have lost the entries that gave them for good, where it went on in the same term before it knew (DESIGN section 5, *Restored
    /// server*). At most [`crate::limits::HELD_PER_REQUEST_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<HeldSeats>,
    /// Personal data beside the log ([`crate::profile`]), at most [`crate::limits::PROFILES_PER_REQUEST_MAX`]; passed over by a server
    /// that knows none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<ProfileRecord>,
    /// In a page of a carry file the same, encrypted ([`crate::sealed`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_profiles: Option<EntryBytes>,
    /// How this station came to the server's key that it knows: shown to a server that answered with an older one, which may have been
    /// put back to before it was replaced. At most [`crate::limits::SUCCESSIONS_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successions: Vec<Signed>,
}

impl SyncRequest {
    /// Everything in it that the server signed.
    pub fn words(&self) -> impl Iterator<Item = &Signed> {
        [&self.receipt, &self.list].into_iter().flatten()
    }
}

/// Seats of a session that are held as far as a station knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSeats {
    /// Of which session.
    pub session: SessionId,
    /// For whom.
    pub people: Vec<PersonId>,
}

/// Bytes with a signature under them: an answer's or a request's proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The proof's bytes.
    pub proof: EntryBytes,
    /// The signature, 64 bytes.
    pub signature: EntryBytes,
}

impl Signed {
    /// `proof` with its signature.
    #[must_use]
    pub fn new(proof: Vec<u8>, signature: &[u8; 64]) -> Self {
        Self { proof: EntryBytes(proof), signature: EntryBytes(signature.to_vec()) }
    }

    /// The signature, where it has the right length.
    #[must_use]
    pub fn signature(&self) -> Option<[u8; 64]> {
        self.signature.0.as_slice().try_into().ok()
    }
}

/// A part of somebody else's log, on its way by another road than its own desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relayed {
    /// Whose log.
    pub log: Identity,
    /// Consecutive entries.
    pub entries: Vec<EntryBytes>,
    /// The owner's proof of an end of that log at or behind these entries: for a desk's log the proof of a request, for the
    /// server's own that of an answer.
    pub proof: Signed,
}

/// How far a log is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEnd {
    /// Whose log.
    pub log: Identity,
    /// The number of the last entry held; 0: none.
    pub seq: u64,
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
    /// How many rights of this log should be returned in all; applied as `grants` are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recalls: Vec<GrantTotal>,
    /// The server's clock, milliseconds since 1970 UTC.
    pub server_ms: i64,
    /// The oldest protocol that the server takes.
    pub oldest: u32,
    /// Whether this log takes no further rights: the station opens a new epoch (DESIGN section 5, *Settle*).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fenced: bool,
    /// This log is the second branch of one that was continued twice, from this entry on; none: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchMark>,
    /// Where the server wants to be given back what it lacks since it was put back to a backup: how far it holds each log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacks: Option<Vec<LogEnd>>,
    /// Whether some desk is still awaited since the server was put back: nothing is granted or held meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub learning: bool,
    /// How the server's key was replaced, from the first on ([`usher_core::succession`]), for a station that does not show that it knows
    /// the newest; it takes the newest before it believes the signature under this answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successions: Vec<Signed>,
    /// Whose profiles of the request were dealt with: kept, or never to be taken. None: the server knows no profiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profiles: Option<Vec<PersonId>>,
    /// What the station asks supervisors for ([`Asks`]) stands on their board; false: nothing, or by a server that has no place for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_kept: bool,
}

impl SyncAnswer {
    /// An answer of this term that holds nothing of the station's log and brings nothing: the feed stands at `position`.
    #[must_use]
    pub fn quiet(term: Term, position: u64, server_ms: i64) -> Self {
        Self {
            service: SERVICE.into(),
            term,
            acknowledged: Head::EMPTY,
            changes: Vec::new(),
            cursor: Cursor { term, position },
            more: false,
            grants: Vec::new(),
            recalls: Vec::new(),
            server_ms,
            oldest: PROTOCOL_OLDEST,
            fenced: false,
            branch: None,
            lacks: None,
            learning: false,
            successions: Vec::new(),
            profiles: None,
            asks_kept: false,
        }
    }
}

/// Where a second branch begins, and under which epoch it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchMark {
    /// The first entry that differs, and the branch's epoch.
    #[serde(flatten)]
    pub fork: Fork,
    /// Of a branch that left another branch: where that one had left the log, and so on, the earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Fork>,
}

impl BranchMark {
    /// The branch of `of` that bears this mark.
    #[must_use]
    pub fn of(self, of: Identity) -> Branch {
        Branch { of, fork: self.fork, before: self.before }
    }
}

impl From<Branch> for BranchMark {
    fn from(branch: Branch) -> Self {
        Self { fork: branch.fork, before: branch.before }
    }
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
    /// An entry of the second branch of a log.
    Branch(BranchEntry),
    /// The newest proof of the end of another log, by which its entries can be passed on.
    Proof(LogProof),
    /// A kind that this version does not know: kept as it came.
    #[serde(untagged)]
    Unknown(serde_json::Map<String, serde_json::Value>),
}

/// An entry that was written twice under one number: this one counts under the branch's epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchEntry {
    /// Where the branch begins.
    #[serde(flatten)]
    pub mark: BranchMark,
    /// The entry.
    pub entry: EntryBytes,
}

/// The proof of a log's end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogProof {
    /// Whose log.
    pub log: Identity,
    /// The end that it proves.
    pub head: Head,
    /// The proof.
    #[serde(flatten)]
    pub signed: Signed,
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
    /// What the server signs of it, as of an answer; the body is the lines of changes, and it goes to the server's own log, which
    /// stands for everybody. None: an older server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
    /// How the server's key was replaced, from the first on, as in an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successions: Vec<Signed>,
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

    /// The fuzzer's target of answers relies on this.
    #[test]
    fn a_change_that_names_a_field_twice_is_of_no_known_kind_until_it_is_written_again() {
        let id = "018f0000-0000-7000-8000-000000000001";
        let line =
            format!(r#"{{"position":1,"station":{{"id":"{id}","name":"A","public_key":"","name":"B"}}}}"#);
        let item: Positioned = serde_json::from_str(&line).unwrap();
        assert!(matches!(&item.change, Change::Unknown(_)), "{item:?}");
        let again: Positioned = serde_json::from_str(&serde_json::to_string(&item).unwrap()).unwrap();
        assert!(matches!(&again.change, Change::Station(station) if station.name == "B"), "{again:?}");
        let text = serde_json::to_string(&again).unwrap();
        assert_eq!(serde_json::from_str::<Positioned>(&text).unwrap(), again);
    }

    #[test]
    fn an_entry_travels_byte_for_byte() {
        let item = Positioned { position: 3, change: Change::Entry(EntryBytes(vec![0, 255, 7])) };
        let json = serde_json::to_string(&item).unwrap();
        assert_eq!(json, r#"{"position":3,"entry":"AP8H"}"#);
        assert_eq!(serde_json::from_str::<Positioned>(&json).unwrap(), item);
    }

    /// A server of 0.1.0 wants `entries` and `waiting` even when there is nothing to say; what it can do without is left out.
    #[test]
    fn a_quiet_request_names_nothing_that_it_does_not_have() {
        let quiet = SyncRequest { protocol: 1, ..SyncRequest::default() };
        let json = serde_json::to_string(&quiet).unwrap();
        let expected = r#"{"protocol":1,"entries":[],"cursor":{"term":0,"position":0},"status":{"wall_ms":0,"waiting":0}}"#;
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_str::<SyncRequest>(&json).unwrap(), quiet);
    }

    #[test]
    fn a_request_of_a_later_version_is_read() {
        let json = r#"{"protocol":1,"entries":[],"cursor":{"term":1,"position":2,"branch":9},"later":true}"#;
        let request: SyncRequest = serde_json::from_str(json).unwrap();
        assert_eq!(request.cursor, Cursor { term: 1, position: 2 });
    }
}
