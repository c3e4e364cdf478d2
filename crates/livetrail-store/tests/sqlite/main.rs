//! The embedded database: the suite of all databases, and what is its own.

mod access;
mod backup;
mod columns;
mod crash;
mod delegate;
mod erased;
mod failed;
mod names;
mod obstacle;
mod opening;
mod restored;
#[path = "../shared/small_disk.rs"]
mod small_disk;
mod space;
mod view;

use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_store::{Log, SqliteStore, Store, conformance::Fixture};
use livetrail_types::{Epoch, NewActivity, Stamped};
use rusqlite::Connection;
use std::{
    ops::RangeInclusive,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tempfile::TempDir;
use uuid::Uuid;

/// A log in a folder that is deleted with it.
struct Folder {
    folder: TempDir,
    copy: TempDir,
    times_opened: AtomicU32,
}

impl Folder {
    fn new() -> Self {
        Self { folder: temporary(), copy: temporary(), times_opened: AtomicU32::new(0) }
    }

    /// A connection of another process.
    fn connection(&self) -> Connection {
        Connection::open(self.folder.path().join("livetrail.db")).expect("a database")
    }
}

#[async_trait]
impl Fixture for Folder {
    async fn open(&self) -> Arc<dyn Store> {
        // Each time with another fresh epoch, of which the log keeps the first.
        let epoch = Epoch(self.times_opened.fetch_add(1, Ordering::Relaxed) + 1);
        Arc::new(SqliteStore::open(self.folder.path(), epoch).expect("the store opens"))
    }

    async fn delete(&self, positions: RangeInclusive<u64>) {
        let (first, last) = positions.into_inner();
        let sql = "DELETE FROM activities WHERE position BETWEEN ?1 AND ?2";
        self.connection().execute(sql, [first, last]).expect("a deletion");
    }

    async fn run_sql(&self, sql: &str) {
        self.connection().execute_batch(sql).expect("statements");
    }

    async fn back_up(&self) {
        let copy = self.copy.path().join("livetrail.db");
        self.connection().execute("VACUUM INTO ?1", [copy.to_str()]).expect("a copy");
    }

    async fn restore(&self) {
        restored::replace(self.copy.path(), self.folder.path(), "livetrail.db");
    }
}

livetrail_store::conformance_tests!(Folder::new());

fn temporary() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(folder, Epoch(1)).expect("the store opens")
}

/// The n-th activity of a log of which nothing but its order matters, with a user agent that takes some room.
fn activity(n: u64) -> Stamped {
    let now = Timestamp::from_second(1_772_366_400).expect("a moment");
    let id = Uuid::from_u128(0x0198_c0de_7a3b_7000_8000_0000_0000_0000 | u128::from(n));
    let agent = format!("agent {n} {}", "-".repeat(500));
    let given = NewActivity { user_agent: Some(agent), ..NewActivity::new(format!("u-{n}"), "user_login") };
    given.stamp(now, id, &[7; 32])
}

async fn append(store: &SqliteStore, numbers: std::ops::RangeInclusive<u64>) {
    store.append(numbers.map(activity).collect()).await.expect("an append");
}

async fn head(store: &SqliteStore) -> u64 {
    store.head().await.expect("a head").head
}

/// The positions of everything that can be read.
async fn positions(store: &SqliteStore) -> Vec<u64> {
    let rows = store.range(0, 1_000_000).await.expect("a range").rows().expect("all are kept");
    rows.into_iter().map(|(activity, _)| activity.position).collect()
}
