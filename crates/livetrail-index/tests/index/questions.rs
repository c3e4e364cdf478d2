//! Figures, facets and timelines against their plain computation.

use crate::{
    filter::filter,
    for_all,
    log::{Log, NOON},
    plain, range,
};
use jiff::Timestamp;
use livetrail_index::Facet;
use livetrail_types::{Catalogue, Filter, Stats};
use proptest::{prelude::*, sample::select};

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
        let selection = log.index.select(&filter, range, &log.profiles, log).expect("a selection");
        prop_assert_eq!(selection.stats(now), expected, "{:?}", filter);
        Ok(())
    });
}

fn check_facets(log: &Log, cases: u32) {
    let catalogue = Catalogue::builtin();
    for_all(cases, &(filter(), range(log), 0_usize..8), |(filter, range, limit)| {
        let meant = plain::meant(log, &filter, &range);
        let selection = log.index.select(&filter, range, &log.profiles, log).expect("a selection");
        for (facet, found) in FACETS.into_iter().zip(selection.facets(&FACETS, limit, &catalogue)) {
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
        let selection = log.index.select(&filter, range, &log.profiles, log).expect("a selection");
        let moments = || meant.iter().map(|activity| activity.timestamp);
        prop_assert_eq!(selection.span(), moments().min().zip(moments().max()), "{:?}", filter);
        let expected = plain::timeline(&meant, start, seconds, buckets, &catalogue);
        prop_assert_eq!(selection.timeline(start, seconds, buckets, &catalogue), expected, "{:?}", filter);
        Ok(())
    });
}

#[test]
fn figures_agree_with_a_plain_computation() {
    (0..2).for_each(|seed| check_stats(&Log::sparse(seed), 150));
    (0..2).for_each(|seed| check_stats(&Log::wide(seed), 150));
    check_stats(&Log::dense(75_000), 15);
}

#[test]
fn facets_agree_with_a_plain_computation() {
    (0..2).for_each(|seed| check_facets(&Log::sparse(seed), 100));
    (0..2).for_each(|seed| check_facets(&Log::wide(seed), 100));
    check_facets(&Log::dense(75_000), 10);
}

#[test]
fn timelines_agree_with_a_plain_computation() {
    (0..2).for_each(|seed| check_timeline(&Log::sparse(seed), 100));
    (0..2).for_each(|seed| check_timeline(&Log::wide(seed), 100));
    check_timeline(&Log::dense(75_000), 15);
}

#[test]
fn nothing_has_figures_of_nothing() {
    let log = Log::dense(1);
    let selection = log.index.select(&Filter::default(), 5..=9, &log.profiles, &log).expect("a selection");
    let now = Timestamp::from_second(NOON).expect("a moment");
    assert_eq!(selection.stats(now), Stats::default());
    assert_eq!(selection.span(), None);
}
