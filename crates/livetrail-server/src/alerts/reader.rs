//! Reads activities of the past for rules, in the order of positions.
//!
//! The index knows the positions that a filter means. If there are few, only their rows are read. Where there are
//! many, or while the index has no answer, all rows are read: then there are activities among them that no rule
//! matches.

use crate::{access::Principal, app::App, questions::QuestionError};
use livetrail_store::RangeRead;
use livetrail_types::{Activity, Filter};

/// Activities that are read together.
pub(super) const PIECE: usize = 2_000;
/// The index is asked for the positions among so many at once: they take at most 16 MB.
const WINDOW: u64 = 1 << 21;
/// Rows are read one after the other, instead of by key, if at least one in so many is wanted.
const DENSE: u64 = 4;

/// What is to be read.
pub(super) struct Wanted {
    /// Activities that one of these means.
    pub(super) filters: Vec<Filter>,
    /// Whether details, errors and user agents are needed.
    pub(super) with_details: bool,
    /// The position before the first one.
    pub(super) after: u64,
    /// The last position.
    pub(super) up_to: u64,
    /// The position before the first one if the index has no answer.
    pub(super) scan_after: u64,
}

/// Reads piece by piece.
pub(super) struct Reader<'a> {
    app: &'a App,
    principal: &'a Principal,
    wanted: Wanted,
    /// Up to here, everything was read.
    after: u64,
    window: Option<Window>,
}

/// A range of positions whose activities are being read.
struct Window {
    last: u64,
    /// Those that are wanted and were not read yet, in descending order; none if the index does not know.
    positions: Option<Vec<u64>>,
}

impl<'a> Reader<'a> {
    /// A reader whose questions count as those of `principal`.
    pub(super) fn new(app: &'a App, principal: &'a Principal, wanted: Wanted) -> Self {
        Self { app, principal, after: wanted.after, wanted, window: None }
    }

    /// Up to this position, everything was read.
    pub(super) fn position(&self) -> u64 {
        self.after
    }

    /// The next activities, perhaps none; none at all when everything was read.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Activity>>, QuestionError> {
        if self.after >= self.wanted.up_to {
            return Ok(None);
        }
        if self.window.is_none() {
            self.window = Some(self.open().await?);
        }
        let Some(Window { last, positions }) = &mut self.window else { return Ok(None) };
        let last = *last;
        let Some(positions) = positions else { return self.scan(last).await.map(Some) };
        let piece = positions.split_off(positions.len().saturating_sub(PIECE));
        let is_last = positions.is_empty();
        let activities = self.at(&piece).await?;
        self.after = if is_last { last } else { piece.first().copied().unwrap_or(last) };
        self.close_if_read(last);
        Ok(Some(activities))
    }

    async fn open(&mut self) -> Result<Window, QuestionError> {
        let last = self.wanted.up_to.min(self.after + WINDOW);
        let mut all = Vec::new();
        for filter in &self.wanted.filters {
            let asker = self.app.questions.by(self.principal);
            match asker.positions(filter, (self.after, last)).await {
                Ok(Some(positions)) => all.extend(positions),
                Err(QuestionError::Store(error)) => return Err(error.into()),
                // All rows are read then, which needs no turn.
                Ok(None) | Err(_) => {
                    self.after = self.after.max(self.wanted.scan_after.min(last));
                    return Ok(Window { last, positions: None });
                }
            }
        }
        all.sort_unstable_by(|one, other| other.cmp(one));
        all.dedup();
        Ok(Window { last, positions: Some(all) })
    }

    /// The next activities of a window, whatever they are.
    async fn scan(&mut self, last: u64) -> Result<Vec<Activity>, QuestionError> {
        let count = usize::try_from(last.saturating_sub(self.after)).unwrap_or(PIECE).min(PIECE);
        let (activities, end) = self.range(self.after, count).await?;
        self.after = end.min(last);
        self.close_if_read(last);
        Ok(activities)
    }

    fn close_if_read(&mut self, last: u64) {
        if self.after >= last {
            self.window = None;
        }
    }

    /// The activities at positions in descending order, and perhaps others between them; in ascending order.
    async fn at(&self, positions: &[u64]) -> Result<Vec<Activity>, QuestionError> {
        let (Some(last), Some(first)) = (positions.first(), positions.last()) else { return Ok(Vec::new()) };
        let spread = last - first + 1;
        if spread <= DENSE * positions.len() as u64 {
            let count = usize::try_from(spread).unwrap_or(usize::MAX);
            return Ok(self.range(first - 1, count).await?.0);
        }
        let ascending: Vec<u64> = positions.iter().rev().copied().collect();
        let rows = self.app.store.rows(&ascending).await?;
        Ok(rows.into_iter().flatten().map(|(activity, _)| activity).collect())
    }

    /// The activities of so many positions after a position, and the last of these positions. It is later where the
    /// log begins later.
    async fn range(&self, mut after: u64, count: usize) -> Result<(Vec<Activity>, u64), QuestionError> {
        let (store, end) = (&self.app.store, after + count as u64);
        while after < end {
            let count = usize::try_from(end - after).unwrap_or(count);
            let read = match self.wanted.with_details {
                true => store.range(after, count).await?,
                false => store.lean_range(after, count).await?,
            };
            match read {
                RangeRead::Trimmed { floor } => after = floor,
                RangeRead::Rows(rows) => {
                    return Ok((rows.into_iter().map(|(activity, _)| activity).collect(), end));
                }
            }
        }
        Ok((Vec::new(), after))
    }
}
