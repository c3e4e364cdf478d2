//! A log that finds itself restored from a copy has a new epoch; one that was only closed and opened keeps its own.

use super::{append, head, temporary};
use livetrail_store::{Log, SqliteStore, StoreError};
use livetrail_types::Epoch;
use rusqlite::Connection;
use std::{fs, os::unix::fs::MetadataExt, path::Path};
use tempfile::TempDir;

/// Opens the log in `folder`, which is called `fresh` if it needs a new epoch.
fn open(folder: &Path, fresh: u32) -> SqliteStore {
    SqliteStore::open(folder, Epoch(fresh)).expect("the store opens")
}

async fn epoch(store: &SqliteStore) -> u32 {
    store.head().await.expect("a head").epoch.0
}

/// Opens and closes the log; its epoch.
async fn epoch_in(folder: &Path, fresh: u32) -> u32 {
    epoch(&open(folder, fresh)).await
}

/// Epoch 1 with five activities, and a copy of its closed folder. Then it goes on to ten.
async fn log_and_copy() -> (TempDir, TempDir) {
    let (folder, copy) = (temporary(), temporary());
    append(&open(folder.path(), 1), 1..=5).await;
    for file in files(folder.path()) {
        fs::copy(folder.path().join(&file), copy.path().join(file)).expect("a copy");
    }
    let store = open(folder.path(), 2);
    append(&store, 6..=10).await;
    assert_eq!(epoch(&store).await, 1);
    (folder, copy)
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    entries.map(|entry| entry.file_name().into_string().expect("a name")).collect()
}

/// Copies a file over another, which stays the same file (`cp`).
fn overwrite(from: &Path, to: &Path, file: &str) {
    let (from, to) = (from.join(file), to.join(file));
    let changed = |path: &Path| fs::metadata(path).map(|found| (found.ctime(), found.ctime_nsec())).ok();
    let before = changed(&to);
    while changed(&to) == before {
        // Until the kernel's clock has gone on, which ticks some hundred times a second.
        fs::copy(&from, &to).expect("a copy");
    }
}

/// Puts a copy in the place of a file (`mv`, `tar`, `rsync`).
pub(super) fn replace(from: &Path, to: &Path, file: &str) {
    let beside = to.join(format!("{file}.new"));
    fs::copy(from.join(file), &beside).expect("a copy");
    fs::rename(beside, to.join(file)).expect("a file");
}

/// Checks that the restored log has a new epoch, once.
async fn begins_anew(folder: &Path) {
    let store = open(folder, 3);
    assert_eq!((epoch(&store).await, head(&store).await), (3, 5));
    append(&store, 11..=19).await;
    drop(store);
    assert_eq!(epoch_in(folder, 4).await, 3, "it is restored once");
}

#[tokio::test]
async fn a_database_that_is_restored_in_place_has_a_new_epoch() {
    let (folder, copy) = log_and_copy().await;
    overwrite(copy.path(), folder.path(), "livetrail.db");
    begins_anew(folder.path()).await;
}

#[tokio::test]
async fn a_database_that_is_replaced_by_its_copy_has_a_new_epoch() {
    let (folder, copy) = log_and_copy().await;
    replace(copy.path(), folder.path(), "livetrail.db");
    begins_anew(folder.path()).await;
}

#[tokio::test]
async fn a_folder_that_is_restored_in_place_has_a_new_epoch() {
    let (folder, copy) = log_and_copy().await;
    for file in files(copy.path()) {
        overwrite(copy.path(), folder.path(), &file);
    }
    begins_anew(folder.path()).await;
}

#[tokio::test]
async fn a_folder_that_is_replaced_by_its_copy_has_a_new_epoch() {
    let (folder, copy) = log_and_copy().await;
    fs::remove_dir_all(folder.path()).expect("no folder");
    fs::create_dir(folder.path()).expect("a folder");
    for file in files(copy.path()) {
        replace(copy.path(), folder.path(), &file);
    }
    begins_anew(folder.path()).await;
}

#[tokio::test]
async fn a_copy_that_was_made_since_the_last_opening_has_a_new_epoch() {
    for also_the_head_file in [false, true] {
        let (folder, copy) = (temporary(), temporary());
        let store = open(folder.path(), 1);
        append(&store, 1..=5).await;
        let reading = Connection::open(folder.path().join("livetrail.db")).expect("a database");
        let backup = copy.path().join("livetrail.db");
        reading.execute("VACUUM INTO ?1", [backup.to_str()]).expect("a copy");
        fs::copy(folder.path().join("livetrail.head"), copy.path().join("livetrail.head")).expect("a copy");
        append(&store, 6..=10).await;
        drop((reading, store));
        overwrite(copy.path(), folder.path(), "livetrail.db");
        if also_the_head_file {
            // As rsync does, which leaves the lock file alone if it is the copy's.
            replace(copy.path(), folder.path(), "livetrail.head");
        }
        begins_anew(folder.path()).await;
    }
}

#[tokio::test]
async fn a_copy_without_the_files_beside_it_has_a_new_epoch() {
    let (_, copy) = log_and_copy().await;
    let remote = temporary();
    replace(copy.path(), remote.path(), "livetrail.db");
    begins_anew(remote.path()).await;
}

#[tokio::test]
async fn a_log_that_is_closed_and_opened_keeps_its_epoch() {
    let folder = temporary();
    for n in 1..=5 {
        let store = open(folder.path(), u32::try_from(n).expect("a number"));
        append(&store, n..=n).await;
        assert_eq!(epoch(&store).await, 1);
    }
    let connection = Connection::open(folder.path().join("livetrail.db")).expect("a database");
    for change in ["PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "ANALYZE"] {
        connection.execute_batch(change).expect(change);
    }
    drop(connection);
    assert_eq!(epoch_in(folder.path(), 9).await, 1);
}

#[tokio::test]
async fn a_log_of_a_version_that_could_not_tell_keeps_its_epoch() {
    let folder = temporary();
    append(&open(folder.path(), 1), 1..=5).await;
    let file = folder.path().join("livetrail.db");
    let forget = || {
        let connection = Connection::open(&file).expect("a database");
        connection.execute("DELETE FROM livetrail_settings WHERE name = 'place'", []).expect("a setting");
    };
    forget();
    fs::remove_file(folder.path().join("livetrail.head")).expect("a file");
    assert_eq!(epoch_in(folder.path(), 2).await, 1);
    // Restored after a later version has opened it.
    forget();
    assert_eq!(epoch_in(folder.path(), 3).await, 3);
}

#[tokio::test]
async fn a_log_whose_file_is_lost_is_a_new_one() {
    let (folder, _) = log_and_copy().await;
    fs::remove_file(folder.path().join("livetrail.db")).expect("a file");
    let store = open(folder.path(), 3);
    assert_eq!((epoch(&store).await, head(&store).await), (3, 0));
    drop(store);
    assert_eq!(epoch_in(folder.path(), 4).await, 3);
}

#[tokio::test]
async fn a_database_that_is_replaced_while_it_is_open_takes_nothing_more_and_says_so() {
    let (folder, copy) = log_and_copy().await;
    let store = open(folder.path(), 2);
    // They stand in the write-ahead log, which is left behind and must not be applied to the other database.
    append(&store, 20..=29).await;
    let mut remote = store.remote_changes();
    replace(copy.path(), folder.path(), "livetrail.db");
    let refused = store.append(vec![super::activity(11)]).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(store.head().await.is_err());
    assert!(remote.borrow_and_update().restored);
    drop(store);
    assert!(files(folder.path()).contains(&"livetrail.db-wal".to_owned()));
    begins_anew(folder.path()).await;
    assert!(files(folder.path()).contains(&"livetrail.db-wal.of-replaced".to_owned()));
}

#[tokio::test]
async fn a_database_that_is_removed_while_it_is_open_takes_nothing_more() {
    let (folder, _copy) = log_and_copy().await;
    let store = open(folder.path(), 2);
    fs::remove_file(folder.path().join("livetrail.db")).expect("a file");
    let refused = store.append(vec![super::activity(11)]).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
}
