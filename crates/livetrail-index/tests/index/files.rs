//! Blocks and summaries in files: what is read back answers alike, and what was changed never answers wrongly.

use crate::{
    filter::filter,
    for_all,
    log::{Chance, Disk, EPOCH, Log, NOON, save},
    plain,
};
use jiff::Timestamp;
use livetrail_index::{AppendError, Facet, File, Index, NamedUsers, Pages, SelectError, Unreadable};
use livetrail_types::{Catalogue, Epoch, Filter, Stats};
use proptest::prelude::*;
use std::{collections::HashMap, sync::Arc};

fn now() -> Timestamp {
    Timestamp::from_second(NOON + 10_000).expect("a moment")
}

fn everything(log: &Log) -> Stats {
    plain::stats(log, &Filter::default(), &(1..=u64::MAX), now())
}

/// The figures of all rows, from all of the index that they need.
fn figures(log: &Log, index: &Index) -> Result<Stats, Unreadable> {
    let names = NamedUsers::default();
    match index.select(&Filter::default(), 1..=u64::MAX, &names, log) {
        Ok(selection) => {
            selection.facets(&[Facet::UserId, Facet::Endpoint], 5, &Catalogue::builtin())?;
            selection.timeline(NOON, 3_600, 10, &Catalogue::builtin())?;
            selection.stats(now())
        }
        Err(SelectError::Unreadable(error)) => Err(error),
        Err(error) => panic!("{error}"),
    }
}

/// Appends the log's activities that the index does not have.
fn catch_up(log: &Log, index: &mut Index) {
    let head = index.head();
    let appended = index.append(log.activities.iter().filter(|activity| activity.position > head));
    // A damaged file may keep a segment from being added up.
    assert!(matches!(appended, Ok(()) | Err(AppendError::Unreadable(_))), "{appended:?}");
}

fn reopened(log: &Log, disk: &Disk) -> (Index, Arc<Pages>) {
    let pages = disk.pages();
    let mut index = Index::open(&pages, EPOCH, log.activities[0].position - 1);
    catch_up(log, &mut index);
    (index, pages)
}

fn saved(log: &mut Log) -> Disk {
    let disk = Disk::default();
    save(&mut log.index, &disk, &disk.pages());
    disk
}

fn files(disk: &Disk) -> HashMap<File, Vec<u8>> {
    disk.0.lock().expect("no thread has panicked").clone()
}

fn check(log: &Log, cases: u32) {
    for_all(cases, &filter(), |filter| {
        let range = 1..=log.index.head();
        let selection = log.select(&filter, range.clone());
        let expected = plain::positions(&plain::meant(log, &filter, &range));
        prop_assert_eq!(selection.positions().collect::<Vec<_>>(), expected, "{:?}", filter);
        prop_assert_eq!(
            selection.stats(now()),
            Ok(plain::stats(log, &filter, &range, now())),
            "{:?}",
            filter
        );
        Ok(())
    });
}

#[test]
fn an_index_from_files_answers_alike() {
    for seed in 0..3 {
        let mut log = Log::wide(seed);
        let disk = saved(&mut log);
        assert!(files(&disk).contains_key(&File::Summary { level: 0, number: 1 }));
        log.index = reopened(&log, &disk).0;
        check(&log, 50);
    }
    let mut log = Log::very_wide(0);
    let disk = saved(&mut log);
    assert!(files(&disk).keys().any(|file| matches!(file, File::Summary { level: 1, .. })));
    log.index = reopened(&log, &disk).0;
    check(&log, 25);
    let mut log = Log::dense(75_000);
    let disk = saved(&mut log);
    log.index = reopened(&log, &disk).0;
    check(&log, 5);
}

#[test]
fn files_do_not_depend_on_how_the_index_was_made() {
    let mut log = Log::wide(1);
    let disk = saved(&mut log);
    let all = files(&disk);
    for missing in all.keys() {
        disk.0.lock().expect("no thread has panicked").remove(missing);
        let (mut index, pages) = reopened(&log, &disk);
        save(&mut index, &disk, &pages);
        assert!(files(&disk) == all, "{missing}");
    }
}

#[test]
fn files_behind_a_missing_one_are_not_part_of_the_index() {
    let mut log = Log::wide(1);
    let disk = saved(&mut log);
    let all = files(&disk);
    let blocks =
        all.keys().filter_map(|file| if let File::Block(number) = file { Some(*number) } else { None });
    let missing = blocks.clone().min().expect("a block") + 1;
    disk.0.lock().expect("no thread has panicked").remove(&File::Block(missing));
    let index = Index::open(&disk.pages(), EPOCH, log.activities[0].position - 1);
    for file in all.keys() {
        let is_before = Index::positions_of(*file).end() < Index::positions_of(File::Block(missing)).start();
        assert_eq!(index.needs(*file), is_before, "{file}");
    }
}

#[test]
fn columns_in_files_take_no_memory_but_the_cache() {
    let mut log = Log::dense(70_000);
    let before = log.index.memory();
    let disk = Disk::default();
    let pages = Pages::new(Box::new(disk.clone()), 10_000_000);
    save(&mut log.index, &disk, &pages);
    assert!(log.index.memory() < before - 65_536 * 10, "{} of {before}", log.index.memory());
    assert_eq!(pages.memory(), 0);
    assert_eq!(figures(&log, &log.index), Ok(everything(&log)));
    assert!(pages.memory() > 65_536, "{}", pages.memory());
}

/// Makes again what cannot be read, as often as a question finds something.
fn heal(log: &Log, index: &mut Index) -> Stats {
    for _ in 0..300 {
        match figures(log, index) {
            Ok(stats) => return stats,
            Err(Unreadable { file: File::Block(number) }) => index.mend(number, &log.activities),
            Err(Unreadable { file: File::Summary { level, number } }) => index.forget_summary(level, number),
            Err(Unreadable { file: File::Texts(_) }) => index.forget_texts(),
        }
        index.advance(index.head()).unwrap_or_default();
    }
    panic!("the index does not heal");
}

#[test]
fn a_changed_byte_is_never_a_wrong_answer_and_heals() {
    let mut log = Log::wide(2);
    let (disk, expected) = (saved(&mut log), everything(&log));
    let all = files(&disk);
    let names: Vec<File> = all.keys().copied().collect();
    let (mut chance, mut unreadable) = (Chance(1), 0);
    for n in 0..250 {
        let file = names[chance.below(names.len() as u64) as usize];
        let mut bytes = all[&file].clone();
        let at = chance.below(bytes.len() as u64) as usize;
        match n % 8 {
            0 => bytes.truncate(at),
            _ => bytes[at] ^= 1 << chance.below(8),
        }
        disk.0.lock().expect("no thread has panicked").insert(file, bytes);
        let (mut index, _) = reopened(&log, &disk);
        let damaged = index.damaged();
        match figures(&log, &index) {
            Ok(stats) => assert_eq!(stats, expected, "{file} at {at}"),
            Err(error) => {
                assert_eq!(damaged, [error.file]);
                unreadable += 1;
            }
        }
        assert_eq!(heal(&log, &mut index), expected, "{file} at {at}");
        disk.0.lock().expect("no thread has panicked").insert(file, all[&file].clone());
    }
    assert!(unreadable > 10, "{unreadable}");
}

#[test]
fn garbage_another_format_and_another_log_are_no_files_of_an_index() {
    let mut log = Log::dense(70_000);
    let disk = saved(&mut log);
    let right = files(&disk)[&File::Block(0)].clone();
    let opens = |bytes: &[u8], epoch: Epoch| {
        disk.0.lock().expect("no thread has panicked").insert(File::Block(0), bytes.to_vec());
        Index::open(&disk.pages(), epoch, 0).head() > 0
    };
    assert!(opens(&right, EPOCH) && !opens(&right, Epoch(8)));
    let mut chance = Chance(2);
    for len in 0..300 {
        let garbage: Vec<u8> = (0..len).map(|_| chance.below(256) as u8).collect();
        assert!(!opens(&garbage, EPOCH));
    }
    let head = u32::from_le_bytes(right[16..20].try_into().expect("four bytes")) as usize + 20;
    // What was changed has the checksum of what it is now.
    for at in (8..head).step_by(37) {
        let mut changed = right.clone();
        changed[at] = changed[at].wrapping_add(1 + chance.below(255) as u8);
        let end = u32::from_le_bytes(changed[16..20].try_into().expect("four bytes")) as usize + 20;
        if end == head {
            let sum = crc32fast::hash(&changed[..head]);
            changed[head..head + 4].copy_from_slice(&sum.to_le_bytes());
        }
        disk.0.lock().expect("no thread has panicked").insert(File::Block(0), changed);
        let index = Index::open(&disk.pages(), EPOCH, 0);
        assert!(at != 8 || index.head() == 0, "the number of the format is another one");
        // It is refused, or answers something without a panic.
        let _ = figures(&log, &index);
    }
}

fn without(log: &mut Log, removed: &[u64]) {
    log.activities.retain(|activity| !removed.contains(&activity.position));
}

#[test]
fn removed_rows_are_in_no_answer_before_and_after_they_are_in_files() {
    for is_saved_before in [false, true] {
        let mut log = Log::wide(3);
        let removed: Vec<u64> = log.activities.iter().step_by(3).map(|activity| activity.position).collect();
        let whole = log.activities.clone();
        let mut disk = Disk::default();
        if is_saved_before {
            disk = saved(&mut log);
        }
        for position in removed.iter().chain([&0, &u64::MAX]) {
            log.index.remove(*position);
        }
        without(&mut log, &removed);
        check(&log, 30);
        if !is_saved_before {
            disk = saved(&mut log);
            check(&log, 30);
        }
        // The files still have them, so that they are taken out again after a start.
        log.activities = whole;
        log.index = reopened(&log, &disk).0;
        without(&mut log, &removed);
        removed.iter().for_each(|position| log.index.remove(*position));
        check(&log, 30);
    }
}

#[test]
fn blocks_below_the_floor_can_be_forgotten() {
    let mut log = Log::wide(0);
    let disk = Disk::default();
    let pages = disk.pages();
    save(&mut log.index, &disk, &pages);
    let floor = log.index.head() / 2;
    log.index.forget(floor);
    let range = floor + 1..=log.index.head();
    let stats = log.select(&Filter::default(), range.clone()).stats(now());
    assert_eq!(stats, Ok(plain::stats(&log, &Filter::default(), &range, now())));

    // The blocks that are kept need the texts of those that are not.
    save(&mut log.index, &disk, &pages);
    disk.0.lock().expect("no thread has panicked").retain(|file, _| log.index.needs(*file));
    let files: Vec<File> = files(&disk).into_keys().collect();
    assert!(!files.contains(&File::Block(0)));
    assert_eq!(files.iter().filter(|file| matches!(file, File::Texts(_))).count(), 1, "{files:?}");
    let mut index = Index::open(&disk.pages(), EPOCH, floor);
    assert!(index.head() + 65_536 > log.index.head(), "from its files");
    catch_up(&log, &mut index);
    log.index = index;
    let stats = log.select(&Filter::default(), range.clone()).stats(now());
    assert_eq!(stats, Ok(plain::stats(&log, &Filter::default(), &range, now())));
    assert_eq!(log.index.damaged(), []);

    log.index.forget(log.index.head() + 5_000_000);
    assert_eq!(log.select(&Filter::default(), 1..=u64::MAX).count(), 0);
    let position = log.index.head() + 1;
    log.index
        .append([&livetrail_types::Activity { position, ..log.activities[0].clone() }])
        .expect("in order");
    assert_eq!(log.select(&Filter::default(), 1..=u64::MAX).count(), 1);
}
