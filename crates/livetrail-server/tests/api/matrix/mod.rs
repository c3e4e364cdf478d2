//! Every route with every method and every kind of credential.
//!
//! The paths are those of the router, so that a route without a row fails. What is right is computed: [`access`] reads
//! as the contract does. A group of credentials is a test; each says at its end which cells are wrong.

mod access;
mod calls;
mod credentials;
mod tokens;

use crate::fixture::{Answer, Fixture, id};
use access::{Needs, Outcome, expected};
use calls::{Call, TENANT, calls};
use credentials::{Credential, Shown};
use futures_util::{StreamExt, stream};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::json;
use std::{
    collections::BTreeSet,
    net::Ipv4Addr,
    sync::atomic::{AtomicU32, Ordering},
};

/// How many credentials are tried at a time.
const AT_ONCE: usize = 8;

/// The client's address in the next call: failures from one address would be slowed down.
static ADDRESSES: AtomicU32 = AtomicU32::new(0x0a00_0000);

async fn start() -> Fixture {
    let fixture = Fixture::start_with(|config| {
        config.trusted_proxy = vec!["127.0.0.1".into()];
        config.jwt_role_claim = Some("role".into());
        config.jwt_tenant_claim = Some("org".into());
    })
    .await;
    let named = json!({"id": id(1), "user_id": "u-1", "action_type": "a", "tenant_id": TENANT});
    assert_eq!(fixture.post(named).await.status, 201);
    fixture
}

/// Makes every call with every credential and names the cells that are not as they should be.
async fn hold(fixture: &Fixture, credentials: &[Credential]) {
    let calls = calls();
    let operator = Client::builder().unix_socket(fixture.socket()).build().expect("a client");
    let rows = credentials.iter().map(|credential| wrong_cells(fixture, &operator, &calls, credential));
    let wrong: Vec<String> = stream::iter(rows).buffer_unordered(AT_ONCE).concat().await;
    let cells = calls.len() * credentials.len();
    assert!(wrong.is_empty(), "{} of {cells} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

async fn wrong_cells(
    fixture: &Fixture,
    operator: &Client,
    calls: &[Call],
    credential: &Credential,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for call in calls {
        let found = outcome(request(fixture, operator, call, credential).await, call).await;
        let expected = expected(call, credential);
        if found != expected {
            let Call { method, .. } = call;
            wrong.push(format!(
                "{}: {method} {}: {found:?}, not {expected:?}",
                credential.name,
                call.address()
            ));
        }
    }
    wrong
}

async fn request(
    fixture: &Fixture,
    operator: &Client,
    call: &Call,
    credential: &Credential,
) -> RequestBuilder {
    let address = match &credential.shown {
        Shown::Parameter(name, secret) => with_parameter(call, name, secret),
        Shown::NewTicket(key) => with_parameter(call, "ticket", &credentials::ticket(fixture, key).await),
        _ => call.address(),
    };
    let method = call.method.clone();
    let request = match &credential.shown {
        Shown::Socket => operator.request(method, format!("http://livetrail{address}")),
        _ => fixture.request(method, &address),
    };
    let from = Ipv4Addr::from_bits(ADDRESSES.fetch_add(1, Ordering::Relaxed));
    let request = show(request.header("x-forwarded-for", from.to_string()), &credential.shown);
    let request = if call.is_websocket() { with_handshake(request) } else { request };
    match &call.body {
        _ if call.needs == Needs::SignIn => request.json(&json!({"token": credential.secret()})),
        Some(body) => request.json(body),
        None => request,
    }
}

fn with_parameter(call: &Call, name: &str, secret: &str) -> String {
    let address = call.address();
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{name}={secret}")
}

fn show(request: RequestBuilder, shown: &Shown) -> RequestBuilder {
    let with_cookie = |request: RequestBuilder, secret: &str| {
        let request = request.header("cookie", format!("theme=dark; livetrail_session={secret}"));
        request.header("sec-fetch-site", "same-origin")
    };
    match shown {
        Shown::Bearer(secret) => request.bearer_auth(secret),
        Shown::Cookie(secret) => with_cookie(request, secret),
        Shown::BearerAndCookie(bearer, cookie) => with_cookie(request.bearer_auth(bearer), cookie),
        Shown::Authorization(value) => request.header("authorization", *value),
        Shown::Protocol(secret) => request.header("sec-websocket-protocol", format!("livetrail, {secret}")),
        Shown::Nothing | Shown::Parameter(..) | Shown::NewTicket(_) | Shown::Socket => request,
    }
}

fn with_handshake(request: RequestBuilder) -> RequestBuilder {
    let request = request.header("connection", "upgrade").header("upgrade", "websocket");
    request.header("sec-websocket-version", "13").header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
}

/// What came back. A stream is not read, since it does not end.
async fn outcome(request: RequestBuilder, call: &Call) -> Outcome {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    if status == 101 || (status == 200 && call.is_stream()) {
        return Outcome(status, String::new());
    }
    let answer = Answer::of(response).await;
    let is_problem = answer.header("content-type") == "application/problem+json";
    let detail = match status {
        400.. if !is_problem && call.method != Method::HEAD => "not a problem",
        405 if answer.header("allow").is_empty() => "no methods in Allow",
        401 | 403 => answer.detail(),
        _ => "",
    };
    Outcome(status, detail.to_owned())
}

#[tokio::test]
async fn every_route_of_the_router_has_a_row_in_the_matrix() {
    let fixture = Fixture::start().await;
    let router = format!("{:?}", livetrail_server::http::router(&fixture.app()));
    let known = router.split('"').filter(|text| text.starts_with('/'));
    // What axum calls so stands for the addresses without a route.
    let known: BTreeSet<&str> = known.filter(|path| !path.contains("__private__axum_fallback")).collect();
    assert_eq!(known, calls::paths());
    let document = serde_json::to_value(livetrail_server::http::openapi()).expect("a document");
    let paths = document["paths"].as_object().expect("paths").iter();
    let described = paths.flat_map(|(path, item)| {
        let methods = item.as_object().expect("operations").keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    let described: BTreeSet<String> = described.collect();
    assert_eq!(described.difference(&calls::operations()).next(), None, "a call without a row");
}

#[tokio::test]
async fn every_call_answers_each_key_as_the_contract_says() {
    let fixture = start().await;
    hold(&fixture, &credentials::keys(&fixture).await).await;
}

#[tokio::test]
async fn every_call_answers_each_token_as_the_contract_says() {
    let fixture = start().await;
    hold(&fixture, &tokens::tokens(&fixture).await).await;
}

#[tokio::test]
async fn every_call_answers_each_cookie_as_the_contract_says() {
    let (fixture, other) = (start().await, Fixture::start().await);
    hold(&fixture, &credentials::cookies(&fixture, &other).await).await;
}

#[tokio::test]
async fn every_call_answers_each_credential_in_an_address_as_the_contract_says() {
    let fixture = start().await;
    hold(&fixture, &credentials::of_streams(&fixture).await).await;
}
