//! Making an event, opening one, and the plain questions about it.

use std::sync::{Mutex, RwLock};

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use usher_core::entry::{Body, OpenEpoch};
use usher_core::ids::{Epoch, EventId, Identity, MachineId, StationId};
use usher_protocol::{
    limits::NAME_CHARS_MAX,
    records::{EventRecord, ServerRecord, SessionRecord},
    sync::{Cursor, Signed},
};
use zeroize::Zeroizing;

use super::{
    Authority, OwnLog, enrol::WrongTries, keys::PastKeys, logs, restore::has_heard_desks, rostered::Rostered,
    rotate::agree,
};
use crate::{
    Error, Fresh, NewEvent, NoRoster, Result, Roster, RosterLine,
    store::{EventRow, LogRow, Look, Store},
};

impl<S: Store> Authority<S> {
    /// Makes the event of an empty database: its id, its secret, the server's key and the server's own log. The term is the
    /// time of making.
    ///
    /// # Errors
    /// [`Error::EventExists`], or the store's own.
    pub fn create(store: S, event: &NewEvent, fresh: Fresh<'_>) -> Result<Self> {
        Self::create_with(store, Box::new(NoRoster), event, fresh)
    }

    /// As [`Self::create`], with a roster outside the database.
    ///
    /// # Errors
    /// [`Error::EventExists`], the roster's, or the store's own.
    pub fn create_with(
        store: S,
        roster: Box<dyn Roster>,
        event: &NewEvent,
        mut fresh: Fresh<'_>,
    ) -> Result<Self> {
        let row = new_event(event, &mut fresh);
        let left = roster.lines()?.into_iter().find_map(|line| match line {
            RosterLine::Event { record, .. } => Some(record.name),
            _ => None,
        });
        if let (Some(name), None) = (left, store.read(|look| look.event())?) {
            return Err(Error::RosterLeft { name });
        }
        let authority = Self::over(store, roster, &row, &[])?;
        let machine = MachineId(fresh.uuid());
        authority.write(|txn| {
            if let Some(other) = txn.event()? {
                return Err(Error::EventExists { name: other.record.name });
            }
            txn.put_event(&row)?;
            txn.put_log(row.own, &LogRow::empty(row.term))?;
            authority.own().append(txn, Body::OpenEpoch(OpenEpoch { follows: None, machine }), fresh.now_ms)
        })?;
        authority.roster.keep_event(&row, &[])?;
        Ok(authority)
    }

    /// Opens a database that has an event.
    ///
    /// # Errors
    /// [`Error::NoEvent`], or the store's own.
    pub fn open(store: S) -> Result<Self> {
        Self::open_beside(store, Box::new(NoRoster))
    }

    /// Opens a database that has an event, beside its roster. When the roster knows of a later state than the database is in, a
    /// new term begins; a database of an earlier version gets its roster here.
    ///
    /// # Errors
    /// [`Error::NoEvent`], [`Error::Damaged`] when the roster is another event's, the roster's, or the store's own.
    pub fn open_with(store: S, roster: Box<dyn Roster>, fresh: Fresh<'_>) -> Result<Self> {
        let (row, chain) = store.read(|look| Ok((event_row(look)?, look.successions()?)))?;
        let authority = Self::over(store, roster, &row, &chain)?;
        let lines = authority.roster.lines()?;
        let had_roster = row.record.server.is_some();
        if !lines.iter().all(|line| is_of(line, authority.own().event)) {
            return Err(Error::Damaged("the roster beside the database is another event's".into()));
        }
        if !agree(&chain, &lines) {
            return Err(Error::Damaged(
                "the roster beside the database has another key of the server".into(),
            ));
        }
        let lost = had_roster && !has_event(&lines);
        if lost && authority.store.read(|look| has_heard_desks(look, row.own))? {
            authority.await_unknown_desks(fresh)?;
        } else if authority.is_behind_roster(&lines)? {
            authority.begin_term(None, fresh)?;
        }
        authority.write_roster()?;
        authority.complete_record()?;
        Ok(authority)
    }

    /// Opens a database beside the service that runs on it, without comparing it with the roster.
    ///
    /// # Errors
    /// [`Error::NoEvent`], or the store's own.
    pub fn open_beside(store: S, roster: Box<dyn Roster>) -> Result<Self> {
        let (row, chain) = store.read(|look| Ok((event_row(look)?, look.successions()?)))?;
        Self::over(store, roster, &row, &chain)
    }

    /// The server's own identity belongs into the event's record since version 0.2.
    fn complete_record(&self) -> Result<()> {
        let mut row = self.store.read(event_row)?;
        let server = Some(server_record(&row));
        if row.record.server == server {
            return Ok(());
        }
        row.record.server = server;
        self.write(|txn| txn.put_event(&row))
    }

    /// Adds to the roster what it lacks.
    fn write_roster(&self) -> Result<()> {
        let (row, chain) = self.store.read(|look| Ok((event_row(look)?, look.successions()?)))?;
        let (stations, logs) = self.store.read(|look| {
            let mut logs = look.logs()?;
            let invented = logs::of_nobody(look)?;
            logs.retain(|(i, _)| !invented.contains(i));
            Ok((look.stations()?, logs))
        })?;
        self.roster.keep_event(&row, &chain)?;
        for row in stations {
            self.roster.keep_station(&row)?;
        }
        let of_desks = logs.iter().filter(|(i, log)| log.branch.is_none() && i.station != row.own.station);
        of_desks.map(|(i, _)| i).try_for_each(|i| self.roster.keep_log(*i))
    }

    pub(super) fn over(store: S, roster: Box<dyn Roster>, row: &EventRow, chain: &[Signed]) -> Result<Self> {
        let (own, tries) = (RwLock::new(OwnLog::of(row, chain)?), Mutex::new(WrongTries::default()));
        let roster = Rostered::new(roster);
        Ok(Self { store, roster, own, secret: row.secret.clone(), tries })
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
        Ok(Cursor { term: self.own().term, position })
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

impl OwnLog {
    /// `chain`: the successions that lead to the key of `row`.
    pub(super) fn of(row: &EventRow, chain: &[Signed]) -> Result<Self> {
        let (event, key) = (row.record.id, SigningKey::from_bytes(&row.key));
        let past = PastKeys::of(event, key.verifying_key(), chain)?;
        Ok(Self { event, i: row.own, term: row.term, key, past })
    }
}

/// Whether it is a whole roster. Where it was lost, a command beside the service, or a start that failed half way, may have begun another
/// one: the event is written into that only once the desks that it lacks are awaited.
fn has_event(lines: &[RosterLine]) -> bool {
    lines.iter().any(|line| matches!(line, RosterLine::Event { .. }))
}

fn is_of(line: &RosterLine, event: EventId) -> bool {
    !matches!(line, RosterLine::Event { record, .. } if record.id != event)
}

pub(super) fn server_record(row: &EventRow) -> ServerRecord {
    let key = SigningKey::from_bytes(&row.key).verifying_key();
    ServerRecord { station: row.own.station, public_key: HEXLOWER.encode(key.as_bytes()) }
}

pub(super) fn event_row(look: &dyn Look) -> Result<EventRow> {
    look.event()?.ok_or(Error::NoEvent)
}

fn new_event(event: &NewEvent, fresh: &mut Fresh<'_>) -> EventRow {
    let name = event.name.chars().take(NAME_CHARS_MAX).collect();
    let record = EventRecord::new(EventId(fresh.uuid()), name, event.time_zone.clone());
    let record = EventRecord { fast_door: event.fast_door, ..record };
    let station = StationId(fresh.uuid());
    let epoch = Epoch(((fresh.random)() >> 64) as u64);
    let mut row = EventRow {
        record,
        secret: Zeroizing::new(fresh.secret()),
        key: Zeroizing::new(fresh.secret()),
        ticket_key: None,
        own: Identity { station, epoch },
        term: u64::try_from(fresh.now_ms).unwrap_or(0).max(1),
    };
    row.record.server = Some(server_record(&row));
    row
}
