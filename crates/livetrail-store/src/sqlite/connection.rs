//! The connection that writes.

use super::{
    append::{Appender, append},
    place::HeadFile,
    terms::Terms,
};
use crate::{Appended, Result, StoreError};
use livetrail_types::Stamped;
use rusqlite::Connection;
use std::{
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tokio::sync::Semaphore;

/// Threads at once that want to write something small.
const MAX_WRITERS: usize = 4;

pub(super) fn for_writing(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    // Only a file without content takes this: retention gives the space of what it removes back.
    connection.pragma_update(None, "auto_vacuum", "incremental")?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
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

/// The connection that writes. Writers have their turns in the order in which they came.
pub(super) struct Writer {
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Threads that may wait for their turn.
    waiting: Arc<Semaphore>,
    writing: Arc<Writing>,
    broken: Broken,
}

impl Writer {
    pub(super) fn over(connection: Connection, head_file: HeadFile) -> Result<Self> {
        let appender = Appender::resume(&connection, head_file)?;
        let writing = Arc::new(Mutex::new(Some((connection, appender))));
        let waiting = Arc::new(Semaphore::new(MAX_WRITERS));
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

    /// Appends on this thread, which waits for the disk: to hand it over and to be woken would take as long as the
    /// rest.
    pub(super) async fn append(&self, batch: Vec<Stamped>) -> Result<Appended> {
        let _turn = self.turn.lock().await;
        write(&self.writing, &self.broken, |connection, appender| append(connection, appender, batch))
    }

    /// Writes something else, on a thread that may wait. Once it has one, the work is done even if the caller is gone.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run_with_terms(move |connection, _| work(connection)).await
    }

    /// The same for work that changes the dictionary.
    pub(super) async fn run_with_terms<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Terms) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let waiting = Arc::clone(&self.waiting).acquire_owned().await.map_err(|_| stopped())?;
        let (turn, writing, broken) =
            (Arc::clone(&self.turn), Arc::clone(&self.writing), self.broken.clone());
        let working = tokio::task::spawn_blocking(move || {
            let _waiting = waiting;
            // Only now, so that an append does not wait until there is a thread for this.
            let _turn = turn.blocking_lock();
            write(&writing, &broken, |connection, appender| work(connection, appender.terms()))
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
    // A panic may have left positions that were given and not stored.
    let mut writing = writing.lock().map_err(|_| stopped())?;
    let (connection, appender) = writing.as_mut().ok_or_else(stopped)?;
    let result = work(connection, appender);
    broken.note(&result);
    result
}

impl Drop for Writer {
    /// Waits until what is being written is, and the file is closed, so that the next store has the file to itself.
    fn drop(&mut self) {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer_in(folder: &Path) -> Writer {
        let file = folder.join("log.db");
        let mut connection = for_writing(&file).expect("a connection");
        super::super::migrate::run(&mut connection, &file).expect("a schema");
        let head_file = HeadFile::over(tempfile::tempfile_in(folder).expect("a file"));
        Writer::over(connection, head_file).expect("a writer")
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
