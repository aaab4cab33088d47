//! Opening the desk's folder: one process only, two files, migrations, pragmas.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::StoreError;

const LOG: &str = "log.db";
const LISTS: &str = "replica.db";
/// A snapshot is built here and then takes the place of [`LISTS`].
const NEXT_LISTS: &str = "replica.next.db";
const LOCK: &str = "in-use.lock";

/// How long a statement waits for another connection before it gives up; between the two sides the turn comes first.
const BUSY: Duration = Duration::from_secs(5);

/// One side's view of the two files. Deciding and syncing have a side each, so that neither waits for the other's reads.
#[derive(Debug)]
pub struct Side {
    /// `log.db`.
    pub(crate) log: Connection,
    /// `replica.db`.
    pub(crate) lists: Connection,
}

/// Keeps a database in one state for a series of reads, whatever another connection commits meanwhile.
pub(crate) struct OneState<'a>(&'a Connection);

impl<'a> OneState<'a> {
    /// Begins with the next read.
    pub(crate) fn of(connection: &'a Connection) -> Result<Self, StoreError> {
        connection.prepare_cached("BEGIN")?.execute([])?;
        Ok(Self(connection))
    }
}

impl Drop for OneState<'_> {
    fn drop(&mut self) {
        let ended = self.0.prepare_cached("COMMIT").and_then(|mut end| end.execute([]));
        if let Err(error) = ended {
            tracing::warn!(%error, "ending a series of reads failed");
        }
    }
}

/// A station's files, open.
#[derive(Debug)]
pub struct Replica {
    folder: PathBuf,
    door: Mutex<Side>,
    sync: Mutex<Side>,
    // Whose turn it is to write `log.db`. SQLite's own waiting polls, and would add milliseconds to a guest's answer.
    turn: Mutex<()>,
    // Held for as long as the files are open; the operating system lets go when the process ends, however it ends.
    _lock: File,
}

impl Replica {
    /// Opens the files in `folder`, making them where they are missing.
    ///
    /// # Errors
    /// [`StoreError::OpenElsewhere`] when another process has the folder, [`StoreError::TooNew`] when a newer Usher wrote it,
    /// otherwise what SQLite or the system said.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder)?;
        let lock = take_lock(&folder.join(LOCK))?;
        private(&folder.join(LOG))?;
        let door = open_side(folder)?;
        let sync = open_side(folder)?;
        let (door, sync, turn) = (Mutex::new(door), Mutex::new(sync), Mutex::new(()));
        Ok(Self { folder: folder.into(), door, sync, turn, _lock: lock })
    }

    /// The side that judges and decides.
    pub(crate) fn door(&self) -> MutexGuard<'_, Side> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The side that syncs.
    pub(crate) fn sync(&self) -> MutexGuard<'_, Side> {
        self.sync.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn to write `log.db`, for as long as it is held; taken after a side, never before it.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a snapshot is built.
    pub(crate) fn next_lists(&self) -> PathBuf {
        self.folder.join(NEXT_LISTS)
    }

    /// Puts the finished file at [`Self::next_lists`] in the place of `replica.db`. A crash at any point leaves either the old
    /// file or the new one, whole.
    pub(crate) fn swap_lists(&self) -> Result<(), StoreError> {
        let (mut sync, mut door) = (self.sync(), self.door());
        // Both old connections close here; the last one folds its write-ahead log into the file and removes it.
        sync.lists = Connection::open_in_memory()?;
        door.lists = Connection::open_in_memory()?;
        let path = self.folder.join(LISTS);
        for beside in ["-wal", "-shm"] {
            remove_if_there(&self.folder.join(format!("{LISTS}{beside}")))?;
        }
        fs::rename(self.next_lists(), &path)?;
        File::open(&self.folder)?.sync_all()?;
        door.lists = open_lists(&path)?;
        sync.lists = open_lists(&path)?;
        Ok(())
    }
}

fn take_lock(path: &Path) -> Result<File, StoreError> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::OpenElsewhere),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The log holds the station's key: its owner alone may read it.
fn private(path: &Path) -> Result<(), StoreError> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    #[cfg(not(unix))]
    drop(file);
    Ok(())
}

fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn open_side(folder: &Path) -> Result<Side, StoreError> {
    Ok(Side { log: open_log(&folder.join(LOG))?, lists: open_lists(&folder.join(LISTS))? })
}

fn open_log(path: &Path) -> Result<Connection, StoreError> {
    const STEPS: &[M<'_>] = &[
        M::up(include_str!("../../../migrations/station/log/0001_log.sql")),
        M::up(include_str!("../../../migrations/station/log/0002_released.sql")),
    ];
    // FULL: with NORMAL a power cut can take back a committed check-in (DESIGN section 4).
    open_file(path, "FULL", &Migrations::from_slice(STEPS))
}

/// Opens `replica.db`, or a file that is to become it.
pub(crate) fn open_lists(path: &Path) -> Result<Connection, StoreError> {
    const STEPS: &[M<'_>] = &[M::up(include_str!("../../../migrations/station/replica/0001_replica.sql"))];
    // NORMAL: what a power cut takes back here is asked for again from the last cursor.
    open_file(path, "NORMAL", &Migrations::from_slice(STEPS))
}

fn open_file(path: &Path, synchronous: &str, steps: &Migrations<'_>) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    steps.to_latest(&mut connection)?;
    Ok(connection)
}
