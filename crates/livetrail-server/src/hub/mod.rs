//! Live push: durable activities, encoded once, read by any number of clients at their own pace.
//!
//! The newest activities stand in a [`Ring`] of encoded frames. A client is a cursor: it reads the ring from where it
//! is, and the store when the ring has moved on without it, so that history and live are one sequence of positions
//! without a gap and without a duplicate. No client has a queue, and no client slows another.

mod frame;
mod publisher;
mod ring;
mod subscription;
#[cfg(test)]
mod tests;

pub use frame::{Frame, cursor_frame, first_frame, heartbeat_frame, message, retry};
pub use subscription::{Subscription, Update};

use crate::directory::Directory;
use livetrail_store::{Row, Store, StoreError};
use livetrail_types::{Activity, Catalogue, Cursor, Epoch, UserProfile};
use ring::Ring;
use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::{mpsc, watch};

/// Activities that are read in one go.
const CHUNK: usize = 256;
/// Commits that may wait to be shown.
const GROUPS: usize = 4;
/// Further behind than this, clients read the store on their own: nobody else has to wait for them to be encoded.
const MOST_TO_CATCH_UP: u64 = 16_384;

/// Where durable activities become visible to clients.
pub struct Hub {
    epoch: Epoch,
    store: Arc<dyn Store>,
    directory: Arc<Directory>,
    catalogue: Arc<Catalogue>,
    ring: RwLock<Ring>,
    /// The last position that is durable: where those begin who come now.
    durable: AtomicU64,
    /// The last position whose frame is in the ring. Changing it wakes the clients.
    head: watch::Sender<u64>,
    /// To the publisher.
    committed: mpsc::Sender<Vec<Activity>>,
}

impl Hub {
    /// A hub that goes on from the store's head, and shows what becomes durable here and elsewhere until it is dropped.
    ///
    /// # Errors
    /// What the store says.
    pub async fn start(
        store: Arc<dyn Store>,
        directory: Arc<Directory>,
        catalogue: Arc<Catalogue>,
    ) -> Result<Arc<Self>, StoreError> {
        let Cursor { epoch, position } = store.head().await?;
        let (head, _) = watch::channel(position);
        let ring = RwLock::new(Ring::after(position));
        let durable = AtomicU64::new(position);
        let (committed, groups) = mpsc::channel(GROUPS);
        let elsewhere = store.elsewhere();
        let hub = Arc::new(Self { epoch, store, directory, catalogue, ring, durable, head, committed });
        tokio::spawn(publisher::run(Arc::downgrade(&hub), groups, elsewhere));
        Ok(hub)
    }

    /// Hears of activities that have just become durable, before whoever sent them does: a client that comes after their
    /// acknowledgement begins after them. They are shown soon after; nobody waits for that.
    pub fn committed(&self, activities: Vec<Activity>) {
        let Some(newest) = activities.last() else { return };
        self.reached(newest.position);
        // Where there is no room, they are read from the store when their turn comes.
        let _ = self.committed.try_send(activities);
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
            if !self.is_watched() || durable - shown > MOST_TO_CATCH_UP {
                self.skip_to(durable);
                return Ok(());
            }
            let rows = self.store.range(shown, CHUNK).await?;
            if rows.is_empty() {
                return Err(StoreError::Internal(format!("the log ends at {shown} and not at {durable}")));
            }
            let profiles: Vec<_> = rows.iter().map(|(_, profile)| profile.clone().map(Arc::new)).collect();
            self.extend(rows.into_iter().map(|(activity, _)| activity).collect(), profiles);
        }
    }

    /// Shows the activities that follow what is shown.
    async fn show(&self, activities: Vec<Activity>) {
        let Some(newest) = activities.last() else { return };
        if !self.is_watched() {
            return self.skip_to(newest.position);
        }
        let profiles = self.directory.profiles(&activities).await;
        self.extend(activities, profiles);
    }

    fn extend(&self, activities: Vec<Activity>, profiles: Vec<Option<Arc<UserProfile>>>) {
        let Some(newest) = activities.last().map(|activity| activity.position) else { return };
        let frames = activities.into_iter().zip(profiles);
        let frames: Vec<_> =
            frames.map(|(activity, profile)| Arc::new(self.encode(activity, profile))).collect();
        self.ring.write().unwrap_or_else(PoisonError::into_inner).extend(frames);
        self.reached(newest);
        self.head.send_replace(newest);
    }

    fn is_watched(&self) -> bool {
        self.head.receiver_count() > 0
    }

    /// Moves on without anything at hand: whoever comes back to it reads it from the store.
    fn skip_to(&self, position: u64) {
        self.ring.write().unwrap_or_else(PoisonError::into_inner).skip_to(position);
        self.head.send_replace(position);
    }

    /// The last position that is durable.
    pub fn head(&self) -> Cursor {
        Cursor { epoch: self.epoch, position: self.durable.load(Ordering::Acquire) }
    }

    fn encode(&self, activity: Activity, profile: Option<Arc<UserProfile>>) -> Frame {
        Frame::encode(self.epoch, activity, profile, &self.catalogue)
    }

    /// What comes after `position`: from the ring, or from the store where the ring begins later.
    async fn after(&self, position: u64) -> Result<Vec<Arc<Frame>>, StoreError> {
        let from_ring = self.ring.read().unwrap_or_else(PoisonError::into_inner).read_after(position, CHUNK);
        match from_ring {
            Some(frames) => Ok(frames),
            None => {
                Ok(self.store.range(position, CHUNK).await?.into_iter().map(|row| self.replay(row)).collect())
            }
        }
    }

    fn replay(&self, (activity, profile): Row) -> Arc<Frame> {
        Arc::new(self.encode(activity, profile.map(Arc::new)))
    }
}
