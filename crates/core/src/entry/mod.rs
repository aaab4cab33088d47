//! The record: one entry of a log, and its one canonical byte form.
//!
//! An entry is a CBOR array (RFC 8949, core deterministic encoding: shortest integers, definite lengths, ascending map keys)
//! `[v, event, station, epoch, seq, prev_hash, hlc, wall_ms, mono_ms, boot_id, type, body]`; the body is a map with small
//! integer keys. The bytes are frozen (docs/protocol.md has the table and the test vectors): a change is a new kind or a new `v`.
//! Stores keep and pass on the bytes as they came; what cannot be interpreted is kept as [`Body::Unknown`].

/// The struct of an entry's fields, each with its frozen number.
macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $n:literal $field:ident: $kind:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
        #[cbor(map)]
        pub struct $name { $($(#[$field_doc])* #[n($n)] pub $field: $kind,)* }
    )*};
}

mod authority;
mod body;
mod codec;
mod codes;
mod desk;

pub use authority::{
    Accept, Bind, CapacitySet, Checkpoint, Fence, Grant, HoldsFreed, HoldsSet, Merge, Message, Recall,
    Resolve, SessionStateSet, Settle, Split,
};
pub use body::{Body, Kind, Unknown};
pub use codec::{DecodeError, ENTRY_BYTES_MAX};
pub use codes::{
    Basis, DeclineReason, Found, NoteKind, Outcome, OverrideReason, SettleReason, StateSet, Subject,
    UndoReason,
};
pub use desk::{
    CheckIn, CheckOut, CloseEpoch, Decline, Exit, Follows, HoldsEnded, Note, OpenEpoch, ReEntry, Return,
    Undo, WalkIn,
};

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Hlc,
    ids::{BootId, EntryHash, EntryKey, Epoch, EventId, Identity, Seq, StationId},
};

/// The version of the envelope that this code writes.
pub const ENTRY_VERSION: u32 = 1;

/// One hash-chained line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Version of the envelope; [`ENTRY_VERSION`] in what we write.
    pub v: u32,
    /// The event it belongs to.
    pub event: EventId,
    /// Who wrote it.
    pub station: StationId,
    /// Which life of that station's log.
    pub epoch: Epoch,
    /// Its number there, from 1 without gaps.
    pub seq: Seq,
    /// Hash of the entry before; 32 zero bytes for the first.
    pub prev_hash: EntryHash,
    /// Hybrid logical time: decides the order shown, never capacity.
    pub hlc: Hlc,
    /// The computer's wall clock, milliseconds since 1970 UTC, uncorrected: evidence, not order.
    pub wall_ms: i64,
    /// Milliseconds of the computer's monotonic clock, comparable within `boot_id`.
    pub mono_ms: u64,
    /// The boot that `mono_ms` counts from.
    pub boot_id: BootId,
    /// What happened.
    pub body: Body,
}

impl Entry {
    /// The log that it stands in.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        Identity { station: self.station, epoch: self.epoch }
    }

    /// Its key in all logs of the event.
    #[must_use]
    pub const fn key(&self) -> EntryKey {
        self.identity().key(self.seq)
    }
}

/// The end of a log: the number and hash of its last entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(array)]
pub struct Head {
    /// Number of the last entry; 0 for an empty log.
    #[n(0)]
    pub seq: Seq,
    /// Its hash; 32 zero bytes for an empty log.
    #[n(1)]
    pub hash: EntryHash,
}

impl Head {
    /// The head of a log without entries.
    pub const EMPTY: Self = Self { seq: 0, hash: EntryHash([0; 32]) };
}
