//! The embedded database: one file, one writer, readers beside it.
//!
//! The write-ahead log is synced at every commit (`synchronous=FULL`), so what [`append`](crate::Log::append)
//! returned survives a power loss. There is one writer, so the order of commits is the order of positions.

mod alerts;
mod append;
mod backup;
mod connection;
mod credentials;
mod deliveries;
mod dialect;
mod directory;
mod erasure;
mod folder;
mod functions;
mod groups;
mod internal;
mod list;
mod log;
mod migrate;
mod place;
mod questions;
mod readers;
mod restore;
mod retention;
mod rows;
mod stats;
mod terms;
mod views;

pub use backup::Backup;
pub use folder::MIN_SPACE;
pub use restore::{Replacing, Restored};

use crate::{RemoteChanges, Result, StoreError, names::Names};
use connection::Writer;
use folder::Folder;
use livetrail_types::Epoch;
use place::Original;
use readers::Readers;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use tokio::sync::watch;

/// A [`Store`](crate::Store) in a folder of its own.
pub struct SqliteStore {
    epoch: Epoch,
    // Dropped in this order: the last connection to close folds the write-ahead log into the file, which a reader
    // cannot, and only then may another process have the folder.
    readers: Readers,
    writer: Writer,
    names: Arc<Mutex<Names>>,
    /// Only this process writes, so the only remote change is that the file is replaced.
    remote: watch::Sender<RemoteChanges>,
    original: Original,
    /// Held for as long as the store lives, so that no other process writes.
    folder: Folder,
}

impl SqliteStore {
    /// Opens the database in `folder`, making both where they are missing and bringing an older one up to date.
    /// `fresh_epoch` names the log if it is new or was restored from a copy.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Newer`], [`StoreError::Damaged`] or [`StoreError::Io`], each of which
    /// leaves the database as it was.
    pub fn open(folder: &Path, fresh_epoch: Epoch) -> Result<Self> {
        Self::within(Folder::lock(folder)?, fresh_epoch)
    }

    fn within(folder: Folder, fresh_epoch: Epoch) -> Result<Self> {
        let file = folder.database();
        place::set_aside_stale_wal(&folder)?;
        migrate::check_untouched(&file)?;
        folder.make_private(&file)?;
        let mut connection = connection::for_writing(&file)?;
        migrate::run(&mut connection, &file)?;
        let (epoch, head_file) = place::epoch(&mut connection, &folder, fresh_epoch)?;
        let (remote, _) = watch::channel(RemoteChanges::default());
        let original = Original::at(file.clone())?;
        let (writer, readers) = (Writer::over(connection, head_file)?, Readers::new(file)?);
        Ok(Self { epoch, readers, writer, names: Arc::default(), remote, original, folder })
    }

    /// # Errors
    /// [`StoreError::Unavailable`] when the database was replaced since it was opened. Receivers of
    /// [`RemoteChanges`] are told.
    fn check_place(&self) -> Result<()> {
        if self.original.is_in_place() {
            return Ok(());
        }
        self.remote.send_modify(|remote| remote.restored = true);
        Err(StoreError::Unavailable(
            "the database was replaced while this server was running; the server begins anew with it".into(),
        ))
    }

    /// Whether there is a log in `folder`.
    pub fn is_in(folder: &Path) -> bool {
        Folder::database_in(folder).exists()
    }

    /// The file of the database in `folder`.
    pub fn file_in(folder: &Path) -> PathBuf {
        Folder::database_in(folder)
    }

    /// The size of the database in `folder` in bytes, if there is one.
    pub fn size_in(folder: &Path) -> Option<u64> {
        std::fs::metadata(Folder::database_in(folder)).ok().map(|found| found.len())
    }

    /// The names of the migrations that the database in `folder` lacks. Nothing is changed.
    ///
    /// # Errors
    /// [`StoreError::Newer`](crate::StoreError::Newer) or [`StoreError::Damaged`](crate::StoreError::Damaged).
    pub fn pending_migrations(folder: &Path) -> Result<Vec<&'static str>> {
        migrate::pending(&Folder::database_in(folder))
    }
}
