//! Messages to live streams beside the activities.

use super::{Hub, Transport, chunk, frame, websocket};
use bytes::Bytes;
use livetrail_types::Cursor;
use std::sync::{Arc, PoisonError};
use tokio::sync::broadcast;

/// Announcements that a slow task may leave unread. Older ones are lost to it.
pub(super) const UNREAD: usize = 16;

/// Messages to every stream whose owner may see their subject. They have no position: a client that was away does not
/// get them.
pub struct Announcement {
    /// The tenant of the subject, and a JSON object.
    messages: Vec<(Option<String>, String)>,
}

impl Announcement {
    /// Each message is a JSON object; before it, the tenant of its subject.
    pub fn of(messages: impl IntoIterator<Item = (Option<String>, String)>) -> Self {
        Self { messages: messages.into_iter().collect() }
    }

    /// Whether there is a message for an owner who sees one tenant, or all of them.
    pub(super) fn is_for(&self, tenant: Option<&str>) -> bool {
        self.texts(tenant).next().is_some()
    }

    /// The frames for an owner who sees one tenant, or all of them. `cursor` is that of the client, which stays where
    /// it is: some libraries forget their position when a frame has no `id`.
    pub(super) fn frames(&self, transport: Transport, tenant: Option<&str>, cursor: Cursor) -> Bytes {
        let mut frames = Vec::new();
        for text in self.texts(tenant) {
            match transport {
                Transport::Events => frames.extend_from_slice(&frame::text_frame(cursor, text)),
                Transport::Chunks => chunk::add_chunk(&mut frames, &frame::text_frame(cursor, text)),
                Transport::WebSocket => websocket::add_message(&mut frames, text.to_owned()),
            }
        }
        frames.into()
    }

    fn texts(&self, tenant: Option<&str>) -> impl Iterator<Item = &str> {
        let is_seen = move |of: &Option<String>| tenant.is_none_or(|own| of.as_deref() == Some(own));
        self.messages.iter().filter(move |(of, _)| is_seen(of)).map(|(_, text)| text.as_str())
    }
}

/// The announcements for a client that a task writes to.
pub(super) struct Announcements {
    pub(super) receiver: broadcast::Receiver<Arc<Announcement>>,
    pub(super) tenant: Option<String>,
}

impl Announcements {
    /// Waits for the next announcement that is for the client. Cancel safe.
    pub(super) async fn next(&mut self) -> Arc<Announcement> {
        loop {
            match self.receiver.recv().await {
                Ok(announcement) if announcement.is_for(self.tenant.as_deref()) => return announcement,
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
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
    use livetrail_types::Epoch;

    #[test]
    fn a_tenant_gets_its_own_messages_in_the_frames_of_its_transport() {
        let of = |tenant: Option<&str>, text: &str| (tenant.map(str::to_owned), text.to_owned());
        let all = Announcement::of([of(None, "{}"), of(Some("acme"), "[1]"), of(Some("globex"), "[2]")]);
        let at = Cursor { epoch: Epoch(7), position: 5, check: None };
        let frames =
            |transport, tenant| String::from_utf8(all.frames(transport, tenant, at).to_vec()).expect("text");
        let one = |text| format!("id: {at}\ndata: {text}\n\n");
        assert_eq!(frames(Transport::Events, None), one("{}") + &one("[1]") + &one("[2]"));
        assert_eq!(frames(Transport::Events, Some("acme")), one("[1]"));
        let two = one("[2]");
        assert_eq!(frames(Transport::Chunks, Some("globex")), format!("{:x}\r\n{two}\r\n", two.len()));
        assert_eq!(&all.frames(Transport::WebSocket, Some("acme"), at)[..], b"\x81\x03[1]");
        assert_eq!(frames(Transport::Chunks, Some("other")), "", "an empty chunk would end the stream");
        assert!(all.is_for(None) && all.is_for(Some("acme")) && !all.is_for(Some("other")));
    }
}
