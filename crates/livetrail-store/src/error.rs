use livetrail_types::Stamped;
use std::path::PathBuf;
use thiserror::Error;

/// Why a store could not do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A page cursor of another log, filter or order.
    #[error("the cursor belongs to another list: begin again without it")]
    CursorMismatch,
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
    /// The file is not a database of Livetrail's, or is damaged.
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
    /// The database is there and cannot be used as it is; its operator has to act.
    #[error("{0}")]
    Unusable(String),
    /// A sync failed. What the kernel holds and what the disk holds may now differ, and no later sync would say so:
    /// only a new process that reads the file again can know.
    #[error("the disk failed to keep a commit ({0}): restart livetrail")]
    Unsynced(String),
    /// The database does not take a batch, because of a rule of the application's own table that one of its activities
    /// breaks. Nothing was stored.
    #[error("the database refuses an activity: {reason}")]
    Refused {
        /// What the database says.
        reason: String,
        /// The batch, to be stored in other pieces.
        batch: Vec<Stamped>,
    },
    /// The database refused a statement of ours, which is a bug.
    #[error("the database refused a statement: {0}")]
    Internal(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{ErrorCode as Code, ffi};
        if let Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC) =
            error.sqlite_error().map(|error| error.extended_code)
        {
            return Self::Unsynced(error.to_string());
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    fn failure(extended_code: i32) -> StoreError {
        rusqlite::Error::SqliteFailure(ffi::Error::new(extended_code), None).into()
    }

    #[test]
    fn a_failed_sync_is_told_from_a_failed_write_and_a_full_disk() {
        assert!(matches!(failure(ffi::SQLITE_IOERR_FSYNC), StoreError::Unsynced(_)));
        assert!(matches!(failure(ffi::SQLITE_IOERR_WRITE), StoreError::Unavailable(_)));
        assert!(matches!(failure(ffi::SQLITE_FULL), StoreError::Unavailable(_)));
    }
}
