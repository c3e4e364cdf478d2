//! The embedded database: one file, one writer, readers beside it.
//!
//! The write-ahead log is synced at every commit (`synchronous=FULL`), so what [`append`](crate::Store::append)
//! returned survives a power loss. There is one writer, so the order of commits is the order of positions.

mod append;
mod connection;
mod credentials;
mod dialect;
mod folder;
mod functions;
mod groups;
mod list;
mod migrate;
mod own;
mod place;
mod readers;
mod rows;
mod stats;
mod terms;

use crate::{Appended, Elsewhere, Result, Row, Store, own_tables};
use async_trait::async_trait;
use connection::Writer;
use folder::Folder;
use jiff::Timestamp;
use livetrail_types::{Cursor, Epoch, Filter, Group, Grouping, ListQuery, Page, Stamped, Stats, UserProfile};
use readers::Readers;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use std::path::Path;
use tokio::sync::watch;
use uuid::Uuid;

/// Profiles that are looked up where they are asked for; more of them would keep others waiting.
const LOOKED_UP_AT_ONCE: usize = 16;

/// A [`Store`] in a folder of its own.
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
}

impl SqliteStore {
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

#[async_trait]
impl Store for SqliteStore {
    async fn head(&self) -> Result<Cursor> {
        self.writer.check()?;
        let position = self.readers.run(head).await?;
        Ok(Cursor { epoch: self.epoch, position })
    }

    async fn append(&self, batch: Vec<Stamped>) -> Result<Appended> {
        self.writer.append(batch).await
    }

    async fn get(&self, id: Uuid, tenant: Option<String>) -> Result<Option<Row>> {
        self.readers.run(move |connection| rows::by_id(connection, id, tenant.as_deref())).await
    }

    async fn all_of_id(&self, id: Uuid) -> Result<Vec<Row>> {
        self.readers.run(move |connection| rows::all_of_id(connection, id)).await
    }

    async fn range(&self, after: u64, limit: usize) -> Result<Vec<Row>> {
        self.readers.run(move |connection| rows::after(connection, after, limit)).await
    }

    async fn list(&self, query: ListQuery) -> Result<Page> {
        let epoch = self.epoch;
        self.readers.scan(move |connection| list::page(connection, &query, epoch)).await
    }

    async fn stats(&self, filter: Filter, head: u64, now: Timestamp) -> Result<Stats> {
        self.readers.scan(move |connection| stats::of(connection, &filter, head, now)).await
    }

    async fn groups(&self, grouping: Grouping) -> Result<Vec<Group>> {
        self.readers.scan(move |connection| groups::of(connection, &grouping)).await
    }

    async fn put_profiles(&self, tenant: Option<String>, profiles: Vec<UserProfile>) -> Result<()> {
        self.writer.run(move |connection| own::put_profiles(connection, tenant.as_deref(), &profiles)).await
    }

    async fn profiles(&self, tenant: Option<String>, user_ids: Vec<String>) -> Result<Vec<UserProfile>> {
        let few = user_ids.len() <= LOOKED_UP_AT_ONCE;
        let read = move |connection: &Connection| own::profiles(connection, tenant.as_deref(), &user_ids);
        if few { self.readers.look_up(read) } else { self.readers.run(read).await }
    }

    async fn is_admin(&self, user_id: String, tenant: Option<String>) -> Result<bool> {
        self.readers.look_up(|connection| {
            let mut statement = connection.prepare_cached(own_tables::IS_ADMIN)?;
            Ok(statement.exists((&user_id, &tenant))?)
        })
    }

    async fn set_admin(&self, user_id: String, tenant: Option<String>, admin: bool) -> Result<bool> {
        let statement = own_tables::set_admin(admin, tenant.is_some());
        let values = [Some(user_id), tenant].into_iter().flatten();
        self.writer
            .run(move |connection| Ok(connection.execute(statement, params_from_iter(values))? == 1))
            .await
    }

    fn max_questions(&self) -> usize {
        readers::MAX_SCANS
    }

    fn elsewhere(&self) -> watch::Receiver<Elsewhere> {
        self.elsewhere.subscribe()
    }
}

/// The last position; 0 in an empty log.
fn head(connection: &Connection) -> Result<u64> {
    let newest = connection
        .prepare_cached("SELECT max(position) FROM activities")?
        .query_row([], |row| row.get::<_, Option<u64>>(0));
    Ok(newest.optional()?.flatten().unwrap_or(0))
}
