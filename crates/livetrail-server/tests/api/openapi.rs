//! The API's description of itself is a tested artefact: `openapi.json` beside this file is what the server says.
//! `UPDATE=1 cargo test -p livetrail-server --test api openapi` writes it anew.

use crate::fixture::Fixture;
use reqwest::Method;
use serde_json::Value;
use std::{collections::BTreeSet, path::Path};

/// Every call of the API that is described.
const CALLS: [&str; 74] = [
    "DELETE /api/admin/admins/{user_id}",
    "DELETE /api/admin/alert-channels/{id}",
    "DELETE /api/admin/alert-rules/{id}",
    "DELETE /api/admin/keys/{id}",
    "DELETE /api/admin/retention/holds/{id}",
    "DELETE /api/admin/sessions",
    "DELETE /api/admin/sessions/{id}",
    "DELETE /api/admin/views/{id}",
    "DELETE /api/session",
    "GET /api/admin-sessions/activity-stream",
    "GET /api/admin-sessions/activity-ws",
    "GET /api/admin/activity",
    "GET /api/admin/activity/export",
    "GET /api/admin/activity/facets",
    "GET /api/admin/activity/groups",
    "GET /api/admin/activity/sessions",
    "GET /api/admin/activity/stats",
    "GET /api/admin/activity/stream",
    "GET /api/admin/activity/timeline",
    "GET /api/admin/activity/ws",
    "GET /api/admin/activity/{id}",
    "GET /api/admin/alert-channels",
    "GET /api/admin/alert-channels/{id}",
    "GET /api/admin/alert-channels/{id}/deliveries",
    "GET /api/admin/alert-rules",
    "GET /api/admin/alerts",
    "GET /api/admin/alerts/{id}",
    "GET /api/admin/catalogue",
    "GET /api/admin/index",
    "GET /api/admin/keys",
    "GET /api/admin/reports",
    "GET /api/admin/reports/admin_audit",
    "GET /api/admin/reports/endpoint_performance",
    "GET /api/admin/reports/failed_logins",
    "GET /api/admin/reports/failed_sign_ins",
    "GET /api/admin/reports/recent_activity",
    "GET /api/admin/retention",
    "GET /api/admin/sessions",
    "GET /api/admin/settings",
    "GET /api/admin/views",
    "GET /api/session",
    "GET /api/session/oidc",
    "GET /api/session/oidc/callback",
    "GET /config",
    "GET /healthz",
    "GET /metrics",
    "GET /readyz",
    "POST /api/activity",
    "POST /api/admin/activity/stream/ticket",
    "POST /api/admin/alert-channels",
    "POST /api/admin/alert-channels/{id}/replay",
    "POST /api/admin/alert-channels/{id}/rotate-secret",
    "POST /api/admin/alert-channels/{id}/test",
    "POST /api/admin/alert-rules",
    "POST /api/admin/alert-rules/backtest",
    "POST /api/admin/alerts/{id}/acknowledge",
    "POST /api/admin/alerts/{id}/mute",
    "POST /api/admin/alerts/{id}/resolve",
    "POST /api/admin/erasures",
    "POST /api/admin/index/rebuild",
    "POST /api/admin/index/verify",
    "POST /api/admin/keys",
    "POST /api/admin/redaction/try",
    "POST /api/admin/retention/holds",
    "POST /api/admin/retention/runs",
    "POST /api/admin/sign-in-link",
    "POST /api/admin/views",
    "POST /api/session",
    "POST /api/users",
    "PUT /api/admin/admins/{user_id}",
    "PUT /api/admin/alert-channels/{id}",
    "PUT /api/admin/alert-rules/{id}",
    "PUT /api/admin/views/{id}",
    "PUT /api/users/{id}",
];

async fn document(fixture: &Fixture) -> Value {
    let answer = fixture.send(fixture.request(Method::GET, "/openapi.json")).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    answer.body
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            found.push((format!("{} {path}", method.to_uppercase()), operation));
        }
    }
    found
}

#[tokio::test]
async fn the_description_is_the_one_that_is_committed() {
    let fixture = Fixture::start().await;
    let mut document = document(&fixture).await;
    document["info"]["version"] = "[version]".into();
    let written = format!("{document:#}\n");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/openapi.json");
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever changes the API asks for the file to be written anew"
    )]
    let update = std::env::var("UPDATE").is_ok();
    if update {
        std::fs::write(&file, &written).expect("a file that can be written");
    }
    let committed = std::fs::read_to_string(&file).expect("openapi.json");
    assert!(committed == written, "the API has changed: run this test with UPDATE=1 and read the difference");
}

#[tokio::test]
async fn every_call_is_described_and_every_described_call_exists() {
    // Without an issuer, there is nothing at the two addresses of single sign-on.
    let fixture = Fixture::start_with(|config| {
        config.oidc_issuer = Some("http://127.0.0.1:9".into());
        config.oidc_client_id = Some("livetrail".into());
        config.oidc_role = vec!["staff=viewer".into()];
    })
    .await;
    let document = document(&fixture).await;
    let described: BTreeSet<String> = operations(&document).into_iter().map(|(call, _)| call).collect();
    let expected: BTreeSet<String> = CALLS.into_iter().map(str::to_owned).collect();
    assert_eq!(described, expected);
    for call in &described {
        let (method, path) = call.split_once(' ').expect("a method and a path");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = fixture.send(fixture.request(method, &path.replace(['{', '}'], ""))).await;
        assert!(![404, 405].contains(&answer.status.as_u16()), "{call}: {answer:?}");
    }
}

#[tokio::test]
async fn the_description_is_openapi_3_1_and_whole() {
    let fixture = Fixture::start().await;
    let document = document(&fixture).await;
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for (call, operation) in operations(&document) {
        assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{call}");
        assert!(operation["responses"].as_object().is_some_and(|responses| !responses.is_empty()), "{call}");
    }
    let mut ids: Vec<_> =
        operations(&document).iter().map(|(_, operation)| operation["operationId"].to_string()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "each call has an id of its own");
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a reference into the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn every_error_that_is_described_is_a_problem() {
    let fixture = Fixture::start().await;
    let document = document(&fixture).await;
    for (call, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().expect("responses") {
            if status.starts_with(['4', '5']) {
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{call} {status}");
            }
        }
    }
}

#[tokio::test]
async fn every_filter_of_a_list_is_described_for_lists_and_streams() {
    let fixture = Fixture::start().await;
    let document = document(&fixture).await;
    let names = |call: &str| -> BTreeSet<String> {
        let operations = operations(&document);
        let (_, operation) = operations.iter().find(|(found, _)| found == call).expect("a call");
        let parameters = operation["parameters"].as_array().expect("parameters");
        parameters.iter().map(|parameter| parameter["name"].as_str().expect("a name").to_owned()).collect()
    };
    let refused = fixture.list("colour=red").await;
    let filters = refused.detail().split_once("the filters are ").expect("names").1.to_owned();
    for call in ["GET /api/admin/activity", "GET /api/admin/activity/stream"] {
        for filter in filters.split(", ") {
            assert!(names(call).contains(filter), "{call}: {filter}");
        }
    }
}

fn collect_references<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            into.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|field| collect_references(field, into));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, into)),
        _ => {}
    }
}
