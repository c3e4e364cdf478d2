//! Tokens that an issuer signs with a private key.

use crate::{
    fixture::{Answer, Fixture, now, sign},
    issuer::{Issuer, SigningKey, encoded, json_of, message},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;

/// A server that believes the tokens of an issuer, whose keys it has fetched.
async fn world_of(issuer: &Issuer) -> Fixture {
    let before = issuer.fetches();
    let url = issuer.jwks_url();
    let fixture = Fixture::start_with(|config| config.jwks_url = Some(url)).await;
    issuer.has_been_asked(before + 1).await;
    make_admin(&fixture).await;
    fixture
}

async fn make_admin(fixture: &Fixture) {
    assert_eq!(fixture.as_admin(Method::PUT, "/api/admin/admins/boss", None).await.status, 204);
}

fn boss() -> Value {
    json!({"sub": "boss", "exp": now() + 600})
}

async fn session(fixture: &Fixture, token: &str) -> Answer {
    fixture.call(Method::GET, "/api/session", token, None).await
}

async fn is_believed(fixture: &Fixture, token: &str) -> bool {
    let answer = session(fixture, token).await;
    if answer.status == 200 {
        assert_eq!(answer.body["user_id"], "boss");
        return true;
    }
    answer.is_problem(401);
    assert_eq!(answer.detail(), "Invalid token");
    false
}

#[tokio::test]
async fn tokens_of_each_algorithm_are_believed() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        let key = issuer.key(algorithm);
        assert!(is_believed(&fixture, &key.token(&boss())).await, "{algorithm}");
        let nameless = key.token_with(&json!({"alg": algorithm}), &boss());
        assert!(is_believed(&fixture, &nameless).await, "{algorithm} without a kid");
        let of_access = key.token_with(&json!({"alg": algorithm, "typ": "at+JWT", "kid": key.id}), &boss());
        assert!(is_believed(&fixture, &of_access).await, "{algorithm}, an access token");
    }
}

#[tokio::test]
async fn a_token_does_not_choose_its_algorithm_or_key() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let [rsa, ec, ed] = ["RS256", "ES256", "EdDSA"].map(|algorithm| issuer.key(algorithm));
    let unsigned = format!("{}.", message(&json!({"alg": "none"}), &boss()));
    let forger = SigningKey::new("RS256", "RS256");
    let embedded = json!({"alg": "RS256", "jwk": forger.jwk(), "jku": "http://127.0.0.1:1/jwks"});
    let mut bad = vec![
        unsigned,
        sign(boss(), crate::fixture::JWT_SECRET),
        forger.token(&boss()),
        forger.token_with(&embedded, &boss()),
        rsa.token_with(&json!({"alg": "ES256", "kid": "RS256"}), &boss()),
        ec.token_with(&json!({"alg": "RS256", "kid": "ES256"}), &boss()),
        ed.token_with(&json!({"alg": "ES256", "kid": "EdDSA"}), &boss()),
        ec.token_with(&json!({"alg": "ES256", "kid": "RS256"}), &boss()),
        rsa.token_with(&json!({"alg": "PS256", "kid": "RS256"}), &boss()),
        rsa.token_with(&json!({"alg": ["RS256"], "kid": "RS256"}), &boss()),
    ];
    for key in [&rsa, &ec, &ed] {
        // The public key, taken for the secret of HS256.
        let (header, public) = (json!({"alg": "HS256", "kid": key.id}), key.public_bytes());
        let jwk = key.jwk().to_string().into_bytes();
        for secret in [public, jwk] {
            let message = message(&header, &boss());
            let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &secret);
            let signature = aws_lc_rs::hmac::sign(&key, message.as_bytes());
            bad.push(format!("{message}.{}", encoded(signature.as_ref())));
        }
    }
    for token in bad.iter().take(9) {
        assert!(!is_believed(&fixture, token).await, "{token}");
    }
    let fixture = world_of(&issuer).await;
    for token in bad.iter().skip(9) {
        assert!(!is_believed(&fixture, token).await, "{token}");
    }
}

#[tokio::test]
async fn a_set_gives_no_keys_for_other_purposes_or_algorithms() {
    for (change, value) in [
        ("use", json!("enc")),
        ("alg", json!("RS512")),
        ("key_ops", json!(["encrypt"])),
        ("kty", json!("oct")),
        ("crv", json!("P-521")),
    ] {
        let (good, changed) = (SigningKey::new("good", "EdDSA"), SigningKey::new("changed", "RS256"));
        let mut jwk = changed.jwk();
        jwk[change] = value;
        let url = serve_once_and_again(json!({"keys": [jwk, good.jwk()], "other": {"deep": [[[]]]}})).await;
        let fixture = Fixture::start_with(|config| config.jwks_url = Some(url)).await;
        make_admin(&fixture).await;
        assert!(is_believed(&fixture, &good.token(&boss())).await, "{change}: the other key of the set");
        assert!(!is_believed(&fixture, &changed.token(&boss())).await, "{change}");
    }
}

/// The address of a set of keys that is always the same.
async fn serve_once_and_again(set: Value) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/keys", listener.local_addr().expect("an address"));
    let router = axum::Router::new().route(
        "/keys",
        axum::routing::get(move || {
            let answer = json_of(&set);
            async { answer }
        }),
    );
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn tokens_with_unknown_keys_cause_one_fetch_together() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let fetched = issuer.fetches();
    let forger = SigningKey::new("unknown", "EdDSA");
    let tokens: Vec<String> = (0..8)
        .map(|n| forger.token_with(&json!({"alg": "EdDSA", "kid": format!("unknown {n}")}), &boss()))
        .collect();
    let asked = tokens.iter().map(|token| is_believed(&fixture, token));
    assert_eq!(futures_util::future::join_all(asked).await, vec![false; 8]);
    assert_eq!(issuer.fetches(), fetched + 1);
    assert!(is_believed(&fixture, &issuer.key("EdDSA").token(&boss())).await, "known ones go on");
}

#[tokio::test]
async fn a_new_key_is_believed_at_once_and_a_withdrawn_one_no_more() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let (old, new) = (issuer.key("ES256"), Arc::new(SigningKey::new("new", "ES256")));
    assert!(is_believed(&fixture, &old.token(&boss())).await);
    issuer.rotate(vec![Arc::clone(&new)]);
    assert!(is_believed(&fixture, &new.token(&boss())).await);
    assert!(!is_believed(&fixture, &old.token(&boss())).await);
}

#[tokio::test]
async fn an_issuer_that_is_away_takes_nothing_away() {
    let mut issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    issuer.stop().await;
    let unknown = SigningKey::new("unknown", "EdDSA");
    assert!(!is_believed(&fixture, &unknown.token(&boss())).await);
    assert!(is_believed(&fixture, &issuer.key("RS256").token(&boss())).await);
    let started_without = Fixture::start_with(|config| config.jwks_url = Some(issuer.jwks_url())).await;
    assert!(!is_believed(&started_without, &issuer.key("RS256").token(&boss())).await);
    assert_eq!(started_without.list("").await.status, 200, "keys work without it");
}

#[tokio::test]
async fn claims_of_an_issuer_give_a_role_and_a_tenant() {
    let issuer = Issuer::start().await;
    let url = issuer.jwks_url();
    let fixture = Fixture::start_with(|config| {
        config.jwks_url = Some(url);
        config.jwt_role_claim = Some("roles".into());
        config.jwt_tenant_claim = Some("https://shop.example/tenant".into());
    })
    .await;
    let key = issuer.key("RS256");
    let claims = json!({
        "sub": "eve", "exp": now() + 600, "roles": ["other", "viewer"], "https://shop.example/tenant": "acme"
    });
    let token = key.token(&claims);
    let found = session(&fixture, &token).await;
    assert_eq!((&found.body["user_id"], &found.body["role"]), (&json!("eve"), &json!("viewer")), "{found:?}");
    for tenant in ["acme", "other"] {
        let stored = json!({"user_id": "u", "action_type": "a", "tenant_id": tenant});
        assert_eq!(fixture.post(stored).await.status, 201);
    }
    let list = fixture.call(Method::GET, "/api/admin/activity?resource_type=!livetrail", &token, None).await;
    assert_eq!(list.each("tenant_id"), ["acme"]);
    let other = fixture.call(Method::GET, "/api/admin/activity?tenant_id=other", &token, None).await;
    other.is_problem(403);
}
