//! Questions to the log: pages, figures, groups. Handlers ask here instead of the store, so that each question has a
//! deadline and a share.
//!
//! - **An end.** The questions of one request share a deadline. At the deadline, or when the client hangs up, the future is
//!   dropped; then the database stops working on the question at once.
//! - **A share.** The store answers a few questions at once. One credential has at most half of these places, and credentials
//!   that wait have their turns in the order in which they came ([`crate::turns`]).
//!
//! Reads by key (an activity by id, a stream's replay, the head) do not come here: no number of questions delays them.

#[cfg(test)]
mod tests;

use crate::{
    access::{CredentialId, Principal},
    turns::{Turn, Turns},
};
use jiff::Timestamp;
use livetrail_store::{Store, StoreError};
use livetrail_types::{Cursor, Filter, Group, Grouping, ListQuery, Page, Stats};
use std::{sync::Arc, time::Duration};
use thiserror::Error;
use tokio::{
    sync::OnceCell,
    time::{Instant, timeout_at},
};

/// Why a question was not answered.
#[derive(Debug, Error)]
pub enum QuestionError {
    /// It took longer than this and was ended.
    #[error("the question took longer than {0:?}")]
    TookTooLong(Duration),
    /// Other questions took so long that it had no turn.
    #[error("the question had no turn within {0:?}")]
    NoTurn(Duration),
    /// The store does not answer it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The answer to a question.
pub(crate) type Answer<T> = Result<T, QuestionError>;

/// The way to ask.
pub struct Questions {
    store: Arc<dyn Store>,
    turns: Turns<CredentialId>,
    timeout: Duration,
}

impl Questions {
    /// Questions to `store`, of which those of one request may take `timeout`.
    pub fn new(store: Arc<dyn Store>, timeout: Duration) -> Self {
        let count = store.max_questions();
        Self { turns: Turns::new(count, count.div_ceil(2)), store, timeout }
    }

    /// The log's epoch and the position that questions of one answer go up to. It waits for no turn.
    ///
    /// # Errors
    /// [`QuestionError::Store`].
    pub async fn head(&self) -> Answer<Cursor> {
        Ok(self.store.head().await?.cursor())
    }

    /// The asker of one request, whose questions share a deadline, which begins now.
    pub fn by(&self, principal: &Principal) -> Asker<'_> {
        let (credential, deadline) = (principal.share_id(), Instant::now() + self.timeout);
        Asker { questions: self, credential, deadline, turn: OnceCell::new() }
    }
}

/// Asks the questions of one request.
pub struct Asker<'a> {
    questions: &'a Questions,
    credential: CredentialId,
    deadline: Instant,
    /// Taken for the first question and kept for the others. First answers are held in memory, so requests that wait
    /// for their second answer must not pile up.
    turn: OnceCell<Turn<'a, CredentialId>>,
}

impl Asker<'_> {
    /// A page of the log.
    ///
    /// # Errors
    /// See [`QuestionError`]; of the store's, [`StoreError::CursorMismatch`] is the client's fault.
    pub async fn list(&self, query: ListQuery) -> Answer<Page> {
        self.ask(self.questions.store.list(query)).await
    }

    /// The figures of a filter up to and with the position `head`; `now` says what the last 24 hours are.
    ///
    /// # Errors
    /// See [`QuestionError`].
    pub async fn stats(&self, filter: Filter, head: u64, now: Timestamp) -> Answer<Stats> {
        self.ask(self.questions.store.stats(filter, head, now)).await
    }

    /// Groups of activities, the largest first.
    ///
    /// # Errors
    /// See [`QuestionError`].
    pub async fn groups(&self, grouping: Grouping) -> Answer<Vec<Group>> {
        self.ask(self.questions.store.groups(grouping)).await
    }

    /// How many activities a filter means up to and with the position `head`.
    ///
    /// # Errors
    /// See [`QuestionError`].
    pub async fn count(&self, filter: Filter, head: u64) -> Answer<u64> {
        let all = Grouping { filter, head, by: Vec::new(), at_least: 1, most: 1 };
        Ok(self.groups(all).await?.first().map_or(0, |group| group.count))
    }

    async fn ask<T>(&self, asking: impl Future<Output = Result<T, StoreError>>) -> Answer<T> {
        let Questions { turns, timeout, .. } = self.questions;
        let turn = self.turn.get_or_try_init(|| turns.take(&self.credential));
        let Ok(Ok(_)) = timeout_at(self.deadline, turn).await else {
            return Err(QuestionError::NoTurn(*timeout));
        };
        let answer = timeout_at(self.deadline, asking).await;
        Ok(answer.map_err(|_| QuestionError::TookTooLong(*timeout))??)
    }
}
