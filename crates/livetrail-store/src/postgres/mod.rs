//! PostgreSQL: one log for any number of nodes.
//!
//! The module [`head`] keeps the order of the log, [`append`] adds to it, and [`partitions`] divides it. The module
//! [`external`] takes in rows that applications insert, and [`watcher`] hears of other nodes. A restore is noticed by
//! [`epoch`] and [`marks`].

mod address;
mod admin_table;
mod adopt;
mod alerts;
mod append;
mod aside;
mod beside;
mod care;
mod connection;
mod copy;
mod credentials;
mod deliveries;
mod dialect;
mod directory;
mod epoch;
mod erasure;
mod external;
mod head;
mod inspection;
mod internal;
mod known_names;
mod later;
mod log;
mod look_ups;
mod marks;
mod migrate;
mod not_returned;
mod parameters;
mod partitions;
mod placement;
mod pools;
mod questions;
mod removed;
mod retention;
mod rights;
mod rows;
mod scan;
mod search_path;
mod stray;
mod table;
mod timeouts;
mod tls;
mod trust;
mod value;
mod views;
mod watcher;
mod words;

pub use address::PostgresAddress;
pub use admin_table::AdminTable;
pub use adopt::{AdoptionChoices, Undone};
pub use inspection::Inspection;
pub use table::{ActivityTable, TableOptions};
pub use timeouts::Timeouts;

use crate::{RemoteChanges, Result, Row};
use append::Appender;
use connection::Connector;
use deadpool_postgres::Object;
use directory::Application;
use known_names::KnownNames;
use livetrail_types::{Activity, Epoch, Redaction};
use partitions::Partitions;
use pools::Pools;
use rows::Reader;
use scan::Scan;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};
use timeouts::answered;
use tokio::{
    sync::{Mutex, Notify, watch},
    task::JoinSet,
};
use tracing::{Instrument, Span, error_span};

/// How a log in PostgreSQL is kept.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// Positions in each new partition.
    pub partition_size: u64,
    /// How long to wait for the server.
    pub timeouts: Timeouts,
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
        let (timeouts, admins) = (Timeouts::default(), AdminTable::default());
        let (redaction, adoption) = (Redaction::standard(), AdoptionChoices::default());
        Self { partition_size: 1_000_000, timeouts, admins, redaction, connections: 20, adoption }
    }
}

/// A [`Store`](crate::Store) in a PostgreSQL database, which other nodes may share.
pub struct PostgresStore {
    epoch: Epoch,
    pools: Pools,
    appender: Arc<Mutex<Appender>>,
    shared: Arc<Shared>,
    names: KnownNames,
    /// Ended when the store is dropped.
    _tasks: JoinSet<()>,
}

/// What the store and its tasks share.
struct Shared {
    epoch: Epoch,
    connector: Connector,
    partitions: Arc<Partitions>,
    admins: AdminTable,
    application: RwLock<Arc<Application>>,
    reader: Reader,
    /// The last position that this node has given.
    appended: watch::Sender<u64>,
    remote: watch::Sender<RemoteChanges>,
    /// Says that a look may find something.
    wake: Notify,
}

impl Shared {
    /// The last position that is known here.
    fn head(&self) -> u64 {
        self.remote.borrow().head.max(*self.appended.borrow())
    }

    /// Hears that the log has reached a position.
    fn reached(&self, position: u64) {
        self.remote.send_if_modified(|remote| {
            let is_news = position > remote.head;
            remote.head = remote.head.max(position);
            is_news
        });
    }

    fn heard(&self, change: impl FnOnce(&mut RemoteChanges)) {
        self.remote.send_modify(change);
    }

    fn application(&self) -> Arc<Application> {
        Arc::clone(&self.application.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The span of a task of the store's own in the log of the process, whichever request it begins in. The server's spans
/// have the same target.
fn task(name: &'static str) -> Span {
    error_span!(target: "livetrail_span", parent: None, "task", task = name)
}

impl PostgresStore {
    /// Opens the log in a database, making its tables where they are missing and bringing older ones up to date.
    /// `fresh_epoch` names the log if it is new.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the server does not answer, [`StoreError::Unusable`] when it cannot be used as
    /// it is, with what would help.
    pub async fn open(
        address: PostgresAddress,
        options: PostgresOptions,
        fresh_epoch: Epoch,
    ) -> Result<Self> {
        let connector = Connector::new(address, options.timeouts)?;
        let epoch = migrate::run(&connector, &options, fresh_epoch).await?;
        let mut client = connector.connect().await?;
        let partitions = Arc::new(Partitions::load(&client, options.partition_size).await?);
        let application = Application::find(&client, &options.admins).await?;
        let reader = Reader::find(&client, options.redaction).await?;
        application.advise();
        options.admins.advise(application.admins.is_some());
        let application = RwLock::new(Arc::new(application));
        let mark = head::position(client.query_one(head::MARK, &[]).await?.get(0));
        let head = head::read(&client, &partitions).await?;
        let head = stray::settle_alone(&mut client, &partitions, mark, head).await?;
        let (appended, _) = watch::channel(0);
        let (remote, _) = watch::channel(RemoteChanges { head, ..RemoteChanges::default() });
        let shared = Arc::new(Shared {
            epoch,
            connector: connector.clone(),
            partitions: Arc::clone(&partitions),
            admins: options.admins,
            application,
            reader,
            appended,
            remote,
            wake: Notify::new(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(watcher::run(Arc::clone(&shared)).instrument(task("database-watcher")));
        let pools = connector.pools(pools::fair_share(&client, options.connections).await?)?;
        tasks.spawn(care::take_care(Arc::clone(&shared), pools.clone()).instrument(task("database-care")));
        // Now, because a pooler may have no session left for it once questions are asked.
        let appender = Appender::new(connector, Arc::clone(&shared)).await?;
        let appender = Arc::new(Mutex::new(appender));
        tasks.spawn(look_ups::drop_surplus(Arc::clone(&shared)).instrument(task("database-look-ups")));
        Ok(Self { epoch, pools, appender, shared, names: KnownNames::default(), _tasks: tasks })
    }

    /// The names of the migrations that the database lacks, and what they would do. Nothing is changed. `reads_rows`
    /// says whether every row of an application's table is read as it will be.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    pub async fn pending_migrations(
        address: PostgresAddress,
        choices: &AdoptionChoices,
        reads_rows: bool,
    ) -> Result<Vec<String>> {
        let mut client = Connector::new(address, Timeouts::default())?.first().await?;
        migrate::pending(&mut client, choices, reads_rows).await
    }

    /// Gives an application its table back as it was before its adoption, with what came since, or ends a log beside a
    /// table. Everything of Livetrail's own in the database is dropped: keys and admins, too. `without` names functions
    /// and views of the application that may break.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when there is nothing to undo, a server is running, or more would break than `without`
    /// names, and what the database says.
    pub async fn undo_adoption(address: PostgresAddress, without: &[String]) -> Result<Undone> {
        adopt::undo(&Connector::new(address, Timeouts::default())?, migrate::LOG.1, without).await
    }

    /// Whether there is a log in the database.
    ///
    /// # Errors
    /// That the database cannot be reached or asked.
    pub async fn is_in(address: PostgresAddress) -> Result<bool> {
        migrate::has_log(&Connector::new(address, Timeouts::default())?.first().await?).await
    }

    /// A connection for a question that may take long. Without an answer it is cancelled.
    async fn scan(&self) -> Result<Scan> {
        Scan::begin(&self.pools, &self.shared.connector).await
    }

    fn reads(&self) -> &Reader {
        &self.shared.reader
    }

    async fn client(&self) -> Result<Object> {
        self.pools.for_look_up().await
    }

    /// The last position of the log.
    async fn reached(&self) -> Result<u64> {
        let reading = async { head::read(&**self.client().await?, &self.shared.partitions).await };
        answered(self.shared.connector.timeouts.connect, reading).await
    }

    /// What the server answers to one question.
    async fn answer<T>(&self, asking: impl Future<Output = Result<T>>) -> Result<T> {
        answered(self.shared.connector.timeouts.statement, asking).await
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
