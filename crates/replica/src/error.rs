//! What can go wrong with the desk's files, told apart by what a person can do about it.

use rusqlite::ErrorCode;
use usher_protocol::window::StoreProblem;

/// A fault of the desk's files.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another copy of the app has the folder.
    #[error("another copy of Usher is using this folder")]
    OpenElsewhere,
    /// A newer Usher wrote the files.
    #[error("a newer Usher wrote these files; update this app")]
    TooNew,
    /// The desk is not enrolled.
    #[error("this desk is not enrolled")]
    NotEnrolled,
    /// A row does not say what it should.
    #[error("the desk's files are damaged: {0}")]
    Damaged(String),
    /// SQLite refused.
    #[error("the desk's files: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The operating system refused.
    #[error("the desk's folder: {0}")]
    Io(#[from] std::io::Error),
}

impl StoreError {
    /// The problem as the windows name it.
    #[must_use]
    pub fn problem(&self) -> StoreProblem {
        match self {
            Self::OpenElsewhere => StoreProblem::Busy,
            Self::TooNew => StoreProblem::TooNew,
            Self::Damaged(_) => StoreProblem::Damaged,
            Self::NotEnrolled => StoreProblem::Other,
            Self::Sqlite(error) => sqlite_problem(error),
            Self::Io(error) => io_problem(error),
        }
    }
}

impl StoreError {
    /// Whether what the file says is wrong, and not the disk, its room or who may use it. A name in the file's schema that changed is an
    /// error of SQL to SQLite.
    pub(crate) fn is_of_the_content(&self) -> bool {
        match self {
            Self::Damaged(_) => true,
            Self::Sqlite(error) => !matches!(
                error.sqlite_error_code(),
                Some(
                    ErrorCode::SystemIoFailure
                        | ErrorCode::DiskFull
                        | ErrorCode::OutOfMemory
                        | ErrorCode::DatabaseBusy
                        | ErrorCode::DatabaseLocked
                        | ErrorCode::ReadOnly
                        | ErrorCode::PermissionDenied
                        | ErrorCode::CannotOpen
                        | ErrorCode::FileLockingProtocolFailed
                        | ErrorCode::OperationInterrupted
                )
            ),
            Self::OpenElsewhere | Self::TooNew | Self::NotEnrolled | Self::Io(_) => false,
        }
    }
}

fn sqlite_problem(error: &rusqlite::Error) -> StoreProblem {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreProblem::DiskFull,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreProblem::Busy,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            StoreProblem::ReadOnly
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreProblem::Damaged,
        _ => StoreProblem::Other,
    }
}

fn io_problem(error: &std::io::Error) -> StoreProblem {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreProblem::DiskFull,
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            StoreProblem::ReadOnly
        }
        _ => StoreProblem::Other,
    }
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        use rusqlite_migration::{Error, MigrationDefinitionError};
        match error {
            Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => Self::TooNew,
            Error::RusqliteError { err, .. } => Self::Sqlite(err),
            other => Self::Damaged(other.to_string()),
        }
    }
}
