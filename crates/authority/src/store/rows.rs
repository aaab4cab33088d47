//! What a store keeps, in the terms of the domain.

use usher_core::{
    clock::Hlc,
    entry::{Basis, Head, Subject},
    fold::{Admitted, Tally},
    ids::{ActorId, EntryHash, EntryKey, Epoch, Identity, MachineId, SessionId, StationId, Term},
};
use usher_protocol::{
    enrol::Role,
    records::{EventRecord, PersonRecord, SessionRecord, StationRecord},
    sync::Change,
};
use zeroize::Zeroizing;

/// The event and what the server needs to speak for it.
#[derive(Clone)]
pub struct EventRow {
    /// What desks see.
    pub record: EventRecord,
    /// The secret under which ticket codes are digested.
    pub secret: Zeroizing<[u8; 32]>,
    /// The seed of the server's Ed25519 key.
    pub key: Zeroizing<[u8; 32]>,
    /// The log that the server writes.
    pub own: Identity,
    /// The server's term.
    pub term: Term,
}

impl std::fmt::Debug for EventRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventRow")
            .field("record", &self.record)
            .field("own", &self.own)
            .finish_non_exhaustive()
    }
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// What desks see.
    pub record: SessionRecord,
    /// The short code by which the organiser's files may name it.
    pub code: Option<String>,
}

/// A participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// What desks see.
    pub record: PersonRecord,
    /// The ticket's code in plain: the organiser's, never sent to desks.
    pub code: Option<String>,
    /// The digest of (order, e-mail, name) by which an import recognises a person whose code is new; none: by code only.
    pub likeness: Option<[u8; 32]>,
}

/// An enrolled desk or supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationRow {
    /// What others see of a desk; supervisors never go down the feed.
    pub record: StationRecord,
    /// What it may do.
    pub role: Role,
    /// The id under which a supervisor acts.
    pub actor: Option<ActorId>,
    /// The computer that enrolled.
    pub machine: MachineId,
}

/// What a desk last said of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The life of its log that spoke.
    pub epoch: Epoch,
    /// When, by the server's clock, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// How far its wall clock was off, milliseconds; positive: slow.
    pub skew_ms: i64,
    /// Entries that it had not sent.
    pub waiting: u64,
    /// The session that it serves.
    pub session: Option<SessionId>,
    /// The initials of who sits there.
    pub initials: String,
}

/// A one-time enrolment code, by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// The role that it gives.
    pub role: Role,
    /// The name of the desk or supervisor to be.
    pub name: String,
    /// When it stops being good, milliseconds since 1970 UTC.
    pub expires_ms: i64,
    /// Who used it.
    pub used_by: Option<StationId>,
}

/// The state of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// Its end as we hold it.
    pub head: Head,
    /// The largest handover statement that the log we hold covers: up to here releases free seats (DESIGN section 5).
    pub handed: u64,
    /// A handover statement that the log we hold does not cover yet; 0: none.
    pub stated: u64,
    /// The request proof made at `head`, and the signature under it.
    pub proof: Option<(Vec<u8>, [u8; 64])>,
}

impl LogRow {
    /// A log of which nothing was received.
    pub const EMPTY: Self = Self { head: Head::EMPTY, handed: 0, stated: 0, proof: None };
}

/// One entry as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Where it stands.
    pub key: EntryKey,
    /// SHA-256 of the bytes.
    pub hash: EntryHash,
    /// The canonical bytes.
    pub bytes: Vec<u8>,
    /// When it was received, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// What is remarkable about it: bits of [`crate::remark`].
    pub remarks: u32,
    /// The signature under its hash, for the server's own entries.
    pub signature: Option<[u8; 64]>,
}

/// Bytes that contradict a log or cannot stand in it: kept for a person to look at, part of no fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The place in the log that they claim, or where they came.
    pub key: EntryKey,
    /// SHA-256 of the bytes.
    pub hash: EntryHash,
    /// The bytes of the entry, or of the request proof.
    pub bytes: Vec<u8>,
    /// When they were received, milliseconds since 1970 UTC.
    pub received_ms: i64,
}

/// A check-in as the fold and the capacity see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckInRow {
    /// The entry.
    pub key: EntryKey,
    /// Where.
    pub session: SessionId,
    /// Who.
    pub subject: Subject,
    /// Its logical time.
    pub hlc: Hlc,
    /// On which right.
    pub basis: Basis,
    /// When it was received, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// Whether a release names it.
    pub released: bool,
    /// Whether its right went back to its desk before handover.
    pub refunded: bool,
    /// Whether its seat is free for others: never before `released`.
    pub freed: bool,
}

impl CheckInRow {
    /// As the fold takes it.
    #[must_use]
    pub const fn admitted(&self) -> Admitted {
        Admitted { key: self.key, hlc: self.hlc, basis: self.basis, released: self.released }
    }
}

/// An entry that names a check-in (or what may become one) as released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// The entry named.
    pub of: EntryKey,
    /// The Undo or CheckOut.
    pub by: EntryKey,
    /// Whether it says that the right went back to the log's own desk.
    pub refund: bool,
}

/// The cached sums of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionSums {
    /// What the fold says.
    pub tally: Tally,
    /// Check-ins that are released but whose seats are not free yet, for want of a handover.
    pub withheld: u64,
}

/// One item of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Its position.
    pub position: u64,
    /// What changed.
    pub change: Change,
    /// About how many bytes it has.
    pub bytes: usize,
}
