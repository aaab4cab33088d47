//! A server whose database is gone, or whose roster is: what stands outside the database brings the event back, the organiser's tables
//! are imported again, and the desks give back the rest (DESIGN section 5, *Restored server*).

use usher_core::{
    chain::digest_code,
    ids::{Epoch, Identity, StationId},
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Authority, rostered, ticket_keys};
use crate::{
    Error, Fresh, Result, Roster, RosterLine,
    store::{EventRow, LogRow, Look, Store},
};

/// The desks that no roster names, as one log: where the roster is missing too, they are awaited until a supervisor settles them for
/// a session, which says that there are no others, or how many they have let in.
pub const UNKNOWN_DESKS: Identity = Identity { station: StationId(Uuid::nil()), epoch: Epoch(0) };

impl<S: Store> Authority<S> {
    /// Brings an event back into an empty database from its roster: the event with its keys, every desk and supervisor, every log.
    /// A new term begins, in which every desk is awaited. Sessions and participants are imported again: they get the ids that they had.
    ///
    /// # Errors
    /// [`Error::EventExists`], [`Error::NoRoster`], the roster's, or the store's own.
    pub fn restore(store: S, roster: Box<dyn Roster>, fresh: Fresh<'_>) -> Result<Self> {
        let lines = roster.lines()?;
        let (row, chain) = (last_event(&lines).ok_or(Error::NoRoster)?, rostered::chain(&lines));
        let authority = Self::over(store, roster, &row, &chain)?;
        authority.write(|txn| {
            if let Some(other) = txn.event()? {
                return Err(Error::EventExists { name: other.record.name });
            }
            txn.put_event(&row)?;
            chain.iter().try_for_each(|one| txn.put_succession(one))?;
            txn.put_log(row.own, &LogRow::empty(row.term))
        })?;
        authority.begin_term(None, fresh)?;
        Ok(authority)
    }

    /// The database has answered desks, and its roster is gone: desks that it does not know may hold rights.
    pub(super) fn await_unknown_desks(&self, fresh: Fresh<'_>) -> Result<()> {
        self.begin_term(None, fresh)?;
        self.write(|txn| txn.put_log(UNKNOWN_DESKS, &LogRow::empty(0)))
    }

    /// An id that does not change when the same row of the organiser's table is imported into another copy of this event's database:
    /// what desks wrote about it still fits after a restore.
    pub(super) fn lasting_id(&self, kind: &str, key: &str) -> Uuid {
        let digest = digest_code(&self.secret, &format!("usher {kind} v1\0{key}"));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.0[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

/// Whether the database has heard desks.
pub(super) fn has_heard_desks(look: &dyn Look, own: Identity) -> Result<bool> {
    Ok(look.logs()?.iter().any(|(i, log)| i.station != own.station && log.head.seq > 0))
}

/// The event as the roster has it, in the last term that it knows.
fn last_event(lines: &[RosterLine]) -> Option<EventRow> {
    let event = lines.iter().rev().find_map(|line| match line {
        RosterLine::Event { record, secret, key } => Some((record.clone(), secret.0, key.0)),
        _ => None,
    });
    let terms = lines.iter().filter_map(|line| match line {
        RosterLine::Term { term, own } => Some((*term, *own)),
        _ => None,
    });
    let ((record, secret, key), (term, own)) = event.zip(terms.max_by_key(|(term, _)| *term))?;
    let (secret, key) = (Zeroizing::new(secret), Zeroizing::new(key));
    let mut row = EventRow { record, secret, key, ticket_key: None, own, term };
    ticket_keys::catch_up(lines, &mut row);
    Some(row)
}
