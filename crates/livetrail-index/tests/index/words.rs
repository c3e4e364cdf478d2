//! Searches of words in messages and details: an index that has them answers as the filter says, in memory and from
//! files.

use crate::{
    log::{Disk, EPOCH, Log, save},
    plain,
};
use livetrail_index::{Index, NamedUsers, SelectError};
use livetrail_types::{Condition, Filter, Json};

/// More than a block, so that there are sealed rows and open ones.
const ROWS: u64 = 66_000;

/// Every row has one of seven messages and some have details; a few have more words than a block keeps.
fn log() -> Log {
    let mut log = Log::dense(ROWS);
    for activity in &mut log.activities {
        let n = activity.position;
        activity.error_message = (n % 2 == 0).then(|| format!("Connection {} to Db-{} refused", n, n % 7));
        let words = if n % 9_000 == 3 { 400 } else { 1 };
        let tags: Vec<String> = (0..words).map(|k| format!("\"tag{}\"", n % 11 + k * 11)).collect();
        let details = format!("{{\"tags\":[{}],\"note\":\"line\\nbreak\"}}", tags.join(","));
        activity.details = (n % 3 == 0 || words > 1).then(|| Json::from_text(details).expect("an object"));
    }
    log.index = Index::new(0).with_words();
    log.index.append(&log.activities).expect("in order");
    log
}

fn search(text: &str) -> Filter {
    Filter::of(vec![Condition::Words(text.to_owned())])
}

fn meant(log: &Log, filter: &Filter) -> Vec<u64> {
    plain::positions(&plain::meant(log, filter, &(1..=ROWS)))
}

fn check(log: &Log) {
    for text in [
        "refused",
        "DB 3",
        "connection tag4",
        "db-3 tag7 break",
        "nbreak",
        "65998",
        "tag1200",
        "nothing",
        "-",
    ] {
        let filter = search(text);
        let found: Vec<u64> = log.select(&filter, 1..=ROWS).positions().collect();
        assert_eq!(found, meant(log, &filter), "{text}");
        let part: Vec<u64> = log.select(&filter, 100..=65_800).positions().collect();
        let expected = found.into_iter().filter(|position| (100..=65_800).contains(position));
        assert_eq!(part, expected.collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn words_are_found_in_open_and_full_blocks_and_in_files() {
    let mut log = log();
    check(&log);
    let disk = Disk::default();
    save(&mut log.index, &disk, &disk.pages());
    check(&log);

    log.index = Index::new(0).with_words().opened(&disk.pages(), EPOCH);
    assert_eq!(log.index.head(), 65_536);
    log.index.append(&log.activities[65_536..]).expect("in order");
    check(&log);
    // A block that was damaged has them, too.
    log.index.mend(0, &log.activities[..65_536]);
    check(&log);
    log.index.remove(4);
    assert!(!log.select(&search("refused"), 1..=ROWS).positions().any(|position| position == 4));
}

#[test]
fn files_without_words_are_made_again_and_files_with_words_serve_an_index_without() {
    let mut without = Log::dense(ROWS);
    let disk = Disk::default();
    save(&mut without.index, &disk, &disk.pages());
    let names = NamedUsers::default();
    let refused = without.index.select(&search("refused"), 1..=ROWS, &names, &without);
    assert_eq!(refused.err(), Some(SelectError::Words));

    let mut log = log();
    log.index = Index::new(0).with_words().opened(&disk.pages(), EPOCH);
    assert_eq!(log.index.head(), 0, "no file has words");
    log.index.append(&log.activities).expect("in order");
    save(&mut log.index, &disk, &disk.pages());
    log.index = Index::new(0).with_words().opened(&disk.pages(), EPOCH);
    assert_eq!(log.index.head(), 65_536);
    assert_eq!(Index::open(&disk.pages(), EPOCH, 0).head(), 65_536);
}

#[test]
fn a_search_reads_a_few_thousand_rows_at_most() {
    let mut log = Log::dense(5_000);
    let many: Vec<String> = (0..400).map(|n| format!("word{n}")).collect();
    for activity in &mut log.activities {
        activity.error_message = Some(many.join(" "));
    }
    for (rows, is_refused) in [(4_096, false), (4_097, true)] {
        log.index = Index::new(0).with_words();
        log.index.append(&log.activities[..rows]).expect("in order");
        let (filter, names) = (search("word399"), NamedUsers::default());
        let selected = log.index.select(&filter, 1..=ROWS, &names, &log).map(|selection| selection.count());
        let expected = if is_refused { Err(SelectError::Wordy) } else { Ok(rows as u64) };
        assert_eq!(selected, expected);
    }
}
