//! Questions to the index. No other file asks it.

use super::{
    facets::{FacetCounts, Homes, MAX_VALUES, Values},
    timeline::{Bucket, Timeline, Window},
};
use jiff::Timestamp;
use livetrail_index::{
    Facet, FacetCount, File, Kept, NamedUsers, PageFrom, RowTexts, SelectError, Unreadable,
};
pub(super) use livetrail_index::{Index, Selection};
use livetrail_store::{MAX_SAME_ID, Reading, Row, Store, StoreError};
use livetrail_types::{
    Catalogue, Condition, Filter, Group, GroupBy, Json, Scalar, Sort, Stats, TextField, Words,
};
use std::{
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
};
use thiserror::Error;
use tokio::{
    runtime::Handle,
    time::{Instant, timeout_at},
};
use uuid::Uuid;

/// Why the index has no answer. The database has one.
#[derive(Debug, Error)]
pub(super) enum NoAnswer {
    #[error("the index has failed")]
    Failed,
    #[error("the index has no column of {0}")]
    NoColumn(&'static str),
    #[error("too many rows have very many words")]
    Wordy,
    #[error("a row that decides between texts of the same hash cannot be read")]
    Row(#[source] StoreError),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl NoAnswer {
    /// The file that has to be made again.
    pub(super) fn damaged(&self) -> Option<File> {
        match self {
            Self::Unreadable(unreadable) => Some(unreadable.file),
            _ => None,
        }
    }
}

impl From<SelectError<StoreError>> for NoAnswer {
    fn from(error: SelectError<StoreError>) -> Self {
        match error {
            SelectError::Words => Self::NoColumn("messages and details"),
            SelectError::Parts => Self::NoColumn("parts of some resource ids"),
            SelectError::Wordy => Self::Wordy,
            SelectError::Rows(error) => Self::Row(error),
            SelectError::Unreadable(error) => Self::Unreadable(error),
        }
    }
}

/// What the index answers.
pub(super) type Found<T> = Result<T, NoAnswer>;

/// Whether a filter is about words of messages and details, which not every index has.
pub(super) fn searches_words(filter: &Filter) -> bool {
    filter.conditions().iter().any(|condition| matches!(condition, Condition::Words(_)))
}

/// The texts that a filter searches for in the names of users.
pub(super) fn name_searches(filter: &Filter) -> impl Iterator<Item = &str> {
    filter.conditions().iter().filter_map(|condition| match condition {
        Condition::Search(sought) => Some(sought.part()),
        Condition::UserSearch(needle) => Some(needle.as_str()),
        _ => None,
    })
}

/// A text that is searched for, and the users whose names contain it, each with their tenant.
pub(super) type Named = (String, Arc<Users>);

/// Tenants and ids of users.
pub(super) type Users = Vec<(Option<String>, String)>;

/// The activities that a question is about.
pub(super) struct Scope {
    pub(super) filter: Filter,
    pub(super) range: RangeInclusive<u64>,
    /// For each of [`name_searches`].
    pub(super) named: Vec<Named>,
    pub(super) rows: Rows,
}

/// The index as a request sees it, and what its last question has selected. A page, its figures and its facets are
/// about the same activities.
pub(super) struct Snapshot {
    index: Index,
    last: Mutex<Option<(Filter, RangeInclusive<u64>, Kept)>>,
}

impl Snapshot {
    pub(super) fn of(index: Index) -> Self {
        Self { index, last: Mutex::default() }
    }

    fn kept(&self, filter: &Filter, range: &RangeInclusive<u64>) -> Option<Kept> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let same = last.as_ref().filter(|(of, within, _)| of == filter && within == range);
        same.map(|(_, _, kept)| kept.clone())
    }
}

impl Scope {
    /// Asks about the activities in an index. It blocks the thread.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub(super) fn ask<T>(
        self,
        snapshot: &Snapshot,
        question: impl FnOnce(&Selection<'_>) -> Found<T>,
    ) -> Found<T> {
        let Snapshot { index, last } = snapshot;
        if let Some(kept) = snapshot.kept(&self.filter, &self.range) {
            return question(&index.resume(&kept));
        }
        let mut names = NamedUsers::default();
        self.named.into_iter().for_each(|(needle, users)| names.put(&needle, users.to_vec()));
        let selection = index.select(&self.filter, self.range.clone(), &names, &self.rows)?;
        *last.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((self.filter, self.range, selection.keep()));
        question(&selection)
    }
}

/// Reads the rows that hashes alone do not decide, until a deadline.
pub(super) struct Rows {
    pub(super) store: Arc<dyn Store>,
    pub(super) runtime: Handle,
    pub(super) deadline: Instant,
}

impl Rows {
    fn within<T>(&self, reading: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let late = |_| StoreError::Unavailable("the question has ended".into());
        self.runtime.block_on(async { timeout_at(self.deadline, reading).await }).map_err(late)?
    }
}

impl RowTexts for Rows {
    type Error = StoreError;

    fn text(&self, position: u64, field: TextField) -> Result<Option<String>, StoreError> {
        let row = self.within(self.store.rows(&[position]))?.pop().flatten();
        Ok(row.and_then(|(activity, _)| field.of(&activity).map(str::to_owned)))
    }

    fn positions(&self, id: Uuid) -> Result<Vec<u64>, StoreError> {
        let rows = self.within(self.store.all_of_id(id))?;
        if rows.len() >= MAX_SAME_ID {
            return Err(StoreError::Unavailable("more activities than are read have this id".into()));
        }
        Ok(rows.into_iter().map(|(activity, _)| activity.position).collect())
    }

    fn have_words(&self, positions: &[u64], words: &Words) -> Result<Vec<bool>, StoreError> {
        let rows = self.within(self.store.rows(positions))?;
        let has_words = |row: &Option<Row>| {
            row.as_ref().is_some_and(|(activity, _)| {
                let message = activity.error_message.as_deref().unwrap_or_default();
                words.are_in(message, activity.details.as_ref().map_or("", Json::as_str))
            })
        };
        Ok(rows.iter().map(has_words).collect())
    }
}

pub(super) fn count(selection: &Selection<'_>) -> Found<u64> {
    Ok(selection.count())
}

/// In ascending order.
pub(super) fn positions(selection: &Selection<'_>) -> Found<Vec<u64>> {
    Ok(selection.positions().collect())
}

pub(super) fn stats(selection: &Selection<'_>, now: Timestamp) -> Found<Stats> {
    Ok(selection.stats(now)?)
}

/// The positions of a page's rows, in the direction of reading.
pub(super) fn page(selection: &Selection<'_>, sort: Sort, reading: &Reading) -> Found<Vec<u64>> {
    let from = match &reading.edge {
        None => PageFrom::Offset(reading.offset),
        Some((key, position)) if reading.backwards => PageFrom::Before(key.clone(), *position),
        Some((key, position)) => PageFrom::After(key.clone(), *position),
    };
    let mut positions = selection.page(sort, &from, usize::try_from(reading.rows).unwrap_or(usize::MAX))?;
    if reading.backwards {
        positions.reverse();
    }
    Ok(positions)
}

/// What is counted for the page. Tenants only say whose names the users have.
const FACETS: [Facet; 10] = [
    Facet::ActionType,
    Facet::Category,
    Facet::StatusCode,
    Facet::HttpMethod,
    Facet::Endpoint,
    Facet::ResourceType,
    Facet::UserId,
    Facet::DelegateId,
    Facet::Via,
    Facet::TenantId,
];

pub(super) fn facets(selection: &Selection<'_>, catalogue: &Catalogue) -> Found<(FacetCounts, Homes)> {
    let mut found = selection.facets(&FACETS, MAX_VALUES as usize, catalogue)?.into_iter();
    let mut values = || -> Values {
        let counts = found.next().unwrap_or_default().into_iter();
        counts.filter_map(|FacetCount { value, count }| Some((text(value)?, count))).collect()
    };
    // In the order of `FACETS`.
    let counts = FacetCounts {
        total: selection.count(),
        action_type: values(),
        category: values(),
        status: values(),
        method: values(),
        endpoint: values(),
        resource_type: values(),
        user: values(),
        delegate_id: values(),
        via: values(),
    };
    // Where a tenant is filtered by, its users may have others elsewhere.
    let of_all = match values().as_slice() {
        [] => Some(None),
        [(only, count)] if *count == counts.total => Some(Some(only.clone())),
        _ => None,
    };
    let mut homes = Homes::default();
    for (user, _) in &counts.user {
        let only = || selection.only_tenant(user).map(|tenant| tenant.map(str::to_owned));
        match of_all.clone().or_else(only) {
            Some(tenant) => homes.known.push((tenant, user.clone())),
            None => homes.unsure.push(user.clone()),
        }
    }
    Ok((counts, homes))
}

pub(super) fn groups(
    selection: &Selection<'_>,
    by: &[GroupBy],
    min_count: u64,
    limit: u32,
) -> Found<Vec<Group>> {
    Ok(selection.groups(by, min_count, limit as usize)?)
}

/// A value as it is shown.
pub(super) fn text(value: Scalar) -> Option<String> {
    match value {
        Scalar::Null => None,
        Scalar::Number(number) => Some(number.to_string()),
        Scalar::Text(text) => Some(text),
    }
}

/// The timeline within a window that is chosen by when the first and the last activity happened.
pub(super) fn timeline(
    selection: &Selection<'_>,
    window: impl FnOnce(Timestamp, Timestamp) -> Window,
    catalogue: &Catalogue,
) -> Found<Timeline> {
    let Some((first, last)) = selection.span()? else { return Ok(Timeline::empty()) };
    let Window { start, width, buckets } = window(first, last);
    let counts = selection.timeline(start, width, buckets, catalogue)?.into_iter();
    let bucket = |bucket: livetrail_index::Bucket| Bucket {
        start: bucket.start,
        count: bucket.count,
        success_count: bucket.success_count,
        failed_count: bucket.count - bucket.success_count,
        categories: bucket.categories,
    };
    Ok(Timeline { total: selection.count(), bucket_seconds: width, buckets: counts.map(bucket).collect() })
}
