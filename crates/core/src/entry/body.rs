//! What an entry can say: the kinds and the fields of DESIGN section 4.
//!
//! Field numbers (`#[n(…)]`), kind numbers and code numbers are frozen. Bodies hold random ids and codes only, no personal data.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{
    entry::Head,
    ids::{
        ActorId, CodeDigest, EntryHash, EntryKey, Epoch, Identity, IncidentId, MachineId, PersonId, Seq,
        SessionId, ShiftId, Term,
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
        /// The desk's mode changed: value 0 fast door, 1 ask first.
        Mode = 1,
        /// The wall clock jumped by `value` milliseconds.
        ClockStep = 2,
        /// The message `of` was read.
        MessageRead = 3,
        /// Help was asked for.
        HelpAsked = 4,
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

macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $n:literal $field:ident: $kind:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
        #[cbor(map)]
        pub struct $name { $($(#[$field_doc])* #[n($n)] pub $field: $kind,)* }
    )*};
}

bodies! {
    /// The first entry of an epoch: on which machine, and which log it goes on from.
    OpenEpoch {
        /// The epoch that it follows, where there was one.
        0 follows: Option<Follows>,
        /// The computer.
        1 machine: MachineId,
    }
    /// The last entry of an epoch.
    CloseEpoch {}
    /// Something worth keeping that changes no count.
    Note {
        /// What it is about.
        0 kind: NoteKind,
        /// A number, as [`NoteKind`] says.
        1 value: Option<i64>,
        /// The entry that it is about.
        2 of: Option<EntryKey>,
    }
    /// Somebody was let in.
    CheckIn {
        /// Where.
        0 session: SessionId,
        /// Who.
        1 subject: Subject,
        /// On which right.
        2 basis: Basis,
        /// How the guest was found.
        3 found: Found,
        /// Whether the volunteer was told "registered".
        4 registered: bool,
        /// Whether the volunteer was told "late".
        5 late: bool,
        /// The revision of the session's settings that it was judged by.
        6 rev: u64,
        /// Who sat at the desk.
        7 shift: ShiftId,
        /// The supervisor who overrode a refusal.
        8 override_by: Option<ActorId>,
    }
    /// Somebody who was let in has left.
    CheckOut {
        /// The check-in that ends.
        0 of: EntryKey,
        /// Who sat at the desk.
        1 shift: ShiftId,
    }
    /// Somebody left whose check-in is not known here.
    Exit {
        /// Who.
        0 person: PersonId,
        /// From where.
        1 session: SessionId,
    }
    /// Somebody came back who had not been counted out.
    ReEntry {
        /// The check-in that still holds the seat.
        0 of: EntryKey,
    }
    /// An entry of the same station is taken back.
    Undo {
        /// A CheckIn, WalkIn or Decline.
        0 of: EntryKey,
        /// Whether the right came back to this station: only before handover (DESIGN section 5).
        1 refund: bool,
        /// Why.
        2 reason: UndoReason,
        /// Who sat at the desk.
        3 shift: ShiftId,
    }
    /// Somebody was turned away; changes no count.
    Decline {
        /// Where.
        0 session: SessionId,
        /// Who.
        1 subject: Subject,
        /// Why.
        2 reason: DeclineReason,
        /// Who sat at the desk.
        3 shift: ShiftId,
    }
    /// A person without a ticket was added; the name is a profile beside the log.
    WalkIn {
        /// The new person's id.
        0 person: PersonId,
    }
    /// Rights are given back.
    Return {
        /// Of which session.
        0 session: SessionId,
        /// How many, at least 1.
        1 rights: u32,
    }
    /// No held seat is used from here on that this revision took away.
    HoldsEnded {
        /// Of which session.
        0 session: SessionId,
        /// The server's term.
        1 term: Term,
        /// The revision of the session's settings.
        2 rev: u64,
    }
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
    }
}

impl HoldsSet {
    /// The most people that one entry names, so that it stays within [`super::ENTRY_BYTES_MAX`].
    pub const PEOPLE_MAX: usize = 200;
}

/// The log that an epoch goes on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Follows {
    /// The earlier epoch.
    #[n(0)]
    pub epoch: Epoch,
    /// Its last entry known on this machine.
    #[n(1)]
    pub seq: Seq,
    /// That entry's hash.
    #[n(2)]
    pub hash: EntryHash,
}

impl Follows {
    /// The end of `epoch`'s log at `head`.
    #[must_use]
    pub const fn new(epoch: Epoch, head: Head) -> Self {
        Self { epoch, seq: head.seq, hash: head.hash }
    }
}
