use crate::program::{Answer, Fixture, Serving, activity};
use reqwest::{Method, header};
use serde_json::json;
use tokio::task::JoinSet;

/// Weighs nearly as much as a body may, and is next to no work to read.
fn heavy_body(number: usize) -> String {
    let activity = activity(&format!("u-{number}"), "chat_message").to_string();
    format!("{activity}{}", " ".repeat(9_900_000))
}

fn post_heavy(server: &Serving, key: &str, number: usize) -> impl Future<Output = Answer> + use<> {
    let request = server.request(Method::POST, "/api/activity").bearer_auth(key);
    let request = request.header(header::CONTENT_TYPE, "application/json").body(heavy_body(number));
    async { Answer::to(request).await.expect("an answer") }
}

/// A writer waits for the lock for five seconds. On a machine that is so busy that the bodies take longer to arrive,
/// it gives up, and the queue is empty again. Then the test says nothing about the queue, and begins anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_into_the_queue_is_told_to_come_back_and_what_does_is_stored() {
    for _ in 0..5 {
        if is_filled_while_the_writer_waits().await {
            return;
        }
    }
    panic!("the writer gave up each time");
}

fn says_that_the_writer_gave_up(answer: &Answer) -> bool {
    answer.status == 503
}

/// Fills the queue; false if the writer gave up meanwhile. This holds the database's lock, as a backup program might,
/// so that nothing can be stored for a while.
async fn is_filled_while_the_writer_waits() -> bool {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (writer, admin) = (fixture.key("writer"), fixture.key("admin"));
    let light = fixture.key("writer");
    let other = rusqlite::Connection::open(fixture.database()).expect("a database");
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");

    let mut posting = JoinSet::new();
    for number in 0..9 {
        posting.spawn(post_heavy(&server, &writer, number));
    }
    let first = posting.join_next().await.expect("an answer").expect("an answer");
    if says_that_the_writer_gave_up(&first) {
        return false;
    }
    assert_eq!(first.status, 429, "{first:?}");
    assert_eq!(first.header("content-type"), "application/problem+json");
    assert!(first.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{first:?}");
    // One credential cannot take all the room.
    let posted = activity("u-light", "user_login");
    let (light, rolled_back) =
        tokio::join!(server.post(&light, &posted), async { other.execute_batch("ROLLBACK") });
    rolled_back.expect("the lock is given back");
    let answers = posting.join_all().await;
    if answers.iter().chain([&light]).any(says_that_the_writer_gave_up) {
        return false;
    }
    assert_eq!(light.status, 201, "{light:?}");

    let mut stored: Vec<_> =
        answers.iter().filter(|answer| answer.status == 201).map(Answer::position).collect();
    // Two of the largest bodies are what one credential may have under way.
    assert!(stored.len() >= 2, "{answers:?}");
    assert!(answers.iter().all(|answer| [201, 429].contains(&answer.status.as_u16())), "{answers:?}");
    stored.sort_unstable();
    let log = server.log(&admin).await;
    let kept: Vec<_> = log
        .iter()
        .filter(|activity| activity["action_type"] == "chat_message")
        .map(|activity| activity["position"].as_u64().expect("a position"))
        .collect();
    assert_eq!(kept, stored);
    true
}

#[tokio::test]
async fn a_database_that_another_program_holds_too_long_is_away_and_then_back() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let other = rusqlite::Connection::open(fixture.database()).expect("a database");
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let refused = server.post(&writer, &activity("u-1", "chat_message")).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after").is_empty()),
        (503, false),
        "{refused:?}"
    );
    assert_eq!(server.get(&viewer, "/api/admin/activity").await.status, 200, "readers do not wait");
    other.execute_batch("ROLLBACK").expect("the lock is given back");
    assert_eq!(server.post(&writer, &json!([activity("u-1", "chat_message")])).await.status, 200);
}
