//! What is opened, what is refused, and what is left as it was.

use super::{activity, append, head, open, positions, temporary};
use livetrail_store::{Log, SqliteStore, StoreError};
use livetrail_types::Epoch;
use rusqlite::Connection;
use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt, path::Path};

/// Every file of a folder and what is in it, but for the two that only tell where the database is.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let named = entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    named
        .filter(|(name, _)| name != "livetrail.lock" && name != "livetrail.head")
        .map(|(name, path)| (name, fs::read(path).expect("a file")))
        .collect()
}

/// A folder with a log of 2,000 activities that no process has open.
async fn closed_log() -> tempfile::TempDir {
    let folder = temporary();
    append(&open(folder.path()), 1..=2_000).await;
    folder
}

/// Checks that the folder's log is refused, and that nothing in the folder is changed.
#[track_caller]
fn refused(folder: &Path) -> StoreError {
    let before = contents(folder);
    let error = SqliteStore::open(folder, Epoch(2)).err().expect("the log should be refused");
    unchanged(folder, &before);
    error
}

/// Checks that every file is as it was. Reading alone lays an empty write-ahead log and its index beside a database.
#[track_caller]
fn unchanged(folder: &Path, before: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in contents(folder) {
        match before.get(&name) {
            Some(earlier) => assert!(*earlier == bytes, "{name} was changed"),
            None => assert!(
                name.ends_with("-shm") || (name.ends_with("-wal") && bytes.is_empty()),
                "{name} is new"
            ),
        }
    }
}

#[track_caller]
fn refused_as_damaged(folder: &Path) {
    let error = refused(folder);
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    let text = error.to_string();
    for words in
        ["livetrail.db is damaged or no livetrail database", "restore a backup", "Nothing was changed"]
    {
        assert!(text.contains(words), "{text}");
    }
}

#[tokio::test]
async fn a_folder_that_is_in_use_is_refused_and_the_text_says_what_to_do() {
    let folder = temporary();
    let store = open(folder.path());
    let error = SqliteStore::open(folder.path(), Epoch(2)).err().expect("it is in use");
    assert!(matches!(&error, StoreError::Locked(path) if path == folder.path()), "{error:?}");
    let text = error.to_string();
    for words in ["another livetrail is using", &folder.path().to_string_lossy(), "--data-dir"] {
        assert!(text.contains(words), "{text}");
    }
    append(&store, 1..=3).await;
    drop(store);
    assert_eq!(head(&open(folder.path())).await, 3);
}

#[tokio::test]
async fn a_closed_log_is_in_one_file() {
    let folder = closed_log().await;
    assert_eq!(contents(folder.path()).keys().collect::<Vec<_>>(), ["livetrail.db"]);
    let store = open(folder.path());
    assert_eq!(positions(&store).await.len(), 2_000);
    drop(store);
    assert_eq!(contents(folder.path()).keys().collect::<Vec<_>>(), ["livetrail.db"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_waits_for_what_was_begun() {
    let folder = temporary();
    for n in 0..20 {
        let store = std::sync::Arc::new(open(folder.path()));
        let same = std::sync::Arc::clone(&store);
        let abandoned =
            tokio::spawn(async move { same.append((0..50).map(|k| activity(n * 50 + k)).collect()).await });
        tokio::task::yield_now().await;
        abandoned.abort();
        let _ = abandoned.await;
        drop(store);
        let store = open(folder.path());
        let before = head(&store).await;
        append(&store, 10_000 + n..=10_000 + n).await;
        assert_eq!(head(&store).await, before + 1);
        assert_eq!(positions(&store).await, (1..=before + 1).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_log_of_a_newer_version_is_refused_and_left_as_it_was() {
    let folder = closed_log().await;
    let connection = Connection::open(folder.path().join("livetrail.db")).expect("a database");
    connection.pragma_update(None, "user_version", 99).expect("a version");
    drop(connection);
    let error = refused(folder.path());
    assert!(matches!(&error, StoreError::Newer { found: 99, known, .. } if *known < 99), "{error:?}");
    let text = error.to_string();
    for words in [
        "livetrail.db was written by a newer livetrail",
        "schema 99",
        "upgrade livetrail",
        "Nothing was changed",
    ] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn a_file_of_garbage_is_refused_and_left_as_it_was() {
    for garbage in [b"x".to_vec(), b"not a database\n".repeat(1_000), vec![0; 8_192], vec![0xff; 100]] {
        let folder = temporary();
        fs::write(folder.path().join("livetrail.db"), garbage).expect("a file");
        refused_as_damaged(folder.path());
    }
}

#[test]
fn a_database_of_another_program_is_refused_and_left_as_it_was() {
    let folder = temporary();
    let connection = Connection::open(folder.path().join("livetrail.db")).expect("a database");
    connection
        .execute_batch("CREATE TABLE activities (id); INSERT INTO activities VALUES (1)")
        .expect("a table");
    drop(connection);
    refused_as_damaged(folder.path());
}

#[tokio::test]
async fn a_truncated_database_is_refused_and_left_as_it_was() {
    let folder = closed_log().await;
    let file = folder.path().join("livetrail.db");
    let whole = fs::read(&file).expect("a file");
    for length in [50, 100, 4_096, whole.len() / 2, whole.len() - 4_096] {
        fs::write(&file, &whole[..length]).expect("a file");
        refused_as_damaged(folder.path());
    }
    fs::write(&file, &whole).expect("a file");
    assert_eq!(head(&open(folder.path())).await, 2_000);
}

#[tokio::test]
async fn a_database_whose_newest_row_is_overwritten_is_refused_and_left_as_it_was() {
    let folder = closed_log().await;
    let file = folder.path().join("livetrail.db");
    let mut bytes = fs::read(&file).expect("a file");
    let id = activity(2_000).activity.id;
    let holds_id = |page: &[u8]| page.windows(16).any(|window| window == id.as_bytes());
    for page in bytes.chunks_mut(4_096).filter(|page| holds_id(page)) {
        page.fill(0xaa);
    }
    fs::write(&file, bytes).expect("a file");
    refused_as_damaged(folder.path());
}

#[tokio::test]
async fn an_empty_file_and_one_that_was_only_begun_are_fresh_logs() {
    let empty = temporary();
    fs::write(empty.path().join("livetrail.db"), []).expect("a file");
    let begun = temporary();
    let connection = Connection::open(begun.path().join("livetrail.db")).expect("a database");
    connection.pragma_update(None, "journal_mode", "wal").expect("a mode");
    drop(connection);
    for folder in [empty, begun] {
        let store = open(folder.path());
        append(&store, 1..=1).await;
        assert_eq!(head(&store).await, 1);
    }
}

#[tokio::test]
async fn asking_for_pending_migrations_changes_nothing() {
    let folder = temporary();
    let pending = SqliteStore::pending_migrations(folder.path()).expect("an answer");
    assert_eq!(pending.first(), Some(&"0001_log"));
    assert!(contents(folder.path()).is_empty());
    append(&open(folder.path()), 1..=1).await;
    let before = contents(folder.path());
    assert_eq!(SqliteStore::pending_migrations(folder.path()).expect("an answer"), [] as [&str; 0]);
    unchanged(folder.path(), &before);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[tokio::test]
async fn a_new_folder_and_every_file_in_it_are_private() {
    let above = temporary();
    let folder = above.path().join("a/b");
    let store = open(&folder);
    append(&store, 1..=1).await;
    assert_eq!(mode(&folder), 0o700);
    assert_files_are_private(&folder, 3);
}

#[tokio::test]
async fn the_files_are_private_in_a_folder_that_others_may_read() {
    let folder = temporary();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
    let store = open(folder.path());
    append(&store, 1..=1).await;
    assert_eq!(mode(folder.path()), 0o755, "the folder is its owner's business");
    assert_files_are_private(folder.path(), 3);
}

#[track_caller]
fn assert_files_are_private(folder: &Path, at_least: usize) {
    let files: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    assert!(files.len() >= at_least, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = temporary();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").expect("a file");
    for path in [file.clone(), file.join("data")] {
        let error = SqliteStore::open(&path, Epoch(1)).err().expect("there is a file in the way");
        assert!(matches!(&error, StoreError::Io { path: at, .. } if at.starts_with(&file)), "{error:?}");
        assert!(error.to_string().starts_with(&format!("cannot use {}", file.display())), "{error}");
    }
}

#[test]
fn a_database_that_is_a_folder_is_refused() {
    let folder = temporary();
    fs::create_dir(folder.path().join("livetrail.db")).expect("a folder");
    let error = SqliteStore::open(folder.path(), Epoch(1)).err().expect("a folder is no database");
    assert!(error.to_string().contains("livetrail.db"), "{error}");
}
