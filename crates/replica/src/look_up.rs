//! From what was read to whose ticket it is. A signature is checked here, once per scan; the verdict asks no more for it.

use rusqlite::Connection;
use usher_core::{
    chain::digest_code,
    ticket::{CodeShape, classify},
};
use usher_protocol::ticket::{Checked, SignedTicket, check};

use crate::{Identified, Replica, StoreError, Ticket, lists};

impl Replica {
    /// Asks the guest list about what was read. Of several readings of the same keys the one that is known or properly signed wins, then one that only
    /// pretends to be of this event, then another event's; when there is none, the first one counts.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn look_up(&self, who: &Identified, readings: &[String]) -> Result<Ticket, StoreError> {
        let side = self.door();
        let mut best: Option<Ticket> = None;
        for text in readings {
            let ticket = look_up_one(&side.lists, who, text)?;
            if ticket.person().is_some() {
                return Ok(ticket);
            }
            if best.is_none_or(|best| says(&best) < says(&ticket)) {
                best = Some(ticket);
            }
        }
        Ok(best.unwrap_or(Ticket::NotATicket))
    }
}

/// How much a reading says: what was misread says nothing.
const fn says(ticket: &Ticket) -> u8 {
    match ticket {
        Ticket::Person { .. } | Ticket::Signed { .. } => 3,
        Ticket::Forged(_) => 2,
        Ticket::OtherEvent(_) => 1,
        Ticket::Unknown(_) | Ticket::NotATicket => 0,
    }
}

/// What one reading is, as the list stands.
pub(crate) fn look_up_one(lists: &Connection, who: &Identified, text: &str) -> Result<Ticket, StoreError> {
    Ok(match classify(text, who.event) {
        CodeShape::NotATicket => Ticket::NotATicket,
        CodeShape::OtherEvent(code) => Ticket::OtherEvent(digest_code(&who.event_secret, code)),
        CodeShape::Signed(text) => signed(lists, who, text)?,
        CodeShape::Code(code) => {
            let digest = digest_code(&who.event_secret, code);
            let known = lists::person_of(lists, digest)?;
            known.map_or(Ticket::Unknown(digest), |(id, revoked)| Ticket::Person { id, revoked })
        }
    })
}

fn signed(lists: &Connection, who: &Identified, text: &str) -> Result<Ticket, StoreError> {
    let digest = digest_code(&who.event_secret, text);
    Ok(match check(text, who.event, &lists::ticket_keys(lists)?) {
        Checked::Good { ticket, key_until_ms } => Ticket::Signed {
            id: ticket.person,
            revoked: is_revoked(lists, who, &ticket)?,
            key_until_ms,
            valid: ticket.valid(),
            kind: ticket.kind,
        },
        Checked::UnknownKey => Ticket::Unknown(digest),
        Checked::OtherEvent => Ticket::OtherEvent(digest),
        Checked::Forged => Ticket::Forged(digest),
    })
}

/// Whether the ticket's id stands among its guest's earlier codes.
fn is_revoked(lists: &Connection, who: &Identified, ticket: &SignedTicket) -> Result<bool, StoreError> {
    let found = lists::person_of(lists, ticket.id.digest(&who.event_secret))?;
    Ok(found.is_some_and(|(id, revoked)| revoked && id == ticket.person))
}
