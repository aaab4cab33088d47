//! A session's rules and schedule: when it is open, when somebody is late.

use serde::{Deserialize, Serialize};

use crate::{entry::StateSet, ids::SessionId};

/// How late somebody may be before it is marked, unless the session says otherwise: 10 minutes.
pub const LATE_AFTER_MS: i64 = 10 * 60_000;
/// How long before its start a session opens, unless it says otherwise: 15 minutes.
pub const OPENS_BEFORE_MS: i64 = 15 * 60_000;
/// How long after its end a session still admits, unless it says otherwise: 5 minutes.
pub const ENDS_AFTER_MS: i64 = 5 * 60_000;

/// What a desk does when its grant is empty (DESIGN section 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenEmpty {
    /// Refuses in clear words.
    #[default]
    Strict,
    /// Admits and marks it `over_grant`.
    Optimistic,
}

/// The settings of one session that verdicts depend on. Times are milliseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRules {
    /// Which session.
    pub id: SessionId,
    /// Places; none: no limit.
    pub capacity: Option<u32>,
    /// When it starts.
    pub starts_ms: i64,
    /// When it ends.
    pub ends_ms: i64,
    /// Arriving later than this after the start is late, in milliseconds.
    pub late_after_ms: i64,
    /// How long before the start the doors open, in milliseconds.
    pub opens_before_ms: i64,
    /// How long after the end guests are still let in, in milliseconds.
    pub ends_after_ms: i64,
    /// What a desk does without rights.
    pub when_empty: WhenEmpty,
    /// Whether everybody on the guest list may enter, registered or not.
    pub open_to_all: bool,
    /// Whether seats are held for confirmed registrations (DESIGN section 5, *Held seats*); of use only with a capacity.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hold_seats: bool,
    /// How long after the start seats are held, in milliseconds; none: until somebody says otherwise. The server then cuts them off. A
    /// desk's clock frees nothing (DESIGN section 5): a desk only tells its guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_for_ms: Option<i64>,
    /// Whether every free place is handed out to desks, with none kept back for later: *Hand out all*.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hand_out_all: bool,
    /// Whether guests come and go without being counted out: who comes back needs no right, and nobody is checked out. Otherwise
    /// who has left needs a right to come back (DESIGN sections 4 and 5).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub re_entry: bool,
    /// What a supervisor set by hand; [`StateSet::Scheduled`] leaves it to the schedule.
    pub set: StateSet,
    /// Counts changes of these settings; check-ins record it.
    pub rev: u64,
}

/// Whether guests are let in now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "phase")]
pub enum Phase {
    /// Not yet.
    Scheduled {
        /// When the doors open, milliseconds since 1970 UTC.
        opens_ms: i64,
    },
    /// Yes.
    Open,
    /// A supervisor paused it.
    Paused,
    /// No longer.
    Ended {
        /// When it ended by the schedule, milliseconds since 1970 UTC.
        ended_ms: i64,
    },
}

impl SessionRules {
    /// A session without a limit, as one is that says nothing but when it is.
    #[must_use]
    pub const fn new(id: SessionId, starts_ms: i64, ends_ms: i64) -> Self {
        Self {
            id,
            capacity: None,
            starts_ms,
            ends_ms,
            late_after_ms: LATE_AFTER_MS,
            opens_before_ms: OPENS_BEFORE_MS,
            ends_after_ms: ENDS_AFTER_MS,
            when_empty: WhenEmpty::Strict,
            open_to_all: false,
            hold_seats: false,
            hold_for_ms: None,
            hand_out_all: false,
            re_entry: false,
            set: StateSet::Scheduled,
            rev: 1,
        }
    }

    /// The phase at the corrected time `now_ms`: by hand where a supervisor decided, otherwise by the schedule.
    #[must_use]
    pub const fn phase(&self, now_ms: i64) -> Phase {
        match self.set {
            StateSet::Open => Phase::Open,
            StateSet::Paused => Phase::Paused,
            StateSet::Ended => Phase::Ended { ended_ms: self.ends_ms },
            StateSet::Scheduled => self.scheduled_phase(now_ms),
        }
    }

    const fn scheduled_phase(&self, now_ms: i64) -> Phase {
        let opens_ms = self.starts_ms.saturating_sub(self.opens_before_ms);
        if now_ms < opens_ms {
            Phase::Scheduled { opens_ms }
        } else if now_ms < self.ends_ms.saturating_add(self.ends_after_ms) {
            Phase::Open
        } else {
            Phase::Ended { ended_ms: self.ends_ms }
        }
    }

    /// Until when seats are held by these rules, milliseconds since 1970 UTC; none: no time is set, or no seats are held.
    #[must_use]
    pub fn held_until_ms(&self) -> Option<i64> {
        self.hold_for_ms.filter(|_| self.hold_seats).map(|ms| self.starts_ms.saturating_add(ms))
    }

    /// Whether seats are to be held at the server's time `now_ms`.
    #[must_use]
    pub fn holds_seats(&self, now_ms: i64) -> bool {
        self.hold_seats && self.held_until_ms().is_none_or(|until_ms| now_ms < until_ms)
    }

    /// A supervisor says at `now_ms` whether seats are held. To hold them once their time is over means to hold them without a time.
    pub fn set_hold(&mut self, hold: bool, now_ms: i64) {
        self.hold_seats = hold;
        if hold && !self.holds_seats(now_ms) {
            self.hold_for_ms = None;
        }
    }

    /// How many whole minutes after the start it is, when that is past the threshold (`now > start + threshold`).
    #[must_use]
    pub fn late_min(&self, now_ms: i64) -> Option<u32> {
        let past_ms = now_ms.saturating_sub(self.starts_ms);
        (past_ms > self.late_after_ms).then(|| u32::try_from(past_ms / 60_000).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
pub(crate) fn sample(capacity: Option<u32>) -> SessionRules {
    let id = SessionId(uuid::Uuid::from_u128(7));
    SessionRules { capacity, ..SessionRules::new(id, 100 * 60_000, 160 * 60_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: i64 = 60_000;

    #[test]
    fn opens_and_ends_by_itself_at_the_edges() {
        let rules = sample(None);
        assert_eq!(rules.phase(85 * MIN - 1), Phase::Scheduled { opens_ms: 85 * MIN });
        assert_eq!(rules.phase(85 * MIN), Phase::Open);
        assert_eq!(rules.phase(165 * MIN - 1), Phase::Open);
        assert_eq!(rules.phase(165 * MIN), Phase::Ended { ended_ms: 160 * MIN });
    }

    #[test]
    fn a_supervisor_decides_over_the_schedule() {
        let mut rules = sample(None);
        rules.set = StateSet::Open;
        assert_eq!(rules.phase(0), Phase::Open);
        rules.set = StateSet::Paused;
        assert_eq!(rules.phase(100 * MIN), Phase::Paused);
        rules.set = StateSet::Ended;
        assert_eq!(rules.phase(100 * MIN), Phase::Ended { ended_ms: 160 * MIN });
    }

    #[test]
    fn seats_are_held_until_their_time_and_not_beyond() {
        let mut rules = SessionRules { hold_seats: true, hold_for_ms: Some(5 * MIN), ..sample(Some(9)) };
        assert_eq!(rules.held_until_ms(), Some(105 * MIN));
        assert_eq!([0, 105 * MIN - 1, 105 * MIN].map(|now| rules.holds_seats(now)), [true, true, false]);
        let untimed = SessionRules { hold_for_ms: None, ..rules.clone() };
        assert!(untimed.holds_seats(i64::MAX) && untimed.held_until_ms().is_none());
        rules.hold_seats = false;
        assert!(!rules.holds_seats(0) && rules.held_until_ms().is_none());
    }

    #[test]
    fn a_supervisor_who_holds_seats_again_after_their_time_holds_them_without_one() {
        let rules = SessionRules { hold_seats: true, hold_for_ms: Some(5 * MIN), ..sample(Some(9)) };
        let by_hand = |hold, now_ms| {
            let mut rules = rules.clone();
            rules.set_hold(hold, now_ms);
            (rules.hold_seats, rules.hold_for_ms)
        };
        assert_eq!(by_hand(true, 104 * MIN), (true, Some(5 * MIN)));
        assert_eq!(by_hand(true, 105 * MIN), (true, None));
        assert_eq!(by_hand(false, 104 * MIN), (false, Some(5 * MIN)));
    }

    /// What a desk or a server of 0.1.0 reads and writes: it knows no such time.
    #[test]
    fn rules_without_a_time_say_nothing_of_it() {
        let rules = sample(None);
        let text = serde_json::to_string(&rules).unwrap();
        assert!(!text.contains("hold_for_ms"), "{text}");
        assert_eq!(serde_json::from_str::<SessionRules>(&text).unwrap(), rules);
    }

    #[test]
    fn late_is_strictly_past_the_threshold() {
        let rules = sample(None);
        assert_eq!(rules.late_min(110 * MIN), None);
        assert_eq!(rules.late_min(110 * MIN + 1), Some(10));
        assert_eq!(rules.late_min(114 * MIN), Some(14));
    }
}
