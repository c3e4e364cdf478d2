//! Channels of a running server: told of each alert, whatever happens to the server.

use crate::{
    crash::rounds,
    program::{Answer, Fixture, Serving, activity},
    receiver::{HOLD, Receiver},
    until::until,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// A server that may deliver to this machine.
fn serve(fixture: &Fixture) -> Serving {
    fixture.serve_with(&["--alerts-allow-addresses", "127.0.0.0/8"])
}

/// Failed sign-ins of a user, which raise an alert of the rule `failed-sign-ins`.
async fn fail(server: &Serving, key: &str, user: &str) {
    let mut failure = activity(user, "user_login");
    failure["success"] = json!(false);
    assert!(server.post(key, &json!(vec![failure; 10])).await.status.is_success());
}

async fn add(server: &Serving, key: &str, receiver: &Receiver) -> String {
    let wanted =
        json!({"name": "hook", "kind": "webhook", "url": receiver.url, "rules": ["failed-sign-ins"]});
    let request = server.request(Method::POST, "/api/admin/alert-channels").bearer_auth(key).json(&wanted);
    let made = Answer::to(request).await.expect("an answer");
    assert_eq!(made.status, 201, "{made:?}");
    made.body["id"].as_str().expect("an id").to_owned()
}

async fn sent(server: &Serving, key: &str, channel: &str) -> usize {
    let path = format!("/api/admin/alert-channels/{channel}/deliveries?state=sent&limit=200");
    server.get(key, &path).await.body["data"].as_array().expect("messages").len()
}

async fn repeated_with_the_same_key(fixture: Fixture) {
    let receiver = Receiver::start(HOLD).await;
    let server = serve(&fixture);
    let admin = fixture.key("admin");
    let channel = add(&server, &admin, &receiver).await;
    fail(&server, &admin, "ada").await;
    let first = receiver.until(1).await;
    server.kill();
    receiver.answer(200);
    let server = serve(&fixture);
    let second = receiver.until(2).await;
    assert_eq!((first.key, first.signatures), (second.key, 1));
    assert_eq!(first.body["data"]["id"], second.body["data"]["id"]);
    until(async || sent(&server, &admin, &channel).await == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_a_kill_has_cut_off_is_repeated_with_the_same_key() {
    repeated_with_the_same_key(Fixture::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_a_kill_has_cut_off_is_repeated_over_postgresql() {
    let database = private_postgres::database();
    repeated_with_the_same_key(Fixture::with_log_in(database.url())).await;
}

/// The user of an alert that was told.
fn user(body: &Value) -> String {
    body["data"]["group"]["user_id"].as_str().expect("a user").to_owned()
}

async fn told_through_kills(fixture: Fixture, rounds: u64) {
    let receiver = Receiver::start(200).await;
    let server = serve(&fixture);
    let admin = fixture.key("admin");
    let channel = add(&server, &admin, &receiver).await;
    server.kill();
    let mut users = HashSet::new();
    for round in 0..rounds {
        let server = serve(&fixture);
        for number in 0..5 {
            let user = format!("u-{round}-{number}");
            fail(&server, &admin, &user).await;
            users.insert(user);
        }
        // The alerts are at any point between the commit and the note that they were sent.
        server.kill();
    }
    let server = serve(&fixture);
    let told = || receiver.taken().iter().map(|taken| user(&taken.body)).collect::<HashSet<_>>();
    until(async || told() == users && sent(&server, &admin, &channel).await == users.len()).await;
    let mut keys = HashMap::new();
    for taken in receiver.taken() {
        let (user, alert) = (user(&taken.body), taken.body["data"]["id"].clone());
        let known = keys.entry(user).or_insert_with(|| (taken.key.clone(), alert.clone()));
        assert_eq!(*known, (taken.key, alert), "one alert and one key for each");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_alert_is_told_with_one_key_through_many_kills() {
    // A rule with more than 50 messages a day floods.
    told_through_kills(Fixture::new(), (2 * rounds()).min(9)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_alert_is_told_with_one_key_over_postgresql_through_many_kills() {
    let database = private_postgres::database();
    told_through_kills(Fixture::with_log_in(database.url()), rounds().min(9)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_of_two_delivers_and_the_other_goes_on_when_it_is_killed() {
    let database = private_postgres::database();
    let fixtures = [(); 2].map(|()| Fixture::with_log_in(database.url()));
    let receiver = Receiver::start(200).await;
    let first = serve(&fixtures[0]);
    let second = serve(&fixtures[1]);
    let admin = fixtures[0].key("admin");
    until(async || fixtures[1].succeed(&["key", "list"]).contains("test admin")).await;
    let channel = add(&second, &admin, &receiver).await;
    fail(&first, &admin, "ada").await;
    until(async || sent(&second, &admin, &channel).await == 1).await;
    receiver.until(1).await;
    // The first has the turn, since it was there before.
    first.kill();
    fail(&second, &admin, "bob").await;
    until(async || sent(&second, &admin, &channel).await == 2).await;
    receiver.until(2).await;
    assert_eq!(receiver.keys().into_iter().collect::<HashSet<_>>().len(), 2);
}

#[tokio::test]
async fn a_server_on_a_system_without_root_certificates_starts_and_says_why_it_sends_nothing() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
    let server = Serving::start(command);
    let wanted = json!({"name": "hook", "kind": "webhook", "url": "https://example.com/"});
    let request = server.request(Method::POST, "/api/admin/alert-channels").json(&wanted);
    let refused = Answer::to(request.bearer_auth(fixture.key("admin"))).await.expect("an answer");
    assert_eq!(refused.status, 422);
    assert!(refused.body.to_string().contains("root certificates"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn channels_are_added_tested_listed_and_removed() {
    let fixture = Fixture::new();
    let server = serve(&fixture);
    let receiver = Receiver::start(200).await;
    let channels = |arguments: &[&str]| fixture.succeed(&[&["alerts", "channels"], arguments].concat());
    let to = ["--kind", "webhook", "--to", &receiver.url];
    // The creation of a channel raises an alert of another rule.
    let which = ["--severity", "warning", "--rule", "failed-sign-ins"];
    let added = channels(&[&["add", "on-call"][..], &to, &which].concat());
    let (id, secret) = added.trim().split_once('\n').expect("two lines");
    assert!(secret.starts_with("whsec_"), "{added}");
    assert_eq!(channels(&["test", "on-call"]), "accepted\n");
    assert_eq!(receiver.until(1).await.body["type"], "alert.test");
    receiver.answer(410);
    fail(&server, &fixture.key("writer"), "bob").await;
    until(async || channels(&[]).contains("  fails since ")).await;
    until(async || channels(&["deliveries", id]).contains("parked")).await;
    let row = channels(&["list"]);
    assert!(
        row.contains(&format!("{id}  on   warning ")) && row.contains("on-call (webhook at 127.0.0.1)"),
        "{row}"
    );
    receiver.answer(200);
    assert_eq!(channels(&["replay", "on-call"]), "1\n");
    until(async || channels(&["deliveries", id]).contains("  sent ")).await;
    assert_ne!(channels(&["rotate-secret", id]).trim(), secret);
    channels(&["disable", id]);
    assert!(channels(&[]).contains(&format!("{id}  off ")));
    channels(&["enable", id]);
    channels(&["remove", "on-call"]);
    for (arguments, error) in [
        (&["test", "on-call"][..], "there is no channel"),
        (&["add", "x", "--kind", "fax", "--to", "http://example.com"], "fax"),
        (&["add", "x", "--kind", "webhook", "--to", "http://10.0.0.1/"], "url"),
        (&["add", "x", "--kind", "email", "--to", "a@example.com"], "smtp-url"),
    ] {
        let failed = fixture.run(&[&["alerts", "channels"], arguments].concat());
        assert_ne!(failed.code, Some(0));
        assert!(failed.stderr.contains(error), "{arguments:?}: {}", failed.stderr);
    }
}
