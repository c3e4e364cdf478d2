//! `livetrail backup` and `livetrail restore`: beside a server, without one, and what they refuse.

use crate::program::{Fixture, Process, Serving, activity};
use serde_json::json;
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

async fn post(server: &Serving, key: &str, user: &str, count: usize) {
    let batch = json!(vec![activity(user, "chat_message"); count]);
    assert_eq!(server.post(key, &batch).await.status, 200);
}

/// Posts until the process has ended; how many activities that were.
async fn post_while(server: &Serving, key: &str, process: Process) -> usize {
    let ended = tokio::task::spawn_blocking(move || process.finish());
    let mut posted = 0;
    while !ended.is_finished() {
        post(server, key, "during", 10).await;
        posted += 10;
    }
    let finished = ended.await.expect("an end");
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(finished.stderr.contains("a restore also needs seal.key"), "{}", finished.stderr);
    posted
}

#[tokio::test]
async fn a_log_is_copied_under_load_and_restored_and_streams_of_before_are_reset() {
    let fixture = Fixture::new().begin();
    let admin = fixture.key("admin");
    let server = fixture.serve();
    let mut live = server.stream(&admin, None).await;
    post(&server, &admin, "before", 500).await;
    let backing_up = Process::start(fixture.command(&["backup", "copy.db"]));
    post_while(&server, &admin, backing_up).await;
    post(&server, &admin, "after", 500).await;
    let mut cursor = live.next().await.expect("an activity").id;
    for _ in 0..900 {
        cursor = live.next().await.expect("an activity").id;
    }
    let whole = server.log(&admin).await.len();

    let copy = fixture.path().join("copy.db");
    assert_eq!(copy.metadata().expect("a file").permissions().mode() & 0o777, 0o600);
    let refused = fixture.run(&["restore", "copy.db", "--force"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("another livetrail is using the data folder"), "{}", refused.stderr);
    drop(live);
    server.stop();

    let refused = fixture.run(&["restore", "copy.db"]);
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    let said = fixture.succeed(&["restore", "copy.db", "--force"]);
    assert!(said.contains("the former log is kept as ") && said.contains("livetrail key list"), "{said}");
    let server = fixture.serve();
    let users: Vec<_> =
        server.log(&admin).await.into_iter().map(|activity| activity["user_id"].clone()).collect();
    let of = |user: &str| users.iter().filter(|id| **id == user).count();
    assert_eq!((of("before"), of("after")), (500, 0));
    assert!(users.len() < whole);
    post(&server, &admin, "anew", 600).await;
    let mut resumed = server.stream(&admin, cursor.as_deref()).await;
    let reset = resumed.next().await.expect("a message").data;
    assert_eq!(reset, json!({"type": "reset", "reason": "the cursor is of another log"}));
    drop(resumed);
    server.stop();
    assert!(fixture.succeed(&["index", "verify"]).contains("as in the database"));
}

#[test]
fn a_backup_replaces_a_file_only_if_that_is_said_and_never_the_log() {
    let fixture = Fixture::new().begin();
    let copy = fixture.write("copy.db", "kept");
    let refused = fixture.run(&["backup", "copy.db"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("copy.db exists"), "{}", refused.stderr);
    assert_eq!(fs::read(&copy).expect("the file"), b"kept");
    let said = fixture.succeed(&["backup", "copy.db", "--force"]);
    assert!(said.starts_with("copy.db: 0 activities, the newest at position 0, "), "{said}");
    assert_ne!(fs::read(&copy).expect("the file"), b"kept");
    let refused = fixture.run(&["backup", "data/livetrail.db", "--force"]);
    assert!(refused.stderr.contains("is the log itself"), "{}", refused.stderr);
    let refused = fixture.run(&["backup", "no-such-folder/copy.db"]);
    assert!(refused.stderr.contains("cannot write no-such-folder"), "{}", refused.stderr);
    let left = fs::read_dir(fixture.path()).expect("a folder").count();
    assert_eq!(left, 2, "the data folder and the copy");
}

#[test]
fn without_a_log_nothing_is_copied_and_no_log_is_made() {
    let fixture = Fixture::new();
    let refused = fixture.run(&["backup", "copy.db"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("does not contain a log"), "{}", refused.stderr);
    assert!(!fixture.data().exists() && !fixture.path().join("copy.db").exists());
}

#[test]
fn a_restore_into_a_new_folder_says_which_key_the_server_needs() {
    let (fixture, elsewhere) = (Fixture::new(), Fixture::new());
    fixture.serve().stop();
    let copy = fixture.path().join("copy.db").display().to_string();
    fixture.succeed(&["backup", &copy]);
    let restored = elsewhere.run(&["restore", &copy]);
    assert_eq!(restored.code, Some(0), "{}", restored.stderr);
    assert!(restored.stderr.contains("put the seal.key of the data folder"), "{}", restored.stderr);
    let refused = elsewhere.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused.stderr.contains("seal.key"), "the server says the same: {}", refused.stderr);
    fs::copy(fixture.data().join("seal.key"), elsewhere.data().join("seal.key")).expect("a key");
    elsewhere.serve().stop();
}

#[tokio::test]
async fn what_a_killed_restore_has_left_is_not_in_the_restored_log() {
    let (fixture, killed) = (Fixture::new().begin(), Fixture::new().begin());
    fixture.succeed(&["backup", "copy.db"]);
    let server = killed.serve();
    post(&server, &killed.key("writer"), "stale", 50).await;
    server.kill();
    let wal = |database: &Path| format!("{}-wal", database.display());
    assert!(fs::metadata(wal(&killed.database())).expect("a write-ahead log").len() > 0);
    let draft = fixture.data().join("livetrail.db.unfinished");
    fs::copy(killed.database(), &draft).expect("a copy");
    fs::copy(wal(&killed.database()), wal(&draft)).expect("a copy");

    fixture.succeed(&["restore", "copy.db"]);
    assert!(!draft.exists() && fs::metadata(wal(&draft)).is_err());
    let server = fixture.serve();
    let key = fixture.key("admin");
    assert!(server.log(&key).await.iter().all(|activity| activity["user_id"] != "stale"));
}

#[test]
fn for_a_log_in_postgresql_the_commands_of_its_own_tools_are_named() {
    let fixture = Fixture::new();
    let url = "postgres://ada:secret@db.example.com:5433/app";
    for (command, tool) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
        let refused = fixture.run(&[command, "a.dump", "--database-url", url]);
        assert_eq!(refused.code, Some(2));
        let named = refused.stderr.contains(tool)
            && refused.stderr.contains("'postgres://ada@db.example.com:5433/app'")
            && refused.stderr.contains("'a.dump'");
        assert!(named && !refused.stderr.contains("secret"), "{}", refused.stderr);
    }
}
