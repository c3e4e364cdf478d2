//! What the index answers, and that answers say so.

use crate::{
    fixture::{APPLICATION, Answer, Fixture, activity, id},
    until::until,
};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const ANSWERED_BY: &str = "livetrail-answered-by";

/// The answers that the index gives, and that say so.
const ANSWERS: [&str; 12] = [
    "activity?limit=5",
    "activity?stats=false&sort_by=duration_ms",
    "activity/stats?q=u-1",
    "activity/facets?",
    "activity/timeline?user_search=u",
    "activity/groups?by=network&p95=true",
    "activity/sessions?",
    "reports/recent_activity?user_id=u-1",
    "reports/admin_audit?",
    "reports/failed_logins?",
    "reports/failed_sign_ins?",
    "reports/endpoint_performance?",
];

/// Asks until the index has given the answer. While it is more than a second behind, the database answers.
async fn answer_of_index(fixture: &Fixture, call: &str) -> Answer {
    let mut answer = None;
    until(async || {
        let asked = fixture.get(&format!("/api/admin/{call}")).await;
        assert_eq!(asked.status, 200, "{call}: {asked:?}");
        let is_by_index = asked.header(ANSWERED_BY) == "index";
        answer = Some(asked);
        is_by_index
    })
    .await;
    answer.expect("an answer")
}

#[tokio::test]
async fn an_answer_says_whether_the_index_or_the_database_has_given_it() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.post(json!([activity("u-1", "a"), activity("u-2", "b")])).await.status, 200);
    for call in ANSWERS {
        answer_of_index(&fixture, call).await;
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
    for call in [
        "activity?text=refused",
        "activity/stats?text=refused",
        "activity/facets?",
        "activity/facets?tenant_id=acme",
    ] {
        answer_of_index(&fixture, call).await;
    }
}

#[tokio::test]
async fn a_restarted_server_builds_the_index_from_the_log_and_goes_on() {
    let fixture = Fixture::start().await;
    let many: Vec<_> = (0..1_000).map(|n| activity(&format!("u-{}", n % 7), "a")).collect();
    assert_eq!(fixture.post(json!(many)).await.status, 200);
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    assert_eq!(fixture.post(activity("u-8", "a")).await.status, 201);
    until(async || {
        let ready = fixture.send(fixture.request(Method::GET, "/readyz")).await.body;
        ready["index"] == json!({"state": "ready"})
    })
    .await;
    let list = answer_of_index(&fixture, &format!("activity?{APPLICATION}&limit=1")).await;
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
    let counts = async || (fixture.figure(&count("index")).await, fixture.figure(&count("sql")).await);
    // While the index is more than a second behind, the database answers, and the answers are counted as its own.
    until(async || {
        let (index, sql) = counts().await;
        // A page and its figures.
        fixture.list("").await;
        fixture.list("text=refused&stats=false").await;
        counts().await == (index + 3.0, sql)
    })
    .await;
}
