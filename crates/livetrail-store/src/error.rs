use std::path::PathBuf;
use thiserror::Error;

/// Why a store could not do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A page cursor of another log, filter or order.
    #[error("the cursor belongs to another list: begin again without it")]
    ForeignCursor,
    /// The data folder belongs to a server that is running.
    #[error("another livetrail is using the data folder {}: stop it first, or choose another with --data-dir", .0.display())]
    Locked(PathBuf),
    /// The database was written by a newer version.
    #[error("{} was written by a newer livetrail (schema {found}, this one knows {known}): upgrade livetrail. Nothing was changed", .path.display())]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// The file is no database of ours, or a broken one.
    #[error("{} is damaged or no livetrail database ({reason}): restore a backup or move it away. Nothing was changed", .path.display())]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What the database says.
        reason: String,
    },
    /// A file or folder could not be used.
    #[error("cannot use {}: {reason}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The database is away or cannot write; trying again later may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database refused a statement of ours, which is a bug.
    #[error("the database refused a statement: {0}")]
    Internal(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(
                Code::DiskFull
                | Code::SystemIoFailure
                | Code::ReadOnly
                | Code::CannotOpen
                | Code::DatabaseBusy
                | Code::OutOfMemory
                | Code::DatabaseCorrupt
                | Code::NotADatabase,
            ) => Self::Unavailable(error.to_string()),
            _ => Self::Internal(error.to_string()),
        }
    }
}
