//! Profiles that this desk wrote, in `log.db`: the names of its walk-ins (DESIGN section 4). A row that was changed on the disk is as if it
//! were not there: a wrong name is worse than none.

use std::{collections::BTreeSet, sync::atomic::Ordering};

use rusqlite::{Connection, OptionalExtension, Row, params};
use usher_core::ids::PersonId;
use usher_protocol::{
    limits::PROFILES_PER_REQUEST_MAX,
    profile::{Profile, ProfileRecord},
    records::PersonRecord,
    sync::{Change, SyncAnswer},
};

use crate::{
    Guest, Replica, StoreError, known_profiles,
    lists::{from_json, to_json},
    row,
};

/// The rows that are as they were written.
const WHOLE: &str = "sum IS row_sum(person, record, version, sent)";

/// A profile that the server has not dealt with, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unsent {
    pub(crate) record: ProfileRecord,
    /// Which change of it this is.
    pub(crate) version: i64,
}

impl Replica {
    /// What the next request brings of this desk's own profiles: none to a server that knows none.
    pub(crate) fn unsent_profiles(&self, log: &Connection) -> Result<Vec<Unsent>, StoreError> {
        if self.no_profiles.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        unsent(log, PROFILES_PER_REQUEST_MAX)
    }

    /// The next of the lists' profiles that a server which was put back may lack.
    pub(crate) fn profiles_to_give_back(&self, lists: &Connection) -> Result<Vec<ProfileRecord>, StoreError> {
        let giving = self.giving();
        if giving.lacks.is_none() || giving.unanswered || self.no_profiles.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        known_profiles::after(lists, giving.profiles_upto, PROFILES_PER_REQUEST_MAX)
    }
}

/// One person's profile; none: this desk wrote none.
pub(crate) fn of(log: &Connection, person: PersonId) -> Result<Option<Profile>, StoreError> {
    let sql = format!("SELECT record FROM profile WHERE person = ?1 AND {WHOLE}");
    let mut read = log.prepare_cached(&sql)?;
    let text: Option<String> = read.query_row(params![row::id(&person.0)], |row| row.get(0)).optional()?;
    text.as_deref().map(from_json).transpose()
}

/// The record of a row that begins with person and record.
pub(crate) fn record(row: &Row<'_>) -> Result<ProfileRecord, StoreError> {
    let person = PersonId(row::uuid(&row.get::<_, Vec<u8>>(0)?)?);
    Ok(ProfileRecord { person, profile: from_json(&row.get::<_, String>(1)?)? })
}

/// Every profile, by person.
pub(crate) fn all(log: &Connection) -> Result<Vec<ProfileRecord>, StoreError> {
    let sql = format!("SELECT person, record FROM profile WHERE {WHOLE} ORDER BY person");
    let mut read = log.prepare_cached(&sql)?;
    let mut rows = read.query([])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        found.push(record(one)?);
    }
    Ok(found)
}

/// Puts what was written together with what is known; the caller's transaction makes it durable with the entry that it belongs to.
pub(crate) fn write(log: &Connection, person: PersonId, written: Profile) -> Result<(), StoreError> {
    let before = of(log, person)?;
    let after = before.clone().unwrap_or_default().merge(written);
    if before.as_ref() == Some(&after) {
        return Ok(());
    }
    let sql = "INSERT INTO profile (person, record, version, sent) VALUES (?1, ?2, 1, 0)
               ON CONFLICT (person) DO UPDATE SET record = excluded.record, version = version + 1";
    log.prepare_cached(sql)?.execute(params![row::id(&person.0), to_json(&after)?])?;
    Ok(())
}

/// At most `limit` profiles that the server has not dealt with.
pub(crate) fn unsent(log: &Connection, limit: usize) -> Result<Vec<Unsent>, StoreError> {
    let sql = format!(
        "SELECT person, record, version FROM profile WHERE sent <> version AND {WHOLE} ORDER BY person LIMIT ?1"
    );
    let mut read = log.prepare_cached(&sql)?;
    let mut rows = read.query([limit as i64])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        found.push(Unsent { record: record(one)?, version: one.get(2)? });
    }
    Ok(found)
}

/// The server dealt with this change of a person's profile. One that came since is still to be sent.
pub(crate) fn note_sent(log: &Connection, person: PersonId, version: i64) -> Result<(), StoreError> {
    let sql = "UPDATE profile SET sent = ?2 WHERE person = ?1 AND sent <> ?2";
    log.prepare_cached(sql)?.execute(params![row::id(&person.0), version])?;
    Ok(())
}

/// Takes in what an answer says: which of the changes in `sent` were dealt with, and who was erased.
pub(crate) fn hear(
    log: &Connection,
    sent: &[(PersonId, i64)],
    answer: &SyncAnswer,
) -> Result<(), StoreError> {
    let dealt = answer.profiles.iter().flatten().collect::<BTreeSet<_>>();
    for (person, version) in sent.iter().filter(|(person, _)| dealt.contains(person)) {
        note_sent(log, *person, *version)?;
    }
    for item in &answer.changes {
        if let Change::Person(PersonRecord { id, profile: Some(profile), .. }) = &item.change
            && profile.erased
        {
            erase_own(log, *id)?;
        }
    }
    Ok(())
}

/// Erases the name that this desk wrote of somebody, if it did: it was erased elsewhere.
pub(crate) fn erase_own(log: &Connection, person: PersonId) -> Result<(), StoreError> {
    of(log, person)?.map_or(Ok(()), |_| write(log, person, Profile::erased()))
}

/// A server that was put back may have forgotten them: all are sent again.
pub(crate) fn send_again(log: &Connection) -> Result<(), StoreError> {
    log.execute("UPDATE profile SET sent = 0 WHERE sent <> 0", [])?;
    Ok(())
}

/// Forgets what was changed on the disk: the server may know the name, and its list gives it back.
pub(crate) fn forget_what_changed(log: &Connection) -> Result<(), StoreError> {
    if log.execute(&format!("DELETE FROM profile WHERE NOT {WHOLE}"), [])? > 0 {
        tracing::error!("the name of a walk-in was damaged on this desk's disk");
    }
    Ok(())
}

/// A guest as the card shows one.
pub(crate) fn guest(id: PersonId, profile: &Profile) -> Guest {
    let person = profile.person(id);
    Guest {
        id,
        name: person.name,
        organisation: person.organisation,
        kind: person.kind,
        order: person.order,
        note: person.note,
        flags: person.flags,
        attention: person.attention,
        cancelled: person.cancelled,
        valid: person.valid,
    }
}
