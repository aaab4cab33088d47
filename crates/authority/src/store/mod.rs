//! The store: transactions over primitives in domain terms, and the contract that every store keeps.
//!
//! The contract, checked for each store by the module `conformance` (feature of the same name):
//!
//! 1. **All or nothing.** What a [`Store::write`] put is visible to others after it gave `Ok` and durable then (a store in memory:
//!    as long as it lives); after `Err`, or when the closure gives `Err`, nothing of it is.
//! 2. **One writer.** Writes happen one after the other, also those of other processes. A [`Store::read`] sees one state: no
//!    write shows half, and none that is committed while it lasts.
//! 3. **One feed.** Event, sessions, persons, desks, logs' proofs and published entries have positions 1, 2, 3 …, given in the order of the puts,
//!    never used twice; gaps are allowed. A record has only its newest position: putting it again moves it to the end. An
//!    entry's position never changes. Positions become visible in their order: who has seen position n will never find a new
//!    item at or below n.
//! 4. **Facts stay.** There is no way to change or remove an entry or evidence; putting an entry whose key is taken is an error
//!    ([`Error::Damaged`](crate::Error::Damaged)) and keeps the first.
//! 5. **Bytes stay.** Entries, proofs and evidence come back byte for byte; records come back equal.
//! 6. **Keys stay.** Successions are numbered 1, 2, 3 … as they were put, and never change; they are outside the feed.
//! 7. **Caches are separate.** [`Txn::clear_derived`] empties check-ins, releases, sums, rights, holds, settlements, settled incidents,
//!    accepted ends, merges, exits, messages and who read them, and nothing else.
//!
//! A store knows no rule: what a check-in means is in [`crate::Authority`].

mod rows;

pub use rows::{
    AcceptedRow, CheckInRow, CodeRow, Contact, EndedRow, EntryRow, EventRow, Evidence, ExitPlace, ExitRow,
    FeedRow, HoldRow, HoldState, HoldsRev, LogRow, MessageRow, PersonRow, Release, ResolvedRow, SessionRow,
    SessionSums, SettledRow, StationRow,
};

use usher_core::{
    capacity::Rights,
    clock::Hlc,
    entry::{Checkpoint, Subject},
    fold::Merged,
    ids::{CodeDigest, EntryKey, Identity, IncidentId, PersonId, Seq, SessionId, StationId, Term},
};

use usher_protocol::sync::Signed;

use crate::Result;

/// What a visitor of rows says: whether to go on.
pub type GoOn = bool;

/// What keeps the server's data. See the module for the contract.
pub trait Store: Send + Sync {
    /// Reads one consistent state.
    ///
    /// # Errors
    /// What `work` gives, and the store's own.
    fn read<T>(&self, work: impl FnOnce(&dyn Look) -> Result<T>) -> Result<T>;

    /// Runs `work` as one transaction and commits it when it gives `Ok`.
    ///
    /// # Errors
    /// What `work` gives, and the store's own; nothing was kept then.
    fn write<T>(&self, work: impl FnOnce(&mut dyn Txn) -> Result<T>) -> Result<T>;

    /// A number that differs from the one before when another process has committed in between; cheap.
    ///
    /// # Errors
    /// The store's own.
    fn changed_elsewhere(&self) -> Result<u64>;
}

/// Looking at one consistent state. All functions fail only with the store's own errors.
#[expect(clippy::missing_errors_doc, reason = "the same for all, stated once above")]
pub trait Look {
    /// The event; none: a fresh database.
    fn event(&self) -> Result<Option<EventRow>>;
    /// How the server's key was replaced, in order.
    fn successions(&self) -> Result<Vec<Signed>>;

    /// The newest position of the feed; 0: empty.
    fn feed_end(&self) -> Result<u64>;
    /// How many items the feed has.
    fn feed_len(&self) -> Result<u64>;
    /// The feed behind `after`, in order, without the entries of the log `without`, until `visit` says stop.
    fn feed(
        &self,
        after: u64,
        without: Option<Identity>,
        visit: &mut dyn FnMut(FeedRow) -> Result<GoOn>,
    ) -> Result<()>;

    /// One session.
    fn session(&self, id: SessionId) -> Result<Option<SessionRow>>;
    /// Every session, by start, then id.
    fn sessions(&self) -> Result<Vec<SessionRow>>;

    /// One person.
    fn person(&self, id: PersonId) -> Result<Option<PersonRow>>;
    /// Whose current ticket code has this digest.
    fn person_by_code(&self, code: CodeDigest) -> Result<Option<PersonRow>>;
    /// Whether the digest is anybody's current or earlier code.
    fn knows_code(&self, code: CodeDigest) -> Result<bool>;
    /// The people of one likeness, in the order in which they were first put.
    fn persons_like(&self, likeness: &[u8; 32]) -> Result<Vec<PersonRow>>;
    /// Every person, in the order in which they were first put.
    fn persons(&self, visit: &mut dyn FnMut(PersonRow) -> Result<GoOn>) -> Result<()>;
    /// How many there are.
    fn person_count(&self) -> Result<u64>;

    /// One desk or supervisor.
    fn station(&self, id: StationId) -> Result<Option<StationRow>>;
    /// Every desk and supervisor, by name, then id.
    fn stations(&self) -> Result<Vec<StationRow>>;
    /// What every desk last said in each of its logs: by the desk's id, the newest last.
    fn contacts(&self) -> Result<Vec<(StationId, Contact)>>;
    /// A one-time code.
    fn enrol_code(&self, digest: CodeDigest) -> Result<Option<CodeRow>>;

    /// One log.
    fn log(&self, i: Identity) -> Result<Option<LogRow>>;
    /// Every log, by identity.
    fn logs(&self) -> Result<Vec<(Identity, LogRow)>>;
    /// The second branches of a log, by identity.
    fn branches(&self, i: Identity) -> Result<Vec<(Identity, LogRow)>>;
    /// The logs that have not given back everything in `term` or later, by identity.
    fn unreported(&self, term: Term) -> Result<Vec<(Identity, LogRow)>>;
    /// One entry.
    fn entry(&self, key: EntryKey) -> Result<Option<EntryRow>>;
    /// The published entries, in the order of the feed.
    fn entries(&self, visit: &mut dyn FnMut(EntryRow) -> Result<GoOn>) -> Result<()>;
    /// The published entries behind position `after`, with their positions, in order.
    fn entries_after(&self, after: u64, visit: &mut dyn FnMut(u64, EntryRow) -> Result<GoOn>) -> Result<()>;
    /// The entries of one log behind number `after`, published or not, by number.
    fn entries_of(
        &self,
        i: Identity,
        after: u64,
        visit: &mut dyn FnMut(EntryRow) -> Result<GoOn>,
    ) -> Result<()>;
    /// The last published entry of one log; 0: none. What is kept as disputed stands behind it.
    fn published_end(&self, i: Identity) -> Result<Seq>;
    /// The newest commitment to a prefix of the feed; none: there is none yet.
    fn checkpoint(&self) -> Result<Option<Checkpoint>>;
    /// The newest link of the chain over the feed at `position` or before it; none: there is none.
    fn root(&self, position: u64) -> Result<Option<Checkpoint>>;
    /// What contradicts one log, by seq, then hash.
    fn evidence(&self, i: Identity) -> Result<Vec<Evidence>>;
    /// How many pieces of evidence there are against one log.
    fn evidence_count(&self, i: Identity) -> Result<u64>;
    /// For each log with evidence the first piece's place and time of receipt, by identity.
    fn broken(&self) -> Result<Vec<(EntryKey, i64)>>;

    /// One check-in.
    fn check_in(&self, key: EntryKey) -> Result<Option<CheckInRow>>;
    /// The check-ins of one subject at one session, by key.
    fn group(&self, session: SessionId, subject: Subject) -> Result<Vec<CheckInRow>>;
    /// Subjects with more than one unreleased check-in at the session, in their order.
    fn doubled(&self, session: SessionId) -> Result<Vec<Subject>>;
    /// At most `rows_max` unreleased check-ins of the session, the last by (hlc, key) first.
    fn last_standing(&self, session: SessionId, rows_max: u64) -> Result<Vec<CheckInRow>>;
    /// Unreleased check-ins whose subject is a code, by key.
    fn standing_codes(&self) -> Result<Vec<CheckInRow>>;
    /// Check-ins of the log, up to seq `up_to`, that are released but not freed, by seq.
    fn withheld(&self, i: Identity, up_to: u64) -> Result<Vec<CheckInRow>>;
    /// How many check-ins were received from the station at or after `since_ms`.
    fn received_since(&self, station: StationId, since_ms: i64) -> Result<u64>;
    /// Every check-in, by key.
    fn check_ins(&self, visit: &mut dyn FnMut(CheckInRow) -> Result<GoOn>) -> Result<()>;
    /// The check-ins of one log behind entry number `after`, by seq.
    fn check_ins_of(
        &self,
        i: Identity,
        after: u64,
        visit: &mut dyn FnMut(CheckInRow) -> Result<GoOn>,
    ) -> Result<()>;
    /// What releases the entry, by the releasing entry's key.
    fn releases_of(&self, of: EntryKey) -> Result<Vec<Release>>;
    /// The sums of one session; zeros for one without entries.
    fn sums(&self, session: SessionId) -> Result<SessionSums>;
    /// The sums of every session with entries, by id: also of sessions that are not configured here.
    fn all_sums(&self) -> Result<Vec<(SessionId, SessionSums)>>;
    /// Every log's rights for the session, by identity.
    fn rights(&self, session: SessionId) -> Result<Vec<(Identity, Rights)>>;
    /// One log's rights for every session, by session.
    fn rights_of(&self, i: Identity) -> Result<Vec<(SessionId, Rights)>>;

    /// One registration's held seat.
    fn hold(&self, session: SessionId, person: PersonId) -> Result<Option<HoldRow>>;
    /// The held seats of a session in that state, by person.
    fn holds(&self, session: SessionId, state: HoldState) -> Result<Vec<HoldRow>>;
    /// Those of them whose newest revision is of a term before `term`, by person. Cheap when there are none.
    fn holds_before(&self, session: SessionId, state: HoldState, term: Term) -> Result<Vec<HoldRow>>;
    /// Up to which revision what was taken away is free.
    fn holds_freed(&self, session: SessionId) -> Result<HoldsRev>;
    /// How far each log ended its holds for the session, by identity.
    fn holds_ended(&self, session: SessionId) -> Result<Vec<EndedRow>>;
    /// What was written off of a session's rights, by identity.
    fn settled(&self, session: SessionId) -> Result<Vec<SettledRow>>;
    /// How the incident was settled.
    fn resolved(&self, incident: IncidentId) -> Result<Option<ResolvedRow>>;
    /// Every settled incident, by id.
    fn all_resolved(&self) -> Result<Vec<ResolvedRow>>;
    /// The ends up to which supervisors accepted logs of a revoked desk, by number, then hash.
    fn accepted(&self, station: StationId) -> Result<Vec<AcceptedRow>>;

    /// One Merge, or what is known of it.
    fn merge(&self, key: EntryKey) -> Result<Option<Merged>>;
    /// The Merges that name the person, taken back or not, by key. Asked at every check-in.
    fn merges_of(&self, person: PersonId) -> Result<Vec<Merged>>;
    /// Every Merge, by key.
    fn merges(&self) -> Result<Vec<Merged>>;
    /// One exit, or what is known of it.
    fn exit(&self, key: EntryKey) -> Result<Option<ExitRow>>;
    /// The unbound exits of a session whose person has an unreleased check-in there, by key.
    fn open_exits(&self, session: SessionId) -> Result<Vec<ExitRow>>;

    /// At most `rows_max` messages to desks that were written at or after `since`, the newest first: by (time, key).
    fn messages(&self, since: Hlc, rows_max: u64) -> Result<Vec<MessageRow>>;
    /// The desks at which a message was read, by id.
    fn message_reads(&self, of: EntryKey) -> Result<Vec<StationId>>;
}

/// Looking and changing, within one transaction. All functions fail only with the store's own errors.
#[expect(clippy::missing_errors_doc, reason = "the same for all, stated once above")]
pub trait Txn: Look {
    /// Makes or replaces the event.
    fn put_event(&mut self, row: &EventRow) -> Result<()>;
    /// Adds a succession behind those that are there.
    fn put_succession(&mut self, succession: &Signed) -> Result<()>;
    /// Makes or replaces a session.
    fn put_session(&mut self, row: &SessionRow) -> Result<()>;
    /// Makes or replaces a person.
    fn put_person(&mut self, row: &PersonRow) -> Result<()>;
    /// Makes or replaces a desk or supervisor; only a desk goes down the feed.
    fn put_station(&mut self, row: &StationRow) -> Result<()>;
    /// Replaces what a desk last said in this log; not in the feed.
    fn put_contact(&mut self, station: StationId, contact: &Contact) -> Result<()>;
    /// Makes or replaces a one-time code; not in the feed.
    fn put_enrol_code(&mut self, digest: CodeDigest, row: &CodeRow) -> Result<()>;
    /// Makes or replaces the state of a log. Its proof goes down the feed whenever it changes.
    fn put_log(&mut self, i: Identity, row: &LogRow) -> Result<()>;
    /// Adds an entry; `published`: at the end of the feed, otherwise outside it.
    fn put_entry(&mut self, row: &EntryRow, published: bool) -> Result<()>;
    /// Adds evidence; the same bytes at the same place once more change nothing.
    fn put_evidence(&mut self, row: &Evidence) -> Result<()>;
    /// Makes or replaces a check-in.
    fn put_check_in(&mut self, row: &CheckInRow) -> Result<()>;
    /// Adds a release; the same one once more changes nothing.
    fn put_release(&mut self, row: &Release) -> Result<()>;
    /// Makes or replaces a session's sums.
    fn put_sums(&mut self, session: SessionId, sums: &SessionSums) -> Result<()>;
    /// Makes or replaces a log's rights for a session.
    fn put_rights(&mut self, session: SessionId, i: Identity, rights: &Rights) -> Result<()>;
    /// Replaces the newest commitment to a prefix of the feed.
    fn put_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<()>;
    /// Adds a link to the chain over the feed.
    fn put_root(&mut self, link: &Checkpoint) -> Result<()>;
    /// Puts an entry that was kept outside the feed at its end; false: it is in the feed already, or is not there.
    fn publish_entry(&mut self, key: EntryKey) -> Result<bool>;
    /// Makes or replaces a held seat.
    fn put_hold(&mut self, row: &HoldRow) -> Result<()>;
    /// Raises up to which revision what was taken away is free.
    fn put_holds_freed(&mut self, session: SessionId, rev: HoldsRev) -> Result<()>;
    /// Replaces how far a log ended its holds.
    fn put_holds_ended(&mut self, session: SessionId, row: &EndedRow) -> Result<()>;
    /// Makes or replaces what was written off.
    fn put_settled(&mut self, session: SessionId, row: &SettledRow) -> Result<()>;
    /// Makes or replaces how an incident was settled.
    fn put_resolved(&mut self, row: &ResolvedRow) -> Result<()>;
    /// Adds an accepted end; the same one once more changes nothing.
    fn put_accepted(&mut self, row: &AcceptedRow) -> Result<()>;
    /// Makes or replaces what is known of a Merge.
    fn put_merge(&mut self, row: &Merged) -> Result<()>;
    /// Makes or replaces what is known of an exit.
    fn put_exit(&mut self, row: &ExitRow) -> Result<()>;
    /// Adds a message to desks; the same one once more changes nothing.
    fn put_message(&mut self, row: &MessageRow) -> Result<()>;
    /// Notes that a message was read at a desk, known or not; once more changes nothing.
    fn put_message_read(&mut self, of: EntryKey, desk: StationId) -> Result<()>;
    /// Forgets everything that is derived from entries: check-ins, releases, sums, rights, holds, settlements,
    /// settled incidents, accepted ends, merges, exits, messages and who read them.
    fn clear_derived(&mut self) -> Result<()>;
}
