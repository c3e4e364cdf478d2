use crate::{Result, StoreError};
use rustix::fs::{OFlags, StatVfsMountFlags};
use std::{
    fs::{DirBuilder, File, TryLockError},
    os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// `O_NOFOLLOW` of `open(2)`.
const NO_FOLLOW: i32 = OFlags::NOFOLLOW.bits().cast_signed();

/// With less space than this many bytes on the disk of an embedded log, nothing is stored: a batch may not fit.
pub const MIN_SPACE: u64 = 1 << 20;

/// A data folder that belongs to this process for as long as the value lives.
pub(super) struct Folder {
    path: PathBuf,
    /// Locked; the system releases it when the process ends, however it ends.
    lock: File,
}

impl Folder {
    pub(super) fn lock(path: &Path) -> Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| io(path, &error))?;
        let lock_file = Self::lock_file(path);
        let lock = private(&lock_file)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.into(), lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked(path.into())),
            Err(TryLockError::Error(error)) => Err(io(&lock_file, &error)),
        }
    }

    /// Makes `file` if it is missing, for its owner alone: a folder that existed before may be open to others.
    /// SQLite gives the same mode to the files that it lays beside. A symbolic link in its place is refused, since
    /// another user of the folder could have the log written elsewhere by it.
    pub(super) fn make_private(&self, file: &Path) -> Result<()> {
        private(file).map(drop)
    }

    /// Opens the file for [`HeadFile`](super::place::HeadFile).
    pub(super) fn head_file(&self) -> Result<File> {
        private(&self.path.join("livetrail.head"))
    }

    /// Writes the lock file, which gives it a new change time.
    pub(super) fn renew_lock(&self) -> Result<()> {
        let id = std::process::id().to_string();
        let write = || {
            self.lock.set_len(0)?;
            self.lock.write_all_at(id.as_bytes(), 0)?;
            self.lock.sync_all()
        };
        write().map_err(|error| io(&Self::lock_file(&self.path), &error))
    }

    /// What tells these files from copies of them: the change time of the lock file in nanoseconds, and the inode of
    /// `head_file`.
    pub(super) fn place(&self, head_file: &File) -> Result<Vec<u8>> {
        let read = || {
            let (lock, head) = (self.lock.metadata()?, head_file.metadata()?);
            Ok([lock.ctime().to_be_bytes(), lock.ctime_nsec().to_be_bytes(), head.ino().to_be_bytes()]
                .concat())
        };
        read().map_err(|error| io(&self.path, &error))
    }

    fn lock_file(folder: &Path) -> PathBuf {
        folder.join("livetrail.lock")
    }

    /// Why nothing can be written here.
    pub(super) fn obstacle(&self) -> Option<&'static str> {
        let disk = rustix::fs::statvfs(&self.path).ok()?;
        if disk.f_flag.contains(StatVfsMountFlags::RDONLY) {
            return Some("the disk of the log is read-only");
        }
        (disk.f_bavail.saturating_mul(disk.f_frsize) < MIN_SPACE).then_some("the disk of the log is full")
    }

    /// Makes names durable that were given to files of this folder.
    pub(super) fn sync_names(&self) -> Result<()> {
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(|error| io(&self.path, &error))
    }

    /// An error of one of these files.
    pub(super) fn io(&self, error: &std::io::Error) -> StoreError {
        io(&self.path, error)
    }

    pub(super) fn write_ahead_log(&self) -> PathBuf {
        self.path.join("livetrail.db-wal")
    }

    pub(super) fn database(&self) -> PathBuf {
        Self::database_in(&self.path)
    }

    pub(super) fn database_in(folder: &Path) -> PathBuf {
        folder.join("livetrail.db")
    }
}

pub(super) fn private(file: &Path) -> Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).read(true).write(true).mode(0o600).custom_flags(NO_FOLLOW);
    let opened = options.open(file);
    opened.map_err(|error| io(file, &error))
}

pub(super) fn io(at: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Io { path: at.into(), reason: error.to_string() }
}

/// Removes an unfinished database, if there is one, and the files that SQLite may have made beside it.
pub(super) fn remove_database(file: &Path) {
    // What cannot be removed is found when the file is made again.
    let _ = std::fs::remove_file(file);
    remove_logs_of(file);
}

/// Removes the files that SQLite may have made beside a database: it would apply them to a new file of that name.
pub(super) fn remove_logs_of(file: &Path) {
    for ending in ["-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        let _ = std::fs::remove_file(name);
    }
}
