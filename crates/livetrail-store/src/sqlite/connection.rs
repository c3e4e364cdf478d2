//! Connections: the one that writes, the one that looks up, and those that read.

use super::append::{Appender, append};
use crate::{Appended, Result, StoreError};
use ipnet::IpNet;
use livetrail_types::{Stamped, contains_ignoring_case, words_match};
use rusqlite::{Connection, OpenFlags, functions::FunctionFlags};
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};
use tokio::sync::Semaphore;

/// Threads at once that want to write something small.
const MOST_WRITERS: usize = 4;
/// Readers at once; more of them would only wait for the disk together.
const MOST_READERS: usize = 4;
/// How long a reader waits where somebody has locked the file.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn for_writing(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Without mapped memory: that is mapped anew after each commit, which is too much for a single row.
fn read_only(file: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

fn for_reading(file: &Path) -> Result<Connection> {
    let connection = read_only(file)?;
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

/// What writes, and what it carries from batch to batch. None once it is closed.
type Writing = Mutex<Option<(Connection, Appender)>>;

/// The connection that writes. Whoever wants to write has their turn in the order in which they came.
pub(super) struct Writer {
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Threads that may wait for their turn.
    waiting: Arc<Semaphore>,
    writing: Arc<Writing>,
    broken: Broken,
}

impl Writer {
    pub(super) fn over(connection: Connection) -> Result<Self> {
        let appender = Appender::resume(&connection)?;
        let writing = Arc::new(Mutex::new(Some((connection, appender))));
        let waiting = Arc::new(Semaphore::new(MOST_WRITERS));
        Ok(Self { turn: Arc::default(), waiting, writing, broken: Broken::default() })
    }

    /// # Errors
    /// [`StoreError::Unsynced`] or [`StoreError::Unavailable`] when nothing can be written any more.
    pub(super) fn check(&self) -> Result<()> {
        if self.writing.is_poisoned() {
            return Err(stopped());
        }
        self.broken.check()
    }

    /// Appends on this thread, which waits for the disk: to hand it over and to be woken would take as long as the rest.
    pub(super) async fn append(&self, batch: Vec<Stamped>) -> Result<Appended> {
        let _turn = self.turn.lock().await;
        write(&self.writing, &self.broken, |connection, appender| append(connection, appender, batch))
    }

    /// Writes something else, on a thread that may wait. Once it has one, whoever asked may go; the work is done all the same.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let waiting = Arc::clone(&self.waiting).acquire_owned().await.map_err(|_| stopped())?;
        let (turn, writing, broken) =
            (Arc::clone(&self.turn), Arc::clone(&self.writing), self.broken.clone());
        let working = tokio::task::spawn_blocking(move || {
            let _waiting = waiting;
            // Only now: whoever appends does not wait until there is a thread for this.
            let _turn = turn.blocking_lock();
            write(&writing, &broken, |connection, _| work(connection))
        });
        working.await.map_err(|error| StoreError::Unavailable(error.to_string()))?
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the writer has stopped".into())
}

fn write<T>(
    writing: &Writing,
    broken: &Broken,
    work: impl FnOnce(&mut Connection, &mut Appender) -> Result<T>,
) -> Result<T> {
    broken.check()?;
    // Whoever has panicked here may have left positions that were given and not stored.
    let mut writing = writing.lock().map_err(|_| stopped())?;
    let (connection, appender) = writing.as_mut().ok_or_else(stopped)?;
    let result = work(connection, appender);
    broken.note(&result);
    result
}

impl Drop for Writer {
    /// Waits until what is being written is, and the file is closed, so that whoever opens it next has it alone.
    fn drop(&mut self) {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// A few connections that read, made when they are first needed.
pub(super) struct Readers {
    file: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
    /// Made when it is first needed.
    looking_up: Mutex<Option<Connection>>,
}

impl Readers {
    pub(super) fn new(file: PathBuf) -> Self {
        Self {
            file,
            idle: Arc::default(),
            free: Arc::new(Semaphore::new(MOST_READERS)),
            looking_up: Mutex::default(),
        }
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

    /// Looks up a few rows by their keys, on this thread: that takes less time than to hand it over.
    pub(super) fn look_up<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut looking_up = self.looking_up.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *looking_up {
            Some(connection) => connection,
            none => none.insert(read_only(&self.file)?),
        };
        work(connection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer_in(folder: &Path) -> Writer {
        let file = folder.join("log.db");
        let mut connection = for_writing(&file).expect("a connection");
        super::super::migrate::run(&mut connection, &file).expect("a schema");
        Writer::over(connection).expect("a writer")
    }

    #[tokio::test]
    async fn after_a_panic_nothing_more_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let writer = writer_in(folder.path());
        let failed: Result<()> = writer.run(|_| panic!("a bug")).await;
        assert!(matches!(failed, Err(StoreError::Unavailable(_))));
        let refused: Result<()> = writer.run(|_| unreachable!("it is not tried")).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        assert!(matches!(writer.append(Vec::new()).await, Err(StoreError::Unavailable(_))));
        assert!(writer.check().is_err(), "whoever asks whether the store is ready is told so");
    }

    #[tokio::test]
    async fn after_a_failed_sync_nothing_more_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let writer = writer_in(folder.path());
        writer.run(|_| Ok(())).await.expect("a disk that works");

        let failed: Result<()> = writer.run(|_| Err(StoreError::Unsynced("no disk".into()))).await;
        assert!(failed.is_err());
        let refused: Result<()> = writer.run(|_| unreachable!("it is not tried")).await;
        assert!(matches!(refused, Err(StoreError::Unsynced(_))));
        assert!(matches!(writer.append(Vec::new()).await, Err(StoreError::Unsynced(_))));
        assert!(writer.check().is_err());
    }
}
