//! What those who are at work at the same time tell each other: which logs were saved, who is lost, whether the server was put back.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::{runtime::Handle, sync::watch};

/// Something that happens once in an evening, and that others wait for.
#[derive(Debug, Default)]
pub(super) struct Once(watch::Sender<bool>);

impl Once {
    /// It happened, or never will.
    pub(super) fn tell(&self) {
        self.0.send_replace(true);
    }

    pub(super) fn wait(&self, runtime: &Handle) {
        // The sender lives as long as this value: there is no other end of waiting.
        let _ = runtime.block_on(self.0.subscribe().wait_for(|told| *told));
    }
}

/// Shared by everybody who is at work.
#[derive(Debug, Default)]
pub(super) struct Beside {
    saved: Mutex<Vec<PathBuf>>,
    disk: Mutex<Option<PathBuf>>,
    database: Mutex<()>,
    /// The desk that is lost is dead, and its disk was read where it is.
    pub(super) gone: Once,
    /// It was written off.
    pub(super) settled: Once,
    /// The server was put back.
    pub(super) put_back: Once,
}

impl Beside {
    /// A log was saved into this file.
    pub(super) fn saved(&self, file: PathBuf) {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner).push(file);
    }

    /// The file that was saved last, or so many before.
    pub(super) fn saved_before(&self, back: usize) -> Option<PathBuf> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().nth(back).cloned()
    }

    /// The lost desk's disk was read into this file.
    pub(super) fn read_disk(&self, file: PathBuf) {
        *self.disk.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
    }

    /// What was read from the lost desk's disk.
    pub(super) fn disk(&self) -> Option<PathBuf> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Nobody else runs a command on the database, copies it or puts it back meanwhile. The service and the desks go on.
    pub(super) fn database(&self) -> MutexGuard<'_, ()> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
