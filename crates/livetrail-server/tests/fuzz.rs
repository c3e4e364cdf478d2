//! The fuzz targets in small: their seeds, and mutations of them. `make fuzz` is the long version.
//!
//! The functions are those of the package `fuzz/`, which is built by itself with the fuzzer's instrumentation.

#[expect(unreachable_pub, reason = "it is the library of another package")]
#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use proptest::{prelude::*, sample::Index, test_runner::Config};
use std::{fs, path::Path};

/// Inputs of each target that are made of its seeds.
const MUTATIONS: u32 = 1_000;
/// Pieces that readers give a meaning to.
const MEANINGFUL: [&[u8]; 14] =
    [b"\"", b"\\u", b"{", b"[", b"}", b"]", b",", b":", b"\n", b"!", b"=", b"&", b"\0", b"\xed\xa0\x80"];

/// What is done to an input, at a place in it.
#[derive(Clone, Debug)]
enum Change {
    Replace(u8),
    Insert(usize),
    Remove(usize),
    Repeat(usize, usize),
    Cut,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<u8>().prop_map(Change::Replace),
        (0..MEANINGFUL.len()).prop_map(Change::Insert),
        (1..20_usize).prop_map(Change::Remove),
        (1..40_usize, 2..300_usize).prop_map(|(length, times)| Change::Repeat(length, times)),
        Just(Change::Cut),
    ]
}

fn changed(mut input: Vec<u8>, changes: &[(Index, Change)]) -> Vec<u8> {
    for (place, change) in changes {
        let at = place.index(input.len() + 1);
        let end = |length: usize| (at + length).min(input.len());
        match *change {
            Change::Replace(byte) => {
                if let Some(replaced) = input.get_mut(at) {
                    *replaced = byte;
                }
            }
            Change::Insert(piece) => drop(input.splice(at..at, MEANINGFUL[piece].iter().copied())),
            Change::Remove(length) => drop(input.drain(at..end(length))),
            Change::Repeat(length, times) => {
                let piece = input[at..end(length)].repeat(times);
                input.splice(at..at, piece);
            }
            Change::Cut => input.truncate(at),
        }
    }
    input
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let mut files: Vec<_> =
        fs::read_dir(&folder).expect("seeds").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.into_iter().map(|file| fs::read(file).expect("a seed")).collect()
}

fn check(target: &str, check: fn(&[u8])) {
    let seeds = seeds(target);
    seeds.iter().for_each(|seed| check(seed));
    let config = Config { cases: MUTATIONS, failure_persistence: None, ..Config::default() };
    let changes = prop::collection::vec((any::<Index>(), change()), 1..6);
    proptest!(config, |(seed in prop::sample::select(seeds), changes in changes)| {
        check(&changed(seed, &changes));
    });
}

#[test]
fn json_is_read_and_written_alike() {
    check("json", targets::json::check);
}

#[test]
fn bodies_become_activities_within_the_limits_or_are_refused() {
    check("activity", targets::activity::check);
}

#[test]
fn files_to_import_become_records_in_order() {
    check("csv", targets::csv::check);
}

#[test]
fn cursors_are_read_and_written_alike() {
    check("cursor", targets::cursor::check);
}

#[test]
fn filters_mean_the_same_however_they_are_put_together() {
    check("filter", targets::filter::check);
}

#[test]
fn forwarded_headers_count_from_trusted_proxies_only() {
    check("forwarded", targets::forwarded::check);
}

#[test]
fn no_token_is_accepted_that_is_not_signed() {
    check("token", targets::token::check);
}

#[test]
fn websockets_are_heard_alike_however_the_bytes_arrive() {
    check("websocket", targets::websocket::check);
}
