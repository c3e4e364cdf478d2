//! A data folder that is restored from a copy: streams begin anew, and the operator is told what else came back.

use crate::program::{Home, Serving, activity};
use serde_json::json;
use std::{fs, path::Path};

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("a copy");
    }
}

async fn post(server: &Serving, key: &str, count: usize) {
    let batch = json!(vec![activity("u-1", "chat_message"); count]);
    assert_eq!(server.post(key, &batch).await.status, 200);
}

/// Makes a copy, stores five activities, lets `restore` put the copy into the data folder, and stores nine others.
async fn begins_anew(restore: impl FnOnce(&Path, &Path)) {
    let home = Home::new().begin();
    let admin = home.key("admin");
    home.serve().stop();
    let copy = home.path().join("copy");
    copy_files(&home.data(), &copy);

    let server = home.serve();
    let mut live = server.stream(&admin, None).await;
    post(&server, &admin, 5).await;
    let mut cursor = None;
    for _ in 0..5 {
        cursor = live.next().await.expect("an activity").id;
    }
    let log = server.stop();
    assert!(!log.stderr.contains("restored"), "a restart does not count as a restore: {}", log.stderr);

    restore(&copy, &home.data());
    let server = home.serve();
    post(&server, &admin, 9).await;
    let mut resumed = server.stream(&admin, cursor.as_deref()).await;
    let reset = resumed.next().await.expect("a message").data;
    assert_eq!(reset, json!({"type": "reset", "reason": "the cursor is of another log"}));
    drop(resumed);
    let log = server.stop().stderr;
    for words in ["restored from a copy", "livetrail key list", "livetrail admin sessions end --all"] {
        assert!(log.contains(words), "{log}");
    }
    let log = home.serve().stop().stderr;
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
