//! What an entry can say: the kinds of DESIGN section 4.
//!
//! Kind numbers are frozen.

use serde::{Deserialize, Serialize};

use super::{
    authority::{
        Accept, Bind, CapacitySet, Checkpoint, Fence, Grant, HoldsFreed, HoldsSet, Merge, Message, Recall,
        Resolve, SessionStateSet, Settle, Split,
    },
    desk::{
        CheckIn, CheckOut, CloseEpoch, Decline, Exit, HoldsEnded, Note, OpenEpoch, ReEntry, Return, Undo,
        WalkIn,
    },
};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident ($body:ty) = $number:literal, $word:literal;)*) => {
        /// The body of an entry.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Body {
            $($(#[$doc])* $name($body),)*
            /// A kind, or a form of a known kind, that this version cannot interpret: kept and passed on as it came.
            Unknown(Unknown),
        }

        /// The kinds of entry that this version knows, by their frozen numbers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[$doc])* $name = $number,)* }

        impl Kind {
            /// Every kind, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The frozen number on the wire.
            #[must_use]
            pub const fn number(self) -> u32 { self as u32 }

            /// The name in exports and documents.
            #[must_use]
            pub const fn word(self) -> &'static str { match self { $(Self::$name => $word,)* } }
        }

        impl Body {
            /// The number on the wire.
            #[must_use]
            pub const fn number(&self) -> u32 {
                match self { $(Self::$name(_) => $number,)* Self::Unknown(unknown) => unknown.number }
            }

            /// The name in exports and documents; `unknown` for what cannot be interpreted.
            #[must_use]
            pub const fn word(&self) -> &'static str {
                match self { $(Self::$name(_) => $word,)* Self::Unknown(_) => "unknown" }
            }

            pub(super) fn encode_fields(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$name(body) => super::codec::append(body, out),)*
                    Self::Unknown(unknown) => out.extend_from_slice(&unknown.fields),
                }
            }

            pub(super) fn decode_fields(number: u32, fields: &[u8]) -> Self {
                let known = match number { $($number => minicbor::decode(fields).ok().map(Self::$name),)* _ => None };
                known.unwrap_or_else(|| Self::Unknown(Unknown { number, fields: fields.to_vec() }))
            }
        }
    };
}

kinds! {
    /// The first entry of an epoch.
    OpenEpoch(OpenEpoch) = 1, "open_epoch";
    /// The last entry of an epoch: it holds no rights and will write no more.
    CloseEpoch(CloseEpoch) = 2, "close_epoch";
    /// Something worth keeping that changes no count.
    Note(Note) = 3, "note";
    /// Somebody was let in.
    CheckIn(CheckIn) = 4, "check_in";
    /// Somebody who was let in has left.
    CheckOut(CheckOut) = 5, "check_out";
    /// Somebody left whose check-in is not known here; frees nothing until bound.
    Exit(Exit) = 6, "exit";
    /// Somebody came back who had not been counted out.
    ReEntry(ReEntry) = 7, "re_entry";
    /// A check-in, walk-in or decline of the same station is taken back.
    Undo(Undo) = 8, "undo";
    /// Somebody was turned away.
    Decline(Decline) = 9, "decline";
    /// A person without a ticket was added.
    WalkIn(WalkIn) = 10, "walk_in";
    /// Rights are given back to the authority.
    Return(Return) = 11, "return";
    /// From here on no held seat is used that the named revision took away.
    HoldsEnded(HoldsEnded) = 12, "holds_ended";
    /// The authority grants rights: a cumulative total.
    Grant(Grant) = 32, "grant";
    /// The authority sets a session's capacity.
    CapacitySet(CapacitySet) = 33, "capacity_set";
    /// The authority asks for rights back.
    Recall(Recall) = 34, "recall";
    /// The authority opens, pauses or ends a session by hand.
    SessionState(SessionStateSet) = 35, "session_state";
    /// A supervisor's words to desks.
    Message(Message) = 36, "message";
    /// An exit is bound to the check-in that it ends.
    Bind(Bind) = 37, "bind";
    /// Two persons are one.
    Merge(Merge) = 38, "merge";
    /// A merge is taken back.
    Split(Split) = 39, "split";
    /// A person settled an incident.
    Resolve(Resolve) = 40, "resolve";
    /// A lost desk's rights are written off.
    Settle(Settle) = 41, "settle";
    /// A log takes no further rights.
    Fence(Fence) = 42, "fence";
    /// The authority commits to a prefix of its feed.
    Checkpoint(Checkpoint) = 43, "checkpoint";
    /// The authority holds seats for registrations, or takes them away.
    HoldsSet(HoldsSet) = 44, "holds_set";
    /// Every log that could still use a held seat has ended them: what was taken away is free.
    HoldsFreed(HoldsFreed) = 45, "holds_freed";
    /// A supervisor accepts what a revoked desk sent.
    Accept(Accept) = 46, "accept";
}

/// What could not be interpreted, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The kind's number.
    pub number: u32,
    /// The body's bytes: one CBOR item.
    pub fields: Vec<u8>,
}
