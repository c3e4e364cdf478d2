//! Who may do what: every call with every kind of credential.

use crate::world::{Answer, JWT_SECRET, World, activity, now, sign};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};

const INVALID: &str = "Invalid token";
const REQUIRED: &str = "Authentication required";
const ADMIN: &str = "Admin access required";
const WRITER: &str = "Writer access required";

/// What a call needs.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Needs {
    Write,
    Read,
    /// Of all tenants.
    ReadEverything,
    /// Who has access, too.
    Audit,
    Administer,
}

const ALL: [Needs; 5] = [Needs::Write, Needs::Read, Needs::ReadEverything, Needs::Audit, Needs::Administer];

/// Every call that needs a credential, with a body that is right.
fn calls() -> Vec<(Method, &'static str, Option<Value>, Needs)> {
    vec![
        (Method::POST, "/api/activity", Some(activity("u-1", "a")), Needs::Write),
        (Method::PUT, "/api/users/u-1", Some(json!({"email": "ada@example.com"})), Needs::Write),
        (Method::POST, "/api/users", Some(json!([{"id": "u-1"}])), Needs::Write),
        (Method::GET, "/api/admin/activity", None, Needs::Read),
        (Method::GET, "/api/admin/activity/0198c0de-7a3b-7000-8000-000000000001", None, Needs::Read),
        (Method::GET, "/api/admin/activity/export", None, Needs::Read),
        (Method::GET, "/api/admin/activity/facets", None, Needs::Read),
        (Method::GET, "/api/admin/activity/timeline", None, Needs::Read),
        (Method::GET, "/api/admin/reports", None, Needs::Read),
        (Method::GET, "/api/admin/reports/recent_activity?user_id=u-1", None, Needs::Read),
        (Method::GET, "/api/admin/reports/failed_logins", None, Needs::Read),
        (Method::GET, "/api/admin/reports/admin_audit", None, Needs::Read),
        (Method::GET, "/api/admin/reports/endpoint_performance", None, Needs::Read),
        (Method::POST, "/api/admin/activity/stream/ticket", None, Needs::Read),
        (Method::GET, "/api/admin/activity/stream", None, Needs::Read),
        (Method::GET, "/api/admin-sessions/activity-stream", None, Needs::Read),
        (Method::GET, "/api/admin/activity/ws", None, Needs::Read),
        (Method::GET, "/api/admin-sessions/activity-ws", None, Needs::Read),
        (Method::GET, "/api/admin/catalogue", None, Needs::Read),
        (Method::GET, "/api/session", None, Needs::Read),
        (Method::GET, "/metrics", None, Needs::ReadEverything),
        (Method::GET, "/api/admin/keys", None, Needs::Audit),
        (Method::GET, "/api/admin/sessions", None, Needs::Audit),
        (Method::DELETE, "/api/admin/sessions?user_id=u-9", None, Needs::Administer),
        (Method::DELETE, "/api/admin/sessions/0198c0de-7a3b-7000-8000-000000000001", None, Needs::Administer),
        (Method::POST, "/api/admin/keys", Some(json!({"name": "n", "role": "viewer"})), Needs::Administer),
        (Method::DELETE, "/api/admin/keys/0198c0de-7a3b-7000-8000-000000000001", None, Needs::Administer),
        (Method::PUT, "/api/admin/admins/u-1", None, Needs::Administer),
        (Method::DELETE, "/api/admin/admins/u-9", None, Needs::Administer),
        (Method::POST, "/api/admin/sign-in-link", None, Needs::Administer),
    ]
}

/// The status and the detail of an answer. A stream is not read, since it does not end.
async fn outcome(
    world: &World,
    method: Method,
    path: &str,
    credential: Option<&str>,
    body: Option<Value>,
) -> (u16, String) {
    let mut request = world.request(method, path);
    if let Some(credential) = credential {
        request = request.bearer_auth(credential);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.expect("an answer");
    if response.status() == 200 && response.headers()["content-type"] == "text/event-stream" {
        return (200, String::new());
    }
    let answer = Answer::of(response).await;
    if [401, 403].contains(&answer.status.as_u16()) {
        answer.is_problem(answer.status.as_u16());
    }
    (answer.status.as_u16(), answer.detail().to_owned())
}

/// Everything that is a credential of nobody, and what is said about it.
async fn bad_credentials(world: &World) -> Vec<(&'static str, Option<String>, u16, &'static str)> {
    world.admin_token("boss").await;
    let revoked = world.key_with_id(json!({"role": "admin", "name": "revoked"})).await;
    world.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", revoked.id), None).await;
    let mut claims = json!({"user_id": "boss", "exp": now() + 3_600});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = format!("{}.{}.", part(&json!({"alg": "none", "typ": "JWT"})), part(&claims));
    let good = World::token(claims.clone());
    let stripped = format!("{}.", good.rsplit_once('.').expect("a signature").0);
    let without_exp = without_exp(&claims);
    claims["nbf"] = json!(now() + 600);
    let link = world.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    let link =
        link.body["link"].as_str().expect("a link").split_once("#token=").expect("a token").1.to_owned();
    let mut other_key = world.admin.clone();
    other_key.replace_range(40..41, if &other_key[40..41] == "A" { "B" } else { "A" });
    vec![
        ("none", None, 401, REQUIRED),
        ("garbage", Some("garbage".into()), 401, INVALID),
        ("an empty one", Some(String::new()), 401, INVALID),
        ("a key that is not one", Some("lt_abc".into()), 401, INVALID),
        ("a key with another secret", Some(other_key), 401, INVALID),
        ("a revoked key", Some(revoked.secret), 401, INVALID),
        ("the token of a sign-in link", Some(link), 401, INVALID),
        ("an expired token", Some(World::token(json!({"user_id": "boss", "exp": now() - 1}))), 401, INVALID),
        ("a token of another secret", Some(sign(json!({"user_id": "boss"}), &JWT_SECRET[1..])), 401, INVALID),
        ("an unsigned token", Some(unsigned), 401, INVALID),
        ("a token without its signature", Some(stripped), 401, INVALID),
        ("a token without exp", Some(without_exp), 401, INVALID),
        ("a token that is not valid yet", Some(World::token(claims)), 401, INVALID),
        (
            "a token whose exp is text",
            Some(World::token(json!({"user_id": "boss", "exp": "never"}))),
            401,
            INVALID,
        ),
        ("a token of nobody", Some(World::token(json!({}))), 401, REQUIRED),
        ("an anonymous token", Some(World::token(json!({"user_id": "anon-7"}))), 401, REQUIRED),
        ("a token of somebody else", Some(World::token(json!({"user_id": "u-2"}))), 403, ADMIN),
    ]
}

fn without_exp(claims: &Value) -> String {
    let claims = json!({"user_id": claims["user_id"]});
    let key = jsonwebtoken::EncodingKey::from_secret(JWT_SECRET.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).expect("a token")
}

#[tokio::test]
async fn what_is_no_credential_opens_nothing() {
    let world = World::start().await;
    for (what, credential, status, detail) in bad_credentials(&world).await {
        for (method, path, body, _) in calls() {
            let found = outcome(&world, method.clone(), path, credential.as_deref(), body).await;
            assert_eq!(found, (status, detail.to_owned()), "{what}: {method} {path}");
        }
    }
}

#[tokio::test]
async fn each_role_may_do_its_own_and_nothing_else() {
    let world = World::start().await;
    let key = |role: &'static str| world.key(json!({"role": role, "name": role}));
    let bound = world.key(json!({"role": "admin", "name": "bound", "tenant_id": "acme"})).await;
    let bound_auditor = world.key(json!({"role": "auditor", "name": "bound", "tenant_id": "acme"})).await;
    let credentials = [
        ("writer", key("writer").await, &[Needs::Write][..]),
        ("viewer", key("viewer").await, &[Needs::Read, Needs::ReadEverything]),
        ("auditor", key("auditor").await, &[Needs::Read, Needs::ReadEverything, Needs::Audit]),
        ("an auditor bound to a tenant", bound_auditor, &[Needs::Read]),
        ("admin", key("admin").await, &ALL),
        ("an admin's token", world.admin_token("boss").await, &ALL),
        ("an admin bound to a tenant", bound, &[Needs::Write, Needs::Read]),
    ];
    for (who, credential, allowed) in &credentials {
        for (method, path, body, needs) in calls() {
            let (status, detail) = outcome(&world, method.clone(), path, Some(credential), body).await;
            if allowed.contains(&needs) {
                // A WebSocket is let in as far as to its handshake.
                assert!(
                    [200, 201, 204, 404, 426].contains(&status),
                    "{who}: {method} {path}: {status} {detail}"
                );
            } else {
                let wanted = if needs == Needs::Write { WRITER } else { ADMIN };
                assert_eq!((status, detail.as_str()), (403, wanted), "{who}: {method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn a_mistyped_key_is_told_from_one_that_was_revoked() {
    let world = World::start().await;
    let revoked = world.key_with_id(json!({"role": "admin", "name": "revoked"})).await;
    world.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", revoked.id), None).await;
    let ended = world.call(Method::GET, "/api/session", &revoked.secret, None).await;
    assert_eq!((ended.status.as_u16(), ended.detail(), ended.pointers()), (401, INVALID, vec![]));
    let mistyped = &revoked.secret[..revoked.secret.len() - 1];
    let mistyped = world.call(Method::GET, "/api/session", mistyped, None).await;
    assert_eq!((mistyped.status.as_u16(), mistyped.detail()), (401, INVALID));
    assert!(mistyped.body["errors"][0]["detail"].as_str().expect("a hint").contains("never issued"));
}

#[tokio::test]
async fn a_token_names_its_user_by_user_id_or_sub() {
    let world = World::start().await;
    for user in ["u-1", "17"] {
        world.admin_token(user).await;
    }
    for (claims, user) in [
        (json!({"sub": "u-1"}), "u-1"),
        (json!({"user_id": "u-1", "sub": "somebody"}), "u-1"),
        (json!({"user_id": null, "sub": "u-1", "aud": "app", "iss": "app", "nbf": now() - 5}), "u-1"),
        (json!({"user_id": 17}), "17"),
        (json!({"user_id": "u-1", "exp": (now() + 60) as f64 + 0.5}), "u-1"),
    ] {
        let session = world.call(Method::GET, "/api/session", &World::token(claims.clone()), None).await;
        assert_eq!(session.body["user_id"], user, "{claims}");
    }
}

#[tokio::test]
async fn a_scheme_that_is_not_bearer_is_an_invalid_token() {
    let world = World::start().await;
    for header in ["Basic YTpi", "Bearer", "bearer", &world.admin] {
        let request = world.request(Method::GET, "/api/admin/activity").header("authorization", header);
        let answer = world.send(request).await;
        assert_eq!((answer.status.as_u16(), answer.detail()), (401, INVALID), "{header}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let lower = world
        .request(Method::GET, "/api/admin/activity")
        .header("authorization", format!("bearer {}", world.admin));
    assert_eq!(world.send(lower).await.status, 200);
}

#[tokio::test]
async fn a_key_is_not_made_to_end_in_the_past() {
    let world = World::start().await;
    let past = world
        .as_admin(
            Method::POST,
            "/api/admin/keys",
            Some(json!({"name": "n", "role": "viewer", "expires_at": "2020-01-01T00:00:00Z"})),
        )
        .await;
    assert_eq!((past.status.as_u16(), past.pointers()), (422, vec!["/expires_at"]));
    let future = json!({"name": "n", "role": "viewer", "expires_at": "2099-01-01T00:00:00Z"});
    let key = world.key(future).await;
    assert_eq!(world.call(Method::GET, "/api/admin/activity", &key, None).await.status, 200);
}

#[tokio::test]
async fn a_token_in_the_address_is_taken_by_streams_and_by_nothing_else() {
    let world = World::start().await;
    let token = world.admin_token("boss").await;
    for (method, path, body, needs) in calls() {
        let (status, detail) =
            outcome(&world, method.clone(), &format!("{path}?token={token}"), None, body).await;
        if path.ends_with("stream") {
            assert_eq!((status, needs), (200, Needs::Read), "{path}");
        } else if path.ends_with("ws") {
            assert_eq!((status, needs), (426, Needs::Read), "{path}");
        } else {
            assert_eq!((status, detail.as_str()), (401, REQUIRED), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_bad_token_in_the_address_of_a_stream_is_refused_as_everywhere() {
    let world = World::start().await;
    for (token, status, detail) in [
        ("garbage".to_owned(), 401, INVALID),
        (World::token(json!({"user_id": "anon-1"})), 401, REQUIRED),
        (World::token(json!({"user_id": "u-2"})), 403, ADMIN),
    ] {
        let path = format!("/api/admin/activity/stream?token={token}");
        assert_eq!(outcome(&world, Method::GET, &path, None, None).await, (status, detail.to_owned()));
    }
}

#[tokio::test]
async fn a_token_in_the_address_can_be_switched_off() {
    let world = World::start_with(|config| config.query_token = Some(false)).await;
    let token = world.admin_token("boss").await;
    let path = format!("/api/admin/activity/stream?token={token}");
    assert_eq!(outcome(&world, Method::GET, &path, None, None).await, (401, REQUIRED.to_owned()));
}

#[tokio::test]
async fn a_server_without_the_applications_secret_keeps_one_of_its_own() {
    let world = World::start_with(|config| config.jwt_secret_key = None).await;
    let token = world.admin_token("boss").await;
    assert_eq!(
        outcome(&world, Method::GET, "/api/session", Some(&token), None).await,
        (401, INVALID.to_owned())
    );
}

#[tokio::test]
async fn a_refusal_is_recorded_once_with_where_it_came_from() {
    let world = World::start().await;
    let mut refusals = world.stream("action_filter=access_refused").await;
    for _ in 0..3 {
        world.send(world.request(Method::GET, "/api/admin/keys?x=1").header("user-agent", "scanner/1")).await;
    }
    world.call(Method::GET, "/api/admin/activity", "garbage", None).await;
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
