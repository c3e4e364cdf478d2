//! The log in a terminal and in files.

use crate::program::{Finished, Home, Process};
use serde_json::{Value, json};

const ACTIVITIES: [&str; 3] = [
    r#"{"id":"0198c0de-7a3b-7000-8000-000000000001","user_id":"=ada","action_type":"user_login","timestamp":"2026-03-01T12:00:00.5Z","status_code":401,"details":{"n":[1,"a,b"]},"ip_address":"192.0.2.7"}"#,
    r#"{"id":"0198c0de-7a3b-7000-8000-000000000002","user_id":"'tis","action_type":"chat_message","timestamp":"2026-03-01T12:00:01Z","error_message":"two\nlines \"quoted\""}"#,
    r#"{"id":"0198c0de-7a3b-7000-8000-000000000003","user_id":"u-3","action_type":"chat_message","timestamp":"2026-03-01T12:00:02Z","is_admin":true,"delegate_id":"bot","delegate_type":"agent","via":"mcp","duration_ms":12,"changes":{"plan":{"from":"free","to":"pro"}}}"#,
];

/// Everything but Livetrail's own activities.
const APPLICATION: [&str; 2] = ["--filter", "resource_type=!livetrail"];

fn filled() -> Home {
    let home = Home::new().begin();
    let file = home.write("activities.ndjson", &ACTIVITIES.join("\n"));
    home.succeed(&["import", file.to_str().expect("a path")]);
    home
}

fn run(home: &Home, arguments: &[&str]) -> Finished {
    let finished = home.run(&[arguments, &APPLICATION].concat());
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    finished
}

/// What an application has said, as the log has it.
fn as_sent(line: &str) -> Value {
    let mut activity: Value = serde_json::from_str(line).expect("an activity");
    let given_by_livetrail = ["position", "created_at", "timestamp_adjusted"];
    given_by_livetrail.iter().for_each(|name| activity[*name] = Value::Null);
    activity
}

#[test]
fn a_page_is_shown_with_a_summary() {
    let home = filled();
    let page = run(&home, &["query", "--limit", "2"]);
    let rows: Vec<_> = page.stdout.lines().collect();
    assert_eq!(rows.len(), 2, "{}", page.stdout);
    assert!(
        rows[0].contains("2026-03-01") && rows[0].contains("u-3") && rows[0].contains("12 ms"),
        "{}",
        rows[0]
    );
    assert!(page.stderr.contains("page 1 of 2, 3 activities in all"), "{}", page.stderr);
    let last = run(&home, &["query", "--json", "--sort-order", "asc", "--limit", "1", "--page", "3"]);
    let activity: Value = serde_json::from_str(&last.stdout).expect("an object");
    assert_eq!((&activity["user_id"], &activity["is_admin"]), (&json!("u-3"), &json!(true)));
}

#[test]
fn a_question_that_is_not_right_is_refused_in_words() {
    let home = filled();
    let refused = home.run(&["query", "--filter", "success_filter=maybe"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("success_filter"), "{}", refused.stderr);
    let refused = home.run(&["export", "--sort-by", "name"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("sort_by"), "{}", refused.stderr);
    assert_eq!(home.run(&["query", "--filter", "success_filter"]).code, Some(2));
    assert_eq!(home.run(&["export", "--format", "xml"]).code, Some(2));
}

#[test]
fn what_was_exported_is_imported_as_it_was() {
    let home = filled();
    for (format, name) in [("csv", "log.csv"), ("ndjson", "log.ndjson")] {
        let file = home.path().join(name);
        let path = file.to_str().expect("a path");
        let finished = run(&home, &["export", "--format", format, "--output", path, "--sort-order", "asc"]);
        assert_eq!(finished.stdout, "");
        let other = Home::new().begin();
        other.succeed(&["import", path]);
        let ndjson = ["export", "--format", "ndjson", "--sort-order", "asc"];
        let (original, copy) = (run(&home, &ndjson), run(&other, &ndjson));
        let original: Vec<_> = original.stdout.lines().map(as_sent).collect();
        assert_eq!(original.len(), 3);
        assert_eq!(copy.stdout.lines().map(as_sent).collect::<Vec<_>>(), original, "{format}");
        let again = other.run(&["import", path]);
        assert!(again.stderr.contains("0 imported, 3 were there already, 0 refused"), "{}", again.stderr);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_what_was_there_stays() {
    let home = filled();
    let missing = home.path().join("no-such-folder/log.csv");
    let failed = home.run(&["export", "--output", missing.to_str().expect("a path")]);
    assert_eq!(failed.code, Some(1));
    assert!(failed.stderr.contains("no-such-folder"), "{}", failed.stderr);

    let before = home.write("log.csv", "what was there");
    let failed =
        home.run(&["export", "--filter", "colour=red", "--output", before.to_str().expect("a path")]);
    assert_eq!(failed.code, Some(1));
    assert_eq!(std::fs::read_to_string(&before).expect("a file"), "what was there");
}

#[test]
fn a_device_is_written_to_and_not_replaced() {
    let home = filled();
    let written = home.run(&["export", "--output", "/dev/stdout"]);
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    assert_eq!(written.stdout.lines().next().map(|heading| heading.starts_with("position,")), Some(true));
    assert!(!std::path::Path::new("/dev/stdout.unfinished").exists());
}

#[tokio::test]
async fn a_server_elsewhere_is_asked_with_a_key() {
    let home = filled();
    let server = home.serve();
    let elsewhere = Home::new().begin();
    let mut command = elsewhere.bare_command(&["export", "--format", "ndjson"]);
    command.env("LIVETRAIL_URL", &server.base_url).env("LIVETRAIL_KEY", home.key("viewer"));
    let finished = Process::start(command).finish();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(finished.stdout.lines().count() > 3);
}

/// What a server has written down, whatever was sent: session ids that it hashed, times that it set, texts that a sheet would compute.
#[tokio::test]
async fn an_export_comes_back_into_its_own_log_as_duplicates() {
    let home = Home::new();
    let server = home.serve();
    let writer = home.key("writer");
    for activity in [
        json!({"user_id": "u-1", "action_type": "a", "session_id": "9f86d081884c7d659a2feaa0c55ad015"}),
        json!({"user_id": "=1+1", "action_type": "a", "error_message": "'quoted\n\"text\", and more", "success": false}),
        json!({"user_id": "u-2", "action_type": "a", "timestamp": "1999-01-01T00:00:00Z", "ip_address": "unknown"}),
        json!({"user_id": "u-3", "action_type": "a", "details": {"password": "hunter2", "n": 12345678901234567890_u64, "t": "\u{2028}"}}),
        json!({"user_id": "u-4", "action_type": "a", "changes": {"plan": {"from": 1.50, "to": null}}, "duration_ms": 12}),
    ] {
        assert_eq!(server.post(&writer, &activity).await.status, 201, "{activity}");
    }
    for format in ["ndjson", "csv"] {
        let file = home.path().join(format).display().to_string();
        home.succeed(&[
            "export",
            "--format",
            format,
            "--filter",
            "resource_type=!livetrail",
            "--output",
            &file,
        ]);
        let again = home.run(&["import", &file]);
        assert!(
            again.stderr.contains("0 imported, 5 were there already, 0 refused"),
            "{format}: {}",
            again.stderr
        );
    }
}
