use super::{Hub, Selection};
use livetrail_store::StoreError;
use livetrail_types::{Cursor, Filter};
use std::sync::Arc;
use tokio::sync::watch;

/// One client's way through the log: a cursor and a filter.
pub struct Subscription {
    hub: Arc<Hub>,
    filter: Arc<Filter>,
    position: u64,
    head: watch::Receiver<u64>,
}

impl Hub {
    /// Follows the log after `position`.
    pub fn subscribe(self: &Arc<Self>, filter: Arc<Filter>, position: u64) -> Subscription {
        Subscription { hub: Arc::clone(self), filter, position, head: self.head.subscribe() }
    }
}

impl Subscription {
    /// How far this client has come, matches or not.
    pub fn cursor(&self) -> Cursor {
        Cursor { epoch: self.hub.epoch, position: self.position }
    }

    /// Waits until there is something after the cursor, and moves past it. What the filter means of it may be nothing.
    /// May be dropped at any await without losing anything: the cursor moves when the frames are in hand.
    ///
    /// # Errors
    /// What the store says when the client is so far behind that the ring has moved on.
    pub async fn next(&mut self) -> Result<Selection, Arc<StoreError>> {
        let shown = loop {
            let shown = *self.head.borrow_and_update();
            if shown > self.position {
                break shown;
            }
            if self.head.changed().await.is_err() {
                // The hub lives as long as its subscriptions, so its head cannot close; waiting is the honest answer.
                std::future::pending::<()>().await;
            }
        };
        let segment = self.hub.segment_after(self.position).await?;
        let up_to = segment.last().min(shown);
        let selection = segment.select(&self.filter, self.position, up_to);
        self.position = up_to;
        Ok(selection)
    }
}
