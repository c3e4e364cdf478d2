//! A small issuer of OpenID Connect on a port of its own, with discovery and keys. Its authorization endpoint signs
//! every user in at once. Its token endpoint checks what a real one checks.

mod key;

pub(crate) use key::{SigningKey, encoded, message};

use crate::fixture::now;
use crate::until::until;
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{net::TcpListener, task::JoinHandle};

pub(crate) const CLIENT_ID: &str = "livetrail";
pub(crate) const CLIENT_SECRET: &str = "the client's own secret: /+&";

pub(crate) struct Issuer {
    pub(crate) url: String,
    inner: Arc<Inner>,
    serving: JoinHandle<()>,
}

struct Inner {
    url: String,
    keys: Mutex<Vec<Arc<SigningKey>>>,
    fetches: AtomicUsize,
    exchanges: AtomicUsize,
    /// What is asked for by code; a code works once.
    codes: Mutex<HashMap<String, HashMap<String, String>>>,
    /// What id tokens say beside, or instead of, what they have to.
    claims: Mutex<Value>,
}

impl Issuer {
    /// An issuer with one key for each algorithm.
    pub(crate) async fn start() -> Self {
        let keys =
            ["RS256", "ES256", "EdDSA"].map(|algorithm| Arc::new(SigningKey::new(algorithm, algorithm)));
        Self::start_with(keys.to_vec()).await
    }

    pub(crate) async fn start_with(keys: Vec<Arc<SigningKey>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let inner = Arc::new(Inner {
            url: url.clone(),
            keys: Mutex::new(keys),
            fetches: AtomicUsize::new(0),
            exchanges: AtomicUsize::new(0),
            codes: Mutex::default(),
            claims: Mutex::new(json!({})),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&inner));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { url, inner, serving }
    }

    pub(crate) fn jwks_url(&self) -> String {
        format!("{}/jwks", self.url)
    }

    /// The key of an algorithm.
    pub(crate) fn key(&self, algorithm: &str) -> Arc<SigningKey> {
        let keys = self.inner.keys.lock().expect("no panic");
        Arc::clone(keys.iter().find(|key| key.algorithm() == algorithm).expect("a key"))
    }

    /// Signs with other keys from now on.
    pub(crate) fn rotate(&self, keys: Vec<Arc<SigningKey>>) {
        *self.inner.keys.lock().expect("no panic") = keys;
    }

    /// What id tokens say from now on, beside what they have to; null leaves a claim out.
    pub(crate) fn says(&self, claims: Value) {
        *self.inner.claims.lock().expect("no panic") = claims;
    }

    /// How often the keys were fetched.
    pub(crate) fn fetches(&self) -> usize {
        self.inner.fetches.load(Ordering::SeqCst)
    }

    /// How often a code was to be exchanged.
    pub(crate) fn exchanges(&self) -> usize {
        self.inner.exchanges.load(Ordering::SeqCst)
    }

    /// Waits until the keys were fetched that often.
    pub(crate) async fn has_been_asked(&self, times: usize) {
        until(async || self.fetches() >= times).await;
    }

    /// Goes away: nothing listens on its port any more.
    pub(crate) async fn stop(&mut self) {
        self.serving.abort();
        let ended = (&mut self.serving).await;
        assert!(ended.expect_err("it was served until now").is_cancelled());
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// An answer in JSON.
pub(crate) fn json_of(body: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

async fn discovery(State(issuer): State<Arc<Inner>>) -> Response {
    let url = &issuer.url;
    json_of(&json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize?tenant=1"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn jwks(State(issuer): State<Arc<Inner>>) -> Response {
    let keys: Vec<Value> = issuer.keys.lock().expect("no panic").iter().map(|key| key.jwk()).collect();
    issuer.fetches.fetch_add(1, Ordering::SeqCst);
    json_of(&json!({"keys": keys}))
}

/// Signs the browser in and sends it back with a code.
async fn authorize(
    State(issuer): State<Arc<Inner>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let is_right = asked["response_type"] == "code"
        && asked["client_id"] == CLIENT_ID
        && asked["code_challenge_method"] == "S256"
        && asked["scope"].split(' ').any(|scope| scope == "openid")
        && asked["tenant"] == "1";
    if !is_right {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let mut codes = issuer.codes.lock().expect("no panic");
    let code = format!("code-{}", codes.len());
    let mut back = reqwest::Url::parse(&asked["redirect_uri"]).expect("an address");
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &asked["state"])
        .append_pair("iss", &issuer.url);
    codes.insert(code, asked);
    (StatusCode::FOUND, [(header::LOCATION, back.as_str())]).into_response()
}

async fn token(State(issuer): State<Arc<Inner>>, headers: HeaderMap, body: String) -> Response {
    issuer.exchanges.fetch_add(1, Ordering::SeqCst);
    let sent = reqwest::Url::parse(&format!("http://x?{body}")).expect("a form");
    let sent: HashMap<String, String> = sent.query_pairs().into_owned().collect();
    // RFC 6749, section 2.3.1: name and secret are form-encoded before they are joined.
    let secret = reqwest::Url::parse_with_params("http://x", [("s", CLIENT_SECRET)]).expect("an address");
    let secret = secret.query().and_then(|query| query.strip_prefix("s=")).expect("a secret").to_owned();
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{secret}")));
    if headers.get(header::AUTHORIZATION).is_none_or(|given| given != expected.as_str()) {
        return (StatusCode::UNAUTHORIZED, json_of(&json!({"error": "invalid_client"}))).into_response();
    }
    let asked = issuer.codes.lock().expect("no panic").get_mut(&sent["code"]).map(std::mem::take);
    let grant = asked.filter(|asked| {
        asked.get("redirect_uri") == sent.get("redirect_uri")
            && asked.get("code_challenge") == Some(&encoded(&Sha256::digest(&sent["code_verifier"])))
            && sent["grant_type"] == "authorization_code"
    });
    let Some(grant) = grant else {
        return (StatusCode::BAD_REQUEST, json_of(&json!({"error": "invalid_grant"}))).into_response();
    };
    let mut claims = json!({
        "iss": issuer.url, "aud": CLIENT_ID, "sub": "4711", "nonce": grant["nonce"], "iat": now(),
        "exp": now() + 300, "groups": ["staff"], "email": "ada@example.com", "name": "Ada Lovelace",
    });
    let fields = claims.as_object_mut().expect("an object");
    fields.extend(issuer.claims.lock().expect("no panic").as_object().expect("an object").clone());
    fields.retain(|_, value| !value.is_null());
    let key = Arc::clone(&issuer.keys.lock().expect("no panic")[0]);
    json_of(&json!({"access_token": "at", "token_type": "Bearer", "id_token": key.token(&claims)}))
        .into_response()
}
