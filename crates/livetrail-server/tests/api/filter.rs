//! Every filter once from end to end, on lists and on streams; what they mean in detail is tested where they are read.

use crate::fixture::{EventStream, Fixture};
use serde_json::{Value, json};

/// Activities that differ in everything a filter can ask about.
fn happenings() -> Value {
    json!([
        {
            "user_id": "u-ada", "action_type": "document_upload", "endpoint": "/api/documents", "http_method": "POST",
            "status_code": 201, "target_user_id": "u-bob", "target_resource_id": "d-1", "resource_type": "document",
            "ip_address": "192.0.2.7", "session_id": "s-1", "request_id": "r-1", "trace_id": "t-1",
            "tenant_id": "acme", "timestamp": 1_700_000_000, "details": {"note": "quarterly report"},
        },
        {
            "user_id": "anon-1", "action_type": "user_login", "endpoint": "/login, please", "http_method": "GET",
            "status_code": 404, "ip_address": "2001:db8::7", "timestamp": 1_700_000_100, "is_admin": true,
            "error_message": "Connection refused",
        },
        {"user_id": "u-bob", "action_type": "parcel_sent", "timestamp": 1_700_000_200, "success": false,
         "delegate_id": "deploy, bot", "delegate_type": "agent", "via": "mcp"},
    ])
}

/// A query, and whose activities it finds.
const FILTERS: [(&str, &[&str]); 66] = [
    ("action_filter=user_login", &["anon-1"]),
    ("action_filter=user_login,parcel_sent", &["anon-1", "u-bob"]),
    ("action_filter=user_login&action_filter=parcel_sent", &["anon-1", "u-bob"]),
    ("action_filter=!user_login", &["u-ada", "u-bob"]),
    ("success_filter=true", &["u-ada"]),
    ("success_filter=success", &["u-ada"]),
    ("success_filter=false", &["anon-1", "u-bob"]),
    ("success_filter=failure", &["anon-1", "u-bob"]),
    ("user_search=LOVE", &["u-ada"]),
    ("user_search=ada@", &["u-ada"]),
    ("user_search=u-", &["u-ada", "u-bob"]),
    ("q=love", &["u-ada"]),
    ("q=parcel", &["u-bob"]),
    ("q=user%20login", &["anon-1"]),
    ("q=192.0.2", &["u-ada"]),
    ("q=anon", &["anon-1"]),
    ("q=%25", &[]),
    ("q=u-ada,u-bob", &[]),
    ("date_from=1700000100", &["anon-1", "u-bob"]),
    ("date_from=2023-11-14T22:15:00Z", &["anon-1", "u-bob"]),
    ("date_from=1700000100.5", &["u-bob"]),
    ("date_to=1700000100", &["u-ada", "anon-1"]),
    ("date_to=2023-11-14T23:15:00%2B01:00", &["u-ada", "anon-1"]),
    ("date_from=1700000050&date_to=1700000150", &["anon-1"]),
    ("user_id=u-ada", &["u-ada"]),
    ("user_id=u-ada,%20u-bob", &["u-ada", "u-bob"]),
    ("user_id=!u-ada,!u-bob", &["anon-1"]),
    ("target_user_id=u-bob", &["u-ada"]),
    ("target_user_id=!u-bob", &["anon-1", "u-bob"]),
    ("ip=192.0.2.7", &["u-ada"]),
    ("ip=192.0.2.0/24", &["u-ada"]),
    ("ip=2001:db8::/32", &["anon-1"]),
    ("ip=!192.0.2.0/24", &["anon-1", "u-bob"]),
    ("session_id=s-1", &["u-ada"]),
    ("request_id=r-1", &["u-ada"]),
    ("trace_id=t-1", &["u-ada"]),
    ("resource_type=document", &["u-ada"]),
    ("resource_id=d-1", &["u-ada"]),
    ("endpoint=/api/documents", &["u-ada"]),
    (r"endpoint=/login\,%20please", &["anon-1"]),
    ("method=post", &["u-ada"]),
    ("method=GET,POST", &["u-ada", "anon-1"]),
    ("status=404", &["anon-1"]),
    ("status=4xx", &["anon-1"]),
    ("status=2xx,404", &["u-ada", "anon-1"]),
    ("status=!4xx", &["u-ada", "u-bob"]),
    ("is_admin=true", &["anon-1"]),
    ("is_admin=false", &["u-ada", "u-bob"]),
    ("anonymous=true", &["anon-1"]),
    ("anonymous=false", &["u-ada", "u-bob"]),
    ("category=documents", &["u-ada"]),
    ("category=authentication,documents", &["u-ada", "anon-1"]),
    ("category=other", &["u-bob"]),
    ("category=!other", &["u-ada", "anon-1"]),
    ("tenant_id=acme", &["u-ada"]),
    ("tenant_id=!acme", &["anon-1", "u-bob"]),
    (r"delegate_id=deploy\,%20bot", &["u-bob"]),
    ("delegate_id=deploy", &[]),
    (r"delegate_id=!deploy\,%20bot", &["u-ada", "anon-1"]),
    ("delegated=true", &["u-bob"]),
    ("delegated=false", &["u-ada", "anon-1"]),
    ("delegated=!true", &["u-ada", "anon-1"]),
    ("via=mcp,ui", &["u-bob"]),
    ("via=!mcp", &["u-ada", "anon-1"]),
    ("user_id=u-ada&status=4xx", &[]),
    ("action_filter=", &["u-ada", "anon-1", "u-bob"]),
];

async fn name_ada(fixture: &Fixture) {
    let acme = fixture.key(json!({"name": "acme", "role": "writer", "tenant_id": "acme"})).await;
    let names = json!({"email": "ada@example.com", "display_name": "Ada Lovelace"});
    fixture.call(reqwest::Method::PUT, "/api/users/u-ada", &acme, Some(names)).await;
}

#[tokio::test]
async fn a_list_has_what_its_filter_means() {
    let fixture = Fixture::start().await;
    name_ada(&fixture).await;
    fixture.post(happenings()).await;
    for (query, users) in FILTERS {
        let listed = fixture.list(&format!("{query}&resource_type=!livetrail&sort_order=asc")).await;
        assert_eq!(listed.status, 200, "{query}: {listed:?}");
        assert_eq!(listed.each("user_id"), *users, "{query}");
        assert_eq!(listed.body["total"], users.len(), "{query}");
    }
}

#[tokio::test]
async fn a_stream_has_what_the_list_with_the_same_filter_has() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    name_ada(&fixture).await;
    let begin = fixture.stream("").await.connected.id.expect("a cursor");
    let stored = fixture.post(happenings()).await;
    let end = stored.body["results"][2]["position"].as_u64().expect("a position");
    for (query, users) in FILTERS {
        let mut stream =
            fixture.stream_after(&format!("{query}&resource_type=!livetrail"), Some(&begin)).await;
        assert_eq!(users_until(&mut stream, end).await, *users, "{query}");
    }
}

/// Whose activities come before the heartbeat that says that everything up to `end` has been looked at.
async fn users_until(stream: &mut EventStream, end: u64) -> Vec<Value> {
    let mut users = Vec::new();
    loop {
        let event = stream.next().await.expect("the stream goes on");
        let id = event.id.expect("a cursor");
        let position = id.split('-').nth(1).expect("a position");
        match event.name.as_deref() {
            Some("heartbeat") if position.parse::<u64>().is_ok_and(|reached| reached >= end) => return users,
            Some(_) => {}
            None => users.push(event.data["data"]["user_id"].clone()),
        }
    }
}

#[tokio::test]
async fn words_of_messages_and_details_are_found_where_that_is_switched_on() {
    let fixture = Fixture::start_with(|config| config.text_search = Some(true)).await;
    fixture.post(happenings()).await;
    for (query, users) in
        [("text=refused", &["anon-1"][..]), ("text=report%20quarterly", &["u-ada"]), ("text=refus", &[])]
    {
        assert_eq!(fixture.list(query).await.each("user_id"), *users, "{query}");
    }
}

#[tokio::test]
async fn a_filter_has_two_hundred_values_at_most() {
    let fixture = Fixture::start().await;
    let values = |count: usize| vec!["u-1"; count].join(",");
    assert_eq!(fixture.list(&format!("user_id={}", values(200))).await.status, 200);
    assert_eq!(fixture.list(&format!("user_id={}", values(201))).await.pointers(), ["user_id"]);
    assert_eq!(fixture.list(&format!("q={}", "x".repeat(201))).await.pointers(), ["q"]);
}

#[tokio::test]
async fn the_reads_of_a_user_can_be_left_out_and_nothing_else_of_that_user() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    let begin = fixture.stream("").await.connected.id.expect("a cursor");
    let read = |user: &str| json!({"user_id": user, "action_type": "admin_view_activity_logs"});
    let login = json!({"user_id": "u-ada", "action_type": "user_login"});
    let stored = fixture.post(json!([read("u-ada"), read("u-bob"), login])).await;
    let end = stored.body["results"][2]["position"].as_u64().expect("a position");
    for (query, users) in [
        ("read_by=!u-ada", &["u-bob", "u-ada"][..]),
        ("read_by=u-ada,u-eve", &["u-ada"]),
        ("read_by=u-eve", &[]),
    ] {
        let query = format!("{query}&resource_type=!livetrail");
        let listed = fixture.list(&format!("{query}&sort_by=timestamp&sort_order=asc")).await;
        assert_eq!(listed.each("user_id"), *users, "{query}");
        let mut stream = fixture.stream_after(&query, Some(&begin)).await;
        assert_eq!(users_until(&mut stream, end).await, *users, "{query}");
    }
}
