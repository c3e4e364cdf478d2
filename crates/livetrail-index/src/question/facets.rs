//! The values that occur in a selection, the most frequent first.

use crate::{Selection, file::Unreadable, homes::Home, schema::Coded};
use livetrail_types::{Catalogue, Scalar};
use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, HashMap},
};

/// What values are counted of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are named after the fields of Activity")]
pub enum Facet {
    ActionType,
    /// The category of the action in the catalogue.
    Category,
    UserId,
    StatusCode,
    HttpMethod,
    Endpoint,
    ResourceType,
    IpAddress,
    TenantId,
    DelegateId,
    Via,
}

impl Facet {
    /// The column that is counted for it.
    fn column(self) -> Coded {
        match self {
            Self::ActionType | Self::Category => Coded::Action,
            Self::UserId => Coded::User,
            Self::StatusCode => Coded::Status,
            Self::HttpMethod => Coded::Method,
            Self::Endpoint => Coded::Endpoint,
            Self::ResourceType => Coded::ResourceType,
            Self::IpAddress => Coded::Address,
            Self::TenantId => Coded::Tenant,
            Self::DelegateId => Coded::Delegate,
            Self::Via => Coded::Via,
        }
    }
}

/// A value and how many rows have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCount {
    /// A number for the status, a text for the others.
    pub value: Scalar,
    /// How many.
    pub count: u64,
}

impl Selection<'_> {
    /// The tenant (or none) of all activities of a user, where they have one in common. It is about the whole log, so
    /// that it needs no look at a row.
    #[must_use]
    pub fn only_tenant(&self, user: &str) -> Option<Option<&str>> {
        let dictionaries = &self.index.dictionaries;
        match dictionaries.homes.of(dictionaries.of(Coded::User).code(user)?) {
            Home::One(0) => Some(None),
            Home::One(tenant) => Some(Some(dictionaries.of(Coded::Tenant).text(tenant))),
            Home::Several => None,
        }
    }

    /// The `limit` most frequent values of each facet, in the order of the facets. Between equals the smallest values
    /// come first; rows without a value are not counted. Facets that are asked for together take less time than one by
    /// one.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn facets(
        &self,
        facets: &[Facet],
        limit: usize,
        catalogue: &Catalogue,
    ) -> Result<Vec<Vec<FacetCount>>, Unreadable> {
        let mut columns = Vec::new();
        for column in facets.iter().map(|facet| facet.column()) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let counts: Vec<_> = columns.iter().copied().zip(self.counts_of(&columns)?).collect();
        let of = |column: Coded| counts.iter().find(|(one, _)| *one == column).map(|(_, counts)| &**counts);
        let values = |facet: &Facet| {
            let (column, counts) = (facet.column(), of(facet.column()).unwrap_or_default());
            match facet {
                Facet::Category => self.categories(counts, limit, catalogue),
                Facet::StatusCode => statuses(counts, limit),
                _ => self.texts(column, counts, limit),
            }
        };
        Ok(facets.iter().map(values).collect())
    }

    fn texts(&self, column: Coded, counts: &[(u32, u64)], limit: usize) -> Vec<FacetCount> {
        let dictionary = self.index.dictionaries.of(column);
        let codes = top(counts, limit, |code| dictionary.text(code));
        let text = |code| Scalar::Text(dictionary.text(code).to_owned());
        counted(codes.into_iter().map(|(code, count)| (text(code), count)))
    }

    fn categories(&self, of_actions: &[(u32, u64)], limit: usize, catalogue: &Catalogue) -> Vec<FacetCount> {
        let actions = self.index.dictionaries.of(Coded::Action);
        let mut counts = HashMap::<&str, u64>::new();
        for (code, count) in of_actions {
            *counts.entry(catalogue.category_of(actions.text(*code))).or_default() += count;
        }
        let counts: Vec<_> = counts.into_iter().collect();
        let keys = top(&counts, limit, |key| key);
        counted(keys.into_iter().map(|(key, count)| (Scalar::Text(key.to_owned()), count)))
    }
}

fn statuses(counts: &[(u32, u64)], limit: usize) -> Vec<FacetCount> {
    let codes = top(counts, limit, |code| code);
    counted(codes.into_iter().map(|(code, count)| (Scalar::Number(i64::from(code) - 1), count)))
}

fn counted(values: impl Iterator<Item = (Scalar, u64)>) -> Vec<FacetCount> {
    values.map(|(value, count)| FacetCount { value, count }).collect()
}

/// The `limit` largest counts, in order. Nothing is kept of the others, and their keys are made only where the count
/// decides nothing.
pub(super) fn top<T: Copy, K: Ord>(counts: &[(T, u64)], limit: usize, key: impl Fn(T) -> K) -> Vec<(T, u64)> {
    // The last one in order is at its top.
    let mut best = BinaryHeap::with_capacity(limit.min(counts.len()));
    for (at, (value, count)) in counts.iter().enumerate() {
        if best.len() < limit {
            best.push((Reverse(*count), key(*value), at));
            continue;
        }
        let Some(mut last) = best.peek_mut() else { break };
        let is_before = match Reverse(*count).cmp(&last.0) {
            Ordering::Equal => key(*value) < last.1,
            order => order.is_lt(),
        };
        if is_before {
            *last = (Reverse(*count), key(*value), at);
        }
    }
    best.into_sorted_vec().into_iter().map(|(.., at)| counts[at]).collect()
}
