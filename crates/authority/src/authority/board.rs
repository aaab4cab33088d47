//! The supervisor's board, and the incidents behind it.

use std::collections::BTreeMap;

use usher_core::{
    entry::Subject,
    ids::{EntryKey, Identity, PersonId, SessionId, StationId},
    session::Phase,
};
use usher_protocol::{
    board::{
        Board, BoardIncident, BoardLog, BoardMerge, BoardRecord, BoardSession, BoardState, BoardStation,
    },
    enrol::Role,
};

use super::{Authority, OwnLog, awaiting::awaited, holds, setup::event_row, words};
use crate::{
    Result,
    derive::{left, rights_at, room},
    incidents::{Found, derive},
    store::{Contact, Look, SessionRow, StationRow, Store},
};

/// How many incidents the board lists at most.
pub const BOARD_INCIDENTS_MAX: usize = 1_000;
/// What *recent* means, in milliseconds: five minutes.
const RECENT_MS: i64 = 300_000;

/// What several parts of the board look up.
struct Names {
    sessions: Vec<SessionRow>,
    stations: Vec<StationRow>,
    contacts: BTreeMap<StationId, Contact>,
}

impl<S: Store> Authority<S> {
    /// The board at `now_ms`.
    ///
    /// # Errors
    /// The store's own.
    pub fn board(&self, now_ms: i64) -> Result<Board> {
        self.follow_term()?;
        self.store.read(|look| {
            let (own, event) = (self.own(), event_row(look)?.record);
            let names = Names {
                sessions: look.sessions()?,
                stations: look.stations()?,
                contacts: look.contacts()?.into_iter().collect(),
            };
            Ok(Board {
                event: event.name,
                time_zone: event.time_zone,
                at_ms: now_ms,
                sessions: names
                    .sessions
                    .iter()
                    .map(|row| names.session(look, &own, row, now_ms))
                    .collect::<Result<_>>()?,
                stations: names.desks().map(|row| names.desk(look, row, now_ms)).collect::<Result<_>>()?,
                incidents: names.incidents(look)?,
                merges: merges(look)?,
                messages: Some(words::messages(look, &names.stations, &names.in_use(), now_ms)?),
            })
        })
    }

    /// Every incident, derived from what the store holds, each once.
    ///
    /// # Errors
    /// The store's own.
    pub fn incidents(&self) -> Result<Vec<Found>> {
        self.store.read(derive)
    }
}

impl Names {
    fn desks(&self) -> impl Iterator<Item = &StationRow> {
        self.stations.iter().filter(|row| row.role == Role::Desk)
    }

    /// The desks that are not revoked, each with what it last said.
    fn in_use(&self) -> Vec<(&StationRow, Option<&Contact>)> {
        let desks = self.desks().filter(|row| !row.record.revoked);
        desks.map(|row| (row, self.contacts.get(&row.record.id))).collect()
    }

    fn session(&self, look: &dyn Look, own: &OwnLog, row: &SessionRow, now_ms: i64) -> Result<BoardSession> {
        let rules = &row.record.rules;
        let tally = look.sums(rules.id)?.tally;
        let awaited = awaited(look, own, rules.id)?;
        let room = room(look, rules.id, rules.capacity)?;
        let serving = self.contacts.values().filter(|contact| contact.serves(rules.id));
        Ok(BoardSession {
            id: rules.id.to_string(),
            name: row.record.name.clone(),
            room: row.record.room.clone(),
            starts_ms: rules.starts_ms,
            ends_ms: rules.ends_ms,
            opens_ms: rules.starts_ms.saturating_sub(rules.opens_before_ms),
            state: board_state(rules.phase(now_ms)),
            set: rules.set,
            hand_out_all: rules.hand_out_all,
            hold_seats: rules.holds_seats(now_ms),
            held_until_ms: rules.held_until_ms().filter(|until_ms| now_ms < *until_ms),
            re_entry: rules.re_entry,
            capacity: rules.capacity,
            inside: tally.inside,
            occupied: tally.occupied,
            unsettled: tally.unsettled,
            over_grant: tally.over_grant,
            pending: serving.fold(0, |sum, contact| sum.saturating_add(contact.waiting)),
            outstanding: room.outstanding,
            held: room.held,
            worst: room.worst(),
            grantable: room.grantable(),
            awaited: awaited.iter().map(|i| self.station_name(i.station)).collect(),
            logs: self.logs(look, own, rules.id, &awaited)?,
            rev: Some(rules.rev),
            pause_words: row.record.pause_words.clone(),
        })
    }

    /// The logs that may still use places of the session, or seats that were taken away, or are awaited after a restore.
    fn logs(
        &self,
        look: &dyn Look,
        own: &OwnLog,
        session: SessionId,
        awaited: &[Identity],
    ) -> Result<Vec<BoardLog>> {
        let settled = look.settled(session)?;
        let mut places: BTreeMap<Identity, u64> = awaited.iter().map(|i| (*i, 0)).collect();
        for (i, rights) in look.rights(session)? {
            let left = left(look, session, i, &rights)?;
            if left > 0 && settled.iter().all(|row| row.i != i) {
                places.insert(i, left);
            }
        }
        for (i, seats) in holds::still_used(look, own, session)? {
            places.entry(i).or_insert(seats);
        }
        Ok(places.into_iter().map(|(i, outstanding)| self.log(i, outstanding, awaited)).collect())
    }

    fn log(&self, i: Identity, outstanding: u64, awaited: &[Identity]) -> BoardLog {
        BoardLog {
            station: i.station.to_string(),
            epoch: i.epoch.to_string(),
            name: self.station_name(i.station),
            outstanding,
            awaited: awaited.contains(&i),
            last_contact_ms: self.contacts.get(&i.station).map(|contact| contact.at_ms),
        }
    }

    fn station_name(&self, id: StationId) -> String {
        let row = self.stations.iter().find(|row| row.record.id == id);
        row.map_or_else(|| id.to_string(), |row| row.record.name.clone())
    }

    fn desk(&self, look: &dyn Look, row: &StationRow, now_ms: i64) -> Result<BoardStation> {
        let id = row.record.id;
        let contact = self.contacts.get(&id);
        let session = contact.and_then(|contact| contact.session);
        let serves = session.and_then(|session| self.find(session));
        Ok(BoardStation {
            id: id.to_string(),
            name: row.record.name.clone(),
            initials: contact.map(|contact| contact.initials.clone()).unwrap_or_default(),
            session: serves.map(|row| row.record.rules.id.to_string()),
            last_contact_ms: contact.map(|contact| contact.at_ms),
            waiting: contact.map_or(0, |contact| contact.waiting),
            skew_ms: contact.map_or(0, |contact| contact.skew_ms),
            places: places(look, id, contact, serves)?,
            recent: look.received_since(id, now_ms.saturating_sub(RECENT_MS))?,
            asks: words::asks(look, id, contact, now_ms)?,
        })
    }

    fn find(&self, session: SessionId) -> Option<&SessionRow> {
        self.sessions.iter().find(|row| row.record.rules.id == session)
    }

    fn incidents(&self, look: &dyn Look) -> Result<Vec<BoardIncident>> {
        derive(look)?.iter().take(BOARD_INCIDENTS_MAX).map(|found| self.incident(look, found)).collect()
    }

    fn incident(&self, look: &dyn Look, found: &Found) -> Result<BoardIncident> {
        let incident = &found.incident;
        let session = incident
            .session
            .map(|id| self.find(id).map_or_else(|| id.to_string(), |row| row.record.name.clone()));
        Ok(BoardIncident {
            id: incident.id.to_string(),
            kind: incident.kind,
            session_id: incident.session.map(|id| id.to_string()),
            session,
            person: incident.subject.map(|subject| person_name(look, subject)).transpose()?.flatten(),
            over_by: found.over_by,
            records: incident
                .entries
                .iter()
                .map(|key| self.record(look, *key, found))
                .collect::<Result<_>>()?,
        })
    }

    fn record(&self, look: &dyn Look, key: EntryKey, found: &Found) -> Result<BoardRecord> {
        let station = self.stations.iter().find(|row| row.record.id == key.station);
        let at_ms = match found.at_ms {
            Some(at_ms) => at_ms,
            None => look.check_in(key)?.map_or(0, |row| row.hlc.ms()),
        };
        Ok(BoardRecord {
            station: station.map_or_else(|| key.station.to_string(), |row| row.record.name.clone()),
            at_ms,
        })
    }
}

/// The Merges that stand, by their keys.
fn merges(look: &dyn Look) -> Result<Vec<BoardMerge>> {
    let mut found = Vec::new();
    for merge in look.merges()?.into_iter().filter(|merge| !merge.split) {
        let Some((a, b)) = merge.persons else { continue };
        let name = |person: PersonId| {
            let known = person_name(look, Subject::Person(person))?;
            Ok::<_, crate::Error>(known.unwrap_or_else(|| person.to_string()))
        };
        found.push(BoardMerge {
            station: merge.key.station.to_string(),
            epoch: merge.key.epoch.to_string(),
            seq: merge.key.seq,
            stays: name(a)?,
            same: name(b)?,
        });
    }
    Ok(found)
}

const fn board_state(phase: Phase) -> BoardState {
    match phase {
        Phase::Scheduled { .. } => BoardState::Scheduled,
        Phase::Open => BoardState::Open,
        Phase::Paused => BoardState::Paused,
        Phase::Ended { .. } => BoardState::Ended,
    }
}

fn places(
    look: &dyn Look,
    station: StationId,
    contact: Option<&Contact>,
    serves: Option<&SessionRow>,
) -> Result<Option<u64>> {
    let limited = serves.map(|row| &row.record.rules).filter(|rules| rules.capacity.is_some());
    let (Some(contact), Some(rules)) = (contact, limited) else { return Ok(None) };
    let i = Identity { station, epoch: contact.epoch };
    Ok(Some(rights_at(look, rules.id, i)?.available()))
}

/// The name behind a subject, where one is known.
pub(super) fn person_name(look: &dyn Look, subject: Subject) -> Result<Option<String>> {
    let row = match subject {
        Subject::Person(id) => look.person(id)?,
        Subject::Code(code) => look.person_by_code(code)?,
    };
    Ok(row.map(|row| row.record.name).filter(|name| !name.is_empty()))
}
