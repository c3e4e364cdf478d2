use std::sync::{Arc, Mutex, PoisonError};

/// A value that one of several holders may take. Extensions have to be `Clone`, and what is handed over by them often
/// is not.
pub(super) struct TakeOnce<T>(Arc<Mutex<Option<T>>>);

impl<T> Clone for TakeOnce<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> TakeOnce<T> {
    pub(super) fn new(what: T) -> Self {
        Self(Arc::new(Mutex::new(Some(what))))
    }

    pub(super) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
