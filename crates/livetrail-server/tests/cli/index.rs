use crate::{
    program::{Fixture, Serving, activity},
    until::until,
};
use serde_json::json;
use std::fs;

/// More activities than a file of the index has.
const MORE_THAN_A_BLOCK: usize = 70_000;

/// The number at the end of a line of `livetrail index stats`.
fn figure(shown: &str, name: &str) -> String {
    let line = shown.lines().find(|line| line.starts_with(name)).expect("a line");
    line[name.len()..].trim().to_owned()
}

#[tokio::test]
async fn the_index_says_how_far_it_is_verifies_and_is_made_again_with_and_without_a_server() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let key = fixture.key("writer");
    for n in 0..3 {
        assert_eq!(server.post(&key, &activity(&format!("u-{n}"), "chat_message")).await.status, 201);
    }
    check(&fixture);
    server.stop();
    check(&fixture);
}

fn check(fixture: &Fixture) {
    let verified = fixture.succeed(&["index", "verify"]);
    assert!(verified.ends_with(" activities, as in the database; all files are right\n"), "{verified}");
    let rebuilt = fixture.succeed(&["index", "rebuild"]);
    assert_eq!(figure(&rebuilt, "state"), "ready", "{rebuilt}");
    let shown = fixture.succeed(&["index", "stats"]);
    assert_eq!(figure(&shown, "state"), "ready", "{shown}");
    assert!(figure(&shown, "activities").parse::<u64>().expect("a number") >= 3, "{shown}");
    assert!(figure(&shown, "files").starts_with("0.0 MB"), "{shown}");
}

fn blocks(fixture: &Fixture) -> usize {
    let Ok(files) = fs::read_dir(fixture.data().join("index")) else { return 0 };
    files
        .filter(|file| file.as_ref().is_ok_and(|file| file.file_name().to_string_lossy().contains("block-")))
        .count()
}

/// Posts until there is a new file, or enough for one.
async fn post_until(server: &Serving, key: &str, is_there: impl Future<Output = ()>) {
    let batch = json!(vec![activity("u-1", "chat_message"); 5_000]);
    let posting = async {
        for _ in 0..MORE_THAN_A_BLOCK / 5_000 {
            assert_eq!(server.post(key, &batch).await.status, 200);
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = is_there => {}
        () = posting => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_while_it_writes_files_of_the_index_has_right_files_afterwards() {
    let fixture = Fixture::new();
    let mut server = fixture.serve();
    let key = fixture.key("writer");
    for _ in 0..2 {
        let before = blocks(&fixture);
        post_until(&server, &key, until(async || blocks(&fixture) > before)).await;
        server.kill();
        server = fixture.serve();
    }
    server.stop();
    let verified = fixture.succeed(&["index", "verify"]);
    assert!(verified.ends_with(" activities, as in the database; all files are right\n"), "{verified}");
}
