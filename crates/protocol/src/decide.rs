//! `POST /v1/decide`: what a supervisor decides. Each decision becomes an entry of the server's own log.

use serde::{Deserialize, Serialize};
use usher_core::{
    entry::{Outcome, SettleReason, StateSet},
    ids::{EntryKey, Identity, IncidentId, PersonId, SessionId},
};

/// A supervisor's decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// A lost desk's rights for a session are written off; `spent` of them count as used.
    Settle {
        /// Whose log.
        log: Identity,
        /// For which session.
        session: SessionId,
        /// How many count as used.
        spent: u32,
        /// Why.
        reason: SettleReason,
    },
    /// An incident is settled.
    Resolve {
        /// Which.
        incident: IncidentId,
        /// How.
        outcome: Outcome,
        /// How many beyond the capacity the board showed, for an over capacity incident; none: as many as there are now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over_by: Option<u64>,
    },
    /// An exit ends this earlier check-in.
    Bind {
        /// The exit.
        exit: EntryKey,
        /// The check-in.
        check_in: EntryKey,
    },
    /// Two persons are one: what one walk-in at two desks becomes.
    Merge {
        /// The one that stays.
        a: PersonId,
        /// The one that is the same.
        b: PersonId,
    },
    /// A merge is taken back: they are two persons after all.
    Split {
        /// The merge.
        merge: EntryKey,
    },
    /// Guests of a session come and go without being counted out, or no longer.
    ReEntry {
        /// Of which session.
        session: SessionId,
        /// Whether they do.
        allowed: bool,
    },
    /// What a revoked desk sent counts after all.
    Accept {
        /// Whose log.
        log: Identity,
    },
    /// A session has this many places; none: no limit.
    Capacity {
        /// Which.
        session: SessionId,
        /// Places.
        capacity: Option<u32>,
    },
    /// A session is opened, paused, ended, or given back to its schedule.
    State {
        /// Which.
        session: SessionId,
        /// To which state.
        state: StateSet,
    },
    /// Every free place is given to desks, or some are kept back for later again.
    HandOut {
        /// Of which session.
        session: SessionId,
        /// Whether all are given.
        all: bool,
    },
    /// Seats are held for registered guests, or no longer: the cutoff.
    HoldSeats {
        /// Of which session.
        session: SessionId,
        /// Whether they are held.
        hold: bool,
    },
}

/// Why a decision was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// No such log, session, incident, exit, check-in, person or merge.
    Unknown,
    /// It was decided before: also a merge of persons that are one already, and a split of a merge that was taken back.
    Done,
    /// While the server still learns after a restore, exits are not bound and persons are neither merged nor split.
    Learning,
    /// The check-in is not an earlier one of the same person at the same session; or a person cannot be merged with itself.
    DoesNotFit,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideAnswer {
    /// Always "usher".
    pub service: String,
    /// Why not; none: it was decided.
    pub refused: Option<Refused>,
}
