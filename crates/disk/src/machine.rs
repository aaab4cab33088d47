//! The state behind one disk: names, files, faults, and which life of the machine it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    Choices, FaultKind, Io,
    faults::Plan,
    inode::Inode,
    names::{FileId, Names},
};

/// One simulated machine's disk, shared by its handle and all open files.
#[derive(Debug)]
pub(crate) struct Machine {
    state: Mutex<State>,
    /// Where SQLite finds it; goes back to the pool with the last user.
    pub(crate) slot: crate::slots::Claim,
}

/// What is behind the lock.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) names: Names,
    pub(crate) files: BTreeMap<FileId, Inode>,
    pub(crate) plan: Plan,
    /// Names that a process has locked for itself.
    pub(crate) held: BTreeSet<String>,
    /// Grows when the machine or the process ends: what was opened before is dead.
    pub(crate) life: u64,
    /// Microseconds that SQLite believes to have slept.
    pub(crate) slept_us: u64,
    pub(crate) random: u64,
    next: u64,
}

impl Machine {
    pub(crate) fn new(slot: crate::slots::Claim, state: State) -> Self {
        Self { state: Mutex::new(state), slot }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            names: Names::default(),
            files: BTreeMap::new(),
            plan: Plan::default(),
            held: BTreeSet::new(),
            life: 0,
            slept_us: 0,
            random: seed,
            next: 1,
        }
    }

    /// The files as the operating system shows them, on another disk.
    pub(crate) fn copy(&self) -> Self {
        let names = self.names.copy();
        let kept = names.files();
        let files = self.files.iter().filter(|(file, _)| kept.contains(file));
        let files = files.map(|(file, inode)| (*file, inode.copy())).collect();
        Self { names, files, next: self.next, ..Self::new(self.random) }
    }

    /// One I/O of the process of `life`: goes well, goes well in part, or fails.
    pub(crate) fn io(&mut self, life: u64, io: Io) -> Result<Option<FaultKind>, FaultKind> {
        if life != self.life {
            return Err(FaultKind::Halt);
        }
        match self.plan.meet(io) {
            None => Ok(None),
            Some(FaultKind::ShortRead) => Ok(Some(FaultKind::ShortRead)),
            Some(kind) => Err(kind),
        }
    }

    /// A number that was not given before: for files and handles.
    pub(crate) fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(crate) fn make_file(&mut self, name: Option<&str>) -> FileId {
        let file = self.fresh();
        self.files.insert(file, Inode::default());
        if let Some(name) = name {
            self.names.make(name, file);
        }
        file
    }

    /// The file called `name`, made where it is missing; none when the disk is full.
    pub(crate) fn find_or_make(&mut self, name: &str) -> Option<FileId> {
        let known = self.names.get(name);
        if known.is_none() && self.plan.full {
            self.plan.counts.refused += 1;
            return None;
        }
        known.or_else(|| Some(self.make_file(Some(name))))
    }

    pub(crate) fn sync_folder(&mut self, folder: &str) {
        if !self.plan.lies {
            self.names.sync(folder);
        }
        self.sweep();
    }

    /// Forgets files that can never be found again.
    pub(crate) fn sweep(&mut self) {
        let named = self.names.files();
        self.files.retain(|file, inode| inode.open > 0 || named.contains(file));
    }

    pub(crate) fn crash(&mut self, choices: &mut Choices) {
        self.plan.counts.crashes += 1;
        self.names.crash(choices);
        self.end();
        self.files.values_mut().for_each(|inode| inode.crash(choices));
        self.plan.counts.dropping_crashes += u64::from(choices.dropped_any);
        self.plan.counts.tearing_crashes += u64::from(choices.tore_any);
    }

    pub(crate) fn kill(&mut self) {
        self.plan.counts.kills += 1;
        self.end();
    }

    fn end(&mut self) {
        self.life += 1;
        self.held.clear();
        self.plan.restart();
        self.files.values_mut().for_each(Inode::kill);
        self.sweep();
    }
}
