//! What desks write: the fields of their entries (DESIGN section 4).
//!
//! Field numbers (`#[n(…)]`) are frozen. Bodies hold random ids and codes only, no personal data.

use minicbor::{Decode, Encode};

use crate::{
    entry::{
        Head,
        codes::{Basis, DeclineReason, Found, NoteKind, Subject, UndoReason},
    },
    ids::{ActorId, EntryHash, EntryKey, Epoch, MachineId, PersonId, Seq, SessionId, ShiftId, Term},
};

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
        /// Who sat at the desk; none: an older version wrote it.
        3 shift: Option<ShiftId>,
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
        /// Why ([`OverrideReason`](crate::entry::OverrideReason)), as a number so that a version that does not know it still counts the guest; none: not overridden,
        /// or an earlier version wrote it.
        9 override_reason: Option<u8>,
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
        /// Who sat at the desk; none: an older version wrote it.
        2 shift: Option<ShiftId>,
    }
    /// Somebody came back who had not been counted out.
    ReEntry {
        /// The check-in that still holds the seat.
        0 of: EntryKey,
        /// Who sat at the desk; none: an older version wrote it.
        1 shift: Option<ShiftId>,
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
        /// Who sat at the desk; none: an earlier version, which never wrote one.
        1 shift: Option<ShiftId>,
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
