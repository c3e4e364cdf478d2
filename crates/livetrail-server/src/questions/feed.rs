//! Keeps the index up to date: a follower of the log that appends what it reads to the columns.
//!
//! The index is built from the log at each start. Until it has caught up once, SQL answers. Appending is work of the
//! processor, so it runs on a thread that may block, while the next span is read. Nothing of the app is held here but
//! the hub, so the task ends with the app.

use super::columns::Index;
use crate::hub::{Entry, Follower, Hub, Span};
use livetrail_index::OutOfOrder;
use livetrail_store::{Log, StoreError};
use serde::Serialize;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    task::{JoinHandle, spawn_blocking},
    time::{Instant, Interval, interval_at, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

/// How long a question waits until the index has what was acknowledged before it began.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// How long to wait before a store that failed is read again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often the progress of the first build is logged.
const PROGRESS: Duration = Duration::from_secs(10);

/// The index, and how far it is.
#[derive(Debug)]
pub(super) struct Feed {
    /// Locked for a span at most. A question clones it, on a thread that may block.
    index: Mutex<Index>,
    /// The position before the first one of the index.
    floor: u64,
    progress: watch::Sender<Progress>,
}

#[derive(Clone, Copy, Debug)]
struct Progress {
    stage: Stage,
    head: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Building,
    Ready,
    Failed,
}

/// The state of the index of lists and figures. Until it is ready, the database answers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum IndexState {
    /// It reads the log.
    Building {
        /// Activities that it has read.
        indexed: u64,
        /// Activities of the log.
        of: u64,
    },
    /// It answers.
    Ready,
    /// It met an error, which the server's log has. The database answers until a restart.
    Failed,
}

impl Feed {
    /// An index of the log after `floor`, which is as yet empty.
    fn after(floor: u64, durable: u64) -> Self {
        let stage = if floor >= durable { Stage::Ready } else { Stage::Building };
        let (progress, _) = watch::channel(Progress { stage, head: floor });
        Self { index: Mutex::new(Index::new(floor)), floor, progress }
    }

    fn lock(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index as it is now. It may wait for a span that is being appended: call it on a thread that may block.
    pub(super) fn snapshot(&self) -> Index {
        self.lock().clone()
    }

    /// The last position that the index has.
    pub(super) fn head(&self) -> u64 {
        self.progress.borrow().head
    }

    /// What the index takes in memory, in bytes.
    pub(super) fn memory(&self) -> usize {
        self.lock().memory()
    }

    /// How far it is in a log that ends at `durable`.
    pub(super) fn state(&self, durable: u64) -> IndexState {
        let Progress { stage, head } = *self.progress.borrow();
        match stage {
            Stage::Building => IndexState::Building {
                indexed: head.saturating_sub(self.floor),
                of: durable.max(head).saturating_sub(self.floor),
            },
            Stage::Ready => IndexState::Ready,
            Stage::Failed => IndexState::Failed,
        }
    }

    fn stage(&self) -> Stage {
        self.progress.borrow().stage
    }

    /// Whether questions can be answered from the index, except that it may be a moment behind.
    pub(super) fn is_ready(&self) -> bool {
        self.stage() == Stage::Ready
    }

    /// Waits until the index has everything up to `head`; false if it does not have it soon.
    pub(super) async fn has_reached(&self, head: u64) -> bool {
        let mut progress = self.progress.subscribe();
        let settled = progress.wait_for(|progress| progress.stage != Stage::Ready || progress.head >= head);
        matches!(timeout(MAX_WAIT, settled).await, Ok(Ok(progress)) if progress.stage == Stage::Ready)
    }

    /// Appends a span and tells how far the index is. `durable` is where the log ended when the span was read.
    fn take(&self, span: &Span, durable: u64) {
        // A panic may leave half an activity behind, so the index is not used after one.
        let appended = catch_unwind(AssertUnwindSafe(|| append(&mut self.lock(), span.entries())));
        match appended {
            Ok(Ok(head)) => self.advance(head, durable),
            Ok(Err(error)) => self.fail(&error.to_string()),
            Err(_) => self.fail("it panicked"),
        }
    }

    fn advance(&self, head: u64, durable: u64) {
        let is_complete = self.stage() == Stage::Building && head >= durable;
        if is_complete {
            tracing::info!(activities = head - self.floor, "the index is ready");
        }
        self.progress.send_modify(|progress| {
            progress.head = head;
            if is_complete {
                progress.stage = Stage::Ready;
            }
        });
    }

    fn fail(&self, error: &str) {
        tracing::error!(error, "the index cannot go on: the database answers its questions until a restart");
        self.progress.send_modify(|progress| progress.stage = Stage::Failed);
        *self.lock() = Index::default();
    }
}

/// Appends entries, and gives the new head.
fn append(index: &mut Index, entries: &[Entry]) -> Result<u64, OutOfOrder> {
    for entry in entries {
        match entry {
            Entry::Activity(known) => index.append([&known.0])?,
            Entry::Gap(last) => index.advance(*last),
        }
    }
    Ok(index.head())
}

/// A feed whose task runs until this is dropped.
pub(super) struct Feeding {
    pub(super) feed: Arc<Feed>,
    stopping: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Feeding {
    /// Begins to build the index of a log.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn start(log: &dyn Log, hub: &Arc<Hub>) -> Result<Self, StoreError> {
        let floor = log.head().await?.floor;
        let feed = Arc::new(Feed::after(floor, hub.head().position));
        let stopping = CancellationToken::new();
        let (stopped, feeding) = (stopping.clone(), run(Arc::clone(&feed), Arc::clone(hub)));
        let task = tokio::spawn(async move { _ = stopped.run_until_cancelled(feeding).await });
        Ok(Self { feed, stopping, task: Mutex::new(Some(task)) })
    }

    /// Ends the task, and waits until it has ended: then nothing here uses the store.
    pub(super) async fn stop(&self) {
        self.stopping.cancel();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // The panic hook has reported a task that panicked.
            let _ = task.await;
        }
    }
}

impl Drop for Feeding {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

/// Feeds the index until it fails.
async fn run(feed: Arc<Feed>, hub: Arc<Hub>) {
    let mut follower = hub.follow(feed.floor);
    let mut ticks = interval_at(Instant::now() + PROGRESS, PROGRESS);
    let mut appending = None::<JoinHandle<()>>;
    while let Some(span) = next(&feed, &hub, &mut follower, &mut ticks).await {
        if let Some(appending) = appending.take() {
            let _ = appending.await;
        }
        let (feed, durable) = (Arc::clone(&feed), hub.head().position);
        appending = Some(spawn_blocking(move || feed.take(&span, durable)));
    }
}

/// The next span of the log; none when the index has failed.
async fn next(feed: &Feed, hub: &Hub, follower: &mut Follower, ticks: &mut Interval) -> Option<Span> {
    let mut is_told = false;
    while feed.stage() != Stage::Failed {
        tokio::select! {
            span = follower.next() => match span {
                Ok(span) => return Some(span),
                Err(error) => {
                    if !std::mem::replace(&mut is_told, true) {
                        tracing::warn!(%error, "the index cannot read the log now");
                    }
                    sleep(PAUSE).await;
                }
            },
            _ = ticks.tick() => say(feed.state(hub.head().position)),
        }
    }
    None
}

fn say(state: IndexState) {
    if let IndexState::Building { indexed, of } = state {
        tracing::info!(indexed, of, "the index is being built; the database answers meanwhile");
    }
}
