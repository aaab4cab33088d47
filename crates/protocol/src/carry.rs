//! Carry files: a desk's log on its way by a stick instead of the network (DESIGN section 6, *Carry*).
//!
//! Lines of JSON: a [`CarryHead`], pages, a [`CarryEnd`]. A page is a sync request exactly as the network would have brought it, with
//! the proof that its desk signed, so that each page is believed, or not, by itself: what is whole in a torn file still counts.

use serde::{Deserialize, Serialize};
use usher_core::ids::{EventId, StationId};

use crate::sync::EntryBytes;

/// The form of carry files that this code writes.
pub const CARRY_VERSION: u32 = 1;
/// The longest line, in bytes.
pub const CARRY_LINE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryHead {
    /// Always "usher".
    pub service: String,
    /// [`CARRY_VERSION`].
    pub carry: u32,
    /// The event.
    pub event: EventId,
    /// The desk.
    pub station: StationId,
    /// Its name.
    pub name: String,
    /// When it was saved, by the desk's corrected clock, milliseconds since 1970 UTC.
    pub saved_ms: i64,
}

/// One page of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryPage {
    /// The proof's bytes.
    pub proof: EntryBytes,
    /// The desk's signature under them.
    pub signature: EntryBytes,
    /// The request's body, as it was signed.
    pub body: EntryBytes,
}

/// The last line: without it, or when it does not agree, the file is torn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryEnd {
    /// How many pages came.
    pub end: u64,
}
