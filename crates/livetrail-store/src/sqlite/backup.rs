//! A copy of the embedded database in one file, made while a server may be writing.
//!
//! Pages are copied within one read transaction, so the copy is of one moment however long it takes. In a write-ahead
//! log, a reader does not delay the writer. `VACUUM INTO` would give a shorter file, but builds each table and index
//! again: it takes several times as long, and does not tell how far it is.

use super::{
    SqliteStore,
    folder::{self, Folder},
    internal, migrate, place, readers,
};
use crate::{Result, StoreError};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{
    Connection, OpenFlags,
    backup::{self, StepResult},
};
use std::{
    fs::File,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// Pages of one step, after which the progress is told: 4 MB.
const PAGES: i32 = 1_024;
/// How long to wait for a process that has locked the whole file.
const PAUSE: Duration = Duration::from_millis(50);
/// What stands for itself in the path of a `file:` URI.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// What a copy of a log contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// How many activities.
    pub activities: u64,
    /// The position of the newest one; 0 without one.
    pub newest: u64,
    /// The size of the file.
    pub bytes: u64,
    /// One of the log's own secrets as it is stored. It shows which key a restore needs.
    pub secret: Option<Vec<u8>>,
}

impl SqliteStore {
    /// Copies the database in `folder` into `copy`, an empty file, and checks the copy. The database may be open in
    /// another process. `progress` is told the bytes that are copied, and their number.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Damaged`], [`StoreError::Newer`] or [`StoreError::Unavailable`].
    pub fn back_up(folder: &Path, copy: &Path, progress: impl FnMut(u64, u64)) -> Result<Backup> {
        let original = pinned(folder)?;
        folder::remove_logs_of(copy);
        copy_pages(&original, copy, progress)?;
        drop(original);
        without_wal(copy)?;
        File::open(copy).and_then(|file| file.sync_all()).map_err(|error| folder::io(copy, &error))?;
        Backup::examine(copy)
    }
}

impl Backup {
    /// Reads the whole file, and says what it contains.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Newer`] or [`StoreError::Io`].
    pub(super) fn examine(file: &Path) -> Result<Self> {
        let damaged = |error| migrate::damaged(file, &error);
        let bytes = file.metadata().map_err(|error| folder::io(file, &error))?.len();
        let connection = immutable(file)?;
        let found: String =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(damaged)?;
        if found != "ok" {
            return Err(StoreError::Damaged { path: file.into(), reason: found });
        }
        let contained = "SELECT COUNT(*), coalesce(MAX(position), 0) FROM activities";
        let (activities, newest) =
            connection.query_row(contained, [], |row| Ok((row.get(0)?, row.get(1)?))).map_err(damaged)?;
        Ok(Self { activities, newest, bytes, secret: internal::known(&connection, "jwt")? })
    }
}

/// Opens a file that no process writes, and lays nothing beside it. It must contain a log that this program knows.
pub(super) fn immutable(file: &Path) -> Result<Connection> {
    let metadata = file.metadata().map_err(|error| folder::io(file, &error))?;
    let other = |reason: &str| StoreError::Damaged { path: file.into(), reason: reason.into() };
    if !metadata.is_file() || metadata.len() == 0 {
        return Err(other("it is not a file with content"));
    }
    let path = std::path::absolute(file).map_err(|error| folder::io(file, &error))?;
    let uri = format!("file:{}?immutable=1", percent_encode(path.as_os_str().as_bytes(), PATH));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection =
        Connection::open_with_flags(uri, flags).map_err(|error| migrate::damaged(file, &error))?;
    migrate::check(&connection, file)?;
    match connection.pragma_query_value(None, "user_version", |row| row.get(0))? {
        0 => Err(other("it contains no log")),
        _ => Ok(connection),
    }
}

/// The write-ahead log of a database.
pub(super) fn wal_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// The database in `folder` as it is now, for as long as the connection lives.
fn pinned(folder: &Path) -> Result<Connection> {
    // A crash may have left the write-ahead log of another database. No server looks for it if none runs.
    let _until_it_is_open = match Folder::lock(folder) {
        Ok(folder) => {
            place::set_aside_stale_wal(&folder)?;
            Some(folder)
        }
        Err(StoreError::Locked(_)) => None,
        Err(error) => return Err(error),
    };
    let file = Folder::database_in(folder);
    migrate::check_untouched(&file)?;
    let connection = readers::read_only(&file)?;
    connection.execute_batch("BEGIN; SELECT COUNT(*) FROM sqlite_schema")?;
    Ok(connection)
}

fn copy_pages(original: &Connection, copy: &Path, mut progress: impl FnMut(u64, u64)) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut target = Connection::open_with_flags(copy, flags)?;
    // The copy is worth nothing before it is whole, and is synced then.
    target.pragma_update(None, "journal_mode", "off")?;
    target.pragma_update(None, "synchronous", "off")?;
    let page_size: u64 = original.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let copying = backup::Backup::new(original, &mut target)?;
    loop {
        let step = copying.step(PAGES)?;
        let now = copying.progress();
        let [pages, left] = [now.pagecount, now.remaining].map(|count| u64::try_from(count).unwrap_or(0));
        progress((pages - left) * page_size, pages * page_size);
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            _ => thread::sleep(PAUSE),
        }
    }
}

/// Has the file say that it has no write-ahead log, so that it can be read from a disk that is read-only.
pub(super) fn without_wal(file: &Path) -> Result<()> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "journal_mode", "delete")?;
    Ok(())
}
