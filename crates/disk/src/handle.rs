//! An open file, as SQLite uses one. Safe: pointers are left behind in [`crate::vfs`]. Every function gives SQLite's result code.

use std::{
    ffi::c_int,
    sync::{Arc, MutexGuard},
};

use rusqlite::ffi;

use crate::{
    FILE_BYTES_MAX, FaultKind, Io,
    inode::Inode,
    locks::{Mine, SHM_SLOTS},
    machine::{Machine, State},
    names::{FileId, folder},
    shm::Shm,
};

/// An open file.
#[derive(Debug)]
pub(crate) struct Handle {
    machine: Arc<Machine>,
    file: FileId,
    /// None: a temporary file.
    name: Option<String>,
    me: u64,
    life: u64,
    delete_on_close: bool,
    /// The folder is synced with the file's first sync: the name of a new log or journal must be there before it is relied on.
    sync_folder: bool,
    shm: Option<(Arc<Shm>, Mine)>,
}

const JOURNALS: c_int = ffi::SQLITE_OPEN_SUPER_JOURNAL | ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_WAL;

impl Handle {
    /// Opens `name`, or a temporary file.
    pub(crate) fn open(machine: &Arc<Machine>, name: Option<&str>, flags: c_int) -> Result<Self, c_int> {
        let mut state = machine.state();
        let life = state.life;
        state.io(life, Io::Open).map_err(|kind| code(Io::Open, kind))?;
        let known = name.and_then(|name| state.names.get(name));
        let create = flags & ffi::SQLITE_OPEN_CREATE != 0;
        let file = match known {
            Some(_) if create && flags & ffi::SQLITE_OPEN_EXCLUSIVE != 0 => return Err(ffi::SQLITE_CANTOPEN),
            Some(file) => file,
            None if name.is_some() && !create => return Err(ffi::SQLITE_CANTOPEN),
            None if state.plan.full => {
                state.plan.counts.refused += 1;
                return Err(ffi::SQLITE_FULL);
            }
            None => state.make_file(name),
        };
        if let Some(inode) = state.files.get_mut(&file) {
            inode.open += 1;
        }
        Ok(Self {
            machine: Arc::clone(machine),
            file,
            name: name.map(str::to_owned),
            me: state.fresh(),
            life,
            delete_on_close: flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0,
            // As SQLite's Unix VFS has it, also for a file that was there: whoever made it may not have come to sync it.
            sync_folder: create && flags & JOURNALS != 0,
            shm: None,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.machine.state()
    }

    fn alive(&self, state: &State) -> bool {
        self.life == state.life
    }

    /// Runs `work` on the file of a living machine.
    fn with(&self, work: impl FnOnce(&mut Inode) -> c_int) -> c_int {
        let mut state = self.state();
        if !self.alive(&state) {
            return ffi::SQLITE_OK;
        }
        state.files.get_mut(&self.file).map_or(ffi::SQLITE_IOERR, work)
    }

    pub(crate) fn read(&self, offset: i64, out: &mut [u8]) -> c_int {
        let mut state = self.state();
        let short = match state.io(self.life, Io::Read) {
            Ok(fault) => fault.is_some(),
            Err(kind) => return code(Io::Read, kind),
        };
        let (Ok(offset), Some(inode)) = (usize::try_from(offset), state.files.get(&self.file)) else {
            return ffi::SQLITE_IOERR_READ;
        };
        let mut got = inode.read(offset, out);
        if short {
            got = got.min(out.len() / 2);
        }
        out[got..].fill(0);
        if got < out.len() { ffi::SQLITE_IOERR_SHORT_READ } else { ffi::SQLITE_OK }
    }

    pub(crate) fn write(&self, offset: i64, bytes: &[u8]) -> c_int {
        let mut state = self.state();
        let fault = state.io(self.life, Io::Write).err();
        let (alive, full) = (self.alive(&state), state.plan.full);
        let (Ok(offset), Some(inode)) = (usize::try_from(offset), state.files.get_mut(&self.file)) else {
            return ffi::SQLITE_IOERR_WRITE;
        };
        let grows = offset + bytes.len() > inode.len();
        let no_room = (full && grows) || offset + bytes.len() > FILE_BYTES_MAX;
        match fault {
            Some(kind) => {
                // A halted machine's write is in flight; a failed one has got half way.
                let done = if kind == FaultKind::Halt { bytes.len() } else { bytes.len() / 2 };
                if alive && !no_room {
                    inode.write(offset, &bytes[..done]);
                }
                code(Io::Write, kind)
            }
            None if no_room => {
                state.plan.counts.refused += 1;
                ffi::SQLITE_FULL
            }
            None => {
                inode.write(offset, bytes);
                ffi::SQLITE_OK
            }
        }
    }

    pub(crate) fn truncate(&self, len: i64) -> c_int {
        let mut state = self.state();
        if let Err(kind) = state.io(self.life, Io::Truncate) {
            return code(Io::Truncate, kind);
        }
        match (usize::try_from(len), state.files.get_mut(&self.file)) {
            (Ok(len), Some(inode)) if len <= FILE_BYTES_MAX => {
                inode.resize(len);
                ffi::SQLITE_OK
            }
            _ => ffi::SQLITE_IOERR_TRUNCATE,
        }
    }

    pub(crate) fn sync(&mut self) -> c_int {
        let machine = Arc::clone(&self.machine);
        let mut state = machine.state();
        if let Err(kind) = state.io(self.life, Io::Sync) {
            return code(Io::Sync, kind);
        }
        let lies = state.plan.lies;
        if let Some(inode) = state.files.get_mut(&self.file).filter(|_| !lies) {
            inode.sync();
        }
        let Some(name) = self.name.as_deref().filter(|_| self.sync_folder) else { return ffi::SQLITE_OK };
        if let Err(kind) = state.io(self.life, Io::FolderSync) {
            return code(Io::FolderSync, kind);
        }
        state.sync_folder(folder(name));
        self.sync_folder = false;
        ffi::SQLITE_OK
    }

    pub(crate) fn size(&self) -> Result<i64, c_int> {
        let mut state = self.state();
        state.io(self.life, Io::Size).map_err(|kind| code(Io::Size, kind))?;
        let len = state.files.get(&self.file).map_or(0, Inode::len);
        i64::try_from(len).map_err(|_| ffi::SQLITE_IOERR_FSTAT)
    }

    pub(crate) fn lock(&self, level: c_int) -> c_int {
        if !self.alive(&self.state()) {
            return ffi::SQLITE_IOERR_LOCK;
        }
        self.with(|inode| if inode.locks.lock(self.me, level) { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY })
    }

    pub(crate) fn unlock(&self, level: c_int) -> c_int {
        self.with(|inode| {
            inode.locks.unlock(self.me, level);
            ffi::SQLITE_OK
        })
    }

    pub(crate) fn reserved(&self) -> bool {
        self.state().files.get(&self.file).is_some_and(|inode| inode.locks.reserved())
    }

    /// Whether the name means another file by now.
    pub(crate) fn moved(&self) -> bool {
        self.name.as_deref().is_some_and(|name| self.state().names.get(name) != Some(self.file))
    }

    /// The region `index`; null where there is none yet and none is to be made.
    pub(crate) fn map(&mut self, index: usize, bytes: usize, extend: bool) -> Result<*mut u8, c_int> {
        let machine = Arc::clone(&self.machine);
        let mut state = machine.state();
        state.io(self.life, Io::Map).map_err(|kind| code(Io::Map, kind))?;
        if self.shm.is_none() {
            let inode = state.files.get_mut(&self.file).ok_or(ffi::SQLITE_IOERR_SHMOPEN)?;
            let shm = Arc::clone(inode.shm.get_or_insert_default());
            shm.inside().users += 1;
            self.shm = Some((shm, Mine::default()));
        }
        let (shm, _) = self.shm.as_ref().ok_or(ffi::SQLITE_IOERR_SHMMAP)?;
        let region = shm.inside().region(index, bytes, extend);
        if extend && region.is_null() { Err(ffi::SQLITE_IOERR_SHMSIZE) } else { Ok(region) }
    }

    pub(crate) fn lock_shared_memory(&mut self, first: usize, count: usize, flags: c_int) -> c_int {
        let alive = self.alive(&self.state());
        let range = first..first.saturating_add(count).min(SHM_SLOTS);
        let Some((shm, mine)) = &mut self.shm else { return ffi::SQLITE_IOERR_SHMLOCK };
        let mut inside = shm.inside();
        if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
            inside.slots.give_back(mine, range);
            return ffi::SQLITE_OK;
        }
        if !alive {
            return ffi::SQLITE_IOERR_SHMLOCK;
        }
        let taken = inside.slots.take(mine, range, flags & ffi::SQLITE_SHM_SHARED != 0);
        if taken { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
    }

    pub(crate) fn unmap(&mut self) -> c_int {
        let Some((shm, mut mine)) = self.shm.take() else { return ffi::SQLITE_OK };
        let left = {
            let mut inside = shm.inside();
            inside.slots.give_back(&mut mine, 0..SHM_SLOTS);
            inside.users = inside.users.saturating_sub(1);
            inside.users
        };
        if left > 0 {
            return ffi::SQLITE_OK;
        }
        // Without users the memory is forgotten, as the first one to come would clear it.
        self.with(|inode| {
            inode.shm = None;
            ffi::SQLITE_OK
        })
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.unmap();
        self.unlock(ffi::SQLITE_LOCK_NONE);
        let mut state = self.machine.state();
        if self.life != state.life {
            return;
        }
        if let Some(inode) = state.files.get_mut(&self.file) {
            inode.open = inode.open.saturating_sub(1);
        }
        if let Some(name) = self.name.as_deref().filter(|_| self.delete_on_close) {
            state.names.remove(name);
        }
        if self.name.is_none() || self.delete_on_close {
            state.sweep();
        }
    }
}

/// SQLite's word for what went wrong.
pub(crate) const fn code(io: Io, kind: FaultKind) -> c_int {
    match (kind, io) {
        (FaultKind::DiskFull, _) => ffi::SQLITE_FULL,
        (_, Io::Open) => ffi::SQLITE_CANTOPEN,
        (_, Io::Read) => ffi::SQLITE_IOERR_READ,
        (_, Io::Write) => ffi::SQLITE_IOERR_WRITE,
        (_, Io::Truncate) => ffi::SQLITE_IOERR_TRUNCATE,
        (_, Io::Sync) => ffi::SQLITE_IOERR_FSYNC,
        (_, Io::FolderSync) => ffi::SQLITE_IOERR_DIR_FSYNC,
        (_, Io::Size) => ffi::SQLITE_IOERR_FSTAT,
        (_, Io::Delete) => ffi::SQLITE_IOERR_DELETE,
        (_, Io::Exists) => ffi::SQLITE_IOERR_ACCESS,
        (_, Io::Map) => ffi::SQLITE_IOERR_SHMMAP,
        (_, Io::Rename) => ffi::SQLITE_IOERR,
    }
}
