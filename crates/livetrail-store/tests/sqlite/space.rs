//! The space of removed activities.

use super::{append, open, temporary};
use livetrail_store::{Log, Retention, SqliteStore};
use rusqlite::Connection;
use std::path::Path;

fn size(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("livetrail.db")).expect("a database").len()
}

async fn drop_before(store: &SqliteStore, floor: u64) {
    while store.drop_before(floor, 0).await.expect("a step").expect("no holds") < floor {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn space_is_given_back_step_by_step_and_the_file_gets_shorter() {
    let folder = temporary();
    let store = open(folder.path());
    append(&store, 1..=30_000).await;
    drop_before(&store, 29_000).await;
    let mut steps = 0;
    while store.give_back_space().await.expect("a step").shrinks {
        steps += 1;
        // A writer has its turn between two steps.
        append(&store, 30_000 + steps..=30_000 + steps).await;
    }
    assert!(steps > 1, "it is done in steps");
    drop(store);
    let after = size(folder.path());
    let store = open(folder.path());
    assert_eq!(store.head().await.expect("a head").floor, 29_000);
    let pages: u64 = Connection::open(folder.path().join("livetrail.db"))
        .and_then(|database| database.pragma_query_value(None, "freelist_count", |row| row.get(0)))
        .expect("an answer");
    assert_eq!(pages, 0);
    // The texts of user agents stay in the dictionary.
    assert!(after < 22_000_000, "{after} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_an_earlier_version_says_what_it_cannot_give_back() {
    let folder = temporary();
    drop(open(folder.path()));
    let rebuild = "PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = NONE; VACUUM";
    Connection::open(folder.path().join("livetrail.db"))
        .and_then(|database| database.execute_batch(rebuild))
        .expect("a rebuilt file");
    let store = open(folder.path());
    append(&store, 1..=5_000).await;
    drop_before(&store, 5_000).await;
    let space = store.give_back_space().await.expect("a step");
    assert!(!space.shrinks && space.free > 1_000_000, "{space:?}");
}

#[tokio::test]
async fn a_log_of_an_earlier_version_begins_before_its_first_activity() {
    let folder = temporary();
    let store = open(folder.path());
    append(&store, 1..=10).await;
    drop(store);
    let earlier = "DROP TRIGGER activities_removed; DROP TABLE livetrail_bounds; DROP TABLE livetrail_removed; \
                   DROP TABLE livetrail_holds; DELETE FROM activities WHERE position <= 4; PRAGMA user_version = 5";
    Connection::open(folder.path().join("livetrail.db"))
        .and_then(|database| database.execute_batch(earlier))
        .expect("a file of an earlier version");
    let bounds = open(folder.path()).head().await.expect("a head");
    assert_eq!((bounds.floor, bounds.head, bounds.removals), (4, 10, 0));
}
