//! Values and how often they occur, and counts over time.

use crate::fixture::{APPLICATION, Fixture, activity};
use reqwest::Method;
use serde_json::{Value, json};

fn counts(facet: &Value) -> Vec<(&str, u64)> {
    let values = facet.as_array().expect("values");
    let count = |value: &Value| value["count"].as_u64().expect("a count");
    values.iter().map(|value| (value["value"].as_str().expect("a value"), count(value))).collect()
}

#[tokio::test]
async fn facets_have_the_values_of_what_the_filter_means_the_most_frequent_first() {
    let fixture = Fixture::start().await;
    let call = |user: &str, action: &str, status: u16, endpoint: &str| {
        json!({"user_id": user, "action_type": action, "status_code": status, "http_method": "GET",
               "endpoint": endpoint, "resource_type": "document", "delegate_id": "bot", "via": "mcp"})
    };
    fixture
        .post(json!([
            call("u-1", "user_login", 200, "/a"),
            call("u-1", "user_login", 401, "/a"),
            call("u-2", "parcel_sent", 200, "/b"),
            activity("u-3", "user_logout"),
            activity("u-9", "chat_message"),
        ]))
        .await;
    fixture.call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(json!({"display_name": "Ada"}))).await;
    let found = fixture.get("/api/admin/activity/facets?user_id=u-1,u-2,u-3").await;
    assert_eq!(found.status, 200, "{found:?}");
    let facets = &found.body;
    assert_eq!((&facets["success"], &facets["total"]), (&json!(true), &json!(4)));
    assert_eq!(counts(&facets["action_type"]), [("user_login", 2), ("parcel_sent", 1), ("user_logout", 1)]);
    assert_eq!(counts(&facets["category"]), [("authentication", 3), ("other", 1)]);
    assert_eq!(counts(&facets["status"]), [("200", 2), ("401", 1)]);
    assert_eq!(counts(&facets["method"]), [("GET", 3)]);
    assert_eq!(counts(&facets["endpoint"]), [("/a", 2), ("/b", 1)]);
    assert_eq!(counts(&facets["resource_type"]), [("document", 3)]);
    assert_eq!(counts(&facets["user"]), [("u-1", 2), ("u-2", 1), ("u-3", 1)]);
    assert_eq!(counts(&facets["delegate_id"]), [("bot", 3)]);
    assert_eq!(counts(&facets["via"]), [("mcp", 3)]);
    assert_eq!(facets["user"][0]["label"], "Ada");
    assert_eq!(facets["user"][1]["label"], Value::Null);
    assert_eq!(facets["action_type"][0]["label"], "User login");
    assert_eq!(facets["category"][0]["label"], "Authentication");
}

#[tokio::test]
async fn a_facet_has_fifty_values_at_most_and_those_without_one_take_no_place() {
    let fixture = Fixture::start().await;
    let many = (0..60).map(|n| json!({"user_id": "u", "action_type": "a", "endpoint": format!("/{n:02}")}));
    let none = (0..5).map(|_| activity("u", "a"));
    fixture.post(many.chain(none).collect()).await;
    let facets = fixture.get(&format!("/api/admin/activity/facets?{APPLICATION}")).await.body;
    let endpoints = counts(&facets["endpoint"]);
    assert_eq!((endpoints.len(), endpoints[0], endpoints[49]), (50, ("/00", 1), ("/49", 1)));
    assert_eq!(counts(&facets["action_type"]), [("a", 65)]);
}

#[tokio::test]
async fn a_timeline_counts_without_a_gap_by_success_and_category() {
    let fixture = Fixture::start().await;
    let at = |second: i64, action: &str, success: bool| {
        let timestamp = 1_772_366_400 + second;
        json!({"user_id": "u", "action_type": action, "success": success, "timestamp": timestamp})
    };
    fixture
        .post(json!([
            at(0, "user_login", true),
            at(30, "user_login", false),
            at(59, "parcel_sent", true),
            at(300, "chat_message", true),
        ]))
        .await;
    let found = fixture.get(&format!("/api/admin/activity/timeline?buckets=6&{APPLICATION}")).await;
    assert_eq!(found.status, 200, "{found:?}");
    let timeline = &found.body;
    assert_eq!((&timeline["total"], &timeline["bucket_seconds"]), (&json!(4), &json!(60)));
    let buckets = timeline["buckets"].as_array().expect("buckets");
    assert_eq!(buckets.len(), 6);
    assert_eq!(
        buckets[0],
        json!({"start": 1_772_366_400, "count": 3, "success_count": 2, "failed_count": 1,
               "categories": {"authentication": 2, "other": 1}})
    );
    let empty =
        json!({"start": 1_772_366_460, "count": 0, "success_count": 0, "failed_count": 0, "categories": {}});
    assert_eq!(buckets[1], empty);
    assert_eq!(buckets[5]["categories"], json!({"ai": 1}));
}

#[tokio::test]
async fn a_timeline_spans_the_dates_of_the_filter() {
    let fixture = Fixture::start().await;
    fixture.post(json!({"user_id": "u", "action_type": "a", "timestamp": 1_772_366_400})).await;
    let dates = "date_from=1772323200&date_to=1772409599";
    let timeline = fixture.get(&format!("/api/admin/activity/timeline?buckets=24&{dates}")).await.body;
    let buckets = timeline["buckets"].as_array().expect("buckets");
    assert_eq!((buckets.len(), &buckets[0]["start"]), (24, &json!(1_772_323_200)));
    assert_eq!(buckets[12]["count"], 1);
}

#[tokio::test]
async fn a_timeline_of_nothing_has_no_buckets() {
    let fixture = Fixture::start().await;
    let timeline = fixture.get("/api/admin/activity/timeline?user_id=nobody").await.body;
    assert_eq!((&timeline["total"], &timeline["buckets"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn what_is_not_right_is_named() {
    let fixture = Fixture::start().await;
    let answer = fixture.get("/api/admin/activity/timeline?buckets=201&page=1&colour=red").await;
    answer.is_problem(422);
    assert_eq!(answer.pointers(), ["buckets", "page", "colour"]);
    let answer = fixture.get("/api/admin/activity/facets?sort_by=timestamp&status=abc").await;
    answer.is_problem(422);
    assert_eq!(answer.pointers(), ["sort_by", "status"]);
}

#[tokio::test]
async fn somebody_bound_to_a_tenant_counts_that_tenant_only() {
    let fixture = Fixture::start().await;
    let bound = fixture.key(json!({"role": "viewer", "name": "acme", "tenant_id": "acme"})).await;
    let of = |tenant: &str| json!({"user_id": tenant, "action_type": "a", "tenant_id": tenant});
    fixture.post(json!([of("acme"), of("globex"), activity("nobody's", "a")])).await;
    let get = async |path: &str| fixture.call(Method::GET, path, &bound, None).await;
    let facets = get(&format!("/api/admin/activity/facets?{APPLICATION}")).await.body;
    assert_eq!((counts(&facets["user"]), &facets["total"]), (vec![("acme", 1)], &json!(1)));
    assert_eq!(get(&format!("/api/admin/activity/timeline?{APPLICATION}")).await.body["total"], 1);
    for call in ["facets", "timeline"] {
        get(&format!("/api/admin/activity/{call}?tenant_id=globex")).await.is_problem(403);
    }
}

#[tokio::test]
async fn a_user_is_called_what_their_own_tenant_calls_them() {
    let fixture = Fixture::start().await;
    let put = |tenant: &'static str, name: &'static str| {
        let user = json!({"display_name": name});
        let fixture = &fixture;
        async move {
            let key = fixture.key(json!({"role": "admin", "name": tenant, "tenant_id": tenant})).await;
            fixture.call(Method::PUT, "/api/users/u-1", &key, Some(user)).await
        }
    };
    put("acme", "Ada of Acme").await;
    fixture
        .call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(json!({"display_name": "Ada of nobody"})))
        .await;
    let failed = |tenant: Option<&str>| {
        json!({
            "user_id": "u-1", "action_type": "user_login", "success": false, "tenant_id": tenant
        })
    };
    fixture
        .post(json!([failed(Some("acme")), failed(Some("acme")), failed(None), failed(Some("globex"))]))
        .await;
    let label = async |query: &str| {
        fixture.get(&format!("/api/admin/activity/facets?{query}")).await.body["user"][0]["label"].clone()
    };
    assert_eq!(label("user_id=u-1&tenant_id=acme").await, "Ada of Acme");
    assert_eq!(label("user_id=u-1&tenant_id=globex").await, Value::Null);
    assert_eq!(label("user_id=u-1").await, Value::Null, "who that is depends");

    let report = fixture.get("/api/admin/reports/failed_logins?at_least=1").await.body;
    let row =
        |row: &Value| (row["tenant_id"].clone(), row["user_display_name"].clone(), row["attempts"].clone());
    let rows: Vec<_> = report["data"].as_array().expect("rows").iter().map(row).collect();
    let expected = [
        (json!("acme"), json!("Ada of Acme"), json!(2)),
        (json!("globex"), Value::Null, json!(1)),
        (Value::Null, json!("Ada of nobody"), json!(1)),
    ];
    assert_eq!(rows, expected);
}
