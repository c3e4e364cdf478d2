//! The values that occur in a selection, the most frequent first.

use crate::{Selection, schema::Coded};
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
    /// The `limit` most frequent values of each facet, in the order of the facets. Between equals the smallest values
    /// come first; rows without a value are not counted.
    pub fn facets(&self, facets: &[Facet], limit: usize, catalogue: &Catalogue) -> Vec<Vec<FacetCount>> {
        facets.iter().map(|facet| self.facet(*facet, limit, catalogue)).collect()
    }

    fn facet(&self, facet: Facet, limit: usize, catalogue: &Catalogue) -> Vec<FacetCount> {
        match facet {
            Facet::ActionType => self.texts(Coded::Action, limit),
            Facet::Category => self.categories(limit, catalogue),
            Facet::UserId => self.texts(Coded::User, limit),
            Facet::StatusCode => {
                let codes = top(self.counts(Coded::Status), limit, |code| *code);
                counted(codes.into_iter().map(|(code, count)| (Scalar::Number(i64::from(code) - 1), count)))
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

    fn texts(&self, column: Coded, limit: usize) -> Vec<FacetCount> {
        let dictionary = self.index.dictionaries.of(column);
        let codes = top(self.counts(column), limit, |code| dictionary.text(*code));
        counted(
            codes.into_iter().map(|(code, count)| (Scalar::Text(dictionary.text(code).to_owned()), count)),
        )
    }

    fn categories(&self, limit: usize, catalogue: &Catalogue) -> Vec<FacetCount> {
        let actions = self.index.dictionaries.of(Coded::Action);
        let mut counts = HashMap::<&str, u64>::new();
        for (code, count) in self.counts(Coded::Action) {
            *counts.entry(catalogue.category_of(actions.text(code))).or_default() += count;
        }
        let keys = top(counts.into_iter().collect(), limit, |key| *key);
        counted(keys.into_iter().map(|(key, count)| (Scalar::Text(key.to_owned()), count)))
    }
}

fn counted(values: impl Iterator<Item = (Scalar, u64)>) -> Vec<FacetCount> {
    values.map(|(value, count)| FacetCount { value, count }).collect()
}

/// The `limit` largest counts, in order; only they are sorted.
fn top<T, K: Ord>(mut counts: Vec<(T, u64)>, limit: usize, key: impl Fn(&T) -> K) -> Vec<(T, u64)> {
    let order = |one: &(T, u64), other: &(T, u64)| {
        Reverse(one.1).cmp(&Reverse(other.1)).then_with(|| key(&one.0).cmp(&key(&other.0)))
    };
    if limit < counts.len() {
        counts.select_nth_unstable_by(limit, order);
        counts.truncate(limit);
    }
    counts.sort_unstable_by(order);
    counts
}
