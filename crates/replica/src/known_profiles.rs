//! Profiles that the server told of, in `replica.db`: whoever added the guest, a server that was put back is given them back.

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::ids::PersonId;
use usher_protocol::profile::{Profile, ProfileRecord};

use crate::{
    StoreError,
    lists::{from_json, to_json},
    profiles, row,
};

/// Keeps what the server says of one person.
pub(crate) fn keep(lists: &Connection, person: PersonId, profile: &Profile) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO profile VALUES (?1, ?2, row_sum(?1, ?2))";
    lists.prepare_cached(sql)?.execute(params![row::id(&person.0), to_json(profile)?])?;
    Ok(())
}

/// At most `limit` profiles of people behind `after`, by person.
pub(crate) fn after(
    lists: &Connection,
    after: Option<PersonId>,
    limit: usize,
) -> Result<Vec<ProfileRecord>, StoreError> {
    let sql = "SELECT person, record FROM profile WHERE person > ?1 ORDER BY person LIMIT ?2";
    let after = after.map_or_else(Vec::new, |person| person.0.as_bytes().to_vec());
    let mut read = lists.prepare_cached(sql)?;
    let mut rows = read.query(params![after, limit as i64])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        found.push(profiles::record(one)?);
    }
    Ok(found)
}

/// What the server says of one person; none: nothing.
fn of(lists: &Connection, person: PersonId) -> Result<Option<Profile>, StoreError> {
    let mut read = lists.prepare_cached("SELECT record FROM profile WHERE person = ?1")?;
    let text: Option<String> = read.query_row(params![row::id(&person.0)], |row| row.get(0)).optional()?;
    text.as_deref().map(from_json).transpose()
}

/// Erases what this desk wrote of people who are erased in the lists.
pub(crate) fn erase_own(log: &Connection, lists: &Connection) -> Result<(), StoreError> {
    for own in profiles::all(log)?.into_iter().filter(|own| !own.profile.erased) {
        if of(lists, own.person)?.is_some_and(|known| known.erased) {
            profiles::erase_own(log, own.person)?;
        }
    }
    Ok(())
}
