//! This desk's rights, in `log.db`: read whole or not at all, changed only by what DESIGN section 5 says.

use rusqlite::{Connection, OptionalExtension, Row, params};
use usher_core::{capacity::Rights, ids::SessionId};
use usher_protocol::sync::GrantTotal;

use crate::{StoreError, row, sums};

const COLUMNS: &str = "SELECT granted, returned, admitted, refunded, recalled,
    sum IS row_sum(session, granted, returned, admitted, refunded, recalled), session FROM rights";

/// The rights for a session.
pub(crate) fn of(log: &Connection, session: SessionId) -> Result<Rights, StoreError> {
    let mut query = log.prepare_cached(&format!("{COLUMNS} WHERE session = ?1"))?;
    let found = query.query_row(params![row::id(&session.0)], |row| Ok(read(row))).optional()?;
    found.transpose().map(Option::unwrap_or_default)
}

/// The rights for every session, by session.
pub(crate) fn all(log: &Connection) -> Result<Vec<(SessionId, Rights)>, StoreError> {
    let mut query = log.prepare_cached(&format!("{COLUMNS} ORDER BY session"))?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        found.push((SessionId(row::uuid(&one.get::<_, Vec<u8>>(6)?)?), read(one)?));
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Rights, StoreError> {
    sums::whole(row.get(5)?, "a right of this desk")?;
    Ok(Rights {
        granted: row::number(row.get(0)?),
        returned: row::number(row.get(1)?),
        admitted: row::number(row.get(2)?),
        refunded: row::number(row.get(3)?),
        recalled: row::number(row.get(4)?),
    })
}

/// Takes one right. The condition is the reserve: without a right nothing is written (I1).
pub(crate) fn spend(log: &Connection, session: SessionId) -> Result<(), StoreError> {
    let sql = "UPDATE rights SET admitted = admitted + 1
               WHERE session = ?1 AND granted + refunded > returned + admitted";
    match log.prepare_cached(sql)?.execute(params![row::id(&session.0)])? {
        1 => Ok(()),
        _ => Err(StoreError::Damaged("a right was judged to be there and is not".into())),
    }
}

/// Counts a right as come back by a local undo.
pub(crate) fn refund(log: &Connection, session: SessionId) -> Result<(), StoreError> {
    let sql = "UPDATE rights SET refunded = refunded + 1 WHERE session = ?1";
    log.prepare_cached(sql)?.execute(params![row::id(&session.0)])?;
    Ok(())
}

/// Counts rights as given back.
pub(crate) fn part_with(log: &Connection, session: SessionId, rights: u32) -> Result<(), StoreError> {
    let sql = "UPDATE rights SET returned = returned + ?2 WHERE session = ?1";
    log.prepare_cached(sql)?.execute(params![row::id(&session.0), rights])?;
    Ok(())
}

/// `G := max(G, total)`: repeated and reordered answers change nothing.
pub(crate) fn raise(log: &Connection, grant: &GrantTotal) -> Result<(), StoreError> {
    let sql = "INSERT INTO rights (session, granted) VALUES (?1, ?2)
               ON CONFLICT (session) DO UPDATE SET granted = max(granted, ?2)";
    log.prepare_cached(sql)?.execute(params![row::id(&grant.session.0), row::bits(grant.total)])?;
    Ok(())
}

/// What the server asks back: totals as well.
pub(crate) fn recall(log: &Connection, recall: &GrantTotal) -> Result<(), StoreError> {
    let sql = "UPDATE rights SET recalled = max(recalled, ?2) WHERE session = ?1";
    log.prepare_cached(sql)?.execute(params![row::id(&recall.session.0), row::bits(recall.total)])?;
    Ok(())
}

/// A new life has none.
pub(crate) fn drop_all(log: &Connection) -> Result<(), StoreError> {
    log.execute("DELETE FROM rights", [])?;
    Ok(())
}
