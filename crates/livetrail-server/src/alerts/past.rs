//! What the evaluator asks of the log: activities around one that arrived very late, and the alerts of that time.

use super::stored;
use crate::{access::Principal, app::App, questions::QuestionError};
use jiff::Timestamp;
use livetrail_alerts::{Alert, Past, PastError, Question};
use livetrail_types::{Activity, ListQuery, Page, PageStart, Sort};
use std::{sync::Arc, time::Duration};
use tokio::{runtime::Handle, time::sleep};

/// Activities that are read together.
const PAGE: u32 = 500;
/// How often a page is asked for while the server has no time for it, and the pause between.
const ATTEMPTS: usize = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// The activities of the log. It blocks the thread of the evaluator.
pub(super) struct Log {
    app: Arc<App>,
    runtime: Handle,
    /// The client that the questions are asked for.
    principal: Principal,
}

impl Log {
    /// The log of a server, asked from a thread that may block.
    pub(super) fn of(app: &Arc<App>, principal: Principal) -> Self {
        Self { app: Arc::clone(app), runtime: Handle::current(), principal }
    }

    /// The time of the server.
    pub(super) fn now(&self) -> Timestamp {
        self.app.environment.now()
    }

    pub(super) fn activities(
        &self,
        question: &Question<'_>,
        each: &mut dyn FnMut(&Activity),
    ) -> Result<(), PastError> {
        let (mut start, filter) = (PageStart::Number(1), question.filter());
        loop {
            let query = ListQuery { filter: filter.clone(), sort: Sort::default(), limit: PAGE, start };
            let page = self.runtime.block_on(self.page(query))?;
            let before = page.rows.iter().filter(|(activity, _)| activity.position < question.before);
            before.for_each(|(activity, _)| each(activity));
            match page.next {
                Some(next) => start = PageStart::Cursor(next),
                None => return Ok(()),
            }
        }
    }

    async fn page(&self, query: ListQuery) -> Result<Page, QuestionError> {
        for _ in 1..ATTEMPTS {
            match self.app.questions.by(&self.principal).list(query.clone()).await {
                Err(QuestionError::TookTooLong(_) | QuestionError::NoTurn(_)) => sleep(PAUSE).await,
                answered => return answered,
            }
        }
        self.app.questions.by(&self.principal).list(query).await
    }
}

/// The log and the kept alerts.
pub(super) struct LogWithAlerts {
    pub(super) log: Log,
    /// Kept alerts that the evaluator did not remember, and when they were raised.
    pub(super) read: Vec<(Alert, Timestamp)>,
}

impl Past for LogWithAlerts {
    fn activities(
        &mut self,
        question: &Question<'_>,
        each: &mut dyn FnMut(&Activity),
    ) -> Result<(), PastError> {
        self.log.activities(question, each)
    }

    fn alerts(&mut self, question: &Question<'_>) -> Result<Vec<Alert>, PastError> {
        let group = stored::group_of(question);
        let kept = self.log.runtime.block_on(self.log.app.store.alerts_of(group))?;
        let read = |kept: &livetrail_store::Alert| Some((stored::read_or_tell(kept)?, kept.raised_at));
        let alerts: Vec<(Alert, Timestamp)> = kept.iter().filter_map(read).collect();
        self.read.extend(alerts.iter().cloned());
        Ok(alerts.into_iter().map(|(alert, _)| alert).collect())
    }
}
