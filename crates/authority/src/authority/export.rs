//! The organiser's tables: what happened at the doors, and the tickets.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    chain::hash_entry,
    entry::{Body, Entry, OverrideReason, Subject},
    ids::{ActorId, EntryKey, SessionId, StationId},
};

use super::{Authority, profiles::is_erased, setup::event_row};
use crate::{
    DoorRow, Result, TicketRow,
    derive::{doubled, placed},
    incidents::{is_unknown, over_by},
    store::{EntryRow, Look, Store},
};

impl<S: Store> Authority<S> {
    /// Writes every door entry in the order in which the server published them: check-ins, check-outs, exits, re-entries, undos,
    /// declines and walk-ins. The columns about incidents say what is true now.
    ///
    /// # Errors
    /// [`crate::Error::Output`] with what `write` gave, or the store's own.
    pub fn export_door(&self, write: &mut dyn FnMut(DoorRow) -> std::io::Result<()>) -> Result<()> {
        self.store.read(|look| {
            let door = Door::of(look)?;
            look.entries(&mut |row| {
                if let Some(line) = door.line(&row)? {
                    write(line)?;
                }
                Ok(true)
            })
        })
    }

    /// Writes every ticket, in the order in which people were imported.
    ///
    /// # Errors
    /// [`crate::Error::Output`] with what `write` gave, or the store's own.
    pub fn export_tickets(&self, write: &mut dyn FnMut(TicketRow) -> std::io::Result<()>) -> Result<()> {
        self.export_guests(&mut |row| if row.code.is_empty() { Ok(()) } else { write(row) })
    }

    /// Writes every guest, those without a ticket too: walk-ins. Who was erased is left out.
    ///
    /// # Errors
    /// [`crate::Error::Output`] with what `write` gave, or the store's own.
    pub fn export_guests(&self, write: &mut dyn FnMut(TicketRow) -> std::io::Result<()>) -> Result<()> {
        self.store.read(|look| {
            let titles: BTreeMap<_, _> =
                look.sessions()?.into_iter().map(|row| (row.record.rules.id, row.record.name)).collect();
            look.persons(&mut |row| {
                if is_erased(&row.record) {
                    return Ok(true);
                }
                let booked = row.record.registrations.iter().filter(|one| !one.cancelled);
                write(TicketRow {
                    person_id: row.record.id,
                    name: row.record.name,
                    email: row.record.email,
                    code: row.code.unwrap_or_default(),
                    kind: row.record.kind,
                    sessions: booked.filter_map(|one| titles.get(&one.session).cloned()).collect(),
                    flags: row.record.flags,
                    attention: row.record.attention,
                    cancelled: row.record.cancelled,
                    valid: row.record.valid,
                })?;
                Ok(true)
            })
        })
    }
}

/// What every line looks up.
struct Door<'a> {
    look: &'a dyn Look,
    sessions: BTreeMap<SessionId, String>,
    stations: BTreeMap<StationId, String>,
    supervisors: BTreeMap<ActorId, String>,
    doubles: BTreeSet<EntryKey>,
    beyond: BTreeSet<EntryKey>,
}

/// Where and about whom an entry is.
type Place = (Option<SessionId>, Option<Subject>);

impl<'a> Door<'a> {
    fn of(look: &'a dyn Look) -> Result<Self> {
        let sessions = look.sessions()?;
        let mut beyond = BTreeSet::new();
        for row in &sessions {
            let rules = &row.record.rules;
            if let Some(over) = over_by(look, rules.id, rules.capacity)? {
                beyond.extend(look.last_standing(rules.id, over)?.iter().map(|row| row.key));
            }
        }
        Ok(Self {
            look,
            sessions: sessions.into_iter().map(|row| (row.record.rules.id, row.record.name)).collect(),
            stations: look.stations()?.into_iter().map(|row| (row.record.id, row.record.name)).collect(),
            supervisors: event_row(look)?.record.pins.into_iter().map(|pin| (pin.actor, pin.name)).collect(),
            doubles: doubles(look)?,
            beyond,
        })
    }

    fn line(&self, row: &EntryRow) -> Result<Option<DoorRow>> {
        // In a log that was continued twice an entry counts, and is named, as of its own course.
        let entry = placed(self.look, row)?;
        let of = match &entry.body {
            Body::Undo(undo) => Some(undo.of),
            Body::CheckOut(out) => Some(out.of),
            Body::ReEntry(again) => Some(again.of),
            Body::CheckIn(_) | Body::Decline(_) | Body::WalkIn(_) | Body::Exit(_) => None,
            _ => return Ok(None),
        };
        let (session_id, subject) = match of {
            Some(of) => self.place_of(of)?,
            None => place(&entry),
        };
        let mut line = self.plain(&entry, row, of, session_id);
        self.name(&mut line, subject)?;
        if let Body::CheckIn(check_in) = &entry.body {
            line.basis = Some(check_in.basis);
            (line.late, line.registered) = (check_in.late, check_in.registered);
            line.override_by = check_in.override_by.map(|by| self.supervisor(by)).unwrap_or_default();
            line.override_reason = check_in.override_reason.map(OverrideReason::of);
            self.flag(&mut line, entry.key())?;
        }
        Ok(Some(line))
    }

    fn supervisor(&self, actor: ActorId) -> String {
        self.supervisors.get(&actor).cloned().unwrap_or_else(|| actor.to_string())
    }

    /// An undo or check-out is about what the entry is about that it names, where that is known here.
    fn place_of(&self, of: EntryKey) -> Result<Place> {
        let named = self.look.entry(of)?.map(|row| placed(self.look, &row)).transpose()?;
        Ok(named.map_or((None, None), |entry| place(&entry)))
    }

    fn plain(
        &self,
        entry: &Entry,
        row: &EntryRow,
        of: Option<EntryKey>,
        session_id: Option<SessionId>,
    ) -> DoorRow {
        DoorRow {
            kind: entry.body.word(),
            session: session_id.and_then(|id| self.sessions.get(&id).cloned()).unwrap_or_default(),
            session_id,
            person: String::new(),
            person_id: None,
            code: String::new(),
            code_digest: String::new(),
            station: self.stations.get(&entry.station).cloned().unwrap_or_default(),
            station_id: entry.station,
            epoch: entry.epoch,
            seq: entry.seq,
            hash: hash_entry(&row.bytes),
            of,
            at_ms: entry.hlc.ms(),
            wall_ms: entry.wall_ms,
            received_ms: row.received_ms,
            basis: None,
            late: false,
            registered: false,
            released: false,
            double: false,
            over_capacity: false,
            unknown: false,
            override_by: String::new(),
            override_reason: None,
        }
    }

    fn name(&self, line: &mut DoorRow, subject: Option<Subject>) -> Result<()> {
        let known = match subject {
            None => None,
            Some(Subject::Person(id)) => {
                line.person_id = Some(id);
                self.look.person(id)?
            }
            Some(Subject::Code(code)) => {
                line.code_digest = code.to_string();
                self.look.person_by_code(code)?
            }
        };
        if let Some(row) = known {
            line.person_id = Some(row.record.id);
            line.person = row.record.name;
            line.code = row.code.unwrap_or_default();
        }
        Ok(())
    }

    fn flag(&self, line: &mut DoorRow, key: EntryKey) -> Result<()> {
        let Some(row) = self.look.check_in(key)? else { return Ok(()) };
        line.released = row.released;
        line.double = self.doubles.contains(&key);
        line.over_capacity = self.beyond.contains(&key);
        line.unknown = is_unknown(self.look, &row)?;
        Ok(())
    }
}

fn place(entry: &Entry) -> Place {
    match &entry.body {
        Body::CheckIn(c) => (Some(c.session), Some(c.subject)),
        Body::Decline(d) => (Some(d.session), Some(d.subject)),
        Body::WalkIn(w) => (None, Some(Subject::Person(w.person))),
        Body::Exit(e) => (Some(e.session), Some(Subject::Person(e.person))),
        _ => (None, None),
    }
}

fn doubles(look: &dyn Look) -> Result<BTreeSet<EntryKey>> {
    let mut keys = BTreeSet::new();
    for (session, sums) in look.all_sums()? {
        if sums.tally.unsettled == 0 {
            continue;
        }
        for group in doubled(look, session)? {
            keys.extend(group.unsettled().map(|(_, one)| one.key));
        }
    }
    Ok(keys)
}
