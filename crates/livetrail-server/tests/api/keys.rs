use crate::fixture::Fixture;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_secret_of_a_key_is_shown_once() {
    let fixture = Fixture::start().await;
    let wanted =
        json!({"name": "shop", "role": "writer", "tenant_id": "acme", "expires_at": "2099-01-01T00:00:00Z"});
    let made = fixture.as_admin(Method::POST, "/api/admin/keys", Some(wanted)).await;
    assert_eq!(made.status, 201);
    let secret = made.body["key"].as_str().expect("a secret").to_owned();
    assert!(secret.starts_with("lt_") && secret.len() > 60, "{secret}");
    let listed = fixture.get("/api/admin/keys").await;
    let keys = listed.body["keys"].as_array().expect("keys");
    let names: Vec<_> = keys.iter().map(|key| &key["name"]).collect();
    assert_eq!(names, ["test writer", "test admin", "shop"]);
    let mut expected = made.body.clone();
    expected.as_object_mut().expect("an object").remove("key");
    assert_eq!(keys[2], expected);
    assert_eq!(expected["expires_at"], "2099-01-01T00:00:00Z");
    assert!(!listed.body.to_string().contains(&secret));
}

#[tokio::test]
async fn a_revoked_key_is_gone_at_once() {
    let fixture = Fixture::start().await;
    let key = fixture.key_with_id(json!({"name": "n", "role": "viewer"})).await;
    let path = format!("/api/admin/keys/{}", key.id);
    assert_eq!(fixture.as_admin(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(fixture.call(Method::GET, "/api/admin/activity", &key.secret, None).await.status, 401);
    assert!(!fixture.get("/api/admin/keys").await.body.to_string().contains(&key.id));
    fixture.as_admin(Method::DELETE, &path, None).await.is_problem(404);
    fixture.as_admin(Method::DELETE, "/api/admin/keys/17", None).await.is_problem(404);
}

#[tokio::test]
async fn keys_survive_a_restart_and_revoked_ones_do_not() {
    let fixture = Fixture::start().await;
    let kept = fixture.key(json!({"name": "kept", "role": "viewer"})).await;
    let revoked = fixture.key_with_id(json!({"name": "revoked", "role": "viewer"})).await;
    fixture.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", revoked.id), None).await;
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    assert_eq!(fixture.call(Method::GET, "/api/session", &kept, None).await.status, 200);
    assert_eq!(fixture.call(Method::GET, "/api/session", &revoked.secret, None).await.status, 401);
}

#[tokio::test]
async fn a_key_that_cannot_be_made_is_refused_with_what_is_wrong() {
    let fixture = Fixture::start().await;
    for (wanted, pointers, hint) in [
        (json!({"name": "", "role": "viewer"}), &["/name"][..], "1 to 100"),
        (json!({"name": "x".repeat(101), "role": "viewer"}), &["/name"], "1 to 100"),
        (json!({"name": "n", "role": "viewer", "tenant_id": ""}), &["/tenant_id"], "1 to 128"),
        (json!({"name": "n", "role": "boss"}), &[""], "`writer`, `viewer`, `auditor`, `admin`"),
        (json!({"name": "n"}), &[""], "role"),
        (json!({"name": "n", "role": "viewer", "colour": 1}), &[""], "colour"),
        (json!({"name": "n", "role": "viewer", "expires_at": "tomorrow"}), &[""], ""),
    ] {
        let answer = fixture.as_admin(Method::POST, "/api/admin/keys", Some(wanted)).await;
        answer.is_problem(422);
        assert_eq!(answer.pointers(), pointers);
        assert!(answer.detail().contains(hint), "{}", answer.detail());
    }
}

#[tokio::test]
async fn making_and_revoking_a_key_is_recorded_by_its_name() {
    let fixture = Fixture::start().await;
    let mut own =
        fixture.stream("category=security&resource_type=livetrail&action_filter=!alert_raised").await;
    let key = fixture.key_with_id(json!({"name": "shop", "role": "writer", "tenant_id": "acme"})).await;
    fixture.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", key.id), None).await;
    for action in ["api_key_created", "api_key_revoked"] {
        let recorded = own.next_activity().await;
        assert_eq!(recorded["action_type"], action);
        let details = json!({
            "name": "shop", "credential_id": key.id, "role": "writer", "tenant_id": "acme", "expires_at": null,
            "maker": "key:test admin", "maker_role": "admin",
        });
        assert_eq!((&recorded["details"], &recorded["target_resource_id"]), (&details, &json!(key.id)));
        assert_eq!(recorded["user_id"], "key:test admin");
    }
}

#[tokio::test]
async fn making_and_unmaking_an_admin_is_recorded_once() {
    let fixture = Fixture::start().await;
    let mut own = fixture.stream("action_filter=admin_created,admin_deleted").await;
    for _ in 0..2 {
        assert_eq!(fixture.as_admin(Method::PUT, "/api/admin/admins/u-1", None).await.status, 204);
    }
    assert_eq!(fixture.as_admin(Method::DELETE, "/api/admin/admins/u-1", None).await.status, 204);
    fixture.as_admin(Method::DELETE, "/api/admin/admins/u-1", None).await.is_problem(404);
    for action in ["admin_created", "admin_deleted"] {
        let recorded = own.next_activity().await;
        assert_eq!((&recorded["action_type"], &recorded["target_user_id"]), (&json!(action), &json!("u-1")));
        assert_eq!(recorded["details"]["maker"], "key:test admin");
    }
}

#[tokio::test]
async fn nobody_in_particular_becomes_an_admin() {
    let fixture = Fixture::start().await;
    for user in ["anon-1".to_owned(), "x".repeat(256), "a%00b".to_owned(), "a%0Ab".to_owned()] {
        fixture.as_admin(Method::PUT, &format!("/api/admin/admins/{user}"), None).await.is_problem(422);
    }
    fixture.as_admin(Method::DELETE, "/api/admin/admins/a%00b", None).await.is_problem(404);
}

#[tokio::test]
async fn whoever_can_open_the_socket_in_the_data_folder_is_an_admin() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::start().await;
    let mode = std::fs::metadata(fixture.socket()).expect("a socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let operator = reqwest::Client::builder().unix_socket(fixture.socket()).build().expect("a client");
    let session = operator.get("http://livetrail/api/session").send().await.expect("an answer");
    let session: Value = session.json().await.expect("JSON");
    assert_eq!((&session["user_id"], &session["role"]), (&json!("livetrail-operator"), &json!("admin")));
}

#[tokio::test]
async fn a_key_shows_who_made_it_and_when_it_was_last_used() {
    let fixture = Fixture::start().await;
    let key = fixture.key_with_id(json!({"name": "n", "role": "viewer"})).await;
    let listed = async || {
        let keys = fixture.get("/api/admin/keys").await.body["keys"].as_array().expect("keys").clone();
        keys.into_iter().find(|listed| listed["id"] == key.id).expect("the key")
    };
    let unused = listed().await;
    assert_eq!((&unused["created_by"], &unused["last_used_at"]), (&json!("key:test admin"), &Value::Null));
    assert_eq!(fixture.call(Method::GET, "/api/session", &key.secret, None).await.status, 200);
    assert!(listed().await["last_used_at"].is_string());
}

#[tokio::test]
async fn a_key_without_an_end_is_advised_to_have_one() {
    let fixture = Fixture::start().await;
    let make = async |wanted| {
        fixture.as_admin(Method::POST, "/api/admin/keys", Some(wanted)).await.body["advice"].clone()
    };
    let advice = make(json!({"name": "n", "role": "viewer"})).await;
    assert!(advice.as_str().expect("advice").contains("expires_at"), "{advice}");
    let none = make(json!({"name": "n", "role": "viewer", "expires_at": "2099-01-01T00:00:00Z"})).await;
    assert_eq!(none, Value::Null);
}
