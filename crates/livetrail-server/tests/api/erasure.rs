//! The personal data of a user are erased.

use crate::{
    alerts::{alerts, raised},
    fixture::{APPLICATION, Answer, Fixture, activity, id},
    until::until,
};
use reqwest::Method;
use serde_json::{Value, json};

const ERASURES: &str = "/api/admin/erasures";
/// In every text of the user who is erased.
const MARK: &str = "qx7marker";

/// An activity with something of the user in every field.
fn full(user_id: &str, target: Option<&str>) -> Value {
    json!({
        "user_id": user_id, "action_type": "user_updated", "target_user_id": target, "endpoint": format!("/users/{user_id}"),
        "status_code": 200, "error_message": MARK, "details": {"note": MARK}, "changes": {"email": {"from": MARK, "to": null}},
        "ip_address": "192.0.2.77", "user_agent": MARK, "session_id": format!("s-{MARK}"), "request_id": format!("r-{MARK}"), "duration_ms": 7,
    })
}

async fn erase(fixture: &Fixture, wanted: Value) -> Answer {
    fixture.as_admin(Method::POST, ERASURES, Some(wanted)).await
}

async fn figures(fixture: &Fixture) -> Value {
    fixture.get(&format!("/api/admin/activity/stats?{APPLICATION}")).await.body
}

#[tokio::test]
async fn a_user_becomes_a_pseudonym_and_counts_stay() {
    let fixture = Fixture::start().await;
    let ada = format!("ada-{MARK}");
    let names = json!({"email": format!("{MARK}@example.com"), "display_name": MARK});
    let named = fixture.call(Method::PUT, &format!("/api/users/{ada}"), &fixture.writer, Some(names)).await;
    assert_eq!(named.status, 200);
    let posted = fixture
        .post(json!([full(&ada, None), full("bob", Some(&ada)), activity("bob", "a"), full(&ada, None)]))
        .await;
    let first = posted.body["results"][0]["position"].as_u64().expect("a position");
    let of_profile = format!("resource_type=livetrail&target_user_id={ada}");
    until(async || fixture.list(&of_profile).await.body["total"] == 1).await;
    let before = figures(&fixture).await;
    let cursor = fixture.cursor_at(first - 1).await;

    let planned = erase(&fixture, json!({"user_id": ada, "dry_run": true})).await;
    // Three of the application, and the record of the profile.
    assert_eq!((planned.status.as_u16(), &planned.body["activities"]), (200, &json!(4)));
    assert_eq!(fixture.list(&format!("user_id={ada}")).await.body["total"], 2, "a dry run erases nothing");

    let mut live = fixture.stream(APPLICATION).await;
    let erased = erase(&fixture, json!({"user_id": ada})).await;
    assert_eq!(erased.status, 200, "{erased:?}");
    assert_eq!((&erased.body["activities"], &erased.body["profile"]), (&json!(4), &json!(true)));
    let pseudonym = erased.body["pseudonym"].as_str().expect("a pseudonym").to_owned();
    assert!(pseudonym.starts_with("erased-") && !pseudonym.contains(MARK), "{pseudonym}");

    let after = figures(&fixture).await;
    for figure in ["total_logs", "unique_users", "success_count", "avg_duration_ms", "top_action"] {
        assert_eq!(before["stats"][figure], after["stats"][figure], "{figure}");
    }
    let listed = fixture.list(&format!("{APPLICATION}&sort_order=asc")).await;
    assert_eq!(listed.each("user_id"), [json!(pseudonym), json!("bob"), json!("bob"), json!(pseudonym)]);
    assert_eq!(listed.each("target_user_id")[1], json!(pseudonym));
    assert_eq!(listed.each("ip_address")[..2], [Value::Null, json!("192.0.2.77")]);
    assert_eq!(listed.each("details")[0], json!({"erased": true}));
    for query in [String::new(), format!("q={MARK}"), format!("user_search={MARK}"), format!("user_id={ada}")]
    {
        let found = fixture.list(&query).await;
        let rows: Vec<_> = found.body["data"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|row| row["resource_type"] != "livetrail")
            .collect();
        assert!(rows.iter().all(|row| !row.to_string().contains(&ada)), "{query}: {rows:?}");
        if !query.is_empty() {
            assert!(rows.is_empty(), "{query}: {rows:?}");
        }
    }
    let mut replayed = fixture.stream_after(APPLICATION, Some(&cursor)).await;
    for _ in 0..4 {
        let shown = replayed.next_activity().await.to_string();
        assert!(!shown.contains(&ada), "{shown}");
    }
    fixture.post(activity("next", "a")).await;
    assert_eq!(live.next_activity().await["user_id"], "next", "a live stream goes on");

    let recorded = async || fixture.list("action_filter=bulk_action_performed").await;
    until(async || recorded().await.body["total"] == 1).await;
    let recorded = recorded().await.body["data"][0].clone();
    assert_eq!(recorded["target_user_id"], json!(pseudonym));
    assert_eq!(recorded["details"]["erasure"]["activities"], 4);
    assert!(!recorded.to_string().contains(&ada), "{recorded}");
    let again = erase(&fixture, json!({"user_id": ada})).await;
    assert_eq!((again.status.as_u16(), &again.body["activities"]), (200, &json!(0)));
}

#[tokio::test]
async fn a_legal_hold_stops_an_erasure_before_it_begins() {
    let fixture = Fixture::start().await;
    fixture.post(json!([full("ada", None), full("bob", Some("ada"))])).await;
    let hold = json!({"reason": "case 4711", "user_id": "bob"});
    let held = fixture.as_admin(Method::POST, "/api/admin/retention/holds", Some(hold)).await;
    let held = held.body["id"].as_str().expect("an id").to_owned();
    for dry_run in [true, false] {
        let refused = erase(&fixture, json!({"user_id": "ada", "dry_run": dry_run})).await;
        refused.is_problem(409);
        for words in ["keeps 1 of the 2 activities", &held, "case 4711"] {
            assert!(refused.detail().contains(words), "{}", refused.detail());
        }
    }
    assert_eq!(fixture.list("user_id=ada").await.body["total"], 1);
    fixture.as_admin(Method::DELETE, &format!("/api/admin/retention/holds/{held}"), None).await;
    assert_eq!(erase(&fixture, json!({"user_id": "ada"})).await.body["activities"], 2);
}

#[tokio::test]
async fn a_tenant_limits_an_erasure_to_its_activities() {
    let fixture = Fixture::start().await;
    let of = |tenant: &str| json!({"user_id": "ada", "action_type": "a", "tenant_id": tenant});
    fixture.post(json!([of("acme"), of("globex"), activity("ada", "a"), activity("anon-7", "a")])).await;
    let erased = erase(&fixture, json!({"user_id": "ada", "tenant_id": "acme"})).await;
    assert_eq!(erased.body["activities"], 1);
    assert_eq!(fixture.list("user_id=ada").await.body["total"], 2);
    let anonymous = erase(&fixture, json!({"user_id": "anon-7"})).await.body["pseudonym"].clone();
    assert!(anonymous.as_str().is_some_and(|name| name.starts_with("anon-erased-")), "{anonymous}");
    assert_eq!(figures(&fixture).await["stats"]["anonymous_users"], 1);
}

/// The activity of an alert.
async fn record(fixture: &Fixture, alert: &Value) -> Value {
    let path = format!("/api/admin/activity/{}", alert["id"].as_str().expect("an id"));
    fixture.get(&path).await.body
}

#[tokio::test]
async fn an_alert_of_another_tenant_keeps_the_user() {
    let fixture = Fixture::start().await;
    let [_, of_acme] = &raised(&fixture, &[("ada", Some("acme")), ("ada", Some("globex"))]).await[..] else {
        panic!("two alerts")
    };
    let wanted = json!({"user_id": "ada", "tenant_id": "acme"});
    let planned = json!({"user_id": "ada", "tenant_id": "acme", "dry_run": true});
    assert_eq!(erase(&fixture, planned).await.body["alerts"], 1);
    let erased = erase(&fixture, wanted).await;
    assert_eq!((&erased.body["alerts"], &erased.body["activities"]), (&json!(1), &json!(13)), "{erased:?}");
    let after = alerts(&fixture, &fixture.admin, "").await;
    let groups = after.each("group");
    assert_eq!(groups, [json!({"user_id": "ada"}), json!({"user_id": erased.body["pseudonym"]})]);
    assert_eq!(after.each("count"), [12, 12]);
    assert_eq!(record(&fixture, of_acme).await["details"], json!({"erased": true}));
    let other = record(&fixture, &after.body["data"][0]).await;
    assert_eq!(other["details"]["alert"]["group"], json!({"user_id": "ada"}));
}

#[tokio::test]
async fn a_legal_hold_on_the_activity_of_an_alert_stops_an_erasure() {
    let fixture = Fixture::start().await;
    let alert = &raised(&fixture, &[("ada", None)]).await[0];
    // It means no activity of the user, which came before.
    let hold = json!({"reason": "case 4711", "user_id": "livetrail-operator", "from": alert["raised_at"]});
    let held = fixture.as_admin(Method::POST, "/api/admin/retention/holds", Some(hold)).await;
    assert_eq!(held.status, 201, "{held:?}");
    let refused = erase(&fixture, json!({"user_id": "ada"})).await;
    refused.is_problem(409);
    assert!(refused.detail().contains("keeps 1 of the 13 activities"), "{}", refused.detail());
    assert_eq!(alerts(&fixture, &fixture.admin, "").await.each("group"), [json!({"user_id": "ada"})]);
    let held = held.body["id"].as_str().expect("an id").to_owned();
    fixture.as_admin(Method::DELETE, &format!("/api/admin/retention/holds/{held}"), None).await;
    assert_eq!(erase(&fixture, json!({"user_id": "ada"})).await.body["alerts"], 1);
}

#[tokio::test]
async fn admins_and_bad_requests_are_refused() {
    let fixture = Fixture::start().await;
    fixture.admin_token("root").await;
    fixture.as_admin(Method::PUT, "/api/admin/admins/of-acme?tenant_id=acme", None).await;
    for (user, tenant) in
        [("root", None), ("root", Some("acme")), ("of-acme", None), ("of-acme", Some("acme"))]
    {
        let refused = erase(&fixture, json!({"user_id": user, "tenant_id": tenant})).await;
        refused.is_problem(409);
        assert!(refused.detail().contains("livetrail admin remove"), "{}", refused.detail());
    }
    let elsewhere = erase(&fixture, json!({"user_id": "of-acme", "tenant_id": "globex"})).await;
    assert_eq!(elsewhere.status, 200, "an admin of another tenant");
    for (wanted, pointers) in [
        (json!({"user_id": ""}), &["/user_id"][..]),
        (json!({"user_id": "u", "tenant_id": "x".repeat(129)}), &["/tenant_id"]),
        (json!({"user": "u"}), &[""]),
    ] {
        let answer = erase(&fixture, wanted).await;
        answer.is_problem(422);
        assert_eq!(answer.pointers(), pointers, "{answer:?}");
    }
    let bound = fixture.key(json!({"role": "admin", "name": "of acme", "tenant_id": "acme"})).await;
    fixture.call(Method::POST, ERASURES, &bound, Some(json!({"user_id": "u"}))).await.is_problem(403);
    let unknown = erase(&fixture, json!({"user_id": id(1)})).await;
    assert_eq!((unknown.status.as_u16(), &unknown.body["activities"]), (200, &json!(0)));
}
