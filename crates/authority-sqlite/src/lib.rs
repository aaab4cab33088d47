//! The default store of the server: one SQLite file under the contract of [`usher_authority::store`].
//!
//! WAL with `synchronous=FULL`: what was answered survives a power cut. One connection writes, under a lock; readers have
//! connections of their own and never wait for it. Other processes (an import beside the running server) take turns by SQLite's
//! own lock. Rules live in `usher-authority`; here are only tables.

mod fault;
mod feed;
mod look;
mod rows;
mod schema;
mod sql;
mod txn;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use usher_authority::{
    Error, Result, Store,
    store::{Look, Txn},
};

use fault::Words;
use look::Tables;

/// How long a statement waits for another process's write.
const BUSY_WAIT: Duration = Duration::from_secs(10);
/// How many idle connections for reading are kept.
const READERS_KEPT_MAX: usize = 8;
/// How many prepared statements a connection keeps: more than there are.
const STATEMENTS_KEPT: usize = 128;

/// The server's data in one SQLite file.
pub struct SqliteStore {
    path: PathBuf,
    vfs: Option<String>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl SqliteStore {
    /// Opens the database at `path`, making it when there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// A newer or damaged database, busy, disk full, or what the file system says.
    pub fn create(path: &Path) -> Result<Self> {
        Self::start(None, path, OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens the existing database at `path` and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::NoDatabase`], a newer or damaged database, busy, disk full, or what the file system says.
    pub fn open(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(Error::NoDatabase { path: path.display().to_string() });
        }
        Self::start(None, path, OpenFlags::empty())
    }

    /// [`Self::create`] on another disk than the operating system's, reached by the name of SQLite's VFS for it.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_on(vfs: &str, path: &Path) -> Result<Self> {
        Self::start(Some(vfs.to_owned()), path, OpenFlags::SQLITE_OPEN_CREATE)
    }

    fn start(vfs: Option<String>, path: &Path, extra: OpenFlags) -> Result<Self> {
        let mut writer = connect(vfs.as_deref(), path, extra)?;
        schema::migrate(&mut writer)?;
        writer.pragma_update(None, "journal_mode", "WAL").words()?;
        settle(&writer)?;
        Ok(Self { path: path.to_owned(), vfs, writer: Mutex::new(writer), readers: Mutex::new(Vec::new()) })
    }

    fn reader(&self) -> Result<Connection> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(reader) = kept {
            return Ok(reader);
        }
        let reader = connect(self.vfs.as_deref(), &self.path, OpenFlags::empty())?;
        reader.pragma_update(None, "query_only", true).words()?;
        Ok(reader)
    }

    fn keep(&self, reader: Connection) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT_MAX {
            readers.push(reader);
        }
    }
}

/// A process that was killed between writing and syncing leaves transactions that the next one finds and a power cut can still
/// take back. Before anybody is told of them they go to the platter: a checkpoint syncs the log before anything else.
fn settle(writer: &Connection) -> Result<()> {
    match writer.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).words() {
        // Only what comes after the log's sync needs room.
        Err(Error::DiskFull) => Ok(()),
        done => done,
    }
}

fn connect(vfs: Option<&str>, path: &Path, extra: OpenFlags) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | extra;
    let conn = match vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs),
        None => Connection::open_with_flags(path, flags),
    };
    let conn = conn.words()?;
    conn.busy_timeout(BUSY_WAIT).words()?;
    conn.pragma_update(None, "synchronous", "FULL").words()?;
    conn.pragma_update(None, "trusted_schema", false).words()?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(conn)
}

impl Store for SqliteStore {
    fn read<T>(&self, work: impl FnOnce(&dyn Look) -> Result<T>) -> Result<T> {
        let mut reader = self.reader()?;
        let txn = reader.transaction_with_behavior(TransactionBehavior::Deferred).words()?;
        let done = work(&Tables(&txn));
        txn.finish().words()?;
        self.keep(reader);
        done
    }

    fn write<T>(&self, work: impl FnOnce(&mut dyn Txn) -> Result<T>) -> Result<T> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let txn = writer.transaction_with_behavior(TransactionBehavior::Immediate).words()?;
        let done = work(&mut Tables(&txn))?;
        txn.commit().words()?;
        Ok(done)
    }

    fn changed_elsewhere(&self) -> Result<u64> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        sql::number(&writer, "PRAGMA data_version", [])
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
