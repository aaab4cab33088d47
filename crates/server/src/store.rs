//! The database that the commands and the service work on.

use std::path::Path;

use usher_authority::{Authority, Error, Fresh};
use usher_authority_sqlite::SqliteStore;

use crate::{clock, random};

/// The server's rules over its SQLite file.
pub type Server = Authority<SqliteStore>;

/// Opens the database at `path`, which must hold an event; migrates it where this version is newer.
///
/// # Errors
/// What the store says, in words: no file, no event, a newer database, a damaged one.
pub fn open(path: &Path) -> Result<Server, Error> {
    Authority::open(SqliteStore::open(path)?)
}

/// Calls `work` with this moment and the operating system's randomness.
pub fn fresh<T>(work: impl FnOnce(Fresh<'_>) -> T) -> T {
    work(Fresh { now_ms: clock::now_ms(), random: &mut random::bits })
}
