//! Raised alerts: who sees which, and decisions about them.

use crate::{
    fixture::{Answer, Fixture, activity},
    until::until,
};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) const ALERTS: &str = "/api/admin/alerts";
const RULE: &str = "failed-sign-ins";

/// Failed sign-ins of a user, each of an address.
pub(crate) fn failures(user: &str, count: usize, tenant: Option<&str>) -> Value {
    let mut failure = activity(user, "user_login");
    failure["success"] = json!(false);
    failure["tenant_id"] = json!(tenant);
    json!(vec![failure; count])
}

/// The alerts of failed sign-ins, as a credential sees them.
pub(crate) async fn alerts(fixture: &Fixture, credential: &str, query: &str) -> Answer {
    let path = format!("{ALERTS}?rule={RULE}{query}");
    let answer = fixture.call(Method::GET, &path, credential, None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

fn count(answer: &Answer) -> usize {
    answer.body["data"].as_array().expect("alerts").len()
}

/// Has an alert raised for each of some users; the latest first.
pub(crate) async fn raised(fixture: &Fixture, users: &[(&str, Option<&str>)]) -> Vec<Value> {
    for (user, tenant) in users {
        fixture.post(failures(user, 12, *tenant)).await;
    }
    until(async || count(&alerts(fixture, &fixture.admin, "").await) == users.len()).await;
    alerts(fixture, &fixture.admin, "").await.body["data"].as_array().expect("alerts").clone()
}

async fn decide(fixture: &Fixture, credential: &str, alert: &Value, what: &str, body: Value) -> Answer {
    let path = format!("{ALERTS}/{}/{what}", alert["id"].as_str().expect("an id"));
    fixture.call(Method::POST, &path, credential, Some(body)).await
}

#[tokio::test]
async fn an_alert_says_what_happened_and_leads_to_its_activities() {
    let fixture = Fixture::start().await;
    let alert = &raised(&fixture, &[("a,b & c", None)]).await[0];
    for (field, expected) in [
        ("severity", json!("warning")),
        ("tenant_id", Value::Null),
        ("group", json!({"user_id": "a,b & c"})),
        ("late", json!(false)),
        ("ongoing", json!(true)),
        ("state", json!("open")),
        ("decided_by", Value::Null),
        ("muted_until", Value::Null),
    ] {
        assert_eq!(alert[field], expected, "{field}: {alert}");
    }
    let positions = alert["positions"].as_array().expect("positions");
    assert_eq!(alert["position"], positions[9], "the tenth has raised it");
    until(async || alerts(&fixture, &fixture.admin, "").await.body["data"][0]["count"] == 12).await;
    let listed = fixture.list(alert["activities"].as_str().expect("a query")).await;
    assert_eq!(listed.body["total"], 12, "{alert}");
    assert_eq!(listed.each("user_id"), vec![json!("a,b & c"); 12]);
    let path = format!("{ALERTS}/{}", alert["id"].as_str().expect("an id"));
    assert_eq!(fixture.get(&path).await.body["group"], alert["group"]);
    fixture.get(&format!("{ALERTS}/0198c0de-7a3b-7000-8000-000000000001")).await.is_problem(404);
    fixture.get(&format!("{ALERTS}/x")).await.is_problem(404);
}

#[tokio::test]
async fn pages_follow_one_another_and_a_cursor_belongs_to_its_list() {
    let fixture = Fixture::start().await;
    raised(&fixture, &[("u-1", None), ("u-2", None), ("u-3", None)]).await;
    let (mut users, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = alerts(&fixture, &fixture.admin, &format!("&limit=1{cursor}")).await;
        users.extend(page.each("group").iter().map(|group| group["user_id"].clone()));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(users, ["u-3", "u-2", "u-1"]);
    let path = format!("{ALERTS}?state=open{cursor}");
    let refused = fixture.get(&path).await;
    refused.is_problem(422);
    assert_eq!(refused.pointers(), ["cursor"]);
    let of_activities =
        fixture.list("limit=1").await.body["next_cursor"].as_str().expect("a cursor").to_owned();
    for bad in [of_activities.as_str(), "x", "0000000a-1"] {
        let refused = fixture.get(&format!("{ALERTS}?cursor={bad}")).await;
        refused.is_problem(422);
        assert_eq!(refused.pointers(), ["cursor"], "{bad}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_not_right_is_named() {
    let fixture = Fixture::start().await;
    for (query, pointers) in [
        ("colour=red", &["colour"][..]),
        ("severty=info", &["severty"]),
        ("severity=high", &["severity"]),
        ("state=closed", &["state"]),
        ("limit=0", &["limit"]),
        ("limit=201&state=new", &["state", "limit"]),
        ("rule=%00", &["rule"]),
        ("tenant_id=a%00b", &["tenant_id"]),
    ] {
        let refused = fixture.get(&format!("{ALERTS}?{query}")).await;
        refused.is_problem(422);
        assert_eq!(refused.pointers(), pointers, "{query}");
    }
    let refused = fixture.get(&format!("{ALERTS}?severty=info")).await;
    assert!(refused.detail().contains("did you mean severity?"), "{}", refused.detail());
}

#[tokio::test]
async fn a_decision_stays_and_says_who_has_made_it_and_why() {
    let fixture = Fixture::start().await;
    let alert = &raised(&fixture, &[("bob", None)]).await[0];
    let open = alerts(&fixture, &fixture.admin, "").await.body["open"].as_u64().expect("a number");
    let reason = json!({"reason": " <b>a test</b>\nof \"load\" "});
    let done = decide(&fixture, &fixture.admin, alert, "acknowledge", reason).await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(
        (&done.body["state"], &done.body["decided_by"], &done.body["reason"]),
        (&json!("acknowledged"), &json!("key:test admin"), &json!("<b>a test</b>\nof \"load\""))
    );
    assert!(done.body["decided_at"].is_string());
    assert_eq!(alerts(&fixture, &fixture.admin, "").await.body["open"], open - 1);
    fixture.post(failures("bob", 3, None)).await;
    until(async || alerts(&fixture, &fixture.admin, "").await.body["data"][0]["count"] == 15).await;
    assert_eq!(count(&alerts(&fixture, &fixture.admin, "&state=acknowledged").await), 1);

    let muted =
        decide(&fixture, &fixture.admin, alert, "mute", json!({"until": "2100-01-01T00:00:00Z"})).await;
    assert_eq!(
        (&muted.body["muted_until"], &muted.body["state"], &muted.body["reason"]),
        (&json!("2100-01-01T00:00:00Z"), &json!("acknowledged"), &done.body["reason"])
    );
    assert_eq!(muted.body["decided_at"], done.body["decided_at"]);
    let resolved = decide(&fixture, &fixture.admin, alert, "resolve", json!({})).await;
    assert_eq!(resolved.body["state"], "resolved");
    assert_eq!(resolved.body["muted_until"], "2100-01-01T00:00:00Z");
    let unmuted = decide(&fixture, &fixture.admin, alert, "mute", json!({"until": null})).await;
    assert_eq!(unmuted.body["muted_until"], Value::Null);
}

#[tokio::test]
async fn a_decision_that_cannot_be_made_is_refused_with_what_is_wrong() {
    let fixture = Fixture::start().await;
    let alert = &raised(&fixture, &[("bob", None)]).await[0];
    for (what, body, pointer) in [
        ("acknowledge", json!({"reason": "x".repeat(1_001)}), "/reason"),
        ("resolve", json!({"reason": "a\u{0}b"}), "/reason"),
        ("resolve", json!({"reasons": "x"}), ""),
        ("acknowledge", json!({"reason": 7}), ""),
        ("mute", json!({}), "/until"),
        ("mute", json!({"until": "2020-01-01T00:00:00Z"}), "/until"),
        ("mute", json!({"until": "tomorrow"}), "/until"),
        ("mute", json!({"until": "2100-01-01T00:00:00"}), "/until"),
        ("mute", json!({"until": null, "reason": "x".repeat(1_001)}), "/reason"),
    ] {
        let refused = decide(&fixture, &fixture.admin, alert, what, body.clone()).await;
        refused.is_problem(422);
        assert_eq!(refused.pointers(), [pointer], "{what} {body}");
    }
    let accepted = json!({"reason": "ü".repeat(1_000)});
    assert_eq!(decide(&fixture, &fixture.admin, alert, "acknowledge", accepted).await.status, 200);
    let other = json!({"id": "0198c0de-7a3b-7000-8000-000000000001"});
    decide(&fixture, &fixture.admin, &other, "resolve", json!({})).await.is_problem(404);
}

#[tokio::test]
async fn a_tenant_sees_and_decides_about_its_own_alerts_only() {
    let fixture = Fixture::start().await;
    let key = |role: &'static str| json!({"role": role, "name": role, "tenant_id": "acme"});
    let (viewer, admin) = (fixture.key(key("viewer")).await, fixture.key(key("admin")).await);
    let raised = raised(&fixture, &[("own", Some("acme")), ("other", Some("globex")), ("none", None)]).await;
    for credential in [&viewer, &admin] {
        let seen = alerts(&fixture, credential, "").await;
        assert_eq!(seen.each("tenant_id"), ["acme"]);
        assert_eq!(seen.body["open"], 1);
        assert_eq!(count(&alerts(&fixture, credential, "&tenant_id=acme").await), 1);
        let other = format!("{ALERTS}?tenant_id=globex");
        fixture.call(Method::GET, &other, credential, None).await.is_problem(403);
    }
    assert_eq!(alerts(&fixture, &fixture.admin, "&tenant_id=globex").await.each("tenant_id"), ["globex"]);
    for alert in &raised {
        let path = format!("{ALERTS}/{}", alert["id"].as_str().expect("an id"));
        let expected = if alert["tenant_id"] == "acme" { 200 } else { 404 };
        assert_eq!(fixture.call(Method::GET, &path, &viewer, None).await.status, expected, "{alert}");
        let decided = decide(&fixture, &admin, alert, "resolve", json!({})).await;
        assert_eq!(decided.status, expected, "{alert}");
        decide(&fixture, &viewer, alert, "resolve", json!({})).await.is_problem(403);
    }
    assert_eq!(
        alerts(&fixture, &fixture.admin, "&state=open").await.each("tenant_id"),
        [Value::Null, json!("globex")]
    );
}

/// Users whose ids are hard to write somewhere.
fn hostile_users() -> Vec<String> {
    let fixed = [
        r#"{"tenant":null,"values":["bob"]}"#,
        r#"bob","tenant":"acme"#,
        r"\u0000\",
        "\u{202e}nimda\u{2066}",
        "'; DROP TABLE livetrail_alerts; --",
        "<script>alert(1)</script>",
        "%5C,!*?&user_id=bob",
        "a\ttab\nand lines",
        "[erased]",
        "null",
    ];
    let long = "\u{1f600}".repeat(255);
    fixed.into_iter().map(str::to_owned).chain([long]).collect()
}

#[tokio::test]
async fn ids_of_hostile_users_are_shown_as_they_are_and_erased_like_others() {
    let fixture = Fixture::start().await;
    let users = hostile_users();
    for user in &users {
        assert_eq!(fixture.post(failures(user, 10, None)).await.status, 200, "{user}");
    }
    let all = async || alerts(&fixture, &fixture.admin, "&limit=200").await;
    until(async || count(&all().await) == users.len()).await;
    let raised = all().await;
    for (user, alert) in users.iter().rev().zip(raised.body["data"].as_array().expect("alerts")) {
        assert_eq!(alert["group"], json!({"user_id": user}));
        let query = alert["activities"].as_str().expect("a query");
        assert_eq!(fixture.list(query).await.body["total"], 10, "{user:?}: {query}");
        let erased = json!({"user_id": user});
        let erased = fixture.as_admin(Method::POST, "/api/admin/erasures", Some(erased)).await;
        assert_eq!(
            (erased.status.as_u16(), &erased.body["alerts"]),
            (200, &json!(1)),
            "{user:?}: {erased:?}"
        );
        assert!(erased.body["activities"].as_u64() >= Some(11), "{erased:?}");
    }
    for alert in all().await.body["data"].as_array().expect("alerts") {
        let user = alert["group"]["user_id"].as_str().expect("a user");
        assert!(user.starts_with("erased-"), "{user}");
        let query = alert["activities"].as_str().expect("a query");
        assert_eq!(fixture.list(query).await.body["total"], 10, "{user:?}: {query}");
    }
}

#[tokio::test]
async fn a_decision_is_an_activity_and_raises_no_alert_itself() {
    let fixture = Fixture::start().await;
    let alert = &raised(&fixture, &[("bob", None)]).await[0];
    let mut recorded = fixture.stream("action_filter=api_operation&method=POST").await;
    decide(&fixture, &fixture.admin, alert, "resolve", json!({"reason": "a test"})).await;
    let record = recorded.next_activity().await;
    assert_eq!(
        (&record["target_resource_id"], &record["resource_type"], &record["user_id"]),
        (&alert["id"], &json!("livetrail"), &json!("key:test admin"))
    );
    let details = &record["details"]["alert"];
    assert_eq!(
        (&details["decision"], &details["rule"], &details["reason"]),
        (&json!("resolved"), &json!(RULE), &json!("a test"))
    );
    // An alert about a later activity shows that the record was evaluated.
    fixture.post(failures("eve", 10, None)).await;
    until(async || count(&alerts(&fixture, &fixture.admin, "").await) == 2).await;
    let all = fixture.get(ALERTS).await;
    let about_it = |alert: &Value| alert["position"].as_u64() == record["position"].as_u64();
    assert!(!all.body["data"].as_array().expect("alerts").iter().any(about_it), "{:?}", all.body);
}
