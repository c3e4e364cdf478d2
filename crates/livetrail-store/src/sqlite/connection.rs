//! Connections: the one that writes, on a thread of its own, and those that read.

use super::append::{Appender, append};
use crate::{Appended, Result, StoreError};
use ipnet::IpNet;
use livetrail_types::{Stamped, contains_ignoring_case, words_match};
use rusqlite::{Connection, OpenFlags, functions::FunctionFlags};
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    thread,
};
use tokio::sync::{Semaphore, mpsc, oneshot};

/// Jobs that wait for the writer. Callers wait, never the writer.
const QUEUED_JOBS: usize = 64;
/// Readers at once; more of them would only wait for the disk together.
const MOST_READERS: usize = 4;

pub(super) fn for_writing(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn for_reading(file: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
    add_functions(&connection)?;
    Ok(connection)
}

/// What a filter means is said once, in the vocabulary; here SQL gets to ask it.
fn add_functions(connection: &Connection) -> Result<()> {
    let pure = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("livetrail_contains", 2, pure, |call| {
        let (text, needle) = (call.get_raw(0).as_str_or_null()?, call.get_raw(1).as_str()?);
        Ok(text.is_some_and(|text| contains_ignoring_case(text, needle)))
    })?;
    connection.create_scalar_function("livetrail_in_network", 2, pure, |call| {
        let address = call.get_raw(0).as_str_or_null()?.and_then(|text| text.parse::<IpAddr>().ok());
        let network = call.get_raw(1).as_str()?.parse::<IpNet>().ok();
        Ok(address.zip(network).is_some_and(|(address, network)| network.contains(&address)))
    })?;
    connection.create_scalar_function("livetrail_words", 3, pure, |call| {
        let text = |index| call.get_raw(index).as_str_or_null().map(Option::unwrap_or_default);
        Ok(words_match(call.get_raw(0).as_str()?, text(1)?, text(2)?))
    })?;
    Ok(())
}

type Job = Box<dyn FnOnce(&mut Connection, &mut Appender) + Send>;

/// Set, with the reason, once a sync has failed: from then on nothing is written.
#[derive(Clone, Default)]
struct Broken(Arc<OnceLock<String>>);

impl Broken {
    fn check(&self) -> Result<()> {
        self.0.get().map_or(Ok(()), |reason| Err(StoreError::Unsynced(reason.clone())))
    }

    fn note<T>(&self, result: &Result<T>) {
        if let Err(StoreError::Unsynced(reason)) = result {
            self.0.get_or_init(|| reason.clone());
        }
    }
}

/// The thread that writes. Jobs run one after another, each answered when it is done.
pub(super) struct Writer {
    /// None once it is being dropped, which ends the thread.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
    broken: Broken,
}

impl Writer {
    pub(super) fn start(mut connection: Connection) -> Result<Self> {
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUED_JOBS);
        let mut appender = Appender::resume(&connection)?;
        let thread = thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || {
                while let Some(job) = queue.blocking_recv() {
                    job(&mut connection, &mut appender);
                }
            })
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), broken: Broken::default() })
    }

    /// # Errors
    /// [`StoreError::Unsynced`] when nothing can be written any more.
    pub(super) fn check(&self) -> Result<()> {
        self.broken.check()
    }

    pub(super) async fn append(&self, batch: Vec<Stamped>) -> Result<Appended> {
        self.submit(move |connection, appender| append(connection, appender, batch)).await
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.submit(move |connection, _| work(connection)).await
    }

    async fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Appender) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let broken = self.broken.clone();
        let job: Job = Box::new(move |connection, appender| {
            let result = broken.check().and_then(|()| work(connection, appender));
            broken.note(&result);
            // Whoever asked may have gone; the work is done all the same.
            let _ = answer.send(result);
        });
        let gone = || StoreError::Unavailable("the writer has stopped".into());
        self.jobs.as_ref().ok_or_else(gone)?.send(job).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

impl Drop for Writer {
    /// Waits until everything that was accepted is done and the file is closed, so that whoever opens it next has
    /// it alone.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so where it did.
            let _ = thread.join();
        }
    }
}

/// A few connections that read, made when they are first needed.
pub(super) struct Readers {
    file: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file, idle: Arc::default(), free: Arc::new(Semaphore::new(MOST_READERS)) }
    }

    /// Runs `work` in one read transaction, so that everything it reads is of one moment.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let stopped = |_| StoreError::Unavailable("the readers have stopped".into());
        let permit =
            Arc::clone(&self.free).acquire_owned().await.map_err(|error| stopped(error.to_string()))?;
        let (idle, file) = (Arc::clone(&self.idle), self.file.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let lent = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = lent.map_or_else(|| for_reading(&file), Ok)?;
            let transaction = connection.transaction()?;
            let result = work(&transaction);
            drop(transaction);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(permit);
            result
        });
        reading.await.map_err(|error| stopped(error.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn after_a_failed_sync_nothing_more_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("log.db");
        let mut connection = for_writing(&file).expect("a connection");
        super::super::migrate::run(&mut connection, &file).expect("a schema");
        let writer = Writer::start(connection).expect("a writer");
        writer.run(|_| Ok(())).await.expect("a disk that works");

        let failed: Result<()> = writer.run(|_| Err(StoreError::Unsynced("no disk".into()))).await;
        assert!(failed.is_err());
        let refused: Result<()> = writer.run(|_| unreachable!("it is not tried")).await;
        assert!(matches!(refused, Err(StoreError::Unsynced(_))));
        assert!(matches!(writer.append(Vec::new()).await, Err(StoreError::Unsynced(_))));
        assert!(writer.check().is_err());
    }
}
