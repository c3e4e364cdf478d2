//! The index against the plain meaning of its questions.

mod files;
mod filter;
mod log;
mod page;
mod plain;
mod questions;

mod selection;
mod words;

use log::Log;
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseResult, TestRunner},
};
use std::ops::RangeInclusive;

/// Runs `check` for generated values and makes what fails smaller.
fn for_all<S: Strategy>(cases: u32, values: &S, check: impl Fn(S::Value) -> TestCaseResult) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(values, check).unwrap_or_else(|error| panic!("{error}"));
}

/// A range of the log's positions, often all of it.
fn range(log: &Log) -> impl Strategy<Value = RangeInclusive<u64>> + use<> {
    let (first, head) = (log.activities[0].position, log.index.head());
    let end = prop_oneof![3 => Just(head), 1 => first..=head + 10];
    let start = prop_oneof![3 => Just(1), 1 => first..=head];
    (start, end).prop_map(|(start, end)| start..=end)
}
