//! One server for one database: an advisory lock on a file beside it. The other commands take no lock, so they work while it serves.
//!
//! The file also says where the server listens, so that `enrol` can print a setup string without being told the address.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// Where the running server can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// `http://127.0.0.1:8080` or `https://…`.
    pub address: String,
    /// Whether it presents the certificate that it made itself, which desks pin.
    #[serde(default)]
    pub own_certificate: bool,
    /// Its process, for the refusal of a second one.
    pub process: u32,
}

/// Held as long as the server runs; the operating system releases it even when the process is killed.
#[derive(Debug)]
pub struct ServingLock {
    file: File,
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockRefusal {
    /// Another server holds it.
    #[error("another usher-server serves this database")]
    Held(Option<Whereabouts>),
    /// The file cannot be made or locked.
    #[error("the lock file {0} cannot be used: {1}")]
    Io(PathBuf, std::io::Error),
}

/// The lock file of a database.
#[must_use]
fn lock_path(data: &Path) -> PathBuf {
    beside(data, ".lock")
}

/// A file beside the database, named after it.
#[must_use]
pub(super) fn beside(data: &Path, suffix: &str) -> PathBuf {
    let mut name = data.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

impl ServingLock {
    /// Takes the lock of the database at `data`.
    ///
    /// # Errors
    /// [`LockRefusal`] when another server holds it or the file cannot be used.
    pub fn take(data: &Path) -> Result<Self, LockRefusal> {
        let path = lock_path(data);
        let io = |error| LockRefusal::Io(path.clone(), error);
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(LockRefusal::Held(read(&file))),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }

    /// Writes down where the server listens.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn announce(&mut self, whereabouts: &Whereabouts) -> std::io::Result<()> {
        let text = serde_json::to_vec(whereabouts)?;
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&text)
    }
}

impl Drop for ServingLock {
    fn drop(&mut self) {
        // What an ended server said about itself must not mislead; the lock goes with the file handle in any case.
        let _ = self.file.set_len(0);
    }
}

/// Where the server of this database listens; after a killed server, where it listened. It takes no lock: a look must not get in
/// the way of a server that is just starting.
#[must_use]
pub fn running(data: &Path) -> Option<Whereabouts> {
    read(&File::open(lock_path(data)).ok()?)
}

fn read(mut file: &File) -> Option<Whereabouts> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(4096).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_one_is_told_where_the_first_listens() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("usher.db");
        let here = Whereabouts { address: "http://127.0.0.1:1".into(), own_certificate: false, process: 7 };
        let mut first = ServingLock::take(&data).unwrap();
        first.announce(&here).unwrap();
        assert!(matches!(ServingLock::take(&data), Err(LockRefusal::Held(Some(found))) if found == here));
        assert_eq!(running(&data), Some(here));
        drop(first);
        assert_eq!(running(&data), None);
        assert!(ServingLock::take(&data).is_ok());
    }
}
