//! PostgreSQL is killed in the middle of a load and started again, many times, while the server stays.

use crate::until::until;
use crate::{
    crash::{
        check, rounds,
        writer::{Load, Tally, Writer},
    },
    program::{Answer, Fixture, PATIENCE, Serving, activity},
};
use private_postgres::Cluster;
use reqwest::Method;
use std::sync::Arc;
use tokio::{sync::watch, task::JoinSet, time::timeout};

const WRITERS: u64 = 6;
/// Activities between one kill and the next.
const EACH: usize = 200;

async fn readiness(server: &Serving) -> u16 {
    let answer = Answer::to(server.request(Method::GET, "/readyz")).await.expect("the server is there");
    answer.status.as_u16()
}

async fn becomes(server: &Serving, status: u16) {
    until(async || readiness(server).await == status).await;
}

/// Sends until it is told that the database is away, and when to come back. A process of the server that was killed may
/// live a moment longer and still commit.
async fn refuses(server: &Serving, key: &str) {
    until(async || {
        let answer = server.post(key, &activity("u-1", "probe")).await;
        if !answer.status.is_success() {
            assert_eq!(answer.status, 503, "{answer:?}");
            assert_ne!(answer.header("retry-after"), "", "{answer:?}");
        }
        !answer.status.is_success()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kills_of_the_database_once_and_the_server_recovers_by_itself() {
    // The server does not wait for the disk unless a session asks for it.
    let cluster = Arc::new(Cluster::start(&["synchronous_commit = off"]));
    let database = cluster.database();
    let fixture = Fixture::with_log_in(database.url()).begin();
    let (writer, admin) = (fixture.key("writer"), fixture.key("admin"));
    let server = fixture.serve();
    let (load, mut count) = Load::new(&server, &writer);
    let (database_is_up, up) = watch::channel(true);
    let (told_to_stop, stop) = watch::channel(false);
    let mut writers = JoinSet::new();
    for seed in 0..WRITERS {
        writers.spawn(Writer::new(7_000 + seed).insist(load.clone(), up.clone(), stop.clone()));
    }
    for _ in 0..rounds() {
        let enough = *count.borrow() + EACH;
        timeout(PATIENCE, count.wait_for(|count| *count >= enough))
            .await
            .expect("in time")
            .expect("they write");
        database_is_up.send_replace(false);
        cluster.kill();
        becomes(&server, 503).await;
        refuses(&server, &writer).await;
        assert!(server.is_alive().await);
        cluster.start_again();
        database_is_up.send_replace(true);
        becomes(&server, 200).await;
    }
    told_to_stop.send_replace(true);
    let tally = writers.join_all().await.into_iter().fold(Tally::default(), Tally::with);
    let log = server.log(&admin).await;
    check(&log, &tally.acknowledged, rounds());
    // Refused activities were sent again with the same ids, so each is there once. Nothing else is there.
    let sent = log.iter().filter(|activity| activity["action_type"] == "chat_message");
    assert_eq!(sent.count(), tally.acknowledged.len());
    let finished = server.stop();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_goes_on_when_the_database_comes_back() {
    let cluster = Arc::new(Cluster::start(&[]));
    let database = cluster.database();
    let fixture = Fixture::with_log_in(database.url()).begin();
    let (writer, admin) = (fixture.key("writer"), fixture.key("admin"));
    let server = fixture.serve();
    let mut stream = server.stream(&admin, None).await;
    cluster.kill();
    becomes(&server, 503).await;
    cluster.start_again();
    becomes(&server, 200).await;
    let position = server.post(&writer, &activity("u-1", "chat_message")).await.position();
    // An alert about the new keys may be recorded meanwhile.
    let mut next = async || loop {
        let pushed = stream.next_activity().await;
        if pushed["resource_type"] != "livetrail" {
            break pushed;
        }
    };
    assert_eq!(next().await["position"], position);
    // Rows that an application inserts by SQL are heard of again, too.
    database.psql("INSERT INTO activity_logs (user_id, action_type, success) VALUES ('old-app', 'a', TRUE)");
    assert_eq!(next().await["user_id"], "old-app");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_fail_for_one_cause_do_not_fill_the_servers_own_log() {
    let cluster = Arc::new(Cluster::start(&[]));
    let database = cluster.database();
    let fixture = Fixture::with_log_in(database.url());
    let server = fixture.serve();
    cluster.kill();
    becomes(&server, 503).await;
    for _ in 0..100 {
        assert_eq!(readiness(&server).await, 503);
        let stream = server.request(Method::GET, "/api/admin/activity/stream?ticket=x").send().await;
        assert!(stream.is_ok());
    }
    let log = server.stop().stderr;
    let of_requests = |line: &&str| line.contains("/readyz") || line.contains("a stream could not begin");
    let lines = log.lines().filter(of_requests).count();
    assert!((1..=20).contains(&lines), "{lines} lines: {log}");
}
