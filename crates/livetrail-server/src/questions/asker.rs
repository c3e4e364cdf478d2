//! The questions of one request: the index answers, and SQL where the index cannot.

use super::{
    Answer, AnsweredBy, QuestionError, Questions,
    columns::{self, Found, Named, NoAnswer, Rows, Scope, Selection, Snapshot, Users},
};
use crate::{access::CredentialId, traces::step, turns::Turn};
use jiff::Timestamp;
use livetrail_store::{Bounds, Row, StoreError};
use livetrail_types::{Catalogue, Cursor, Filter, Group, Grouping, ListQuery, Page, Stats};
use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OnceCell},
    task::spawn_blocking,
    time::{Instant, timeout_at},
};
use tracing::Instrument;

/// Asks the questions of one request.
pub struct Asker<'a> {
    questions: &'a Questions,
    credential: CredentialId,
    deadline: Instant,
    /// Taken for the first question and kept for the others. First answers are held in memory, so requests that wait
    /// for their second answer must not pile up.
    turn: OnceCell<Arc<Turn<CredentialId>>>,
    /// The ends of the log when the request began, which its questions have in common.
    bounds: OnceCell<Bounds>,
    /// The index as the first question found it, so that the answers of a request agree with each other.
    index: Arc<OnceLock<Option<Snapshot>>>,
    named: Mutex<HashMap<String, Arc<Users>>>,
    has_asked_sql: AtomicBool,
}

impl<'a> Asker<'a> {
    pub(super) fn new(questions: &'a Questions, credential: CredentialId, deadline: Instant) -> Self {
        Self {
            questions,
            credential,
            deadline,
            turn: OnceCell::new(),
            bounds: OnceCell::new(),
            index: Arc::default(),
            named: Mutex::default(),
            has_asked_sql: AtomicBool::new(false),
        }
    }

    /// The position that the questions of this request go up to. It waits for no turn.
    ///
    /// # Errors
    /// [`QuestionError::Store`].
    pub async fn head(&self) -> Answer<Cursor> {
        Ok(self.bounds().await?.cursor())
    }

    pub(super) async fn bounds(&self) -> Answer<Bounds> {
        Ok(*self.bounds.get_or_try_init(|| self.questions.store.head()).await?)
    }

    /// What has answered so far.
    pub fn answered_by(&self) -> AnsweredBy {
        if self.has_asked_sql.load(Ordering::Relaxed) { AnsweredBy::Sql } else { AnsweredBy::Index }
    }

    /// The figures of a filter up to and with the position `head`; `now` says what the last 24 hours are.
    ///
    /// # Errors
    /// See [`QuestionError`].
    pub async fn stats(&self, filter: &Filter, head: u64, now: Timestamp) -> Answer<Stats> {
        let asked = move |selection: &Selection<'_>| columns::stats(selection, now);
        match self.ask_index(filter, head, asked).await? {
            Some(stats) => Ok(self.by_index(stats)),
            None => {
                let asking = self.questions.store.stats(filter.clone(), head, now);
                Ok(self.by_sql(self.ask_store(asking).await?))
            }
        }
    }

    /// How many activities a filter means up to and with the position `head`.
    ///
    /// # Errors
    /// See [`QuestionError`].
    pub async fn count(&self, filter: &Filter, head: u64) -> Answer<u64> {
        match self.ask_index(filter, head, columns::count).await? {
            Some(count) => Ok(self.by_index(count)),
            None => Ok(self.by_sql(self.counted_by_sql(filter, head).await?)),
        }
    }

    /// Groups of activities, the largest first.
    ///
    /// # Errors
    /// See [`QuestionError`].
    pub async fn groups(&self, grouping: Grouping) -> Answer<Vec<Group>> {
        let Grouping { by, min_count, limit, .. } = grouping.clone();
        let asked = move |selection: &Selection<'_>| columns::groups(selection, &by, min_count, limit);
        match self.ask_index(&grouping.filter, grouping.head, asked).await? {
            Some(groups) => Ok(self.by_index(groups)),
            None => Ok(self.by_sql(self.grouped_by_sql(grouping).await?)),
        }
    }

    pub(super) fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.questions.catalogue)
    }

    /// Notes that the index has answered a question.
    pub(super) fn by_index<T>(&self, answer: T) -> T {
        self.questions.metrics.answered(AnsweredBy::Index);
        answer
    }

    /// Notes that SQL has answered a question.
    pub(super) fn by_sql<T>(&self, answer: T) -> T {
        self.has_asked_sql.store(true, Ordering::Relaxed);
        self.questions.metrics.answered(AnsweredBy::Sql);
        answer
    }

    pub(super) async fn listed_by_sql(&self, query: ListQuery) -> Answer<Page> {
        self.ask_store(self.questions.store.list(query)).await
    }

    pub(super) async fn grouped_by_sql(&self, grouping: Grouping) -> Answer<Vec<Group>> {
        self.ask_store(self.questions.store.groups(grouping)).await
    }

    pub(super) async fn counted_by_sql(&self, filter: &Filter, head: u64) -> Answer<u64> {
        let all = Grouping { filter: filter.clone(), head, by: Vec::new(), min_count: 1, limit: 1 };
        Ok(self.grouped_by_sql(all).await?.first().map_or(0, |group| group.count))
    }

    /// The rows at positions, in their order.
    pub(super) async fn rows(&self, positions: &[u64]) -> Answer<Vec<Option<Row>>> {
        self.ask_store(self.questions.store.rows(positions)).await
    }

    /// The rows of up to `limit` positions after a position; none where the log begins later.
    pub(super) async fn range(&self, after: u64, limit: usize) -> Answer<Vec<Row>> {
        Ok(self.ask_store(self.questions.store.range(after, limit)).await?.rows().unwrap_or_default())
    }

    /// Has the store answer, when it is this request's turn.
    async fn ask_store<T>(&self, asking: impl Future<Output = Result<T, StoreError>>) -> Answer<T> {
        self.turn().await?;
        let answer = timeout_at(self.deadline, asking).instrument(step!("database")).await;
        Ok(answer.map_err(|_| QuestionError::TookTooLong(self.questions.timeout))??)
    }

    async fn turn(&self) -> Answer<&Arc<Turn<CredentialId>>> {
        let Questions { turns, timeout, .. } = self.questions;
        let take = async || turns.take(&self.credential).instrument(step!("turn")).await.map(Arc::new);
        match timeout_at(self.deadline, self.turn.get_or_try_init(take)).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(QuestionError::NoTurn(*timeout)),
        }
    }

    /// The ends of the log, if the index can answer at once. A page does not wait for it, since SQL reads one quickly.
    pub(super) async fn index_bounds(&self) -> Answer<Option<Bounds>> {
        if !self.questions.feed().is_ready() {
            return Ok(None);
        }
        self.bounds_in_turn().await.map(Some)
    }

    async fn bounds_in_turn(&self) -> Answer<Bounds> {
        self.turn().await?;
        let bounds = timeout_at(self.deadline, self.bounds()).await;
        bounds.map_err(|_| QuestionError::TookTooLong(self.questions.timeout))?
    }

    /// Has the index answer about what a filter means up to and with the position `head`. None where it has no answer.
    pub(super) async fn ask_index<T: Send + 'static>(
        &self,
        filter: &Filter,
        head: u64,
        question: impl FnOnce(&Selection<'_>) -> Found<T> + Send + 'static,
    ) -> Answer<Option<T>> {
        self.ask_index_between(filter, (0, head), question).await
    }

    /// The same about the positions after `after` up to and with `head`.
    pub(super) async fn ask_index_between<T: Send + 'static>(
        &self,
        filter: &Filter,
        (after, head): (u64, u64),
        question: impl FnOnce(&Selection<'_>) -> Found<T> + Send + 'static,
    ) -> Answer<Option<T>> {
        let feed = self.questions.feed();
        if columns::searches_words(filter) && !feed.has_words {
            return Ok(None);
        }
        if !feed.is_ready() && !feed.is_catching_up() {
            return Ok(None);
        }
        let bounds = self.bounds_in_turn().await?;
        // First, since an index that is ready after this is of this edition or a later one.
        if bounds.edition != feed.edition() {
            // A request that began before an erasure knows less than the index.
            let now = timeout_at(self.deadline, self.questions.store.head()).await;
            if matches!(now, Ok(Ok(now)) if now.edition != feed.edition()) {
                feed.ask_for_rebuild();
            }
            return Ok(None);
        }
        let reached = timeout_at(self.deadline, self.questions.feed().has_reached(bounds.head)).await;
        // A page of SQL, or a cursor that a client made up, may be ahead of what this request knows.
        if bounds.has_unnumbered_removals || head > bounds.head || !reached.unwrap_or_default() {
            return Ok(None);
        }
        let removals = self.questions.feed().follow_removals(&*self.questions.store, bounds.removals);
        let followed = timeout_at(self.deadline, removals).await;
        followed.map_err(|_| QuestionError::TookTooLong(self.questions.timeout))??;
        let scope = self.scope(filter, bounds.floor.max(after) + 1, head).await?;
        let (turn, feed) = (Arc::clone(self.turn().await?), Arc::clone(self.questions.feed()));
        let index = Arc::clone(&self.index);
        let asking = spawn_blocking(move || {
            // The turn lasts as long as the work, also when the client hangs up.
            let _turn = turn;
            // An index that is made again has begun meanwhile.
            let snapshot = || feed.snapshot().filter(|index| index.head() >= bounds.head).map(Snapshot::of);
            let index = index.get_or_init(snapshot).as_ref().ok_or(NoAnswer::Failed)?;
            scope.ask(index, question)
        });
        match timeout_at(self.deadline, asking).instrument(step!("index")).await {
            Err(_) => Err(QuestionError::TookTooLong(self.questions.timeout)),
            Ok(Ok(Ok(answer))) => Ok(Some(answer)),
            // These are no faults: the database answers what there are no columns for.
            Ok(Ok(Err(NoAnswer::Wordy | NoAnswer::NoColumn(_)))) => Ok(None),
            Ok(Ok(Err(error))) => {
                error.damaged().into_iter().for_each(|file| self.questions.feed().report(file));
                Ok(self.questions.index_has_no_answer(&error))
            }
            Ok(Err(error)) => Ok(self.questions.index_has_no_answer(&error)),
        }
    }

    /// The users who have a text in their names, which the directory is asked for once a request.
    async fn users_named(&self, needle: &str) -> Answer<Arc<Users>> {
        let mut known = self.named.lock().await;
        if let Some(users) = known.get(needle) {
            return Ok(Arc::clone(users));
        }
        let users = Arc::new(self.ask_store(self.questions.store.users_named(needle)).await?);
        known.insert(needle.to_owned(), Arc::clone(&users));
        Ok(users)
    }

    async fn scope(&self, filter: &Filter, first: u64, head: u64) -> Answer<Scope> {
        let mut named = Vec::<Named>::new();
        for needle in columns::name_searches(filter) {
            named.push((needle.to_owned(), self.users_named(needle).await?));
        }
        let rows = Rows {
            store: Arc::clone(&self.questions.store),
            runtime: Handle::current(),
            deadline: self.deadline,
        };
        Ok(Scope { filter: filter.clone(), range: first..=head, named, rows })
    }
}
