//! `POST /v1/decide`: what a supervisor decides. Each decision becomes an entry of the server's own log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use usher_core::{
    entry::{Outcome, SettleReason, StateSet},
    ids::{EntryKey, Identity, IncidentId, PersonId, SessionId, StationId},
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
        /// What desks show meanwhile, for a pause; at most [`MESSAGE_CHARS_MAX`](crate::limits::MESSAGE_CHARS_MAX) characters. A server that
        /// knows no words passes them over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
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
    /// Words to desks: to one, to those that serve a session, or to all.
    Message {
        /// To this desk only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<StationId>,
        /// To the desks that serve this session.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
        /// They cover the stage.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        urgent: bool,
        /// At most [`MESSAGE_CHARS_MAX`](crate::limits::MESSAGE_CHARS_MAX) characters; may be empty in an answer: who comes, the server adds.
        text: String,
        /// Somebody comes: the answer to the call for help of this time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comes: Option<i64>,
        /// No: the answer to the question for a place of this time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refuses: Option<i64>,
    },
    /// A desk that asked for a place at a session is given one: a free one, or the one by which the capacity is raised.
    GivePlace {
        /// Which session.
        session: SessionId,
        /// Which desk.
        to: StationId,
        /// The number of places from now on; none: it stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        capacity: Option<u32>,
        /// When the desk asked: what it asked before, or asks no more, is not answered.
        asked_ms: i64,
    },
}

/// What a supervisor's window showed when something was decided. By that a request that is sent once more, days later or behind a newer
/// decision, decides nothing. It stands within the decision, where servers of version 0.1 pass it over; their windows leave it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBoard {
    /// The server's time at the decision, milliseconds since 1970 UTC, as far as its boards tell it.
    pub at_ms: i64,
    /// The revision of the session's settings, for a decision that changes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<u64>,
}

/// How old a decision may be, in milliseconds: two minutes.
pub const DECISION_AGE_MS_MAX: i64 = 120_000;

/// What stands within any decision.
#[derive(Deserialize)]
struct Within {
    #[serde(default)]
    seen: Option<SeenBoard>,
}

impl SeenBoard {
    /// What a decision's body says of it; none: nothing.
    #[must_use]
    pub fn of(body: &[u8]) -> Option<Self> {
        let decision = serde_json::from_slice::<BTreeMap<String, Within>>(body).ok()?;
        decision.into_values().find_map(|within| within.seen)
    }
}

impl Decision {
    /// The body that is sent.
    ///
    /// # Errors
    /// What serde says.
    pub fn to_body(&self, seen: Option<&SeenBoard>) -> serde_json::Result<Vec<u8>> {
        let mut json = serde_json::to_value(self)?;
        let within = json.as_object_mut().and_then(|json| json.values_mut().next()?.as_object_mut());
        if let (Some(within), Some(seen)) = (within, seen) {
            within.insert("seen".into(), serde_json::to_value(seen)?);
        }
        serde_json::to_vec(&json)
    }

    /// Whose settings it changes; none: no session's.
    #[must_use]
    pub const fn session_set(&self) -> Option<SessionId> {
        match self {
            Self::ReEntry { session, .. }
            | Self::Capacity { session, .. }
            | Self::State { session, .. }
            | Self::HandOut { session, .. }
            | Self::HoldSeats { session, .. }
            | Self::GivePlace { session, .. } => Some(*session),
            _ => None,
        }
    }
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
    /// The check-in is not an earlier one of the same person at the same session; or a person cannot be merged with itself; or the board
    /// that it was decided on is no longer so ([`SeenBoard`]).
    DoesNotFit,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideAnswer {
    /// Always "usher".
    pub service: String,
    /// Why not; none: it was decided.
    pub refused: Option<Refused>,
    /// The revision of the session's settings from now on; none: it changed no session's, or a server of version 0.1 answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_stands_within_the_decision() {
        let nil = "00000000-0000-0000-0000-000000000000".parse().unwrap_or_default();
        let decision = Decision::HoldSeats { session: SessionId(nil), hold: true };
        let seen = SeenBoard { at_ms: 5, rev: Some(7) };
        let body = decision.to_body(Some(&seen)).unwrap_or_default();
        assert_eq!(SeenBoard::of(&body), Some(seen));
        assert_eq!(serde_json::from_slice::<Decision>(&body).ok(), Some(decision.clone()), "as 0.1 reads it");
        let plain = decision.to_body(None).unwrap_or_default();
        assert_eq!(SeenBoard::of(&plain), None);
        assert_eq!(serde_json::from_slice::<Decision>(&plain).ok(), Some(decision));
    }
}
