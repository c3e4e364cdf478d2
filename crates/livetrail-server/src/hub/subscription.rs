use super::{Ending, Hub, Selection, Wire};
use bytes::Bytes;
use livetrail_store::StoreError;
use livetrail_types::{Cursor, Filter};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// One client's way through the log: a cursor and a filter.
pub struct Subscription {
    hub: Arc<Hub>,
    filter: Arc<Filter>,
    wire: Wire,
    position: u64,
    head: watch::Receiver<u64>,
    ending: Ending,
}

impl Hub {
    /// Follows the log after `position`.
    pub fn subscribe(self: &Arc<Self>, filter: Arc<Filter>, wire: Wire, position: u64) -> Subscription {
        self.counts.came(wire);
        let (hub, head) = (Arc::clone(self), self.head.subscribe());
        Subscription { hub, filter, wire, position, head, ending: Ending::Gone }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub.counts.went(self.wire, self.ending);
    }
}

impl Subscription {
    /// How far this client has come, matches or not.
    pub fn cursor(&self) -> Cursor {
        self.hub.cursor(self.position)
    }

    /// Follows something else after `position` from now on.
    pub fn begin_anew(&mut self, filter: Arc<Filter>, position: u64) {
        self.filter = filter;
        self.position = position;
    }

    /// A sign of life.
    pub fn heartbeat(&self) -> Bytes {
        self.hub.counts.behind_by(self.hub.shown().saturating_sub(self.position));
        self.wire.heartbeat(self.cursor(), self.hub.head())
    }

    /// What the client is told in the end, which this is.
    pub fn last_words(&mut self, ending: Ending, come_back: Duration) -> Bytes {
        tracing::debug!(reason = ending.reason(), "a stream ends");
        self.ending = ending;
        self.wire.last_words(ending, come_back, self.cursor(), self.hub.head())
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
        let selection = segment.select(&self.filter, self.wire, self.position, up_to);
        self.position = up_to;
        if !selection.bytes.is_empty() {
            self.hub.counts.wrote(1, selection.ends.len(), selection.bytes.len());
        }
        Ok(selection)
    }
}
