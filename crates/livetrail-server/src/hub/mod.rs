//! Live push: durable activities, encoded once, read by any number of clients at their own pace.
//!
//! The newest activities stand in a [`Ring`] of encoded frames. A client is a cursor: it reads the ring from where it
//! is, and the store when the ring has moved on without it, so that history and live are one sequence of positions
//! without a gap and without a duplicate. No client has a queue, and no client slows another.

mod frame;
mod ring;
mod subscription;
#[cfg(test)]
mod tests;

pub use frame::{Frame, cursor_frame, first_frame, heartbeat_frame, message, retry};
pub use subscription::{Subscription, Update};

use crate::directory::Directory;
use livetrail_store::{Row, Store, StoreError};
use livetrail_types::{Activity, Catalogue, Cursor, Epoch};
use ring::Ring;
use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;

/// Activities that a client reads in one go.
const CHUNK: usize = 256;

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
}

impl Hub {
    /// A hub that goes on from the store's head.
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
        Ok(Arc::new(Self { epoch, store, directory, catalogue, ring, durable, head }))
    }

    /// Hears that activities have become durable, before whoever sent them does: a client that comes after their
    /// acknowledgement begins after them.
    pub fn committed(&self, activities: &[Activity]) {
        if let Some(newest) = activities.last() {
            self.durable.store(newest.position, Ordering::Release);
        }
    }

    /// Shows activities that have just become durable, in the order of their positions.
    pub async fn publish(&self, activities: Vec<Activity>) {
        let Some(newest) = activities.last().map(|activity| activity.position) else { return };
        if self.head.receiver_count() == 0 {
            // Nobody is there to read it; whoever comes back to it reads it from the store.
            self.ring.write().unwrap_or_else(PoisonError::into_inner).skip_to(newest);
            self.head.send_replace(newest);
            return;
        }
        let profiles = self.directory.profiles(&activities).await;
        let frames = activities.into_iter().zip(profiles);
        let frames: Vec<_> =
            frames.map(|(activity, profile)| Arc::new(self.encode(activity, profile))).collect();
        self.ring.write().unwrap_or_else(PoisonError::into_inner).extend(frames);
        self.head.send_replace(newest);
    }

    /// The last position that is durable.
    pub fn head(&self) -> Cursor {
        Cursor { epoch: self.epoch, position: self.durable.load(Ordering::Acquire) }
    }

    fn encode(&self, activity: Activity, profile: Option<Arc<livetrail_types::UserProfile>>) -> Frame {
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
