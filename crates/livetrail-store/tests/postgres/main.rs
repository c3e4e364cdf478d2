//! PostgreSQL: the suite of all databases, and what is its own.

use async_trait::async_trait;
use livetrail_store::{PostgresOptions, PostgresStore, Store, conformance::Fixture};
use livetrail_types::Epoch;
use private_postgres::Database;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// A log in a database that is dropped with it. Its partitions are small, so that every test meets their edges.
struct Log {
    database: Database,
    times_opened: AtomicU32,
}

impl Log {
    fn new() -> Self {
        Self { database: private_postgres::database(), times_opened: AtomicU32::new(0) }
    }
}

#[async_trait]
impl Fixture for Log {
    async fn open(&self) -> Arc<dyn Store> {
        // Each time with another fresh epoch, of which the log keeps the first.
        let epoch = Epoch(self.times_opened.fetch_add(1, Ordering::Relaxed) + 1);
        Arc::new(open(&self.database, epoch).await)
    }
}

livetrail_store::conformance_tests!(Log::new());

async fn open(database: &Database, epoch: Epoch) -> PostgresStore {
    let address = database.url().parse().expect("an address");
    PostgresStore::open(address, PostgresOptions { partition_size: 64 }, epoch).await.expect("the store opens")
}
