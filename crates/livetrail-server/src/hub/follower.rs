use super::{Entry, Hub, Transport, segment::Segment, watchers::Watcher};
use livetrail_store::StoreError;
use livetrail_types::Cursor;
use std::sync::Arc;
use tokio::sync::watch;

/// Reads the log in the order of positions, from the ring or, where the ring begins later, from the store. Everything
/// that consumes the log inside this process is a follower; a client's [`Subscription`](super::Subscription) is one
/// with a filter.
pub struct Follower {
    hub: Arc<Hub>,
    position: u64,
    head: watch::Receiver<u64>,
    watcher: Watcher,
}

/// A part of the log: at most a few hundred entries that follow one another.
pub struct Span {
    pub(super) segment: Arc<Segment>,
    /// The position before its first entry.
    pub(super) after: u64,
    /// The position of its last entry.
    pub(super) up_to: u64,
}

impl Span {
    /// Its entries in the order of positions. A [`Entry::Gap`] says which positions are not in the log any more.
    pub fn entries(&self) -> &[Entry] {
        &self.segment.entries()[self.segment.range(self.after, self.up_to)]
    }
}

impl Hub {
    /// Follows the log after `position`: everything after it that the log still has, then what becomes durable.
    pub fn follow(self: &Arc<Self>, position: u64) -> Follower {
        self.follow_as(Watcher::Named, position)
    }

    /// The same for who needs no names of users, which spares a look at the directory for each activity. Entries may
    /// have names.
    pub fn follow_unnamed(self: &Arc<Self>, position: u64) -> Follower {
        self.follow_as(Watcher::Unnamed, position)
    }

    /// The same for a client of `transport`, so that the frames are made before it asks for them.
    pub(super) fn follow_for(self: &Arc<Self>, transport: Transport, position: u64) -> Follower {
        self.follow_as(Watcher::Client(transport), position)
    }

    fn follow_as(self: &Arc<Self>, watcher: Watcher, position: u64) -> Follower {
        self.watchers.came(watcher);
        Follower { hub: Arc::clone(self), position, head: self.head.subscribe(), watcher }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.hub.watchers.went(self.watcher);
    }
}

impl Follower {
    /// The hub that it follows.
    pub(super) fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// How far it has read.
    pub fn cursor(&self) -> Cursor {
        self.hub.cursor(self.position)
    }

    /// Goes on after `position`.
    pub fn seek(&mut self, position: u64) {
        self.position = position;
    }

    /// Waits until there is something after the cursor, and moves past it. Cancel safe: a call that is dropped has not
    /// moved the cursor.
    ///
    /// # Errors
    /// What the store says, when the ring begins after the cursor. The next call tries again.
    pub async fn next(&mut self) -> Result<Span, Arc<StoreError>> {
        let shown = loop {
            let shown = *self.head.borrow_and_update();
            if shown > self.position {
                break shown;
            }
            if self.head.changed().await.is_err() {
                // The hub lives as long as its followers, so its head cannot close.
                std::future::pending::<()>().await;
            }
        };
        let segment = self.hub.segment_after(self.position, self.watcher).await?;
        let after = self.position;
        self.position = segment.last().min(shown);
        Ok(Span { segment, after, up_to: self.position })
    }
}
