use crate::fixture::{APPLICATION, Fixture, activity, id, now};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn an_activity_that_was_acknowledged_is_in_the_list_and_was_pushed() {
    let fixture = Fixture::start().await;
    let mut stream = fixture.stream("").await;
    let stored =
        fixture.post(json!({"user_id": "u-1", "action_type": "user_login", "status_code": 401})).await;
    assert_eq!(stored.status, 201);
    let pushed = stream.next_activity().await;
    assert_eq!(pushed["id"], stored.body["id"]);
    let listed = fixture.list("action_filter=user_login").await;
    assert_eq!(listed.body["data"][0]["position"], stored.body["position"]);
    assert_eq!(listed.body["stats"]["failed_count"], 1);
}

#[tokio::test]
async fn one_activity_is_answered_with_its_place_and_time() {
    let fixture = Fixture::start().await;
    let sent = json!({"user_id": "u-1", "action_type": "a", "id": id(1), "timestamp": 1_772_366_400.75});
    let answer = fixture.post(sent).await;
    assert_eq!(answer.status, 201);
    let position = answer.body["position"].clone();
    assert!(position.as_u64().is_some_and(|position| position > 0));
    let expected = json!({"id": id(1), "position": position, "timestamp": 1_772_366_400, "duplicate": false});
    assert_eq!(answer.body, expected);
}

#[tokio::test]
async fn every_field_comes_out_as_it_went_in() {
    let fixture = Fixture::start().await;
    let sent = json!({
        "id": id(7), "timestamp": "2026-03-01T12:00:00.25+02:00", "user_id": "u-1", "action_type": "document_upload",
        "endpoint": "/api/documents", "http_method": "POST", "status_code": 502, "success": false,
        "error_message": "no room\nleft", "error_type": "DiskFull", "target_user_id": "u-2",
        "target_resource_id": "d-9", "resource_type": "document", "details": {"pages": 3, "tags": ["a", null]},
        "changes": {"name": {"from": "a", "to": "b"}}, "duration_ms": 12, "db_query_count": 0,
        "ip_address": "2001:db8::1", "user_agent": "curl/8.5.0", "is_admin": true, "session_id": "s-1",
        "request_id": "r-1", "trace_id": "t-1", "tenant_id": "acme", "delegate_id": "deploy-bot", "delegate_type": "agent",
        "via": "mcp",
    });
    fixture.post(sent.clone()).await;
    let listed = fixture.list("user_id=u-1").await;
    let shown = &listed.body["data"][0];
    let (Value::Object(sent), false) = (sent, shown.is_null()) else { panic!("{listed:?}") };
    for (name, value) in sent.iter().filter(|(name, _)| *name != "timestamp") {
        assert_eq!(shown[name], *value, "{name}");
    }
    assert_eq!(shown["timestamp"], 1_772_359_200);
    assert_eq!(shown["occurred_at"], "2026-03-01T10:00:00.250000Z");
    assert_eq!(shown["timestamp_adjusted"], false);
    assert_eq!(shown["device"]["browser"], "curl 8");
    let description = shown["description"].as_str().expect("a sentence");
    assert!(description.starts_with("u-1 (through agent deploy-bot) "), "{description}");
}

#[tokio::test]
async fn every_field_is_present_on_the_way_out_and_null_if_unknown() {
    let fixture = Fixture::start().await;
    fixture.post(activity("u-1", "a")).await;
    let listed = fixture.list("user_id=u-1").await;
    let shown = listed.body["data"][0].as_object().expect("an activity");
    for name in [
        "endpoint",
        "http_method",
        "status_code",
        "error_message",
        "error_type",
        "target_user_id",
        "target_resource_id",
        "resource_type",
        "details",
        "changes",
        "duration_ms",
        "db_query_count",
        "ip_address",
        "user_agent",
        "device",
        "session_id",
        "request_id",
        "trace_id",
        "tenant_id",
        "delegate_id",
        "delegate_type",
        "via",
        "user_email",
        "user_display_name",
    ] {
        assert_eq!(shown.get(name), Some(&Value::Null), "{name}");
    }
    for name in
        ["id", "position", "timestamp", "occurred_at", "created_at", "description", "icon", "category"]
    {
        assert!(shown.get(name).is_some_and(|value| !value.is_null()), "{name}");
    }
    assert_eq!((&shown["success"], &shown["is_admin"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn a_batch_stores_what_is_right_and_says_what_is_not() {
    let fixture = Fixture::start().await;
    let answer = fixture.post(json!([activity("u-1", "a"), {"user_id": "u-1"}, activity("u-2", "b")])).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["accepted"], 2);
    assert_eq!(answer.body["duplicates"], 0);
    assert_eq!(answer.body["rejected"][0]["index"], 1);
    assert_eq!(answer.body["rejected"][0]["errors"][0]["pointer"], "/action_type");
    assert_eq!(answer.body["results"][0]["index"], 0);
    assert_eq!(answer.body["results"][1]["index"], 2);
    assert_eq!(fixture.list("user_id=u-1,u-2").await.body["total"], 2);
}

#[tokio::test]
async fn positions_follow_each_other_in_the_order_of_the_batch() {
    let fixture = Fixture::start().await;
    let batch: Vec<_> = (0..50).map(|n| activity(&format!("u-{n}"), "a")).collect();
    let answer = fixture.post(json!(batch)).await;
    let results = answer.body["results"].as_array().expect("results");
    let positions: Vec<_> = results.iter().map(|result| result["position"].as_u64().expect("one")).collect();
    let first = positions[0];
    assert_eq!(positions, (first..first + 50).collect::<Vec<_>>());
    let listed = fixture.list("action_filter=a&limit=50&sort_order=asc").await;
    assert_eq!(listed.each("user_id"), (0..50).map(|n| json!(format!("u-{n}"))).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_batch_of_nothing_but_mistakes_is_refused_with_a_pointer_to_each() {
    let fixture = Fixture::start().await;
    let answer = fixture.post(json!([{"user_id": "u-1"}, {"action_type": "a", "user_id": 5}, 7])).await;
    answer.is_problem(422);
    assert_eq!(answer.pointers(), ["/0/action_type", "/1/user_id", "/2"]);
}

#[tokio::test]
async fn an_empty_batch_is_no_mistake() {
    let fixture = Fixture::start().await;
    let answer = fixture.post(json!([])).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!({"accepted": 0, "duplicates": 0, "rejected": [], "results": []}));
}

#[tokio::test]
async fn a_line_that_is_no_json_spoils_itself_only() {
    let fixture = Fixture::start().await;
    let lines = "{\"user_id\":\"u-1\",\"action_type\":\"a\"}\n\nnot json\r\n{\"user_id\":\"u-2\",\"action_type\":\"b\"}";
    let request = fixture.request(Method::POST, "/api/activity").bearer_auth(&fixture.writer);
    let answer = fixture.send(request.header("content-type", "application/x-ndjson").body(lines)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["accepted"], 2);
    assert_eq!(answer.body["rejected"][0]["index"], 1);
    assert!(answer.body["rejected"][0]["errors"][0]["detail"].as_str().expect("why").contains("JSON"));
}

#[tokio::test]
async fn the_admin_trackers_shape_is_accepted() {
    let fixture = Fixture::start().await;
    let sent = json!({
        "adminId": "a-1", "sessionId": "s-1", "action": "payout_approved", "entityType": "payout", "entityId": "p-9",
        "ipAddress": "192.0.2.7:443", "userAgent": "curl/8.5.0", "metadata": {"amount": 5},
    });
    assert_eq!(fixture.post(sent).await.status, 201);
    let listed = fixture.list("user_id=a-1").await;
    let shown = &listed.body["data"][0];
    for (name, value) in [
        ("is_admin", json!(true)),
        ("session_id", json!("s-1")),
        ("action_type", json!("payout_approved")),
        ("resource_type", json!("payout")),
        ("target_resource_id", json!("p-9")),
        ("ip_address", json!("192.0.2.7")),
        ("user_agent", json!("curl/8.5.0")),
        ("details", json!({"amount": 5})),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
}

#[tokio::test]
async fn what_is_too_long_is_cut_where_the_rules_say_so() {
    let fixture = Fixture::start().await;
    let sent = json!({
        "user_id": "u-1", "action_type": "a", "error_message": "é".repeat(8_001), "user_agent": "x".repeat(2_000),
        "endpoint": format!("/search?q={}", "x".repeat(1_000)), "ip_address": "203.0.113.9, 10.0.0.1",
    });
    assert_eq!(fixture.post(sent).await.status, 201);
    let listed = fixture.list("user_id=u-1").await;
    let shown = &listed.body["data"][0];
    assert_eq!(shown["error_message"], format!("{}…", "é".repeat(7_999)));
    assert_eq!(shown["user_agent"], "x".repeat(1_024));
    assert_eq!(shown["endpoint"], "/search");
    assert_eq!(shown["ip_address"], "203.0.113.9");
}

#[tokio::test]
async fn a_time_that_cannot_be_right_is_replaced_and_marked() {
    let fixture = Fixture::start().await;
    for (moment, adjusted) in [(now() + 300, false), (now() + 3_600, true), (1_000, true)] {
        let sent = json!({"user_id": "u-1", "action_type": "a", "timestamp": moment});
        let stored = fixture.post(sent).await;
        let shown =
            fixture.get(&format!("/api/admin/activity/{}", stored.body["id"].as_str().expect("id"))).await;
        assert_eq!(shown.body["timestamp_adjusted"], adjusted, "{moment}");
        assert_eq!(shown.body["timestamp"] == moment, !adjusted, "{moment}");
        assert_eq!(shown.body["timestamp"], stored.body["timestamp"]);
    }
}

#[tokio::test]
async fn success_follows_from_the_status_unless_the_sender_says() {
    let fixture = Fixture::start().await;
    let mut batch = Vec::new();
    for (status, success) in [(json!(399), json!(null)), (json!(400), json!(null)), (json!(500), json!(true))]
    {
        batch.push(json!({"user_id": "u-1", "action_type": "a", "status_code": status, "success": success}));
    }
    fixture.post(json!(batch)).await;
    let listed = fixture.list("user_id=u-1&sort_order=asc").await;
    assert_eq!(listed.each("success"), [true, false, true]);
}

#[tokio::test]
async fn many_writers_at_once_leave_no_gap_between_positions() {
    let fixture = Fixture::start().await;
    let posts = (0..50).map(|n| fixture.post(activity(&format!("u-{n}"), "a")));
    let answers = futures_util::future::join_all(posts).await;
    let mut positions: Vec<_> =
        answers.iter().map(|answer| answer.body["position"].as_u64().expect("one")).collect();
    positions.sort_unstable();
    let first = positions[0];
    assert_eq!(positions, (first..first + 50).collect::<Vec<_>>());
    assert_eq!(fixture.list(APPLICATION).await.body["total"], 50);
}
