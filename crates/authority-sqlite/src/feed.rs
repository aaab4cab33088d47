//! The feed: one ordered walk over five tables. Each has an index over its positions, so that SQLite merges them as it goes and
//! nothing is sorted or held in memory.

use rusqlite::{Connection, Row};
use usher_authority::{
    Error, Result, remark,
    store::{FeedRow, GoOn},
};
use usher_core::{
    entry::Head,
    ids::{EntryHash, Identity},
};
use usher_protocol::sync::{BranchEntry, Change, EntryBytes, LogProof, Signed};

use crate::{
    fault::Words,
    rows,
    sql::{col, from_json, identity, log_params, number, one, unsigned, visit},
};

pub(crate) const AFTER: &str = "\
    SELECT position, 0 AS kind, record AS payload, NULL AS station, 0 AS epoch, 0 AS seq, NULL AS hash, NULL AS signature \
        FROM event WHERE position > ?1 \
    UNION ALL SELECT position, 1, record, NULL, 0, 0, NULL, NULL FROM sessions WHERE position > ?1 \
    UNION ALL SELECT position, 2, record, NULL, 0, 0, NULL, NULL FROM persons WHERE position > ?1 \
    UNION ALL SELECT position, 3, record, NULL, 0, 0, NULL, NULL FROM stations WHERE position > ?1 \
    UNION ALL SELECT position, 4, bytes, station, epoch, remarks, NULL, NULL FROM entries WHERE position > ?1 \
        AND (?2 IS NULL OR station <> ?2 OR epoch <> ?3) \
    UNION ALL SELECT position, 5, proof, station, epoch, seq, hash, signature FROM logs WHERE position > ?1 \
        AND (?2 IS NULL OR station <> ?2 OR epoch <> ?3) \
    ORDER BY position";

const LEN: &str = "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM persons) \
     + (SELECT count(position) FROM stations) + (SELECT count(position) FROM entries) + (SELECT count(position) FROM logs)";

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
    visit(conn, AFTER, (after, station, epoch), |row| show(item(conn, row)?))
}

fn item(conn: &Connection, row: &Row<'_>) -> Result<FeedRow> {
    let payload = row.get_ref(2).words()?.as_bytes().map_err(|why| Error::Damaged(why.to_string()))?;
    let (change, bytes) = match unsigned(row, 1)? {
        0 => (Change::Event(from_json(payload)?), payload.len()),
        1 => (Change::Session(from_json(payload)?), payload.len()),
        2 => (Change::Person(from_json(payload)?), payload.len()),
        3 => (Change::Station(from_json(payload)?), payload.len()),
        4 => (entry(conn, row, EntryBytes(payload.to_vec()))?, payload.len() * 4 / 3),
        _ => (Change::Proof(proof(row, payload.to_vec())?), payload.len() * 2),
    };
    Ok(FeedRow { position: unsigned(row, 0)?, change, bytes })
}

/// An entry, told apart when it stands in a second branch.
fn entry(conn: &Connection, row: &Row<'_>, entry: EntryBytes) -> Result<Change> {
    if col::<u32>(row, 5)? & remark::BRANCH == 0 {
        return Ok(Change::Entry(entry));
    }
    let i = identity(row, 3)?;
    let sql = format!("{} WHERE station = ?1 AND epoch = ?2", rows::LOG);
    let log = one(conn, &sql, log_params(i), rows::log)?;
    let branch = log.and_then(|log| log.branch);
    let branch = branch.ok_or_else(|| Error::Damaged("a branch's log is missing".into()))?;
    Ok(Change::Branch(BranchEntry { mark: branch.into(), entry }))
}

fn proof(row: &Row<'_>, proof: Vec<u8>) -> Result<LogProof> {
    let head = Head { seq: unsigned(row, 5)?, hash: EntryHash(col(row, 6)?) };
    let signed = Signed::new(proof, &col::<[u8; 64]>(row, 7)?);
    Ok(LogProof { log: identity(row, 3)?, head, signed })
}

/// Takes the next position, in the writer's transaction.
pub(crate) fn next(conn: &Connection) -> Result<i64> {
    Ok(number(conn, "UPDATE feed_end SET position = position + 1 RETURNING position", [])? as i64)
}
