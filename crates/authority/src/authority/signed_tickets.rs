//! Signed tickets: made for each guest, and revoked (decision 0020).
//!
//! A ticket's id follows from its guest and from how many of the guest's tickets were revoked: nothing is kept of a ticket that was
//! printed, printing it again gives the same one, and revoking it gives the guest another one. A revoked one stands by its digest among
//! the guest's earlier codes.

use std::{collections::BTreeSet, io};

use ed25519_dalek::SigningKey;
use usher_core::{
    chain::digest_code,
    ids::{PersonId, SessionId},
    verdict::Validity,
};
use usher_protocol::{
    records::PersonRecord,
    ticket::{SignedTicket, TicketId, TicketKind, read, seconds, sign},
};

use super::Authority;
use crate::{
    Fresh, Result, SignedTicketRow,
    store::{Look, PersonRow, Store, Txn},
};

/// What signs tickets: the event's newest key, made where there was none.
pub struct TicketSigner {
    key: SigningKey,
    /// No ticket is good after this, milliseconds since 1970 UTC; none: as long as the guest's record says.
    until_ms: Option<i64>,
}

/// What came of revoking a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It is an old one from now on; the guest's next one has another id.
    Done {
        /// Whose it was; may be empty.
        name: String,
        /// Which.
        id: TicketId,
    },
    /// It was revoked before.
    Already {
        /// Whose it was; may be empty.
        name: String,
        /// Which.
        id: TicketId,
    },
    /// No guest, and no guest's ticket, is called so.
    Unknown,
    /// So many guests are called so.
    Several(usize),
}

impl<S: Store> Authority<S> {
    /// What signs tickets that are good until `until_ms` at most, milliseconds since 1970 UTC. None: the event has had
    /// [`TICKET_KEYS_MAX`](usher_protocol::limits::TICKET_KEYS_MAX) keys, and the last one was withdrawn.
    ///
    /// # Errors
    /// As [`Self::rotate_ticket_key`].
    pub fn ticket_signer(&self, until_ms: Option<i64>, fresh: Fresh<'_>) -> Result<Option<TicketSigner>> {
        Ok(self.ticket_signing_key(fresh)?.map(|key| TicketSigner { key, until_ms }))
    }

    /// Writes the ticket of every guest who is not cancelled, in the order in which people were imported.
    ///
    /// # Errors
    /// [`crate::Error::Output`] with what `write` gave, or the store's own.
    pub fn export_signed_tickets(
        &self,
        signer: &TicketSigner,
        write: &mut dyn FnMut(SignedTicketRow) -> io::Result<()>,
    ) -> Result<()> {
        self.store.read(|look| {
            look.persons(&mut |row| {
                if !row.record.cancelled {
                    write(self.signed(signer, row.record))?;
                }
                Ok(true)
            })
        })
    }

    fn signed(&self, signer: &TicketSigner, record: PersonRecord) -> SignedTicketRow {
        let id = self.current_ticket(&record);
        let (from_s, until_s) =
            seconds(record.valid.and(Validity { from_ms: None, until_ms: signer.until_ms }));
        let (event, person, kind) = (self.own().event, record.id, TicketKind::of(&record.kind));
        let ticket = SignedTicket { event, person, id, kind, from_s, until_s };
        SignedTicketRow {
            person_id: record.id,
            sessions: booked(&record),
            name: record.name,
            email: record.email,
            order: record.order,
            kind: record.kind,
            id,
            text: sign(&ticket, &signer.key),
        }
    }

    /// Revokes a ticket. It is named by its id or its text; or by its guest: id, code, e-mail address or name.
    ///
    /// # Errors
    /// The store's own.
    pub fn revoke_ticket(&self, called: &str) -> Result<Revocation> {
        // Looked for beforehand: a long list takes a moment, in which the service may write.
        let found = self.store.read(|look| self.named(look, called.trim()))?;
        match found[..] {
            [] => Ok(Revocation::Unknown),
            [(person, id)] => self.write(|txn| self.revoke_ticket_of(txn, person, id)),
            _ => Ok(Revocation::Several(found.len())),
        }
    }

    fn revoke_ticket_of(&self, txn: &mut dyn Txn, person: PersonId, id: TicketId) -> Result<Revocation> {
        let Some(mut row) = txn.person(person)? else { return Ok(Revocation::Unknown) };
        let (name, digest) = (row.record.name.clone(), id.digest(&self.secret));
        if row.record.revoked_codes.contains(&digest) {
            return Ok(Revocation::Already { name, id });
        }
        row.record.revoked_codes.push(digest);
        txn.put_person(&row)?;
        Ok(Revocation::Done { name, id })
    }

    /// The tickets that are called so, each with its guest.
    fn named(&self, look: &dyn Look, called: &str) -> Result<Vec<(PersonId, TicketId)>> {
        let printed = read(called).ok().map(|ticket| ticket.id());
        // An organiser's own code may look like the id of a ticket.
        if let Some(id) = printed.or_else(|| called.to_lowercase().parse().ok())
            && let Some(found) = self.with_ticket(look, id)?
        {
            return Ok(vec![(found, id)]);
        }
        let by_id = called.parse().ok().map(|id| look.person(PersonId(id))).transpose()?.flatten();
        let by_code = look.person_by_code(digest_code(&self.secret, called))?;
        let one = by_id.or(by_code);
        let rows = one.map_or_else(|| called_so(look, called), |row| Ok(vec![row]))?;
        Ok(rows.iter().map(|row| (row.record.id, self.current_ticket(&row.record))).collect())
    }

    fn with_ticket(&self, look: &dyn Look, id: TicketId) -> Result<Option<PersonId>> {
        let mut found = None;
        look.persons(&mut |row| {
            found = self.tickets_until_now(&row.record).contains(&id).then_some(row.record.id);
            Ok(found.is_none())
        })?;
        Ok(found)
    }

    /// The id of the guest's ticket as it is printed now: the first that is not revoked.
    fn current_ticket(&self, record: &PersonRecord) -> TicketId {
        self.tickets_until_now(record).pop().unwrap_or_else(|| self.nth_ticket(record.id, 0))
    }

    /// The ids of the guest's tickets, the current one last.
    fn tickets_until_now(&self, record: &PersonRecord) -> Vec<TicketId> {
        let revoked: BTreeSet<_> = record.revoked_codes.iter().collect();
        let mut ids = Vec::new();
        for n in 0..=record.revoked_codes.len() {
            let id = self.nth_ticket(record.id, n);
            ids.push(id);
            if !revoked.contains(&id.digest(&self.secret)) {
                break;
            }
        }
        ids
    }

    fn nth_ticket(&self, person: PersonId, n: usize) -> TicketId {
        let [a, b, c, d, e, f, g, h, ..] = *self.lasting_id("ticket", &format!("{person} {n}")).as_bytes();
        TicketId([a, b, c, d, e, f, g, h])
    }
}

fn called_so(look: &dyn Look, called: &str) -> Result<Vec<PersonRow>> {
    let called = called.to_lowercase();
    let mut found = Vec::new();
    look.persons(&mut |row| {
        let is = |text: &str| !text.is_empty() && text.to_lowercase() == called;
        if is(&row.record.email) || is(&row.record.name) {
            found.push(row);
        }
        Ok(true)
    })?;
    Ok(found)
}

fn booked(record: &PersonRecord) -> Vec<SessionId> {
    record.registrations.iter().filter(|one| !one.cancelled).map(|one| one.session).collect()
}
