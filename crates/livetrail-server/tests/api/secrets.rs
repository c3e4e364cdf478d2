//! Secrets never land: not in lists, not on streams, not in what Livetrail records itself.

use crate::fixture::{APPLICATION, Fixture, sign};
use reqwest::Method;
use serde_json::{Value, json};

/// A token of some other service.
fn foreign_token() -> String {
    sign(json!({"sub": "somebody"}), "a secret that nobody here has, of any length")
}

#[tokio::test]
async fn secrets_in_details_changes_and_messages_are_redacted_in_the_list_and_on_the_stream() {
    let fixture = Fixture::start().await;
    let mut stream = fixture.stream(APPLICATION).await;
    let token = foreign_token();
    fixture
        .post(json!({
            "user_id": "u-1", "action_type": "a",
            "details": {"Api-Key": "k", "deep": [{"password": "p"}], "note": format!("Bearer {token}"), "kept": "yes",
                        "card": 4_111_111_111_111_111_u64},
            "changes": {"secret": {"from": "old", "to": "new"}, "name": {"from": "a", "to": "4111 1111 1111 1111"}},
            "error_message": format!("refused {token} for good"),
        }))
        .await;
    let listed = fixture.list("user_id=u-1").await;
    for shown in [&listed.body["data"][0], &stream.next_activity().await] {
        let expected = json!({
            "Api-Key": "[redacted]", "deep": [{"password": "[redacted]"}], "note": "[redacted]", "kept": "yes",
            "card": "[redacted]",
        });
        assert_eq!(shown["details"], expected);
        assert_eq!(shown["error_message"], "refused [redacted] for good");
        let text = shown.to_string();
        for secret in ["old", "4111", &token] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[tokio::test]
async fn further_keys_are_secrets_if_the_configuration_names_them() {
    let fixture = Fixture::start_with(|config| config.redact_key = vec!["licence_plate".into()]).await;
    fixture.post(json!({"user_id": "u-1", "action_type": "a", "details": {"licencePlate": "B-XY 1"}})).await;
    assert_eq!(fixture.list("user_id=u-1").await.body["data"][0]["details"]["licencePlate"], "[redacted]");
}

#[tokio::test]
async fn a_session_id_that_is_a_token_comes_out_hashed_and_is_found_by_itself() {
    let fixture = Fixture::start().await;
    for session in [foreign_token(), "a1".repeat(20)] {
        fixture.post(json!({"user_id": "u-1", "action_type": "a", "session_id": session})).await;
        let found = fixture.list(&format!("session_id={session}")).await;
        assert_eq!(found.body["total"], 1);
        let shown = found.body["data"][0]["session_id"].as_str().expect("a session").to_owned();
        assert!(shown.starts_with("hashed:") && !shown.contains(&session[..20]), "{shown}");
        assert_eq!(fixture.list(&format!("session_id={shown}")).await.body["total"], 1, "by what was shown");
    }
}

#[tokio::test]
async fn the_same_token_has_the_same_hash_here_and_another_one_elsewhere() {
    let token = foreign_token();
    let session = json!({"user_id": "u-1", "action_type": "a", "session_id": token});
    let mut hashes = Vec::new();
    for fixture in [Fixture::start().await, Fixture::start().await] {
        fixture.post(json!([session, session])).await;
        let shown = fixture.list("user_id=u-1").await.each("session_id");
        assert_eq!(shown[0], shown[1]);
        hashes.extend(shown);
    }
    assert_ne!(hashes[0], hashes[2]);
}

#[tokio::test]
async fn a_session_that_somebody_looked_for_is_not_in_the_record_of_their_view() {
    let fixture = Fixture::start().await;
    let session = "a1".repeat(20);
    let mut own = fixture.stream("action_filter=admin_view_activity_logs").await;
    fixture.list(&format!("session_id={session},s-2,!{session}x")).await;
    let recorded = own.next_activity().await;
    let filter = recorded["details"]["filters_applied"]["session_id"].as_str().expect("a filter").to_owned();
    assert!(
        !filter.contains(&session) && filter.starts_with("hashed:") && filter.contains(",s-2,!hashed:"),
        "{filter}"
    );
}

#[tokio::test]
async fn a_token_in_the_address_of_a_stream_is_recorded_nowhere() {
    let fixture = Fixture::start().await;
    let token = Fixture::token(json!({"user_id": "u-1"}));
    let mut own = fixture.stream("").await;
    let refused = fixture
        .send(fixture.request(reqwest::Method::GET, &format!("/api/admin/activity/stream?token={token}")))
        .await;
    refused.is_problem(403);
    assert!(!refused.body.to_string().contains(&token));
    let recorded = own.next_activity().await;
    assert_eq!(recorded["action_type"], "access_refused");
    assert_eq!(recorded["endpoint"], "/api/admin/activity/stream");
    assert!(!recorded.to_string().contains(&token));
}

#[tokio::test]
async fn no_answer_shows_a_key_again() {
    let fixture = Fixture::start().await;
    let key = fixture.key(json!({"role": "viewer", "name": "screen"})).await;
    let everything = fixture.stream_after("", Some(&fixture.beginning().await)).await;
    let mut pages: Vec<Value> = vec![everything.connected.data.clone()];
    for path in ["/api/admin/keys", "/api/admin/activity", "/api/session", "/openapi.json", "/config"] {
        pages.push(fixture.get(path).await.body);
    }
    for secret in [&key, &fixture.admin, &fixture.writer] {
        assert!(pages.iter().all(|page| !page.to_string().contains(secret.as_str())));
    }
}

#[tokio::test]
async fn of_a_secret_that_was_changed_it_is_told_that_it_was() {
    let fixture = Fixture::start().await;
    let changes =
        json!({"password": {"from": "hunter2", "to": "hunter3"}, "plan": {"from": "free", "to": "pro"}});
    fixture.post(json!({"user_id": "u-1", "action_type": "a", "changes": changes})).await;
    let stored = fixture.list("user_id=u-1").await.each("changes");
    let expected = json!({
        "password": {"from": "[redacted]", "to": "[redacted]"}, "plan": {"from": "free", "to": "pro"}
    });
    assert_eq!(stored, [expected]);
}

#[tokio::test]
async fn an_action_with_a_secret_in_it_is_refused_without_repeating_it() {
    let fixture = Fixture::start().await;
    let key = format!("ghp_{}", "a1B2c3".repeat(6));
    let refused = fixture.post(json!({"user_id": "u-1", "action_type": key})).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.body["errors"][0]["pointer"], "/action_type");
    assert!(!refused.body.to_string().contains(&key), "{}", refused.body);
}

#[tokio::test]
async fn a_trial_says_what_would_be_stored_and_stores_nothing() {
    let fixture = Fixture::start_with(|config| config.redact_key = vec!["licence_plate".into()]).await;
    let token = foreign_token();
    let activity = json!({
        "details": {"password": "p", "licencePlate": "B-XY 1", "kept": 9_007_199_254_740_993_u64, "session_id": token},
        "changes": {"secret": {"from": "old", "to": "new"}},
        "error_message": format!("refused {token}"),
        "endpoint": "/reset/4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c",
    });
    let tried = fixture.as_admin(Method::POST, "/api/admin/redaction/try", Some(activity.clone())).await;
    assert_eq!(tried.status, 200, "{tried:?}");
    assert!(fixture.list("action_filter=trial").await.body["data"].as_array().expect("rows").is_empty());
    let mut sent = activity;
    sent["user_id"] = json!("u-1");
    sent["action_type"] = json!("a");
    fixture.post(sent).await;
    let stored = &fixture.list("user_id=u-1").await.body["data"][0];
    for field in ["details", "changes", "error_message", "endpoint"] {
        assert_eq!(tried.body[field], stored[field], "{field}");
    }
    assert_eq!(tried.body["details"]["kept"], 9_007_199_254_740_993_u64);
    assert_eq!(tried.body["is_on"], true);
    assert!(tried.body["replaced"]["key"].as_u64() >= Some(2), "{tried:?}");
}

#[tokio::test]
async fn a_trial_refuses_what_could_not_be_stored() {
    let fixture = Fixture::start().await;
    let large = json!({"details": {"text": "x".repeat(100_000)}});
    let refused = fixture.as_admin(Method::POST, "/api/admin/redaction/try", Some(large)).await;
    refused.is_problem(422);
    assert_eq!(refused.pointers(), ["/details"]);
    for body in [json!([{}]), json!({"tenant_id": foreign_token()})] {
        fixture.as_admin(Method::POST, "/api/admin/redaction/try", Some(body)).await.is_problem(422);
    }
}
