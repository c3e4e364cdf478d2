//! What Livetrail records of itself: refusals, reads of every kind, administration.

use crate::fixture::{Answer, EventStream, Fixture, Socket, activity, id};
use livetrail_server::config::RawConfig;
use reqwest::Method;
use serde_json::{Value, json};
use std::net::Ipv4Addr;

/// Without alerts about these activities, which follow at some time.
const OWN: &str = "resource_type=livetrail&action_filter=!alert_raised";
const REFUSED: &str = "action_filter=access_refused";
const READS: &str = "action_filter=admin_view_activity_logs";
const KEYS: &str = "/api/admin/keys";

fn named(role: &str, name: &str) -> Value {
    json!({"role": role, "name": name})
}

/// Fields of a record, of which tests compare a few.
fn fields(record: &Value, names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| record[name].clone()).collect()
}

#[tokio::test]
async fn a_refusal_names_whose_credential_it_was_and_what_was_called() {
    let fixture = Fixture::start().await;
    let viewer = fixture.key(json!({"role": "viewer", "name": "bob", "tenant_id": "acme"})).await;
    let user = Fixture::token(json!({"user_id": "u-2"}));
    let mut refused = fixture.stream(REFUSED).await;
    let admin_key = named("admin", "x");
    fixture.call(Method::POST, KEYS, &viewer, Some(admin_key)).await.is_problem(403);
    fixture.call(Method::GET, "/api/admin/activity", &fixture.writer, None).await.is_problem(403);
    fixture.call(Method::GET, "/api/admin/activity?tenant_id=other", &viewer, None).await.is_problem(403);
    fixture.call(Method::GET, "/api/admin/activity/stream", &user, None).await.is_problem(403);
    for expected in [
        json!(["key:bob", "acme", "POST", KEYS, "viewer", "Admin access required"]),
        json!(["key:test writer", null, "GET", "/api/admin/activity", "writer", "Admin access required"]),
        json!([
            "key:bob",
            "acme",
            "GET",
            "/api/admin/activity",
            "viewer",
            "This credential belongs to another tenant"
        ]),
        json!(["u-2", null, "GET", "/api/admin/activity/stream", null, "Admin access required"]),
    ] {
        let record = refused.next_activity().await;
        let mut found = fields(&record, &["user_id", "tenant_id", "http_method", "endpoint"]);
        found.extend([record["details"]["role"].clone(), record["error_message"].clone()]);
        assert_eq!(Value::from(found), expected);
        assert_eq!(
            fields(&record, &["status_code", "success", "resource_type"]),
            [json!(403), json!(false), json!("livetrail")]
        );
    }
}

#[tokio::test]
async fn signing_in_with_a_credential_that_may_not_read_is_refused_by_name() {
    let fixture = Fixture::start().await;
    let mut refused = fixture.stream(REFUSED).await;
    for (token, user) in [
        (fixture.writer.clone(), "key:test writer"),
        (Fixture::token(json!({"user_id": "u-2"})), "u-2"),
        ("garbage".into(), "anon-refused"),
    ] {
        fixture.send(fixture.request(Method::POST, "/api/session").json(&json!({"token": token}))).await;
        let record = refused.next_activity().await;
        assert_eq!(fields(&record, &["user_id", "endpoint", "http_method"]), [user, "/api/session", "POST"]);
    }
}

#[tokio::test]
async fn refusals_of_a_credential_are_recorded_once_a_minute_for_each_call() {
    let fixture = Fixture::start().await;
    let twins = [fixture.key(named("viewer", "twin")).await, fixture.key(named("viewer", "twin")).await];
    let mut refused = fixture.stream(REFUSED).await;
    for _ in 0..5 {
        for (number, twin) in twins.iter().enumerate() {
            let revoke = format!("{KEYS}/{}", id(number as u64));
            fixture.call(Method::DELETE, &revoke, twin, None).await.is_problem(403);
            fixture.call(Method::POST, KEYS, twin, None).await.is_problem(403);
        }
    }
    fixture.call(Method::GET, KEYS, &twins[0], None).await;
    let mut calls = Vec::new();
    for _ in 0..5 {
        let record = refused.next_activity().await;
        assert_eq!(record["user_id"], "key:twin");
        calls.push(record["http_method"].as_str().expect("a method").to_owned());
    }
    assert_eq!(calls[4], "GET", "the calls that were repeated have four records: {calls:?}");
}

fn merged(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

/// A call from an address of this machine's, without a credential.
async fn from(fixture: &Fixture, address: Ipv4Addr) -> Answer {
    let client = reqwest::Client::builder().local_address(Some(address.into())).build().expect("a client");
    fixture.send(client.get(format!("{}/api/admin/activity", fixture.base_url))).await
}

#[tokio::test]
async fn however_many_addresses_are_refused_a_minute_has_sixty_rows_of_which_the_last_tells_the_rest() {
    let fixture = Fixture::start().await;
    for number in 0..100 {
        from(&fixture, Ipv4Addr::new(127, 7, 0, number + 1)).await.is_problem(401);
    }
    from(&fixture, Ipv4Addr::new(127, 8, 0, 1)).await.is_problem(401);
    // The minute ends with the server.
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    let refused = fixture.list(&format!("{REFUSED}&limit=100&sort_order=asc")).await;
    let rows = refused.body["data"].as_array().expect("rows");
    assert_eq!(rows.len(), 60);
    assert!(rows[..59].iter().all(|row| row["error_message"] == "Authentication required"));
    let rest = &rows[59];
    assert_eq!(rest["error_message"], "42 more requests without a valid credential were refused");
    let networks = json!([
        {"network": "127.7.0.0/24", "refused": 41}, {"network": "127.8.0.0/24", "refused": 1},
    ]);
    let expected = json!({"refused": 42, "networks": networks, "refused_elsewhere": 0});
    assert_eq!((&rest["details"], &rest["ip_address"]), (&expected, &Value::Null));
}

#[tokio::test]
async fn a_flood_of_refusals_hides_no_refusal_of_a_valid_credential() {
    let fixture = Fixture::start().await;
    for number in 0..100 {
        from(&fixture, Ipv4Addr::new(127, 7, 0, number + 1)).await;
    }
    let mut refused = fixture.stream(REFUSED).await;
    fixture.call(Method::GET, KEYS, &fixture.writer, None).await.is_problem(403);
    assert_eq!(refused.next_activity().await["user_id"], "key:test writer");
}

#[tokio::test]
async fn every_way_of_reading_the_past_is_recorded_and_its_repeats_are_not() {
    let fixture = Fixture::start().await;
    let spy = fixture.key(named("viewer", "spy")).await;
    let stored = fixture.post(json!({"id": id(7), "user_id": "u-1", "action_type": "a"})).await;
    assert_eq!(stored.status, 201);
    let beginning = fixture.beginning().await;
    let mut reads = fixture.stream(READS).await;
    let one = format!("/api/admin/activity/{}", id(7));
    let stream = format!("/api/admin/activity/stream?user_id=u-1&last_event_id={beginning}");
    for _ in 0..3 {
        for path in [
            &one[..],
            "/api/admin/activity/facets?user_id=u-1",
            "/api/admin/activity/timeline?buckets=9",
            "/api/admin/activity/stats?tenant_id=none",
        ] {
            assert_eq!(fixture.call(Method::GET, path, &spy, None).await.status, 200);
        }
        EventStream::open(fixture.request(Method::GET, &stream).bearer_auth(&spy)).await;
    }
    fixture.call(Method::GET, "/api/admin/activity/facets?user_id=u-2", &spy, None).await;
    let user = json!({"user_id": "u-1"});
    for (endpoint, details) in [
        (&one[..], json!({"filters_applied": {"id": id(7)}, "results_count": 1})),
        ("/api/admin/activity/facets", json!({"filters_applied": user, "results_count": 1})),
        ("/api/admin/activity/timeline", json!({"filters_applied": {}, "results_count": 4})),
        ("/api/admin/activity/stats", json!({"filters_applied": {"tenant_id": "none"}, "results_count": 0})),
        ("/api/admin/activity/stream", json!({"filters_applied": user, "after": 0, "head": 7})),
        ("/api/admin/activity/facets", json!({"filters_applied": {"user_id": "u-2"}, "results_count": 0})),
    ] {
        let record = reads.next_activity().await;
        let mut found = record["details"].clone();
        let details = [details, json!({"page": null, "limit": null})]
            .into_iter()
            .fold(json!({"results_count": null}), merged);
        // Records of the reads themselves may have been stored meanwhile.
        if endpoint.ends_with("timeline") {
            found["results_count"] = json!(4);
        }
        if endpoint.ends_with("stream") {
            found["head"] = json!(7);
        }
        assert_eq!(
            (&record["user_id"], &record["endpoint"], found),
            (&json!("key:spy"), &json!(endpoint), details)
        );
        assert_eq!(record["target_resource_id"], if endpoint == one { json!(id(7)) } else { Value::Null });
    }
}

#[tokio::test]
async fn a_websocket_that_begins_in_the_past_or_goes_back_to_it_is_recorded() {
    let fixture = Fixture::start().await;
    fixture.post(activity("u-1", "a")).await;
    let beginning = fixture.beginning().await;
    let mut reads = fixture.stream(READS).await;
    let path = format!("/api/admin-sessions/activity-ws?user_id=u-1&last_event_id={beginning}");
    let mut socket = Socket::open(&fixture, &path).await;
    let record = reads.next_activity().await;
    assert_eq!(
        fields(&record, &["endpoint", "ip_address"]),
        ["/api/admin-sessions/activity-ws", "127.0.0.1"]
    );
    assert_eq!(record["details"]["filters_applied"], json!({"user_id": "u-1"}));
    let filter = json!({"action_filter": ["a", "b"]});
    socket.say(json!({"type": "subscribe", "filter": filter, "last_event_id": beginning})).await;
    let record = reads.next_activity().await;
    assert_eq!(record["details"]["filters_applied"], json!({"action_filter": "a,b"}));
}

#[tokio::test]
async fn a_stream_that_goes_on_from_where_the_log_is_reads_nothing() {
    let fixture = Fixture::start().await;
    let mut reads = fixture.stream(READS).await;
    let here = fixture.stream("").await.connected.id.expect("a cursor");
    fixture.stream_after("", Some(&here)).await;
    fixture.get("/api/admin/activity/facets").await;
    assert_eq!(reads.next_activity().await["endpoint"], "/api/admin/activity/facets");
}

#[tokio::test]
async fn two_keys_of_the_same_name_have_two_views() {
    let fixture = Fixture::start().await;
    let twins = [fixture.key(named("viewer", "twin")).await, fixture.key(named("viewer", "twin")).await];
    let mut reads = fixture.stream(READS).await;
    for twin in twins.iter().chain(&twins) {
        fixture.call(Method::GET, "/api/admin/activity?user_id=u-1", twin, None).await;
    }
    fixture.list("user_id=u-2").await;
    for expected in ["key:twin", "key:twin", "key:test admin"] {
        assert_eq!(reads.next_activity().await["user_id"], expected);
    }
}

#[tokio::test]
async fn links_lists_of_keys_sign_ins_sign_outs_and_names_of_users_are_recorded() {
    let fixture = Fixture::start().await;
    let mut own = fixture.stream(OWN).await;
    let link = fixture.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    let made = own.next_activity().await;
    assert_eq!(
        fields(&made, &["action_type", "endpoint", "user_id"]),
        ["api_key_created", "/api/admin/sign-in-link", "key:test admin"]
    );
    assert_eq!(
        fields(&made["details"], &["name", "role", "maker"]),
        ["sign-in link", "admin", "key:test admin"]
    );
    fixture.get(KEYS).await;
    let listed = own.next_activity().await;
    assert_eq!(fields(&listed, &["action_type", "endpoint", "http_method"]), ["api_operation", KEYS, "GET"]);
    assert_eq!(listed["details"], json!({"list": "keys", "results_count": 2}));
    let token = link.body["link"].as_str().expect("a link").split_once("#token=").expect("a token").1;
    let signed_in =
        fixture.send(fixture.request(Method::POST, "/api/session").json(&json!({"token": token}))).await;
    let cookie = signed_in.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let sign_out = fixture.request(Method::DELETE, "/api/session").header("cookie", cookie);
    fixture.send(sign_out.header("sec-fetch-site", "same-origin")).await;
    for action in ["login", "logout"] {
        let record = own.next_activity().await;
        assert_eq!(
            fields(&record, &["action_type", "user_id", "target_user_id"]),
            [action, "livetrail-admin", "livetrail-admin"]
        );
        assert_eq!(record["details"]["role"], "admin");
    }
    let shop = fixture.key(json!({"role": "writer", "name": "shop", "tenant_id": "acme"})).await;
    own.next_activity().await;
    fixture.call(Method::PUT, "/api/users/u-1", &shop, Some(json!({"email": "ada@example.com"}))).await;
    fixture.call(Method::POST, "/api/users", &shop, Some(json!([{"id": "u-1"}, {"id": "u-2"}]))).await;
    let one = own.next_activity().await;
    assert_eq!(
        fields(&one, &["action_type", "target_user_id", "tenant_id", "is_admin"]),
        [json!("user_updated"), json!("u-1"), json!("acme"), json!(false)]
    );
    let many = own.next_activity().await;
    assert_eq!(many["action_type"], "bulk_action_performed");
    let details = json!({"users": 2, "tenant_id": "acme", "maker": "key:shop", "maker_role": "writer"});
    assert_eq!(many["details"], details);
}

#[tokio::test]
async fn a_server_that_starts_without_some_protection_says_so_in_the_log() {
    let fixture = Fixture::start_with(|config| {
        config.redact = Some(false);
        config.cors_origin = vec!["https://app.example.com".into()];
        config.alerts_allow_addresses = vec!["10.0.0.0/8".into()];
    })
    .await;
    let listed = fixture.list("action_filter=settings_updated").await;
    assert_eq!(listed.body["total"], 1);
    let record = &listed.body["data"][0];
    let details = json!({
        "redact": false,
        "cors-origin": ["https://app.example.com"],
        "alerts-allow-addresses": ["10.0.0.0/8"],
    });
    assert_eq!(record["details"], details);
    assert_eq!(
        fields(record, &["user_id", "target_resource_id"]),
        ["livetrail-operator", "alerts-allow-addresses, cors-origin, redact"]
    );
    let fixture = Fixture::start().await;
    assert_eq!(fixture.list("action_filter=settings_updated").await.body["total"], 0);
}

/// The rules of a start, as the record of a change has them.
fn rules(redact: bool, keys: &[&str]) -> Value {
    json!({"redact": redact, "redact-key": keys, "rules-version": livetrail_types::RULES_VERSION})
}

async fn settings_updated(fixture: &Fixture) -> Vec<Value> {
    let listed = fixture.list("action_filter=settings_updated&sort_order=asc").await;
    listed.body["data"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn other_redaction_rules_than_at_the_last_start_are_recorded_once() {
    let fixture = Fixture::start_with(|config| config.redact_key = vec!["Pin".into()]).await;
    assert_eq!(settings_updated(&fixture).await, [Value::Null; 0], "a new log has no change");
    let fixture =
        Fixture::start_in(fixture.stop().await, |config| config.redact_key = vec!["PIN".into()]).await;
    assert_eq!(settings_updated(&fixture).await, [Value::Null; 0], "the same rules in other letters");

    let change = |config: &mut RawConfig| config.redact_key = vec!["salary".into(), "pin".into()];
    let fixture = Fixture::start_in(fixture.stop().await, change).await;
    let fixture = Fixture::start_in(fixture.stop().await, change).await;
    let [record] = settings_updated(&fixture).await.try_into().expect("one record");
    let expected = json!({"old": rules(true, &["pin"]), "new": rules(true, &["pin", "salary"])});
    assert_eq!(record["details"], json!({"redaction-rules": expected}));
    assert_eq!(
        fields(&record, &["user_id", "target_resource_id", "is_admin", "resource_type"]),
        [json!("livetrail-operator"), json!("redaction-rules"), json!(true), json!("livetrail")]
    );

    let fixture = Fixture::start_in(fixture.stop().await, |config| config.redact = Some(false)).await;
    let records = settings_updated(&fixture).await;
    let expected = json!({"old": rules(true, &["pin", "salary"]), "new": rules(false, &[])});
    assert_eq!(records[1]["details"], json!({"redact": false, "redaction-rules": expected}));
    let fixture = Fixture::start_in(fixture.stop().await, |config| config.redact = Some(false)).await;
    assert_eq!(settings_updated(&fixture).await[2]["details"], json!({"redact": false}));
}

#[tokio::test]
async fn no_client_can_write_what_looks_like_a_record_of_livetrails_own() {
    let fixture = Fixture::start().await;
    for (name, value) in
        [("resource_type", "livetrail"), ("resourceType", "LiveTrail"), ("entityType", " livetrail\t")]
    {
        let forged = json!({"user_id": "livetrail-admin", "action_type": "api_key_created", name: value});
        for credential in [&fixture.writer, &fixture.admin] {
            let answer = fixture.call(Method::POST, "/api/activity", credential, Some(forged.clone())).await;
            answer.is_problem(422);
            assert_eq!(answer.pointers(), [format!("/{name}")]);
        }
        let batch = fixture.post(json!([activity("u-1", "a"), forged])).await;
        assert_eq!((batch.status.as_u16(), &batch.body["accepted"]), (200, &json!(1)));
        assert_eq!(batch.body["rejected"][0]["errors"][0]["pointer"], format!("/{name}"));
    }
    let close = json!({"user_id": "u-1", "action_type": "a", "resource_type": "livetrail-shop"});
    assert_eq!(fixture.post(close).await.status, 201);
}

#[tokio::test]
async fn what_the_operator_puts_back_keeps_the_records_of_livetrails_own() {
    let fixture = Fixture::start().await;
    let operator = reqwest::Client::builder().unix_socket(fixture.socket()).build().expect("a client");
    let record =
        json!({"user_id": "key:old", "action_type": "api_key_revoked", "resource_type": "livetrail"});
    let answer =
        operator.post("http://livetrail/api/activity").json(&record).send().await.expect("an answer");
    assert_eq!(answer.status(), 201);
    // A key that is shown there is a key like any other.
    let with_key = operator.post("http://livetrail/api/activity").bearer_auth(&fixture.admin).json(&record);
    assert_eq!(with_key.send().await.expect("an answer").status(), 422);
    assert_eq!(fixture.list("user_id=key:old").await.each("resource_type"), ["livetrail"]);
}
