use crate::{Result, StoreError};
use std::{
    fs::{DirBuilder, File, TryLockError},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
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
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| io(path, &error))?;
        let lock_file = path.join("livetrail.lock");
        let lock = private(&lock_file)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.into(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked(path.into())),
            Err(TryLockError::Error(error)) => Err(io(&lock_file, &error)),
        }
    }

    /// Makes `file` if it is missing, for its owner alone: a folder that existed before may be open to others.
    /// SQLite gives the same mode to the files that it lays beside.
    pub(super) fn make_private(&self, file: &Path) -> Result<()> {
        private(file).map(drop)
    }

    pub(super) fn database(&self) -> PathBuf {
        Self::database_in(&self.path)
    }

    pub(super) fn database_in(folder: &Path) -> PathBuf {
        folder.join("livetrail.db")
    }
}

fn private(file: &Path) -> Result<File> {
    let opened = File::options().create(true).truncate(false).write(true).mode(0o600).open(file);
    opened.map_err(|error| io(file, &error))
}

fn io(at: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Io { path: at.into(), reason: error.to_string() }
}
