//! Notices that the database or its whole folder is a copy that was put back, so that the log gets a new epoch.
//!
//! A restored log lacks activities that clients have seen, and gives their positions to other activities. Two files
//! beside the database tell a copy from the original:
//!
//! - The lock file is written at each opening, and the database remembers the file's change time (`ctime`). Only the
//!   kernel sets that time. A database that was put back remembers an earlier time. A folder that was put back has a
//!   lock file with a later time.
//! - `livetrail.head` holds the position of the newest commit, and the inodes of the database and its write-ahead log.
//!   It tells a copy that was made after the last opening: such a copy remembers the right time, but lacks activities.
//!   The database remembers its inode, because rsync replaces this file and skips a lock file that equals the copy's.
//!
//! A snapshot of the whole file system that is rolled back restores both marks and is not noticed. A change of the lock
//! file's owner or mode looks like a restore. A crash between the writes below has the same effect. An epoch too many
//! only makes clients load the list again.

use super::{folder::Folder, internal, log::head};
use crate::{Result, StoreError, restored};
use livetrail_types::Epoch;
use rusqlite::Connection;
use std::{
    fs::File,
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
};

/// Marks a database as a copy that is put back, so that its next opening gives it a new epoch, whatever the two files
/// say.
pub(super) fn mark_as_copy(connection: &Connection) -> Result<()> {
    internal::put(connection, "place", &[])
}

/// The file that holds the position of the newest commit.
pub(super) struct HeadFile(File);

impl HeadFile {
    pub(super) fn over(file: File) -> Self {
        Self(file)
    }

    /// Notes the position of a commit. It is not synced: after a power loss it may be an earlier one, but never a later
    /// one.
    pub(super) fn note(&self, head: u64) {
        // A disk that does not take this does not take a commit either, and that is reported.
        let _ = self.0.write_all_at(&head.to_be_bytes(), 0);
    }

    /// The last position that was noted; `None` in a file that was just made.
    fn noted(&self) -> Option<u64> {
        self.number(0)
    }

    /// Notes which files these are.
    fn note_files(&self, folder: &Folder) -> Result<()> {
        let files =
            [folder.database(), folder.write_ahead_log()].map(|path| id(&path).map_or(0, |(_, inode)| inode));
        let write = || {
            self.0.write_all_at(&files[0].to_be_bytes(), 8)?;
            self.0.write_all_at(&files[1].to_be_bytes(), 16)
        };
        write().map_err(|error| folder.io(&error))
    }

    fn number(&self, at: u64) -> Option<u64> {
        let mut bytes = [0; 8];
        self.0.read_exact_at(&mut bytes, at).is_ok().then(|| u64::from_be_bytes(bytes))
    }
}

/// Puts the write-ahead log of another database aside. A server that was killed, or whose database was replaced while
/// it ran, leaves its own beside the new file, and SQLite would apply it there: the new database would be destroyed.
pub(super) fn set_aside_stale_wal(folder: &Folder) -> Result<()> {
    let noted = HeadFile::over(folder.head_file()?);
    let (database, log) = (folder.database(), folder.write_ahead_log());
    let (Some((_, database_now)), Some((_, log_now))) = (id(&database), id(&log)) else { return Ok(()) };
    let (Some(database_then), Some(log_then)) = (noted.number(8), noted.number(16)) else { return Ok(()) };
    if database_now == database_then || log_now != log_then {
        return Ok(());
    }
    let aside = log.with_extension("db-wal.of-replaced");
    std::fs::rename(&log, &aside).map_err(|error| folder.io(&error))?;
    tracing::warn!(
        log = %aside.display(),
        "the database is another file than before; the write-ahead log of the former one was put aside"
    );
    Ok(())
}

/// The database file that a store has opened.
pub(super) struct Original {
    path: PathBuf,
    id: (u64, u64),
}

impl Original {
    /// # Errors
    /// That there is no such file.
    pub(super) fn at(path: PathBuf) -> Result<Self> {
        match id(&path) {
            Some(id) => Ok(Self { path, id }),
            None => Err(StoreError::Unavailable(format!("{} is not there", path.display()))),
        }
    }

    /// Whether it is still where it was. Another file there was put back while the store is open. What would be written
    /// now would be lost with the file, which has no name any more.
    pub(super) fn is_in_place(&self) -> bool {
        id(&self.path) == Some(self.id)
    }
}

/// What tells a file from others.
fn id(path: &Path) -> Option<(u64, u64)> {
    let found = std::fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

/// The log's epoch: `fresh` in a new log and in one that was restored.
pub(super) fn epoch(connection: &mut Connection, folder: &Folder, fresh: Epoch) -> Result<(Epoch, HeadFile)> {
    let file = folder.head_file()?;
    let here = folder.place(&file)?;
    let head_file = HeadFile::over(file);
    let (noted, head) = (head_file.noted(), head(connection)?);
    let is_new = internal::known(connection, "epoch")?.is_none();
    let is_restored = match internal::known(connection, "place")? {
        // A version before this rule wrote the database, and no later one has noted a position.
        None => noted.is_some(),
        Some(known) => known != here || noted.is_none_or(|noted| head < noted),
    };

    folder.renew_lock()?;
    head_file.note(head);
    let transaction = connection.transaction()?;
    internal::put(&transaction, "place", &folder.place(&head_file.0)?)?;
    if is_restored && !is_new {
        internal::put(&transaction, "epoch", &fresh.0.to_be_bytes())?;
        restored::warn(folder.database().display());
    }
    let epoch = internal::setting(&transaction, "epoch", fresh.0.to_be_bytes())?;
    transaction.commit()?;
    head_file.note_files(folder)?;
    Ok((Epoch(u32::from_be_bytes(epoch)), head_file))
}
