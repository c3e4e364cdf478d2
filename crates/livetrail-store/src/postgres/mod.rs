//! PostgreSQL: one log for any number of nodes.
//!
//! [`head`] keeps the order of the log and [`append`] adds to it, [`partitions`] its shape, [`foreign`] takes in what the application itself
//! inserts, and [`watcher`] hears what other nodes do.

mod address;
mod admin_table;
mod adopt;
mod append;
mod aside;
mod beside;
mod care;
mod connection;
mod copy;
mod credentials;
mod dialect;
mod directory;
mod foreign;
mod head;
mod migrate;
mod own;
mod parameters;
mod partitions;
mod patience;
mod questions;
mod rights;
mod rows;
mod scan;
mod table;
mod tls;
mod value;
mod watcher;
mod words;

pub use address::PostgresAddress;
pub use admin_table::AdminTable;
pub use adopt::{AdoptionChoices, Undone};
pub use patience::Patience;
pub use table::{ActivityTable, TableOptions};

use crate::{Appended, Elsewhere, Result, Row, Store, StoreError, own_tables, query::Reading};
use append::Appender;
use async_trait::async_trait;
use connection::{Connector, Pools};
use deadpool_postgres::Object;
use directory::Application;
use jiff::Timestamp;
use livetrail_types::{
    Activity, Cursor, Epoch, Filter, Group, Grouping, ListQuery, Page, Redaction, Stamped, Stats, UserProfile,
};
use partitions::Partitions;
use patience::answered;
use rows::Reader;
use scan::Scan;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};
use tokio::{
    sync::{Mutex, Notify, watch},
    task::JoinSet,
};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// How a log in PostgreSQL is kept.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// Positions in each new partition.
    pub partition_size: u64,
    /// How long to wait for the server.
    pub patience: Patience,
    /// The application's table of admins.
    pub admins: AdminTable,
    /// What is replaced in rows that did not come through the API, whenever they are read.
    pub redaction: Redaction,
    /// Connections that the node may have at once, at least 6.
    pub connections: usize,
    /// What was decided about the adoption of an application's table.
    pub adoption: AdoptionChoices,
}

impl Default for PostgresOptions {
    /// A partition of a million positions is some 400 MB.
    fn default() -> Self {
        let (patience, admins) = (Patience::default(), AdminTable::default());
        let (redaction, adoption) = (Redaction::standard(), AdoptionChoices::default());
        Self { partition_size: 1_000_000, patience, admins, redaction, connections: 20, adoption }
    }
}

/// A [`Store`] in a PostgreSQL database, which other nodes may share.
pub struct PostgresStore {
    epoch: Epoch,
    pools: Pools,
    appender: Arc<Mutex<Appender>>,
    shared: Arc<Shared>,
    /// Ended when the store is dropped.
    _tasks: JoinSet<()>,
}

/// What the store and its tasks share.
struct Shared {
    connector: Connector,
    partitions: Arc<Partitions>,
    admins: AdminTable,
    application: RwLock<Arc<Application>>,
    reader: Reader,
    /// The last position that this node has given.
    appended: watch::Sender<u64>,
    elsewhere: watch::Sender<Elsewhere>,
    /// Says that a look may find something.
    wake: Notify,
}

impl Shared {
    /// The last position that is known here.
    fn head(&self) -> u64 {
        self.elsewhere.borrow().head.max(*self.appended.borrow())
    }

    /// Hears that the log has reached a position.
    fn reached(&self, position: u64) {
        self.elsewhere.send_if_modified(|elsewhere| {
            let is_news = position > elsewhere.head;
            elsewhere.head = elsewhere.head.max(position);
            is_news
        });
    }

    fn heard(&self, change: impl FnOnce(&mut Elsewhere)) {
        self.elsewhere.send_modify(change);
    }

    fn application(&self) -> Arc<Application> {
        Arc::clone(&self.application.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl PostgresStore {
    /// Opens the log in a database, making its tables where they are missing and bringing older ones up to date.
    /// `fresh_epoch` names the log if it is new.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the server does not answer, [`StoreError::Unusable`] when it cannot be used as it
    /// is, with what would help.
    pub async fn open(
        address: PostgresAddress,
        options: PostgresOptions,
        fresh_epoch: Epoch,
    ) -> Result<Self> {
        let connector = Connector::new(address, options.patience)?;
        let epoch = migrate::run(&connector, &options, fresh_epoch).await?;
        let client = connector.connect().await?;
        let partitions = Arc::new(Partitions::load(&client, options.partition_size).await?);
        let application = Application::find(&client, &options.admins).await?;
        let reader = Reader::find(&client, options.redaction).await?;
        options.admins.advise(application.admins.is_some());
        let application = RwLock::new(Arc::new(application));
        let (appended, _) = watch::channel(0);
        let (elsewhere, _) = watch::channel(Elsewhere::default());
        let shared = Arc::new(Shared {
            connector: connector.clone(),
            partitions: Arc::clone(&partitions),
            admins: options.admins,
            application,
            reader,
            appended,
            elsewhere,
            wake: Notify::new(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(watcher::run(Arc::clone(&shared)));
        let pools = connector.pools(options.connections)?;
        tasks.spawn(care::take_care(Arc::clone(&shared), pools.clone()));
        let appender = Arc::new(Mutex::new(Appender::new(connector, partitions)));
        Ok(Self { epoch, pools, appender, shared, _tasks: tasks })
    }

    /// The names of the migrations that the database lacks, and what they would do. Nothing is changed. `reads_rows` says
    /// whether every row of an application's table is read as it will be.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    pub async fn pending_migrations(
        address: PostgresAddress,
        choices: &AdoptionChoices,
        reads_rows: bool,
    ) -> Result<Vec<String>> {
        let mut client = Connector::new(address, Patience::default())?.first().await?;
        migrate::pending(&mut client, choices, reads_rows).await
    }

    /// Gives an application its table back as it was before its adoption, with what came since, or ends a log beside a
    /// table. Everything of Livetrail's own in the database is dropped: keys and admins, too.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when there is nothing to undo or a server is running, and what the database says.
    pub async fn undo_adoption(address: PostgresAddress) -> Result<Undone> {
        adopt::undo(&Connector::new(address, Patience::default())?, migrate::LOG.1).await
    }

    /// Whether there is a log in the database.
    ///
    /// # Errors
    /// That the database cannot be reached or asked.
    pub async fn is_in(address: PostgresAddress) -> Result<bool> {
        migrate::has_log(&Connector::new(address, Patience::default())?.first().await?).await
    }

    /// A connection for a question that may take long. Without an answer it is cancelled.
    async fn scan(&self) -> Result<Scan> {
        Scan::begin(&self.pools.scans, &self.shared.connector).await
    }

    fn reads(&self) -> &Reader {
        &self.shared.reader
    }

    async fn client(&self) -> Result<Object> {
        Ok(self.pools.short.get().await?)
    }

    /// What the server answers to one question.
    async fn answer<T>(&self, asking: impl Future<Output = Result<T>>) -> Result<T> {
        answered(self.shared.connector.patience.statement, asking).await
    }

    /// Adds what the directory knows of each activity's user.
    async fn with_profiles(&self, client: &Object, activities: Vec<Activity>) -> Result<Vec<Row>> {
        let application = self.shared.application();
        let mut users: HashMap<Option<String>, HashSet<String>> = HashMap::new();
        for activity in &activities {
            users.entry(activity.tenant_id.clone()).or_default().insert(activity.user_id.clone());
        }
        let mut known = HashMap::new();
        for (tenant, ids) in users {
            let ids: Vec<String> = ids.into_iter().collect();
            for profile in directory::profiles(client, &application, tenant.as_deref(), &ids).await? {
                known.insert((tenant.clone(), profile.user_id.clone()), profile);
            }
        }
        let row = |activity: Activity| {
            let profile = known.get(&(activity.tenant_id.clone(), activity.user_id.clone())).cloned();
            (activity, profile)
        };
        Ok(activities.into_iter().map(row).collect())
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn head(&self) -> Result<Cursor> {
        let reading = async { head::read(&**self.client().await?, &self.shared.partitions).await };
        Ok(Cursor {
            epoch: self.epoch,
            position: answered(self.shared.connector.patience.connect, reading).await?,
        })
    }

    async fn append(&self, batch: Vec<Stamped>) -> Result<Appended> {
        if batch.is_empty() {
            return Ok(Appended::default());
        }
        let (appender, shared) = (Arc::clone(&self.appender), Arc::clone(&self.shared));
        // What was begun is finished although nobody waits for it any more.
        let appending = tokio::spawn(async move {
            let appended = appender.lock().await.append(batch).await?;
            if let Some(newest) = appended.stored.last() {
                shared.appended.send_replace(newest.position);
            }
            Ok(appended)
        });
        appending.await.map_err(|error| StoreError::Internal(error.to_string()))?
    }

    async fn get(&self, id: Uuid, tenant: Option<String>) -> Result<Option<Row>> {
        let looking = async {
            let client = self.client().await?;
            let found = rows::by_id(&client, self.reads(), id, tenant.as_deref()).await?;
            self.with_profiles(&client, found.into_iter().collect()).await
        };
        Ok(self.answer(looking).await?.pop())
    }

    async fn all_of_id(&self, id: Uuid) -> Result<Vec<Row>> {
        let looking = async {
            let client = self.client().await?;
            let found = rows::all_of_id(&client, self.reads(), id).await?;
            self.with_profiles(&client, found).await
        };
        self.answer(looking).await
    }

    async fn range(&self, after: u64, limit: usize) -> Result<Vec<Row>> {
        let reading = async {
            let client = self.client().await?;
            let found = rows::after(&client, self.reads(), after, limit).await?;
            self.with_profiles(&client, found).await
        };
        self.answer(reading).await
    }

    async fn list(&self, query: ListQuery) -> Result<Page> {
        let mut reading = Reading::plan(&query, self.epoch, self.head().await?.position)?;
        let asking = async {
            let (scan, application) = (self.scan().await?, self.shared.application());
            let (found, is_full) =
                questions::page(&scan, &application, self.reads(), &query, &mut reading).await?;
            let rows = self.with_profiles(&scan, found).await?;
            scan.finish();
            Ok((rows, is_full))
        };
        let (rows, is_full) = self.answer(asking).await?;
        Ok(reading.finish(&query, self.epoch, rows, is_full))
    }

    async fn stats(&self, filter: Filter, head: u64, now: Timestamp) -> Result<Stats> {
        let asking = async {
            let (scan, application) = (self.scan().await?, self.shared.application());
            let stats = questions::stats(&scan, &application, self.reads(), &filter, head, now).await?;
            scan.finish();
            Ok(stats)
        };
        self.answer(asking).await
    }

    async fn groups(&self, grouping: Grouping) -> Result<Vec<Group>> {
        let asking = async {
            let (scan, application) = (self.scan().await?, self.shared.application());
            let groups = questions::groups(&scan, &application, self.reads(), &grouping).await?;
            scan.finish();
            Ok(groups)
        };
        self.answer(asking).await
    }

    async fn put_profiles(&self, tenant: Option<String>, profiles: Vec<UserProfile>) -> Result<()> {
        let telling =
            async { directory::put_profiles(&mut *self.client().await?, tenant.as_deref(), profiles).await };
        self.answer(telling).await
    }

    async fn profiles(&self, tenant: Option<String>, user_ids: Vec<String>) -> Result<Vec<UserProfile>> {
        let application = self.shared.application();
        let asking = async {
            directory::profiles(&*self.client().await?, &application, tenant.as_deref(), &user_ids).await
        };
        self.answer(asking).await
    }

    async fn is_admin(&self, user_id: String, tenant: Option<String>) -> Result<bool> {
        let application = self.shared.application();
        let asking =
            async { directory::is_admin(&*self.client().await?, &application, &user_id, &tenant).await };
        self.answer(asking).await
    }

    async fn set_admin(&self, user_id: String, tenant: Option<String>, admin: bool) -> Result<bool> {
        let statement = own_tables::set_admin(admin, tenant.is_some());
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&user_id];
        values.extend(tenant.iter().map(|tenant| tenant as &(dyn ToSql + Sync)));
        let telling = async { Ok(self.client().await?.execute(statement, &values).await? == 1) };
        self.answer(telling).await
    }

    fn max_questions(&self) -> usize {
        self.pools.max_questions()
    }

    fn elsewhere(&self) -> watch::Receiver<Elsewhere> {
        self.shared.elsewhere.subscribe()
    }
}
