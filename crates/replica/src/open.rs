//! Opening the desk's folder: one process only, two files, a side for deciding and one for syncing.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use rusqlite::{Connection, ErrorCode, MAIN_DB};

use crate::{
    Disk, FolderLock, RealDisk, StoreError,
    give_back::{Giving, if_readable},
    rebuild,
    schema::{empty_lists, open_kept_lists, open_lists, open_log},
    search::Search,
    write_ahead,
};

const LOG: &str = "log.db";
const LISTS: &str = "replica.db";
/// A snapshot is built here and then takes the place of [`LISTS`].
const NEXT_LISTS: &str = "replica.next.db";
/// Where lists go that cannot be read.
const BROKEN_LISTS: &str = "replica.damaged.db";
const LOCK: &str = "in-use.lock";
const MARK: &str = "log.mark";

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
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    door: Mutex<Side>,
    sync: Mutex<Side>,
    /// Opened by the first search.
    search: Mutex<Option<Search>>,
    // Whose turn it is to write `log.db`. SQLite's own waiting polls, and would add milliseconds to a guest's answer.
    turn: Mutex<()>,
    /// Up to which entry the life that is written was handed over: for the mark.
    pub(crate) handed: AtomicU64,
    /// What the server lacks, as it last said, and what was offered to it since.
    pub(crate) giving: Mutex<Giving>,
    /// The server's last answer was signed with none of the keys that this desk believes: it is shown how this desk came to them.
    pub(crate) doubted: AtomicBool,
    /// The server's last answer knew no profiles: it is an older one, and is sent none until an answer does.
    pub(crate) no_profiles: AtomicBool,
    /// What the lists say keeps a sync from being done: they are fetched anew before the next one.
    pub(crate) unusable: AtomicBool,
    /// The lists could not be opened again after a swap: they are as soon as that is possible.
    closed: AtomicBool,
    // Held for as long as the files are open.
    _lock: FolderLock,
}

impl Replica {
    /// Opens the files in `folder`, making them where they are missing.
    ///
    /// # Errors
    /// [`StoreError::OpenElsewhere`] when another process has the folder, [`StoreError::TooNew`] when a newer Usher wrote it,
    /// otherwise what SQLite or the system said.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_on(Arc::new(RealDisk), folder)
    }

    /// [`Self::open`] on another disk than the operating system's.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(disk: Arc<dyn Disk>, folder: &Path) -> Result<Self, StoreError> {
        disk.make_folder(folder)?;
        let lock = disk.lock(&folder.join(LOCK))?.ok_or(StoreError::OpenElsewhere)?;
        disk.make_private(&folder.join(LOG))?;
        let mut log = open_log(&*disk, &folder.join(LOG))?;
        settle(&log)?;
        write_ahead::note_loss(&*disk, &mut log, &folder.join(LISTS))?;
        let lists = open_lists_or_anew(&*disk, folder)?;
        write_ahead::note_kept(&log)?;
        let mut door = Side { log, lists };
        // What the server told and cannot be read comes with the next lists.
        if_readable(rebuild::count_afresh(&*disk, &mut door, &folder.join(LISTS)))?;
        let sync = open_side(&*disk, folder)?;
        let (door, sync, turn) = (Mutex::new(door), Mutex::new(sync), Mutex::new(()));
        Ok(Self {
            disk,
            folder: folder.into(),
            door,
            sync,
            search: Mutex::new(None),
            turn,
            handed: AtomicU64::new(0),
            giving: Mutex::default(),
            doubted: AtomicBool::new(false),
            no_profiles: AtomicBool::new(false),
            unusable: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            _lock: lock,
        })
    }

    /// The side that judges and decides.
    pub(crate) fn door(&self) -> MutexGuard<'_, Side> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The side that syncs.
    pub(crate) fn sync(&self) -> MutexGuard<'_, Side> {
        self.sync.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Searches the lists. Others that search wait, and nobody else.
    pub(crate) fn search<T>(
        &self,
        look: impl FnOnce(&mut Search) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut open = self.search.lock().unwrap_or_else(PoisonError::into_inner);
        let mut search = match open.take() {
            Some(search) => search,
            None if self.lists_are_closed() => {
                return Err(StoreError::Damaged("the lists are closed".into()));
            }
            None => Search::on(open_kept_lists(&*self.disk, &self.folder.join(LISTS))?),
        };
        // What failed is opened anew by the next search.
        let found = look(&mut search)?;
        *open = Some(search);
        Ok(found)
    }

    /// Does something with the search where one is open.
    pub(crate) fn with_open_search(&self, tell: impl FnOnce(&mut Search)) {
        self.search.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(tell);
    }

    /// The turn to write `log.db`, for as long as it is held; taken after a side, never before it.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was written to the lists is for good when this returns.
    pub(crate) fn sync_lists(&self) -> Result<(), StoreError> {
        write_ahead::sync_beside(&*self.disk, &self.folder.join(LISTS))
    }

    /// Counts afresh what this desk did, where that is wanted.
    pub(crate) fn count_afresh(&self, side: &mut Side) -> Result<(), StoreError> {
        rebuild::count_afresh(&*self.disk, side, &self.folder.join(LISTS))
    }

    /// The file that says outside the databases how far the log is.
    pub(crate) fn mark_file(&self) -> (&dyn Disk, PathBuf) {
        (&*self.disk, self.folder.join(MARK))
    }

    /// An empty `replica.db` to be, beside the one in use: a snapshot is built there.
    pub(crate) fn make_next_lists(&self) -> Result<Connection, StoreError> {
        self.remove_next_lists()?;
        let path = self.folder.join(NEXT_LISTS);
        self.disk.write(&path, empty_lists()?)?;
        open_lists(&*self.disk, &path)
    }

    /// Removes what is left of lists that did not come to be used.
    pub(crate) fn remove_next_lists(&self) -> Result<(), StoreError> {
        for stale in ["", "-wal", "-shm", "-journal"] {
            self.disk.remove(&self.folder.join(format!("{NEXT_LISTS}{stale}")))?;
        }
        Ok(())
    }

    /// Puts the finished file of [`Self::make_next_lists`] in the place of `replica.db`. A crash or a fault at any point leaves either
    /// the old file or the new one, whole. Where neither can be opened then, the desk is without until [`Self::open_lists_again`].
    pub(crate) fn swap_lists(&self) -> Result<(), StoreError> {
        // A search's connection is closed before its file goes, and what it knows of the old lists goes with them.
        let mut search = self.search.lock().unwrap_or_else(PoisonError::into_inner);
        *search = None;
        let (mut sync, mut door) = (self.sync(), self.door());
        // Without a write-ahead log the old file is whole by itself, and nothing of it can meet the new one.
        fold_log(&sync.lists)?;
        self.closed.store(true, Ordering::Relaxed);
        sync.lists = Connection::open_in_memory()?;
        door.lists = Connection::open_in_memory()?;
        let swapped = self.replace_lists(&self.folder.join(LISTS));
        self.reopen_lists(&mut sync, &mut door)?;
        swapped
    }

    /// The write-ahead log is empty, and no power cut brings back what was in it. It stays: one that is missing is a loss to the next start.
    fn replace_lists(&self, path: &Path) -> Result<(), StoreError> {
        let log = write_ahead::beside(path);
        self.disk.write(&log, b"")?;
        self.disk.sync(&log)?;
        self.disk.remove(&self.folder.join(format!("{LISTS}-shm")))?;
        Ok(self.disk.replace(&self.folder.join(NEXT_LISTS), path)?)
    }

    /// Whether a swap left the desk without lists.
    pub(crate) fn lists_are_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Opens the lists where that failed after a swap.
    pub(crate) fn open_lists_again(&self) -> Result<(), StoreError> {
        if !self.lists_are_closed() {
            return Ok(());
        }
        let (mut sync, mut door) = (self.sync(), self.door());
        self.reopen_lists(&mut sync, &mut door)
    }

    fn reopen_lists(&self, sync: &mut Side, door: &mut Side) -> Result<(), StoreError> {
        let path = self.folder.join(LISTS);
        door.lists = open_kept_lists(&*self.disk, &path)?;
        sync.lists = open_kept_lists(&*self.disk, &path)?;
        self.closed.store(false, Ordering::Relaxed);
        Ok(())
    }
}

/// Opens the lists. What cannot be read is put aside, and fetched anew: it is the server's, and nothing of this desk's is in it.
fn open_lists_or_anew(disk: &dyn Disk, folder: &Path) -> Result<Connection, StoreError> {
    let path = folder.join(LISTS);
    match open_kept_lists(disk, &path).and_then(readable) {
        Err(error) if error.is_of_the_content() => {
            tracing::error!(%error, "the guest list on this disk is damaged: it is fetched anew");
            for beside in ["-wal", "-shm"] {
                disk.remove(&folder.join(format!("{LISTS}{beside}")))?;
            }
            disk.replace(&path, &folder.join(BROKEN_LISTS))?;
            open_kept_lists(disk, &path)
        }
        opened => opened,
    }
}

/// The lists, where at least their place in the feed can be read, and written: without that they could not even be fetched anew. A changed
/// byte in the file's head can forbid SQLite to write.
fn readable(lists: Connection) -> Result<Connection, StoreError> {
    let sql = "SELECT term, position, complete, synced_ms FROM feed WHERE one = 1";
    let _place: (i64, i64, bool, Option<i64>) =
        lists.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    if lists.is_readonly(MAIN_DB)? {
        return Err(StoreError::Damaged("the lists say that nobody may write them".into()));
    }
    Ok(lists)
}

/// Moves everything from the write-ahead log into the database file.
pub(crate) fn fold_log(lists: &Connection) -> Result<(), StoreError> {
    let busy = lists.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy { Err(StoreError::Damaged("the lists are in use by somebody else".into())) } else { Ok(()) }
}

/// A process that was killed between writing and syncing leaves entries that the next one finds and a power cut can still take back.
/// Before anything relies on them they go to the platter: a checkpoint syncs the write-ahead log before anything else.
fn settle(log: &Connection) -> Result<(), StoreError> {
    match log.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
        // Only what comes after the log's sync needs room.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => Ok(()),
        done => Ok(done?),
    }
}

fn open_side(disk: &dyn Disk, folder: &Path) -> Result<Side, StoreError> {
    Ok(Side { log: open_log(disk, &folder.join(LOG))?, lists: open_kept_lists(disk, &folder.join(LISTS))? })
}
