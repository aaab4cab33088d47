//! SQLite's errors as the ones that a person can act on.

use rusqlite::ErrorCode;
use usher_authority::{Error, Result};

/// Turns a result of SQLite's into one of ours.
pub(crate) trait Words<T> {
    /// The same, in our words.
    fn words(self) -> Result<T>;
}

impl<T> Words<T> for rusqlite::Result<T> {
    fn words(self) -> Result<T> {
        self.map_err(translate)
    }
}

fn translate(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::DiskFull,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Damaged(error.to_string()),
        _ if misfit(&error) => Error::Damaged(error.to_string()),
        _ => Error::Store(error.to_string()),
    }
}

/// A value that our own schema never holds.
const fn misfit(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
    matches!(error, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..))
}
