//! Live push: durable activities, encoded once, read by any number of clients at their own pace.
//!
//! The newest activities stand in a [`Ring`] of [`Segment`]s, encoded once. A client is a cursor: it reads the ring from where it
//! is, and the store when the ring has moved on without it, so that history and live are one sequence of positions
//! without a gap and without a duplicate. No client has a queue, and no client slows another.

mod chunk;
mod counts;
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
mod websocket;
mod wire;

pub use chunk::chunk;
pub use frame::{come_back, cursor_frame, first_frame, message, reset_frame};
pub use reactor::{Newcomer, Reactors, Reply, Visitor};
pub use selection::Selection;
pub use subscription::Subscription;
pub use websocket::{Heard, Talk, add_message};
pub use wire::{Ending, Wire};

use crate::directory::Directory;
use counts::Counts;
use livetrail_store::{Row, Store, StoreError};
use livetrail_types::{Activity, Catalogue, Cursor, Epoch};
use prometheus_client::registry::Registry;
use publisher::Publisher;
use reactor::Inbox;
use replay::{Block, Replays, block_after};
use ring::Ring;
use segment::{Known, Segment};
use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// Activities that are read in one go.
const CHUNK: usize = 256;
/// Further behind than this, clients read the store on their own: nobody else has to wait for them to be encoded.
const MOST_TO_CATCH_UP: u64 = 16_384;
/// A reactor whose pass takes longer than this has little time left.
const PRESSED: Duration = Duration::from_millis(6);

/// Where durable activities become visible to clients.
pub struct Hub {
    epoch: Epoch,
    store: Arc<dyn Store>,
    directory: Arc<Directory>,
    catalogue: Arc<Catalogue>,
    ring: RwLock<Ring>,
    replays: Replays,
    /// The last position that is durable: where those begin who come now.
    durable: AtomicU64,
    /// The last position whose frame is in the ring. Changing it wakes the clients.
    head: watch::Sender<u64>,
    /// Clients of reactors, which have no receiver of the head.
    clients: AtomicUsize,
    reactors: RwLock<Vec<Arc<Inbox>>>,
    counts: Counts,
    publisher: Publisher,
    /// How many microseconds it took a reactor to give what there was to its clients.
    last_pass: AtomicU64,
}

impl Hub {
    /// A hub that goes on from the store's head, and shows what becomes durable here and elsewhere until it is dropped. What it
    /// counts can be read in `registry`.
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
        let elsewhere = store.elsewhere();
        let Cursor { epoch, position } = store.head().await?;
        let (head, _) = watch::channel(position);
        let ring = RwLock::new(Ring::after(position));
        let durable = AtomicU64::new(position);
        let (publisher, queue) = Publisher::new();
        let hub = Arc::new(Self {
            epoch,
            store,
            directory,
            catalogue,
            ring,
            replays: Replays::new(),
            durable,
            head,
            clients: AtomicUsize::new(0),
            reactors: RwLock::default(),
            counts,
            publisher,
            last_pass: AtomicU64::new(0),
        });
        hub.publisher
            .start(Arc::downgrade(&hub), queue, elsewhere)
            .map_err(|error| StoreError::Internal(error.to_string()))?;
        Ok(hub)
    }

    /// Hears of activities that have just become durable, before whoever sent them does: a client that comes after their
    /// acknowledgement begins after them. They are shown soon after; nobody waits for that.
    pub fn committed(&self, activities: Vec<Activity>) {
        let Some(newest) = activities.last() else { return };
        self.reached(newest.position);
        // Where there is no room, they are read from the store when their turn comes.
        self.publisher.show(activities);
    }

    /// Shows nothing any more. When this returns, whoever has published does not need the store any more.
    pub async fn stop(&self) {
        self.publisher.stop().await;
    }

    /// Whether pushing takes so long that there should rather be fewer and larger commits.
    pub fn is_pressed(&self) -> bool {
        Duration::from_micros(self.last_pass.load(Ordering::Relaxed)) > PRESSED
    }

    fn pass_took(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.last_pass.store(micros, Ordering::Relaxed);
    }

    /// Hears that everything up to `position` is durable.
    fn reached(&self, position: u64) {
        self.durable.fetch_max(position, Ordering::AcqRel);
    }

    /// Shows activities that have just become durable, in the order of their positions. What others have made durable
    /// before them is shown first.
    ///
    /// # Errors
    /// What the store says of those others; then none of these is shown yet, and [`Hub::catch_up`] makes up for it.
    async fn publish(&self, mut activities: Vec<Activity>) -> Result<(), StoreError> {
        let shown = *self.head.borrow();
        activities.retain(|activity| activity.position > shown);
        match activities.first() {
            Some(first) if first.position > shown + 1 => self.catch_up().await,
            _ => {
                self.show(activities).await;
                Ok(())
            }
        }
    }

    /// Shows what is durable and was not shown yet.
    ///
    /// # Errors
    /// What the store says.
    async fn catch_up(&self) -> Result<(), StoreError> {
        loop {
            let (shown, durable) = (*self.head.borrow(), self.durable.load(Ordering::Acquire));
            if shown >= durable {
                return Ok(());
            }
            if self.watchers() == 0 || durable - shown > MOST_TO_CATCH_UP {
                self.skip_to(durable);
                return Ok(());
            }
            let segment = self.read((shown, durable.min(shown + CHUNK as u64))).await?;
            self.push(segment);
        }
    }

    /// Shows the activities that follow what is shown.
    async fn show(&self, activities: Vec<Activity>) {
        let Some(newest) = activities.last() else { return };
        if self.watchers() == 0 {
            return self.skip_to(newest.position);
        }
        let profiles = self.directory.profiles(&activities).await;
        self.extend(activities.into_iter().zip(profiles).collect());
    }

    /// Adds activities to what is shown: in segments of a size that one write takes.
    fn extend(&self, mut activities: Vec<Known>) {
        while !activities.is_empty() {
            let rest = activities.split_off(activities.len().min(CHUNK));
            let before = activities.first().map_or(0, |(first, _)| first.position - 1);
            let last = activities.last().map_or(0, |(last, _)| last.position);
            self.push(self.encode((before, last), activities));
            activities = rest;
        }
    }

    fn push(&self, segment: Segment) {
        let newest = segment.last();
        self.ring.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(segment));
        self.show_up_to(newest);
    }

    /// How many follow the log.
    pub fn watchers(&self) -> usize {
        self.head.receiver_count() + self.clients.load(Ordering::Acquire)
    }

    /// Moves on without anything at hand: whoever comes back to it reads it from the store.
    fn skip_to(&self, position: u64) {
        self.ring.write().unwrap_or_else(PoisonError::into_inner).skip_to(position);
        self.show_up_to(position);
    }

    fn show_up_to(&self, position: u64) {
        self.reached(position);
        self.head.send_replace(position);
        self.reactors.read().unwrap_or_else(PoisonError::into_inner).iter().for_each(|inbox| inbox.wake());
    }

    /// Has a reactor woken whenever there is more to show.
    fn wake_on_change(&self, inbox: &Arc<Inbox>) {
        self.reactors.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(inbox));
    }

    /// Hears of a client that has no receiver of the head.
    fn client_came(&self) {
        self.clients.fetch_add(1, Ordering::AcqRel);
    }

    fn client_went(&self) {
        self.clients.fetch_sub(1, Ordering::AcqRel);
    }

    /// The last position that is durable.
    pub fn head(&self) -> Cursor {
        self.cursor(self.durable.load(Ordering::Acquire))
    }

    fn cursor(&self, position: u64) -> Cursor {
        Cursor { epoch: self.epoch, position }
    }

    /// The last position that is shown.
    fn shown(&self) -> u64 {
        *self.head.borrow()
    }

    /// What the ring has of what follows `position`.
    fn ring_after(&self, position: u64) -> Option<Arc<Segment>> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).segment_after(position)
    }

    /// Everything that the ring has after `position`; nothing if it begins later.
    fn all_after(&self, position: u64) -> Vec<Arc<Segment>> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).segments_after(position).collect()
    }

    fn encode(&self, block: Block, activities: Vec<Known>) -> Segment {
        Segment::encode(self.epoch, block, activities, &self.catalogue)
    }

    /// What follows `position`: from the ring, or from the store where the ring begins later.
    async fn segment_after(&self, position: u64) -> Result<Arc<Segment>, Arc<StoreError>> {
        match self.ring_after(position) {
            Some(segment) => Ok(segment),
            None => self.replay(block_after(position, self.durable.load(Ordering::Acquire))).await,
        }
    }

    async fn replay(&self, block: Block) -> Result<Arc<Segment>, Arc<StoreError>> {
        let reading = async {
            self.counts.store_reads.inc();
            self.read(block).await
        };
        self.replays.get(block, reading).await
    }

    /// Reads a block from the store. Where activities were removed after its last one, it reaches to the next that is there.
    async fn read(&self, (before, last): Block) -> Result<Segment, StoreError> {
        let count = usize::try_from(last - before).unwrap_or(CHUNK);
        let rows = self.store.range(before, count).await?;
        let reached = rows.last().map_or(before, |(newest, _)| newest.position);
        let mut end = reached;
        if reached < last {
            end = match self.store.next(reached).await? {
                Some(next) => next - 1,
                None => self.store.head().await?.position,
            };
            if end <= before {
                return Err(StoreError::Internal(format!("the log ends at {end} and not at {last}")));
            }
        }
        Ok(self.encode((before, end.max(reached)), rows.into_iter().map(known).collect()))
    }
}

fn known((activity, profile): Row) -> Known {
    (activity, profile.map(Arc::new))
}
