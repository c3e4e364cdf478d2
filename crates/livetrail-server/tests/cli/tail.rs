use crate::program::{Finished, Fixture, Process, Serving, activity};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::process::Command;

/// Follows the log of this fixture as objects, and returns when it has shown its past: what is posted from then on is
/// new.
async fn follow(fixture: &Fixture, server: &Serving, writer: &str, arguments: &[&str]) -> Process {
    server.post(writer, &activity("u-past", "chat_message")).await;
    let tail = Process::start(fixture.command(&[&["tail", "--json"], arguments].concat()));
    assert_eq!(next(&tail)["user_id"], "u-past");
    tail
}

/// The next activity that an application posted.
fn next(process: &Process) -> Value {
    loop {
        let activity: Value = serde_json::from_str(&process.line()).expect("an object a line");
        if activity["resource_type"] != "livetrail" {
            return activity;
        }
    }
}

fn interrupt(process: Process) -> Finished {
    process.signal(Signal::INT);
    process.finish()
}

#[tokio::test]
async fn tail_shows_an_activity_that_was_posted_after_it_started() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let writer = fixture.key("writer");
    let tail = follow(&fixture, &server, &writer, &[]).await;
    let stored = server.post(&writer, &activity("u-1", "chat_message")).await;
    let shown = next(&tail);
    assert_eq!((&shown["id"], &shown["position"]), (&stored.body["id"], &stored.body["position"]));
    assert_eq!(shown["description"].as_str().map(str::is_empty), Some(false));
    interrupt(tail);
}

#[tokio::test]
async fn tail_begins_with_the_last_activities_oldest_first() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let writer = fixture.key("writer");
    for user in ["u-1", "u-2", "u-3"] {
        server.post(&writer, &activity(user, "chat_message")).await;
    }
    let tail = Process::start(fixture.command(&[
        "tail",
        "--json",
        "-n",
        "2",
        "--filter",
        "action_filter=chat_message",
    ]));
    assert_eq!([next(&tail), next(&tail)].map(|shown| shown["user_id"].clone()), ["u-2", "u-3"]);
    interrupt(tail);
}

#[tokio::test]
async fn tail_shows_what_its_filter_means_and_nothing_else() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let writer = fixture.key("writer");
    let tail = follow(&fixture, &server, &writer, &["--filter", "user_id=!u-1,!u-2"]).await;
    for user in ["u-1", "u-2", "u-3"] {
        server.post(&writer, &activity(user, "chat_message")).await;
    }
    assert_eq!(next(&tail)["user_id"], "u-3");
    interrupt(tail);
}

#[tokio::test]
async fn tail_goes_on_over_a_restart_of_the_server_and_misses_nothing() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let writer = fixture.key("writer");
    let (viewer, address, url) = (fixture.key("viewer"), server.address.clone(), server.base_url.clone());
    let by_socket = follow(&fixture, &server, &writer, &[]).await;
    let by_network =
        Process::start(fixture.bare_command(&["tail", "--json", "--url", &url, "--key", &viewer]));
    assert_eq!(next(&by_network)["user_id"], "u-past");

    server.post(&writer, &activity("u-before", "chat_message")).await;
    server.kill();
    let server = fixture.serve_at(&address);
    for number in 0..20 {
        server.post(&writer, &activity(&format!("u-{number}"), "chat_message")).await;
    }
    for tail in [by_socket, by_network] {
        assert_eq!(next(&tail)["user_id"], "u-before");
        let shown: Vec<_> = (0..20).map(|_| next(&tail)["user_id"].clone()).collect();
        assert_eq!(shown, (0..20).map(|number| format!("u-{number}")).collect::<Vec<_>>());
        interrupt(tail);
    }
}

#[tokio::test]
async fn a_row_of_the_table_says_who_did_what_from_where_and_how_it_went() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let failed = json!({
        "user_id": "u-1042", "action_type": "user_login", "status_code": 401, "ip_address": "192.0.2.7",
        "duration_ms": 83,
    });
    server.post(&fixture.key("writer"), &failed).await;
    let tail = Process::start(fixture.command(&["tail", "--filter", "user_id=u-1042"]));
    let row = tail.line();
    for cell in ["✗", "u-1042", "user_login", "192.0.2.7", "401", "83 ms"] {
        assert!(row.contains(cell), "{cell} is missing: {row}");
    }
    assert!(!row.contains('\x1b'), "no colours where nobody sees them: {row:?}");
    interrupt(tail);
}

#[tokio::test]
async fn what_strangers_wrote_does_not_steer_the_terminal() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let writer = fixture.key("writer");
    let nasty = json!({"user_id": "u-\u{1b}[2J\u{9b}31m\n\tevil\u{7f}", "action_type": "chat_message"});
    assert_eq!(server.post(&writer, &nasty).await.status, 201);
    server.post(&writer, &activity("u-next", "chat_message")).await;
    let tail = Process::start(fixture.command(&["tail", "--filter", "action_filter=chat_message"]));
    let rows = [tail.line(), tail.line()];
    assert!(!rows.concat().contains(char::is_control), "{rows:?}");
    assert!(rows[0].contains("evil") && rows[1].contains("u-next"), "a row each: {rows:?}");
    interrupt(tail);
}

#[tokio::test]
async fn characters_that_hide_or_reverse_are_shown_in_the_rows_of_tail_and_query() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let hidden =
        json!({"user_id": "u-\u{202e}nimda", "action_type": "user_login", "ip_address": "192.0.2.1"});
    let writer = fixture.key("writer");
    assert_eq!(server.post(&writer, &hidden).await.status, 201);
    assert_eq!(server.post(&writer, &activity("ad\u{200b}min", "user_login")).await.status, 201);
    let filter = ["--filter", "action_filter=user_login"];
    let tail = Process::start(fixture.command(&[&["tail"], &filter[..]].concat()));
    let rows = [tail.line(), tail.line()].concat();
    interrupt(tail);
    for said in [rows, fixture.succeed(&[&["query"], &filter[..]].concat())] {
        assert!(said.contains("u-⟨U+202E⟩nimda ") && said.contains("ad⟨U+200B⟩min "), "{said:?}");
        assert!(!said.contains(['\u{202e}', '\u{200b}']), "{said:?}");
    }
}

#[test]
fn tail_without_a_server_says_how_to_start_one() {
    let fixture = Fixture::new();
    let refused = fixture.run(&["tail"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("no server is running on the data folder"), "{}", refused.stderr);
}

/// An application may have a server and a key that only appends in its environment, for itself.
#[tokio::test]
async fn a_server_of_the_environment_counts_only_where_no_other_log_is_meant() {
    let (here, elsewhere) = (Fixture::new(), Fixture::new().begin());
    let server = here.serve();
    let writer = here.key("writer");
    let with_environment = |mut command: std::process::Command| {
        command.env("LIVETRAIL_URL", &server.base_url).env("LIVETRAIL_KEY", &writer);
        Process::start(command).finish()
    };
    let beside_its_server = with_environment(here.command(&["query"]));
    assert_eq!(beside_its_server.code, Some(0), "{}", beside_its_server.stderr);
    let data = elsewhere.data().display().to_string();
    let of_a_folder = with_environment(here.bare_command(&["query", "--data-dir", &data]));
    assert_eq!(of_a_folder.code, Some(0), "{}", of_a_folder.stderr);
    let of_the_environment = with_environment(elsewhere.bare_command(&["query"]));
    assert_eq!(of_the_environment.code, Some(1), "a writer may not read");
    assert!(of_the_environment.stderr.contains("403"), "{}", of_the_environment.stderr);
}

#[tokio::test]
async fn tail_with_a_filter_or_a_key_that_is_not_right_says_so() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let bad_filter = fixture.run(&["tail", "--filter", "no_such_filter=1"]);
    assert_eq!(bad_filter.code, Some(1));
    assert!(bad_filter.stderr.contains("no_such_filter"), "{}", bad_filter.stderr);
    assert_eq!(fixture.run(&["tail", "--filter", "nonsense"]).code, Some(2));
    let bad_key = fixture.run(&["tail", "--url", &server.base_url, "--key", "nonsense"]);
    assert_eq!(bad_key.code, Some(1));
    assert!(bad_key.stderr.contains("Invalid token"), "{}", bad_key.stderr);
    assert_eq!(fixture.run(&["tail", "--url", &server.base_url]).code, Some(2), "a key is needed");
}

#[tokio::test]
async fn a_reader_who_has_seen_enough_ends_tail_without_a_complaint() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let writer = fixture.key("writer");
    let program = env!("CARGO_BIN_EXE_livetrail");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "\"$0\" tail --json -n 0 --filter action_filter=chat_message | head -n 1", program]);
    shell.env("LIVETRAIL_DATA_DIR", fixture.data());
    let pipe = Process::start(shell);
    let posting = async {
        loop {
            server.post(&writer, &activity("u-1", "chat_message")).await;
        }
    };
    let ended = tokio::task::spawn_blocking(move || pipe.finish());
    let finished = tokio::select! {
        finished = ended => finished.expect("it ends"),
        () = posting => unreachable!("posting goes on"),
    };
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
    assert_eq!(finished.stdout.lines().count(), 1);
}
