//! Where the desk's files live: the operating system's file system, or one that the simulator makes.
//!
//! SQLite reaches its files by the name of a VFS; what the desk does with files beside SQLite goes through [`Disk`].

use std::{
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::Path,
};

/// A folder that is held: free again when this is dropped, or when the process ends, however it ends.
pub type FolderLock = Box<dyn fmt::Debug + Send + Sync>;

/// A file system with SQLite on it.
#[expect(clippy::missing_errors_doc, reason = "the same for all: what the file system says")]
pub trait Disk: fmt::Debug + Send + Sync {
    /// The VFS that SQLite opens files with; none: its own.
    fn vfs(&self) -> Option<&str>;

    /// Makes a folder, and those above it, where they are missing.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;

    /// Locks the file at `path` for this process, making it where it is missing; none: another process has it.
    fn lock(&self, path: &Path) -> io::Result<Option<FolderLock>>;

    /// Makes a file where it is missing, and lets nobody but its owner read it.
    fn make_private(&self, path: &Path) -> io::Result<()>;

    /// Whether there is a file.
    fn is_there(&self, path: &Path) -> io::Result<bool>;

    /// What a small file holds; none: it is missing.
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>>;

    /// Writes a small file over, in place. Not synced: a power cut may take it back.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// What was written of a file is for good when this returns; its name is not.
    fn sync(&self, path: &Path) -> io::Result<()>;

    /// Removes a file; one that is missing is no error.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Puts the file `from` in the place of `to`, in the same folder. Whatever was removed from the folder before is gone for good
    /// before that, and the change is for good when this returns: a crash leaves the old file or the new one.
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()>;
}

/// The operating system's file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn vfs(&self) -> Option<&str> {
        None
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<FolderLock>> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn make_private(&self, path: &Path) -> io::Result<()> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        #[cfg(not(unix))]
        drop(file);
        Ok(())
    }

    fn is_there(&self, path: &Path) -> io::Result<bool> {
        fs::exists(path)
    }

    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        file.write_all(bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.sync_all()
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        sync_folder(to)?;
        fs::rename(from, to)?;
        sync_folder(to)
    }
}

/// Makes the names in the folder of `path` durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
