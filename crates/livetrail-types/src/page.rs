//! The question and the answer of a list.

use crate::{Activity, BadCursor, Epoch, Filter, Scalar, UserProfile};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// By what a list is sorted. Where it is null, it comes last in both orders; the position decides between equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are named after the fields of Activity")]
pub enum SortBy {
    #[default]
    Timestamp,
    ActionType,
    DurationMs,
    StatusCode,
}

/// In which direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SortOrder {
    /// Smallest first.
    Asc,
    /// Largest, newest first.
    #[default]
    Desc,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// In which direction.
    pub order: SortOrder,
}

/// A question for a page of the log.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// The activities of the list.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// How many rows a page has.
    pub limit: u32,
    /// Where the page begins.
    pub start: PageStart,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq)]
pub enum PageStart {
    /// At the n-th page, from 1, of what is there now.
    Number(u32),
    /// Beside a page that was read before.
    Cursor(PageCursor),
}

/// The edge of a page: the row from which the next (or the previous) page continues. It pins the head of the log and
/// the filter of the list it comes from, so that what arrives later shifts nothing.
///
/// On the wire: a JSON array in URL-safe base64. Clients treat it as opaque.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageCursor {
    /// The log it belongs to.
    pub epoch: u32,
    /// The last position that belongs to the list.
    pub head: u64,
    /// [`Filter::fingerprint`] of the list.
    pub filter: u64,
    /// The order of the list.
    pub sort: Sort,
    /// Whether it leads to the page before.
    pub backwards: bool,
    /// The sort key of the row at the edge.
    pub key: Scalar,
    /// The position of the row at the edge.
    pub position: u64,
    /// The number of the page it leads to.
    pub page: u32,
}

impl PageCursor {
    /// Whether it belongs to the log `epoch`, this filter and this order.
    pub fn fits(&self, epoch: Epoch, filter: &Filter, sort: Sort) -> bool {
        self.epoch == epoch.0 && self.filter == filter.fingerprint() && self.sort == sort
    }
}

type Written = (u32, u64, u64, Sort, bool, Scalar, u64, u32);

impl fmt::Display for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = (
            self.epoch,
            self.head,
            self.filter,
            self.sort,
            self.backwards,
            &self.key,
            self.position,
            self.page,
        );
        f.write_str(&URL_SAFE_NO_PAD.encode(crate::json::to_vec(&fields)))
    }
}

impl FromStr for PageCursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor)?;
        let (epoch, head, filter, sort, backwards, key, position, page): Written =
            serde_json::from_slice(&bytes).map_err(|_| BadCursor)?;
        let in_range = head <= i64::MAX as u64 && position <= i64::MAX as u64;
        in_range
            .then_some(Self { epoch, head, filter, sort, backwards, key, position, page })
            .ok_or(BadCursor)
    }
}

/// A page of the log.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rows, each with what the directory knows of its user.
    pub rows: Vec<(Activity, Option<UserProfile>)>,
    /// The last position that belongs to the list.
    pub head: u64,
    /// The number of this page.
    pub page: u32,
    /// Leads to the page after this one, if there is one.
    pub next: Option<PageCursor>,
    /// Leads to the page before this one, if there is one.
    pub prev: Option<PageCursor>,
}

/// The figures of a filter: the eight cards, and three more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Stats {
    /// How many activities match.
    pub total_logs: u64,
    /// How many of them worked, in per cent with two decimals; 0 when there are none.
    pub success_rate: f64,
    /// How many worked.
    pub success_count: u64,
    /// How many did not.
    pub failed_count: u64,
    /// How many different users acted.
    pub unique_users: u64,
    /// How many of those are anonymous.
    pub anonymous_users: u64,
    /// How many activities were an admin's doing.
    pub admin_actions: u64,
    /// Average duration in milliseconds with two decimals, of those that have one.
    pub avg_duration_ms: Option<f64>,
    /// Ninety-five per cent took no longer than this, in milliseconds.
    pub p95_duration_ms: Option<i32>,
    /// How many match in the last 24 hours, whatever dates the filter names.
    pub last_24h: u64,
    /// The action that occurs most.
    pub top_action: Option<String>,
}

#[cfg(test)]
mod tests;
