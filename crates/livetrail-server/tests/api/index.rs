//! What the index answers, and that answers say so.

use crate::fixture::{APPLICATION, Fixture, activity, id};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const ANSWERED_BY: &str = "livetrail-answered-by";

/// The answers that say what has answered, with what that is.
const ANSWERS: [(&str, &str); 12] = [
    ("activity?limit=5", "index"),
    ("activity?stats=false&sort_by=duration_ms", "index"),
    ("activity/stats?q=u-1", "index"),
    ("activity/facets?", "index"),
    ("activity/timeline?user_search=u", "index"),
    ("activity/groups?by=network&p95=true", "index"),
    ("activity/sessions?", "index"),
    ("reports/recent_activity?user_id=u-1", "index"),
    ("reports/admin_audit?", "index"),
    ("reports/failed_logins?", "index"),
    ("reports/failed_sign_ins?", "index"),
    ("reports/endpoint_performance?", "index"),
];

#[tokio::test]
async fn an_answer_says_whether_the_index_or_the_database_has_given_it() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.post(json!([activity("u-1", "a"), activity("u-2", "b")])).await.status, 200);
    for (call, by) in ANSWERS {
        let answer = fixture.get(&format!("/api/admin/{call}")).await;
        assert_eq!((answer.status.as_u16(), answer.header(ANSWERED_BY)), (200, by), "{call}: {answer:?}");
    }
}

#[tokio::test]
async fn an_answer_of_the_database_says_so() {
    let fixture = Fixture::start().await;
    // The index does not look up an id that so many activities have.
    let of_tenant =
        |n: usize| json!({"id": id(1), "user_id": "u-1", "action_type": "a", "tenant_id": format!("t-{n}")});
    let batch: Vec<_> = (0..100).map(of_tenant).collect();
    assert_eq!(fixture.post(json!(batch)).await.status, 200);
    for call in ["activity", "activity/stats", "activity/facets", "activity/timeline"] {
        let answer = fixture.get(&format!("/api/admin/{call}?q={}", id(1))).await;
        assert_eq!((answer.status.as_u16(), answer.header(ANSWERED_BY)), (200, "sql"), "{call}: {answer:?}");
    }
    assert_eq!(fixture.list(&format!("q={}", id(1))).await.body["total"], 100);
}

#[tokio::test]
async fn words_of_messages_are_asked_of_the_index_where_their_search_is_switched_on() {
    let fixture = Fixture::start_with_question_timeout(Duration::from_secs(60)).await;
    let of = |tenant: &str| json!({"user_id": "u-1", "action_type": "a", "tenant_id": tenant});
    assert_eq!(fixture.post(json!([of("acme"), of("globex")])).await.status, 200);
    for (call, by) in [
        ("activity?text=refused", "index"),
        ("activity/stats?text=refused", "index"),
        ("activity/facets?", "index"),
        ("activity/facets?tenant_id=acme", "index"),
    ] {
        let answer = fixture.get(&format!("/api/admin/{call}")).await;
        assert_eq!((answer.status.as_u16(), answer.header(ANSWERED_BY)), (200, by), "{call}: {answer:?}");
    }
}

#[tokio::test]
async fn a_restarted_server_builds_the_index_from_the_log_and_goes_on() {
    let fixture = Fixture::start().await;
    let many: Vec<_> = (0..1_000).map(|n| activity(&format!("u-{}", n % 7), "a")).collect();
    assert_eq!(fixture.post(json!(many)).await.status, 200);
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    assert_eq!(fixture.post(activity("u-8", "a")).await.status, 201);
    crate::until::until(async || {
        let ready = fixture.send(fixture.request(Method::GET, "/readyz")).await.body;
        ready["index"] == json!({"state": "ready"})
    })
    .await;
    let list = fixture.list(&format!("{APPLICATION}&limit=1")).await;
    assert_eq!(list.header(ANSWERED_BY), "index");
    assert_eq!((&list.body["total"], &list.body["stats"]["unique_users"]), (&json!(1_001), &json!(8)));
    assert_eq!(list.body["data"][0]["user_id"], "u-8");
}

#[tokio::test]
async fn the_index_and_what_answers_are_counted() {
    let fixture = Fixture::start_with_question_timeout(Duration::from_secs(60)).await;
    assert_eq!(fixture.post(activity("u-1", "a")).await.status, 201);
    let head = fixture.app().hub.head().position;
    fixture.until_figure("livetrail_index_head", |index| index >= head as f64).await;
    assert!(fixture.figure("livetrail_index_memory_bytes").await > 0.0);
    let count = |by: &str| format!("livetrail_index_questions_total{{by=\"{by}\"}}");
    let (index, sql) = (fixture.figure(&count("index")).await, fixture.figure(&count("sql")).await);
    // A page and its figures.
    fixture.list("").await;
    fixture.list("text=refused&stats=false").await;
    assert_eq!(fixture.figure(&count("index")).await, index + 3.0);
    assert_eq!(fixture.figure(&count("sql")).await, sql);
}
