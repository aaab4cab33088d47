//! What a store keeps, in the terms of the domain.

use usher_core::{
    branch::Branch,
    capacity::WrittenOff,
    clock::Hlc,
    entry::{Basis, Head, Outcome, Subject},
    fold::{Admitted, Tally},
    ids::{
        ActorId, EntryHash, EntryKey, Epoch, Identity, IncidentId, MachineId, PersonId, SessionId, StationId,
        Term,
    },
};
use usher_protocol::{
    enrol::Role,
    records::{EventRecord, PersonRecord, SessionRecord, StationRecord},
    sync::{Asks, Change},
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
    /// The seed of the key that signs tickets, the newest of those that the record names; none: there is none yet, or it was withdrawn.
    pub ticket_key: Option<Zeroizing<[u8; 32]>>,
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
    /// The session that it serves; where it serves several, the usual one.
    pub session: Option<SessionId>,
    /// What it serves beside that.
    pub also: Vec<SessionId>,
    /// The initials of who sits there.
    pub initials: String,
    /// What it asks supervisors for.
    pub asks: Option<Asks>,
}

impl Contact {
    /// Whether it serves a session.
    #[must_use]
    pub fn serves(&self, session: SessionId) -> bool {
        self.session == Some(session) || self.also.contains(&session)
    }
}

/// A supervisor's message to desks; the words stand in its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// The entry.
    pub key: EntryKey,
    /// When it was written.
    pub hlc: Hlc,
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
    /// It takes no further rights: settled, or continued twice.
    pub fenced: bool,
    /// Its CloseEpoch is held, or its recovered disk is known to be whole: nothing more can come that used a right or a hold.
    pub closed: bool,
    /// The newest term in which it gave back everything; below the server's: its rights and holds are not known for sure. Of a log that the
    /// server wrote itself: the term in which it did.
    pub reported: Term,
    /// It is the second branch of another log, which begins at this entry.
    pub branch: Option<Branch>,
}

impl LogRow {
    /// A log of which nothing was received, first seen in `term`.
    #[must_use]
    pub const fn empty(term: Term) -> Self {
        Self {
            head: Head::EMPTY,
            handed: 0,
            stated: 0,
            proof: None,
            fenced: false,
            closed: false,
            reported: term,
            branch: None,
        }
    }
}

/// A revision of a session's held seats; later terms come after earlier ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct HoldsRev {
    /// The server's term.
    pub term: Term,
    /// Counts within the term.
    pub rev: u64,
}

/// What became of a registration's held seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldState {
    /// Held.
    On,
    /// Taken away, but some desk may not know: it still takes a place.
    Cut,
    /// Taken away, and every desk that could use it has ended it.
    Free,
}

/// One registration's held seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldRow {
    /// At which session.
    pub session: SessionId,
    /// Whose.
    pub person: PersonId,
    /// The newest revision that names it.
    pub rev: HoldsRev,
    /// What that revision says.
    pub state: HoldState,
    /// Whether a held check-in of the person still takes a seat: then the hold takes none beside it.
    pub used: bool,
}

impl HoldRow {
    /// Whether the hold takes a place of its own (H of DESIGN section 5).
    #[must_use]
    pub const fn counts(&self) -> bool {
        !matches!(self.state, HoldState::Free) && !self.used
    }
}

/// A log's rights for a session that were written off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledRow {
    /// Whose log.
    pub i: Identity,
    /// The end of the log as it was held then.
    pub after: u64,
    /// The numbers.
    pub off: WrittenOff,
}

/// How a person settled an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolvedRow {
    /// Which.
    pub incident: IncidentId,
    /// How.
    pub outcome: Outcome,
    /// The Resolve.
    pub by: EntryKey,
    /// The most beyond the capacity that anybody noted, for an over capacity incident; none: however many.
    pub over_by: Option<u64>,
}

/// The end of a log of a revoked desk up to which a supervisor accepted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedRow {
    /// The desk.
    pub station: StationId,
    /// The last entry that was accepted, of whichever log of that desk: its hash says which.
    pub head: Head,
}

/// Whom an exit is about, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitPlace {
    /// From where.
    pub session: SessionId,
    /// Who.
    pub person: PersonId,
    /// Its logical time.
    pub hlc: Hlc,
}

/// An exit whose check-in was not known where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitRow {
    /// The exit.
    pub key: EntryKey,
    /// What it says; none: only a Bind of it is known.
    pub place: Option<ExitPlace>,
    /// Whether a Bind names the check-in that it ends.
    pub bound: bool,
}

/// How far a log ended its holds for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedRow {
    /// Whose log.
    pub i: Identity,
    /// Up to which revision.
    pub rev: HoldsRev,
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
    /// H: held seats without a held check-in that takes a seat.
    pub held: u64,
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
