//! Figures, facets and timelines against their plain computation.

use crate::{
    filter::filter,
    for_all,
    log::{Log, NOON},
    plain, range,
};
use jiff::Timestamp;
use livetrail_index::Facet;
use livetrail_types::{Catalogue, Filter, GroupBy, Stats};
use proptest::{
    prelude::*,
    sample::{select, subsequence},
};

const FACETS: [Facet; 11] = [
    Facet::ActionType,
    Facet::Category,
    Facet::UserId,
    Facet::StatusCode,
    Facet::HttpMethod,
    Facet::Endpoint,
    Facet::ResourceType,
    Facet::IpAddress,
    Facet::TenantId,
    Facet::DelegateId,
    Facet::Via,
];

fn check_stats(log: &Log, cases: u32) {
    for_all(cases, &(filter(), range(log), -90_000_i64..200_000), |(filter, range, now)| {
        let now = Timestamp::from_second(NOON + now).expect("a moment");
        let expected = plain::stats(log, &filter, &range, now);
        let selection = log.select(&filter, range);
        let again = log.index.resume(&selection.keep());
        prop_assert_eq!(again.stats(now), selection.stats(now));
        prop_assert_eq!(selection.stats(now).expect("readable"), expected, "{:?}", filter);
        Ok(())
    });
}

fn check_facets(log: &Log, cases: u32) {
    let catalogue = Catalogue::builtin();
    for_all(cases, &(filter(), range(log), 0_usize..8), |(filter, range, limit)| {
        let meant = plain::meant(log, &filter, &range);
        let selection = log.select(&filter, range);
        for (facet, found) in
            FACETS.into_iter().zip(selection.facets(&FACETS, limit, &catalogue).expect("readable"))
        {
            let mut expected = plain::facet(&meant, facet, &catalogue);
            expected.truncate(limit);
            prop_assert_eq!(found, expected, "{:?} of {:?}", facet, filter);
        }
        Ok(())
    });
}

fn check_timeline(log: &Log, cases: u32) {
    let catalogue = Catalogue::builtin();
    let starts = select(vec![0, 946_684_000, NOON - 100_000, NOON - 36_000, NOON - 1, NOON, NOON + 5_000]);
    let widths = select(vec![1, 60, 3_600, 86_400, 86_400 * 365]);
    let cases_of = (filter(), range(log), starts, widths, 1_usize..60);
    for_all(cases, &cases_of, |(filter, range, start, seconds, buckets)| {
        let meant = plain::meant(log, &filter, &range);
        let selection = log.select(&filter, range);
        let moments = || meant.iter().map(|activity| activity.timestamp);
        prop_assert_eq!(
            selection.span().expect("readable"),
            moments().min().zip(moments().max()),
            "{:?}",
            filter
        );
        let expected = plain::timeline(&meant, start, seconds, buckets, &catalogue);
        let found = selection.timeline(start, seconds, buckets, &catalogue).expect("readable");
        prop_assert_eq!(found, expected, "{:?}", filter);
        Ok(())
    });
}

#[test]
fn figures_agree_with_a_plain_computation() {
    (0..2).for_each(|seed| check_stats(&Log::sparse(seed), 150));
    check_stats(&Log::wide(0), 100);
    check_stats(&Log::wide(1).stored(), 100);
    check_stats(&Log::very_wide(2).stored(), 25);
    check_stats(&Log::dense(75_000).stored(), 15);
}

#[test]
fn facets_agree_with_a_plain_computation() {
    (0..2).for_each(|seed| check_facets(&Log::sparse(seed), 100));
    check_facets(&Log::wide(0), 100);
    check_facets(&Log::wide(1).stored(), 100);
    check_facets(&Log::very_wide(2).stored(), 25);
    check_facets(&Log::dense(75_000).stored(), 10);
}

#[test]
fn timelines_agree_with_a_plain_computation() {
    (0..2).for_each(|seed| check_timeline(&Log::sparse(seed), 100));
    check_timeline(&Log::wide(0), 100);
    check_timeline(&Log::wide(1).stored(), 100);
    check_timeline(&Log::very_wide(2).stored(), 25);
    check_timeline(&Log::dense(75_000).stored(), 15);
}

fn keys() -> Vec<GroupBy> {
    [&GroupBy::FIELDS[..], &[GroupBy::Seconds(7), GroupBy::Seconds(86_400)]].concat()
}

fn check_groups(log: &Log, cases: u32) {
    let questions = (filter(), range(log), subsequence(keys(), 0..4).prop_shuffle(), 1_u64..4, 0_usize..9);
    for_all(cases, &questions, |(filter, range, by, min_count, limit)| {
        let expected = plain::groups(&plain::meant(log, &filter, &range), &by, min_count, limit);
        let found = log.select(&filter, range).groups(&by, min_count, limit).expect("readable");
        prop_assert_eq!(found, expected, "{:?} of {:?}", by, filter);
        Ok(())
    });
}

#[test]
fn groups_agree_with_a_plain_computation() {
    (0..2).for_each(|seed| check_groups(&Log::sparse(seed), 100));
    check_groups(&Log::wide(0).stored(), 100);
    check_groups(&Log::dense(75_000), 10);
}

#[test]
fn nothing_has_figures_of_nothing() {
    let log = Log::dense(1);
    let selection = log.select(&Filter::default(), 5..=9);
    let now = Timestamp::from_second(NOON).expect("a moment");
    assert_eq!(selection.stats(now), Ok(Stats::default()));
    assert_eq!(selection.span(), Ok(None));
    assert_eq!(selection.groups(&[], 1, 5), Ok(Vec::new()));
}
