//! A backup takes the place of the log in a data folder.
//!
//! The new file is complete, checked and up to date before the old one is touched, and takes its name in one step. So a
//! crash leaves either log whole.

use super::{
    SqliteStore,
    backup::{Backup, immutable, wal_of, without_wal},
    connection,
    folder::{self, Folder},
    migrate, place,
};
use crate::{Result, StoreError};
use livetrail_types::Epoch;
use rusqlite::{Connection, OpenFlags};
use std::{
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
};

/// Bytes that are copied at once.
const CHUNK: usize = 1 << 20;

/// What becomes of a log that is in the data folder already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacing<'a> {
    /// It is refused to restore over a log that contains something.
    Refused,
    /// The database is kept under this name in the data folder.
    KeptAs(&'a str),
}

/// A log that was restored.
pub struct Restored {
    /// The log, which has a new epoch.
    pub store: SqliteStore,
    /// What it contains.
    pub backup: Backup,
    /// Where the log that was there before is kept.
    pub aside: Option<PathBuf>,
}

impl SqliteStore {
    /// Restores the log of the file `from` into `folder`. The log gets the epoch `fresh_epoch`. `progress` is told the
    /// bytes that are copied, and their number.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while a server uses the folder; [`StoreError::Damaged`], [`StoreError::Newer`] or
    /// [`StoreError::Io`]; [`StoreError::Unusable`] for a log that is there already. Each of them leaves the folder's
    /// log as it was.
    pub fn restore(
        folder: &Path,
        from: &Path,
        fresh_epoch: Epoch,
        replacing: Replacing<'_>,
        progress: impl FnMut(u64, u64),
    ) -> Result<Restored> {
        let folder = Folder::lock(folder)?;
        place::set_aside_stale_wal(&folder)?;
        check_source(from, &folder)?;
        let replaces = has_content(&folder.database());
        if replaces && replacing == Replacing::Refused {
            return Err(StoreError::Unusable(format!(
                "there is a log in {} already: choose another --data-dir, or replace the log with --force, which keeps \
                 the old file under another name. Nothing was changed",
                folder.database().display()
            )));
        }
        let draft = folder.database().with_extension("db.unfinished");
        let prepared = prepare(from, &draft, progress);
        let placed =
            prepared.and_then(|backup| Ok((backup, take_place(&folder, &draft, replaces, replacing)?)));
        if placed.is_err() {
            folder::remove_database(&draft);
        }
        let (backup, aside) = placed?;
        Ok(Restored { store: Self::within(folder, fresh_epoch)?, backup, aside })
    }
}

/// Refuses a file that is not a whole copy of a log.
fn check_source(from: &Path, folder: &Folder) -> Result<()> {
    drop(immutable(from)?);
    let refused =
        |what: &str| StoreError::Unusable(format!("{} {what}. Nothing was changed", from.display()));
    if same_file(from, &folder.database()) {
        return Err(refused("is the log that would be replaced"));
    }
    // Beside a symbolic link there is none.
    let file = from.canonicalize().map_err(|error| folder::io(from, &error))?;
    if wal_of(&file).metadata().is_ok_and(|log| log.len() > 0) {
        return Err(refused(
            "has a write-ahead log (-wal) beside it, so it is the database of a server that runs or was killed, and \
             lacks the newest activities: copy it with `livetrail backup`",
        ));
    }
    Ok(())
}

fn same_file(one: &Path, other: &Path) -> bool {
    let [one, other] = [one, other].map(|path| path.canonicalize().ok());
    one.is_some() && one == other
}

/// Whether a database has activities or keys. One that cannot be read may have.
fn has_content(database: &Path) -> bool {
    if database.metadata().is_ok_and(|found| found.len() == 0) || !database.exists() {
        return false;
    }
    let nothing = "SELECT NOT EXISTS (SELECT 1 FROM activities) AND NOT EXISTS (SELECT 1 FROM livetrail_credentials) \
                   AND NOT EXISTS (SELECT 1 FROM livetrail_users)";
    let is_empty = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .and_then(|connection| connection.query_row(nothing, [], |row| row.get(0)));
    !is_empty.unwrap_or(false)
}

/// Copies the backup into `draft`, and makes a log of it that only needs its name.
fn prepare(from: &Path, draft: &Path, progress: impl FnMut(u64, u64)) -> Result<Backup> {
    // An interrupted restore has left one. Its write-ahead log would be applied to the new one.
    folder::remove_database(draft);
    let target = folder::private(draft)?;
    copy_file(from, target, progress).map_err(|error| folder::io(draft, &error))?;
    let backup = Backup::examine(draft)?;
    let mut connection = connection::for_writing(draft)?;
    migrate::run(&mut connection, draft)?;
    place::mark_as_copy(&connection)?;
    drop(connection);
    without_wal(draft)?;
    File::open(draft).and_then(|file| file.sync_all()).map_err(|error| folder::io(draft, &error))?;
    Ok(backup)
}

fn copy_file(from: &Path, mut target: File, mut progress: impl FnMut(u64, u64)) -> std::io::Result<()> {
    let mut source = File::open(from)?;
    let (size, mut copied) = (source.metadata()?.len(), 0);
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = source.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        target.write_all(&chunk[..read])?;
        copied += read as u64;
        progress(copied, size);
    }
}

/// Gives the draft the database's name. Returns where the former database is kept.
fn take_place(
    folder: &Folder,
    draft: &Path,
    replaces: bool,
    replacing: Replacing<'_>,
) -> Result<Option<PathBuf>> {
    let (database, log) = (folder.database(), folder.write_ahead_log());
    let io = |error: std::io::Error| folder.io(&error);
    let aside = match replacing {
        Replacing::KeptAs(name) if replaces => Some(database.with_file_name(name)),
        _ => None,
    };
    if let Some(aside) = &aside {
        fold_wal(&database);
        std::fs::hard_link(&database, aside).map_err(io)?;
        if log.exists() {
            std::fs::rename(&log, wal_of(aside)).map_err(io)?;
        }
    }
    std::fs::rename(draft, &database).map_err(io)?;
    for left in [log, database.with_extension("db-shm")] {
        let _ = std::fs::remove_file(left);
    }
    folder.sync_names()?;
    Ok(aside)
}

/// Has the former database in one file, as far as it can be read.
fn fold_wal(database: &Path) {
    let folded = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|connection| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
    if let Err(error) = folded {
        tracing::warn!(%error, database = %database.display(), "the former log cannot be read");
    }
}
