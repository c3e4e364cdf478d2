use super::{CloseReason, Follower, Hub, Selection, Transport, announcement::Announcements};
use bytes::Bytes;
use livetrail_store::StoreError;
use livetrail_types::{Cursor, Filter};
use std::{sync::Arc, time::Duration};

/// A client that a task writes to: a follower of the log and a filter.
pub struct Subscription {
    follower: Follower,
    filter: Arc<Filter>,
    transport: Transport,
    reason: CloseReason,
    announcements: Option<Announcements>,
}

impl Hub {
    /// Follows the log after `position`.
    pub fn subscribe(
        self: &Arc<Self>,
        filter: Arc<Filter>,
        transport: Transport,
        position: u64,
    ) -> Subscription {
        self.counts.came(transport);
        let follower = self.follow_for(transport, position);
        Subscription { follower, filter, transport, reason: CloseReason::Gone, announcements: None }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub().counts.went(self.transport, self.reason);
    }
}

impl Subscription {
    fn hub(&self) -> &Hub {
        self.follower.hub()
    }

    /// How far this client has come, whether anything matched or not.
    pub fn cursor(&self) -> Cursor {
        self.follower.cursor()
    }

    /// Gives announcements, too: those about a tenant, or all.
    #[must_use]
    pub fn with_announcements(mut self, tenant: Option<String>) -> Self {
        let receiver = self.hub().announcements.subscribe();
        self.announcements = Some(Announcements { receiver, tenant });
        self
    }

    /// Applies another filter after `position` from now on.
    pub fn restart(&mut self, filter: Arc<Filter>, position: u64) {
        self.filter = filter;
        self.follower.seek(position);
    }

    /// A heartbeat frame.
    pub fn heartbeat(&self) -> Bytes {
        self.hub().counts.behind_by(self.hub().shown().saturating_sub(self.cursor().position));
        self.transport.heartbeat(self.cursor(), self.hub().head())
    }

    /// The last frame, after which the stream is closed.
    pub fn farewell(&mut self, reason: CloseReason, retry_after: Duration) -> Bytes {
        tracing::debug!(reason = reason.text(), "a stream ends");
        self.reason = reason;
        self.transport.farewell(reason, retry_after, self.cursor(), self.hub().head())
    }

    /// Waits until there is something after the cursor, and moves past it, or until there is an announcement. The
    /// frames that match may be none. Cancel safe, as [`Follower::next`] is.
    ///
    /// # Errors
    /// As [`Follower::next`].
    pub async fn next(&mut self) -> Result<Selection, Arc<StoreError>> {
        let Self { announcements, follower, transport, .. } = self;
        let announced = async {
            match announcements {
                Some(announcements) => (announcements.next().await, announcements.tenant.as_deref()),
                None => std::future::pending().await,
            }
        };
        let span = tokio::select! {
            biased;
            (announcement, tenant) = announced => {
                let bytes = announcement.frames(*transport, tenant, follower.cursor());
                return Ok(Selection { bytes, ends: Vec::new() });
            }
            span = follower.next() => span?,
        };
        let selection = span.segment.select(&self.filter, self.transport, span.after, span.up_to);
        if !selection.bytes.is_empty() {
            self.hub().counts.wrote(1, selection.ends.len(), selection.bytes.len());
        }
        Ok(selection)
    }
}
