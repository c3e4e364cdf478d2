//! PostgreSQL: the suite of all databases, and what is its own.

mod access;
mod adopt;
mod adopt_columns;
mod adopt_decided;
mod adopt_details;
mod adopt_dry_run;
mod adopt_enums;
mod adopt_functions;
mod adopt_kept;
mod adopt_labels;
mod adopt_meanwhile;
mod adopt_names;
mod adopt_owners;
mod adopt_renamed;
mod adopt_rows;
mod adopt_rules;
mod adopt_search_path;
mod adopt_tablespace;
mod adopt_undone;
mod adopt_uses;
mod adopt_uuids;
mod beside;
mod beside_success;
mod beside_undone;
mod delegate;
mod disk;
mod dropped;
mod erased;
mod external;
mod given_up;
mod loaded;
mod look_ups;
mod lost;
mod names;
mod obstacle;
mod order;
mod pooler;
mod published;
mod put_back;
mod redacted;
mod refused;
mod rights;
mod schema;
mod sealed;
#[path = "../shared/small_disk.rs"]
mod small_disk;
mod tls;
mod turns;
#[path = "../shared/until.rs"]
mod until;

use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_store::{PostgresOptions, PostgresStore, Result, Store, conformance::Fixture};
use livetrail_types::{Activity, Epoch, Filter, ListQuery, NewActivity, PageStart, Sort, Stamped};
use private_postgres::Database;
use std::{
    ops::RangeInclusive,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// Long enough that a machine under load does not fail a test, short enough that a hang does.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Takes the last steps back, as if they had never been taken.
const BEFORE_RETENTION: &str = "DROP FUNCTION livetrail_note_removed(), livetrail_number_names(), livetrail_take_position_back(), \
         livetrail_watch_positions(REGCLASS) CASCADE; \
     ALTER TABLE livetrail_users DROP COLUMN changed; DROP TABLE livetrail_names; \
     DROP TABLE livetrail_bounds, livetrail_removed, livetrail_removed_incoming, livetrail_holds, \
         livetrail_alert_progress, livetrail_alert_rules, livetrail_alerts, livetrail_alert_channels, \
         livetrail_deliveries, livetrail_views; \
     DELETE FROM livetrail_migrations WHERE name >= '0010_retention';";

/// A log in a database that is dropped with it. Its partitions are small, so that every test meets their edges.
struct PostgresFixture {
    database: Database,
    dump: Mutex<String>,
    times_opened: AtomicU32,
}

impl PostgresFixture {
    fn new() -> Self {
        let (dump, times_opened) = (Mutex::default(), AtomicU32::new(0));
        Self { database: private_postgres::database(), dump, times_opened }
    }
}

#[async_trait]
impl Fixture for PostgresFixture {
    async fn open(&self) -> Arc<dyn Store> {
        // Each time with another fresh epoch, of which the log keeps the first.
        let epoch = Epoch(self.times_opened.fetch_add(1, Ordering::Relaxed) + 1);
        let address = self.database.url().parse().expect("an address");
        Arc::new(PostgresStore::open(address, small(), epoch).await.expect("the store opens"))
    }

    async fn delete(&self, positions: RangeInclusive<u64>) {
        let (first, last) = positions.into_inner();
        let sql = format!("DELETE FROM activity_logs WHERE position BETWEEN {first} AND {last}");
        client(&self.database.url()).await.batch_execute(&sql).await.expect("a deletion");
    }

    async fn run_sql(&self, sql: &str) {
        client(&self.database.url()).await.batch_execute(sql).await.expect("statements");
    }

    async fn back_up(&self) {
        *self.dump.lock().expect("a dump") = self.database.dump();
    }

    /// As `pg_restore --clean --single-transaction` does.
    async fn restore(&self) {
        let script = format!("BEGIN;\n{}\nCOMMIT;", self.dump.lock().expect("a dump"));
        self.database.psql(&script);
    }
}

livetrail_store::conformance_tests!(PostgresFixture::new());

fn small() -> PostgresOptions {
    PostgresOptions { partition_size: 64, ..PostgresOptions::default() }
}

async fn open(url: &str) -> PostgresStore {
    try_to_open(url).await.expect("the store opens")
}

async fn open_with(url: &str, partition_size: u64) -> PostgresStore {
    let options = PostgresOptions { partition_size, ..small() };
    PostgresStore::open(url.parse().expect("an address"), options, Epoch(1)).await.expect("the store opens")
}

async fn try_to_open(url: &str) -> Result<PostgresStore> {
    try_to_open_as(url, Epoch(1)).await
}

/// Opens the log; a log that is new or was restored gets this epoch.
async fn try_to_open_as(url: &str, fresh: Epoch) -> Result<PostgresStore> {
    PostgresStore::open(url.parse().expect("an address"), small(), fresh).await
}

/// A session of another application.
async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

/// The n-th activity of a log in which only the order matters.
fn activity(n: u64) -> Stamped {
    let now = Timestamp::from_second(1_772_366_400).expect("a moment");
    let id = Uuid::from_u128(0x0198_c0de_7a3b_7000_8000_0000_0000_0000 | u128::from(n));
    NewActivity { id: Some(id), ..NewActivity::new(format!("u-{}", n % 7), "user_login") }
        .stamp(now, id, &[7; 32])
}

async fn append(store: &dyn Store, numbers: std::ops::RangeInclusive<u64>) -> Vec<u64> {
    let stored = store.append(numbers.map(activity).collect()).await.expect("an append").stored;
    stored.iter().map(|activity| activity.position).collect()
}

/// The whole log.
async fn everything(store: &dyn Store) -> Vec<Activity> {
    let rows = store.range(0, 1_000_000).await.expect("a range").rows().expect("all are kept");
    let activities: Vec<_> = rows.into_iter().map(|(activity, _)| activity).collect();
    let positions: Vec<_> = activities.iter().map(|activity| activity.position).collect();
    assert_eq!(positions, (1..=activities.len() as u64).collect::<Vec<_>>(), "no gap and no duplicate");
    activities
}

/// The newest page of a list.
fn newest(filter: Filter) -> ListQuery {
    ListQuery { filter, sort: Sort::default(), limit: 100, start: PageStart::Number(1) }
}

/// Waits until the store has heard that the log has reached a position.
async fn reaches(store: &dyn Store, position: u64) {
    let mut remote = store.remote_changes();
    let heard = remote.wait_for(|remote| remote.head >= position);
    tokio::time::timeout(TIMEOUT, heard).await.expect("in time").expect("the store is open");
}
