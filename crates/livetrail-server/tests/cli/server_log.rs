//! The server's own log: which request or which task a line belongs to.

use crate::program::{Answer, Fixture, activity};
use reqwest::Method;
use rusqlite::Connection;
use serde_json::Value;

const LEVELS: &str = "info,livetrail_server=debug,livetrail_store=debug";

/// The log of a server that has refused a request, stored nothing and stopped, and the id of the request.
async fn log_of(fixture: &Fixture, levels: &str, format: &str) -> (String, String) {
    let server = fixture.serve_with(&["--log", levels, "--log-format", format]);
    let refused = Answer::to(server.request(Method::GET, "/api/admin/keys")).await.expect("an answer");
    assert_eq!(refused.status, 401);
    let id = refused.header("x-request-id").to_owned();
    assert_eq!(refused.body["request_id"], id);
    (server.stop().stderr, id)
}

fn as_json(log: &str) -> Vec<Value> {
    log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
}

#[tokio::test]
async fn a_line_about_a_request_has_the_id_of_its_answer_in_both_forms_and_with_any_filter() {
    let fixture = Fixture::new();
    let (log, id) = log_of(&fixture, LEVELS, "json").await;
    let lines = as_json(&log);
    let about: Vec<_> = lines.iter().filter(|line| line["span"]["request_id"] == id.as_str()).collect();
    assert!(about.iter().any(|line| line["fields"]["message"] == "refused"), "{log}");

    let (log, id) = log_of(&fixture, "livetrail_server::http=debug", "text").await;
    let span = format!("request{{request_id=\"{id}\"}}: ");
    assert!(log.lines().any(|line| line.contains(&span) && line.contains("refused")), "{log}");
}

/// That each line names what it belongs to, and which tasks have said something.
async fn tasks_of(fixture: &Fixture) -> Vec<String> {
    let (log, _) = log_of(fixture, LEVELS, "json").await;
    let lines = as_json(&log);
    for line in &lines {
        assert!(
            ["request", "task", "connection"].contains(&line["span"]["name"].as_str().unwrap_or_default()),
            "{line}"
        );
    }
    lines.iter().filter_map(|line| line["span"]["task"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn every_line_of_the_log_names_its_request_or_its_task() {
    let tasks = tasks_of(&Fixture::new()).await;
    for task in ["server", "signals"] {
        assert!(tasks.iter().any(|named| named == task), "{task}: {tasks:?}");
    }
    let database = private_postgres::database();
    let tasks = tasks_of(&Fixture::with_log_in(database.url())).await;
    assert!(tasks.iter().any(|named| named == "server"), "{tasks:?}");
}

#[tokio::test]
async fn a_log_of_errors_alone_still_names_the_request_that_failed_and_the_task() {
    let fixture = Fixture::new().begin();
    let (writer, server) =
        (fixture.key("writer"), fixture.serve_with(&["--log", "error", "--log-format", "json"]));
    let refusing =
        "CREATE TRIGGER refusing BEFORE INSERT ON activities BEGIN SELECT raise(ABORT, 'refused'); END";
    Connection::open(fixture.database()).expect("the log").execute_batch(refusing).expect("a trigger");
    let failed = server.post(&writer, &activity("u-1", "login")).await;
    assert_eq!(failed.status, 500, "{failed:?}");
    let log = server.stop().stderr;
    let lines = as_json(&log);
    let id = failed.header("x-request-id");
    assert!(lines.iter().any(|line| line["span"]["request_id"] == id), "{log}");
    assert!(lines.iter().any(|line| line["span"]["task"] == "appender"), "{log}");
}
