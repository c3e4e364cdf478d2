use super::{
    NewStream, Reply,
    mailbox::{Mailbox, Wake},
};
use crate::hub::{replay::Block, segment::Segment};
use livetrail_store::StoreError;
use mio::Waker;
use std::sync::Arc;

/// Names a client, also when its place in the slab has become another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::hub) struct Key {
    pub(super) index: usize,
    pub(super) generation: u64,
}

/// What a reactor is told.
pub(in crate::hub) enum Message {
    Adopt(Box<NewStream>),
    /// What some clients have been waiting for has been read, or not.
    Read(Block, Result<Arc<Segment>, Arc<StoreError>>),
    /// A client has more to say than one turn allows.
    Listen(Key),
    /// What a client is answered to what it has said.
    Answer(Key, Reply),
    /// The credentials of these do not stand any more.
    Dismiss(Vec<Key>),
    Stop,
}

/// How others reach a reactor. There are never more messages than clients and their questions.
pub(in crate::hub) type Inbox = Mailbox<Message, Waker>;

impl Wake for Waker {
    fn wake(&self) {
        if let Err(error) = self.wake() {
            tracing::error!(%error, "a thread that pushes could not be woken");
        }
    }
}
