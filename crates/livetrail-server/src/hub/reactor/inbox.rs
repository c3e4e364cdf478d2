use super::{
    NewStream, Reply,
    mailbox::{Mailbox, Wake},
};
use crate::hub::{Announcement, replay::Block, segment::Segment};
use livetrail_store::StoreError;
use mio::Waker;
use std::sync::Arc;

/// Identifies a client. The generation tells it from a later client with the same index in the slab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::hub) struct Key {
    pub(super) index: usize,
    pub(super) generation: u64,
}

/// A message to a reactor.
pub(in crate::hub) enum Message {
    Adopt(Box<NewStream>),
    /// The result of a read that clients wait for.
    Read(Block, Result<Arc<Segment>, Arc<StoreError>>),
    /// A client has sent more than is read in one turn.
    Listen(Key),
    /// The answer to a client's message.
    Answer(Key, Reply),
    /// Messages beside the activities.
    Announce(Arc<Announcement>),
    /// The credentials of these clients are not valid any more.
    Dismiss(Vec<Key>),
    Stop,
}

/// The messages to a reactor. A client causes at most a few at a time, so their number is bounded by that of the
/// clients. Announcements are few a second.
pub(in crate::hub) type Inbox = Mailbox<Message, Waker>;

impl Inbox {
    /// Has the reactor announce something to its clients.
    pub(in crate::hub) fn announce(&self, announcement: Arc<Announcement>) {
        self.send(Message::Announce(announcement));
    }
}

impl Wake for Waker {
    fn wake(&self) {
        if let Err(error) = self.wake() {
            tracing::error!(%error, "a thread that pushes could not be woken");
        }
    }
}
