//! The space of removed activities.

use super::{activity, append, open, temporary};
use livetrail_store::{Log, Retention, SqliteStore};
use livetrail_types::{Activity, Stamped};
use rusqlite::Connection;
use std::path::Path;

fn size(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("livetrail.db")).expect("a database").len()
}

async fn drop_before(store: &SqliteStore, floor: u64) {
    while store.drop_before(floor, 0).await.expect("a step").expect("no holds") < floor {}
}

/// An activity that takes half a page.
fn large(n: u64) -> Stamped {
    let stamped = activity(n);
    let activity =
        Activity { user_agent: None, error_message: Some("an error ".repeat(220)), ..stamped.activity };
    Stamped { activity, fingerprint: None }
}

async fn append_large(store: &SqliteStore, numbers: std::ops::RangeInclusive<u64>) {
    store.append(numbers.map(large).collect()).await.expect("an append");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn space_is_given_back_step_by_step_and_the_file_gets_shorter() {
    let folder = temporary();
    let store = open(folder.path());
    append_large(&store, 1..=6_000).await;
    drop(store);
    let before = size(folder.path());
    let store = open(folder.path());
    drop_before(&store, 5_900).await;
    let mut steps = 0;
    while store.give_back_space().await.expect("a step").shrinks {
        steps += 1;
        // A writer has its turn between two steps.
        append_large(&store, 6_000 + steps..=6_000 + steps).await;
    }
    assert!(steps > 1, "it is done in steps");
    let after = size(folder.path());
    assert!(after < before / 10, "under an open store, {before} bytes became {after}");
    drop(store);
    let store = open(folder.path());
    let bounds = store.head().await.expect("a head");
    assert_eq!((bounds.floor, bounds.head), (5_900, 6_000 + steps));
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
    append(&store, 1..=2_000).await;
    drop_before(&store, 2_000).await;
    let space = store.give_back_space().await.expect("a step");
    assert!(!space.shrinks && space.free > 100_000, "{space:?}");
}

#[tokio::test]
async fn a_log_of_an_earlier_version_begins_before_its_first_activity() {
    let folder = temporary();
    let store = open(folder.path());
    append(&store, 1..=10).await;
    drop(store);
    let earlier = "DROP TRIGGER livetrail_users_added; DROP TRIGGER livetrail_users_changed; DROP TRIGGER livetrail_users_removed; \
                   DROP INDEX livetrail_users_by_change; ALTER TABLE livetrail_users DROP COLUMN changed; DROP TABLE livetrail_names; \
                   DROP TRIGGER activities_removed; DROP TABLE livetrail_bounds; DROP TABLE livetrail_removed; \
                   DROP TABLE livetrail_holds; DROP TABLE livetrail_alerts; DROP TABLE livetrail_alert_rules; \
                   DROP TABLE livetrail_alert_channels; DROP TABLE livetrail_deliveries; DROP TABLE livetrail_views; \
                   DROP TABLE livetrail_alert_progress; DELETE FROM activities WHERE position <= 4; PRAGMA user_version = 5";
    Connection::open(folder.path().join("livetrail.db"))
        .and_then(|database| database.execute_batch(earlier))
        .expect("a file of an earlier version");
    let bounds = open(folder.path()).head().await.expect("a head");
    assert_eq!((bounds.floor, bounds.head, bounds.removals), (4, 10, 0));
}
