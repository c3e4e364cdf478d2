//! Questions to the log: pages, figures, facets, timelines, groups. Handlers ask here instead of the store, so that
//! each question has a deadline and a share.
//!
//! - **The index answers** (`columns.rs`), as far as it can: it has columns of what filters and figures are about, and
//!   a task keeps it up to date (`feed/`). SQL answers while the index is being built, when it is more than a second
//!   behind, after an error, and for the searches that it has no columns for. Both give the same answers, and a test
//!   compares them.
//! - **Read your writes.** A question asks the database for the head of the log first, and the index waits until it is
//!   there.
//! - **An end.** The questions of one request share a deadline. At the deadline, or when the client hangs up, the
//!   future is dropped; then the database stops working on the question at once.
//! - **A share.** A few questions are answered at once. One credential has at most half of these places, and
//!   credentials that wait have their turns in the order in which they came ([`crate::turns`]). A question to the index
//!   is work of the processor that nothing can interrupt, so its thread holds the turn until it ends.
//!
//! Reads by key (an activity by id, a stream's replay, the head) do not come here: no number of questions delays them.

mod asker;
mod columns;
mod facets;
mod feed;
mod known_actions;
mod list;
mod metrics;
mod positions;
mod sessions;
#[cfg(test)]
mod tests;
mod timeline;
mod upkeep;

pub(crate) use asker::Asker;
pub(crate) use facets::{FacetCounts, Facets, Values};
pub(crate) use feed::IndexState;
pub(crate) use sessions::LogSession;
pub(crate) use timeline::{Bucket, Timeline};
pub(crate) use upkeep::{IndexInfo, IndexVerified};

use crate::{
    access::{CredentialId, Principal},
    hub::Hub,
    turns::Turns,
};
use feed::{Feed, Feeding};
use livetrail_store::{Store, StoreError};
use livetrail_types::Catalogue;
use metrics::Metrics;
use prometheus_client::registry::Registry;
use std::{
    fmt::Display,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use thiserror::Error;
use tokio::time::Instant;

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

/// What has answered a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnsweredBy {
    /// The index alone.
    Index,
    /// The database, at least in part.
    Sql,
}

impl AnsweredBy {
    /// Its name in headers and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Sql => "sql",
        }
    }
}

/// The way to ask.
pub struct Questions {
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    catalogue: Arc<Catalogue>,
    turns: Turns<CredentialId>,
    timeout: Duration,
    feeding: Feeding,
    metrics: Metrics,
    /// Whether it was logged that the index had no answer.
    is_told: AtomicBool,
}

impl Questions {
    /// Questions to `store`, of which those of one request may take `timeout`. SQL answers until
    /// [`Questions::begin_index`]. The files of the index are in `data_dir`, and what is read of them may take
    /// `index_memory` bytes. With `text_search`, the index has the words of messages and details.
    ///
    /// # Errors
    /// What the store says.
    pub async fn open(
        store: Arc<dyn Store>,
        hub: Arc<Hub>,
        catalogue: Arc<Catalogue>,
        timeout: Duration,
        (data_dir, index_memory, text_search): (&Path, u64, bool),
        registry: &mut Registry,
    ) -> Result<Self, StoreError> {
        let count = store.max_questions();
        let turns = Turns::new(count, count.div_ceil(2));
        let feeding = Feeding::open(&*store, data_dir, index_memory, text_search).await?;
        let metrics = Metrics::register(&feeding.feed, registry);
        let is_told = AtomicBool::new(false);
        Ok(Self { store, hub, catalogue, turns, timeout, feeding, metrics, is_told })
    }

    /// Begins to feed the index from the log, and keeps it up to date until this is dropped. A command that asks one
    /// question does without: it need not read the whole log.
    pub fn begin_index(&self) {
        self.feeding.begin(&self.store, &self.hub);
    }

    /// Stops following the log. When this returns, the index does not use the store any more.
    pub async fn stop(&self) {
        self.feeding.stop().await;
    }

    /// The asker of one request, whose questions share a deadline, which begins now.
    pub fn by(&self, principal: &Principal) -> Asker<'_> {
        Asker::new(self, principal.share_id(), Instant::now() + self.timeout)
    }

    /// How far the index is.
    pub fn index_state(&self) -> IndexState {
        self.feed().state(self.hub.head().position)
    }

    fn feed(&self) -> &Arc<Feed> {
        &self.feeding.feed
    }

    /// Logs the first error of the index. SQL has the answer.
    fn index_has_no_answer<T>(&self, error: &impl Display) -> Option<T> {
        if !self.is_told.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, "the index has no answer to a question, so the database answers; this is logged once");
        }
        None
    }
}
