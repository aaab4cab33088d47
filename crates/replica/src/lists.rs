//! `replica.db`: taking the feed's changes in, and reading people, sessions and desks.

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use usher_core::{
    chain::{Branch, hash_entry},
    entry::{Body, Entry, Outcome},
    fold::{self, Admitted, Effect, Group, Tally, second_of},
    ids::{CodeDigest, EntryKey, IncidentId, PersonId, SessionId, StationId, Term},
    incident::double_id,
};
use usher_protocol::{
    records::{EventRecord, PersonRecord, SessionRecord, StationRecord},
    sync::{BranchMark, Change, LogProof, Positioned},
};

use crate::{Replica, StoreError, holds, row};

/// The number from which on kinds are the server's.
const SERVER_KINDS: u32 = 32;
/// Of how many entries of a log one proof of an end among them is kept.
pub(crate) const PROOF_BLOCK: u64 = 2_000;

/// Takes one change of the feed in, which came from a server in `term`. Taking it twice changes nothing.
pub(crate) fn apply(lists: &Connection, item: &Positioned, term: Term) -> Result<(), StoreError> {
    match &item.change {
        Change::Event(event) => keep_json(lists, "INSERT OR REPLACE INTO event VALUES (1, ?2)", &[], event),
        Change::Session(session) => keep_json(
            lists,
            "INSERT OR REPLACE INTO session VALUES (?1, ?2)",
            session.rules.id.0.as_bytes(),
            session,
        ),
        Change::Station(station) => keep_json(
            lists,
            "INSERT OR REPLACE INTO station VALUES (?1, ?2)",
            station.id.0.as_bytes(),
            station,
        ),
        Change::Person(person) => apply_person(lists, person),
        Change::Entry(bytes) => match Entry::from_bytes(&bytes.0) {
            Ok(entry) => apply_entry(lists, entry.key(), &entry, &bytes.0, term),
            Err(_) => quarantine(lists, item),
        },
        Change::Branch(branch) => match Entry::from_bytes(&branch.entry.0) {
            Ok(entry) => apply_branch(lists, branch.mark, entry, &branch.entry.0, term),
            Err(_) => quarantine(lists, item),
        },
        Change::Proof(proof) => keep_proof(lists, proof),
        Change::Unknown(_) => quarantine(lists, item),
    }
}

fn keep_json<T: serde::Serialize>(
    lists: &Connection,
    sql: &str,
    id: &[u8],
    record: &T,
) -> Result<(), StoreError> {
    let text = serde_json::to_string(record).map_err(|error| StoreError::Damaged(error.to_string()))?;
    lists.prepare_cached(sql)?.execute(params![id, text])?;
    Ok(())
}

/// What cannot be interpreted is kept, and blocks nothing (DESIGN section 6).
fn quarantine(lists: &Connection, item: &Positioned) -> Result<(), StoreError> {
    let text = serde_json::to_string(&item.change).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let mut write = lists.prepare_cached("INSERT OR REPLACE INTO quarantine VALUES (?1, ?2)")?;
    write.execute(params![row::bits(item.position), text])?;
    tracing::warn!(position = item.position, "a change of the feed is of an unknown kind; kept aside");
    Ok(())
}

fn apply_person(lists: &Connection, person: &PersonRecord) -> Result<(), StoreError> {
    let id = person.id.0.as_bytes().as_slice();
    let nr: i64 = lists
        .prepare_cached(
            "INSERT INTO person (id, name, email, organisation, kind, ordered, note, cancelled, valid_from, valid_until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET name = ?2, email = ?3, organisation = ?4, kind = ?5, ordered = ?6, note = ?7,
               cancelled = ?8, valid_from = ?9, valid_until = ?10
             RETURNING nr",
        )?
        .query_row(
            params![
                id, person.name, person.email, person.organisation, person.kind, person.order, person.note, person.cancelled,
                person.valid.from_ms, person.valid.until_ms
            ],
            |row| row.get(0),
        )?;
    apply_text(lists, nr, person)?;
    apply_codes(lists, person)?;
    apply_registrations(lists, person)
}

fn apply_text(lists: &Connection, nr: i64, person: &PersonRecord) -> Result<(), StoreError> {
    lists
        .prepare_cached("INSERT OR REPLACE INTO person_text (rowid, name, email, organisation, ordered) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![nr, person.name, person.email, person.organisation, person.order])?;
    Ok(())
}

fn apply_codes(lists: &Connection, person: &PersonRecord) -> Result<(), StoreError> {
    let id = person.id.0.as_bytes().as_slice();
    lists.prepare_cached("DELETE FROM code WHERE person = ?1")?.execute([id])?;
    let mut write = lists.prepare_cached("INSERT OR REPLACE INTO code VALUES (?1, ?2, ?3)")?;
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
    let mut write = lists.prepare_cached("INSERT OR REPLACE INTO registration VALUES (?1, ?2, ?3)")?;
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
    let mut write = lists.prepare_cached("INSERT OR IGNORE INTO entry VALUES (?1, ?2, ?3, ?4)")?;
    let new =
        write.execute(params![row::id(&key.station.0), row::bits(key.epoch.0), row::bits(key.seq), bytes])?;
    if new == 0 {
        return Ok(());
    }
    tracing::trace!(hash = %hash_entry(bytes), "entry taken in");
    apply_effect(lists, entry)?;
    match &entry.body {
        Body::HoldsSet(set) if server(lists)? == Some(entry.station) => holds::set(lists, set, term),
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
    let branch = Branch { of: entry.identity(), from: mark.from, epoch: mark.epoch };
    lists.prepare_cached("INSERT OR IGNORE INTO branch VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        row::id(&entry.station.0),
        row::bits(branch.epoch.0),
        row::bits(entry.epoch.0),
        row::bits(branch.from)
    ])?;
    let entry = branch.place(entry);
    apply_entry(lists, entry.key(), &entry, bytes, term)
}

/// Who writes as the server; none: the event is not here yet, or its server is of version 0.1.
pub(crate) fn server(lists: &Connection) -> Result<Option<StationId>, StoreError> {
    let mut read = lists.prepare_cached("SELECT record FROM event")?;
    let text: Option<String> = read.query_row([], |row| row.get(0)).optional()?;
    let event: Option<EventRecord> = text.as_deref().map(from_json).transpose()?;
    Ok(event.and_then(|event| event.server).map(|server| server.station))
}

/// The key that the event's server signs with; none: as [`server`].
pub(crate) fn server_key(lists: &Connection) -> Result<Option<VerifyingKey>, StoreError> {
    let mut read = lists.prepare_cached("SELECT record FROM event")?;
    let text: Option<String> = read.query_row([], |row| row.get(0)).optional()?;
    let event: Option<EventRecord> = text.as_deref().map(from_json).transpose()?;
    let Some(server) = event.and_then(|event| event.server) else { return Ok(None) };
    let damaged = || StoreError::Damaged("the server's key cannot be read".into());
    let bytes: CodeDigest = server.public_key.parse().map_err(|_| damaged())?;
    VerifyingKey::from_bytes(&bytes.0).map(Some).map_err(|_| damaged())
}

/// What an entry does to groups and sums, whoever wrote it.
pub(crate) fn apply_effect(lists: &Connection, entry: &Entry) -> Result<(), StoreError> {
    // Only few kinds need to know who the server is.
    let server = if entry.body.number() >= SERVER_KINDS { server(lists)? } else { None };
    match fold::effect(entry, server) {
        Effect::Admits(session, subject, one) => {
            let subject = row::subject(subject);
            moving(lists, session, &subject, |lists| insert_check_in(lists, session, &subject, &one))?;
            settled_before(lists, session, &subject)
        }
        Effect::Releases(of) => release(lists, of),
        Effect::Resolves(incident, Outcome::OnePerson) => one_person(lists, incident),
        Effect::Resolves(..) | Effect::Nothing => Ok(()),
    }
}

/// A double admission was one person: the later check-in gives its seat back.
fn one_person(lists: &Connection, incident: IncidentId) -> Result<(), StoreError> {
    lists.prepare_cached("INSERT OR IGNORE INTO one_person VALUES (?1)")?.execute([incident.0])?;
    let sql = "SELECT session, subject FROM check_in GROUP BY session, subject HAVING count(*) > 1";
    let mut read = lists.prepare_cached(sql)?;
    let rows = read.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    for (session, subject) in rows.collect::<Result<Vec<_>, _>>()? {
        let group: Vec<_> = group(lists, SessionId(row::uuid(&session)?), &subject)?.into_iter().collect();
        if let Some(second) = second_of(&group, incident) {
            return release(lists, second);
        }
    }
    Ok(())
}

/// A check-in that came after the decision about it.
fn settled_before(lists: &Connection, session: SessionId, subject: &[u8]) -> Result<(), StoreError> {
    let group: Vec<_> = group(lists, session, subject)?.into_iter().collect();
    for (n, one) in group.iter().enumerate() {
        for other in &group[..n] {
            let incident = double_id(one.key, other.key);
            let known =
                lists.prepare_cached("SELECT 1 FROM one_person WHERE incident = ?1")?.exists([incident.0])?;
            if let (true, Some(second)) = (known, second_of(&group, incident)) {
                release(lists, second)?;
            }
        }
    }
    Ok(())
}

/// Keeps a proof of another log's end; within a block of entries the newest.
fn keep_proof(lists: &Connection, proof: &LogProof) -> Result<(), StoreError> {
    lists.prepare_cached("INSERT OR REPLACE INTO proof VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(
        params![
            row::id(&proof.log.station.0),
            row::bits(proof.log.epoch.0),
            row::bits(proof.head.seq / PROOF_BLOCK),
            row::bits(proof.head.seq),
            proof.signed.proof.0,
            proof.signed.signature.0
        ],
    )?;
    Ok(())
}

fn insert_check_in(
    lists: &Connection,
    session: SessionId,
    subject: &[u8],
    one: &Admitted,
) -> Result<(), StoreError> {
    let (station, epoch, seq) = columns(one.key);
    let mut known =
        lists.prepare_cached("SELECT 1 FROM release WHERE station = ?1 AND epoch = ?2 AND seq = ?3")?;
    let released = known.exists(params![station, epoch, seq])?;
    lists.prepare_cached("INSERT OR IGNORE INTO check_in VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(
        params![
            station,
            epoch,
            seq,
            row::id(&session.0),
            subject,
            row::bits(one.hlc.0),
            row::basis_number(one.basis),
            released
        ],
    )?;
    Ok(())
}

fn columns(key: EntryKey) -> (Vec<u8>, i64, i64) {
    (key.station.0.as_bytes().to_vec(), row::bits(key.epoch.0), row::bits(key.seq))
}

fn release(lists: &Connection, of: EntryKey) -> Result<(), StoreError> {
    let (station, epoch, seq) = columns(of);
    let at = params![station, epoch, seq];
    lists.prepare_cached("INSERT OR IGNORE INTO release VALUES (?1, ?2, ?3)")?.execute(at)?;
    let mut read = lists.prepare_cached(
        "SELECT session, subject FROM check_in WHERE station = ?1 AND epoch = ?2 AND seq = ?3",
    )?;
    let place: Option<(Vec<u8>, Vec<u8>)> =
        read.query_row(at, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((session, subject)) = place else { return Ok(()) };
    moving(lists, SessionId(row::uuid(&session)?), &subject, |lists| {
        let sql = "UPDATE check_in SET released = 1 WHERE station = ?1 AND epoch = ?2 AND seq = ?3";
        lists.prepare_cached(sql)?.execute(at)?;
        Ok(())
    })
}

/// Runs `change` on one group and moves the session's sum by the difference.
fn moving(
    lists: &Connection,
    session: SessionId,
    subject: &[u8],
    change: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let before = group(lists, session, subject)?.tally();
    change(lists)?;
    let after = group(lists, session, subject)?.tally();
    let sum = tally(lists, session)?.moved(before, after);
    lists.prepare_cached("INSERT OR REPLACE INTO tally VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
        row::id(&session.0),
        row::bits(sum.inside),
        row::bits(sum.occupied),
        row::bits(sum.unsettled),
        row::bits(sum.over_grant)
    ])?;
    Ok(())
}

/// The check-ins of a subject at a session that `replica.db` knows.
pub(crate) fn group(lists: &Connection, session: SessionId, subject: &[u8]) -> Result<Group, StoreError> {
    let sql =
        "SELECT station, epoch, seq, hlc, basis, released FROM check_in WHERE session = ?1 AND subject = ?2";
    let mut read = lists.prepare_cached(sql)?;
    let mut rows = read.query(params![row::id(&session.0), subject])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        let station = StationId(row::uuid(&one.get::<_, Vec<u8>>(0)?)?);
        found.push(row::admitted(one, 1, station)?);
    }
    Ok(Group::new(found))
}

/// The cached sum of a session.
pub(crate) fn tally(lists: &Connection, session: SessionId) -> Result<Tally, StoreError> {
    let mut read = lists
        .prepare_cached("SELECT inside, occupied, unsettled, over_grant FROM tally WHERE session = ?1")?;
    let sum = read.query_row(params![row::id(&session.0)], |row| {
        Ok(Tally {
            inside: row::number(row.get(0)?),
            occupied: row::number(row.get(1)?),
            unsettled: row::number(row.get(2)?),
            over_grant: row::number(row.get(3)?),
        })
    });
    Ok(sum.optional()?.unwrap_or_default())
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
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
        let side = self.door();
        let (station, epoch, seq) = columns(key);
        let sql = "SELECT bytes FROM entry WHERE station = ?1 AND epoch = ?2 AND seq = ?3";
        Ok(side
            .lists
            .prepare_cached(sql)?
            .query_row(params![station, epoch, seq], |row| row.get(0))
            .optional()?)
    }

    /// The event, once the feed brought it.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn event(&self) -> Result<Option<EventRecord>, StoreError> {
        let side = self.door();
        let text: Option<String> =
            side.lists.query_row("SELECT record FROM event", [], |row| row.get(0)).optional()?;
        text.as_deref().map(from_json).transpose()
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
