//! The id is the idempotency key.

use crate::fixture::{Fixture, id};
use serde_json::{Value, json};

fn numbered(number: u64, user_id: &str) -> Value {
    json!({"id": id(number), "user_id": user_id, "action_type": "a", "timestamp": 1_772_366_400})
}

#[tokio::test]
async fn the_same_activity_again_is_stored_once_and_answered_with_its_first_place() {
    let fixture = Fixture::start().await;
    let first = fixture.post(numbered(1, "u-1")).await;
    let again = fixture.post(numbered(1, "u-1")).await;
    assert_eq!(again.status, 201);
    assert_eq!(again.body["duplicate"], true);
    assert_eq!(again.body["position"], first.body["position"]);
    assert_eq!(again.body["timestamp"], first.body["timestamp"]);
    assert_eq!(fixture.list("user_id=u-1").await.body["total"], 1);
}

#[tokio::test]
async fn a_repeated_activity_without_a_time_is_answered_with_its_first_time() {
    let fixture = Fixture::start().await;
    let sent = json!({"id": id(1), "user_id": "u-1", "action_type": "a"});
    let first = fixture.post(sent.clone()).await;
    let again = fixture.post(sent).await;
    assert_eq!(again.body["duplicate"], true);
    assert_eq!(again.body["timestamp"], first.body["timestamp"]);
}

#[tokio::test]
async fn the_order_of_the_fields_is_no_difference() {
    let fixture = Fixture::start().await;
    let send = |body: &'static str| {
        let request = fixture.request(reqwest::Method::POST, "/api/activity").bearer_auth(&fixture.writer);
        fixture.send(request.body(body))
    };
    let first = r#"{"id":"0198c0de-7a3b-7000-8000-000000000001","user_id":"u-1","action_type":"a","details":{"a":1,"b":2}}"#;
    let other = r#"{"details":{"b":2,"a":1},"actionType":"a","user_id":"u-1","id":"0198C0DE-7A3B-7000-8000-000000000001"}"#;
    assert_eq!(send(first).await.status, 201);
    assert_eq!(send(other).await.body["duplicate"], true);
}

#[tokio::test]
async fn an_id_with_other_content_is_a_conflict() {
    let fixture = Fixture::start().await;
    fixture.post(numbered(1, "u-1")).await;
    let other = fixture.post(numbered(1, "u-2")).await;
    other.is_problem(409);
    assert_eq!(other.pointers(), ["/id"]);
    assert_eq!(fixture.list("user_id=u-2").await.body["total"], 0);
}

#[tokio::test]
async fn in_a_batch_duplicates_are_counted_and_conflicts_rejected() {
    let fixture = Fixture::start().await;
    let first = fixture.post(numbered(1, "u-1")).await;
    fixture.post(numbered(2, "u-1")).await;
    let answer = fixture.post(json!([numbered(1, "u-1"), numbered(2, "u-2"), numbered(3, "u-1")])).await;
    assert_eq!(answer.status, 200);
    assert_eq!((&answer.body["accepted"], &answer.body["duplicates"]), (&json!(1), &json!(1)));
    let repeated = json!({"index": 0, "id": id(1), "position": first.body["position"], "duplicate": true});
    assert_eq!(answer.body["results"][0], repeated);
    assert_eq!(answer.body["rejected"][0]["index"], 1);
    assert_eq!(answer.body["rejected"][0]["errors"][0]["pointer"], "/id");
}

#[tokio::test]
async fn twice_in_one_batch_is_stored_once() {
    let fixture = Fixture::start().await;
    let answer = fixture.post(json!([numbered(1, "u-1"), numbered(1, "u-1")])).await;
    assert_eq!((&answer.body["accepted"], &answer.body["duplicates"]), (&json!(1), &json!(1)));
    assert_eq!(answer.body["results"][0]["position"], answer.body["results"][1]["position"]);
}

#[tokio::test]
async fn a_batch_that_is_sent_again_whole_is_answered_with_its_places() {
    let fixture = Fixture::start().await;
    let batch: Vec<_> = (1..=20).map(|number| numbered(number, "u-1")).collect();
    let first = fixture.post(json!(batch)).await;
    let again = fixture.post(json!(batch)).await;
    assert_eq!(again.status, 200);
    assert_eq!((&again.body["accepted"], &again.body["duplicates"]), (&json!(0), &json!(20)));
    for index in 0..20 {
        assert_eq!(again.body["results"][index]["position"], first.body["results"][index]["position"]);
    }
}

#[tokio::test]
async fn of_many_who_send_the_same_at_once_one_is_first() {
    let fixture = Fixture::start().await;
    let posts = (0..20).map(|_| fixture.post(numbered(1, "u-1")));
    let answers = futures_util::future::join_all(posts).await;
    assert_eq!(answers.iter().filter(|answer| answer.body["duplicate"] == false).count(), 1);
    assert!(answers.iter().all(|answer| answer.body["position"] == answers[0].body["position"]));
}

#[tokio::test]
async fn a_duplicate_is_pushed_to_nobody() {
    let fixture = Fixture::start().await;
    fixture.post(numbered(1, "u-1")).await;
    let mut stream = fixture.stream("").await;
    fixture.post(numbered(1, "u-1")).await;
    fixture.post(numbered(2, "u-1")).await;
    assert_eq!(stream.next_activity().await["id"], id(2));
}

#[tokio::test]
async fn a_duplicate_is_known_after_a_restart() {
    let fixture = Fixture::start().await;
    let first = fixture.post(numbered(1, "u-1")).await;
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    let again = fixture.post(numbered(1, "u-1")).await;
    assert_eq!(again.body["duplicate"], true);
    assert_eq!(again.body["position"], first.body["position"]);
}

#[tokio::test]
async fn an_id_belongs_to_its_tenant() {
    let fixture = Fixture::start().await;
    let in_tenant = |tenant: &str| {
        let mut activity = numbered(1, "u-1");
        activity["tenant_id"] = tenant.into();
        activity
    };
    for tenant in ["acme", "globex"] {
        let answer = fixture.post(in_tenant(tenant)).await;
        assert_eq!((answer.status.as_u16(), &answer.body["duplicate"]), (201, &json!(false)), "{tenant}");
    }
    assert_eq!(fixture.post(in_tenant("acme")).await.body["duplicate"], true);
}
