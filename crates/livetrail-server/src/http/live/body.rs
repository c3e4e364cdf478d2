//! An event stream that a task writes: where there is no plain socket to push to.

use super::{Opened, StreamPlace, Takeable, Viewer};
use crate::hub::{Ending, Selection, Subscription, Visitor, Wire};
use bytes::Bytes;
use futures_util::{Stream, stream};
use std::convert::Infallible;
use tokio::time::{Instant, Interval, interval_at};

/// A stream that this task writes.
struct Live {
    viewer: Viewer,
    _place: StreamPlace,
    subscription: Subscription,
    heartbeat: Interval,
}

enum Next {
    Frames(Bytes),
    Heartbeat,
    Stop(Ending),
}

/// A stream as a body.
enum Progress {
    Unread(Takeable<Opened>),
    Live(Box<Live>),
}

/// What a client gets until it goes, its credential ends or the server stops.
pub(super) fn frames(takeable: Takeable<Opened>) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(Some(Progress::Unread(takeable)), |progress| async move {
        match progress? {
            Progress::Unread(takeable) => {
                let opened = takeable.take()?;
                let first = opened.first.clone();
                Some((Ok(first), Some(Progress::Live(Box::new(Live::begin(opened))))))
            }
            Progress::Live(mut live) => {
                let (bytes, goes_on) = live.next_bytes().await?;
                Some((Ok(bytes), goes_on.then_some(Progress::Live(live))))
            }
        }
    })
}

impl Live {
    fn begin(opened: Opened) -> Self {
        let Opened { filter, position, viewer, place, .. } = opened;
        let subscription = viewer.app.hub.subscribe(filter, Wire::Events, position);
        let heartbeat = interval_at(Instant::now() + viewer.app.heartbeat, viewer.app.heartbeat);
        Self { viewer, _place: place, subscription, heartbeat }
    }

    /// The next bytes and whether more follow; `None` ends the stream at once.
    async fn next_bytes(&mut self) -> Option<(Bytes, bool)> {
        match self.next().await {
            Next::Frames(bytes) => Some((bytes, true)),
            Next::Heartbeat => Some(self.beat().await),
            Next::Stop(ending) => {
                Some((self.subscription.last_words(ending, self.viewer.come_back_after()), false))
            }
        }
    }

    async fn next(&mut self) -> Next {
        loop {
            tokio::select! {
                biased;
                () = self.viewer.app.stopping.cancelled() => return Next::Stop(Ending::Stopping),
                _ = self.heartbeat.tick() => return Next::Heartbeat,
                selection = self.subscription.next() => match selection {
                    Ok(Selection { bytes, .. }) if bytes.is_empty() => {}
                    Ok(Selection { bytes, .. }) => return Next::Frames(bytes),
                    Err(error) => {
                        tracing::warn!(%error, "a stream could not be read from the store");
                        return Next::Stop(Ending::StoreAway);
                    }
                },
            }
        }
    }

    /// Ends the stream of somebody whose credential has ended.
    async fn beat(&mut self) -> (Bytes, bool) {
        if !self.viewer.may_stay().await {
            let words = self.subscription.last_words(Ending::CredentialEnded, self.viewer.come_back_after());
            return (words, false);
        }
        (self.subscription.heartbeat(), true)
    }
}
