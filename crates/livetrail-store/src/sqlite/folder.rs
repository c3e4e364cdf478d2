use crate::{Result, StoreError};
use std::{
    fs::{DirBuilder, File, TryLockError},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// A data folder that belongs to this process for as long as the value lives.
pub(super) struct Folder {
    path: PathBuf,
    /// Locked; the system releases it when the process ends, however it ends.
    _lock: File,
}

impl Folder {
    pub(super) fn lock(path: &Path) -> Result<Self> {
        let io =
            |at: &Path, error: std::io::Error| StoreError::Io { path: at.into(), reason: error.to_string() };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| io(path, error))?;
        let lock_file = path.join("livetrail.lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_file)
            .map_err(|error| io(&lock_file, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.into(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked(path.into())),
            Err(TryLockError::Error(error)) => Err(io(&lock_file, error)),
        }
    }

    pub(super) fn database(&self) -> PathBuf {
        Self::database_in(&self.path)
    }

    pub(super) fn database_in(folder: &Path) -> PathBuf {
        folder.join("livetrail.db")
    }
}
