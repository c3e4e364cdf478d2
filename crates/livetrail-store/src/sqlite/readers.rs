//! Connections that read. Questions that may scan the log have connections and threads of their own, so that no number
//! of them delays a read by key. Their threads have a lower priority: on a busy machine, short reads go first.
//!
//! A read ends when its future is dropped. SQLite checks every few instructions whether the caller still waits. Each
//! read has a flag of its own, so the end of one read never interrupts the next one on the same connection.

use super::functions;
use crate::{PoolUse, Result, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::{OwnedSemaphorePermit, Semaphore},
};

/// Questions at once; more of them would only wait for the disk together.
pub(super) const MAX_SCANS: usize = 4;
/// Reads by key at once.
const MAX_KEYED: usize = 4;
/// How much lower the priority of scans is, as `nice` counts. They get about a fifth of a processor that another
/// thread of the server wants, too.
const NICENESS: i32 = 6;
/// How long a reader waits where another process has locked the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Instructions of SQLite's virtual machine between two looks at whether the answer is still wanted: some microseconds.
const INSTRUCTIONS: i32 = 200;

/// The connections that read. Each is made when it is first needed.
pub(super) struct Readers {
    scans: Lane,
    scanning: Scanning,
    keyed: Lane,
    looking_up: Mutex<Option<Connection>>,
}

impl Readers {
    /// Readers of a file. Each thread and each connection is made when it is first needed.
    pub(super) fn new(file: PathBuf) -> Result<Self> {
        let file = Arc::new(file);
        Ok(Self {
            scans: Lane::new(&file, MAX_SCANS, -8_192),
            scanning: Scanning::new()?,
            keyed: Lane::new(&file, MAX_KEYED, -2_048),
            looking_up: Mutex::default(),
        })
    }

    /// How the connections are used.
    pub(super) fn in_use(&self) -> [PoolUse; 2] {
        [self.keyed.in_use(PoolUse::LOOK_UPS), self.scans.in_use(PoolUse::QUESTIONS)]
    }

    /// Answers a question that may scan the log.
    pub(super) async fn scan<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.scans.run(&self.scanning.threads, work).await
    }

    /// Reads rows by their keys.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.keyed.run(&Handle::current(), work).await
    }

    /// Looks up a few rows by their keys, on this thread: that takes less time than to hand it over.
    pub(super) fn look_up<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut looking_up = self.looking_up.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *looking_up {
            Some(connection) => connection,
            none => none.insert(read_only(&self.keyed.file)?),
        };
        work(connection)
    }
}

/// The threads of scans.
struct Scanning {
    threads: Handle,
    runtime: Option<Runtime>,
}

impl Scanning {
    fn new() -> Result<Self> {
        let mut threads = Builder::new_current_thread();
        threads.max_blocking_threads(MAX_SCANS).thread_name("scan").on_thread_start(yield_to_others);
        let runtime = threads.build().map_err(|error| StoreError::Internal(error.to_string()))?;
        Ok(Self { threads: runtime.handle().clone(), runtime: Some(runtime) })
    }
}

impl Drop for Scanning {
    fn drop(&mut self) {
        // A runtime that is dropped waits for its threads, which an asynchronous task may not do.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// On Linux, the priority is that of the thread; elsewhere it would be that of the whole process.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICENESS);
}

/// A few connections for reads of one kind.
#[derive(Clone)]
struct Lane {
    file: Arc<PathBuf>,
    /// SQLite's setting of this name.
    cache_size: i32,
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
    limit: usize,
    /// Reads that have begun to ask for a connection and have none.
    waiting: Arc<AtomicUsize>,
}

impl Lane {
    fn new(file: &Arc<PathBuf>, connections: usize, cache_size: i32) -> Self {
        let free = Arc::new(Semaphore::new(connections));
        Self {
            file: Arc::clone(file),
            cache_size,
            idle: Arc::default(),
            free,
            limit: connections,
            waiting: Arc::default(),
        }
    }

    fn in_use(&self, pool: &'static str) -> PoolUse {
        PoolUse {
            pool,
            in_use: self.limit - self.free.available_permits(),
            idle: self.idle.lock().unwrap_or_else(PoisonError::into_inner).len(),
            waiting: self.waiting.load(Ordering::Relaxed),
            limit: self.limit,
        }
    }

    /// A permit for one of the connections. A read that is given up waits no longer.
    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        let _waits = Counted::new(&self.waiting);
        let permit = Arc::clone(&self.free).acquire_owned().await;
        permit.map_err(|_| stopped())
    }

    /// Runs `work` in one read transaction, so that everything it reads is of one moment.
    async fn run<T: Send + 'static>(
        &self,
        threads: &Handle,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.permit().await?;
        let (lane, waiting) = (self.clone(), Waiting::default());
        let is_unwanted = Arc::clone(&waiting.is_unwanted);
        let reading = threads.spawn_blocking(move || {
            let result = lane.read(is_unwanted, work);
            drop(permit);
            result
        });
        let result = reading.await.map_err(|_| stopped())?;
        drop(waiting);
        result
    }

    /// A connection that fails is dropped; the next read makes another one.
    fn read<T>(
        &self,
        is_unwanted: Arc<AtomicBool>,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let lent = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = lent.map_or_else(|| for_reading(&self.file, self.cache_size), Ok)?;
        connection.execute_batch("BEGIN")?;
        connection.progress_handler(INSTRUCTIONS, Some(move || is_unwanted.load(Ordering::Relaxed)))?;
        let result = work(&connection);
        connection.progress_handler(0, None::<fn() -> bool>)?;
        connection.execute_batch("ROLLBACK")?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        result
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the readers have stopped".into())
}

/// One in a number, until it is dropped.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(number: &'a AtomicUsize) -> Self {
        number.fetch_add(1, Ordering::Relaxed);
        Self(number)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lives for as long as an answer is waited for.
#[derive(Default)]
struct Waiting {
    is_unwanted: Arc<AtomicBool>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.is_unwanted.store(true, Ordering::Relaxed);
    }
}

/// Without mapped memory. Each connection would map the whole file, and its pages would count as memory of this
/// process: 1.5 GB were seen. Reads take as long with and without it, because the system keeps the file's pages in
/// memory either way.
pub(super) fn read_only(file: &Path) -> Result<Connection> {
    // A connection is used by one thread at a time, so SQLite need not lock it for each value of a row.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

fn for_reading(file: &Path, cache_size: i32) -> Result<Connection> {
    let connection = read_only(file)?;
    connection.pragma_update(None, "cache_size", cache_size)?;
    functions::add(&connection)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::{connection, migrate};

    /// A statement that would run for days.
    const ENDLESS: &str =
        "WITH RECURSIVE rows (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM rows) SELECT count(*) FROM rows";
    /// Long enough for any machine, and far too short for [`ENDLESS`].
    const SOON: Duration = Duration::from_secs(30);

    fn readers_in(folder: &Path) -> Readers {
        let file = folder.join("log.db");
        let mut connection = connection::for_writing(&file).expect("a connection");
        migrate::run(&mut connection, &file).expect("a schema");
        Readers::new(file).expect("readers")
    }

    fn number(connection: &Connection, sql: &str) -> Result<i64> {
        Ok(connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// Begins an endless question and gives it up once it runs.
    async fn give_up(readers: &Readers) {
        let (begins, mut begun) = tokio::sync::oneshot::channel();
        let endless = readers.scan(move |connection| {
            let _ = begins.send(());
            number(connection, ENDLESS)
        });
        tokio::select! {
            result = endless => panic!("an endless question was answered: {result:?}"),
            _ = &mut begun => {}
        }
    }

    #[tokio::test]
    async fn a_question_that_was_given_up_ends_and_does_not_hit_the_next_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = readers_in(folder.path());
        for _ in 0..MAX_SCANS * 5 {
            give_up(&readers).await;
            let next = readers.scan(|connection| number(connection, "SELECT count(*) FROM terms"));
            let answer = tokio::time::timeout(SOON, next).await.expect("a connection is free");
            assert_eq!(answer.expect("the end of one question is not the end of the next"), 0);
        }
        let all = readers.scans.free.acquire_many(u32::try_from(MAX_SCANS).expect("a few"));
        drop(tokio::time::timeout(SOON, all).await.expect("no question is left running"));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_scan_yields_to_other_threads() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = readers_in(folder.path());
        // Field 19 of proc_pid_stat(5), counted after the name, which is the second field and stands in parentheses.
        let niceness = |_: &Connection| {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("a thread");
            let (_, fields) = stat.rsplit_once(')').expect("a name");
            Ok(fields.split_whitespace().nth(16).expect("a niceness").parse::<i32>().expect("a number"))
        };
        let (keyed, scan) = (readers.run(niceness).await, readers.scan(niceness).await);
        assert_eq!(scan.expect("an answer"), keyed.expect("an answer") + NICENESS);
    }

    #[tokio::test]
    async fn a_scan_of_a_large_file_maps_none_of_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = readers_in(folder.path());
        let large = "CREATE TABLE large (text); WITH RECURSIVE rows (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM rows LIMIT 1000)
             INSERT INTO large SELECT zeroblob(10000) FROM rows; PRAGMA wal_checkpoint(TRUNCATE)";
        Connection::open(folder.path().join("log.db")).expect("a file").execute_batch(large).expect("rows");
        let mapped = |connection: &Connection| {
            number(connection, "SELECT sum(length(text)) FROM large")?;
            Ok(std::fs::read_to_string("/proc/self/maps").expect("mappings"))
        };
        let file = folder.path().join("log.db").display().to_string();
        for maps in [readers.scan(mapped).await, readers.run(mapped).await] {
            let maps = maps.expect("an answer");
            assert!(!maps.lines().any(|line| line.ends_with(&file)), "{maps}");
        }
    }

    #[tokio::test]
    async fn connections_are_told_apart_by_what_they_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = readers_in(folder.path());
        let unused = PoolUse { pool: PoolUse::QUESTIONS, in_use: 0, idle: 0, waiting: 0, limit: MAX_SCANS };
        assert_eq!(readers.in_use()[1], unused);
        let endless = (0..MAX_SCANS + 2).map(|_| readers.scan(|connection| number(connection, ENDLESS)));
        let all = futures_util::future::join_all(endless);
        // What `select!` drops does not wait any more when a handler runs.
        let looking = async {
            tokio::task::yield_now().await;
            readers.in_use()[1]
        };
        tokio::select! {
            biased;
            _ = all => panic!("an endless question was answered"),
            in_use = looking => {
                assert_eq!(in_use, PoolUse { in_use: MAX_SCANS, waiting: 2, ..unused });
            }
        }
        let next = readers.scan(|connection| number(connection, "SELECT count(*) FROM terms"));
        tokio::time::timeout(SOON, next).await.expect("a connection is free").expect("an answer");
        assert_eq!(readers.in_use()[1].waiting, 0);
        readers.run(|connection| number(connection, "SELECT 1")).await.expect("an answer");
        let look_ups = PoolUse { pool: PoolUse::LOOK_UPS, idle: 1, limit: MAX_KEYED, ..unused };
        assert_eq!(readers.in_use()[0], look_ups);
    }

    #[tokio::test]
    async fn reads_by_key_have_connections_of_their_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = readers_in(folder.path());
        let endless: Vec<_> =
            (0..MAX_SCANS * 3).map(|_| readers.scan(|connection| number(connection, ENDLESS))).collect();
        let all = futures_util::future::join_all(endless);
        let read = async {
            for _ in 0..MAX_KEYED * 3 {
                readers.run(|connection| number(connection, "SELECT 1")).await.expect("an answer");
            }
        };
        tokio::select! {
            _ = all => panic!("an endless question was answered"),
            read = tokio::time::timeout(SOON, read) => read.expect("reads by key do not wait"),
        }
    }
}
