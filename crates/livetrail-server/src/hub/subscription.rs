use super::Hub;
use bytes::{Bytes, BytesMut};
use livetrail_store::StoreError;
use livetrail_types::{Cursor, Filter};
use std::sync::Arc;
use tokio::sync::watch;

/// One client's way through the log: a cursor and a filter.
pub struct Subscription {
    hub: Arc<Hub>,
    filter: Filter,
    position: u64,
    head: watch::Receiver<u64>,
}

/// What a subscription has for its client.
#[derive(Debug, PartialEq, Eq)]
pub enum Update {
    /// Frames of an event stream, one or many.
    Frames(Bytes),
    /// Nothing that matches, but the cursor moved on.
    Moved,
}

impl Hub {
    /// Follows the log after `position`, or from its end on.
    pub fn subscribe(self: &Arc<Self>, filter: Filter, position: Option<u64>) -> Subscription {
        let head = self.head.subscribe();
        let position = position.unwrap_or_else(|| self.head().position);
        Subscription { hub: Arc::clone(self), filter, position, head }
    }
}

impl Subscription {
    /// How far this client has come, matches or not.
    pub fn cursor(&self) -> Cursor {
        Cursor { epoch: self.hub.epoch, position: self.position }
    }

    /// Waits until there is something after the cursor, and moves past it. May be dropped at any await without losing
    /// anything: the cursor moves when the frames are in hand.
    ///
    /// # Errors
    /// What the store says when the client is so far behind that the ring has moved on.
    pub async fn next(&mut self) -> Result<Update, StoreError> {
        while *self.head.borrow_and_update() <= self.position {
            if self.head.changed().await.is_err() {
                // The hub lives as long as its subscriptions, so its head cannot close; waiting is the honest answer.
                std::future::pending::<()>().await;
            }
        }
        let frames = self.hub.after(self.position).await?;
        let mut bytes = BytesMut::new();
        for frame in frames.iter().filter(|frame| frame.is_meant_by(&self.filter)) {
            bytes.extend_from_slice(frame.sse());
        }
        let newest = frames.last().map(|frame| frame.position());
        self.position = newest.ok_or_else(|| StoreError::Internal("the log has a gap".into()))?;
        Ok(if bytes.is_empty() { Update::Moved } else { Update::Frames(bytes.freeze()) })
    }
}
