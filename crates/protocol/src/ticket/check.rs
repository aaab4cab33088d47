//! Whether a ticket is one of the event's.

use usher_core::ids::EventId;

use super::{SignedTicket, TicketKey, read};

/// What became of checking a text that begins like a signed ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The signature is good.
    Good {
        /// What it says.
        ticket: SignedTicket,
        /// When the key that signed it was withdrawn, milliseconds since 1970 UTC; none: it was not.
        key_until_ms: Option<i64>,
    },
    /// It says that it is of this event, and was signed with a key that is not known here. That key may be newer than what is known
    /// here, so nothing is said of the ticket.
    UnknownKey,
    /// It says that it is of another event, which nobody here can check.
    OtherEvent,
    /// It says that it was signed with a key of this event, and was not; or it cannot be read.
    Forged,
}

/// Checks a text with the keys that the event's record names.
#[must_use]
pub fn check(text: &str, event: EventId, keys: &[TicketKey]) -> Checked {
    let Ok(found) = read(text) else { return Checked::Forged };
    if found.event() != event {
        return Checked::OtherEvent;
    }
    let mut named = keys.iter().filter(|key| key.kid == found.kid()).peekable();
    if named.peek().is_none() {
        return Checked::UnknownKey;
    }
    let signer = named.find_map(|key| Some((found.signed_by(&key.verifying_key()?)?, key.until_ms)));
    signer.map_or(Checked::Forged, |(ticket, key_until_ms)| Checked::Good { ticket, key_until_ms })
}
