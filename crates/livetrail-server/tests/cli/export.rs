//! The log in a terminal and in files.

use crate::program::{Finished, Fixture, Process};
use serde_json::{Value, json};

const ACTIVITIES: [&str; 3] = [
    r#"{"id":"0198c0de-7a3b-7000-8000-000000000001","user_id":"=ada","action_type":"user_login","timestamp":"2026-03-01T12:00:00.5Z","status_code":401,"details":{"n":[1,"a,b"]},"ip_address":"192.0.2.7"}"#,
    r#"{"id":"0198c0de-7a3b-7000-8000-000000000002","user_id":"'tis","action_type":"chat_message","timestamp":"2026-03-01T12:00:01Z","error_message":"two\nlines \"quoted\""}"#,
    r#"{"id":"0198c0de-7a3b-7000-8000-000000000003","user_id":"u-3","action_type":"chat_message","timestamp":"2026-03-01T12:00:02Z","is_admin":true,"delegate_id":"bot","delegate_type":"agent","via":"mcp","duration_ms":12,"changes":{"plan":{"from":"free","to":"pro"}}}"#,
];

/// Everything but Livetrail's own activities.
const APPLICATION: [&str; 2] = ["--filter", "resource_type=!livetrail"];

fn filled() -> Fixture {
    let fixture = Fixture::new().begin();
    let file = fixture.write("activities.ndjson", &ACTIVITIES.join("\n"));
    fixture.succeed(&["import", file.to_str().expect("a path")]);
    fixture
}

fn run(fixture: &Fixture, arguments: &[&str]) -> Finished {
    let finished = fixture.run(&[arguments, &APPLICATION].concat());
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
    let fixture = filled();
    let page = run(&fixture, &["query", "--limit", "2"]);
    let rows: Vec<_> = page.stdout.lines().collect();
    assert_eq!(rows.len(), 2, "{}", page.stdout);
    assert!(
        rows[0].contains("2026-03-01") && rows[0].contains("u-3") && rows[0].contains("12 ms"),
        "{}",
        rows[0]
    );
    assert!(page.stderr.contains("page 1 of 2, 3 activities in all"), "{}", page.stderr);
    let last = run(&fixture, &["query", "--json", "--sort-order", "asc", "--limit", "1", "--page", "3"]);
    let activity: Value = serde_json::from_str(&last.stdout).expect("an object");
    assert_eq!((&activity["user_id"], &activity["is_admin"]), (&json!("u-3"), &json!(true)));
}

#[test]
fn a_question_that_is_not_right_is_refused_in_words() {
    let fixture = filled();
    let refused = fixture.run(&["query", "--filter", "success_filter=maybe"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("success_filter"), "{}", refused.stderr);
    let refused = fixture.run(&["export", "--sort-by", "name"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("sort_by"), "{}", refused.stderr);
    assert_eq!(fixture.run(&["query", "--filter", "success_filter"]).code, Some(2));
    assert_eq!(fixture.run(&["export", "--format", "xml"]).code, Some(2));
}

#[test]
fn what_was_exported_is_imported_as_it_was() {
    let fixture = filled();
    for (format, name) in [("csv", "log.csv"), ("ndjson", "log.ndjson")] {
        let file = fixture.path().join(name);
        let path = file.to_str().expect("a path");
        let finished =
            run(&fixture, &["export", "--format", format, "--output", path, "--sort-order", "asc"]);
        assert_eq!(finished.stdout, "");
        let other = Fixture::new().begin();
        other.succeed(&["import", path]);
        let ndjson = ["export", "--format", "ndjson", "--sort-order", "asc"];
        let (original, copy) = (run(&fixture, &ndjson), run(&other, &ndjson));
        let original: Vec<_> = original.stdout.lines().map(as_sent).collect();
        assert_eq!(original.len(), 3);
        assert_eq!(copy.stdout.lines().map(as_sent).collect::<Vec<_>>(), original, "{format}");
        let again = other.run(&["import", path]);
        assert!(again.stderr.contains("0 imported, 3 were there already, 0 refused"), "{}", again.stderr);
    }
}

#[test]
fn without_a_terminal_nothing_is_said_but_how_many_rows_there_are() {
    let fixture = filled();
    for arguments in [&["export"][..], &["export", "--output", "/dev/null"]] {
        assert_eq!(run(&fixture, arguments).stderr, "3 rows exported\n");
    }
    let one = run(&fixture, &["export", "--filter", "user_id=u-3"]);
    assert_eq!(one.stderr, "1 row exported\n");
}

#[test]
fn chosen_columns_behind_a_byte_order_mark_are_imported() {
    let fixture = filled();
    let file = fixture.path().join("log.csv").display().to_string();
    let chosen = ["export", "--columns", "occurred_at,user_id,action_type,id", "--bom", "--output", &file];
    run(&fixture, &chosen);
    let text = std::fs::read_to_string(&file).expect("a file");
    assert!(text.starts_with("\u{feff}occurred_at,user_id,action_type,id\n"), "{text}");
    let other = Fixture::new().begin();
    other.succeed(&["import", &file]);
    let columns = ["export", "--format", "ndjson", "--columns", "user_id,occurred_at"];
    assert_eq!(run(&other, &columns).stdout, run(&fixture, &columns).stdout);
    assert!(
        run(&other, &columns)
            .stdout
            .contains(r#"{"user_id":"=ada","occurred_at":"2026-03-01T12:00:00.500000Z"}"#)
    );

    let refused = fixture.run(&["export", "--columns", "usr_id"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("\"usr_id\" is unknown; did you mean user_id?"), "{}", refused.stderr);
    let without =
        fixture.write("few.csv", &run(&fixture, &["export", "--columns", "position,id,user_id"]).stdout);
    let refused = other.run(&["import", without.to_str().expect("a path")]);
    assert!(refused.stderr.contains("the heading has no column action_type"), "{}", refused.stderr);
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_what_was_there_stays() {
    let fixture = filled();
    let missing = fixture.path().join("no-such-folder/log.csv");
    let failed = fixture.run(&["export", "--output", missing.to_str().expect("a path")]);
    assert_eq!(failed.code, Some(1));
    assert!(failed.stderr.contains("no-such-folder"), "{}", failed.stderr);

    let before = fixture.write("log.csv", "what was there");
    let failed =
        fixture.run(&["export", "--filter", "colour=red", "--output", before.to_str().expect("a path")]);
    assert_eq!(failed.code, Some(1));
    assert_eq!(std::fs::read_to_string(&before).expect("a file"), "what was there");
}

#[test]
fn a_device_is_written_to_and_not_replaced() {
    let fixture = filled();
    let written = fixture.run(&["export", "--output", "/dev/stdout"]);
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    assert_eq!(written.stdout.lines().next().map(|heading| heading.starts_with("position,")), Some(true));
    assert!(!std::path::Path::new("/dev/stdout.unfinished").exists());
}

#[tokio::test]
async fn a_server_elsewhere_is_asked_with_a_key() {
    let fixture = filled();
    let server = fixture.serve();
    let elsewhere = Fixture::new().begin();
    let mut command = elsewhere.bare_command(&["export", "--format", "ndjson"]);
    command.env("LIVETRAIL_URL", &server.base_url).env("LIVETRAIL_KEY", fixture.key("viewer"));
    let finished = Process::start(command).finish();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(finished.stdout.lines().count() > 3);
}

/// What a server has written down, whatever was sent: session ids that it hashed, times that it set, texts that a sheet
/// would compute.
#[tokio::test]
async fn an_export_comes_back_into_its_own_log_as_duplicates() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let writer = fixture.key("writer");
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
        let file = fixture.path().join(format).display().to_string();
        fixture.succeed(&[
            "export",
            "--format",
            format,
            "--filter",
            "resource_type=!livetrail",
            "--output",
            &file,
        ]);
        let again = fixture.run(&["import", &file]);
        assert!(
            again.stderr.contains("0 imported, 5 were there already, 0 refused"),
            "{format}: {}",
            again.stderr
        );
    }
}
