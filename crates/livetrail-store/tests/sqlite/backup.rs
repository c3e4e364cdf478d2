//! Copies of a log, and a log that is made of one.

use super::{append, head, open, positions, temporary};
use livetrail_store::{Log, Replacing, SqliteStore, StoreError};
use livetrail_types::Epoch;
use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

fn back_up(folder: &Path, name: &str) -> (PathBuf, u64) {
    let copy = folder.join(name);
    File::create(&copy).expect("a file");
    let backup = SqliteStore::back_up(folder, &copy, |done, size| assert!(done <= size)).expect("a backup");
    assert_eq!(backup.bytes, copy.metadata().expect("a file").len());
    (copy, backup.newest)
}

fn restore(folder: &Path, from: &Path, replacing: Replacing<'_>) -> Result<SqliteStore, StoreError> {
    SqliteStore::restore(folder, from, Epoch(7), replacing, |_, _| {}).map(|restored| restored.store)
}

fn refusal(folder: &Path, from: &Path) -> String {
    restore(folder, from, Replacing::Refused).err().expect("it is refused").to_string()
}

#[tokio::test]
async fn a_copy_is_of_one_moment_while_another_thread_appends() {
    let folder = temporary();
    let store = open(folder.path());
    append(&store, 1..=5_000).await;
    let place = folder.path().to_owned();
    let copying = tokio::task::spawn_blocking(move || {
        (0..20).map(|n| back_up(&place, &format!("copy-{n}.db"))).collect::<Vec<_>>()
    });
    let mut next = 5_001;
    while !copying.is_finished() {
        append(&store, next..=next).await;
        next += 1;
    }
    let copies = copying.await.expect("copies");
    assert!(copies.last().expect("copies").1 > 5_000, "the log grew meanwhile");
    for (copy, newest) in copies {
        let elsewhere = temporary();
        let restored = restore(elsewhere.path(), &copy, Replacing::Refused).expect("a log");
        assert_eq!(positions(&restored).await, (1..=newest).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_copy_has_no_files_beside_it_and_can_be_made_without_a_server() {
    let folder = temporary();
    append(&open(folder.path()), 1..=10).await;
    let (copy, newest) = back_up(folder.path(), "copy.db");
    assert_eq!(newest, 10);
    assert_eq!(
        &fs::read(&copy).expect("a file")[18..20],
        [1, 1],
        "it is not in the mode of a write-ahead log"
    );
    assert!(!folder.path().join("copy.db-wal").exists());
}

#[tokio::test]
async fn a_restored_log_has_a_new_epoch_in_the_same_folder_and_in_another() {
    let folder = temporary();
    let store = open(folder.path());
    append(&store, 1..=10).await;
    let epoch = store.head().await.expect("a head").epoch;
    let (copy, _) = back_up(folder.path(), "copy.db");
    drop(store);
    let elsewhere = temporary();
    for (place, replacing) in
        [(folder.path(), Replacing::KeptAs("old.db")), (elsewhere.path(), Replacing::Refused)]
    {
        let restored = restore(place, &copy, replacing).expect("a log");
        assert_eq!(restored.head().await.expect("a head").epoch, Epoch(7));
        assert_ne!(epoch, Epoch(7));
        drop(restored);
        assert_eq!(open(place).head().await.expect("a head").epoch, Epoch(7), "it stays");
    }
}

#[tokio::test]
async fn a_log_with_something_in_it_is_replaced_only_if_that_is_said_and_is_kept() {
    let folder = temporary();
    let store = open(folder.path());
    append(&store, 1..=10).await;
    let (copy, _) = back_up(folder.path(), "copy.db");
    append(&store, 11..=20).await;
    assert!(matches!(restore(folder.path(), &copy, Replacing::KeptAs("old.db")), Err(StoreError::Locked(_))));
    drop(store);
    assert!(refusal(folder.path(), &copy).contains("--force"));
    assert_eq!(head(&open(folder.path())).await, 20);

    let restored = restore(folder.path(), &copy, Replacing::KeptAs("old.db")).expect("a log");
    assert_eq!(head(&restored).await, 10);
    append(&restored, 30..=31).await;
    assert_eq!(head(&restored).await, 12);
    let elsewhere = temporary();
    let former = restore(elsewhere.path(), &folder.path().join("old.db"), Replacing::Refused).expect("a log");
    assert_eq!(head(&former).await, 20);
}

#[tokio::test]
async fn what_is_not_a_whole_backup_is_refused_and_changes_nothing() {
    let folder = temporary();
    append(&open(folder.path()), 1..=2_000).await;
    let (copy, _) = back_up(folder.path(), "copy.db");
    let elsewhere = temporary();
    assert!(refusal(elsewhere.path(), Path::new("missing.db")).contains("missing.db"));
    let other = folder.path().join("other.db");
    for content in ["", "not a database, but a text of some length, so that it is read as one"] {
        fs::write(&other, content).expect("a file");
        assert!(refusal(elsewhere.path(), &other).contains("no livetrail database"));
    }
    fs::copy(&copy, &other).expect("a copy");
    fs::write(folder.path().join("other.db-wal"), "commits").expect("a file");
    assert!(refusal(elsewhere.path(), &other).contains("livetrail backup"));
    fs::remove_file(folder.path().join("other.db-wal")).expect("no file");

    let damaged = File::options().write(true).open(&other).expect("a file");
    let size = damaged.metadata().expect("a size").len();
    damaged.set_len(size / 2).expect("a shorter file");
    assert!(refusal(elsewhere.path(), &other).contains("damaged"));
    damaged.set_len(0).expect("no content");
    damaged.write_all_at(&fs::read(&copy).expect("a copy"), 0).expect("the copy");
    for page in 3..size / 4096 {
        damaged.write_all_at(&[0xa5; 64], page * 4096).expect("damage");
    }
    assert!(refusal(elsewhere.path(), &other).contains("damaged"));
    let left: Vec<_> = fs::read_dir(elsewhere.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| name.starts_with("livetrail.db"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_backup_of_an_older_version_is_migrated_and_one_of_a_newer_version_is_refused() {
    let folder = temporary();
    append(&open(folder.path()), 1..=10).await;
    let (copy, _) = back_up(folder.path(), "copy.db");
    let database = rusqlite::Connection::open(&copy).expect("a database");
    let newest: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version");
    database.pragma_update(None, "user_version", newest + 1).expect("a version");
    let elsewhere = temporary();
    assert!(refusal(elsewhere.path(), &copy).contains("newer livetrail"));
    // The form before the migration 0010.
    let undo = "DROP TRIGGER livetrail_users_added; DROP TRIGGER livetrail_users_changed; DROP TRIGGER livetrail_users_removed; \
                   DROP INDEX livetrail_users_by_change; ALTER TABLE livetrail_users DROP COLUMN changed; DROP TABLE livetrail_names; \
                   DROP TRIGGER activities_removed; DROP TABLE livetrail_removed; DROP TABLE livetrail_bounds; \
                DROP TABLE livetrail_holds; DROP TABLE livetrail_alerts; DROP TABLE livetrail_alert_rules; \
                   DROP TABLE livetrail_alert_channels; DROP TABLE livetrail_deliveries; DROP TABLE livetrail_views; \
                   DROP TABLE livetrail_alert_progress; PRAGMA user_version = 5";
    database.execute_batch(undo).expect("an older form");
    drop(database);
    let restored = restore(elsewhere.path(), &copy, Replacing::Refused).expect("a log");
    assert_eq!(head(&restored).await, 10);
    append(&restored, 11..=12).await;
    assert_eq!(head(&restored).await, 12);
}
