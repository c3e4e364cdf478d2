use super::{Newcomer, Reply};
use crate::hub::{replay::Block, segment::Segment};
use livetrail_store::StoreError;
use mio::Waker;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// Names a client, also when its place in the slab has become another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) index: usize,
    pub(super) generation: u64,
}

/// What a reactor is told.
pub(super) enum Message {
    Adopt(Box<Newcomer>),
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
pub(in crate::hub) struct Inbox {
    messages: Mutex<Vec<Message>>,
    waker: Waker,
    /// Whether the reactor will look by itself, so that it need not be woken.
    awake: AtomicBool,
    /// Whether nobody reads this any more.
    closed: AtomicBool,
}

impl Inbox {
    pub(super) fn new(waker: Waker) -> Self {
        Self {
            messages: Mutex::default(),
            waker,
            awake: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }
    }

    /// A message that nobody would read is dropped, and with it the connection that it may have brought.
    pub(super) fn send(&self, message: Message) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if self.closed.load(Ordering::Acquire) {
            return;
        }
        messages.push(message);
        drop(messages);
        self.wake();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// The reactor has ended.
    pub(super) fn close(&self) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        self.closed.store(true, Ordering::Release);
        messages.clear();
    }

    /// Has the reactor look at what has changed.
    pub(in crate::hub) fn wake(&self) {
        if !self.awake.swap(true, Ordering::AcqRel)
            && let Err(error) = self.waker.wake()
        {
            tracing::error!(%error, "a thread that pushes could not be woken");
        }
    }

    /// The reactor is about to sleep: whatever it has not seen by now will wake it.
    pub(super) fn sleep(&self) {
        self.awake.store(false, Ordering::Release);
    }

    /// The reactor looks by itself before long.
    pub(super) fn stay_awake(&self) {
        self.awake.store(true, Ordering::Release);
    }

    pub(super) fn take(&self) -> Vec<Message> {
        std::mem::take(&mut *self.messages.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
