//! Lists: what belongs to them, in which order, page by page.

use super::{Log, generate, sample::*};
use crate::Row;
use livetrail_types::{
    Activity, Choice, Condition, Filter, NewActivity, Scalar, Sort, SortBy, SortOrder, TextField,
};
use std::cmp::Ordering;

/// Every order there is.
pub(super) fn every_order() -> impl Iterator<Item = Sort> {
    let by = [SortBy::Timestamp, SortBy::ActionType, SortBy::DurationMs, SortBy::StatusCode];
    by.into_iter().flat_map(|by| [SortOrder::Asc, SortOrder::Desc].map(|order| Sort { by, order }))
}

fn key(by: SortBy, activity: &Activity) -> Scalar {
    let number = |n: Option<i64>| n.map_or(Scalar::Null, Scalar::Number);
    match by {
        SortBy::Timestamp => Scalar::Number(activity.timestamp.as_microsecond()),
        SortBy::ActionType => Scalar::Text(activity.action_type.clone()),
        SortBy::DurationMs => number(activity.duration_ms.map(i64::from)),
        SortBy::StatusCode => number(activity.status_code.map(i64::from)),
    }
}

/// The plain meaning of an order: by key, nulls last in both directions, by position between equals.
pub fn sorted(mut rows: Vec<Row>, sort: Sort) -> Vec<Row> {
    let directed = |ordering: Ordering| match sort.order {
        SortOrder::Asc => ordering,
        SortOrder::Desc => ordering.reverse(),
    };
    rows.sort_by(|(one, _), (other, _)| {
        let by_position = directed(one.position.cmp(&other.position));
        match (key(sort.by, one), key(sort.by, other)) {
            (Scalar::Null, Scalar::Null) => by_position,
            (Scalar::Null, _) => Ordering::Greater,
            (_, Scalar::Null) => Ordering::Less,
            (Scalar::Number(one), Scalar::Number(other)) => directed(one.cmp(&other)).then(by_position),
            (Scalar::Text(one), Scalar::Text(other)) => directed(one.cmp(&other)).then(by_position),
            (Scalar::Number(_), Scalar::Text(_)) | (Scalar::Text(_), Scalar::Number(_)) => {
                unreachable!("the keys of one order are of one kind")
            }
        }
    });
    rows
}

async fn listed(log: &Log, filter: &Filter, sort: Sort, limit: u32, n: u32) -> Vec<u64> {
    positions(&log.list(page(filter, sort, limit, n)).await.expect("a page").rows)
}

pub(super) async fn the_newest_come_first_unless_another_order_is_asked_for(log: Log) {
    let when =
        [5, -7, 0, 5].map(|second| NewActivity { timestamp: Some(at(second)), ..NewActivity::new("u", "a") });
    append_new(&*log, when.into()).await;
    assert_eq!(listed(&log, &Filter::default(), Sort::default(), 20, 1).await, [4, 1, 3, 2]);
    let oldest_first = Sort { order: SortOrder::Asc, ..Sort::default() };
    assert_eq!(listed(&log, &Filter::default(), oldest_first, 20, 1).await, [2, 3, 1, 4]);
}

pub(super) async fn every_order_is_kept_with_nulls_last_and_positions_between_equals(log: Log) {
    let rows = generate::fill(&*log, 100).await;
    for sort in every_order() {
        let found = log.list(page(&Filter::default(), sort, 100, 1)).await.expect("a page").rows;
        assert_eq!(positions(&found), positions(&sorted(rows.clone(), sort)), "{sort:?}");
        assert_eq!(found, sorted(rows.clone(), sort), "{sort:?}");
    }
}

pub(super) async fn actions_are_sorted_by_their_bytes(log: Log) {
    let actions = ["b", "B", "a_b", "a-b", "a.b", "aB", "a:b", "ab", "a", "9"];
    append_new(&*log, actions.map(|action| NewActivity::new("u", action)).into()).await;
    let sort = Sort { by: SortBy::ActionType, order: SortOrder::Asc };
    let rows = log.list(page(&Filter::default(), sort, 100, 1)).await.expect("a page").rows;
    let found: Vec<_> = rows.into_iter().map(|(activity, _)| activity.action_type).collect();
    assert_eq!(found, ["9", "B", "a", "a-b", "a.b", "a:b", "aB", "a_b", "ab", "b"]);
}

pub(super) async fn numbered_pages_divide_the_list(log: Log) {
    let rows = generate::fill(&*log, 50).await;
    for sort in every_order() {
        let mut found = Vec::new();
        for n in 1..=8 {
            let page = log.list(page(&Filter::default(), sort, 7, n)).await.expect("a page");
            assert_eq!(page.page, n);
            assert_eq!(page.rows.len(), if n == 8 { 1 } else { 7 });
            found.extend(positions(&page.rows));
        }
        assert_eq!(found, positions(&sorted(rows.clone(), sort)), "{sort:?}");
    }
}

pub(super) async fn a_page_beyond_the_last_is_empty(log: Log) {
    append(&*log, plains(1..=10)).await;
    for n in [3, 4, 1_000, u32::MAX] {
        let page = log.list(page(&Filter::default(), Sort::default(), 5, n)).await.expect("a page");
        assert!(page.rows.is_empty() && page.next.is_none(), "{page:?}");
        assert_eq!((page.head, page.page), (10, n));
    }
}

pub(super) async fn an_empty_log_has_an_empty_first_page(log: Log) {
    for sort in every_order() {
        let page = log.list(page(&Filter::default(), sort, 20, 1)).await.expect("a page");
        assert!(page.rows.is_empty() && page.next.is_none() && page.prev.is_none(), "{page:?}");
        assert_eq!((page.head, page.page), (0, 1));
    }
}

pub(super) async fn a_full_last_page_leads_nowhere(log: Log) {
    append(&*log, plains(1..=10)).await;
    let first = log.list(page(&Filter::default(), Sort::default(), 5, 1)).await.expect("a page");
    let last = log.list(page(&Filter::default(), Sort::default(), 5, 2)).await.expect("a page");
    assert!(first.next.is_some() && first.prev.is_none());
    assert!(last.next.is_none() && last.prev.is_some());
}

pub(super) async fn a_list_names_the_head_it_was_made_at(log: Log) {
    let nobody = Condition::Text(TextField::UserId, Choice::any(["nobody".to_owned()]));
    for n in 1..=3 {
        append(&*log, plains([n])).await;
        let page = log.list(page(&Filter::of(vec![nobody.clone()]), Sort::default(), 5, 1)).await;
        assert_eq!(page.expect("a page").head, n);
    }
}

pub(super) async fn a_filter_decides_what_belongs_to_the_list(log: Log) {
    append(&*log, plains(1..=20)).await;
    let filter = Filter::of(vec![Condition::Text(TextField::UserId, Choice::any(["u-3".to_owned()]))]);
    assert_eq!(listed(&log, &filter, Sort::default(), 20, 1).await, [17, 10, 3]);
    assert_eq!(listed(&log, &filter, Sort::default(), 2, 2).await, [3]);
}
