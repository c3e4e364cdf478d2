//! Old activities are removed, and legal holds keep some of them.

use crate::{
    fixture::{APPLICATION, Fixture, activity, now},
    until::until,
};
use livetrail_server::config::RawConfig;
use reqwest::Method;
use serde_json::{Value, json};

const RUNS: &str = "/api/admin/retention/runs";
const HOLDS: &str = "/api/admin/retention/holds";

fn thirty_days(raw: &mut RawConfig) {
    raw.keep = Some("30d".into());
}

/// An activity that happened some days ago.
fn aged(user_id: &str, days: u64) -> Value {
    json!({"user_id": user_id, "action_type": "user_login", "timestamp": now() - days * 86_400})
}

/// The outcome of a run.
async fn run(fixture: &Fixture, dry_run: bool) -> Value {
    let begun = fixture.as_admin(Method::POST, RUNS, Some(json!({"dry_run": dry_run}))).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    let started_at = begun.body["started_at"].clone();
    let mut run = Value::Null;
    until(async || {
        run = fixture.get("/api/admin/retention").await.body["run"].take();
        assert_eq!((&run["started_at"], &run["error"]), (&started_at, &Value::Null));
        !run["ended_at"].is_null()
    })
    .await;
    run["outcome"].take()
}

/// The users of the application's activities, oldest first.
async fn users(fixture: &Fixture) -> Vec<Value> {
    let mut users = Vec::new();
    // A run may remove activities between the page of a list and its figures.
    until(async || {
        let listed = fixture.list(&format!("{APPLICATION}&sort_order=asc")).await;
        users = listed.each("user_id");
        listed.body["total"].as_u64() == Some(users.len() as u64)
    })
    .await;
    users
}

async fn hold(fixture: &Fixture, wanted: Value) -> String {
    let made = fixture.as_admin(Method::POST, HOLDS, Some(wanted)).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.body["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_server_removes_old_activities_by_itself() {
    let fixture = Fixture::start().await;
    fixture.post(json!([aged("old", 31), aged("new", 29)])).await;
    let fixture = Fixture::start_in_with_retention_at_once(fixture.stop().await, thirty_days).await;
    until(async || users(&fixture).await == ["new"]).await;
}

#[tokio::test]
async fn a_dry_run_counts_and_a_run_removes_and_is_an_activity() {
    let fixture = Fixture::start_with(thirty_days).await;
    fixture.post(json!([aged("new", 1), aged("old", 40), aged("older", 50)])).await;
    let planned = run(&fixture, true).await;
    // Records of the start come before them.
    assert_eq!((&planned["dropped"], &planned["removed"]), (&json!(0), &json!(2)));
    assert_eq!(users(&fixture).await, ["older", "old", "new"]);
    let removed = run(&fixture, false).await;
    assert_eq!(removed["removed"], 2);
    assert_eq!(users(&fixture).await, ["new"]);

    let recorded = async || fixture.list("action_filter=bulk_action_performed").await;
    until(async || recorded().await.body["total"] != 0).await;
    let recorded = recorded().await;
    assert_eq!(recorded.each("target_resource_id"), ["retention"], "a dry run is not recorded");
    assert_eq!(recorded.body["data"][0]["details"]["retention"]["outcome"]["removed"], 2);
    assert_eq!(recorded.body["data"][0]["details"]["maker"], "key:test admin");
}

#[tokio::test]
async fn without_a_limit_nothing_is_removed() {
    let fixture = Fixture::start().await;
    fixture.post(json!([aged("ancient", 5_000)])).await;
    assert_eq!(run(&fixture, false).await["removed"], 0);
    assert_eq!(users(&fixture).await, ["ancient"]);
    let info = fixture.get("/api/admin/retention").await.body;
    assert_eq!(
        (&info["keep_hours"], &info["keep_rows"], &info["rules"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
}

#[tokio::test]
async fn a_hold_keeps_what_it_means_until_it_is_released() {
    let fixture = Fixture::start_with(thirty_days).await;
    fixture.post(json!([aged("held", 50), aged("other", 50)])).await;
    let id = hold(&fixture, json!({"reason": "case 4711", "user_id": "held"})).await;
    let outcome = run(&fixture, false).await;
    assert_eq!((&outcome["removed"], &outcome["held"]), (&json!(1), &json!(1)));
    assert_eq!(users(&fixture).await, ["held"]);
    let held = fixture.get("/api/admin/retention").await.body["holds"][0].clone();
    assert_eq!(
        (&held["id"], &held["reason"], &held["user_id"]),
        (&json!(id), &json!("case 4711"), &json!("held"))
    );
    assert_eq!((&held["made_by"], &held["tenant_id"]), (&json!("key:test admin"), &Value::Null));

    let path = format!("{HOLDS}/{id}");
    assert_eq!(fixture.as_admin(Method::DELETE, &path, None).await.status, 204);
    fixture.as_admin(Method::DELETE, &path, None).await.is_problem(404);
    run(&fixture, false).await;
    assert_eq!(users(&fixture).await, [Value::Null; 0]);
    let recorded = fixture.list("action_filter=settings_updated&sort_order=asc").await;
    assert_eq!(recorded.each("target_resource_id"), [json!(id), json!(id)]);
    let details = recorded.each("details");
    assert_eq!(details[0]["hold_made"]["reason"], "case 4711");
    assert_eq!(details[1]["hold_released"]["user_id"], "held");
}

#[tokio::test]
async fn a_hold_that_cannot_be_made_is_refused_with_what_is_wrong() {
    let fixture = Fixture::start().await;
    for (wanted, pointers) in [
        (json!({"reason": "r"}), &[""][..]),
        (json!({"reason": " ", "user_id": "u-1"}), &["/reason"]),
        (json!({"reason": "r", "user_id": "", "tenant_id": "x".repeat(129)}), &["/tenant_id", "/user_id"]),
        (
            json!({"reason": "r", "from": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}),
            &["/until"],
        ),
        (json!({"reason": "r", "until": "yesterday"}), &[""]),
        (json!({"reason": "r", "user": "u-1"}), &[""]),
    ] {
        let answer = fixture.as_admin(Method::POST, HOLDS, Some(wanted)).await;
        answer.is_problem(422);
        assert_eq!(answer.pointers(), pointers, "{answer:?}");
    }
    fixture.as_admin(Method::DELETE, &format!("{HOLDS}/17"), None).await.is_problem(404);
}

#[tokio::test]
async fn a_stream_that_resumes_below_the_floor_is_told_why_and_skips_what_was_removed() {
    let fixture = Fixture::start_with(|raw| raw.keep_rows = Some(6)).await;
    let posted = fixture.post(json!(vec![activity("u-1", "a"); 40])).await;
    let first = posted.body["results"][0]["position"].as_u64().expect("a position");
    let cursor = fixture.cursor_at(first + 2).await;
    let floor = run(&fixture, false).await["floor"].as_u64().expect("a floor");
    assert!(floor > first + 2 && floor < first + 40, "{floor}");
    let mut stream = fixture.stream_after(APPLICATION, Some(&cursor)).await;
    let reset = stream.next().await.expect("a frame");
    let said = &reset.data;
    assert_eq!(said["type"], "reset");
    assert!(said["reason"].as_str().is_some_and(|reason| reason.contains("removed from the log")), "{said}");
    let rest: Vec<u64> = (floor + 1..first + 40).collect();
    assert_eq!(stream.positions(rest.len()).await, rest);
}

#[tokio::test]
async fn a_log_that_was_emptied_goes_on_after_its_last_position() {
    let fixture = Fixture::start_with(|raw| raw.keep_rows = Some(1)).await;
    let posted = fixture.post(json!(vec![activity("u-1", "a"); 10])).await;
    let last = posted.body["results"][9]["position"].as_u64().expect("a position");
    run(&fixture, false).await;
    let fixture = Fixture::start_in(fixture.stop().await, |raw| raw.keep_rows = Some(1)).await;
    let next = fixture.post(activity("u-1", "a")).await.body["position"].as_u64().expect("a position");
    assert!(next > last, "{next} after {last}");
    assert!(fixture.get("/api/admin/retention").await.body["floor"].as_u64() >= Some(last - 1));
}
