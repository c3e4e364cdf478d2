//! A filter means one thing: the columns select the rows for which [`Filter::matches`] holds.

use crate::{filter::filter, for_all, log::Log, plain, range};
use livetrail_index::{AppendError, Index, NamedUsers, SelectError};
use livetrail_types::{Choice, Condition, Filter};
use proptest::prelude::*;
use std::{convert::Infallible, ops::RangeInclusive};

fn selected(log: &Log, filter: &Filter, range: RangeInclusive<u64>) -> Vec<u64> {
    let selection = log.select(filter, range);
    let positions: Vec<u64> = selection.positions().collect();
    assert_eq!(selection.count(), positions.len() as u64);
    positions
}

fn check(log: &Log, cases: u32) {
    for_all(cases, &(filter(), range(log)), |(filter, range)| {
        let expected = plain::positions(&plain::meant(log, &filter, &range));
        prop_assert_eq!(selected(log, &filter, range), expected, "{:?}", filter);
        Ok(())
    });
}

#[test]
fn a_log_with_gaps_is_selected_as_the_filter_says() {
    (0..6).for_each(|seed| check(&Log::sparse(seed), 250));
    check(&Log::wide(0), 150);
    check(&Log::wide(0).stored(), 150);
}

#[test]
fn full_blocks_and_an_open_one_are_selected_as_the_filter_says() {
    check(&Log::dense(75_000), 30);
    check(&Log::dense(75_000).stored(), 30);
}

#[test]
fn an_empty_index_selects_nothing() {
    let (index, log) = (Index::new(7), Log::dense(1));
    let names = NamedUsers::default();
    let selection = index.select(&Filter::default(), 1..=u64::MAX, &names, &log).expect("a selection");
    assert_eq!((selection.count(), index.head()), (0, 7));
}

#[test]
fn an_empty_delegate_id_names_no_party_as_null_does() {
    let mut log = Log::dense(3);
    for (activity, id) in log.activities.iter_mut().zip([None, Some(""), Some("bot")]) {
        activity.delegate_id = id.map(str::to_owned);
    }
    // With two activities, there is a delegate's text but no delegate.
    for count in 1..=3 {
        log.index = Index::new(0);
        log.index.append(&log.activities[..count]).expect("in order");
        let meant = |choice| selected(&log, &Filter::of(vec![Condition::Delegated(choice)]), 1..=3);
        let (with, without): (Vec<u64>, Vec<u64>) = (1..=count as u64).partition(|position| *position == 3);
        for (choice, expected) in [
            (Choice::any([true]), &with),
            (Choice::none([false]), &with),
            (Choice::any([false]), &without),
            (Choice::none([true]), &without),
            (Choice::none([true, false]), &Vec::new()),
        ] {
            assert_eq!(meant(choice.clone()), *expected, "{choice:?} of {count}");
        }
    }
}

#[test]
fn words_of_messages_are_refused() {
    let log = Log::dense(3);
    let filter = Filter::of(vec![Condition::Words("refused".into())]);
    let refused = log.index.select(&filter, 1..=3, &NamedUsers::default(), &log);
    assert!(matches!(refused, Err(SelectError::Words)));
}

/// A full block and an open one, of which each resource id is another, and what a search for one of them or for a part
/// finds.
fn with_resources(id: impl Fn(u64) -> String) -> impl Fn(&str) -> Result<Vec<u64>, SelectError<Infallible>> {
    let mut log = Log::dense(70_000);
    for activity in &mut log.activities {
        activity.target_resource_id = Some(id(activity.position));
    }
    log.index = Index::new(0);
    log.index.append(&log.activities).expect("in order");
    log = log.stored();
    move |text: &str| {
        let filter = Filter::of(vec![Condition::Search(text.into())]);
        let selection = log.index.select(&filter, 1..=70_000, &log.names(&filter), &log)?;
        Ok(selection.positions().collect())
    }
}

fn mixed(position: u64) -> u64 {
    position.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[test]
fn a_hexadecimal_resource_id_is_found_as_a_whole() {
    let id = |position| format!("{:016x}-{position:08x}", mixed(position));
    let found = with_resources(id);
    assert_eq!(found(&id(7)), Ok(vec![7]));
    assert_eq!(found(&id(7).to_uppercase()), Ok(vec![7]));
    assert_eq!(found(&id(69_999)), Ok(vec![69_999]));
    for other in [&id(7)[..12], &format!("{}0", id(7)), "ada-lovelace"] {
        assert_eq!(found(other), Ok(vec![]), "{other}");
    }
}

#[test]
fn part_of_a_resource_id_is_refused_where_a_block_keeps_only_hashes() {
    let letters = |number: u64| -> String {
        (0..11).map(|n| char::from(b'g' + (number >> (n * 4) & 15) as u8)).collect()
    };
    let found = with_resources(|position| {
        format!("x{}y{}", letters(mixed(position)), letters(mixed(position) >> 20))
    });
    assert_eq!(found(&letters(mixed(7))), Err(SelectError::Parts));
    assert_eq!(found("no-such-id"), Ok(vec![]));
}

#[test]
fn part_of_many_resource_ids_is_found_without_a_look_at_rows() {
    let found = with_resources(|position| format!("Document-{position}"));
    assert_eq!(found("document-").map(|positions| positions.len()), Ok(70_000));
    assert_eq!(found("ment-6555"), Ok([6_555].into_iter().chain(65_550..=65_559).collect()));
}

#[test]
fn what_is_not_above_the_head_is_refused() {
    let mut log = Log::dense(3);
    assert_eq!(
        log.index.append(&log.activities[1..2]),
        Err(AppendError::OutOfOrder { position: 2, head: 3 })
    );
    assert_eq!(selected(&log, &Filter::default(), 1..=9), [1, 2, 3]);
}

#[test]
fn a_snapshot_does_not_see_what_is_appended_later() {
    let mut log = Log::dense(70_000);
    let next =
        livetrail_types::Activity { position: 70_001, user_id: "new".into(), ..log.activities[0].clone() };
    let before = log.index.clone();
    log.index.append([&next]).expect("in order");
    let count = |index: &Index| {
        let names = NamedUsers::default();
        index.select(&Filter::default(), 1..=u64::MAX, &names, &log).expect("a selection").count()
    };
    assert_eq!((count(&before), count(&log.index)), (70_000, 70_001));
}
