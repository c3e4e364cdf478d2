//! Segments as bytes: what comes back answers alike, and what was changed is refused.

use crate::{
    filter::filter,
    for_all,
    log::{Chance, Log, NOON},
    plain,
};
use jiff::Timestamp;
use livetrail_index::{BadSegment, Facet, Index, PageFrom};
use livetrail_types::{Catalogue, Epoch, Filter, Sort};
use proptest::prelude::*;

const EPOCH: Epoch = Epoch(7);

fn encoded(log: &Log) -> Vec<Vec<u8>> {
    log.index.segments().map(|number| log.index.encode(number, EPOCH).expect("bytes")).collect()
}

/// The same log with an index from bytes, and from the rows above them.
fn restored(mut log: Log) -> Log {
    let bytes = encoded(&log);
    log.index = Index::new(log.activities[0].position - 1);
    bytes.iter().for_each(|bytes| log.index.restore(bytes, EPOCH).expect("a segment"));
    let head = log.index.head();
    log.index.append(log.activities.iter().filter(|activity| activity.position > head)).expect("in order");
    log
}

fn check(log: &Log, cases: u32) {
    let now = Timestamp::from_second(NOON + 10_000).expect("a moment");
    for_all(cases, &filter(), |filter| {
        let range = 1..=log.index.head();
        let selection = log.index.select(&filter, range.clone(), &log.profiles, log).expect("a selection");
        let expected = plain::positions(&plain::meant(log, &filter, &range));
        prop_assert_eq!(selection.positions().collect::<Vec<_>>(), expected, "{:?}", filter);
        prop_assert_eq!(selection.stats(now), plain::stats(log, &filter, &range, now), "{:?}", filter);
        Ok(())
    });
}

#[test]
fn an_index_from_bytes_answers_alike() {
    for seed in 0..3 {
        let log = restored(Log::wide(seed));
        assert!(log.index.segments().count() > 2);
        check(&log, 50);
    }
    check(&restored(Log::dense(75_000)), 5);
}

#[test]
fn bytes_do_not_depend_on_how_the_index_was_made() {
    let log = Log::wide(1);
    let bytes = encoded(&log);
    assert!(bytes == encoded(&restored(log)));
}

#[test]
fn a_flipped_bit_or_a_missing_byte_is_an_error() {
    let bytes = encoded(&Log::dense(70_000)).remove(0);
    let mut chance = Chance(1);
    let ends = (0..64 * 8).chain(bytes.len() * 8 - 64 * 8..bytes.len() * 8);
    let between = (0..500).map(|_| chance.below(bytes.len() as u64 * 8) as usize);
    for bit in ends.chain(between) {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(Index::new(0).restore(&changed, EPOCH), Err(BadSegment::Damaged), "bit {bit}");
    }
    for len in [0, 1, 31, 32, 33, 60, bytes.len() / 2, bytes.len() - 1] {
        assert_eq!(Index::new(0).restore(&bytes[..len], EPOCH), Err(BadSegment::Damaged), "{len} bytes");
    }
}

#[test]
fn garbage_is_an_error() {
    let mut chance = Chance(2);
    for len in 0..300 {
        let garbage: Vec<u8> = (0..len).map(|_| chance.below(256) as u8).collect();
        assert_eq!(Index::new(0).restore(&garbage, EPOCH), Err(BadSegment::Damaged));
    }
}

/// The bytes with another content and the hash that fits it.
fn hashed(content: &[u8]) -> Vec<u8> {
    [content, blake3::hash(content).as_bytes()].concat()
}

#[test]
fn a_segment_of_another_format_log_or_place_is_refused() {
    let log = Log::wide(0);
    let bytes = encoded(&log);
    let content = &bytes[0][..bytes[0].len() - 32];
    let mut other = content.to_vec();
    other[8] += 1;
    assert_eq!(Index::new(0).restore(&hashed(&other), EPOCH), Err(BadSegment::Format));
    assert_eq!(Index::new(0).restore(&bytes[0], Epoch(8)), Err(BadSegment::Epoch));
    let mut index = Index::new(0);
    assert_eq!(
        index.restore(&bytes[1], EPOCH),
        Err(BadSegment::Order),
        "its texts follow those of another one"
    );
    index.restore(&bytes[0], EPOCH).expect("a segment");
    let head = index.head();
    assert_eq!(index.restore(&bytes[0], EPOCH), Err(BadSegment::Order));
    assert_eq!(index.restore(&bytes[2], EPOCH), Err(BadSegment::Order));
    assert_eq!(index.head(), head);
    index.restore(&bytes[1], EPOCH).expect("the next segment");
}

/// Asks everything, for panics.
fn ask(log: &Log, index: &Index) {
    let catalogue = Catalogue::builtin();
    let now = Timestamp::from_second(NOON).expect("a moment");
    let selection =
        index.select(&Filter::default(), 1..=index.head(), &log.profiles, log).expect("a selection");
    let _ = selection.stats(now);
    let _ = selection.span();
    let _ = selection.timeline(NOON, 3_600, 10, &catalogue);
    selection.facets(&[Facet::UserId, Facet::StatusCode], 5, &catalogue);
    let _ = selection.page(Sort::default(), &PageFrom::Offset(0), 5);
}

#[test]
fn invented_bytes_with_a_right_hash_are_refused_or_answer_without_a_panic() {
    let log = Log::dense(70_000);
    let bytes = encoded(&log).remove(0);
    let content = &bytes[..bytes.len() - 32];
    let mut chance = Chance(3);
    let mut accepted = 0;
    for _ in 0..150 {
        let mut changed = content.to_vec();
        for _ in 0..chance.below(3) + 1 {
            let at = 24 + chance.below(content.len() as u64 - 24) as usize;
            changed[at] = chance.below(256) as u8;
        }
        changed.truncate(content.len() - (chance.below(5) == 0) as usize * chance.below(1_000) as usize);
        let mut index = Index::new(0);
        if index.restore(&hashed(&changed), EPOCH).is_ok() {
            accepted += 1;
            ask(&log, &index);
        }
    }
    assert!(accepted > 5, "{accepted}: most changes are other durations, hashes and so on");
}

#[test]
fn what_lies_below_the_floor_can_be_forgotten() {
    let mut log = Log::wide(0);
    let now = Timestamp::from_second(NOON + 10_000).expect("a moment");
    let floor = log.index.head() / 2;
    log.index.forget(floor);
    let range = floor + 1..=log.index.head();
    let selection =
        log.index.select(&Filter::default(), range.clone(), &log.profiles, &log).expect("a selection");
    assert_eq!(selection.stats(now), plain::stats(&log, &Filter::default(), &range, now));
    assert!(log.index.segments().all(|number| (number as u64 + 1) << 20 > floor));
    let last = log.index.segments().last().expect("a segment");
    log.index.forget(log.index.head() + 5_000_000);
    assert!(log.index.segments().count() == 0 && log.index.encode(last, EPOCH).is_none());
    let position = log.index.head() + 1;
    log.index
        .append([&livetrail_types::Activity { position, ..log.activities[0].clone() }])
        .expect("in order");
}
