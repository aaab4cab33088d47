//! A disk as tests and the simulator hold one.

use std::{io, sync::Arc};

use crate::{
    Choices, Counts, Fault, FaultKind, Io,
    inode::Inode,
    machine::{Machine, State},
    names::folder,
    slots,
};

/// A simulated disk. Clones are the same disk; the files live as long as any of them or any open file.
#[derive(Clone, Debug)]
pub struct Disk(Arc<Machine>);

/// A name that a process has locked for itself; free again when this goes, or the process or machine ends.
#[derive(Debug)]
pub struct Held {
    machine: Arc<Machine>,
    name: String,
    life: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.machine.state();
        if state.life == self.life {
            state.held.remove(&self.name);
        }
    }
}

impl Disk {
    /// An empty disk. `seed` decides the random numbers that SQLite asks it for.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(slots::machine(State::new(seed)))
    }

    /// The name under which SQLite opens files here.
    #[must_use]
    pub fn vfs_name(&self) -> &str {
        self.0.slot.name()
    }

    /// Another disk with the same files, as the operating system shows them now; nobody has them open. For cloned machines and
    /// for rolling one back. It has no faults planned.
    #[must_use]
    pub fn copy(&self) -> Self {
        let state = self.0.state().copy();
        Self(slots::machine(state))
    }

    /// The power is cut, and comes back. Files that were open are dead: every use of them fails, closing them changes nothing.
    pub fn crash(&self, choices: &mut Choices) {
        self.0.state().crash(choices);
    }

    /// The process ends without closing anything; the operating system lives on, so that nothing written is lost.
    pub fn kill(&self) {
        self.0.state().kill();
    }

    /// Plans a fault.
    pub fn plan(&self, fault: Fault) {
        self.0.state().plan.add(fault);
    }

    /// Ends all faults, planned and lasting, and a full disk.
    pub fn heal(&self) {
        self.0.state().plan.heal();
    }

    /// From now on no file may grow and none may be made, or they may again.
    pub fn set_full(&self, full: bool) {
        self.0.state().plan.full = full;
    }

    /// From now on syncing does nothing and says that it did: the broken disk that a test of durability must notice.
    pub fn set_sync_lies(&self, lies: bool) {
        self.0.state().plan.lies = lies;
    }

    /// Runs `work` while nothing fails and nothing is counted: for somebody who looks at the machine from outside, and only reads.
    pub fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = std::mem::replace(&mut self.0.state().plan.quiet, true);
        let done = work();
        self.0.state().plan.quiet = before;
        done
    }

    /// What happened so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.0.state().plan.counts.clone()
    }

    /// How often anything went wrong so far: [`Counts::struck`].
    #[must_use]
    pub fn struck(&self) -> u64 {
        self.0.state().plan.counts.struck()
    }

    /// Whether [`FaultKind::Halt`] has struck, and neither [`Self::crash`] nor [`Self::kill`] came yet.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.0.state().plan.is_halted()
    }

    /// Begins to note every I/O.
    pub fn record(&self) {
        self.0.state().plan.record = Some(Vec::new());
    }

    /// The I/Os since [`Self::record`], in order; the noting ends.
    #[must_use]
    pub fn recorded(&self) -> Vec<Io> {
        self.0.state().plan.record.take().unwrap_or_default()
    }

    /// Changes the bits `mask` of one byte behind everybody's back; false: there is no such byte.
    pub fn flip(&self, name: &str, offset: u64, mask: u8) -> bool {
        let mut state = self.0.state();
        let file = state.names.get(name);
        let inode = file.and_then(|file| state.files.get_mut(&file));
        let flipped = inode.is_some_and(|inode| usize::try_from(offset).is_ok_and(|at| inode.flip(at, mask)));
        state.plan.counts.flips += u64::from(flipped);
        flipped
    }

    /// Every file with its length in bytes, by name.
    #[must_use]
    pub fn files(&self) -> Vec<(String, u64)> {
        let state = self.0.state();
        let len = |file| state.files.get(&file).map_or(0, Inode::len) as u64;
        state.names.seen().map(|(name, file)| (name.clone(), len(file))).collect()
    }

    /// The bytes of a file; none: there is no such file.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        let state = self.0.state();
        let inode = state.names.get(name).and_then(|file| state.files.get(&file))?;
        let mut bytes = vec![0; inode.len()];
        inode.read(0, &mut bytes);
        Some(bytes)
    }

    /// Locks `name` for one process, making the file where it is missing; none: another process has it.
    ///
    /// # Errors
    /// A planned fault.
    pub fn lock(&self, name: &str) -> io::Result<Option<Held>> {
        self.make(name)?;
        let mut state = self.0.state();
        let life = state.life;
        let taken = state.held.insert(name.into());
        Ok(taken.then(|| Held { machine: Arc::clone(&self.0), name: name.into(), life }))
    }

    /// Makes an empty file where there is none.
    ///
    /// # Errors
    /// A planned fault, or a full disk.
    pub fn make(&self, name: &str) -> io::Result<()> {
        let mut state = self.begin(Io::Open)?;
        state.find_or_make(name).map(drop).ok_or_else(|| failure(FaultKind::DiskFull))
    }

    /// Whether there is a file, as a process sees it.
    ///
    /// # Errors
    /// A planned fault.
    pub fn is_there(&self, name: &str) -> io::Result<bool> {
        Ok(self.begin(Io::Exists)?.names.get(name).is_some())
    }

    /// The bytes of a file, read by a process; none: there is no such file.
    ///
    /// # Errors
    /// A planned fault.
    pub fn read_file(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        drop(self.begin(Io::Read)?);
        Ok(self.bytes(name))
    }

    /// Writes over the beginning of a file, making it where there is none. Unsynced.
    ///
    /// # Errors
    /// A planned fault, or a full disk.
    pub fn write_file(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.begin(Io::Write)?;
        let file = state.find_or_make(name).ok_or_else(|| failure(FaultKind::DiskFull))?;
        if let Some(inode) = state.files.get_mut(&file) {
            inode.write(0, bytes);
        }
        Ok(())
    }

    /// Makes what was written of a file durable.
    ///
    /// # Errors
    /// A planned fault, or a missing file.
    pub fn sync_file(&self, name: &str) -> io::Result<()> {
        let mut state = self.begin(Io::Sync)?;
        let file = state.names.get(name).ok_or(io::ErrorKind::NotFound)?;
        let lies = state.plan.lies;
        if let (false, Some(inode)) = (lies, state.files.get_mut(&file)) {
            inode.sync();
        }
        Ok(())
    }

    /// Cuts a file off at `offset`, writes `bytes` there and syncs it, making it and its name durable where it is missing: how a program
    /// appends to a small file of its own.
    ///
    /// # Errors
    /// A planned fault, or a full disk: some of it may have been written.
    pub fn append_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.begin(Io::Write)?;
        let known = state.names.get(name).is_some();
        let file = state.find_or_make(name).ok_or_else(|| failure(FaultKind::DiskFull))?;
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        if let Some(inode) = state.files.get_mut(&file) {
            inode.resize(offset);
            inode.write(offset, bytes);
        }
        drop(state);
        let mut state = self.begin(Io::Sync)?;
        let lies = state.plan.lies;
        if let (false, Some(inode)) = (lies, state.files.get_mut(&file)) {
            inode.sync();
        }
        drop(state);
        if known { Ok(()) } else { self.sync_folder(folder(name)) }
    }

    /// Puts a file there with these bytes, for good, in the place of what had its name: what a person does from outside while nothing
    /// runs. Nothing fails and nothing is counted.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        self.take_away(name);
        let mut state = self.0.state();
        let file = state.make_file(Some(name));
        if let Some(inode) = state.files.get_mut(&file) {
            inode.write(0, bytes);
            inode.sync();
        }
        state.names.sync(folder(name));
        state.sweep();
    }

    /// Takes a file away for good, as [`Self::put`]; false: there was none.
    pub fn take_away(&self, name: &str) -> bool {
        let mut state = self.0.state();
        let there = state.names.remove(name);
        state.names.sync(folder(name));
        state.sweep();
        there
    }

    /// Removes a file; a missing one is none.
    ///
    /// # Errors
    /// A planned fault.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        self.begin(Io::Delete)?.names.remove(name);
        Ok(())
    }

    /// Gives the file `from` the name `to`, in the place of what had it.
    ///
    /// # Errors
    /// A planned fault, or a missing file.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let renamed = self.begin(Io::Rename)?.names.rename(from, to);
        renamed.then_some(()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// A planned fault.
    pub fn sync_folder(&self, folder: &str) -> io::Result<()> {
        self.begin(Io::FolderSync)?.sync_folder(folder);
        Ok(())
    }

    fn begin(&self, io: Io) -> io::Result<std::sync::MutexGuard<'_, State>> {
        let mut state = self.0.state();
        let life = state.life;
        match state.io(life, io) {
            Ok(_) => Ok(state),
            Err(kind) => Err(failure(kind)),
        }
    }

    /// Deletes for SQLite; false: there was no such file.
    pub(crate) fn delete(machine: &Machine, name: &str, sync: bool) -> Result<bool, (Io, FaultKind)> {
        let mut state = machine.state();
        let life = state.life;
        state.io(life, Io::Delete).map_err(|kind| (Io::Delete, kind))?;
        let there = state.names.remove(name);
        if there && sync {
            state.io(life, Io::FolderSync).map_err(|kind| (Io::FolderSync, kind))?;
            state.sync_folder(folder(name));
        }
        Ok(there)
    }
}

fn failure(kind: FaultKind) -> io::Error {
    match kind {
        FaultKind::DiskFull => io::ErrorKind::StorageFull.into(),
        _ => io::Error::other("the simulated disk failed"),
    }
}
