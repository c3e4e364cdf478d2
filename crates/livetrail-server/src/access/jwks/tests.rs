//! How often an issuer is asked, by a clock that stands still. The acceptance of tokens is tested over HTTP.

use super::*;
use crate::{environment::Manual, until::until};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::{Router, routing::get};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::{net::TcpListener, task::JoinHandle};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// An issuer, and the keys of it.
struct Issuer {
    jwks: Arc<Jwks>,
    clock: Arc<Manual>,
    pair: Arc<Ed25519KeyPair>,
    fetches: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Issuer {
    /// Publishes its key under the name `key`, and the keys are fetched.
    async fn start() -> Self {
        let pair = Arc::new(Ed25519KeyPair::generate().expect("a key"));
        let (fetches, published) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&pair));
        let counted = Arc::clone(&fetches);
        let answer = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let x = URL_SAFE_NO_PAD.encode(published.public_key().as_ref());
            async move { json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "key", "x": x}]}).to_string() }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let router = Router::new().route("/", get(answer));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        let clock = Arc::new(Manual::new());
        let client = fetch::client().expect("a client");
        let jwks = Jwks::start(url.parse().expect("a URL"), client, clock.clone());
        let issuer = Self { jwks, clock, pair, fetches, serving };
        issuer.until(|issuer| issuer.jwks.known().fetched_at.is_some()).await;
        issuer
    }

    async fn until(&self, is_so: impl Fn(&Self) -> bool) {
        until(async || is_so(self)).await;
    }

    async fn believes(&self, key_id: &str) -> bool {
        let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let message = format!("{}.{}", part(json!({"alg": "EdDSA", "kid": key_id})), part(json!({})));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(message.as_bytes()));
        let token = format!("{message}.{signature}");
        self.jwks.have_signed(&Jws::parse(&token).expect("a token")).await
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    async fn stop(&mut self) {
        self.serving.abort();
        assert!((&mut self.serving).await.is_err());
    }
}

#[tokio::test]
async fn tokens_with_unknown_keys_cause_one_fetch_in_half_a_minute() {
    let issuer = Issuer::start().await;
    for (after, fetches) in [(0, 2), (0, 2), (29, 2), (1, 3), (1, 3), (29, 4)] {
        issuer.clock.advance(SECOND * after);
        assert!(!issuer.believes("another").await);
        assert_eq!(issuer.fetches(), fetches, "{after} s later");
        assert!(issuer.believes("key").await);
    }
}

#[tokio::test]
async fn keys_are_fetched_again_after_five_minutes_and_believed_meanwhile() {
    let issuer = Issuer::start().await;
    issuer.clock.advance(FRESH_FOR - SECOND);
    assert!(issuer.believes("key").await);
    issuer.clock.advance(SECOND);
    assert!(issuer.believes("key").await && issuer.believes("key").await);
    issuer.until(|issuer| !issuer.jwks.known().is_old(issuer.clock.now())).await;
    assert_eq!(issuer.fetches(), 2, "once, although two asked");
}

#[tokio::test]
async fn old_keys_are_believed_for_as_long_as_the_issuer_is_away() {
    let mut issuer = Issuer::start().await;
    issuer.stop().await;
    for _ in 0..3 {
        issuer.clock.advance(SignedDuration::from_hours(24));
        assert!(issuer.believes("key").await);
        assert!(!issuer.believes("another").await);
    }
}

#[tokio::test]
async fn an_answer_without_a_usable_key_replaces_nothing() {
    for set in [
        json!({"keys": []}),
        json!({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}),
        json!({"keys": [{"kty": "RSA", "n": "AQAB"}]}),
        json!({"keys": [{"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"}]}),
    ] {
        let set: JwkSet = serde_json::from_value(set.clone()).expect("a set");
        assert!(keys_of(set).is_err());
    }
    let many: Vec<Value> =
        (0..200).map(|n| json!({"kty": "OKP", "crv": "Ed25519", "kid": n.to_string(), "x": "AA"})).collect();
    let set: JwkSet = serde_json::from_value(json!({"keys": many})).expect("a set");
    assert_eq!(keys_of(set).map(|keys| keys.len()).ok(), Some(MAX_KEYS));
}
