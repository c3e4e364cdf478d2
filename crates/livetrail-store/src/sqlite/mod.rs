//! The embedded database: one file, one writer, readers beside it.
//!
//! The write-ahead log is synced at every commit (`synchronous=FULL`), so what [`append`](crate::Log::append)
//! returned survives a power loss. There is one writer, so the order of commits is the order of positions.

mod append;
mod connection;
mod credentials;
mod dialect;
mod directory;
mod folder;
mod functions;
mod groups;
mod list;
mod log;
mod migrate;
mod own;
mod place;
mod questions;
mod readers;
mod rows;
mod stats;
mod terms;

use crate::{Elsewhere, Result};
use connection::Writer;
use folder::Folder;
use livetrail_types::Epoch;
use readers::Readers;
use std::path::Path;
use tokio::sync::watch;

/// A [`Store`](crate::Store) in a folder of its own.
pub struct SqliteStore {
    epoch: Epoch,
    // Dropped in this order: the last connection to close folds the write-ahead log into the file, which a reader
    // cannot, and only then may somebody else have the folder.
    readers: Readers,
    writer: Writer,
    /// Only this process writes, so nothing ever happens elsewhere; but whoever waits for it waits for an open channel.
    elsewhere: watch::Sender<Elsewhere>,
    /// Held for as long as the store lives, so that nobody else writes.
    _folder: Folder,
}

impl SqliteStore {
    /// Opens the database in `folder`, making both where they are missing and bringing an older one up to date.
    /// `fresh_epoch` names the log if it is new or was restored from a copy.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Newer`], [`StoreError::Damaged`] or [`StoreError::Io`], each of which
    /// leaves the database as it was.
    pub fn open(folder: &Path, fresh_epoch: Epoch) -> Result<Self> {
        let folder = Folder::lock(folder)?;
        let file = folder.database();
        migrate::check_untouched(&file)?;
        folder.make_private(&file)?;
        let mut connection = connection::for_writing(&file)?;
        migrate::run(&mut connection, &file)?;
        let (epoch, head_file) = place::epoch(&mut connection, &folder, fresh_epoch)?;
        let (elsewhere, _) = watch::channel(Elsewhere::default());
        let (writer, readers) = (Writer::over(connection, head_file)?, Readers::new(file));
        Ok(Self { epoch, readers, writer, elsewhere, _folder: folder })
    }

    /// Whether there is a log in `folder`.
    pub fn is_in(folder: &Path) -> bool {
        Folder::database_in(folder).exists()
    }

    /// The names of the migrations that the database in `folder` lacks. Nothing is changed.
    ///
    /// # Errors
    /// [`StoreError::Newer`](crate::StoreError::Newer) or [`StoreError::Damaged`](crate::StoreError::Damaged).
    pub fn pending_migrations(folder: &Path) -> Result<Vec<&'static str>> {
        migrate::pending(&Folder::database_in(folder))
    }
}
