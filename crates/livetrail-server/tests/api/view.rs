//! Reads of the log are recorded in the log.

use crate::fixture::{Fixture, activity};
use reqwest::Method;
use serde_json::json;

const VIEWS: &str = "action_filter=admin_view_activity_logs";

#[tokio::test]
async fn a_list_that_is_read_is_recorded_with_what_was_asked_and_found() {
    let fixture = Fixture::start().await;
    fixture.post(json!([activity("u-1", "a"), activity("u-2", "a")])).await;
    let mut views = fixture.stream(VIEWS).await;
    fixture.list("page=1&limit=5&action_filter=a&user_id=u-1&user_id=u-9&sort_order=asc").await;
    let view = views.next_activity().await;
    let details = json!({
        "page": 1, "limit": 5, "filters_applied": {"action_filter": "a", "user_id": "u-1,u-9"}, "results_count": 1,
    });
    assert_eq!(view["details"], details);
    for (name, value) in [
        ("user_id", json!("key:test admin")),
        ("is_admin", json!(true)),
        ("resource_type", json!("livetrail")),
        ("endpoint", json!("/api/admin/activity")),
        ("http_method", json!("GET")),
        ("status_code", json!(200)),
        ("success", json!(true)),
        ("ip_address", json!("127.0.0.1")),
    ] {
        assert_eq!(view[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_same_view_again_is_not_recorded_again_and_another_one_is() {
    let fixture = Fixture::start().await;
    let mut views = fixture.stream(VIEWS).await;
    for page in 1..=5 {
        fixture.list(&format!("action_filter=a&page={page}")).await;
    }
    fixture.list("action_filter=b").await;
    let filters = [views.next_activity().await, views.next_activity().await]
        .map(|view| view["details"]["filters_applied"].clone());
    assert_eq!(filters, [json!({"action_filter": "a"}), json!({"action_filter": "b"})]);
}

#[tokio::test]
async fn somebody_else_who_reads_the_same_is_another_view() {
    let fixture = Fixture::start().await;
    let viewer = fixture.key(json!({"role": "viewer", "name": "screen"})).await;
    let mut views = fixture.stream(VIEWS).await;
    fixture.list("").await;
    fixture.call(Method::GET, "/api/admin/activity", &viewer, None).await;
    assert_eq!(views.next_activity().await["user_id"], "key:test admin");
    assert_eq!(views.next_activity().await["user_id"], "key:screen");
}

#[tokio::test]
async fn neither_a_stream_nor_a_refused_list_is_a_view() {
    let fixture = Fixture::start().await;
    let mut views = fixture.stream(VIEWS).await;
    fixture.stream("user_id=u-1").await;
    fixture.list("page=0&user_id=u-2").await;
    fixture.list("user_id=u-3").await;
    assert_eq!(views.next_activity().await["details"]["filters_applied"], json!({"user_id": "u-3"}));
}
