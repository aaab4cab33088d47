//! Lists without their write-ahead log: somebody tidied the desk's folder up. What is left can be half a checkpoint, some of its pages
//! newer than others and each as it was written once, so that no row's sum tells. It is used until it can be fetched anew, and what this
//! desk itself did is counted afresh from its log.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior, config::DbConfig};

use usher_core::ids::StationId;

use crate::{Disk, Side, StoreError, rebuild::rebuild, row, sync::REFETCH_DUE};

/// Stands in `log.db` once a version that keeps the write-ahead log has the lists: earlier ones took it away when they were closed.
const KEPT: &str = "lists_keep_write_ahead";
/// Stands in `log.db` until what was lost is made good.
const NOTE: &str = "lists_lost_write_ahead";

/// From here on the write-ahead log stays beside the lists when they are closed, so that one that is missing was taken away. A power
/// cut soon after it was made may take it back as well: the list is then fetched once in vain.
pub(crate) fn keep(lists: &Connection) -> Result<(), StoreError> {
    lists.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// The write-ahead log of the database at `path`.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Writes down that the lists at `path` have lost theirs, before SQLite makes another one.
pub(crate) fn note_loss(disk: &dyn Disk, log: &mut Connection, path: &Path) -> Result<(), StoreError> {
    if !stands(log, KEPT)? {
        return write(log, KEPT);
    }
    if !disk.is_there(path)? || disk.is_there(&beside(path))? {
        return Ok(());
    }
    let tx = log.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // A desk that is not enrolled has nothing to lose.
    if tx.execute("UPDATE line SET refetch = ?1", [REFETCH_DUE])? > 0 {
        tracing::error!("the guest list on this disk lost its newest part: it is fetched anew");
        write(&tx, NOTE)?;
    }
    Ok(tx.commit()?)
}

/// Counts what this desk did afresh, where a loss was written down.
pub(crate) fn make_good(side: &mut Side) -> Result<(), StoreError> {
    if !stands(&side.log, NOTE)? {
        return Ok(());
    }
    let own: Vec<u8> = side.log.query_row("SELECT station FROM identity", [], |row| row.get(0))?;
    match rebuild(side, StationId(row::uuid(&own)?)) {
        // What the server told cannot be read: that comes with the next list.
        Err(error) if error.is_of_the_content() => tracing::error!(%error, "the counts stay as they are"),
        done => done?,
    }
    side.log.execute("DELETE FROM setting WHERE name = ?1", [NOTE])?;
    Ok(())
}

fn stands(log: &Connection, name: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM setting WHERE name = ?1)";
    Ok(log.query_row(sql, [name], |row| row.get(0))?)
}

fn write(log: &Connection, name: &str) -> Result<(), StoreError> {
    log.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, 'true')", [name])?;
    Ok(())
}
