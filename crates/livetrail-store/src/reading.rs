//! Pages by keyset: what every reader of a page has in common, be it a database or an index.
//!
//! A list is sorted by a key and, between equal keys, by position in the same direction; where the key is null it
//! comes last in both orders. A page is read in the direction its cursor leads, one row more than it shows, so that
//! it knows whether it goes on.

use crate::{Result, Row, StoreError};
use livetrail_types::{
    Activity, Epoch, Json, ListQuery, Page, PageCursor, PageStart, Scalar, Sort, SortBy, SortOrder, limits,
};

/// How a page has to be read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The last position that belongs to the list.
    pub head: u64,
    /// The row after which (in reading direction) the page begins.
    pub edge: Option<(Scalar, u64)>,
    /// How many rows to skip.
    pub offset: u64,
    /// How many rows to read.
    pub rows: u64,
    /// The direction of keys and positions; nulls come first when `backwards`.
    pub order: SortOrder,
    /// Whether the page is read from its end.
    pub backwards: bool,
}

/// What a page may hold: all rows of a page that people look at, and of a longer one no more than have so many bytes.
/// Rows may be a thousand times as large as others, so that their number alone bounds no memory.
#[derive(Debug, Default)]
pub struct PageBudget {
    rows: usize,
    bytes: usize,
}

impl PageBudget {
    /// Rows that a page may have however large they are: those of the longest list, and one more.
    pub const ROWS: usize = limits::PAGE_LIMIT as usize + 1;
    const BYTES: usize = 8 * 1024 * 1024;
    /// What a row takes beside its long texts, about.
    const ROW_BYTES: usize = 500;

    /// How many rows to read next. Once rows turn out to be small, more of them are read together.
    pub fn next_rows(&self) -> usize {
        let size = self.bytes / self.rows.max(1) + Self::ROW_BYTES;
        if self.rows == 0 { Self::ROWS } else { (Self::BYTES / 8 / size).max(Self::ROWS) }
    }

    /// Counts a row, and says whether there is room for another one.
    pub fn take(&mut self, activity: &Activity) -> bool {
        let texts = [
            activity.details.as_ref().map(Json::as_str),
            activity.changes.as_ref().map(Json::as_str),
            activity.error_message.as_deref(),
        ];
        self.rows += 1;
        self.bytes += texts.into_iter().flatten().map(str::len).sum::<usize>();
        self.rows < Self::ROWS || self.bytes < Self::BYTES
    }
}

impl Reading {
    /// Plans the page that `query` asks for in a log that ends at `head` now.
    ///
    /// # Errors
    /// [`StoreError::CursorMismatch`] when the query's cursor is of another log, filter or order.
    pub fn plan(query: &ListQuery, epoch: Epoch, head: u64) -> Result<Self> {
        let rows = u64::from(query.limit) + 1;
        match &query.start {
            PageStart::Number(page) => {
                let offset = u64::from(page.saturating_sub(1)) * u64::from(query.limit);
                Ok(Self { head, edge: None, offset, rows, order: query.sort.order, backwards: false })
            }
            PageStart::Cursor(cursor) if is_usable(cursor, query, epoch) => Ok(Self {
                head: cursor.head,
                edge: Some((cursor.key.clone(), cursor.position)),
                offset: 0,
                rows,
                order: if cursor.backwards { reversed(query.sort.order) } else { query.sort.order },
                backwards: cursor.backwards,
            }),
            PageStart::Cursor(_) => Err(StoreError::CursorMismatch),
        }
    }

    /// Makes the page of what was read, in the direction of reading: all that was asked for, or as much as there was
    /// room for (`is_full`).
    pub fn finish(&self, query: &ListQuery, epoch: Epoch, mut rows: Vec<Row>, is_full: bool) -> Page {
        let goes_on = is_full || rows.len() as u64 == self.rows;
        rows.truncate(query.limit as usize);
        if self.backwards {
            rows.reverse();
        }
        let page = match &query.start {
            PageStart::Number(page) => *page,
            PageStart::Cursor(cursor) => cursor.page,
        };
        let (has_prev, has_next) = match (self.backwards, &self.edge) {
            (true, _) => (goes_on, true),
            (false, Some(_)) => (true, goes_on),
            (false, None) => (page > 1, goes_on),
        };
        let edge = |row: Option<&Row>, backwards: bool| {
            row.map(|(activity, _)| PageCursor {
                epoch: epoch.0,
                head: self.head,
                filter: query.filter.fingerprint(),
                sort: query.sort,
                backwards,
                key: sort_key(query.sort, activity),
                position: activity.position,
                page: if backwards { page.saturating_sub(1).max(1) } else { page.saturating_add(1) },
            })
        };
        let next = edge(rows.last(), false).filter(|_| has_next);
        let prev = edge(rows.first(), true).filter(|_| has_prev);
        Page { rows, head: self.head, page, next, prev }
    }
}

/// Whether it belongs to this list and its key is of the type that the list is sorted by.
fn is_usable(cursor: &PageCursor, query: &ListQuery, epoch: Epoch) -> bool {
    let may_be = match &cursor.key {
        Scalar::Null => matches!(query.sort.by, SortBy::DurationMs | SortBy::StatusCode),
        Scalar::Number(_) => query.sort.by != SortBy::ActionType,
        // No text in the log has a NUL, which not every database could even be asked about.
        Scalar::Text(text) => query.sort.by == SortBy::ActionType && !text.contains('\0'),
    };
    may_be && cursor.fits(epoch, &query.filter, query.sort)
}

fn reversed(order: SortOrder) -> SortOrder {
    match order {
        SortOrder::Asc => SortOrder::Desc,
        SortOrder::Desc => SortOrder::Asc,
    }
}

fn sort_key(sort: Sort, activity: &Activity) -> Scalar {
    let number = |n: Option<i64>| n.map_or(Scalar::Null, Scalar::Number);
    match sort.by {
        SortBy::Timestamp => Scalar::Number(activity.timestamp.as_microsecond()),
        SortBy::ActionType => Scalar::Text(activity.action_type.clone()),
        SortBy::DurationMs => number(activity.duration_ms.map(i64::from)),
        SortBy::StatusCode => number(activity.status_code.map(i64::from)),
    }
}
