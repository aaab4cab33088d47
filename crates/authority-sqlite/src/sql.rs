//! Running cached statements, and the few conversions between SQLite's values and ours.

use rusqlite::{Connection, Params, Row, types::FromSql};
use usher_authority::{Error, Result};
use usher_core::{
    capacity::Rights,
    clock::Hlc,
    entry::{Basis, Subject},
    ids::{CodeDigest, EntryKey, Epoch, Identity, PersonId, StationId},
};
use uuid::Uuid;

use crate::fault::Words;

/// Runs a statement that gives no rows.
pub(crate) fn run(conn: &Connection, sql: &str, params: impl Params) -> Result<()> {
    conn.prepare_cached(sql).words()?.execute(params).words().map(|_| ())
}

/// Shows rows to `visit` until it says stop.
pub(crate) fn visit(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    mut visit: impl FnMut(&Row<'_>) -> Result<bool>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(sql).words()?;
    let mut rows = statement.query(params).words()?;
    while let Some(row) = rows.next().words()? {
        if !visit(row)? {
            break;
        }
    }
    Ok(())
}

/// Every row.
pub(crate) fn all<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    visit(conn, sql, params, |row| {
        found.push(read(row)?);
        Ok(true)
    })?;
    Ok(found)
}

/// The first row.
pub(crate) fn one<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut found = None;
    visit(conn, sql, params, |row| {
        found = Some(read(row)?);
        Ok(false)
    })?;
    Ok(found)
}

/// The one number that a query gives.
pub(crate) fn number(conn: &Connection, sql: &str, params: impl Params) -> Result<u64> {
    Ok(one(conn, sql, params, |row| unsigned(row, 0))?.unwrap_or(0))
}

pub(crate) fn col<T: FromSql>(row: &Row<'_>, index: usize) -> Result<T> {
    row.get(index).words()
}

pub(crate) fn unsigned(row: &Row<'_>, index: usize) -> Result<u64> {
    Ok(col::<i64>(row, index)? as u64)
}

pub(crate) fn uuid(row: &Row<'_>, index: usize) -> Result<Uuid> {
    col(row, index).map(Uuid::from_bytes)
}

pub(crate) fn maybe_uuid(row: &Row<'_>, index: usize) -> Result<Option<Uuid>> {
    Ok(col::<Option<[u8; 16]>>(row, index)?.map(Uuid::from_bytes))
}

/// Unsigned 64-bit numbers as signed ones in the same order: the top bit is flipped.
pub(crate) const fn ordered(number: u64) -> i64 {
    (number ^ (1 << 63)) as i64
}

const fn unordered(number: i64) -> u64 {
    number as u64 ^ (1 << 63)
}

/// An unsigned number that [`ordered`] wrote, where there is one.
pub(crate) fn maybe_ordered(row: &Row<'_>, index: usize) -> Result<Option<u64>> {
    Ok(col::<Option<i64>>(row, index)?.map(unordered))
}

pub(crate) fn identity(row: &Row<'_>, index: usize) -> Result<Identity> {
    let epoch = Epoch(unordered(col(row, index + 1)?));
    Ok(Identity { station: StationId(uuid(row, index)?), epoch })
}

/// The key in three columns from `index` on.
pub(crate) fn key(row: &Row<'_>, index: usize) -> Result<EntryKey> {
    Ok(identity(row, index)?.key(unsigned(row, index + 2)?))
}

/// A log as two parameters.
pub(crate) const fn log_params(i: Identity) -> ([u8; 16], i64) {
    (i.station.0.into_bytes(), ordered(i.epoch.0))
}

/// A key as three parameters.
pub(crate) const fn key_params(key: EntryKey) -> ([u8; 16], i64, i64) {
    let (station, epoch) = log_params(key.identity());
    (station, epoch, key.seq as i64)
}

pub(crate) fn hlc(row: &Row<'_>, index: usize) -> Result<Hlc> {
    Ok(Hlc(unordered(col(row, index)?)))
}

/// A subject as two parameters.
pub(crate) fn subject_params(subject: Subject) -> (i64, Vec<u8>) {
    match subject {
        Subject::Person(id) => (0, id.0.as_bytes().to_vec()),
        Subject::Code(code) => (1, code.0.to_vec()),
    }
}

/// The subject in two columns from `index` on.
pub(crate) fn subject(row: &Row<'_>, index: usize) -> Result<Subject> {
    match col::<i64>(row, index)? {
        0 => Ok(Subject::Person(PersonId(uuid(row, index + 1)?))),
        1 => Ok(Subject::Code(CodeDigest(col(row, index + 1)?))),
        other => Err(Error::Damaged(format!("a subject of kind {other}"))),
    }
}

pub(crate) const fn basis_number(basis: Basis) -> i64 {
    match basis {
        Basis::Grant => 0,
        Basis::Held => 1,
        Basis::Unlimited => 2,
        Basis::OverGrant => 3,
    }
}

pub(crate) fn basis(row: &Row<'_>, index: usize) -> Result<Basis> {
    match col::<i64>(row, index)? {
        0 => Ok(Basis::Grant),
        1 => Ok(Basis::Held),
        2 => Ok(Basis::Unlimited),
        3 => Ok(Basis::OverGrant),
        other => Err(Error::Damaged(format!("a check-in of basis {other}"))),
    }
}

/// The rights in five columns from `index` on.
pub(crate) fn rights(row: &Row<'_>, index: usize) -> Result<Rights> {
    Ok(Rights {
        granted: unsigned(row, index)?,
        returned: unsigned(row, index + 1)?,
        admitted: unsigned(row, index + 2)?,
        refunded: unsigned(row, index + 3)?,
        recalled: unsigned(row, index + 4)?,
    })
}

pub(crate) fn to_json(record: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(record).map_err(|why| Error::Store(format!("a record cannot be written: {why}")))
}

pub(crate) fn from_json<T: serde::de::DeserializeOwned>(json: &[u8]) -> Result<T> {
    serde_json::from_slice(json).map_err(|why| Error::Damaged(format!("a record cannot be read: {why}")))
}

/// The record in a text column.
pub(crate) fn record<T: serde::de::DeserializeOwned>(row: &Row<'_>, index: usize) -> Result<T> {
    let text = row.get_ref(index).words()?;
    from_json(text.as_bytes().map_err(|why| Error::Damaged(why.to_string()))?)
}
