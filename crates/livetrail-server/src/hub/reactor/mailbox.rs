//! How one thread is told things by others, and woken when it sleeps. What it is woken for need not be a letter: whoever
//! has changed something that the thread looks at by itself wakes it, too.
//!
//! `tests/loom.rs` has this file run through all orders in which threads can come.

use super::sync::{AtomicBool, Mutex, Ordering, PoisonError};

/// What wakes the thread that reads a mailbox.
pub(crate) trait Wake {
    fn wake(&self);
}

/// Letters to one thread.
pub(crate) struct Mailbox<T, W> {
    letters: Mutex<Vec<T>>,
    waker: W,
    /// Whether the thread will look by itself, so that it need not be woken.
    awake: AtomicBool,
    /// Whether nobody reads this any more.
    closed: AtomicBool,
}

impl<T, W: Wake> Mailbox<T, W> {
    pub(super) fn new(waker: W) -> Self {
        let (awake, closed) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { letters: Mutex::new(Vec::new()), waker, awake, closed }
    }

    /// A letter that nobody would read is dropped, and with it the connection that it may have brought.
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

    /// The thread has ended.
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

    // Here and in `wake` a swap is more than a store: whoever did not wake the thread, because it was awake, had changed something
    // before, and with what it has swapped that is seen. A store would hide it.

    /// The thread is about to look, and to sleep after that: whatever it does not see then will wake it.
    pub(super) fn sleep(&self) {
        self.awake.swap(false, Ordering::AcqRel);
    }

    /// The thread looks by itself before long.
    pub(super) fn stay_awake(&self) {
        self.awake.swap(true, Ordering::AcqRel);
    }

    pub(super) fn take(&self) -> Vec<T> {
        std::mem::take(&mut *self.letters.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
