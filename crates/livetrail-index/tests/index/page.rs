//! Pages against a plain sort.

use crate::{filter::filter, for_all, log::Log, plain, range};
use livetrail_index::PageFrom;
use livetrail_types::{Filter, Scalar, Sort, SortBy, SortOrder};
use proptest::{prelude::*, sample::select};

fn every_order() -> impl Iterator<Item = Sort> {
    let by = [SortBy::Timestamp, SortBy::ActionType, SortBy::DurationMs, SortBy::StatusCode];
    by.into_iter().flat_map(|by| [SortOrder::Asc, SortOrder::Desc].map(|order| Sort { by, order }))
}

fn check(log: &Log, cases: u32) {
    let orders = select(every_order().collect::<Vec<_>>());
    let pages = (filter(), range(log), orders, 0_usize..log.activities.len(), 1_usize..30);
    for_all(cases, &pages, |(filter, range, sort, offset, limit)| {
        let list = plain::sorted(plain::meant(log, &filter, &range), sort);
        let selection = log.select(&filter, range);
        let rows = |from: usize, until: usize| {
            let end = until.min(list.len());
            plain::positions(&list[from.min(end)..end])
        };
        let found = selection.page(sort, &PageFrom::Offset(offset as u64), limit).expect("readable");
        prop_assert_eq!(found, rows(offset, offset + limit), "{:?} by {:?}", filter, sort);
        // Beside a row in the middle of the list.
        let Some(edge) = list.get(offset.checked_rem(list.len()).unwrap_or_default()) else { return Ok(()) };
        let index = list.iter().position(|row| row.position == edge.position).expect("it is in the list");
        let key = plain::key(sort.by, edge);
        let after =
            selection.page(sort, &PageFrom::After(key.clone(), edge.position), limit).expect("readable");
        prop_assert_eq!(after, rows(index + 1, index + 1 + limit), "after, {:?} by {:?}", filter, sort);
        let before = selection.page(sort, &PageFrom::Before(key, edge.position), limit).expect("readable");
        prop_assert_eq!(
            before,
            rows(index.saturating_sub(limit), index),
            "before, {:?} by {:?}",
            filter,
            sort
        );
        Ok(())
    });
}

#[test]
fn pages_agree_with_a_plain_sort() {
    (0..2).for_each(|seed| check(&Log::sparse(seed), 150));
    check(&Log::wide(0).stored(), 150);
    check(&Log::dense(75_000), 10);
    check(&Log::dense(75_000).stored(), 10);
}

#[test]
fn a_page_far_from_the_beginning_is_found_by_counting() {
    let log = Log::dense(150_000).stored();
    let everything = log.select(&Filter::default(), 1..=150_000);
    for sort in every_order() {
        let sorted = plain::sorted(log.activities.iter().collect(), sort);
        let list = plain::positions(&sorted);
        for offset in [131_052, 133_333, 140_001, 149_990, 150_000, 150_001] {
            let expected: Vec<u64> = list.iter().copied().skip(offset as usize).take(20).collect();
            let found = everything.page(sort, &PageFrom::Offset(offset), 20).expect("readable");
            assert_eq!(found, expected, "{sort:?} {offset}");
        }
        // Where one key ends and the next one begins.
        let changes = sorted
            .windows(2)
            .enumerate()
            .filter(|(n, pair)| *n > 131_080 && plain::key(sort.by, pair[0]) != plain::key(sort.by, pair[1]));
        for (n, _) in changes.take(3) {
            let found = everything.page(sort, &PageFrom::Offset(n as u64 - 5), 20).expect("readable");
            assert_eq!(found, list[n - 5..(n + 15).min(list.len())], "{sort:?} {n}");
        }
    }
}

#[test]
fn an_edge_that_no_row_has_is_a_place_between_rows_or_gives_nothing() {
    let log = Log::dense(500);
    let everything = log.select(&Filter::default(), 1..=500);
    let keys = [
        Scalar::Null,
        Scalar::Number(i64::MIN),
        Scalar::Number(-1),
        Scalar::Number(300),
        Scalar::Text("m".into()),
    ];
    for sort in every_order() {
        for key in keys.iter().chain([&Scalar::Number(i64::MAX), &Scalar::Text("user_logi".into())]) {
            let after = everything.page(sort, &PageFrom::After(key.clone(), 250), 500).expect("readable");
            let before = everything.page(sort, &PageFrom::Before(key.clone(), 250), 500).expect("readable");
            let is_of_list = match (sort.by, key) {
                (SortBy::ActionType, key) => matches!(key, Scalar::Text(_)),
                (SortBy::Timestamp, key) => matches!(key, Scalar::Number(_)),
                (_, key) => !matches!(key, Scalar::Text(_)),
            };
            let edge = usize::from(is_of_list && key == &Scalar::Null && before.len() + after.len() == 499);
            assert_eq!(
                before.len() + after.len() + edge,
                if is_of_list { 500 } else { 0 },
                "{sort:?} {key:?}"
            );
            let list = plain::positions(&plain::sorted(log.activities.iter().collect(), sort));
            assert_eq!(before, list[..before.len()], "{sort:?} {key:?}");
            assert_eq!(after, list[list.len() - after.len()..], "{sort:?} {key:?}");
        }
    }
}
