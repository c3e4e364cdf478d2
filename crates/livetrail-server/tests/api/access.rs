//! How credentials are read and refused, apart from which call takes which of them: that is the matrix.

use crate::fixture::{Fixture, now};
use reqwest::Method;
use serde_json::json;

const INVALID: &str = "Invalid token";
const REQUIRED: &str = "Authentication required";

#[tokio::test]
async fn a_mistyped_key_is_told_from_one_that_was_revoked() {
    let fixture = Fixture::start().await;
    let revoked = fixture.key_with_id(json!({"role": "admin", "name": "revoked"})).await;
    fixture.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", revoked.id), None).await;
    let ended = fixture.call(Method::GET, "/api/session", &revoked.secret, None).await;
    assert_eq!((ended.status.as_u16(), ended.detail(), ended.pointers()), (401, INVALID, vec![]));
    let mistyped = &revoked.secret[..revoked.secret.len() - 1];
    let mistyped = fixture.call(Method::GET, "/api/session", mistyped, None).await;
    assert_eq!((mistyped.status.as_u16(), mistyped.detail()), (401, INVALID));
    assert!(mistyped.body["errors"][0]["detail"].as_str().expect("a hint").contains("never issued"));
}

#[tokio::test]
async fn a_token_names_its_user_by_user_id_or_sub() {
    let fixture = Fixture::start().await;
    for user in ["u-1", "17"] {
        fixture.admin_token(user).await;
    }
    for (claims, user) in [
        (json!({"sub": "u-1"}), "u-1"),
        (json!({"user_id": "u-1", "sub": "somebody"}), "u-1"),
        (json!({"user_id": null, "sub": "u-1", "aud": "app", "iss": "app", "nbf": now() - 5}), "u-1"),
        (json!({"user_id": 17}), "17"),
        (json!({"user_id": "u-1", "exp": (now() + 60) as f64 + 0.5}), "u-1"),
    ] {
        let session = fixture.call(Method::GET, "/api/session", &Fixture::token(claims.clone()), None).await;
        assert_eq!(session.body["user_id"], user, "{claims}");
    }
}

#[tokio::test]
async fn a_scheme_that_is_not_bearer_is_an_invalid_token() {
    let fixture = Fixture::start().await;
    for header in ["Basic YTpi", "Bearer", "bearer", &fixture.admin] {
        let request = fixture.request(Method::GET, "/api/admin/activity").header("authorization", header);
        let answer = fixture.send(request).await;
        assert_eq!((answer.status.as_u16(), answer.detail()), (401, INVALID), "{header}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let lower = fixture
        .request(Method::GET, "/api/admin/activity")
        .header("authorization", format!("bearer {}", fixture.admin));
    assert_eq!(fixture.send(lower).await.status, 200);
}

#[tokio::test]
async fn a_key_is_not_made_to_end_in_the_past() {
    let fixture = Fixture::start().await;
    let past = fixture
        .as_admin(
            Method::POST,
            "/api/admin/keys",
            Some(json!({"name": "n", "role": "viewer", "expires_at": "2020-01-01T00:00:00Z"})),
        )
        .await;
    assert_eq!((past.status.as_u16(), past.pointers()), (422, vec!["/expires_at"]));
    let future = json!({"name": "n", "role": "viewer", "expires_at": "2099-01-01T00:00:00Z"});
    let key = fixture.key(future).await;
    assert_eq!(fixture.call(Method::GET, "/api/admin/activity", &key, None).await.status, 200);
}

#[tokio::test]
async fn a_token_in_the_address_can_be_switched_off() {
    let fixture = Fixture::start_with(|config| config.query_token = Some(false)).await;
    let token = fixture.admin_token("boss").await;
    let path = format!("/api/admin/activity/stream?token={token}");
    let answer = fixture.send(fixture.request(Method::GET, &path)).await;
    assert_eq!((answer.status.as_u16(), answer.detail()), (401, REQUIRED));
}

#[tokio::test]
async fn a_server_without_the_applications_secret_keeps_one_of_its_own() {
    let fixture = Fixture::start_with(|config| config.jwt_secret_key = None).await;
    let token = fixture.admin_token("boss").await;
    let answer = fixture.call(Method::GET, "/api/session", &token, None).await;
    assert_eq!((answer.status.as_u16(), answer.detail()), (401, INVALID));
}

#[tokio::test]
async fn a_refusal_is_recorded_once_with_where_it_came_from() {
    let fixture = Fixture::start().await;
    let mut refusals = fixture.stream("action_filter=access_refused").await;
    for _ in 0..3 {
        fixture
            .send(fixture.request(Method::GET, "/api/admin/keys?x=1").header("user-agent", "scanner/1"))
            .await;
    }
    fixture.call(Method::GET, "/api/admin/activity", "garbage", None).await;
    let first = refusals.next_activity().await;
    for (name, value) in [
        ("user_id", json!("anon-refused")),
        ("endpoint", json!("/api/admin/keys")),
        ("http_method", json!("GET")),
        ("status_code", json!(401)),
        ("success", json!(false)),
        ("error_message", json!(REQUIRED)),
        ("ip_address", json!("127.0.0.1")),
        ("user_agent", json!("scanner/1")),
        ("resource_type", json!("livetrail")),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    assert_eq!(refusals.next_activity().await["error_message"], INVALID);
}
