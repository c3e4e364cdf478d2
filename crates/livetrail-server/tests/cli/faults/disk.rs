use crate::program::{Answer, Fixture, Serving, activity};
use rustix::process::{Resource, Rlimit, prlimit};
use serde_json::{Value, json};
use std::process::Command;

/// A server that is told by an error, and not by a signal, that it may not write any further.
fn serve_on_a_limited_disk(fixture: &Fixture) -> Serving {
    let livetrail = fixture.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"])
        .arg(livetrail.get_program())
        .args(livetrail.get_args());
    shell.env("LIVETRAIL_DATA_DIR", fixture.data()).current_dir(fixture.path());
    Serving::start(shell)
}

/// From now on no file of the server grows beyond what the database's log has now.
fn fill_the_disk(fixture: &Fixture, server: &Serving) {
    let log = std::fs::metadata(fixture.data().join("livetrail.db-wal")).expect("the log of the database");
    limit(server, Some(log.len()));
}

fn limit(server: &Serving, bytes: Option<u64>) {
    let Rlimit { maximum, .. } = rustix::process::getrlimit(Resource::Fsize);
    prlimit(Some(server.process.pid()), Resource::Fsize, Rlimit { current: bytes, maximum })
        .expect("a limit");
}

/// An activity that does not fit into what is left of a page.
fn large(user_id: &str) -> Value {
    json!({"user_id": user_id, "action_type": "chat_message", "details": {"text": "x".repeat(20_000)}})
}

fn assert_is_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{answer:?}");
    assert_eq!(answer.body["detail"], "The store is not available; try again shortly");
    let text = answer.body.to_string().to_lowercase();
    for internal in ["sqlite", "disk", "i/o", "livetrail.db", "os error"] {
        assert!(!text.contains(internal), "{internal} is nobody's business: {text}");
    }
}

#[tokio::test]
async fn writes_are_refused_for_now_when_the_disk_is_full() {
    let fixture = Fixture::new();
    let server = serve_on_a_limited_disk(&fixture);
    let writer = fixture.key("writer");
    fill_the_disk(&fixture, &server);
    assert_is_unavailable(&server.post(&writer, &large("u-1")).await);
    assert_is_unavailable(&server.post(&writer, &json!([large("u-1"), large("u-2")])).await);
    assert!(server.is_alive().await);
    let not_ready = server.get(&writer, "/readyz").await;
    assert_eq!(
        (not_ready.status.as_u16(), &not_ready.body["detail"]),
        (503, &json!("Activities cannot be stored: the last commit failed; the server's log says why"))
    );
    limit(&server, None);
    assert_eq!(server.post(&writer, &large("u-1")).await.status, 201);
    assert_eq!(server.get(&writer, "/readyz").await.status, 200);
}

#[tokio::test]
async fn what_was_stored_can_be_read_while_the_disk_is_full() {
    let fixture = Fixture::new();
    let server = serve_on_a_limited_disk(&fixture);
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let stored = server.post(&writer, &activity("u-1", "chat_message")).await;
    let cursor = server.stream(&viewer, None).await.cursor;
    let epoch = cursor.split_once('-').expect("an epoch").0.to_owned();
    fill_the_disk(&fixture, &server);
    assert_is_unavailable(&server.post(&writer, &large("u-2")).await);

    let list = server.get(&viewer, "/api/admin/activity?action_filter=chat_message").await;
    assert_eq!((list.status.as_u16(), &list.body["total"]), (200, &json!(1)));
    let mut stream = server.stream(&viewer, Some(&format!("{epoch}-0"))).await;
    while stream.next_activity().await["id"] != stored.body["id"] {}
}

#[tokio::test]
async fn nothing_that_was_acknowledged_is_lost_and_nothing_that_was_refused_is_there_after_a_full_disk() {
    let fixture = Fixture::new();
    let server = serve_on_a_limited_disk(&fixture);
    let (writer, admin) = (fixture.key("writer"), fixture.key("admin"));
    let mut acknowledged = Vec::new();
    for number in 0..20 {
        acknowledged.push(server.post(&writer, &large(&format!("u-{number}"))).await.position());
    }
    fill_the_disk(&fixture, &server);
    for number in 20..25 {
        assert_is_unavailable(&server.post(&writer, &large(&format!("u-{number}"))).await);
    }
    server.kill();

    let server = fixture.serve();
    let log = server.log(&admin).await;
    let positions: Vec<_> =
        log.iter().map(|activity| activity["position"].as_u64().expect("a position")).collect();
    assert_eq!(positions, (1..=log.len() as u64).collect::<Vec<_>>());
    let messages = log.iter().filter(|activity| activity["action_type"] == "chat_message");
    let kept: Vec<_> = messages.map(|activity| activity["position"].as_u64().expect("a position")).collect();
    assert_eq!(kept, acknowledged);
    assert_eq!(server.post(&writer, &large("u-after")).await.status, 201);
}

#[tokio::test]
async fn a_server_on_a_full_disk_still_stops_when_it_is_told_to() {
    let fixture = Fixture::new();
    let server = serve_on_a_limited_disk(&fixture);
    let writer = fixture.key("writer");
    fill_the_disk(&fixture, &server);
    server.post(&writer, &large("u-1")).await;
    limit(&server, None);
    assert_eq!(server.stop().code, Some(0));
}
