//! The index behind the questions, over a real store and a real hub.

mod agreement;
mod files;
mod plain;
mod states;

use super::*;
use crate::{directory::Directory, until::until};
use livetrail_store::{Person, PostgresOptions, PostgresStore, SqliteStore};
use livetrail_types::{Activity, Epoch, Filter, Stamped};
use rusqlite::Connection;
use std::{sync::atomic::AtomicU64, time::Duration};
use tempfile::TempDir;
use uuid::Uuid;

/// Longer than anything takes on any machine.
const NO_END: Duration = Duration::from_secs(600);

/// A log in a folder or a database that goes away with it.
enum Place {
    Sqlite(TempDir),
    Postgres(private_postgres::Database),
}

impl Place {
    fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a folder"))
    }

    async fn open(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(folder) => {
                Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("the store opens"))
            }
            Self::Postgres(database) => {
                let address = database.url().parse().expect("an address");
                let opening = PostgresStore::open(address, PostgresOptions::default(), Epoch(1));
                Arc::new(opening.await.expect("the store opens"))
            }
        }
    }

    /// Deletes activities with SQL, under an open store.
    fn delete(&self, first: u64, last: u64) {
        let delete = |table| format!("DELETE FROM {table} WHERE position BETWEEN {first} AND {last}");
        match self {
            Self::Sqlite(folder) => {
                let database = Connection::open(folder.path().join("livetrail.db")).expect("the database");
                database.execute_batch(&delete("activities")).expect("they are deleted");
            }
            Self::Postgres(database) => _ = database.psql(&delete("activity_logs")),
        }
    }
}

/// Questions to a store, and the hub that shows what is appended.
struct Asked {
    questions: Questions,
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    /// They go away last: the log, and the folder of the index's files.
    place: Arc<Place>,
    data: Arc<TempDir>,
}

impl Asked {
    /// Questions to a new log.
    async fn new(timeout: Duration) -> Self {
        let place = Place::sqlite();
        let store = place.open().await;
        Self::over(Arc::new(place), store, timeout).await
    }

    async fn over(place: Arc<Place>, store: Arc<dyn Store>, timeout: Duration) -> Self {
        let data = Arc::new(tempfile::tempdir().expect("a folder"));
        Self::with_files_in(data, place, store, timeout).await
    }

    async fn with_files_in(
        data: Arc<TempDir>,
        place: Arc<Place>,
        store: Arc<dyn Store>,
        timeout: Duration,
    ) -> Self {
        let (directory, catalogue) = (Directory::new(Arc::clone(&store)), Arc::new(Catalogue::builtin()));
        let registry = &mut Registry::default();
        let hub = Hub::start(Arc::clone(&store), Arc::new(directory), Arc::clone(&catalogue), registry);
        let hub = hub.await.expect("a hub");
        // Nothing stays in memory that was read of a file.
        let files = (data.path(), 1, true);
        let opened =
            Questions::open(Arc::clone(&store), Arc::clone(&hub), catalogue, timeout, files, registry);
        let questions = opened.await.expect("questions");
        questions.begin_index();
        Self { questions, store, hub, place, data }
    }

    fn asker(&self) -> Asker<'_> {
        self.questions.by(&Principal::operator())
    }

    /// An asker that waits for its turn for a moment only.
    fn impatient_asker(&self) -> Asker<'_> {
        let deadline = Instant::now() + Duration::from_millis(50);
        Asker::new(&self.questions, Principal::operator().share_id(), deadline)
    }

    /// Appends activities with new ids, and shows them.
    async fn append(&self, activities: impl IntoIterator<Item = Activity>) {
        let stored = append(&*self.store, activities).await;
        self.hub.committed(stored);
    }

    /// Waits until the index has everything, and removals by SQL have their numbers.
    async fn until_indexed(&self) {
        let feed = self.questions.feed();
        until(async || {
            let bounds = self.store.head().await.expect("a head");
            feed.is_ready() && feed.head() >= bounds.head && !bounds.has_unnumbered_removals
        })
        .await;
    }
}

/// An id that no other activity of this process and no generated one has.
fn fresh_id() -> Uuid {
    static GIVEN: AtomicU64 = AtomicU64::new(0);
    let n = GIVEN.fetch_add(1, Ordering::Relaxed);
    Uuid::from_u128(0x0198_c0de_7a3b_7000_9000_0000_0000_0000 | u128::from(n))
}

/// Appends activities with new ids.
async fn append(store: &dyn Store, activities: impl IntoIterator<Item = Activity>) -> Vec<Activity> {
    let fresh = |activity| Activity { id: fresh_id(), position: 0, ..activity };
    let stamped = activities.into_iter().map(|one| Stamped { activity: fresh(one), fingerprint: None });
    store.append(stamped.collect()).await.expect("an append").stored
}

/// Activities of which nothing but their number matters.
fn some(count: usize) -> impl Iterator<Item = Activity> {
    let new = livetrail_types::NewActivity::new("u-1", "user_login");
    let stamped = new.stamp(jiff::Timestamp::UNIX_EPOCH, Uuid::nil(), &[0; 32]);
    std::iter::repeat_n(stamped.activity, count)
}
