//! Saved views of the page, personal ones and those that a tenant shares.

use crate::{
    fixture::{Answer, Fixture},
    until::until,
};
use reqwest::Method;
use serde_json::{Value, json};

const VIEWS: &str = "/api/admin/views";

async fn save(fixture: &Fixture, credential: &str, body: Value) -> Answer {
    fixture.call(Method::POST, VIEWS, credential, Some(body)).await
}

fn of(view: &Answer) -> String {
    format!("{VIEWS}/{}", view.body["id"].as_str().expect("an id"))
}

fn failures(name: &str) -> Value {
    json!({"name": name, "query": "success_filter=failure&sort_by=duration_ms&columns=time,who"})
}

fn shared(name: &str) -> Value {
    json!({"name": name, "query": "", "shared": true})
}

/// A field of each view that a credential sees.
async fn seen(fixture: &Fixture, credential: &str, field: &str) -> Vec<Value> {
    let answer = fixture.call(Method::GET, VIEWS, credential, None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["data"].as_array().expect("views").iter().map(|view| view[field].clone()).collect()
}

async fn of_tenant(fixture: &Fixture, role: &str, name: &str, tenant: &str) -> String {
    fixture.key(json!({"role": role, "name": name, "tenant_id": tenant})).await
}

#[tokio::test]
async fn a_view_is_saved_changed_and_removed() {
    let fixture = Fixture::start().await;
    let made = save(&fixture, &fixture.admin, failures(" failures ")).await;
    assert_eq!(made.status, 201, "{made:?}");
    for (field, expected) in [
        ("name", json!("failures")),
        ("query", failures("")["query"].clone()),
        ("shared", json!(false)),
        ("is_default", json!(false)),
        ("is_own", json!(true)),
        ("created_by", json!("key:test admin")),
    ] {
        assert_eq!(made.body[field], expected, "{field}");
    }
    let change = json!({"name": "slow", "is_default": true});
    let changed = fixture.as_admin(Method::PUT, &of(&made), Some(change)).await;
    assert_eq!((&changed.body["name"], &changed.body["is_default"]), (&json!("slow"), &json!(true)));
    assert_eq!(changed.body["query"], made.body["query"]);
    save(&fixture, &fixture.admin, json!({"name": "n", "query": "", "is_default": true})).await;
    assert_eq!(seen(&fixture, &fixture.admin, "is_default").await, [json!(false), json!(true)]);
    assert_eq!(fixture.as_admin(Method::DELETE, &of(&made), None).await.status, 204);
    fixture.as_admin(Method::DELETE, &of(&made), None).await.is_problem(404);
    fixture.as_admin(Method::PUT, &of(&made), Some(json!({"name": "n"}))).await.is_problem(404);
    fixture.as_admin(Method::PUT, "/api/admin/views/x", Some(json!({"name": "n"}))).await.is_problem(404);
}

#[tokio::test]
async fn a_view_that_is_not_right_is_refused_with_the_field() {
    let fixture = Fixture::start().await;
    let long = "x".repeat(4_097);
    for (name, query, field) in [
        ("", "", "name"),
        ("two\nlines", "", "name"),
        ("\u{0}", "", "name"),
        (&*"n".repeat(101), "", "name"),
        ("n", "colour=red", "colour"),
        ("n", "success_filter=perhaps", "success_filter"),
        ("n", "sort_by=shoe_size", "sort_by"),
        ("n", "columns=%3Cscript%3E", "columns"),
        ("n", "ip=somewhere", "ip"),
        ("n", "cursor=abc", "cursor"),
        ("n", "q=a#b", "query"),
        ("n", "q=a b", "query"),
        ("n", "q=\u{0}", "query"),
        ("n", &*long, "query"),
    ] {
        let refused = save(&fixture, &fixture.admin, json!({"name": name, "query": query})).await;
        refused.is_problem(422);
        assert!(refused.body.to_string().contains(field), "{query}: {refused:?}");
    }
    let hostile = "<img src=x onerror=alert(1)> \u{202e}gpj.'\"; DROP TABLE livetrail_views --";
    let kept = save(&fixture, &fixture.admin, json!({"name": hostile, "query": "q=%00%27"})).await;
    kept.is_problem(422);
    let kept = save(&fixture, &fixture.admin, json!({"name": hostile, "query": "q=%27%22%3B"})).await;
    assert_eq!((kept.status.as_u16(), &kept.body["name"]), (201, &json!(hostile)));
}

#[tokio::test]
async fn personal_views_are_the_owners_and_shared_ones_the_tenants() {
    let fixture = Fixture::start().await;
    let admin = of_tenant(&fixture, "admin", "a", "acme").await;
    let viewer = of_tenant(&fixture, "viewer", "v", "acme").await;
    let elsewhere = of_tenant(&fixture, "admin", "a", "globex").await;
    let personal = save(&fixture, &viewer, failures("mine")).await;
    let common = save(&fixture, &admin, shared("ours")).await;
    assert_eq!((personal.status.as_u16(), common.status.as_u16()), (201, 201));
    assert_eq!(seen(&fixture, &viewer, "name").await, ["mine", "ours"]);
    assert_eq!(seen(&fixture, &viewer, "is_own").await, [json!(true), json!(false)]);
    assert_eq!(seen(&fixture, &admin, "name").await, ["ours"]);
    for other in [&elsewhere, &fixture.admin] {
        assert_eq!(seen(&fixture, other, "name").await, [Value::Null; 0]);
        for view in [&personal, &common] {
            let change = Some(json!({"name": "taken"}));
            fixture.call(Method::PUT, &of(view), other, change).await.is_problem(404);
            fixture.call(Method::DELETE, &of(view), other, None).await.is_problem(404);
        }
    }
    let named = json!({"name": "n", "query": "tenant_id=globex"});
    save(&fixture, &viewer, named).await.is_problem(403);
}

#[tokio::test]
async fn only_admins_share_views_and_change_shared_ones() {
    let fixture = Fixture::start().await;
    let viewer = fixture.key(json!({"role": "viewer", "name": "v"})).await;
    save(&fixture, &viewer, shared("n")).await.is_problem(403);
    let personal = save(&fixture, &viewer, failures("mine")).await;
    let call = async |view: &Answer, credential: &str, change: Value| {
        fixture.call(Method::PUT, &of(view), credential, Some(change)).await
    };
    call(&personal, &viewer, json!({"shared": true})).await.is_problem(403);
    let common = save(&fixture, &fixture.admin, shared("ours")).await;
    call(&common, &viewer, json!({"name": "mine"})).await.is_problem(403);
    call(&common, &viewer, json!({"is_default": true})).await.is_problem(422);
    fixture.call(Method::DELETE, &of(&common), &viewer, None).await.is_problem(403);
    let another = fixture.key(json!({"role": "admin", "name": "b"})).await;
    assert_eq!(call(&common, &another, json!({"name": "all of us"})).await.body["name"], "all of us");
    call(&common, &another, json!({"shared": false})).await.is_problem(422);
    let back = call(&common, &fixture.admin, json!({"shared": false})).await;
    assert_eq!(back.body["shared"], false, "{back:?}");
    assert_eq!(seen(&fixture, &another, "name").await, [Value::Null; 0]);
}

#[tokio::test]
async fn a_user_has_two_hundred_views_at_most() {
    let fixture = Fixture::start().await;
    for _ in 0..200 {
        assert_eq!(save(&fixture, &fixture.admin, failures("n")).await.status, 201);
    }
    let refused = save(&fixture, &fixture.admin, failures("n")).await;
    refused.is_problem(409);
    assert!(refused.body["detail"].as_str().is_some_and(|detail| detail.contains("200")), "{refused:?}");
}

#[tokio::test]
async fn changes_of_views_are_recorded_and_raise_no_alert() {
    let fixture = Fixture::start().await;
    let made = save(&fixture, &fixture.admin, failures("slow ones")).await;
    let records =
        format!("resource_id={}&action_filter=api_operation", made.body["id"].as_str().expect("an id"));
    until(async || fixture.list(&records).await.body["total"] == 1).await;
    let record = fixture.list(&records).await.body["data"][0].clone();
    let details = &record["details"]["saved_view"];
    assert_eq!((&details["change"], &details["name"]), (&json!("created"), &json!("slow ones")));
    assert_eq!(details["changes"]["query"]["from"], Value::Null);
    fixture.as_admin(Method::PUT, &of(&made), Some(json!({"name": "slow ones"}))).await;
    fixture.as_admin(Method::DELETE, &of(&made), None).await;
    until(async || fixture.list(&records).await.body["total"] == 2).await;
    let alerts = fixture.get("/api/admin/alerts?rule=livetrail-changed").await.body;
    let about_views = |alert: &Value| alert["group"]["action_type"] == "api_operation";
    assert!(!alerts["data"].as_array().expect("alerts").iter().any(about_views), "{alerts}");
}

#[tokio::test]
async fn an_erasure_removes_the_views_of_the_user() {
    let fixture = Fixture::start().await;
    let viewer = fixture.key(json!({"role": "viewer", "name": "ada"})).await;
    save(&fixture, &viewer, failures("mine")).await;
    let erased =
        fixture.as_admin(Method::POST, "/api/admin/erasures", Some(json!({"user_id": "key:ada"}))).await;
    assert_eq!((erased.status.as_u16(), &erased.body["views"]), (200, &json!(1)), "{erased:?}");
    assert_eq!(seen(&fixture, &viewer, "name").await, [Value::Null; 0]);
}
