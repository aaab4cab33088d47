//! `replica.db`: taking the feed's changes in, and reading people, sessions and desks.

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use usher_core::{
    chain::hash_entry,
    entry::{Body, Entry},
    ids::{CodeDigest, EntryKey, EventId, PersonId, SessionId, StationId, Term},
};
use usher_protocol::{
    records::{EventRecord, PersonRecord, SessionRecord, StationRecord},
    sync::{BranchMark, Change, LogProof, Positioned},
    ticket::TicketKey,
};

use crate::{Replica, StoreError, groups, holds, known_profiles, messages, row};

/// Of how many entries of a log one proof of an end among them is kept.
pub(crate) const PROOF_BLOCK: u64 = 2_000;

/// Takes one change of the feed in, which came from a server in `term`. Taking it twice changes nothing.
pub(crate) fn apply(lists: &Connection, item: &Positioned, term: Term) -> Result<(), StoreError> {
    match &item.change {
        Change::Event(event) => apply_event(lists, event, term),
        Change::Session(session) => keep_json(
            lists,
            "INSERT OR REPLACE INTO session VALUES (?1, ?2, row_sum(?1, ?2))",
            session.rules.id.0.as_bytes(),
            session,
        ),
        Change::Station(station) => keep_json(
            lists,
            "INSERT OR REPLACE INTO station VALUES (?1, ?2, row_sum(?1, ?2))",
            station.id.0.as_bytes(),
            station,
        ),
        Change::Person(person) => apply_person(lists, person),
        Change::Entry(bytes) => match Entry::from_bytes(&bytes.0) {
            Ok(entry) => apply_entry(lists, entry.key(), &entry, &bytes.0, term),
            Err(_) => quarantine(lists, item),
        },
        Change::Branch(branch) => match Entry::from_bytes(&branch.entry.0) {
            Ok(entry) => apply_branch(lists, branch.mark.clone(), entry, &branch.entry.0, term),
            Err(_) => quarantine(lists, item),
        },
        Change::Proof(proof) => keep_proof(lists, proof),
        Change::Unknown(_) => quarantine(lists, item),
    }
}

/// The event may come behind what its server wrote: in a snapshot of a server that was restored it does. Who the server is says which
/// entries count, so those that came before are taken in now.
fn apply_event(lists: &Connection, event: &EventRecord, term: Term) -> Result<(), StoreError> {
    let known = server(lists)?;
    keep_json(lists, "INSERT OR REPLACE INTO event VALUES (1, ?2, row_sum(?2))", &[], event)?;
    let Some(server) = event.server.as_ref().filter(|_| known.is_none()) else { return Ok(()) };
    let sql = "SELECT bytes FROM entry WHERE station = ?1 ORDER BY epoch, seq";
    let mut read = lists.prepare_cached(sql)?;
    let rows = read.query_map(params![row::id(&server.station.0)], |row| row.get::<_, Vec<u8>>(0))?;
    for bytes in rows.collect::<Result<Vec<_>, _>>()? {
        apply_meaning(lists, &crate::log::read_bytes(&bytes)?, term)?;
    }
    Ok(())
}

fn keep_json<T: serde::Serialize>(
    lists: &Connection,
    sql: &str,
    id: &[u8],
    record: &T,
) -> Result<(), StoreError> {
    let text = to_json(record)?;
    lists.prepare_cached(sql)?.execute(params![id, text])?;
    Ok(())
}

/// What cannot be interpreted is kept, and blocks nothing (DESIGN section 6).
fn quarantine(lists: &Connection, item: &Positioned) -> Result<(), StoreError> {
    let text = to_json(&item.change)?;
    let mut write =
        lists.prepare_cached("INSERT OR REPLACE INTO quarantine VALUES (?1, ?2, row_sum(?1, ?2))")?;
    write.execute(params![row::bits(item.position), text])?;
    tracing::warn!(position = item.position, "a change of the feed is of an unknown kind; kept aside");
    Ok(())
}

fn apply_person(lists: &Connection, person: &PersonRecord) -> Result<(), StoreError> {
    let id = person.id.0.as_bytes().as_slice();
    lists
        .prepare_cached(
            "INSERT INTO person (id, name, email, organisation, kind, ordered, note, cancelled, valid_from, valid_until, flags, attention, sum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, row_sum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12))
             ON CONFLICT (id) DO UPDATE SET name = ?2, email = ?3, organisation = ?4, kind = ?5, ordered = ?6, note = ?7,
               cancelled = ?8, valid_from = ?9, valid_until = ?10, flags = ?11, attention = ?12, sum = excluded.sum",
        )?
        .execute(
            params![
                id, person.name, person.email, person.organisation, person.kind, person.order, person.note, person.cancelled,
                person.valid.from_ms, person.valid.until_ms, to_json(&person.flags)?, person.attention
            ],
        )?;
    apply_codes(lists, person)?;
    apply_registrations(lists, person)?;
    person.profile.as_ref().map_or(Ok(()), |profile| known_profiles::keep(lists, person.id, profile))
}

fn apply_codes(lists: &Connection, person: &PersonRecord) -> Result<(), StoreError> {
    let id = person.id.0.as_bytes().as_slice();
    lists.prepare_cached("DELETE FROM code WHERE person = ?1")?.execute([id])?;
    let mut write =
        lists.prepare_cached("INSERT OR REPLACE INTO code VALUES (?1, ?2, ?3, row_sum(?1, ?2, ?3))")?;
    for old in &person.revoked_codes {
        write.execute(params![old.0, id, true])?;
    }
    if let Some(code) = person.code {
        write.execute(params![code.0, id, false])?;
    }
    Ok(())
}

fn apply_registrations(lists: &Connection, person: &PersonRecord) -> Result<(), StoreError> {
    let id = person.id.0.as_bytes().as_slice();
    lists.prepare_cached("DELETE FROM registration WHERE person = ?1")?.execute([id])?;
    let mut write = lists
        .prepare_cached("INSERT OR REPLACE INTO registration VALUES (?1, ?2, ?3, row_sum(?1, ?2, ?3))")?;
    for registration in &person.registrations {
        write.execute(params![id, row::id(&registration.session.0), registration.cancelled])?;
    }
    Ok(())
}

/// Takes an entry of any log in, which counts under `key`: its bytes, and what it does to groups and sums.
fn apply_entry(
    lists: &Connection,
    key: EntryKey,
    entry: &Entry,
    bytes: &[u8],
    term: Term,
) -> Result<(), StoreError> {
    let mut write = lists
        .prepare_cached("INSERT OR IGNORE INTO entry VALUES (?1, ?2, ?3, ?4, row_sum(?1, ?2, ?3, ?4))")?;
    let new =
        write.execute(params![row::id(&key.station.0), row::bits(key.epoch.0), row::bits(key.seq), bytes])?;
    if new == 0 {
        return Ok(());
    }
    tracing::trace!(hash = %hash_entry(bytes), "entry taken in");
    apply_meaning(lists, entry, term)
}

fn apply_meaning(lists: &Connection, entry: &Entry, term: Term) -> Result<(), StoreError> {
    groups::apply(lists, entry)?;
    match &entry.body {
        Body::HoldsSet(set) if server(lists)? == Some(entry.station) => holds::set(lists, set, term),
        Body::Message(_) if server(lists)? == Some(entry.station) => messages::keep(lists, entry),
        _ => Ok(()),
    }
}

/// An entry of the second branch of another log counts under the branch's epoch.
fn apply_branch(
    lists: &Connection,
    mark: BranchMark,
    entry: Entry,
    bytes: &[u8],
    term: Term,
) -> Result<(), StoreError> {
    let branch = mark.of(entry.identity());
    let sql = "INSERT OR IGNORE INTO branch VALUES (?1, ?2, ?3, ?4, ?5, row_sum(?1, ?2, ?3, ?4, ?5))";
    lists.prepare_cached(sql)?.execute(params![
        row::id(&entry.station.0),
        row::bits(branch.fork.epoch.0),
        row::bits(entry.epoch.0),
        row::bits(branch.fork.from),
        to_json(&branch.before)?
    ])?;
    let entry = branch.place(entry);
    apply_entry(lists, entry.key(), &entry, bytes, term)
}

/// The event as the list has it; none: it is not here yet.
pub(crate) fn event(lists: &Connection) -> Result<Option<EventRecord>, StoreError> {
    let mut read = lists.prepare_cached("SELECT record FROM event")?;
    let text: Option<String> = read.query_row([], |row| row.get(0)).optional()?;
    text.as_deref().map(from_json).transpose()
}

/// Who writes as the server; none: the event is not here yet, or its server is of version 0.1.
pub(crate) fn server(lists: &Connection) -> Result<Option<StationId>, StoreError> {
    Ok(event(lists)?.and_then(|event| event.server).map(|server| server.station))
}

/// The keys that the event's signed tickets are checked with; none before the event is here.
pub(crate) fn ticket_keys(lists: &Connection) -> Result<Vec<TicketKey>, StoreError> {
    Ok(event(lists)?.map(|event| event.ticket_keys).unwrap_or_default())
}

/// The key that the event's server signs with; none: as [`server`]. `of`: only where they are this event's lists.
pub(crate) fn server_key(
    lists: &Connection,
    of: Option<EventId>,
) -> Result<Option<VerifyingKey>, StoreError> {
    let event = event(lists)?.filter(|event| of.is_none_or(|of| event.id == of));
    let Some(server) = event.and_then(|event| event.server) else { return Ok(None) };
    let damaged = || StoreError::Damaged("the server's key cannot be read".into());
    let bytes: CodeDigest = server.public_key.parse().map_err(|_| damaged())?;
    VerifyingKey::from_bytes(&bytes.0).map(Some).map_err(|_| damaged())
}

/// Keeps a proof of another log's end; within a block of entries the newest. A server that was put back sends older ones again.
pub(crate) fn keep_proof(lists: &Connection, proof: &LogProof) -> Result<(), StoreError> {
    let sql = "INSERT INTO proof VALUES (?1, ?2, ?3, ?4, ?5, ?6, row_sum(?1, ?2, ?3, ?4, ?5, ?6)) ON CONFLICT DO UPDATE
               SET seq = excluded.seq, proof = excluded.proof, signature = excluded.signature, sum = excluded.sum
               WHERE excluded.seq > proof.seq";
    lists.prepare_cached(sql)?.execute(params![
        row::id(&proof.log.station.0),
        row::bits(proof.log.epoch.0),
        row::bits(proof.head.seq / PROOF_BLOCK),
        row::bits(proof.head.seq),
        proof.signed.proof.0,
        proof.signed.signature.0
    ])?;
    Ok(())
}

pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The bytes of another log's entry, as they came; none where it is not known here.
pub(crate) fn entry_bytes(lists: &Connection, key: EntryKey) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT bytes FROM entry WHERE station = ?1 AND epoch = ?2 AND seq = ?3";
    let (station, epoch, seq) = row::key(key);
    let mut read = lists.prepare_cached(sql)?;
    Ok(read.query_row(params![station, epoch, seq], |row| row.get(0)).optional()?)
}

/// One session.
pub(crate) fn session(lists: &Connection, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
    let mut read = lists.prepare_cached("SELECT record FROM session WHERE id = ?1")?;
    let text: Option<String> = read.query_row(params![row::id(&id.0)], |row| row.get(0)).optional()?;
    text.as_deref().map(from_json).transpose()
}

/// The person behind a code, and whether the code was replaced.
pub(crate) fn person_of(
    lists: &Connection,
    digest: CodeDigest,
) -> Result<Option<(PersonId, bool)>, StoreError> {
    let mut read = lists.prepare_cached("SELECT person, revoked FROM code WHERE digest = ?1")?;
    let found =
        read.query_row(params![digest.0], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?))).optional()?;
    found.map(|(person, revoked)| Ok((PersonId(row::uuid(&person)?), revoked))).transpose()
}

impl Replica {
    /// The bytes of another log's entry, as they came; none where it is not known here.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn others_entry(&self, key: EntryKey) -> Result<Option<Vec<u8>>, StoreError> {
        entry_bytes(&self.door().lists, key)
    }

    /// The event, once the feed brought it.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn event(&self) -> Result<Option<EventRecord>, StoreError> {
        event(&self.door().lists)
    }

    /// Every session, by start and then name.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn sessions(&self) -> Result<Vec<SessionRecord>, StoreError> {
        let side = self.door();
        let mut read = side.lists.prepare_cached("SELECT record FROM session")?;
        let texts = read.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        let mut sessions: Vec<SessionRecord> =
            texts.iter().map(|text| from_json(text)).collect::<Result<_, _>>()?;
        sessions.sort_by(|a, b| (a.rules.starts_ms, &a.name).cmp(&(b.rules.starts_ms, &b.name)));
        Ok(sessions)
    }

    /// A desk's name; none where it is not known here.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn station_name(&self, station: StationId) -> Result<Option<String>, StoreError> {
        let side = self.door();
        let mut read = side.lists.prepare_cached("SELECT record FROM station WHERE id = ?1")?;
        let text: Option<String> =
            read.query_row(params![row::id(&station.0)], |row| row.get(0)).optional()?;
        let record: Option<StationRecord> = text.as_deref().map(from_json).transpose()?;
        Ok(record.map(|record| record.name))
    }
}
