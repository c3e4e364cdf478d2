//! Messages to live streams beside the activities.

use super::{Hub, Transport, chunk, frame, websocket};
use bytes::Bytes;
use std::sync::{Arc, PoisonError};
use tokio::sync::broadcast;

/// Announcements that a slow task may leave unread. Older ones are lost to it.
pub(super) const UNREAD: usize = 16;

/// Messages to every stream whose owner may see their subject. They have no cursor: a client that was away does not get
/// them.
pub struct Announcement {
    /// The tenant of the subject, and a JSON object.
    messages: Vec<(Option<String>, String)>,
}

impl Announcement {
    /// Each message is a JSON object; before it, the tenant of its subject.
    pub fn of(messages: impl IntoIterator<Item = (Option<String>, String)>) -> Self {
        Self { messages: messages.into_iter().collect() }
    }

    /// The frames for an owner who sees one tenant, or all of them.
    pub(super) fn frames(&self, transport: Transport, tenant: Option<&str>) -> Bytes {
        let mut frames = Vec::new();
        let is_seen = |of: &Option<String>| tenant.is_none_or(|own| of.as_deref() == Some(own));
        for (_, text) in self.messages.iter().filter(|(of, _)| is_seen(of)) {
            match transport {
                Transport::Events => frames.extend_from_slice(&frame::plain_frame(text)),
                Transport::Chunks => chunk::add_chunk(&mut frames, &frame::plain_frame(text)),
                Transport::WebSocket => websocket::add_message(&mut frames, text.clone()),
            }
        }
        frames.into()
    }
}

/// The announcements for a client that a task writes to.
pub(super) struct Announcements {
    pub(super) receiver: broadcast::Receiver<Arc<Announcement>>,
    pub(super) tenant: Option<String>,
}

impl Announcements {
    /// Waits for the next frames. Cancel safe.
    pub(super) async fn next(&mut self, transport: Transport) -> Bytes {
        loop {
            match self.receiver.recv().await {
                Ok(announcement) => {
                    let frames = announcement.frames(transport, self.tenant.as_deref());
                    if !frames.is_empty() {
                        return frames;
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                // The hub has the sender and lives as long as its clients.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

impl Hub {
    /// Sends messages to every stream whose owner may see their subject.
    pub fn announce(&self, announcement: Announcement) {
        let announcement = Arc::new(announcement);
        let reactors = self.reactors.read().unwrap_or_else(PoisonError::into_inner);
        reactors.iter().for_each(|inbox| inbox.announce(Arc::clone(&announcement)));
        // It fails only without receivers.
        let _ = self.announcements.send(announcement);
    }

    /// How many clients there are.
    pub fn clients(&self) -> usize {
        self.watchers.clients()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_gets_its_own_messages_in_the_frames_of_its_transport() {
        let of = |tenant: Option<&str>, text: &str| (tenant.map(str::to_owned), text.to_owned());
        let all = Announcement::of([of(None, "{}"), of(Some("acme"), "[1]"), of(Some("globex"), "[2]")]);
        let frames =
            |transport, tenant| String::from_utf8(all.frames(transport, tenant).to_vec()).expect("text");
        assert_eq!(frames(Transport::Events, None), "data: {}\n\ndata: [1]\n\ndata: [2]\n\n");
        assert_eq!(frames(Transport::Events, Some("acme")), "data: [1]\n\n");
        assert_eq!(frames(Transport::Chunks, Some("globex")), "b\r\ndata: [2]\n\n\r\n");
        assert_eq!(&all.frames(Transport::WebSocket, Some("acme"))[..], b"\x81\x03[1]");
        assert_eq!(frames(Transport::Chunks, Some("other")), "", "an empty chunk would end the stream");
    }
}
