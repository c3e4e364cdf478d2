//! What is believed of the application's tokens, beside their signature.

use crate::fixture::{Fixture, JWT_SECRET, activity, now, sign};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use livetrail_server::config::RawConfig;
use reqwest::Method;
use serde_json::{Value, json};

/// The status, and the role or the detail.
async fn found(fixture: &Fixture, token: &str) -> (u16, String) {
    let answer = fixture.call(Method::GET, "/api/session", token, None).await;
    let text =
        if answer.status == 200 { answer.body["role"].as_str().unwrap_or_default() } else { answer.detail() };
    (answer.status.as_u16(), text.to_owned())
}

fn invalid() -> (u16, String) {
    (401, "Invalid token".into())
}

fn is(status: u16, text: &str) -> (u16, String) {
    (status, text.to_owned())
}

async fn world_with_boss(change: impl FnOnce(&mut RawConfig)) -> Fixture {
    let fixture = Fixture::start_with(change).await;
    fixture.admin_token("boss").await;
    fixture
}

/// A token with this header, signed by the application's secret.
fn with_header(header: &Value, claims: &Value) -> String {
    let message = crate::issuer::message(header, claims);
    let key = EncodingKey::from_secret(JWT_SECRET.as_bytes());
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).expect("a signature");
    format!("{message}.{signature}")
}

fn boss() -> Value {
    json!({"user_id": "boss", "exp": now() + 600})
}

#[tokio::test]
async fn a_header_that_asks_for_more_than_is_understood_is_refused() {
    let fixture = world_with_boss(|_| {}).await;
    for header in [
        json!({"alg": "HS256"}),
        json!({"alg": "HS256", "typ": "jwt", "kid": "any", "other": {"$serde_json::private::RawValue": "["}}),
        json!({"alg": "HS256", "typ": "application/at+jwt"}),
    ] {
        assert_eq!(found(&fixture, &with_header(&header, &boss())).await, is(200, "admin"), "{header}");
    }
    for header in [
        json!({"alg": "HS256", "crit": ["b64"], "b64": true}),
        json!({"alg": "HS256", "crit": []}),
        json!({"alg": "HS256", "crit": null}),
        json!({"alg": "HS256", "typ": "JWE"}),
        json!({"alg": "HS256", "typ": "logout+jwt"}),
        json!({"alg": "HS512"}),
        json!({"alg": "hs256"}),
        json!({"typ": "JWT"}),
        json!(["HS256"]),
    ] {
        assert_eq!(found(&fixture, &with_header(&header, &boss())).await, invalid(), "{header}");
    }
}

#[tokio::test]
async fn a_token_of_another_hash_is_refused_although_its_secret_is_right() {
    let fixture = world_with_boss(|_| {}).await;
    let key = EncodingKey::from_secret(JWT_SECRET.as_bytes());
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = jsonwebtoken::encode(&Header::new(algorithm), &boss(), &key).expect("a token");
        assert_eq!(found(&fixture, &token).await, invalid(), "{algorithm:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_too_long_or_too_deep_or_says_a_claim_twice_is_refused() {
    let fixture = world_with_boss(|_| {}).await;
    let padded = |bytes: usize| json!({"user_id": "boss", "exp": now() + 600, "padding": "x".repeat(bytes)});
    assert_eq!(found(&fixture, &sign(padded(5_900), JWT_SECRET)).await, is(200, "admin"));
    assert_eq!(found(&fixture, &sign(padded(6_200), JWT_SECRET)).await, invalid());
    let raw = |claims: &str| {
        let message = format!(
            "{}.{}",
            crate::issuer::encoded(br#"{"alg":"HS256"}"#),
            crate::issuer::encoded(claims.as_bytes())
        );
        let key = EncodingKey::from_secret(JWT_SECRET.as_bytes());
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256);
        format!("{message}.{}", signature.expect("a signature"))
    };
    let end = now() + 600;
    let deep = |around: usize| format!("{}{}", "[".repeat(around), "]".repeat(around));
    for name in ["x", "aud"] {
        let claims = format!(r#"{{"user_id":"boss","exp":{end},"{name}":{}}}"#, deep(2_500));
        assert_eq!(
            found(&fixture, &raw(&claims)).await,
            is(200, "admin"),
            "{name}: what is not asked for is skipped"
        );
    }
    for claims in [
        format!(r#"{{"user_id":{},"exp":{end}}}"#, deep(2_500)),
        format!(r#"{{"user_id":"boss","user_id":"eve","exp":{end}}}"#),
        format!(r#"{{"user_id":"boss","exp":{end}}} {{}}"#),
        format!(r#"{{"user_id":"boss","exp":{end}"#),
        format!(r#"["boss",{end}]"#),
    ] {
        let (status, _) = found(&fixture, &raw(&claims)).await;
        assert_eq!(status, 401, "{claims:.80}");
    }
    assert_eq!(fixture.list("").await.status, 200, "the server is still there");
}

#[tokio::test]
async fn a_token_without_exp_is_believed_only_where_the_configuration_says_so() {
    let claims = json!({"user_id": "boss"});
    let token = with_header(&json!({"alg": "HS256"}), &claims);
    let strict = world_with_boss(|_| {}).await;
    assert_eq!(found(&strict, &token).await, invalid());
    let lenient = world_with_boss(|config| config.jwt_allow_no_exp = Some(true)).await;
    assert_eq!(found(&lenient, &token).await, is(200, "admin"));
    let ended = with_header(&json!({"alg": "HS256"}), &json!({"user_id": "boss", "exp": now() - 1}));
    assert_eq!(found(&lenient, &ended).await, invalid());
    let null = with_header(&json!({"alg": "HS256"}), &json!({"user_id": "boss", "exp": null}));
    assert_eq!(found(&lenient, &null).await, invalid());
}

#[tokio::test]
async fn the_secret_before_this_one_is_still_believed() {
    let previous = "the secret that was used until yesterday";
    let fixture = world_with_boss(|config| config.jwt_secret_key_previous = Some(previous.into())).await;
    for (secret, expected) in [
        (JWT_SECRET, is(200, "admin")),
        (previous, is(200, "admin")),
        ("the secret that was used before that one", invalid()),
    ] {
        assert_eq!(found(&fixture, &sign(boss(), secret)).await, expected, "{secret}");
    }
}

#[tokio::test]
async fn issuer_and_audience_are_checked_where_they_are_configured() {
    let fixture = world_with_boss(|config| {
        config.jwt_issuer = vec!["https://login.example".into(), "old".into()];
        config.jwt_audience = vec!["log".into()];
    })
    .await;
    for (iss, aud, is_right) in [
        (json!("https://login.example"), json!("log"), true),
        (json!("old"), json!(["shop", "log"]), true),
        (json!("https://login.example/"), json!("log"), false),
        (json!(["old"]), json!("log"), false),
        (json!(null), json!("log"), false),
        (json!("old"), json!("shop"), false),
        (json!("old"), json!([]), false),
        (json!("old"), json!({"log": true}), false),
        (json!("old"), json!(null), false),
    ] {
        let claims = json!({"user_id": "boss", "iss": iss, "aud": aud});
        let expected = if is_right { is(200, "admin") } else { invalid() };
        assert_eq!(found(&fixture, &sign(claims.clone(), JWT_SECRET)).await, expected, "{claims}");
    }
}

#[tokio::test]
async fn a_claim_gives_a_role_without_a_row_in_the_list_of_admins() {
    let fixture = Fixture::start_with(|config| {
        config.jwt_role_claim = Some("role".into());
        config.jwt_admin_claim = Some("groups=log-admins".into());
    })
    .await;
    for (claims, expected) in [
        (json!({"role": "viewer"}), is(200, "viewer")),
        (json!({"role": "admin"}), is(200, "admin")),
        (json!({"role": ["viewer", "admin"]}), is(200, "admin")),
        (json!({"role": "viewer", "groups": ["log-admins"]}), is(200, "admin")),
        (json!({"groups": "log-admins"}), is(200, "admin")),
        (json!({"role": "writer"}), is(403, "Admin access required")),
        (json!({"role": "Admin"}), is(403, "Admin access required")),
        (json!({"role": true, "groups": {"log-admins": true}}), is(403, "Admin access required")),
        (json!({"groups": "log-admins,other"}), is(403, "Admin access required")),
        (json!({}), is(403, "Admin access required")),
    ] {
        let mut claims = claims;
        claims["user_id"] = "eve".into();
        assert_eq!(found(&fixture, &sign(claims.clone(), JWT_SECRET)).await, expected, "{claims}");
    }
    let unnamed = sign(json!({"role": "admin"}), JWT_SECRET);
    assert_eq!(found(&fixture, &unnamed).await, is(401, "Authentication required"));
    let anonymous = sign(json!({"role": "admin", "sub": "anon-1"}), JWT_SECRET);
    assert_eq!(found(&fixture, &anonymous).await, is(401, "Authentication required"));
}

#[tokio::test]
async fn a_claim_that_is_true_makes_an_admin() {
    let fixture = Fixture::start_with(|config| config.jwt_admin_claim = Some("is_superuser".into())).await;
    for (value, expected) in [
        (json!(true), is(200, "admin")),
        (json!("true"), is(403, "Admin access required")),
        (json!(1), is(403, "Admin access required")),
        (json!(false), is(403, "Admin access required")),
    ] {
        let token = sign(json!({"user_id": "eve", "is_superuser": value}), JWT_SECRET);
        assert_eq!(found(&fixture, &token).await, expected, "{value}");
    }
}

#[tokio::test]
async fn a_claim_binds_an_admin_to_a_tenant() {
    let fixture = world_with_boss(|config| config.jwt_tenant_claim = Some("org".into())).await;
    for tenant in ["acme", "17"] {
        let mut stored = activity("u", "a");
        stored["tenant_id"] = tenant.into();
        assert_eq!(fixture.post(stored).await.status, 201);
    }
    let path = "/api/admin/activity?resource_type=!livetrail";
    for (org, seen) in [(json!("acme"), "acme"), (json!(17), "17")] {
        let token = sign(json!({"user_id": "boss", "org": org}), JWT_SECRET);
        let list = fixture.call(Method::GET, path, &token, None).await;
        assert_eq!(list.each("tenant_id"), [seen]);
        fixture.call(Method::GET, "/api/admin/keys", &token, None).await.is_problem(403);
    }
    let unbound = sign(json!({"user_id": "boss"}), JWT_SECRET);
    assert_eq!(fixture.call(Method::GET, path, &unbound, None).await.each("tenant_id").len(), 2);
    for org in [json!(null), json!(""), json!(["acme"]), json!({"id": "acme"}), json!(true), json!("a\u{0}b")]
    {
        let token = sign(json!({"user_id": "boss", "org": org}), JWT_SECRET);
        assert_eq!(found(&fixture, &token).await, invalid(), "{org}");
    }
}

#[tokio::test]
async fn a_user_that_no_row_can_name_is_refused() {
    let fixture = Fixture::start_with(|config| config.jwt_role_claim = Some("role".into())).await;
    for (user, expected) in [
        ("é".repeat(255), is(200, "viewer")),
        ("é".repeat(256), invalid()),
        ("a\u{0}b".into(), invalid()),
        ("a\nb".into(), invalid()),
    ] {
        let token = sign(json!({"user_id": user, "role": "viewer"}), JWT_SECRET);
        assert_eq!(found(&fixture, &token).await, expected, "{user:?}");
    }
}

#[tokio::test]
async fn an_admin_of_one_tenant_is_none_in_another_one() {
    let fixture = Fixture::start_with(|config| config.jwt_tenant_claim = Some("org".into())).await;
    let path = "/api/admin/admins/alice?tenant_id=acme";
    assert_eq!(fixture.as_admin(Method::PUT, path, None).await.status, 204);
    let status = async |org: Option<&str>| {
        let token = Fixture::token(json!({"user_id": "alice", "org": org.unwrap_or("none")}));
        let token = if org.is_some() { token } else { Fixture::token(json!({"user_id": "alice"})) };
        fixture.call(Method::GET, "/api/session", &token, None).await.status.as_u16()
    };
    assert_eq!(
        (status(Some("acme")).await, status(Some("globex")).await, status(None).await),
        (200, 403, 403)
    );
    fixture.as_admin(Method::DELETE, "/api/admin/admins/alice", None).await.is_problem(404);
    fixture.as_admin(Method::PUT, "/api/admin/admins/alice?tenant_id=", None).await.is_problem(422);
    assert_eq!(fixture.as_admin(Method::DELETE, path, None).await.status, 204);
    assert_eq!(status(Some("acme")).await, 403);
}
