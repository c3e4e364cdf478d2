//! Cursors: a page of the past is stable, and a cursor belongs to one list.

use super::{Log, generate, list::every_order, list::sorted, sample::*};
use crate::StoreError;
use livetrail_types::{
    Condition, Filter, ListQuery, NewActivity, Page, PageCursor, PageStart, Scalar, Sort, SortBy, SortOrder,
};

async fn read(log: &Log, filter: &Filter, sort: Sort, limit: u32, cursor: PageCursor) -> Page {
    let start = PageStart::Cursor(cursor);
    log.list(ListQuery { filter: filter.clone(), sort, limit, start }).await.expect("a page")
}

async fn first_page(log: &Log, sort: Sort, limit: u32) -> Page {
    log.list(page(&Filter::default(), sort, limit, 1)).await.expect("a page")
}

/// Activities that arrive while a client reads: before, between and after those that are there, in every order.
async fn others_arrive(log: &Log, n: u64) {
    let arrivals = (0..3).map(|k| {
        let activity = NewActivity {
            timestamp: Some(at([-300_000, 0, 500][k as usize])),
            duration_ms: [None, Some(6), Some(i32::MAX)][k as usize],
            status_code: [Some(100), None, Some(599)][k as usize],
            ..NewActivity::new("u-1", ["LOGIN", "user_login", "zzz"][k as usize])
        };
        stamp(activity, 10_000 + n * 3 + k)
    });
    append(&**log, arrivals.collect()).await;
}

pub(super) async fn walking_forward_and_back_visits_each_row_once_while_others_arrive(log: Log) {
    generate::fill(&*log, 60).await;
    let filter = Filter::of(vec![Condition::From(at(-100_000))]);
    for (n, sort) in (0..).zip(every_order()) {
        let rows = everything(&*log).await;
        let head = head(&*log).await;
        let belongs = rows.into_iter().filter(|(activity, _)| activity.timestamp >= at(-100_000)).collect();
        let expected = positions(&sorted(belongs, sort));

        let mut pages = vec![log.list(page(&filter, sort, 7, 1)).await.expect("a page")];
        assert_eq!(pages[0].prev, None, "{sort:?}");
        while let Some(next) = pages.last().and_then(|page| page.next.clone()) {
            others_arrive(&log, n * 1_000 + pages.len() as u64).await;
            pages.push(read(&log, &filter, sort, 7, next).await);
        }
        let forward: Vec<_> = pages.iter().flat_map(|page| positions(&page.rows)).collect();
        assert_eq!(forward, expected, "{sort:?} forward");
        assert!(pages.iter().all(|page| page.head == head), "{sort:?}");
        assert!(pages.iter().zip(1..).all(|(page, n)| page.page == n), "{sort:?}");

        for expected in pages.iter().rev().skip(1) {
            let after = read_back(&log, &filter, sort, &pages[expected.page as usize]).await;
            assert_eq!(after.rows, expected.rows, "{sort:?} back to page {}", expected.page);
            assert_eq!((after.page, after.head), (expected.page, head), "{sort:?}");
            assert_eq!(after.prev.is_some(), expected.page > 1, "{sort:?}");
            // And forward again from there.
            let forth = read(&log, &filter, sort, 7, after.next.expect("a page after it")).await;
            assert_eq!(forth.rows, pages[expected.page as usize].rows, "{sort:?}");
        }
    }
}

async fn read_back(log: &Log, filter: &Filter, sort: Sort, from: &Page) -> Page {
    let prev = from.prev.clone().expect("a page before it");
    assert!(prev.backwards);
    read(log, filter, sort, 7, prev).await
}

pub(super) async fn a_numbered_page_can_be_left_in_both_directions(log: Log) {
    append(&*log, plains(1..=30)).await;
    let (all, sort) = (Filter::default(), Sort::default());
    let second = log.list(page(&all, sort, 10, 2)).await.expect("a page");
    let third = read(&log, &all, sort, 10, second.next.expect("a page after it")).await;
    let first = read(&log, &all, sort, 10, second.prev.expect("a page before it")).await;
    assert_eq!(positions(&third.rows), (1..=10).rev().collect::<Vec<_>>());
    assert_eq!(positions(&first.rows), (21..=30).rev().collect::<Vec<_>>());
    assert_eq!((first.page, third.page), (1, 3));
    assert_eq!((first.prev, third.next), (None, None));
}

pub(super) async fn a_cursor_survives_the_wire_and_a_restart(mut log: Log) {
    generate::fill(&*log, 30).await;
    for sort in every_order() {
        let written = first_page(&log, sort, 10).await.next.expect("a page after it").to_string();
        let before = read(&log, &Filter::default(), sort, 10, written.parse().expect("a cursor")).await;
        log.reopen().await;
        let after = read(&log, &Filter::default(), sort, 10, written.parse().expect("a cursor")).await;
        assert_eq!(after.rows, before.rows, "{sort:?}");
    }
}

async fn is_mismatch(log: &Log, filter: Filter, sort: Sort, cursor: PageCursor) -> bool {
    let query = ListQuery { filter, sort, limit: 10, start: PageStart::Cursor(cursor) };
    matches!(log.list(query).await, Err(StoreError::CursorMismatch))
}

async fn some_cursor(log: &Log) -> PageCursor {
    append(&**log, plains(1..=30)).await;
    let cursor = first_page(log, Sort::default(), 10).await.next.expect("a page after it");
    assert!(!is_mismatch(log, Filter::default(), Sort::default(), cursor.clone()).await);
    cursor
}

pub(super) async fn a_cursor_does_not_fit_another_filter(log: Log) {
    let cursor = some_cursor(&log).await;
    let filter = Filter::of(vec![Condition::From(at(-10))]);
    assert!(is_mismatch(&log, filter, Sort::default(), cursor).await);
}

pub(super) async fn a_cursor_does_not_fit_another_order(log: Log) {
    let cursor = some_cursor(&log).await;
    for sort in every_order().filter(|sort| *sort != Sort::default()) {
        assert!(is_mismatch(&log, Filter::default(), sort, cursor.clone()).await, "{sort:?}");
    }
}

pub(super) async fn a_cursor_does_not_fit_another_log(log: Log) {
    let cursor = some_cursor(&log).await;
    let of_another = PageCursor { epoch: cursor.epoch ^ 1, ..cursor };
    assert!(is_mismatch(&log, Filter::default(), Sort::default(), of_another).await);
}

pub(super) async fn a_cursor_may_be_used_with_another_page_size(log: Log) {
    let cursor = some_cursor(&log).await;
    let rest = read(&log, &Filter::default(), Sort::default(), 100, cursor).await;
    assert_eq!(positions(&rest.rows), (1..=20).rev().collect::<Vec<_>>());
}

pub(super) async fn a_cursor_that_somebody_made_up_does_no_harm(log: Log) {
    let cursor = some_cursor(&log).await;
    let sort = Sort { by: SortBy::StatusCode, order: SortOrder::Asc };
    let keys = [Scalar::Null, Scalar::Number(i64::MIN), Scalar::Text("'; --\0".into())];
    for (key, sort) in keys.into_iter().flat_map(|key| [(key.clone(), Sort::default()), (key, sort)]) {
        for backwards in [false, true] {
            let (head, position) = (i64::MAX as u64, i64::MAX as u64);
            let made_up = PageCursor {
                key: key.clone(),
                sort,
                backwards,
                head,
                position,
                page: u32::MAX,
                ..cursor.clone()
            };
            let query = ListQuery {
                filter: Filter::default(),
                sort,
                limit: 10,
                start: PageStart::Cursor(made_up.clone()),
            };
            match log.list(query).await {
                Ok(page) => assert!(page.rows.len() <= 10, "{made_up:?}"),
                Err(StoreError::CursorMismatch) => {}
                Err(error) => panic!("{made_up:?}: {error}"),
            }
        }
    }
    assert_eq!(head(&*log).await, 30);
}

pub(super) async fn a_long_page_of_large_rows_is_cut_short_and_goes_on(log: Log) {
    let text = "x".repeat(60_000);
    let large = |n: u64| {
        let details = [("text".to_owned(), text.as_str().into())].into_iter().collect();
        stamp(NewActivity { details: Some(details), ..NewActivity::new("u-1", "a") }, n)
    };
    append(&*log, (1..=400).map(large).collect()).await;
    let ask = |start| ListQuery { filter: Filter::default(), sort: Sort::default(), limit: 1_000, start };
    let mut pages = vec![log.list(ask(PageStart::Number(1))).await.expect("a page")];
    while let Some(next) = pages.last().and_then(|page| page.next.clone()) {
        pages.push(log.list(ask(PageStart::Cursor(next))).await.expect("a page"));
    }
    assert!(pages.len() > 1 && pages.iter().all(|page| page.rows.len() < 200), "{} pages", pages.len());
    let walked: Vec<_> = pages.iter().flat_map(|page| positions(&page.rows)).collect();
    assert_eq!(walked, (1..=400).rev().collect::<Vec<_>>());
    let whole = log.list(page(&Filter::default(), Sort::default(), 100, 1)).await.expect("a page");
    assert_eq!(whole.rows.len(), 100, "what people look at is never cut");
}
