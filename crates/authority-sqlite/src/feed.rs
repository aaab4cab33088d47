//! The feed: one ordered walk over five tables. Each has an index over its positions, so that SQLite merges them as it goes and
//! nothing is sorted or held in memory.

use rusqlite::{Connection, Row};
use usher_authority::{
    Error, Result,
    store::{FeedRow, GoOn},
};
use usher_core::ids::Identity;
use usher_protocol::sync::{Change, EntryBytes};

use crate::{
    fault::Words,
    sql::{from_json, log_params, number, unsigned, visit},
};

pub(crate) const AFTER: &str = "\
    SELECT position, 0 AS kind, record AS payload FROM event WHERE position > ?1 \
    UNION ALL SELECT position, 1, record FROM sessions WHERE position > ?1 \
    UNION ALL SELECT position, 2, record FROM persons WHERE position > ?1 \
    UNION ALL SELECT position, 3, record FROM stations WHERE position > ?1 \
    UNION ALL SELECT position, 4, bytes FROM entries WHERE position > ?1 \
        AND (?2 IS NULL OR station <> ?2 OR epoch <> ?3) \
    ORDER BY position";

const LEN: &str = "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM persons) \
     + (SELECT count(position) FROM stations) + (SELECT count(position) FROM entries)";

/// How many items there are.
pub(crate) fn len(conn: &Connection) -> Result<u64> {
    number(conn, LEN, [])
}

/// The items behind `after`.
pub(crate) fn after(
    conn: &Connection,
    after: u64,
    without: Option<Identity>,
    show: &mut dyn FnMut(FeedRow) -> Result<GoOn>,
) -> Result<()> {
    let (station, epoch) = without.map(log_params).unzip();
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    visit(conn, AFTER, (after, station, epoch), |row| show(item(row)?))
}

fn item(row: &Row<'_>) -> Result<FeedRow> {
    let payload = row.get_ref(2).words()?.as_bytes().map_err(|why| Error::Damaged(why.to_string()))?;
    let (change, bytes) = match unsigned(row, 1)? {
        0 => (Change::Event(from_json(payload)?), payload.len()),
        1 => (Change::Session(from_json(payload)?), payload.len()),
        2 => (Change::Person(from_json(payload)?), payload.len()),
        3 => (Change::Station(from_json(payload)?), payload.len()),
        _ => (Change::Entry(EntryBytes(payload.to_vec())), payload.len() * 4 / 3),
    };
    Ok(FeedRow { position: unsigned(row, 0)?, change, bytes })
}

/// Takes the next position, in the writer's transaction.
pub(crate) fn next(conn: &Connection) -> Result<i64> {
    Ok(number(conn, "UPDATE feed_end SET position = position + 1 RETURNING position", [])? as i64)
}
