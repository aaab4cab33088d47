//! Making an event, opening one, and the plain questions about it.

use std::sync::Mutex;

use ed25519_dalek::SigningKey;
use usher_core::entry::{Body, OpenEpoch};
use usher_core::ids::{Epoch, EventId, Identity, MachineId, StationId};
use usher_protocol::{
    limits::NAME_CHARS_MAX,
    records::{EventRecord, SessionRecord},
    sync::Cursor,
};
use zeroize::Zeroizing;

use super::{Authority, OwnLog, enrol::WrongTries};
use crate::{
    Error, Fresh, NewEvent, Result,
    store::{EventRow, LogRow, Look, Store},
};

impl<S: Store> Authority<S> {
    /// Makes the event of an empty database: its id, its secret, the server's key and the server's own log. The term is the
    /// time of making.
    ///
    /// # Errors
    /// [`Error::EventExists`], or the store's own.
    pub fn create(store: S, event: &NewEvent, mut fresh: Fresh<'_>) -> Result<Self> {
        let row = new_event(event, &mut fresh);
        let authority = Self::over(store, &row);
        let machine = MachineId(fresh.uuid());
        authority.store.write(|txn| {
            if let Some(other) = txn.event()? {
                return Err(Error::EventExists { name: other.record.name });
            }
            txn.put_event(&row)?;
            txn.put_log(row.own, &LogRow::EMPTY)?;
            authority.own.append(txn, Body::OpenEpoch(OpenEpoch { follows: None, machine }), fresh.now_ms)
        })?;
        Ok(authority)
    }

    /// Opens a database that has an event.
    ///
    /// # Errors
    /// [`Error::NoEvent`], or the store's own.
    pub fn open(store: S) -> Result<Self> {
        let row = store.read(event_row)?;
        Ok(Self::over(store, &row))
    }

    fn over(store: S, row: &EventRow) -> Self {
        let own = OwnLog {
            event: row.record.id,
            i: row.own,
            term: row.term,
            key: SigningKey::from_bytes(&row.key),
        };
        Self { store, own, secret: row.secret.clone(), tries: Mutex::new(WrongTries::default()) }
    }

    /// The event.
    ///
    /// # Errors
    /// The store's own.
    pub fn event(&self) -> Result<EventRecord> {
        Ok(self.store.read(event_row)?.record)
    }

    /// Every session, in the order of their starts.
    ///
    /// # Errors
    /// The store's own.
    pub fn sessions(&self) -> Result<Vec<SessionRecord>> {
        self.store.read(|look| Ok(look.sessions()?.into_iter().map(|row| row.record).collect()))
    }

    /// How many participants there are.
    ///
    /// # Errors
    /// The store's own.
    pub fn person_count(&self) -> Result<u64> {
        self.store.read(|look| look.person_count())
    }

    /// The feed's end.
    ///
    /// # Errors
    /// The store's own.
    pub fn feed_end(&self) -> Result<Cursor> {
        let position = self.store.read(|look| look.feed_end())?;
        Ok(Cursor { term: self.own.term, position })
    }

    /// A number that differs from the one before when another process (an import beside the running server) has changed the
    /// database; cheap enough to ask every second.
    ///
    /// # Errors
    /// The store's own.
    pub fn changed_elsewhere(&self) -> Result<u64> {
        self.store.changed_elsewhere()
    }
}

pub(super) fn event_row(look: &dyn Look) -> Result<EventRow> {
    look.event()?.ok_or(Error::NoEvent)
}

fn new_event(event: &NewEvent, fresh: &mut Fresh<'_>) -> EventRow {
    let record = EventRecord {
        id: EventId(fresh.uuid()),
        name: event.name.chars().take(NAME_CHARS_MAX).collect(),
        time_zone: event.time_zone.clone(),
        fast_door: event.fast_door,
    };
    let station = StationId(fresh.uuid());
    let epoch = Epoch(((fresh.random)() >> 64) as u64);
    EventRow {
        record,
        secret: Zeroizing::new(fresh.secret()),
        key: Zeroizing::new(fresh.secret()),
        own: Identity { station, epoch },
        term: u64::try_from(fresh.now_ms).unwrap_or(0).max(1),
    }
}
