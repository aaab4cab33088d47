//! The default store of the server.
#![expect(clippy::todo, unused_variables, reason = "signatures first")]

use std::path::Path;
use usher_authority::Result;

/// The server's data in one SQLite file.
pub struct SqliteStore {}

impl SqliteStore {
    /// Opens the database at `path`, making it when there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// As [`usher_authority::Error`] says.
    pub fn create(path: &Path) -> Result<Self> {
        todo!()
    }

    /// Opens the existing database at `path` and brings its schema up to date.
    ///
    /// # Errors
    /// As [`usher_authority::Error`] says: no file, a newer or damaged one, busy, disk full.
    pub fn open(path: &Path) -> Result<Self> {
        todo!()
    }
}

impl usher_authority::Store for SqliteStore {}
