//! An event stream that a task writes: where there is no plain socket to push to.

use super::{Opened, StreamPermit, Viewer};
use crate::http::take_once::TakeOnce;
use crate::hub::{CloseReason, Selection, StreamOwner, Subscription, Transport};
use bytes::Bytes;
use futures_util::{Stream, stream};
use std::convert::Infallible;
use tokio::time::{Instant, Interval, interval_at};
use tracing::{Instrument, Span};

/// A stream that this task writes.
struct Live {
    viewer: Viewer,
    _permit: StreamPermit,
    subscription: Subscription,
    heartbeat: Interval,
    span: Span,
}

enum Next {
    Frames(Bytes),
    Heartbeat,
    Stop(CloseReason),
}

/// A stream as a body.
enum BodyState {
    Unread(TakeOnce<Opened>),
    Live(Box<Live>),
}

/// What a client gets until it goes, its credential ends or the server stops.
pub(super) fn frames(take_once: TakeOnce<Opened>) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(Some(BodyState::Unread(take_once)), |state| async move {
        match state? {
            BodyState::Unread(take_once) => {
                let opened = take_once.take()?;
                let first = opened.first.clone();
                Some((Ok(first), Some(BodyState::Live(Box::new(Live::begin(opened))))))
            }
            BodyState::Live(mut live) => {
                let span = live.span.clone();
                let (bytes, goes_on) = live.next_bytes().instrument(span).await?;
                Some((Ok(bytes), goes_on.then_some(BodyState::Live(live))))
            }
        }
    })
}

impl Live {
    fn begin(opened: Opened) -> Self {
        let Opened { filter, position, viewer, permit, span, first: _ } = opened;
        let subscription = viewer.app.hub.subscribe(filter, Transport::Events, position);
        let subscription = subscription.with_announcements(viewer.principal.tenant.clone());
        let heartbeat =
            interval_at(Instant::now() + viewer.app.settings.heartbeat, viewer.app.settings.heartbeat);
        Self { viewer, _permit: permit, subscription, heartbeat, span }
    }

    /// The next bytes and whether more follow; `None` ends the stream at once.
    async fn next_bytes(&mut self) -> Option<(Bytes, bool)> {
        match self.next().await {
            Next::Frames(bytes) => Some((bytes, true)),
            Next::Heartbeat => Some(self.beat().await),
            Next::Stop(reason) => {
                Some((self.subscription.farewell(reason, self.viewer.retry_after()), false))
            }
        }
    }

    async fn next(&mut self) -> Next {
        loop {
            tokio::select! {
                biased;
                () = self.viewer.app.stopping.cancelled() => return Next::Stop(CloseReason::Stopping),
                _ = self.heartbeat.tick() => return Next::Heartbeat,
                selection = self.subscription.next() => match selection {
                    Ok(Selection { bytes, .. }) if bytes.is_empty() => {}
                    Ok(Selection { bytes, .. }) => return Next::Frames(bytes),
                    Err(error) => {
                        tracing::warn!(%error, "a stream could not be read from the store");
                        return Next::Stop(CloseReason::StoreAway);
                    }
                },
            }
        }
    }

    /// Ends the stream if its credential has ended.
    async fn beat(&mut self) -> (Bytes, bool) {
        if !self.viewer.is_authorized().await {
            let words = self.subscription.farewell(CloseReason::CredentialEnded, self.viewer.retry_after());
            return (words, false);
        }
        (self.subscription.heartbeat(), true)
    }
}
