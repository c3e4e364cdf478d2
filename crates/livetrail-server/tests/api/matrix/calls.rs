//! The calls of the matrix: every path of the router with every method.

use super::access::Needs::{self, Administer, Audit, Decide, Nothing, Read, ReadEverything, SignIn, Write};
use crate::fixture::{activity, id};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The tenant of the bound credentials, and the one of the activity that the paths with an id name.
pub(super) const TENANT: &str = "acme";
/// A tenant that a call names although the bound credentials belong to another one.
const OTHER_TENANT: &str = "tenant_id=globex";

const METHODS: [Method; 8] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::PATCH,
    Method::OPTIONS,
    Method::TRACE,
];

/// Paths that the router does not know.
const ABSENT: [&str; 4] = ["/nothing", "/api/nothing", "/assets/nothing.js", "/api/admin/keys/"];

/// A call that the matrix makes with every credential.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    /// As the router has it.
    pub(super) path: &'static str,
    query: &'static str,
    pub(super) needs: Needs,
    pub(super) body: Option<Value>,
    /// The status of the answer to a client with the right to make this call.
    pub(super) granted: u16,
    /// Whether the call names a tenant that the bound credentials do not belong to.
    pub(super) names_other_tenant: bool,
}

impl Call {
    fn new(method: Method, path: &'static str, needs: Needs, granted: u16) -> Self {
        Self { method, path, query: "", needs, body: None, granted, names_other_tenant: false }
    }

    fn get(path: &'static str, needs: Needs) -> Self {
        Self::new(Method::GET, path, needs, 200)
    }

    fn answers(self, granted: u16) -> Self {
        Self { granted, ..self }
    }

    fn with_query(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    fn with_body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn with_other_tenant(self) -> Self {
        Self { query: OTHER_TENANT, names_other_tenant: true, ..self }
    }

    /// The address without a credential in it. The admin who is added is not the one who is removed, so that no call
    /// depends on another one.
    pub(super) fn address(&self) -> String {
        let user = if self.method == Method::PUT { "u-8" } else { "u-9" };
        let path = self.path.replace("{id}", &id(1)).replace("{user_id}", user);
        // Other names are of pages, which answer whatever they stand for.
        let path = path.replace(['{', '*', '}'], "");
        if self.query.is_empty() { path } else { format!("{path}?{}", self.query) }
    }

    pub(super) fn is_websocket(&self) -> bool {
        self.path.ends_with("/ws") || self.path.ends_with("-ws")
    }

    /// Whether the address may carry a credential.
    pub(super) fn is_stream(&self) -> bool {
        self.is_websocket() || self.path.ends_with("stream")
    }

    fn is_sign_out(&self) -> bool {
        self.path == "/api/session" && self.method == Method::DELETE
    }

    /// HEAD is GET without a body; a WebSocket begins with GET only.
    fn as_head(&self) -> Self {
        let granted = if self.is_websocket() { 426 } else { self.granted };
        Self { method: Method::HEAD, granted, ..self.clone() }
    }
}

/// The paths of the router that have a row.
pub(super) fn paths() -> BTreeSet<&'static str> {
    documented().iter().map(|call| call.path).collect()
}

/// Each documented call as `METHOD /path`.
pub(super) fn operations() -> BTreeSet<String> {
    documented().iter().map(|call| format!("{} {}", call.method, call.path)).collect()
}

/// Every method of every path. Signing out is last, since it ends the session that makes the calls.
pub(super) fn calls() -> Vec<Call> {
    let documented = documented();
    let known = paths().into_iter().flat_map(|path| METHODS.map(|method| (path, method)));
    let known = known.flat_map(|(path, method)| of_method(&documented, path, &method));
    let absent = ABSENT.into_iter().flat_map(|path| METHODS.map(|method| undocumented(path, method, 404)));
    let mut calls: Vec<Call> = known.chain(absent).collect();
    calls.sort_by_key(Call::is_sign_out);
    calls
}

fn of_method(documented: &[Call], path: &'static str, method: &Method) -> Vec<Call> {
    let rows = |method: &Method| -> Vec<Call> {
        documented.iter().filter(|call| call.path == path && call.method == *method).cloned().collect()
    };
    let found = if *method == Method::HEAD {
        rows(&Method::GET).iter().map(Call::as_head).collect()
    } else {
        rows(method)
    };
    if found.is_empty() { vec![undocumented(path, method.clone(), 405)] } else { found }
}

fn undocumented(path: &'static str, method: Method, status: u16) -> Call {
    Call::new(method, path, Nothing, status)
}

fn documented() -> Vec<Call> {
    [
        open(),
        reading(),
        of_another_tenant(),
        writing(),
        of_access(),
        of_retention(),
        of_alerts(),
        of_alert_channels(),
        of_views(),
    ]
    .concat()
}

fn open() -> Vec<Call> {
    [
        "/",
        "/admin",
        "/admin/activity",
        "/admin/health",
        "/admin/keys",
        "/admin/networks",
        "/admin/networks/{*network}",
        "/admin/people",
        "/admin/people/{id}",
        "/admin/reports",
        "/admin/reports/{name}",
        "/admin/resources",
        "/admin/resources/{type}/{*id}",
        "/admin/settings",
        "/admin/sign-ins",
        "/admin/sessions",
        "/admin/sessions/{id}",
        "/admin-session-logs",
        "/alerts",
        "/alerts/rules",
        "/docs",
        "/openapi.json",
        "/healthz",
        "/readyz",
        "/config",
    ]
    .into_iter()
    .map(|path| Call::get(path, Nothing))
    .chain([
        // Single sign-on is not configured.
        Call::get("/api/session/oidc", Nothing).answers(404),
        Call::get("/api/session/oidc/callback", Nothing).answers(404),
    ])
    .collect()
}

fn reading() -> Vec<Call> {
    vec![
        Call::get("/api/admin/activity", Read),
        Call::get("/api/admin/activity/{id}", Read),
        Call::get("/api/admin/activity/export", Read),
        Call::get("/api/admin/activity/facets", Read),
        Call::get("/api/admin/activity/groups", Read),
        Call::get("/api/admin/activity/sessions", Read),
        Call::get("/api/admin/activity/stats", Read),
        Call::get("/api/admin/activity/timeline", Read),
        Call::get("/api/admin/activity/stream", Read),
        Call::get("/api/admin-sessions/activity-stream", Read),
        Call::get("/api/admin/activity/ws", Read).answers(101),
        Call::get("/api/admin-sessions/activity-ws", Read).answers(101),
        Call::new(Method::POST, "/api/admin/activity/stream/ticket", Read, 201),
        Call::get("/api/admin/reports", Read),
        Call::get("/api/admin/reports/recent_activity", Read).with_query("user_id=u-1"),
        Call::get("/api/admin/reports/failed_logins", Read),
        Call::get("/api/admin/reports/failed_sign_ins", Read),
        Call::get("/api/admin/reports/admin_audit", Read),
        Call::get("/api/admin/reports/endpoint_performance", Read),
        Call::get("/api/admin/catalogue", Read),
        Call::get("/api/session", Read),
        Call::get("/metrics", ReadEverything),
    ]
}

fn of_another_tenant() -> Vec<Call> {
    let named = json!({"user_id": "u-1", "action_type": "a", "tenant_id": "globex"});
    let mut calls: Vec<Call> =
        reading().into_iter().filter(|call| call.path.starts_with("/api/admin/activity")).collect();
    calls.push(Call::get("/api/admin/alerts", Read));
    calls.retain(|call| call.method == Method::GET);
    let calls = calls.into_iter().map(|call| match call.path {
        "/api/admin/activity/{id}" => call.answers(404).with_other_tenant(),
        _ => call.with_other_tenant(),
    });
    let posted = Call::new(Method::POST, "/api/activity", Write, 201).with_body(named);
    calls.chain([Call { names_other_tenant: true, ..posted }]).collect()
}

fn writing() -> Vec<Call> {
    vec![
        Call::new(Method::POST, "/api/activity", Write, 201).with_body(activity("u-1", "a")),
        Call::new(Method::PUT, "/api/users/{id}", Write, 200).with_body(json!({"email": "ada@example.com"})),
        Call::new(Method::POST, "/api/users", Write, 200).with_body(json!([{"id": "u-1"}])),
    ]
}

/// Keys, sessions and admins. Those that are ended do not exist, so that an answer of 404 means that ending was
/// allowed.
fn of_access() -> Vec<Call> {
    vec![
        Call::get("/api/admin/keys", Audit),
        Call::get("/api/admin/sessions", Audit),
        Call::get("/api/admin/settings", Audit),
        Call::get("/api/admin/index", Audit),
        Call::new(Method::POST, "/api/admin/index/verify", Administer, 200),
        Call::new(Method::POST, "/api/admin/index/rebuild", Administer, 202),
        Call::new(Method::POST, "/api/admin/keys", Administer, 201)
            .with_body(json!({"name": "n", "role": "viewer"})),
        Call::new(Method::DELETE, "/api/admin/keys/{id}", Administer, 404),
        Call::new(Method::DELETE, "/api/admin/sessions", Administer, 200).with_query("user_id=u-9"),
        Call::new(Method::DELETE, "/api/admin/sessions/{id}", Administer, 404),
        Call::new(Method::PUT, "/api/admin/admins/{user_id}", Administer, 204),
        Call::new(Method::DELETE, "/api/admin/admins/{user_id}", Administer, 404),
        Call::new(Method::POST, "/api/admin/sign-in-link", Administer, 201),
        Call::new(Method::POST, "/api/admin/redaction/try", Administer, 200)
            .with_body(json!({"details": {}})),
        Call::new(Method::POST, "/api/session", SignIn, 200),
        Call::new(Method::DELETE, "/api/session", Nothing, 204),
    ]
}

fn of_retention() -> Vec<Call> {
    let hold = json!({"reason": "r", "user_id": "u-9"});
    vec![
        Call::get("/api/admin/retention", Audit),
        // One run at a time: that the body is read means that the call is allowed.
        Call::new(Method::POST, "/api/admin/retention/runs", Administer, 422)
            .with_body(json!({"dry_run": "perhaps"})),
        Call::new(Method::POST, "/api/admin/retention/holds", Administer, 201).with_body(hold),
        Call::new(Method::DELETE, "/api/admin/retention/holds/{id}", Administer, 404),
        // The hold is of another user than this one.
        Call::new(Method::POST, "/api/admin/erasures", Administer, 200)
            .with_body(json!({"user_id": "u-7", "dry_run": true})),
    ]
}

/// There is no alert with this id, so an answer of 404 means that the decision was allowed.
fn of_alerts() -> Vec<Call> {
    let decision = |path, body| Call::new(Method::POST, path, Decide, 404).with_body(body);
    vec![
        Call::get("/api/admin/alerts", Read),
        Call::get("/api/admin/alerts/{id}", Read).answers(404),
        decision("/api/admin/alerts/{id}/acknowledge", json!({})),
        decision("/api/admin/alerts/{id}/resolve", json!({})),
        decision("/api/admin/alerts/{id}/mute", json!({"until": null})),
        Call::get("/api/admin/alert-rules", Read),
        // That the definition is read means that the call is allowed.
        Call::new(Method::POST, "/api/admin/alert-rules", Administer, 422)
            .with_body(json!({"definition": "?"})),
        Call::new(Method::POST, "/api/admin/alert-rules/backtest", Administer, 422)
            .with_body(json!({"definition": "?"})),
        Call::new(Method::PUT, "/api/admin/alert-rules/{id}", Administer, 404)
            .with_body(json!({"enabled": true})),
        Call::new(Method::DELETE, "/api/admin/alert-rules/{id}", Administer, 404),
    ]
}

/// There is no view with this id, so an answer of 404 means that the call was allowed.
fn of_views() -> Vec<Call> {
    vec![
        Call::get("/api/admin/views", Read),
        Call::new(Method::POST, "/api/admin/views", Read, 201)
            .with_body(json!({"name": "n", "query": "success_filter=failure"})),
        Call::new(Method::PUT, "/api/admin/views/{id}", Read, 404).with_body(json!({"name": "n"})),
        Call::new(Method::DELETE, "/api/admin/views/{id}", Read, 404),
    ]
}

/// There is no channel with this id either, and a channel without a kind is refused once the body is read.
fn of_alert_channels() -> Vec<Call> {
    vec![
        Call::get("/api/admin/alert-channels", Read),
        Call::new(Method::POST, "/api/admin/alert-channels", Decide, 422).with_body(json!({"name": "n"})),
        Call::get("/api/admin/alert-channels/{id}", Read).answers(404),
        Call::new(Method::PUT, "/api/admin/alert-channels/{id}", Decide, 404)
            .with_body(json!({"enabled": true})),
        Call::new(Method::DELETE, "/api/admin/alert-channels/{id}", Decide, 404),
        Call::get("/api/admin/alert-channels/{id}/deliveries", Read).answers(404),
        Call::new(Method::POST, "/api/admin/alert-channels/{id}/replay", Decide, 404),
        Call::new(Method::POST, "/api/admin/alert-channels/{id}/rotate-secret", Decide, 404)
            .with_body(json!({})),
        Call::new(Method::POST, "/api/admin/alert-channels/{id}/test", Decide, 404),
    ]
}
