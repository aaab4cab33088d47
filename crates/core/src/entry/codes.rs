//! The codes that entries use for what is one of a few.
//!
//! Code numbers are frozen.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{CodeDigest, PersonId};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$code_doc:meta])* $code:ident = $number:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize)]
        #[cbor(index_only)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$code_doc])* #[n($number)] $code,)* }
    )*};
}

codes! {
    /// On which right somebody was let in.
    Basis {
        /// One right of the station's grant.
        Grant = 0,
        /// A seat held for this registration.
        Held = 1,
        /// The session has no capacity.
        Unlimited = 2,
        /// No right was left and the session is optimistic, or a supervisor decided so.
        OverGrant = 3,
    }
    /// How the guest was found.
    Found {
        /// A code read by the camera.
        Camera = 0,
        /// A code from a keyboard-wedge scanner.
        Scanner = 1,
        /// A code typed by hand.
        Typed = 2,
        /// Picked from a search by name.
        Search = 3,
        /// Ticked in the list of one order.
        Group = 4,
    }
    /// Why an entry was taken back.
    UndoReason {
        /// Somebody else was meant.
        WrongPerson = 0,
        /// The same ticket was read twice.
        ScannedTwice = 1,
        /// The guest did not go in after all.
        Left = 2,
        /// None of these.
        Other = 3,
    }
    /// Why somebody was turned away. All but the first are the verdict that stood when the card was closed.
    DeclineReason {
        /// The volunteer decided.
        TurnedAway = 0,
        /// No registration for this session.
        NotRegistered = 1,
        /// Already checked in.
        AlreadyIn = 2,
        /// The room is full.
        SessionFull = 3,
        /// This desk has no right left.
        GrantEmpty = 4,
        /// The free seats are held for others.
        SeatsHeld = 5,
        /// Before the session opens.
        NotOpen = 6,
        /// The session is paused.
        Paused = 7,
        /// The session is over.
        Ended = 8,
        /// The registration or ticket was cancelled.
        Cancelled = 9,
        /// The ticket was replaced.
        Revoked = 10,
        /// The ticket's time is over.
        Expired = 11,
        /// No such ticket is known here.
        UnknownTicket = 12,
        /// A signed ticket whose signature is wrong.
        Forged = 13,
        /// A ticket of another event.
        OtherEvent = 14,
    }
    /// What a note is about.
    NoteKind {
        /// The desk was locked (value 1) or unlocked (value 0).
        Lock = 0,
        /// The desk's mode changed: value 0 fast door, 1 ask first, 2 self-service.
        Mode = 1,
        /// The wall clock jumped by `value` milliseconds.
        ClockStep = 2,
        /// The message `of` was read.
        MessageRead = 3,
        /// Help was asked for.
        HelpAsked = 4,
        /// A PIN was typed that opens nothing. An earlier version keeps such a note without reading it.
        WrongPin = 5,
    }
    /// The state that a supervisor gives a session.
    StateSet {
        /// Back to the schedule.
        Scheduled = 0,
        /// Open whatever the schedule says.
        Open = 1,
        /// Nobody is let in for now.
        Paused = 2,
        /// Over whatever the schedule says.
        Ended = 3,
    }
    /// How a person settled an incident.
    Outcome {
        /// Two check-ins were one person: the second gives its seat back.
        OnePerson = 0,
        /// They were two people.
        TwoPeople = 1,
        /// The facts stay as they are.
        Accepted = 2,
    }
    /// Why a lost desk was settled.
    SettleReason {
        /// The computer is lost.
        Lost = 0,
        /// The room was counted by hand.
        Counted = 1,
        /// None of these.
        Other = 2,
    }
}

/// Who stood at the door: a known person, or only the digest of what the ticket said.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(flat)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A participant or walk-in.
    #[n(0)]
    Person(#[n(0)] PersonId),
    /// A code that no person is known for.
    #[n(1)]
    Code(#[n(0)] CodeDigest),
}

/// Why a supervisor let somebody in whom the desk refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverrideReason {
    /// The ticket or the booking was checked in another way.
    Checked,
    /// Staff, a speaker, press.
    Staff,
    /// There is room after all.
    Room,
    /// None of these, or one that only a later version knows.
    Other,
}

impl OverrideReason {
    /// The number in an entry; frozen.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Checked => 0,
            Self::Staff => 1,
            Self::Room => 2,
            Self::Other => 3,
        }
    }

    /// The reason with this number.
    #[must_use]
    pub const fn of(number: u8) -> Self {
        match number {
            0 => Self::Checked,
            1 => Self::Staff,
            2 => Self::Room,
            _ => Self::Other,
        }
    }
}
