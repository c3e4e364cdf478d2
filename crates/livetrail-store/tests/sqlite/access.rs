//! What a log of the version before this one brings along.

use livetrail_store::{Credentials, Log, SqliteStore};
use livetrail_types::Epoch;
use rusqlite::{Connection, params};

/// A database that has taken the first step only.
fn older(folder: &std::path::Path) -> Connection {
    let file = folder.join("livetrail.db");
    let connection = Connection::open(file).expect("a file");
    connection.execute_batch(include_str!("../../migrations/sqlite/0001_log.sql")).expect("the first step");
    connection.pragma_update(None, "application_id", 0x4c56_5452).expect("ours");
    connection.pragma_update(None, "user_version", 1).expect("a version");
    connection
}

#[tokio::test]
async fn the_key_that_signed_sessions_goes_and_other_secrets_and_keys_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = older(folder.path());
    for (name, value) in [("session", [1_u8; 32]), ("jwt", [2; 32]), ("session_ids", [3; 32])] {
        connection
            .execute("INSERT INTO livetrail_settings (name, value) VALUES ($1, $2)", params![name, value])
            .expect("a secret");
    }
    for (number, single_use) in [(1, false), (2, true)] {
        let id = format!("0198c0de-7a3b-7000-8000-{number:012}");
        connection
            .execute(
                "INSERT INTO livetrail_credentials (id, name, role, secret, single_use, created_at) \
                 VALUES ($1, 'n', 'admin', $2, $3, 0)",
                params![id, [9_u8; 32], single_use],
            )
            .expect("a credential");
    }
    drop(connection);
    let store = SqliteStore::open(folder.path(), Epoch(1)).expect("a store");
    assert_eq!(store.secret("session").await.expect("an answer"), None);
    assert_eq!(store.secret("jwt").await.expect("an answer"), Some(vec![2; 32]));
    assert_eq!(store.secret("session_ids").await.expect("an answer"), Some(vec![3; 32]));
    let keys = store.credentials().await.expect("keys");
    assert_eq!(keys.len(), 1, "a link that was not used is gone");
    assert_eq!((keys[0].created_by.as_deref(), keys[0].last_used_at), (None, None));
    assert_eq!(store.head().await.expect("a head").head, 0);
}

#[tokio::test]
async fn a_secret_that_was_replaced_is_in_no_file_any_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(folder.path(), Epoch(1)).expect("a store");
    let clear = b"a secret in clear, 32 bytes long".to_vec();
    assert!(store.replace_secret("jwt", None, clear.clone()).await.expect("an answer"));
    assert!(holds(folder.path(), &clear), "it was written");
    assert!(store.replace_secret("jwt", Some(clear.clone()), vec![7; 61]).await.expect("an answer"));
    assert!(!holds(folder.path(), &clear), "while the store is open, the write-ahead log included");
}

fn holds(folder: &std::path::Path, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    files
        .map(|file| std::fs::read(file).expect("a file"))
        .any(|content| content.windows(bytes.len()).any(|window| window == bytes))
}
