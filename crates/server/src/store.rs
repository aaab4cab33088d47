//! The database that the commands and the service work on.

use std::path::Path;

use usher_authority::{Authority, Error, Fresh, NewEvent, Roster, Rotation};
use usher_authority_sqlite::SqliteStore;

use crate::{clock, random, roster_file::RosterFile};

/// The server's rules over its SQLite file.
pub type Server = Authority<SqliteStore>;

/// Opens the database at `path`, which must hold an event; migrates it where this version is newer.
///
/// # Errors
/// What the store says, in words: no file, no event, a newer database, a damaged one.
pub fn open(path: &Path) -> Result<Server, Error> {
    Authority::open_beside(SqliteStore::open(path)?, Box::new(RosterFile::beside(path)))
}

/// Opens the database for the service, which is the only one on it: compares it with its roster, and begins a new term when it is
/// older than what was answered from it.
///
/// # Errors
/// As [`open`], and when the roster cannot be used.
pub fn open_to_serve(path: &Path) -> Result<Server, Error> {
    let (store, roster) = (SqliteStore::open(path)?, Box::new(RosterFile::beside(path)));
    fresh(|fresh| Authority::open_with(store, roster, fresh))
}

/// Replaces the server's key ([`Authority::rotate_key`]). Nothing else may be at work on the database.
///
/// # Errors
/// As [`open_to_serve`], and when the new key cannot be kept.
pub fn rotate_key(path: &Path, at_once: bool) -> Result<Rotation, Error> {
    let server = open_to_serve(path)?;
    fresh(|fresh| server.rotate_key(at_once, fresh))
}

/// Makes the event of a new database at `path`, with its roster.
///
/// # Errors
/// What the store says, in words.
pub fn create(path: &Path, event: &NewEvent) -> Result<Server, Error> {
    let (store, roster) = (SqliteStore::create(path)?, Box::new(RosterFile::beside(path)));
    fresh(|fresh| Authority::create_with(store, roster, event, fresh))
}

/// Brings an event back into a new database at `path` from its roster.
///
/// # Errors
/// What the store or the roster says, in words; no database is left behind where there was none.
pub fn restore(path: &Path) -> Result<Server, Error> {
    let roster = RosterFile::beside(path);
    if roster.lines()?.is_empty() {
        return Err(Error::NoRoster);
    }
    let store = SqliteStore::create(path)?;
    fresh(|fresh| Authority::restore(store, Box::new(roster), fresh))
}

/// Calls `work` with this moment and the operating system's randomness.
pub fn fresh<T>(work: impl FnOnce(Fresh<'_>) -> T) -> T {
    work(Fresh { now_ms: clock::now_ms(), random: &mut random::bits })
}
