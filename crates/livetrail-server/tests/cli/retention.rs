use crate::program::{Fixture, activity};
use serde_json::{Value, json};

fn aged(user_id: &str, timestamp: &str) -> Value {
    let mut activity = activity(user_id, "user_login");
    activity["timestamp"] = json!(timestamp);
    activity
}

/// A fixture whose log has an activity of long ago by `old`, and one of now by `new`.
async fn with_an_old_activity() -> Fixture {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let key = fixture.key("writer");
    for activity in [aged("old", "2020-01-01T00:00:00Z"), activity("new", "user_login")] {
        assert_eq!(server.post(&key, &activity).await.status, 201);
    }
    server.stop();
    fixture.write("livetrail.toml", "[[retention]]\ncategory = \"authentication\"\nkeep = \"30d\"\n");
    fixture
}

fn run(fixture: &Fixture, arguments: &[&str]) -> String {
    fixture.succeed(&[&["--config", "livetrail.toml", "retention"], arguments].concat())
}

#[tokio::test]
async fn without_a_server_a_plan_says_what_a_run_removes() {
    let fixture = with_an_old_activity().await;
    for arguments in [&["plan"][..], &["run", "--dry-run"]] {
        let planned = run(&fixture, arguments);
        assert!(
            planned.starts_with("1 activity would be removed\n  happened from 2020-01-01T00:00:00Z"),
            "{planned}"
        );
    }
    assert!(run(&fixture, &["run"]).starts_with("1 activity was removed\n"));
    assert_eq!(run(&fixture, &["run"]), "0 activities were removed\n");
}

#[tokio::test]
async fn beside_a_server_a_hold_keeps_an_activity_until_it_is_released() {
    let fixture = with_an_old_activity().await;
    let _server = fixture.serve_with(&["--config", "livetrail.toml"]);
    let hold = ["hold", "--reason", "case 4711", "--user", "old", "--until", "2021-01-01T00:00:00Z"];
    let id = run(&fixture, &hold).trim().to_owned();
    assert_eq!(id.len(), 36, "{id} is printed alone");
    let held = run(&fixture, &["run"]);
    assert_eq!(held, "0 activities were removed\ndue, and kept by legal holds: 1\n");
    let holds = run(&fixture, &["holds"]);
    assert!(
        holds.contains(&id) && holds.contains("case 4711") && holds.contains("2021-01-01T00:00:00Z"),
        "{holds}"
    );
    assert_eq!(run(&fixture, &["release", &id]), "");
    assert!(run(&fixture, &["run"]).starts_with("1 activity was removed\n"));
    let again = fixture.run(&["retention", "release", &id]);
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("There is no hold with this id"), "{}", again.stderr);
}

#[test]
fn a_hold_of_everything_by_mistake_is_bad_usage() {
    let fixture = Fixture::new().begin();
    let refused = fixture.run(&["retention", "hold", "--reason", "r"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("--tenant"), "{}", refused.stderr);
}

#[test]
fn without_a_limit_a_run_says_that_everything_is_kept() {
    let fixture = Fixture::new().begin();
    assert!(fixture.succeed(&["retention", "plan"]).starts_with("all activities are kept: no --keep"));
}
