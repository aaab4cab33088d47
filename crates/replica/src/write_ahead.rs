//! Lists without their write-ahead log: somebody tidied the desk's folder up. What is left can be half a checkpoint, some of its pages
//! newer than others and each as it was written once, so that no row's sum tells: a checkpoint beside somebody who reads is half a one
//! too. It is used until it can be fetched anew. What this desk itself did is counted afresh from its log, and no held seat is used: it may
//! be one that the log has let go of.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior, config::DbConfig};

use crate::{Disk, StoreError, rebuild, settings, sync::want_lists};

/// Stands in `log.db` once a version that keeps the write-ahead log has the lists: earlier ones took it away when they were closed.
const KEPT: &str = "lists_keep_write_ahead";
/// Stands in `log.db` until the lists that lost it are fetched anew.
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
    // A desk that is not enrolled has nothing to lose.
    if !settings::stands(log, KEPT)?
        || !is_enrolled(log)?
        || !disk.is_there(path)?
        || disk.is_there(&beside(path))?
    {
        return Ok(());
    }
    tracing::error!("the guest list on this disk lost its newest part: it is fetched anew");
    let tx = log.transaction_with_behavior(TransactionBehavior::Immediate)?;
    want_lists(&tx)?;
    rebuild::want(&tx)?;
    settings::note(&tx, NOTE)?;
    Ok(tx.commit()?)
}

/// Writes down that the lists are open, with a write-ahead log that stays.
pub(crate) fn note_kept(log: &Connection) -> Result<(), StoreError> {
    if settings::stands(log, KEPT)? { Ok(()) } else { settings::note(log, KEPT) }
}

/// What was written to the lists at `path` is for good when this returns.
pub(crate) fn sync_beside(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    let log = beside(path);
    if disk.is_there(&log)? {
        disk.sync(&log)?;
    }
    Ok(())
}

/// Whether the lists in use lost their newest part.
pub(crate) fn is_lost(log: &Connection) -> Result<bool, StoreError> {
    settings::stands(log, NOTE)
}

/// Other lists are in use.
pub(crate) fn forget_loss(log: &Connection) -> Result<(), StoreError> {
    settings::forget(log, NOTE)?;
    rebuild::forget(log)
}

fn is_enrolled(log: &Connection) -> Result<bool, StoreError> {
    Ok(log.query_row("SELECT EXISTS (SELECT 1 FROM line)", [], |row| row.get(0))?)
}
