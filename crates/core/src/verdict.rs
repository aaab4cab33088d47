//! Verdicts: the answer to a scan, before anything is written (DESIGN section 7).
//!
//! [`judge`] is the one order of judgement: not ours or unknown → revoked → cancelled → expired → session state → already in →
//! room full, no places here, seats held → not registered → registered. A desk calls it for the card and again inside the
//! transaction that accepts.

use serde::{Deserialize, Serialize};

use crate::{
    entry::{Basis, DeclineReason},
    ids::EntryKey,
    session::{Phase, SessionRules, WhenEmpty},
};

/// What the desk knows about the ticket itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// On the guest list.
    Known {
        /// A newer ticket replaced it.
        revoked: bool,
        /// The ticket or the registration for this session was cancelled.
        cancelled: bool,
        /// When the ticket starts and stops being good, milliseconds since 1970 UTC.
        valid: Validity,
        /// A confirmed registration for this session.
        registered: bool,
    },
    /// A signed ticket whose signature is good; the guest is not on the list here yet.
    Signed {
        /// The key that signed it was withdrawn: a newer ticket was sent.
        revoked: bool,
        /// When the ticket itself says that it is good.
        valid: Validity,
    },
    /// It says that it is one of this event's signed tickets, and is not.
    Forged,
    /// No such code here.
    Unknown,
    /// Another event's ticket.
    OtherEvent,
    /// Another kind of code altogether.
    NotATicket,
}

/// When a ticket is good; an open end is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// Not before, milliseconds since 1970 UTC.
    pub from_ms: Option<i64>,
    /// Not after, milliseconds since 1970 UTC.
    pub until_ms: Option<i64>,
}

/// An admission that stands already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standby {
    /// The check-in.
    pub key: EntryKey,
    /// When, milliseconds since 1970 UTC, as far as the desks' clocks can be trusted.
    pub at_ms: i64,
}

/// Everything that a verdict depends on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The ticket.
    pub standing: Standing,
    /// The session that the desk serves.
    pub session: &'a SessionRules,
    /// The corrected time, milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// The admission of this subject at this session, where one stands.
    pub admitted: Option<Standby>,
    /// Rights that this station can still spend.
    pub available: u64,
    /// Whether a seat is held for this guest that this station may use.
    pub held: bool,
    /// Seats taken, as far as this desk knows.
    pub occupied: u64,
    /// Seats held for others, as far as this desk knows; may be left 0 while `available` is not.
    pub held_for_others: u64,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Good for this session.
    Registered,
    /// A known guest without a registration here.
    NotRegistered,
    /// Let in before.
    AlreadyCheckedIn(Standby),
    /// The room is full, as far as is known here.
    SessionFull,
    /// This desk has no right left.
    GrantEmpty,
    /// The free seats are held for others.
    SeatsHeld {
        /// Until when at least, milliseconds since 1970 UTC; none: no time is set, or it is over and the server has not freed them yet.
        until_ms: Option<i64>,
    },
    /// Before the doors open.
    SessionNotOpen {
        /// When they do, milliseconds since 1970 UTC.
        opens_ms: i64,
    },
    /// A supervisor paused it.
    SessionPaused,
    /// Over.
    SessionEnded {
        /// When, milliseconds since 1970 UTC.
        ended_ms: i64,
    },
    /// The booking was cancelled.
    Cancelled,
    /// A newer ticket was sent.
    Revoked,
    /// The ticket's time is over, or has not come.
    Expired(Validity),
    /// No such code.
    UnknownTicket,
    /// The ticket proves itself, and the guest is not on the list here yet.
    SignedUnknown,
    /// It was not signed by this event.
    ForgedTicket,
    /// Another event's ticket.
    OtherEvent,
    /// Another kind of code.
    NotATicket,
}

/// A verdict with what accepting it would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The answer.
    pub verdict: Verdict,
    /// Minutes past the session's start, when that is late.
    pub late_min: Option<u32>,
    /// The basis of the check-in that accepting would write; none: it cannot be accepted.
    pub basis: Option<Basis>,
    /// The basis of the check-in that a supervisor's word would write against a refusal; none: there is nothing to override, or no
    /// word makes this ticket one.
    pub override_basis: Option<Basis>,
}

/// Judges a scan.
#[must_use]
pub fn judge(question: &Question<'_>) -> Judgement {
    let verdict = refusal(question).unwrap_or_else(|| guest_verdict(question));
    let late_min = question.session.late_min(question.now_ms);
    let override_basis = verdict.can_be_overridden().then(|| override_basis(question));
    Judgement { verdict, late_min, basis: basis(question, verdict), override_basis }
}

/// What stands against letting anybody in on this ticket, in the order of judgement.
fn refusal(question: &Question<'_>) -> Option<Verdict> {
    ticket_refusal(question)
        .or_else(|| phase_refusal(question))
        .or_else(|| question.admitted.map(Verdict::AlreadyCheckedIn))
}

fn ticket_refusal(question: &Question<'_>) -> Option<Verdict> {
    let (revoked, cancelled, valid) = match question.standing {
        Standing::Unknown => return Some(Verdict::UnknownTicket),
        Standing::Forged => return Some(Verdict::ForgedTicket),
        Standing::OtherEvent => return Some(Verdict::OtherEvent),
        Standing::NotATicket => return Some(Verdict::NotATicket),
        Standing::Known { revoked, cancelled, valid, .. } => (revoked, cancelled, valid),
        Standing::Signed { revoked, valid } => (revoked, false, valid),
    };
    if revoked {
        Some(Verdict::Revoked)
    } else if cancelled {
        Some(Verdict::Cancelled)
    } else {
        valid.excludes(question.now_ms).then_some(Verdict::Expired(valid))
    }
}

impl Validity {
    /// When both are good.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let until = [self.until_ms, other.until_ms].into_iter().flatten();
        Self { from_ms: self.from_ms.max(other.from_ms), until_ms: until.min() }
    }

    fn excludes(self, now_ms: i64) -> bool {
        self.from_ms.is_some_and(|from| now_ms < from) || self.until_ms.is_some_and(|until| now_ms > until)
    }
}

fn phase_refusal(question: &Question<'_>) -> Option<Verdict> {
    match question.session.phase(question.now_ms) {
        Phase::Open => None,
        Phase::Scheduled { opens_ms } => Some(Verdict::SessionNotOpen { opens_ms }),
        Phase::Paused => Some(Verdict::SessionPaused),
        Phase::Ended { ended_ms } => Some(Verdict::SessionEnded { ended_ms }),
    }
}

/// Nothing stands against the ticket: is there a place, and is it this guest's?
fn guest_verdict(question: &Question<'_>) -> Verdict {
    let registered = matches!(question.standing, Standing::Known { registered: true, .. });
    match question.session.capacity.map(u64::from) {
        Some(capacity) if question.available == 0 && !question.held => no_place(question, capacity),
        // Also where nobody needs a registration a guest whom no list knows yet is let in by a person, not by the scan.
        _ if matches!(question.standing, Standing::Signed { .. }) => Verdict::SignedUnknown,
        _ if registered || question.session.open_to_all => Verdict::Registered,
        _ => Verdict::NotRegistered,
    }
}

/// The three reasons why there is no place: the room is full, the free seats are others', this desk has no right left. An
/// optimistic session admits past held seats as it admits past an empty grant.
fn no_place(question: &Question<'_>, capacity: u64) -> Verdict {
    if question.occupied >= capacity {
        Verdict::SessionFull
    } else if question.occupied + question.held_for_others >= capacity
        && question.session.when_empty == WhenEmpty::Strict
    {
        let until_ms = question.session.held_until_ms().filter(|until_ms| question.now_ms < *until_ms);
        Verdict::SeatsHeld { until_ms }
    } else {
        Verdict::GrantEmpty
    }
}

/// On which right this verdict could be accepted. An optimistic session admits without a right, marked.
fn basis(question: &Question<'_>, verdict: Verdict) -> Option<Basis> {
    match verdict {
        Verdict::Registered | Verdict::NotRegistered | Verdict::SignedUnknown => Some(place_basis(question)),
        Verdict::GrantEmpty if question.session.when_empty == WhenEmpty::Optimistic => Some(Basis::OverGrant),
        _ => None,
    }
}

/// The right that is spent where there is a place.
const fn place_basis(question: &Question<'_>) -> Basis {
    if question.session.capacity.is_none() {
        Basis::Unlimited
    } else if question.held {
        // A desk that knows a hold uses it before a right (DESIGN section 5).
        Basis::Held
    } else {
        Basis::Grant
    }
}

/// What a supervisor's word spends: a place where one is left, otherwise none, marked. The room may be too full then, and is said to be.
const fn override_basis(question: &Question<'_>) -> Basis {
    if question.session.capacity.is_some() && !question.held && question.available == 0 {
        Basis::OverGrant
    } else {
        place_basis(question)
    }
}

impl Verdict {
    /// Whether a supervisor may let the guest in all the same (UX section 2, *F4*): the guest is known, and the ticket is one of this event.
    #[must_use]
    pub const fn can_be_overridden(&self) -> bool {
        match self {
            Self::AlreadyCheckedIn(_)
            | Self::SessionFull
            | Self::GrantEmpty
            | Self::SeatsHeld { .. }
            | Self::SessionNotOpen { .. }
            | Self::SessionPaused
            | Self::SessionEnded { .. }
            | Self::Cancelled
            | Self::Revoked
            | Self::Expired(_) => true,
            Self::Registered
            | Self::NotRegistered
            | Self::SignedUnknown
            | Self::UnknownTicket
            | Self::ForgedTicket
            | Self::OtherEvent
            | Self::NotATicket => false,
        }
    }

    /// The reason that a decline records when the card is closed on this verdict; none: it is not recorded.
    #[must_use]
    pub const fn decline_reason(&self) -> Option<DeclineReason> {
        Some(match self {
            Self::Registered | Self::SignedUnknown => DeclineReason::TurnedAway,
            Self::NotRegistered => DeclineReason::NotRegistered,
            Self::ForgedTicket => DeclineReason::Forged,
            Self::AlreadyCheckedIn(_) => DeclineReason::AlreadyIn,
            Self::SessionFull => DeclineReason::SessionFull,
            Self::GrantEmpty => DeclineReason::GrantEmpty,
            Self::SeatsHeld { .. } => DeclineReason::SeatsHeld,
            Self::SessionNotOpen { .. } => DeclineReason::NotOpen,
            Self::SessionPaused => DeclineReason::Paused,
            Self::SessionEnded { .. } => DeclineReason::Ended,
            Self::Cancelled => DeclineReason::Cancelled,
            Self::Revoked => DeclineReason::Revoked,
            Self::Expired(_) => DeclineReason::Expired,
            Self::UnknownTicket => DeclineReason::UnknownTicket,
            Self::OtherEvent => DeclineReason::OtherEvent,
            Self::NotATicket => return None,
        })
    }
}

#[cfg(test)]
mod tests;
