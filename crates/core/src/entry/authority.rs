//! What the authority writes: the fields of its entries (DESIGN section 4).
//!
//! Field numbers (`#[n(…)]`) are frozen. Bodies hold random ids and codes only, no personal data.

use minicbor::{Decode, Encode};

use crate::{
    entry::codes::{Outcome, SettleReason, StateSet},
    ids::{ActorId, EntryHash, EntryKey, Identity, IncidentId, PersonId, Seq, SessionId, Term},
};

bodies! {
    /// Rights for one log, as a total over its whole life.
    Grant {
        /// For which session.
        0 session: SessionId,
        /// To which log.
        1 to: Identity,
        /// All rights ever granted to it for this session.
        2 total: u64,
        /// The server's term.
        3 term: Term,
    }
    /// A session's capacity.
    CapacitySet {
        /// Of which session.
        0 session: SessionId,
        /// Places; none: no limit.
        1 capacity: Option<u32>,
        /// Who set it.
        2 actor: ActorId,
    }
    /// Rights are asked back, as a total over the log's whole life.
    Recall {
        /// Of which session.
        0 session: SessionId,
        /// From which log.
        1 from: Identity,
        /// The log should have parted with this many in all: given back, or spent by the time that it heard of this.
        2 total: u64,
        /// The server's term.
        3 term: Term,
    }
    /// A session is opened, paused or ended by hand.
    SessionStateSet {
        /// Which session.
        0 session: SessionId,
        /// To which state.
        1 state: StateSet,
        /// Who did it.
        2 actor: ActorId,
        /// What desks are to show meanwhile, for a pause; at most 280 characters. None: nothing was said, or an earlier version wrote it.
        3 words: Option<String>,
    }
    /// A supervisor's words to desks.
    Message {
        /// One desk; none: all.
        0 to: Option<crate::ids::StationId>,
        /// Covers the stage and sounds once.
        1 urgent: bool,
        /// At most 280 characters.
        2 text: String,
        /// Who wrote it.
        3 actor: ActorId,
        /// The desks that serve this session; none: as `to` says.
        4 session: Option<SessionId>,
        /// Somebody comes: the answer to the call for help that the desk made at this time by its own word, milliseconds since 1970 UTC. `text`
        /// names who comes, and may be empty.
        5 comes: Option<i64>,
        /// No: the answer to the desk that asked at this time, by its own word, for a place for a guest. `text` says why, and may be empty.
        6 refuses: Option<i64>,
    }
    /// An exit is bound to the check-in that it ends.
    Bind {
        /// The exit.
        0 exit: EntryKey,
        /// An earlier check-in of the same person and session.
        1 check_in: EntryKey,
    }
    /// Two persons are one.
    Merge {
        /// The one that stays.
        0 a: PersonId,
        /// The one that is the same.
        1 b: PersonId,
    }
    /// A merge is taken back.
    Split {
        /// The merge.
        0 merge: EntryKey,
    }
    /// A person settled an incident.
    Resolve {
        /// Which.
        0 incident: IncidentId,
        /// How.
        1 outcome: Outcome,
        /// Who.
        2 actor: ActorId,
        /// How many beyond the capacity the supervisor saw: what an over capacity incident is settled for. None: however many.
        3 over_by: Option<u64>,
    }
    /// A lost desk's rights are written off.
    Settle {
        /// Which log.
        0 i: Identity,
        /// For which session.
        1 session: SessionId,
        /// How many of its rights count as spent.
        2 spent: u32,
        /// Who decided.
        3 actor: ActorId,
        /// Why.
        4 reason: SettleReason,
        /// The end of the log as the authority held it then: grant-based check-ins behind it count against `spent`.
        5 after: Option<Seq>,
    }
    /// A log takes no further rights.
    Fence {
        /// Which log.
        0 i: Identity,
    }
    /// The authority commits to a prefix of its feed.
    Checkpoint {
        /// The last position that it covers.
        0 position: u64,
        /// The chain over the hashes of the entries of that prefix ([`crate::chain::root_after`]).
        1 root: EntryHash,
    }
    /// Seats held for registrations, by revision; of two entries that name a person, the higher (term, rev) counts.
    HoldsSet {
        /// At which session.
        0 session: SessionId,
        /// The server's term.
        1 term: Term,
        /// Counts these entries within the session and term, from 1.
        2 rev: u64,
        /// Who has a held seat from here on; at most [`HoldsSet::PEOPLE_MAX`] with `off`.
        3 on: Vec<PersonId>,
        /// Whose held seat is taken away: free once every open log ended its holds up to here.
        4 off: Vec<PersonId>,
    }
    /// What was taken away up to this revision is free.
    HoldsFreed {
        /// At which session.
        0 session: SessionId,
        /// The server's term.
        1 term: Term,
        /// The revision.
        2 rev: u64,
    }
    /// What a revoked desk sent up to `seq` counts from here on.
    Accept {
        /// Which log.
        0 i: Identity,
        /// Up to which entry.
        1 seq: Seq,
        /// Who decided.
        2 actor: ActorId,
        /// The hash of that entry: no other course of the log under the same numbers is meant. None: it is not said which.
        3 hash: Option<EntryHash>,
    }
}

impl HoldsSet {
    /// The most people that one entry names, so that it stays within [`super::ENTRY_BYTES_MAX`].
    pub const PEOPLE_MAX: usize = 200;
}
