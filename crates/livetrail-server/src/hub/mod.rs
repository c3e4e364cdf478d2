//! Live push: durable activities, encoded once, read by any number of clients at their own pace.
//!
//! The newest activities are in a [`Ring`] of [`Segment`]s. A segment is encoded once for each transport that has a
//! client. A client is a cursor: it reads the ring after its position, and the store where the ring begins later. So
//! history and live are one sequence of positions, without a gap and without a duplicate. No client has a queue, and no
//! client slows another.
//!
//! What consumes the log inside this process uses a [`Follower`], which needs no encoding.

mod announcement;
mod checks;
mod chunk;
mod counts;
mod encoded;
mod follower;
mod frame;
mod publisher;
mod reactor;
mod replay;
mod ring;
mod segment;
mod selection;
mod subscription;
#[cfg(test)]
mod tests;
mod transport;
mod watchers;
mod websocket;

pub use announcement::Announcement;
pub use chunk::chunk;
pub use follower::{Follower, Span};
pub use frame::{come_back, cursor_frame, first_frame, message, reset_frame};
pub use reactor::{NewStream, Reactors, Reply, StreamOwner};
pub use segment::{Entry, Known};
pub use selection::Selection;
pub use subscription::Subscription;
pub use transport::{CloseReason, Transport};
pub use websocket::{Incoming, WebSocketDecoder, add_message};

use crate::directory::Directory;
use checks::Checks;
use counts::Counts;
use livetrail_store::{Bounds, RangeRead, Row, Store, StoreError};
use livetrail_types::{Activity, Catalogue, Cursor, CursorCheck};
use prometheus_client::registry::Registry;
use publisher::Publisher;
use reactor::Inbox;
use replay::{Block, Replays, block_after};
use ring::Ring;
use segment::{Absent, Encoder, Segment};
use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{broadcast, watch};
use watchers::{Watcher, Watchers};

/// Activities that are read in one go.
const CHUNK: usize = 256;
/// A reactor whose pass takes longer than this has little time left.
const OVERLOADED_PASS: Duration = Duration::from_millis(6);

/// Where durable activities become visible to clients.
pub struct Hub {
    encoder: Encoder,
    store: Arc<dyn Store>,
    directory: Arc<Directory>,
    ring: RwLock<Ring>,
    replays: Replays,
    /// The last position that is durable. New streams begin after it.
    durable: AtomicU64,
    checks: Checks,
    /// The last position that is shown: its entry is in the ring, or the ring has moved past it. Changing it wakes the
    /// clients.
    head: watch::Sender<u64>,
    watchers: Watchers,
    reactors: RwLock<Vec<Arc<Inbox>>>,
    /// For clients that tasks write to.
    announcements: broadcast::Sender<Arc<Announcement>>,
    counts: Counts,
    publisher: Publisher,
    /// How many microseconds the last pass of a reactor took.
    last_pass: AtomicU64,
}

impl Hub {
    /// A hub that goes on from the store's head, and shows what becomes durable on this or another node until it is
    /// dropped. Its metrics are in `registry`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn start(
        store: Arc<dyn Store>,
        directory: Arc<Directory>,
        catalogue: Arc<Catalogue>,
        registry: &mut Registry,
    ) -> Result<Arc<Self>, StoreError> {
        let counts = Counts::register(registry);
        // First, so that nothing is missed between the two.
        let remote_changes = store.remote_changes();
        let Bounds { epoch, head: position, .. } = store.head().await?;
        let (head, _) = watch::channel(position);
        let (publisher, queue) = Publisher::new();
        let hub = Arc::new(Self {
            encoder: Encoder { epoch, catalogue },
            store,
            directory,
            ring: RwLock::new(Ring::after(position)),
            replays: Replays::new(),
            durable: AtomicU64::new(position),
            checks: Checks::new(),
            head,
            watchers: Watchers::default(),
            reactors: RwLock::default(),
            announcements: broadcast::Sender::new(announcement::UNREAD),
            counts,
            publisher,
            last_pass: AtomicU64::new(0),
        });
        hub.reached(position);
        hub.counts.shown(position);
        hub.cursor_at(position).await;
        hub.publisher
            .start(Arc::downgrade(&hub), queue, remote_changes)
            .map_err(|error| StoreError::Internal(error.to_string()))?;
        Ok(hub)
    }

    /// Announces activities that have just become durable. It is called before their senders are answered: a client
    /// that connects after its acknowledgement begins after them. They are shown soon after; this does not wait.
    pub fn committed(&self, activities: Vec<Activity>) {
        let Some(newest) = activities.last() else { return };
        self.checks.note(newest);
        self.reached(newest.position);
        // Where there is no room, they are read from the store when their turn comes.
        self.publisher.offer(activities);
    }

    /// Stops showing activities. When this returns, the publisher does not use the store any more.
    pub async fn stop(&self) {
        self.publisher.stop().await;
    }

    /// Whether the reactors take so long that there should rather be fewer and larger commits.
    pub fn is_overloaded(&self) -> bool {
        Duration::from_micros(self.last_pass.load(Ordering::Relaxed)) > OVERLOADED_PASS
    }

    fn pass_took(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.last_pass.store(micros, Ordering::Relaxed);
    }

    /// Notes that everything up to `position` is durable.
    fn reached(&self, position: u64) {
        self.durable.fetch_max(position, Ordering::AcqRel);
        self.counts.reached(position);
    }

    /// How many clients and followers there are.
    pub fn watchers(&self) -> usize {
        self.watchers.total()
    }

    /// Has a reactor woken whenever there is more to show.
    fn wake_on_change(&self, inbox: &Arc<Inbox>) {
        self.reactors.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(inbox));
    }

    /// The last position that is durable.
    pub fn head(&self) -> Cursor {
        self.cursor(self.durable.load(Ordering::Acquire))
    }

    fn cursor(&self, position: u64) -> Cursor {
        self.checks.cursor(self.encoder.epoch, position)
    }

    /// The cursor of a position of which a client has seen everything, with its check: from the store, unless it is
    /// that of the newest activity.
    pub async fn cursor_at(&self, position: u64) -> Cursor {
        let known = self.cursor(position);
        if known.check.is_some() || position == 0 {
            return known;
        }
        // Without an answer, the cursor is worth as much as one of an earlier version.
        Cursor { check: self.checks.get(position, self.read_check(position)).await, ..known }
    }

    async fn read_check(&self, position: u64) -> Option<CursorCheck> {
        let rows = self.store.rows(&[position]).await.ok()?;
        let (activity, _) = rows.into_iter().next()??;
        self.checks.note(&activity);
        Some(CursorCheck::of(&activity))
    }

    /// Whether the log has another activity at the position of a cursor than the cursor has seen.
    pub async fn differs_at(&self, cursor: Cursor) -> bool {
        cursor.check.is_some()
            && self.cursor_at(cursor.position).await.check.is_some_and(|check| Some(check) != cursor.check)
    }

    /// Has clients of the past read it from the store, because some of what is at hand was removed from the log or
    /// erased. Names of users are read again, too.
    pub fn forget_past(&self) {
        self.directory.forget();
        self.ring.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.replays.clear();
        self.checks.clear();
    }

    /// The last position that is shown.
    fn shown(&self) -> u64 {
        *self.head.borrow()
    }

    /// What the ring has of what follows `position`, with the names of users.
    fn ring_after(&self, position: u64) -> Option<Arc<Segment>> {
        self.ring_for(Watcher::Named, position)
    }

    fn ring_for(&self, watcher: Watcher, position: u64) -> Option<Arc<Segment>> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.segment_after(position, watcher.needs_names())
    }

    /// Everything that the ring has after `position`; nothing if it begins later, or if names of users are missing.
    fn all_after(&self, position: u64) -> Vec<Arc<Segment>> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let segments: Vec<_> = ring.segments_after(position).collect();
        if segments.iter().all(|segment| segment.has_names()) { segments } else { Vec::new() }
    }

    /// A part of the log, of which these are the activities.
    fn segment(&self, block: Block, activities: Vec<Known>, absent: Absent) -> Segment {
        if let Some((newest, _)) = activities.last() {
            self.checks.note(newest);
        }
        Segment::new(block, activities, absent, self.encoder.clone())
    }

    /// What follows `position`: from the ring, or from the store where the ring begins later.
    async fn segment_after(&self, position: u64, watcher: Watcher) -> Result<Arc<Segment>, Arc<StoreError>> {
        if let Some(segment) = self.ring_for(watcher, position) {
            return Ok(segment);
        }
        let durable = self.durable.load(Ordering::Acquire);
        match watcher.transport() {
            Some(transport) => self.replay(block_after(position, durable), transport).await,
            // A follower reads the log once. Its blocks would only displace those that clients share.
            None => Ok(Arc::new(self.read((position, durable.min(position + CHUNK as u64))).await?)),
        }
    }

    /// A block of the store, encoded for `transport`. Several clients that need it at the same time share one read.
    async fn replay(&self, block: Block, transport: Transport) -> Result<Arc<Segment>, Arc<StoreError>> {
        let reading = async {
            self.counts.store_reads.inc();
            let segment = self.read(block).await?;
            segment.encoded(transport);
            Ok(segment)
        };
        self.replays.get(block, reading).await
    }

    /// The rows of a block that are still kept, and the floor if it lies above the beginning of the block.
    async fn rows(&self, (before, last): Block) -> Result<(Vec<Row>, u64), StoreError> {
        let (mut after, mut trimmed) = (before, 0);
        loop {
            let count = usize::try_from(last.saturating_sub(after)).unwrap_or(CHUNK);
            match self.store.range(after, count).await? {
                RangeRead::Rows(rows) => return Ok((rows, trimmed)),
                RangeRead::Trimmed { floor } => (after, trimmed) = (floor, floor),
            }
        }
    }

    /// Reads a block from the store. Where activities were removed after its last one, it reaches to the next that is
    /// there.
    async fn read(&self, (before, last): Block) -> Result<Segment, StoreError> {
        let (rows, floor) = self.rows((before, last)).await?;
        let reached = rows.last().map_or(before, |(newest, _)| newest.position);
        let mut end = reached;
        if reached < last {
            end = match self.store.next(reached).await? {
                Some(next) => next - 1,
                None => self.store.head().await?.head,
            };
            if end <= before {
                return Err(StoreError::Internal(format!("the log ends at {end} and not at {last}")));
            }
        }
        let end = end.max(reached);
        let is_recorded = self.removals_are_recorded((before.max(floor), end), rows.len()).await?;
        let known = rows.into_iter().map(|(activity, profile)| (activity, profile.map(Arc::new)));
        Ok(self.segment((before, end), known.collect(), Absent { floor, is_recorded }))
    }

    /// Whether all positions of a block above the floor that have no activity are known to be removed. The block has
    /// `count` activities.
    async fn removals_are_recorded(&self, (after, end): Block, count: usize) -> Result<bool, StoreError> {
        let missing = end.saturating_sub(after).saturating_sub(count as u64);
        Ok(missing > 0 && self.store.count_removed(after, end).await? >= missing)
    }
}
