//! Work on chunks ahead of the reader of its results, on two threads at most. The results keep the order of the chunks.

use super::{Import, chunk::Chunk, source::Chunks};
use anyhow::Result;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::{
    sync::mpsc,
    task::{JoinHandle, spawn_blocking},
};

/// Results of chunks, in their order.
pub(super) struct Stage<T> {
    /// One waits in the channel and one to be sent, so two are made at once.
    next: mpsc::Receiver<JoinHandle<Result<T>>>,
    /// The source has failed if this did not end by itself.
    reading: JoinHandle<()>,
    /// How much of the source is read.
    read: Arc<AtomicU64>,
    size: Option<u64>,
}

impl<T: Send + 'static> Stage<T> {
    /// Begins to work.
    pub(super) fn begin(
        Chunks { mut next, reading, read, size }: Chunks,
        work: impl Fn(Chunk) -> Result<T> + Send + Sync + 'static,
    ) -> Self {
        let (send, results) = mpsc::channel(1);
        let work = Arc::new(work);
        tokio::spawn(async move {
            while let Some(chunk) = next.recv().await {
                let work = Arc::clone(&work);
                let result = spawn_blocking(move || chunk.and_then(|chunk| work(chunk)));
                if send.send(result).await.is_err() {
                    return;
                }
            }
            // A reader that sees the end of the results may close the store, which the work may hold.
            drop(work);
        });
        Self { next: results, reading, read, size }
    }

    /// The next result; `None` at the end of the source. Shows how far it is read.
    ///
    /// # Errors
    /// That the source, or the work, has failed.
    pub(super) async fn next(&mut self, import: &mut Import) -> Result<Option<T>> {
        import.show(self.read.load(Ordering::Relaxed), self.size);
        match self.next.recv().await {
            Some(result) => result.await?.map(Some),
            None => Ok((&mut self.reading).await.map(|()| None)?),
        }
    }
}
