//! Alerts of a running server: raised once, whatever happens to it.

use crate::{
    crash::rounds,
    program::{Answer, Fixture, Serving, activity},
    restored::copy_files,
    until::until,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Client;
use rustix::process::Signal;
use serde_json::{Value, json};
use std::collections::HashSet;
use tokio::{sync::watch, task::JoinSet};

/// Clients that guess at the same time.
const GUESSERS: u64 = 4;

/// Failed sign-ins of one user.
fn failures(user: &str, count: usize) -> Value {
    let mut failure = activity(user, "user_login");
    failure["success"] = json!(false);
    failure["ip_address"] = json!("203.0.113.9");
    json!(vec![failure; count])
}

async fn raised(server: &Serving, key: &str, rule: &str) -> Vec<Value> {
    let log = server.log(key).await;
    let is_of_rule = |one: &Value| one["action_type"] == "alert_raised" && one["target_resource_id"] == rule;
    log.into_iter().filter(is_of_rule).collect()
}

async fn once_through_a_kill(fixture: Fixture) {
    let server = fixture.serve();
    let admin = fixture.key("admin");
    let mut live = server.stream(&admin, None).await;
    server.post(&admin, &failures("ada", 9)).await;
    server.post(&admin, &failures("bob", 12)).await;
    until(async || !raised(&server, &admin, "failed-sign-ins").await.is_empty()).await;
    let alert = loop {
        let pushed = live.next_activity().await;
        if pushed["target_resource_id"] == "failed-sign-ins" {
            break pushed;
        }
    };
    let details = &alert["details"]["alert"];
    assert_eq!((&details["group"], &details["late"]), (&json!({"user_id": "bob"}), &json!(false)));
    assert_eq!(details["positions"].as_array().map(Vec::len), Some(12), "{details}");
    server.post(&admin, &failures("ada", 1)).await;
    server.kill();

    let server = fixture.serve();
    until(async || raised(&server, &admin, "failed-sign-ins").await.len() == 2).await;
    server.post(&admin, &failures("bob", 30)).await;
    server.post(&admin, &failures("eve", 10)).await;
    until(async || raised(&server, &admin, "failed-sign-ins").await.len() >= 3).await;
    let users: Vec<Value> = raised(&server, &admin, "failed-sign-ins")
        .await
        .iter()
        .map(|one| one["details"]["alert"]["group"]["user_id"].clone())
        .collect();
    assert_eq!(users, ["bob", "ada", "eve"], "each once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_is_raised_once_although_the_server_is_killed() {
    once_through_a_kill(Fixture::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_is_raised_once_over_postgresql_although_the_server_is_killed() {
    let database = private_postgres::database();
    once_through_a_kill(Fixture::with_log_in(database.url())).await;
}

/// Guesses the passwords of ever new users until the server is gone. The users about whom the server has said that it
/// has everything.
async fn guess(
    client: Client,
    url: String,
    key: String,
    task: String,
    acknowledged: watch::Sender<u64>,
) -> Vec<String> {
    let mut users = Vec::new();
    for number in 0.. {
        let user = format!("{task}-{number}");
        let posting = client.post(&url).bearer_auth(&key).json(&failures(&user, 10));
        match Answer::to(posting).await {
            Ok(answer) => assert!(answer.status.is_success(), "{answer:?}"),
            Err(_) => break,
        }
        acknowledged.send_modify(|count| *count += 1);
        users.push(user);
    }
    users
}

/// Kills the server in the middle of a flood of alerts; the users about whom it has everything.
async fn flood_and_kill(server: Serving, key: &str, round: u64) -> Vec<String> {
    let enough = StdRng::seed_from_u64(round).random_range(1..40);
    let (acknowledged, mut count) = watch::channel(0);
    let mut tasks = JoinSet::new();
    for task in 0..GUESSERS {
        let (client, url) = (server.client.clone(), format!("{}/api/activity", server.base_url));
        tasks.spawn(guess(client, url, key.to_owned(), format!("u-{round}-{task}"), acknowledged.clone()));
    }
    count.wait_for(|count| *count >= enough).await.expect("guessers guess");
    server.kill();
    tasks.join_all().await.concat()
}

/// Rule and user of each alert.
async fn alerts(server: &Serving, key: &str) -> Vec<(String, String)> {
    let (mut alerts, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/admin/activity?action_filter=alert_raised&limit=100{cursor}");
        let answer = server.get(key, &path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        for alert in answer.body["data"].as_array().expect("a page") {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let user = text(&alert["details"]["alert"]["group"]["user_id"]);
            alerts.push((text(&alert["target_resource_id"]), user));
        }
        match answer.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return alerts,
        }
    }
}

async fn each_once_through_kills(fixture: Fixture, rounds: u64) {
    let fixture = fixture.begin();
    let (writer, admin) = (fixture.key("writer"), fixture.key("admin"));
    let mut users = HashSet::new();
    for round in 0..rounds {
        users.extend(flood_and_kill(fixture.serve(), &writer, round).await);
    }
    let server = fixture.serve();
    let rules = ["failed-sign-ins", "failed-sign-ins-of-a-day"];
    until(async || {
        let alerts: HashSet<_> = alerts(&server, &admin).await.into_iter().collect();
        let is_there = |rule: &str, user: &String| alerts.contains(&(rule.to_owned(), user.clone()));
        users.iter().all(|user| rules.iter().all(|rule| is_there(rule, user)))
    })
    .await;
    let mut seen = HashSet::new();
    for alert in alerts(&server, &admin).await.into_iter().filter(|(rule, _)| rules.contains(&rule.as_str()))
    {
        assert!(seen.insert(alert.clone()), "{alert:?} twice");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_alert_of_a_flood_is_raised_once_through_many_kills() {
    each_once_through_kills(Fixture::new(), 4 * rounds()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_alert_of_a_flood_is_raised_once_over_postgresql_through_many_kills() {
    let database = private_postgres::database();
    each_once_through_kills(Fixture::with_log_in(database.url()), rounds()).await;
}

/// User and number of activities of each alert, the latest first, as soon as there are so many.
async fn listed(server: &Serving, key: &str, count: usize) -> Vec<(Value, Value)> {
    let found = async || {
        let answer = server.get(key, "/api/admin/alerts?rule=failed-sign-ins").await;
        let alerts = answer.body["data"].as_array().expect("alerts").clone();
        alerts
            .into_iter()
            .map(|one| (one["group"]["user_id"].clone(), one["count"].clone()))
            .collect::<Vec<_>>()
    };
    until(async || found().await.len() == count).await;
    found().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_log_raises_what_it_has_and_gets_once() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let admin = fixture.key("admin");
    server.post(&admin, &failures("ada", 9)).await;
    server.post(&admin, &failures("bob", 12)).await;
    until(async || raised(&server, &admin, "failed-sign-ins").await.len() == 1).await;
    server.stop();
    let copy = fixture.path().join("copy");
    copy_files(&fixture.data(), &copy);
    let server = fixture.serve();
    server.post(&admin, &failures("ada", 1)).await;
    server.post(&admin, &failures("eve", 10)).await;
    listed(&server, &admin, 3).await;
    until(async || raised(&server, &admin, "failed-sign-ins").await.len() == 3).await;
    server.stop();

    copy_files(&copy, &fixture.data());
    let server = fixture.serve();
    server.post(&admin, &failures("bob", 1)).await;
    server.post(&admin, &failures("joe", 10)).await;
    assert_eq!(listed(&server, &admin, 2).await, [(json!("joe"), json!(10)), (json!("bob"), json!(13))]);
    server.post(&admin, &failures("ada", 1)).await;
    assert_eq!(listed(&server, &admin, 3).await[0], (json!("ada"), json!(10)));
    until(async || raised(&server, &admin, "failed-sign-ins").await.len() == 3).await;
    let users: Vec<Value> = raised(&server, &admin, "failed-sign-ins")
        .await
        .iter()
        .map(|one| one["details"]["alert"]["group"]["user_id"].clone())
        .collect();
    assert_eq!(users, ["bob", "joe", "ada"], "each once");
}

async fn evaluates(server: &Serving, key: &str) -> bool {
    let metrics = server.get(key, "/metrics").await;
    metrics.body.as_str().expect("metrics").contains("\nlivetrail_alerts_evaluating 1")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_evaluator_that_was_frozen_beyond_its_turn_raises_nothing_again() {
    let database = private_postgres::database();
    let fixtures = [(); 2].map(|()| Fixture::with_log_in(database.url()));
    let mut servers = fixtures.each_ref().map(Fixture::serve);
    let admin = fixtures[0].key("admin");
    until(async || fixtures[1].succeed(&["key", "list"]).contains("test admin")).await;
    until(async || evaluates(&servers[0], &admin).await || evaluates(&servers[1], &admin).await).await;
    if !evaluates(&servers[0], &admin).await {
        servers.reverse();
    }
    let [frozen, other] = &servers;
    other.post(&admin, &failures("ada", 9)).await;
    other.post(&admin, &failures("joe", 12)).await;
    until(async || raised(other, &admin, "failed-sign-ins").await.len() == 1).await;
    frozen.process.signal(Signal::STOP);
    other.post(&admin, &failures("ada", 1)).await;
    other.post(&admin, &failures("joe", 1)).await;
    until(async || evaluates(other, &admin).await).await;
    until(async || raised(other, &admin, "failed-sign-ins").await.len() == 2).await;
    // The one that was frozen still has its memory, and finds the same.
    frozen.process.signal(Signal::CONT);
    frozen.post(&admin, &failures("joe", 1)).await;
    frozen.post(&admin, &failures("eve", 10)).await;
    until(async || !evaluates(frozen, &admin).await).await;
    until(async || raised(other, &admin, "failed-sign-ins").await.len() >= 3).await;
    let alerts = raised(other, &admin, "failed-sign-ins").await;
    let users: Vec<&Value> = alerts.iter().map(|one| &one["details"]["alert"]["group"]["user_id"]).collect();
    assert_eq!(users, ["joe", "ada", "eve"], "each once");
    let counts =
        async || listed(other, &admin, 3).await.into_iter().map(|(_, count)| count).collect::<Vec<_>>();
    until(async || counts().await == [10, 10, 14]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_that_a_server_makes_for_its_own_demo_raise_no_alert() {
    let fixture = Fixture::new();
    let command = fixture.command(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    let _server = Serving::start(command);
    let alerts = |rule: &str| fixture.succeed(&["alerts", "list", "--rule", rule, "--json"]);
    // The demo has an attacker, so its past is evaluated when this is raised.
    until(async || !alerts("guessed-password").is_empty() || !alerts("failed-sign-ins").is_empty()).await;
    assert_eq!(alerts("livetrail-changed"), "");
}
