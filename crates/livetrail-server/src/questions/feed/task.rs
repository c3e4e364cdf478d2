//! The task that feeds the index: first what its files lack, in large pieces from the store; then, as a follower of the
//! log, what becomes durable.
//!
//! Appending is work of the processor, so it runs on a thread that may block, while the next piece is read. Nothing of
//! the app is held here but the hub and the store, so the task ends with the app.

use super::{Feed, Stage};
use crate::{
    hub::{Entry, Follower, Hub, Span},
    log_span::{self, spawn_blocking},
};
use livetrail_index::{AppendError, File, Index};
use livetrail_store::{Bounds, Log, RangeRead, Store, StoreError};
use livetrail_types::Activity;
use std::{
    io,
    ops::RangeInclusive,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, Interval, interval_at, sleep},
};
use tokio_util::sync::CancellationToken;

/// How long to wait before a store or a disk that failed is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often the progress of a build is logged.
const PROGRESS: Duration = Duration::from_secs(10);
/// Activities that are read and appended together, where the index is far behind: about 10 MB. The embedded database
/// looks each text up once a piece.
const PIECE: usize = 10_000;

/// The same with the words of messages and details, which may take 100 KiB a row.
const PIECE_WITH_WORDS: usize = 1_000;

/// A feed whose task runs until this is dropped.
pub(in crate::questions) struct Feeding {
    pub(in crate::questions) feed: Arc<Feed>,
    stopping: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Feeding {
    /// Opens the index of a log, which is not fed yet. `memory` and `has_words` are as [`Feed::open`] says.
    ///
    /// # Errors
    /// What the store says, or when the folder of the index cannot be used.
    pub(in crate::questions) async fn open(
        log: &dyn Log,
        data_dir: &Path,
        memory: u64,
        has_words: bool,
    ) -> Result<Self, StoreError> {
        let feed = Feed::open(data_dir, log.head().await?, memory, has_words)
            .map_err(|error| StoreError::Internal(format!("the folder of the index: {error}")))?;
        Ok(Self { feed: Arc::new(feed), stopping: CancellationToken::new(), task: Mutex::default() })
    }

    /// Begins to feed the index, unless that has begun.
    pub(in crate::questions) fn begin(&self, store: &Arc<dyn Store>, hub: &Arc<Hub>) {
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.is_none() {
            let (feed, hub, store) = (Arc::clone(&self.feed), Arc::clone(hub), Arc::clone(store));
            feed.begin(hub.head().position);
            let (stopped, feeding) = (self.stopping.clone(), Task { feed, hub, store, pending: None }.run());
            let feeding = async move { _ = stopped.run_until_cancelled(feeding).await };
            *task = Some(log_span::spawn("index", feeding));
        }
    }

    /// Has the index made again if the log has another edition, and waits until nothing is left of the one before.
    pub(in crate::questions) async fn renew(&self, edition: u64) {
        if self.feed.edition() == edition {
            return;
        }
        let is_fed = self.task.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if is_fed {
            self.feed.ask_for_rebuild();
            self.feed.has_edition(edition).await;
        } else {
            self.feed.clear(self.feed.floor(), edition);
        }
    }

    /// Ends the task, and waits until it has ended: then nothing here uses the store.
    pub(in crate::questions) async fn stop(&self) {
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

struct Task {
    feed: Arc<Feed>,
    hub: Arc<Hub>,
    store: Arc<dyn Store>,
    /// The change that is being made while the next one is read.
    pending: Option<JoinHandle<io::Result<()>>>,
}

impl Task {
    /// Feeds the index. When it has failed, it stays so until it has to be made again.
    async fn run(mut self) {
        let mut ticks = interval_at(Instant::now() + PROGRESS, PROGRESS);
        loop {
            if self.feed_until_rebuild(&mut ticks).await.is_none() {
                self.wait_for_rebuild(&mut ticks).await;
            }
            self.pending_done().await;
            let bounds = self.bounds().await;
            // What is at hand may be of an earlier edition.
            self.hub.forget_past();
            self.feed.clear(bounds.floor, bounds.edition);
        }
    }

    /// Waits until the index has to be made again: an administrator wants it, or data were erased that its files have.
    async fn wait_for_rebuild(&self, ticks: &mut Interval) {
        while !self.feed.is_asked_for_rebuild() {
            tokio::select! {
                () = self.feed.rebuild.notified() => {}
                _ = ticks.tick() => drop(self.look_at_edition().await),
            }
        }
    }

    /// The ends and the edition of the log now.
    async fn bounds(&self) -> Bounds {
        let mut is_told = false;
        loop {
            match self.store.head().await {
                Ok(bounds) => return bounds,
                Err(error) => pause(&error, &mut is_told).await,
            }
        }
    }

    /// Feeds the index until it has to be made again; none when it has failed.
    async fn feed_until_rebuild(&mut self, ticks: &mut Interval) -> Option<()> {
        let position = self.catch_up(ticks).await?;
        if self.feed.is_asked_for_rebuild() {
            return Some(());
        }
        let mut follower = self.hub.follow_unnamed(position);
        while let Some(span) = self.next(&mut follower, ticks).await? {
            let head = follower.cursor().position;
            self.change(move |index| append(index, &span, head)).await;
        }
        Some(())
    }

    /// Reads what the index lacks, as long as that is much. Gives the position up to which it is read; none when the
    /// index has failed.
    async fn catch_up(&mut self, ticks: &mut Interval) -> Option<u64> {
        let mut after = self.feed.head();
        while self.hub.head().position.saturating_sub(after) > PIECE as u64 {
            let Some(activities) = self.read(after, self.piece(), ticks).await? else { break };
            after = activities.last().map_or(after, |last| last.position);
            self.change(move |index| index.append(&activities)).await;
            if self.feed.is_asked_for_rebuild() {
                break;
            }
        }
        Some(after)
    }

    /// Activities that are read together.
    fn piece(&self) -> usize {
        if self.feed.has_words { PIECE_WITH_WORDS } else { PIECE }
    }

    /// Up to `limit` activities after a position, with the fields that the index has.
    async fn range(&self, after: u64, limit: usize) -> Result<RangeRead, StoreError> {
        if self.feed.has_words {
            self.store.range(after, limit).await
        } else {
            self.store.lean_range(after, limit).await
        }
    }

    /// Up to `limit` activities after a position; nothing where the log begins later or has a gap there.
    async fn read(&self, after: u64, limit: usize, ticks: &mut Interval) -> Option<Option<Vec<Activity>>> {
        let mut is_told = false;
        while self.feed.stage() != Stage::Failed {
            tokio::select! {
                read = self.range(after, limit) => match read {
                    Ok(RangeRead::Rows(rows)) if !rows.is_empty() => {
                        return Some(Some(rows.into_iter().map(|(activity, _)| activity).collect()));
                    }
                    Ok(_) => return Some(None),
                    Err(error) => pause(&error, &mut is_told).await,
                },
                _ = ticks.tick() => self.say(),
            }
        }
        None
    }

    /// The next span of the log; nothing when the index has to be made again, and none when it has failed. Damaged
    /// files are mended meanwhile.
    async fn next(&mut self, follower: &mut Follower, ticks: &mut Interval) -> Option<Option<Span>> {
        let mut is_told = false;
        while self.feed.stage() != Stage::Failed {
            tokio::select! {
                span = follower.next() => match span {
                    Ok(span) => return Some(Some(span)),
                    Err(error) => pause(&error, &mut is_told).await,
                },
                () = self.feed.rebuild.notified() => if self.feed.is_asked_for_rebuild() {
                    return Some(None);
                },
                () = self.feed.damage.notified() => self.mend(ticks).await?,
                _ = ticks.tick() => self.look_at_floor().await,
            }
        }
        None
    }

    /// Makes files again that could not be read.
    async fn mend(&mut self, ticks: &mut Interval) -> Option<()> {
        while let Some(file) = self.feed.next_damaged() {
            let activities = match file {
                File::Block(_) => self.activities_at(Index::positions_of(file), ticks).await?,
                _ => Vec::new(),
            };
            let (feed, durable) = (Arc::clone(&self.feed), self.hub.head().position);
            self.pending_done().await;
            self.pending = Some(spawn_blocking(move || feed.mend(file, &activities, durable)));
        }
        Some(())
    }

    /// The activities that the log has at some positions; none when the index has failed.
    async fn activities_at(
        &self,
        positions: RangeInclusive<u64>,
        ticks: &mut Interval,
    ) -> Option<Vec<Activity>> {
        let (mut after, mut found, mut is_told) = (positions.start() - 1, Vec::new(), false);
        while after < *positions.end() && self.feed.stage() != Stage::Failed {
            tokio::select! {
                read = self.range(after, self.piece()) => match read {
                    Ok(RangeRead::Rows(rows)) => {
                        let activities = rows.into_iter().map(|(activity, _)| activity);
                        found.extend(activities.filter(|activity| positions.contains(&activity.position)));
                        // Where rows were removed, there are fewer.
                        after += self.piece() as u64;
                    }
                    Ok(RangeRead::Trimmed { floor }) => after = floor,
                    Err(error) => pause(&error, &mut is_told).await,
                },
                _ = ticks.tick() => self.say(),
            }
        }
        (self.feed.stage() != Stage::Failed).then_some(found)
    }

    /// Changes the index on another thread, once the former change is made.
    async fn change(&mut self, change: impl FnOnce(&mut Index) -> Result<(), AppendError> + Send + 'static) {
        self.pending_done().await;
        let (feed, durable) = (Arc::clone(&self.feed), self.hub.head().position);
        self.pending = Some(spawn_blocking(move || feed.change(durable, change)));
    }

    /// Waits for the former change. While the disk takes no files the index stands still, so that its memory has a
    /// bound.
    async fn pending_done(&mut self) {
        while let Some(pending) = self.pending.take() {
            if let Ok(Err(error)) = pending.await {
                self.feed.wait_for_disk(&error);
                sleep(PAUSE).await;
                let feed = Arc::clone(&self.feed);
                self.pending = Some(spawn_blocking(move || feed.save()));
            }
        }
    }

    /// Retention moves the floor of the log now and then.
    async fn look_at_floor(&mut self) {
        self.say();
        let Some(bounds) = self.look_at_edition().await else { return };
        if bounds.floor > self.feed.floor() {
            self.pending_done().await;
            let feed = Arc::clone(&self.feed);
            self.pending = Some(spawn_blocking(move || feed.forget(bounds.floor)));
        }
    }

    /// The log has another edition when data were erased. A store that does not answer is asked again at the next tick.
    async fn look_at_edition(&self) -> Option<Bounds> {
        let bounds = self.store.head().await.ok()?;
        if bounds.edition != self.feed.edition() {
            self.feed.ask_for_rebuild();
        }
        Some(bounds)
    }

    fn say(&self) {
        if let super::IndexState::Building { indexed, of } = self.feed.state(self.hub.head().position) {
            tracing::info!(indexed, of, "the index is being built; the database answers meanwhile");
        }
    }
}

/// Appends the entries of a span that reaches to the position `head`.
fn append(index: &mut Index, span: &Span, head: u64) -> Result<(), AppendError> {
    for entry in span.entries() {
        match entry {
            Entry::Activity(known) => index.append([&known.0])?,
            Entry::Gap(last) | Entry::Removed(last) => index.advance(*last)?,
        }
    }
    index.advance(head)
}

async fn pause(error: &impl std::fmt::Display, is_told: &mut bool) {
    if !std::mem::replace(is_told, true) {
        tracing::warn!(%error, "the index cannot read the log now");
    }
    sleep(PAUSE).await;
}
