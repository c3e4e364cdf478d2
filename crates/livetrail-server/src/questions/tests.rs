//! The index behind the questions, over a real store and a real hub.

use super::*;
use crate::directory::Directory;
use jiff::Timestamp;
use livetrail_store::{Log, SqliteStore};
use livetrail_types::{Choice, Condition, Epoch, Filter, NewActivity};
use std::path::Path;
use uuid::Uuid;

async fn questions(folder: &std::path::Path, timeout: Duration) -> Questions {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder, Epoch(1)).expect("the store opens"));
    let (directory, catalogue) = (Directory::new(Arc::clone(&store)), Arc::new(Catalogue::builtin()));
    let registry = &mut Registry::default();
    let hub = Hub::start(Arc::clone(&store), Arc::new(directory), Arc::clone(&catalogue), registry);
    let hub = hub.await.expect("a hub");
    Questions::start(store, hub, catalogue, timeout, (folder, 1_000_000), registry).await.expect("questions")
}

#[tokio::test]
async fn a_question_without_a_turn_says_so_and_the_next_one_has_its_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let questions = questions(folder.path(), Duration::from_millis(50)).await;
    let operator = Principal::operator();
    let all = Filter::default();

    let mut taken = Vec::new();
    for _ in 0..questions.turns.share() {
        taken.push(questions.turns.take(&operator.credential_id()).await.expect("a turn"));
    }
    let refused = questions.by(&operator).count(&all, 0).await;
    assert!(matches!(refused, Err(QuestionError::NoTurn(_))), "{refused:?}");
    let other = Principal { user_id: "somebody else".into(), ..operator.clone() };
    assert_eq!(questions.by(&other).count(&all, 0).await.expect("another's share"), 0);

    taken.clear();
    assert_eq!(questions.by(&operator).count(&all, 0).await.expect("a turn"), 0);
}

/// More than a block of activities, so that there is a file.
const MANY: u64 = 70_000;

/// A log of [`MANY`] activities, of which every third one failed.
fn fill(folder: &Path) {
    let store = SqliteStore::open(folder, Epoch(1)).expect("the store opens");
    let now = Timestamp::from_second(1_772_366_400).expect("a moment");
    let stamped = |n: u64| {
        let new = NewActivity {
            success: Some(n % 3 > 0),
            ..NewActivity::new(format!("u-{}", n % 700), "user_login")
        };
        new.stamp(now, Uuid::from_u128(n.into()), &[7; 32])
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for first in (0..MANY).step_by(10_000) {
        runtime.block_on(store.append((first..first + 10_000).map(stamped).collect())).expect("stored");
    }
}

async fn ready(questions: &Questions) {
    let mut progress = questions.feed().changes();
    while questions.index_state() != IndexState::Ready {
        progress.changed().await.expect("the feed is alive");
    }
}

/// How many activities failed, and what has counted them.
async fn failed(questions: &Questions) -> (u64, AnsweredBy) {
    let asker = questions.by(&Principal::operator());
    let filter = Filter::of(vec![Condition::Success(Choice::any([false]))]);
    let count = asker.count(&filter, MANY).await.expect("a count");
    (count, asker.answered_by())
}

#[test]
fn the_index_is_read_from_its_files_and_a_damaged_one_is_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path());
    let expected = (0..MANY).filter(|n| n % 3 == 0).count() as u64;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let first = questions(folder.path(), Duration::from_secs(60)).await;
        ready(&first).await;
        assert_eq!(failed(&first).await, (expected, AnsweredBy::Index));
        first.stop().await;
    });
    let file = folder.path().join("index/block-000000000000");
    let bytes = std::fs::read(&file).expect("a file");
    runtime.block_on(async {
        let second = questions(folder.path(), Duration::from_secs(60)).await;
        assert!(second.feed().head() >= 65_536, "its files have the first block");
        ready(&second).await;
        // Nothing was read of the file yet but its head.
        let mut changed = bytes.clone();
        let head = u32::from_le_bytes(bytes[16..20].try_into().expect("four bytes")) as usize + 24;
        changed[head..].fill(0);
        std::fs::write(&file, changed).expect("written");
        let mut progress = second.feed().changes();
        assert_eq!(failed(&second).await, (expected, AnsweredBy::Sql));
        progress.changed().await.expect("the file is made again");
        assert_eq!(failed(&second).await, (expected, AnsweredBy::Index));
        second.stop().await;
    });
    assert!(std::fs::read(&file).expect("a file") == bytes);
}

#[test]
fn while_the_disk_takes_no_files_sql_answers_and_then_the_index_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path());
    let expected = (0..MANY).filter(|n| n % 3 == 0).count() as u64;
    // A folder stands where the file is written.
    let in_the_way = folder.path().join("index/block-000000000000.unfinished");
    std::fs::create_dir_all(in_the_way.join("not empty")).expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let questions = questions(folder.path(), Duration::from_secs(60)).await;
        assert_eq!(failed(&questions).await, (expected, AnsweredBy::Sql));
        std::fs::remove_dir_all(&in_the_way).expect("removed");
        ready(&questions).await;
        assert_eq!(failed(&questions).await, (expected, AnsweredBy::Index));
        questions.stop().await;
    });
}
