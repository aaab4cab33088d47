//! The simulated disk as a desk's file system.

use std::{io, path::Path};

use usher_disk::Disk;
use usher_replica::FolderLock;

/// A simulated disk that a desk's files live on.
#[derive(Clone, Debug)]
pub struct Files(pub Disk);

fn name(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

impl usher_replica::Disk for Files {
    fn vfs(&self) -> Option<&str> {
        Some(self.0.vfs_name())
    }

    fn make_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }

    fn lock(&self, path: &Path) -> io::Result<Option<FolderLock>> {
        let held = self.0.lock(name(path)?)?;
        Ok(held.map(|held| Box::new(held) as FolderLock))
    }

    fn make_private(&self, path: &Path) -> io::Result<()> {
        self.0.make(name(path)?)
    }

    fn is_there(&self, path: &Path) -> io::Result<bool> {
        self.0.is_there(name(path)?)
    }

    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        self.0.read_file(name(path)?)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.0.write_file(name(path)?, bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.0.sync_file(name(path)?)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.remove(name(path)?)
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (from, to) = (name(from)?, name(to)?);
        let folder = to.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.0.sync_folder(folder)?;
        self.0.rename(from, to)?;
        self.0.sync_folder(folder)
    }
}
