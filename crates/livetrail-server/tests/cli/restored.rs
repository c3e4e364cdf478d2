//! A data folder that is restored from a copy: streams begin anew, and the operator is told what else came back.

use crate::program::{Fixture, Serving, activity};
use crate::until::until;
use serde_json::json;
use std::{fs, path::Path};

pub(crate) fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_files(&path, &name);
        } else {
            fs::copy(&path, name).expect("a copy");
        }
    }
}

async fn post(server: &Serving, key: &str, count: usize) {
    let batch = json!(vec![activity("u-1", "chat_message"); count]);
    assert_eq!(server.post(key, &batch).await.status, 200);
}

/// Makes a copy, stores five activities, lets `restore` put the copy into the data folder, and stores nine others.
async fn begins_anew(restore: impl FnOnce(&Path, &Path)) {
    let fixture = Fixture::new().begin();
    let admin = fixture.key("admin");
    fixture.serve().stop();
    let copy = fixture.path().join("copy");
    copy_files(&fixture.data(), &copy);

    let server = fixture.serve();
    let mut live = server.stream(&admin, None).await;
    post(&server, &admin, 5).await;
    let (mut cursor, mut seen) = (None, 0);
    // An alert about the new key may be recorded meanwhile.
    while seen < 5 {
        let event = live.next().await.expect("an activity");
        seen += usize::from(event.data["data"]["user_id"] == "u-1");
        cursor = event.id;
    }
    let log = server.stop();
    assert!(!log.stderr.contains("restored"), "a restart does not count as a restore: {}", log.stderr);

    restore(&copy, &fixture.data());
    let server = fixture.serve();
    post(&server, &admin, 9).await;
    let mut resumed = server.stream(&admin, cursor.as_deref()).await;
    let reset = resumed.next().await.expect("a message").data;
    assert_eq!(reset, json!({"type": "reset", "reason": "the cursor is of another log"}));
    drop(resumed);
    let log = server.stop().stderr;
    for words in ["restored from a copy", "livetrail key list", "livetrail admin sessions end --all"] {
        assert!(log.contains(words), "{log}");
    }
    let log = fixture.serve().stop().stderr;
    assert!(!log.contains("restored"), "it is told once: {log}");
}

#[tokio::test]
async fn a_stream_begins_anew_after_the_data_folder_was_restored_in_place() {
    begins_anew(copy_files).await;
}

#[tokio::test]
async fn a_stream_begins_anew_after_the_data_folder_was_replaced_by_a_copy() {
    begins_anew(|copy, data| {
        fs::remove_dir_all(data).expect("no folder");
        fs::rename(copy, data).expect("a folder");
    })
    .await;
}

#[tokio::test]
async fn a_stream_begins_anew_after_the_database_alone_was_restored_in_place() {
    begins_anew(|copy, data| {
        fs::copy(copy.join("livetrail.db"), data.join("livetrail.db")).expect("a copy");
    })
    .await;
}

/// Posts until the server takes it: it begins anew in the meantime.
async fn post_until_taken(server: &Serving, key: &str, count: usize) {
    let batch = json!(vec![activity("u-2", "chat_message"); count]);
    until(async || server.try_to_post(key, &batch).await.is_ok_and(|answer| answer.status == 200)).await;
}

/// Has the log put back to a copy of its first activities while the server runs, and checks what a client sees.
async fn goes_on(fixture: &Fixture, take: impl FnOnce(), put_back: impl FnOnce()) {
    let admin = fixture.key("admin");
    let server = fixture.serve();
    post(&server, &admin, 5).await;
    take();
    let mut live = server.stream(&admin, None).await;
    post(&server, &admin, 5).await;
    let (mut cursor, mut seen) = (None, 0);
    // An alert about the new key may be recorded meanwhile.
    while seen < 5 {
        let event = live.next().await.expect("an activity");
        seen += usize::from(event.data["data"]["user_id"] == "u-1");
        cursor = event.id;
    }
    put_back();
    post_until_taken(&server, &admin, 3).await;
    while let Some(event) = live.next().await {
        assert_ne!(event.data["data"]["user_id"], "u-2", "it ends before what follows the restore");
    }
    let mut resumed = server.stream(&admin, cursor.as_deref()).await;
    let reset = resumed.next().await.expect("a message").data;
    assert_eq!(reset, json!({"type": "reset", "reason": "the cursor is of another log"}));
    let users: Vec<_> =
        server.log(&admin).await.into_iter().map(|activity| activity["user_id"].clone()).collect();
    let of = |user: &str| users.iter().filter(|id| **id == user).count();
    assert_eq!((of("u-1"), of("u-2")), (5, 3));
    drop((resumed, live));
    let log = server.stop().stderr;
    assert!(log.contains("beginning anew with the restored log"), "{log}");
    assert!(!log.contains("went away"), "the database was there all the time: {log}");
}

#[tokio::test]
async fn a_running_server_goes_on_with_a_database_that_is_put_in_the_place_of_its_own() {
    let fixture = Fixture::new().begin();
    let (database, copy) = (fixture.data().join("livetrail.db"), fixture.path().join("copy.db"));
    let take = || {
        let open = rusqlite::Connection::open(&database).expect("the database");
        open.execute("VACUUM INTO ?1", [copy.to_str().expect("a path")]).expect("a copy");
    };
    goes_on(&fixture, take, || fs::rename(&copy, &database).expect("a file")).await;
}

#[tokio::test]
async fn a_running_server_goes_on_with_a_postgresql_log_that_is_put_back() {
    let database = private_postgres::database();
    let fixture = Fixture::with_log_in(database.url()).begin();
    let head = std::cell::Cell::new(String::new());
    let take = || head.set(database.psql("SELECT max(position) FROM activity_logs").trim().to_owned());
    let put_back = || {
        let head = head.take();
        database.psql(&format!(
            "BEGIN; DELETE FROM activity_logs WHERE position > {head}; SELECT setval('livetrail_head', {head}); COMMIT"
        ));
    };
    goes_on(&fixture, take, put_back).await;
}
