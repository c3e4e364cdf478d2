//! The files of the index, over a log that has more than a block of activities.

use super::*;
use livetrail_types::{Choice, Condition};
use std::fs;

/// Activities of the log.
const MANY: usize = 70_000;
/// Those of them that failed.
const FAILED: u64 = 7_000;

/// A log of which every tenth activity failed, and the folder of the index's files.
async fn log() -> (Arc<Place>, Arc<dyn Store>, Arc<TempDir>) {
    log_of(MANY / 10_000).await
}

/// The same with so many times ten thousand activities.
async fn log_of(parts: usize) -> (Arc<Place>, Arc<dyn Store>, Arc<TempDir>) {
    let place = Arc::new(Place::sqlite());
    let store = place.open().await;
    for _ in 0..parts {
        let failing = |(n, activity)| Activity { success: n % 10 > 0, ..activity };
        append(&*store, some(10_000).enumerate().map(failing)).await;
    }
    (place, store, Arc::new(tempfile::tempdir().expect("a folder")))
}

async fn asked((place, store, data): &(Arc<Place>, Arc<dyn Store>, Arc<TempDir>)) -> Asked {
    Asked::with_files_in(Arc::clone(data), Arc::clone(place), Arc::clone(store), NO_END).await
}

impl Asked {
    /// How many activities failed, and what has counted them.
    async fn failed(&self) -> (u64, AnsweredBy) {
        self.failed_up_to(MANY as u64).await
    }

    async fn failed_up_to(&self, head: u64) -> (u64, AnsweredBy) {
        let asker = self.asker();
        let filter = Filter::of(vec![Condition::Success(Choice::any([false]))]);
        let count = asker.count(&filter, head).await.expect("a count");
        (count, asker.answered_by())
    }
}

/// Damages everything in a file but its head.
fn damage(file: &Path) {
    let mut bytes = fs::read(file).expect("a file");
    let head = u32::from_le_bytes(bytes[16..20].try_into().expect("four bytes")) as usize + 24;
    bytes[head..].fill(0);
    fs::write(file, bytes).expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_is_read_from_its_files_and_a_damaged_one_is_made_again() {
    let log = log().await;
    let data = &log.2;
    let first = asked(&log).await;
    first.until_indexed().await;
    assert_eq!(first.failed().await, (FAILED, AnsweredBy::Index));
    first.questions.stop().await;
    let file = data.path().join("index/block-000000000000");
    let bytes = fs::read(&file).expect("a file");

    let second = asked(&log).await;
    assert!(second.questions.feed().head() >= 65_536, "its files have the first block");
    // What it lacks is worth waiting for.
    assert_eq!(second.failed().await, (FAILED, AnsweredBy::Index));
    damage(&file);
    // The cache forgets what is too large for it when it is asked for its size.
    second.questions.feed().memory();
    let mut progress = second.questions.feed().changes();
    assert_eq!(second.failed().await, (FAILED, AnsweredBy::Sql));
    progress.changed().await.expect("the file is made again");
    assert_eq!(second.failed().await, (FAILED, AnsweredBy::Index));
    // The index is told of before the file is written.
    until(async || fs::read(&file).expect("a file") == bytes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verifying_finds_a_damaged_file_and_rebuilding_makes_all_of_them_again() {
    let log = log().await;
    let data = &log.2;
    let asked = asked(&log).await;
    asked.until_indexed().await;
    let operator = Principal::operator();
    let verify = async || asked.questions.verify_index(&operator).await.expect("counts");
    let intact = (Vec::new(), MANY as u64, true);
    let found = verify().await;
    assert_eq!((found.damaged, found.activities, found.agrees), intact);

    // The index is ready before its file is written.
    let file = data.path().join("index/block-000000000000");
    until(async || file.exists()).await;
    damage(&file);
    // No question has read the damaged file, so the next change of the index is its new beginning.
    let mut progress = asked.questions.feed().changes();
    asked.questions.rebuild_index();
    progress.changed().await.expect("it begins");
    asked.until_indexed().await;
    assert_eq!(asked.failed().await, (FAILED, AnsweredBy::Index));
    let found = verify().await;
    assert_eq!((found.damaged, found.activities, found.agrees), intact);

    until(async || file.exists()).await;
    damage(&file);
    // The index reads the file as soon as it has given up the rows in memory.
    until(async || {
        let found = verify().await;
        assert!(found.agrees);
        found.damaged == ["block-000000000000"]
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_disk_takes_no_files_the_database_answers_and_then_the_index_goes_on() {
    let log = log().await;
    let data = &log.2;
    // A folder stands where the file is written.
    let in_the_way = data.path().join("index/block-000000000000.unfinished");
    fs::create_dir_all(in_the_way.join("not empty")).expect("a folder");
    let asked = asked(&log).await;
    assert_eq!(asked.failed().await, (FAILED, AnsweredBy::Sql));
    fs::remove_dir_all(&in_the_way).expect("removed");
    asked.until_indexed().await;
    assert_eq!(asked.failed().await, (FAILED, AnsweredBy::Index));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_below_the_floor_leaves_the_files_and_the_rest_is_read_from_them() {
    let log = log_of(14).await;
    let (store, folder) = (&log.1, log.2.path().join("index"));
    let names = || -> Vec<String> {
        let entries = fs::read_dir(&folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("a file").file_name().into_string().expect("a name")).collect();
        names.sort();
        names
    };
    let first = asked(&log).await;
    first.until_indexed().await;
    assert_eq!(names(), ["block-000000000000", "block-000000000001"]);
    first.questions.stop().await;

    // The floor moves while no server runs.
    let holds = store.holds().await.expect("holds").version;
    while store.drop_before(66_000, holds).await.expect("dropped").expect("no holds") < 66_000 {}
    let rows = store.range(66_000, 140_000).await.expect("a range").rows().expect("all are kept");
    let failed = rows.iter().filter(|(activity, _)| !activity.success).count() as u64;
    for _ in 0..2 {
        let again = asked(&log).await;
        // Blocks refer to texts of those before them.
        assert_eq!(names(), ["block-000000000001", "texts-000000000001"]);
        let head = again.questions.feed().head();
        assert!(head >= 131_072, "{head}: from its files, and perhaps some of what follows");
        again.until_indexed().await;
        assert_eq!(again.failed_up_to(140_000).await, (failed, AnsweredBy::Index));
        again.questions.stop().await;
    }

    // The floor lies within a block, which is made again from the rows above it.
    let last = asked(&log).await;
    last.until_indexed().await;
    damage(&folder.join("block-000000000001"));
    let mut progress = last.questions.feed().changes();
    assert_eq!(last.failed_up_to(140_000).await, (failed, AnsweredBy::Sql));
    progress.changed().await.expect("the file is made again");
    assert_eq!(last.failed_up_to(140_000).await, (failed, AnsweredBy::Index));
}
