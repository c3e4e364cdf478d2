//! The values that occur in a selection, the most frequent first.

use crate::{Selection, file::Unreadable, homes::Home, schema::Coded};
use livetrail_types::{Catalogue, Scalar};
use std::{cmp::Reverse, collections::HashMap};

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

/// A value and how many rows have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCount {
    /// A number for the status, a text for the others.
    pub value: Scalar,
    /// How many.
    pub count: u64,
}

impl Selection<'_> {
    /// The tenant (or none) of all activities of a user, where they have one in common. It is about the whole log, so that
    /// it needs no look at a row.
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
    /// come first; rows without a value are not counted.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn facets(
        &self,
        facets: &[Facet],
        limit: usize,
        catalogue: &Catalogue,
    ) -> Result<Vec<Vec<FacetCount>>, Unreadable> {
        facets.iter().map(|facet| self.facet(*facet, limit, catalogue)).collect()
    }

    fn facet(
        &self,
        facet: Facet,
        limit: usize,
        catalogue: &Catalogue,
    ) -> Result<Vec<FacetCount>, Unreadable> {
        match facet {
            Facet::ActionType => self.texts(Coded::Action, limit),
            Facet::Category => self.categories(limit, catalogue),
            Facet::UserId => self.texts(Coded::User, limit),
            Facet::StatusCode => {
                let codes = top(self.counts(Coded::Status)?, limit, |code| *code);
                Ok(counted(
                    codes.into_iter().map(|(code, count)| (Scalar::Number(i64::from(code) - 1), count)),
                ))
            }
            Facet::HttpMethod => self.texts(Coded::Method, limit),
            Facet::Endpoint => self.texts(Coded::Endpoint, limit),
            Facet::ResourceType => self.texts(Coded::ResourceType, limit),
            Facet::IpAddress => self.texts(Coded::Address, limit),
            Facet::TenantId => self.texts(Coded::Tenant, limit),
            Facet::DelegateId => self.texts(Coded::Delegate, limit),
            Facet::Via => self.texts(Coded::Via, limit),
        }
    }

    fn texts(&self, column: Coded, limit: usize) -> Result<Vec<FacetCount>, Unreadable> {
        let dictionary = self.index.dictionaries.of(column);
        let codes = top(self.counts(column)?, limit, |code| dictionary.text(*code));
        let text = |code| Scalar::Text(dictionary.text(code).to_owned());
        Ok(counted(codes.into_iter().map(|(code, count)| (text(code), count))))
    }

    fn categories(&self, limit: usize, catalogue: &Catalogue) -> Result<Vec<FacetCount>, Unreadable> {
        let actions = self.index.dictionaries.of(Coded::Action);
        let mut counts = HashMap::<&str, u64>::new();
        for (code, count) in self.counts(Coded::Action)? {
            *counts.entry(catalogue.category_of(actions.text(code))).or_default() += count;
        }
        let keys = top(counts.into_iter().collect(), limit, |key| *key);
        Ok(counted(keys.into_iter().map(|(key, count)| (Scalar::Text(key.to_owned()), count))))
    }
}

fn counted(values: impl Iterator<Item = (Scalar, u64)>) -> Vec<FacetCount> {
    values.map(|(value, count)| FacetCount { value, count }).collect()
}

/// The `limit` largest counts, in order. Keys are made only for counts that may be among them.
pub(super) fn top<T, K: Ord>(
    mut counts: Vec<(T, u64)>,
    limit: usize,
    key: impl Fn(&T) -> K,
) -> Vec<(T, u64)> {
    if limit < counts.len() {
        let (_, (_, least), _) = counts.select_nth_unstable_by_key(limit, |(_, count)| Reverse(*count));
        let least = *least;
        counts.retain(|(_, count)| *count >= least);
    }
    counts.sort_by_cached_key(|(value, count)| (Reverse(*count), key(value)));
    counts.truncate(limit);
    counts
}
