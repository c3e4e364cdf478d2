//! The list of sessions, and how they end.

use crate::fixture::{EventStream, Fixture};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// A user who is signed in.
struct SignedIn {
    id: String,
    cookie: String,
}

async fn sign_in(fixture: &Fixture, token: &str) -> SignedIn {
    let request = fixture.request(Method::POST, "/api/session").header("user-agent", "Tests/1 (Zoë)");
    let answer = fixture.send(request.json(&json!({"token": token}))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    SignedIn {
        id: answer.body["session_id"].as_str().expect("an id").to_owned(),
        cookie: answer.header("set-cookie").split(';').next().expect("a cookie").to_owned(),
    }
}

impl SignedIn {
    fn request(&self, fixture: &Fixture, method: Method, path: &str) -> RequestBuilder {
        fixture.request(method, path).header("cookie", &self.cookie).header("sec-fetch-site", "same-origin")
    }

    async fn status(&self, fixture: &Fixture) -> u16 {
        fixture.send(self.request(fixture, Method::GET, "/api/session")).await.status.as_u16()
    }
}

async fn listed(fixture: &Fixture) -> Vec<Value> {
    fixture.get("/api/admin/sessions").await.body["sessions"].as_array().expect("sessions").clone()
}

#[tokio::test]
async fn the_list_shows_who_is_signed_in_from_where_and_by_what() {
    let fixture = Fixture::start().await;
    let key = fixture.key_with_id(json!({"role": "viewer", "name": "screen", "tenant_id": "acme"})).await;
    let of_key = sign_in(&fixture, &key.secret).await;
    let of_admin = sign_in(&fixture, &fixture.admin_token("boss").await).await;
    let sessions = listed(&fixture).await;
    let found = |id: &str| sessions.iter().find(|session| session["id"] == id).expect("the session");
    for (id, name, value) in [
        (&of_key.id, "user_id", json!("key:screen")),
        (&of_key.id, "role", json!("viewer")),
        (&of_key.id, "tenant_id", json!("acme")),
        (&of_key.id, "rests_on", json!("key")),
        (&of_key.id, "key_id", json!(key.id)),
        (&of_key.id, "ip_address", json!("127.0.0.1")),
        (&of_key.id, "current", json!(false)),
        (&of_admin.id, "rests_on", json!("user")),
        (&of_admin.id, "admin_id", json!("boss")),
        (&of_admin.id, "key_id", Value::Null),
        (&of_admin.id, "made_by", Value::Null),
    ] {
        assert_eq!(found(id)[name], value, "{name}");
    }
    for name in ["created_at", "last_seen_at", "expires_at"] {
        assert!(found(&of_key.id)[name].is_string(), "{name}");
    }
    let text = json!(sessions).to_string();
    for session in [&of_key, &of_admin] {
        let (_, secret) = session.cookie.split_once('=').expect("a value");
        assert!(!text.contains(secret), "what opens a session is not shown");
    }
}

#[tokio::test]
async fn the_session_that_asks_for_the_list_is_told_from_the_others() {
    let fixture = Fixture::start().await;
    let [asking, _] = [sign_in(&fixture, &fixture.admin).await, sign_in(&fixture, &fixture.admin).await];
    let list = fixture.send(asking.request(&fixture, Method::GET, "/api/admin/sessions")).await;
    let sessions = list.body["sessions"].as_array().expect("sessions");
    let current: Vec<_> = sessions.iter().filter(|session| session["current"] == true).collect();
    assert_eq!(sessions.len(), 2);
    assert_eq!((current.len(), &current[0]["id"]), (1, &json!(asking.id)));
}

#[tokio::test]
async fn the_session_of_a_link_names_the_maker_of_the_link() {
    let fixture = Fixture::start().await;
    let link = fixture.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    let token =
        link.body["link"].as_str().expect("a link").split_once("#token=").expect("a token").1.to_owned();
    sign_in(&fixture, &token).await;
    let session = listed(&fixture).await.remove(0);
    assert_eq!(
        (&session["user_id"], &session["made_by"]),
        (&json!("livetrail-admin"), &json!("key:test admin"))
    );
    assert_eq!(session["rests_on"], "key");
}

#[tokio::test]
async fn a_session_is_ended_by_its_id_at_once_and_recorded() {
    let fixture = Fixture::start().await;
    let mut own = fixture.stream("action_filter=session_invalidated").await;
    let (ended, other) = (sign_in(&fixture, &fixture.admin).await, sign_in(&fixture, &fixture.admin).await);
    assert_eq!((ended.status(&fixture).await, other.status(&fixture).await), (200, 200));
    let path = format!("/api/admin/sessions/{}", ended.id);
    let answer = fixture.as_admin(Method::DELETE, &path, None).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (204, &Value::String(String::new())));
    assert_eq!((ended.status(&fixture).await, other.status(&fixture).await), (401, 200));
    let recorded = own.next_activity().await;
    assert_eq!(recorded["user_id"], "key:test admin", "who ended it");
    assert_eq!(recorded["details"]["session_id"], ended.id);
    assert_eq!(recorded["target_user_id"], "key:test admin", "whose it was");
    fixture.as_admin(Method::DELETE, &path, None).await.is_problem(404);
    fixture.as_admin(Method::DELETE, "/api/admin/sessions/17", None).await.is_problem(404);
}

#[tokio::test]
async fn the_sessions_are_listed_page_by_page() {
    let fixture = Fixture::start().await;
    for _ in 0..3 {
        sign_in(&fixture, &fixture.admin).await;
    }
    let page = async |query: &str| fixture.get(&format!("/api/admin/sessions?{query}")).await.body;
    let second = page("page=2&limit=2").await;
    assert_eq!(second["sessions"].as_array().map(Vec::len), Some(1));
    let expected = [("total", 3), ("page", 2), ("limit", 2), ("total_pages", 2)];
    for (name, value) in expected {
        assert_eq!(second[name], value, "{name}");
    }
    assert_eq!(page("").await["limit"], 20);
    for wrong in ["limit=101", "page=0"] {
        fixture.get(&format!("/api/admin/sessions?{wrong}")).await.is_problem(422);
    }
}

#[tokio::test]
async fn very_many_sessions_that_end_at_once_are_one_record() {
    let fixture = Fixture::start().await;
    let mut own = fixture.stream("action_filter=session_invalidated").await;
    for _ in 0..33 {
        sign_in(&fixture, &fixture.admin).await;
    }
    let answer = fixture.as_admin(Method::DELETE, "/api/admin/sessions?all=true", None).await;
    assert_eq!(answer.body, json!({"ended": 33}));
    let recorded = own.next_activity().await;
    assert_eq!(recorded["details"]["sessions_ended"], 33);
    assert_eq!(recorded["details"]["some_users"], json!(["key:test admin"]));
    sign_in(&fixture, &fixture.admin).await;
    fixture.as_admin(Method::DELETE, "/api/admin/sessions?user_id=key:test admin", None).await;
    assert_eq!(own.next_activity().await["target_user_id"], "key:test admin", "a few are told one by one");
}

#[tokio::test]
async fn a_session_that_ends_for_a_newer_one_is_recorded() {
    let fixture = Fixture::start().await;
    let mut own = fixture.stream("action_filter=session_invalidated").await;
    let first = sign_in(&fixture, &fixture.admin).await;
    for _ in 0..50 {
        sign_in(&fixture, &fixture.admin).await;
    }
    assert_eq!(own.next_activity().await["details"]["session_id"], first.id);
    assert_eq!(first.status(&fixture).await, 401);
}

#[tokio::test]
async fn an_unused_link_ends_with_the_sessions_of_the_user_who_made_it() {
    let fixture = Fixture::start().await;
    let boss = sign_in(&fixture, &fixture.admin_token("boss").await).await;
    let link = async || {
        let answer = fixture.send(boss.request(&fixture, Method::POST, "/api/admin/sign-in-link")).await;
        answer.body["link"].as_str().expect("a link").split_once("#token=").expect("a token").1.to_owned()
    };
    let token = link().await;
    fixture.as_admin(Method::DELETE, "/api/admin/sessions?user_id=boss&tenant_id=acme", None).await;
    sign_in(&fixture, &token).await;
    let token = link().await;
    fixture.as_admin(Method::DELETE, "/api/admin/sessions?user_id=boss", None).await;
    let request = fixture.request(Method::POST, "/api/session").json(&json!({"token": token}));
    fixture.send(request).await.is_problem(401);
}

#[tokio::test]
async fn the_sessions_of_a_user_and_all_of_them_are_ended_at_once() {
    let fixture = Fixture::start().await;
    let boss = fixture.admin_token("boss").await;
    let mut sessions = Vec::new();
    for token in [&boss, &boss, &fixture.admin] {
        sessions.push(sign_in(&fixture, token).await);
    }
    let end = async |query: &str| {
        fixture.as_admin(Method::DELETE, &format!("/api/admin/sessions?{query}"), None).await
    };
    assert_eq!(end("user_id=boss").await.body, json!({"ended": 2}));
    let mut statuses = Vec::new();
    for session in &sessions {
        statuses.push(session.status(&fixture).await);
    }
    assert_eq!(statuses, [401, 401, 200]);
    assert_eq!(end("user_id=nobody").await.body, json!({"ended": 0}));
    for neither in [
        "",
        "tenant_id=acme",
        "user_id=boss&tenant_id=",
        "all=false",
        "user_id=",
        "user_id=boss&all=true",
        "user=boss",
        "user_id=a%00b",
    ] {
        end(neither).await.is_problem(422);
    }
    assert_eq!(sessions[2].status(&fixture).await, 200, "nothing ends by mistake");
    assert_eq!(end("all=true").await.body, json!({"ended": 1}));
    assert_eq!(listed(&fixture).await, [] as [Value; 0]);
}

#[tokio::test]
async fn the_sessions_of_a_user_who_is_no_admin_any_more_end_and_do_not_come_back() {
    let fixture = Fixture::start().await;
    let session = sign_in(&fixture, &fixture.admin_token("boss").await).await;
    fixture.as_admin(Method::DELETE, "/api/admin/admins/boss", None).await;
    assert_eq!(listed(&fixture).await, [] as [Value; 0]);
    fixture.admin_token("boss").await;
    assert_eq!(session.status(&fixture).await, 401);
}

#[tokio::test]
async fn an_auditor_reads_keys_and_sessions_and_changes_nothing() {
    let fixture = Fixture::start().await;
    let auditor = sign_in(&fixture, &fixture.key(json!({"role": "auditor", "name": "auditor"})).await).await;
    for path in ["/api/admin/keys", "/api/admin/sessions", "/api/admin/activity", "/metrics"] {
        assert_eq!(fixture.send(auditor.request(&fixture, Method::GET, path)).await.status, 200, "{path}");
    }
    let own = format!("/api/admin/sessions/{}", auditor.id);
    for (method, path) in [
        (Method::DELETE, own.as_str()),
        (Method::DELETE, "/api/admin/sessions?all=true"),
        (Method::POST, "/api/admin/sign-in-link"),
        (Method::PUT, "/api/admin/admins/u-1"),
        (Method::POST, "/api/activity"),
    ] {
        assert_eq!(fixture.send(auditor.request(&fixture, method, path)).await.status, 403, "{path}");
    }
    assert_eq!(auditor.status(&fixture).await, 200);
}

#[tokio::test]
async fn streams_of_a_session_that_was_ended_end_within_a_heartbeat() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    let session = sign_in(&fixture, &fixture.admin).await;
    let path = "/api/admin/activity/stream?resource_type=!livetrail";
    let mut stream = EventStream::open(session.request(&fixture, Method::GET, path)).await;
    let out = fixture.send(session.request(&fixture, Method::DELETE, "/api/session")).await;
    assert_eq!(out.status, 204);
    while let Some(event) = stream.next().await {
        assert_eq!(event.name.as_deref(), Some("heartbeat"));
    }
}
