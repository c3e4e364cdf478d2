//! The server is killed in the middle of a load, again and again, on the same folder. Whatever was acknowledged is
//! there afterwards, once, where the acknowledgement said.

pub(crate) mod reader;
pub(crate) mod writer;

use crate::program::{Answer, Fixture, Serving};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reader::Reader;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use tokio::{sync::watch, task::JoinSet};
use writer::{Load, Tally, Writer};

/// How often the server is killed, if the environment does not say.
const ROUNDS: u64 = 5;
const WRITERS: u64 = 6;

#[expect(clippy::disallowed_methods, reason = "ROUNDS=50 looks longer")]
pub(crate) fn rounds() -> u64 {
    std::env::var("ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().expect("ROUNDS is a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kills_once_and_at_its_position() {
    let fixture = Fixture::new().begin();
    let (writer, admin) = (fixture.key("writer"), fixture.key("admin"));
    let mut acknowledged = HashMap::new();
    for round in 0..rounds() {
        let server = fixture.serve();
        let tally = load_and_kill(server, &writer, round).await;
        assert!(!tally.acknowledged.is_empty(), "round {round} was not about anything");
        acknowledged.extend(tally.acknowledged);

        let server = fixture.serve();
        check(&server.log(&admin).await, &acknowledged, round);
        resend(&server, &writer, &tally.unanswered, round).await;
        acknowledged.extend(resend(&server, &writer, &tally.unanswered, round).await);
        check(&server.log(&admin).await, &acknowledged, round);
        server.kill();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_resumes_over_kills_shows_every_position_once_and_in_order() {
    let fixture = Fixture::new().begin();
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let server = fixture.serve();
    let begin = server.stream(&viewer, None).await.cursor;
    let (moved, place) = watch::channel(server.base_url.clone());
    let reader = tokio::spawn(Reader::new(viewer.clone(), begin.clone()).follow(place));

    let mut server = Some(server);
    for round in 0..rounds() {
        let running = server.take().unwrap_or_else(|| fixture.serve());
        moved.send_replace(running.base_url.clone());
        load_and_kill(running, &writer, 1_000 + round).await;
    }
    let server = fixture.serve();
    moved.send_replace(server.base_url.clone());
    let last = server.post(&writer, &crate::program::activity("u-1", reader::LAST)).await.position();
    let seen =
        tokio::time::timeout(crate::program::PATIENCE, reader).await.expect("in time").expect("a reader");
    let first = begin.split('-').nth(1).expect("a position");
    let first = first.parse::<u64>().expect("a position") + 1;
    assert_eq!(seen, (first..=last).collect::<Vec<_>>());
}

/// Writes with several hands and kills the server when a number of activities, by chance, were acknowledged: others are
/// under way then.
async fn load_and_kill(server: Serving, key: &str, seed: u64) -> Tally {
    let enough = StdRng::seed_from_u64(seed).random_range(1..400);
    let (load, mut count) = Load::new(&server, key);
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        writers.spawn(Writer::new(seed * WRITERS + number).write(load.clone()));
    }
    count.wait_for(|count| *count >= enough).await.expect("writers write");
    server.kill();
    writers.join_all().await.into_iter().fold(Tally::default(), Tally::with)
}

/// Positions have no gaps, ids are there once, and the acknowledged ones where they should be.
pub(crate) fn check(log: &[Value], acknowledged: &HashMap<String, u64>, round: u64) {
    let positions: Vec<_> =
        log.iter().map(|activity| activity["position"].as_u64().expect("a position")).collect();
    assert_eq!(positions, (1..=log.len() as u64).collect::<Vec<_>>(), "round {round}: gaps or duplicates");
    let mut stored = BTreeMap::new();
    for activity in log {
        let (id, position) = (activity["id"].as_str().expect("an id"), activity["position"].as_u64());
        assert_eq!(stored.insert(id, position), None, "round {round}: {id} is there twice");
    }
    for (id, position) in acknowledged {
        assert_eq!(stored.get(id.as_str()), Some(&Some(*position)), "round {round}: {id} was acknowledged");
    }
}

/// Sends again what was under way; whether it was stored before or not, it is now, once.
async fn resend(server: &Serving, key: &str, batches: &[Value], round: u64) -> HashMap<String, u64> {
    let mut stored = HashMap::new();
    for batch in batches {
        let answer = server.post(key, batch).await;
        assert!(answer.status.is_success(), "round {round}: {answer:?}");
        stored.extend(writer::acknowledgements(&answer));
    }
    stored
}

/// A kill between two requests leaves nothing under way; that the rounds above do meet such requests is checked here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_meets_requests_that_are_under_way() {
    let fixture = Fixture::new().begin();
    let writer = fixture.key("writer");
    let tally = load_and_kill(fixture.serve(), &writer, 7).await;
    assert!(!tally.unanswered.is_empty());
    let answer = fixture.serve().post(&writer, &tally.unanswered[0]).await;
    let Answer { status, .. } = answer;
    assert!(status.is_success());
}
