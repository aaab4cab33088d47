//! Rows for the organiser: what `usher-server export` and `usher-server tickets export` write.

use usher_core::{
    entry::{Basis, OverrideReason},
    ids::{EntryHash, EntryKey, Epoch, PersonId, Seq, SessionId, StationId},
    verdict::Validity,
};
use usher_protocol::ticket::TicketId;

/// One door entry as the organiser's table shows it: a check-in, check-out, undo, decline or walk-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorRow {
    /// `check_in`, `check_out`, `undo`, `decline`, `walk_in`, `exit`, `re_entry`.
    pub kind: &'static str,
    /// The session's title; empty when the session is not known here.
    pub session: String,
    /// The session; for an undo or check-out that of the entry named. None while that entry is unknown.
    pub session_id: Option<SessionId>,
    /// The person's name; empty when unknown.
    pub person: String,
    /// The person; none for a code that no list knows.
    pub person_id: Option<PersonId>,
    /// The ticket's code as the organiser knows it; empty when unknown.
    pub code: String,
    /// The digest of the code in hexadecimal, where the entry names a code and not a person.
    pub code_digest: String,
    /// The desk's name.
    pub station: String,
    /// The desk.
    pub station_id: StationId,
    /// The life of its log.
    pub epoch: Epoch,
    /// The entry's number there.
    pub seq: Seq,
    /// Hash of the entry's bytes as they are kept, so that the table can be compared with a desk's own log.
    pub hash: EntryHash,
    /// The entry that is undone or ended by this one.
    pub of: Option<EntryKey>,
    /// When, by the desk's corrected clock, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// When, by the desk's wall clock, milliseconds since 1970 UTC.
    pub wall_ms: i64,
    /// When the server received it, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// On which right; none for what is not a check-in.
    pub basis: Option<Basis>,
    /// Whether the volunteer was told "late".
    pub late: bool,
    /// Whether the volunteer was told "registered".
    pub registered: bool,
    /// Whether the check-in was released since.
    pub released: bool,
    /// Whether the check-in is a double admission now: an incident names it.
    pub double: bool,
    /// Whether the check-in takes a seat beyond the session's capacity now: the session's incident covers it.
    pub over_capacity: bool,
    /// Whether the check-in stands on a code that no list knows: an incident names it.
    pub unknown: bool,
    /// By whose word the guest was let in against a refusal: the name, or the id of one whose PIN was taken away. Empty: nobody's.
    pub override_by: String,
    /// Why, where that was said.
    pub override_reason: Option<OverrideReason>,
}

/// One guest, and the ticket as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// The person.
    pub person_id: PersonId,
    /// The name; may be empty.
    pub name: String,
    /// E-mail address; may be empty.
    pub email: String,
    /// What the QR code carries; empty for a walk-in, who has none.
    pub code: String,
    /// Ticket kind; may be empty.
    pub kind: String,
    /// The titles of the sessions booked.
    pub sessions: Vec<String>,
    /// Words for whom the volunteer is to look at.
    pub flags: Vec<String>,
    /// Whether the volunteer is to take a second look.
    pub attention: bool,
    /// Whether the whole ticket is cancelled.
    pub cancelled: bool,
    /// When the ticket is good.
    pub valid: Validity,
}

/// One signed ticket as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTicketRow {
    /// The person.
    pub person_id: PersonId,
    /// The name; may be empty.
    pub name: String,
    /// E-mail address; may be empty.
    pub email: String,
    /// The order that it was bought with; may be empty.
    pub order: String,
    /// Ticket kind; may be empty.
    pub kind: String,
    /// The sessions booked.
    pub sessions: Vec<SessionId>,
    /// Which ticket it is: what `tickets revoke` names.
    pub id: TicketId,
    /// What the QR code carries.
    pub text: String,
}
