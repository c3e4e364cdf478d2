//! The names of users in memory, which one task at a time reads. A question that ends before the task does not end the
//! task: otherwise names that take longer to read than a question may take would never be in memory.

use crate::{Result, StoreError, names::Names};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

/// How long a question waits for names that are being read. After it, the database searches.
const MAX_WAIT: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) struct KnownNames(Arc<Mutex<Names>>);

impl KnownNames {
    /// Forgets all names, once they are not being read.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = Names::default();
    }

    /// What `asking` finds, which brings the names up to date first. It is a task of its own, and has to end by itself.
    /// None if that does not come soon, or if it finds none.
    ///
    /// # Errors
    /// Those of `asking`.
    pub(super) async fn ask<T, F>(
        &self,
        asking: impl FnOnce(OwnedMutexGuard<Names>) -> F + Send,
    ) -> Result<Option<T>>
    where
        T: Send + 'static,
        F: Future<Output = Result<Option<T>>> + Send + 'static,
    {
        self.ask_within(MAX_WAIT, asking).await
    }

    async fn ask_within<T, F>(
        &self,
        limit: Duration,
        asking: impl FnOnce(OwnedMutexGuard<Names>) -> F + Send,
    ) -> Result<Option<T>>
    where
        T: Send + 'static,
        F: Future<Output = Result<Option<T>>> + Send + 'static,
    {
        let asked = async {
            let names = Arc::clone(&self.0).lock_owned().await;
            tokio::spawn(asking(names)).await
        };
        match timeout(limit, asked).await {
            Ok(found) => found.map_err(|error| StoreError::Internal(error.to_string()))?,
            Err(_) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn names_are_read_to_the_end_although_the_question_has_ended() {
        let known = KnownNames::default();
        let ((begins, begun), (goes_on, may_go_on)) = (oneshot::channel(), oneshot::channel());
        let reading = known.ask(move |mut names| async move {
            begins.send(()).expect("the test waits");
            may_go_on.await.expect("the test says it");
            names.put("", "u-1", [None, Some("Ada")]);
            Ok(Some(()))
        });
        tokio::select! {
            found = reading => panic!("it waits for the test: {found:?}"),
            begun = begun => begun.expect("it has begun"),
        }
        goes_on.send(()).expect("it waits");
        let found = known.ask(|names| async move { Ok(names.containing("ada")) }).await.expect("no error");
        assert_eq!(found.expect("names"), [(None, "u-1".to_owned())]);
    }

    #[tokio::test]
    async fn no_question_waits_long_for_names_that_are_being_read() {
        let known = KnownNames::default();
        let reading = |_names| std::future::pending::<Result<Option<()>>>();
        let slow = || known.ask_within(Duration::ZERO, reading);
        assert!(slow().await.expect("no error").is_none(), "the one that reads them");
        assert!(slow().await.expect("no error").is_none(), "one that waits for the other");
    }
}
