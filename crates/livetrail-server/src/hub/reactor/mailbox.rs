//! Messages to one thread, and its wake-up. The thread is also woken without a message, after a change to something
//! that it looks at by itself.
//!
//! `tests/loom.rs` runs this file through every order in which threads can interleave.

use super::sync::{AtomicBool, Mutex, Ordering, PoisonError};

/// What wakes the thread that reads a mailbox.
pub(crate) trait Wake {
    fn wake(&self);
}

/// Messages to one thread.
pub(crate) struct Mailbox<T, W> {
    letters: Mutex<Vec<T>>,
    waker: W,
    /// Whether the thread is awake and will look, so that it need not be woken.
    awake: AtomicBool,
    /// Whether the thread has ended.
    closed: AtomicBool,
}

impl<T, W: Wake> Mailbox<T, W> {
    pub(super) fn new(waker: W) -> Self {
        let (awake, closed) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { letters: Mutex::new(Vec::new()), waker, awake, closed }
    }

    /// A message to a thread that has ended is dropped, and with it the connection that it may contain.
    pub(super) fn send(&self, letter: T) {
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_closed() {
            return;
        }
        letters.push(letter);
        drop(letters);
        self.wake();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Notes that the thread has ended.
    pub(super) fn close(&self) {
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        self.closed.store(true, Ordering::Release);
        letters.clear();
    }

    /// Has the thread look at what has changed.
    pub(crate) fn wake(&self) {
        if !self.awake.swap(true, Ordering::AcqRel) {
            self.waker.wake();
        }
    }

    // `wake` and these use a swap, because a store would lose an update. A thread that found this one awake did not
    // wake it. Its earlier changes become visible here by reading the value that it wrote.

    /// Called before the thread looks and then sleeps. Every later change wakes it.
    pub(super) fn sleep(&self) {
        self.awake.swap(false, Ordering::AcqRel);
    }

    /// Called when the thread will look soon anyway, so that changes need not wake it.
    pub(super) fn stay_awake(&self) {
        self.awake.swap(true, Ordering::AcqRel);
    }

    pub(super) fn take(&self) -> Vec<T> {
        std::mem::take(&mut *self.letters.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
