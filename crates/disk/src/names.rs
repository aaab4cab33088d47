//! Names of files: a creation, deletion or renaming is certain only after the folder was synced.

use std::collections::{BTreeMap, BTreeSet};

use crate::Choices;

/// A file, whatever it is called.
pub(crate) type FileId = u64;

#[derive(Clone, Debug)]
enum Change {
    Made(String, FileId),
    Gone(String),
    Moved(String, String, FileId),
}

impl Change {
    fn folder(&self) -> &str {
        match self {
            Self::Made(name, _) | Self::Gone(name) | Self::Moved(_, name, _) => folder(name),
        }
    }

    fn apply(self, names: &mut BTreeMap<String, FileId>) {
        match self {
            Self::Made(name, file) => {
                names.insert(name, file);
            }
            Self::Gone(name) => {
                names.remove(&name);
            }
            Self::Moved(from, to, file) => {
                if names.get(&from) == Some(&file) {
                    names.remove(&from);
                }
                names.insert(to, file);
            }
        }
    }
}

/// All names of a disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    seen: BTreeMap<String, FileId>,
    durable: BTreeMap<String, FileId>,
    unsynced: Vec<Change>,
}

impl Names {
    pub(crate) fn get(&self, name: &str) -> Option<FileId> {
        self.seen.get(name).copied()
    }

    pub(crate) fn seen(&self) -> impl Iterator<Item = (&String, FileId)> {
        self.seen.iter().map(|(name, file)| (name, *file))
    }

    /// Every file that has a name now, or may have one after a power cut.
    pub(crate) fn files(&self) -> BTreeSet<FileId> {
        let pending = self.unsynced.iter().filter_map(|change| match change {
            Change::Made(_, file) | Change::Moved(_, _, file) => Some(*file),
            Change::Gone(_) => None,
        });
        self.seen.values().chain(self.durable.values()).copied().chain(pending).collect()
    }

    pub(crate) fn make(&mut self, name: &str, file: FileId) {
        self.change(Change::Made(name.into(), file));
    }

    /// False: there was no such name.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let there = self.seen.contains_key(name);
        if there {
            self.change(Change::Gone(name.into()));
        }
        there
    }

    /// False: there was no such name.
    pub(crate) fn rename(&mut self, from: &str, to: &str) -> bool {
        let Some(file) = self.get(from) else { return false };
        self.change(Change::Moved(from.into(), to.into(), file));
        true
    }

    fn change(&mut self, change: Change) {
        change.clone().apply(&mut self.seen);
        self.unsynced.push(change);
    }

    pub(crate) fn sync(&mut self, of: &str) {
        let (now, later) = std::mem::take(&mut self.unsynced).into_iter().partition(|one| one.folder() == of);
        self.unsynced = later;
        let now: Vec<Change> = now;
        now.into_iter().for_each(|change| change.apply(&mut self.durable));
    }

    pub(crate) fn crash(&mut self, choices: &mut Choices) {
        for change in std::mem::take(&mut self.unsynced) {
            if choices.happened() {
                change.apply(&mut self.durable);
            }
        }
        self.seen = self.durable.clone();
    }

    /// The same names, all of them durable.
    pub(crate) fn copy(&self) -> Self {
        Self { seen: self.seen.clone(), durable: self.seen.clone(), unsynced: Vec::new() }
    }
}

/// The folder of a name: everything before its last slash.
pub(crate) fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}
