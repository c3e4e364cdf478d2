use crate::program::{Fixture, Process, Serving, activity};
use reqwest::{Method, StatusCode};

/// What the server answers to a write with this key.
async fn write_with(server: &Serving, key: &str) -> StatusCode {
    server.post(key, &activity("u-1", "chat_message")).await.status
}

#[test]
fn creating_a_key_prints_its_secret_and_nothing_else() {
    let fixture = Fixture::new().begin();
    let created = fixture.run(&["key", "create", "--role", "writer", "--name", "app"]);
    assert_eq!((created.code, created.stderr.as_str()), (Some(0), ""));
    let secret = created.stdout.strip_suffix('\n').expect("a line");
    assert!(secret.len() > 40 && !secret.contains(char::is_whitespace), "{secret:?}");
}

#[tokio::test]
async fn a_key_made_beside_a_running_server_works_at_once() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    assert_eq!(write_with(&server, &fixture.key("writer")).await, 201);
}

#[tokio::test]
async fn a_key_made_before_the_server_ran_works_when_it_does() {
    let fixture = Fixture::new().begin();
    let key = fixture.key("writer");
    assert_eq!(write_with(&fixture.serve(), &key).await, 201);
}

#[tokio::test]
async fn a_key_opens_what_its_role_says() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    assert_eq!(server.get(&writer, "/api/admin/activity").await.status, 403);
    assert_eq!(write_with(&server, &viewer).await, 403);
    assert_eq!(server.get(&viewer, "/api/admin/activity").await.status, 200);
    assert_eq!(server.get(&viewer, "/api/admin/keys").await.status, 403);
}

#[tokio::test]
async fn a_key_bound_to_a_tenant_writes_into_that_tenant() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let key = fixture.succeed(&["key", "create", "--role", "writer", "--name", "acme", "--tenant", "acme"]);
    let stored = server.post(key.trim(), &activity("u-1", "chat_message")).await;
    let path = format!("/api/admin/activity/{}", stored.body["id"].as_str().expect("an id"));
    assert_eq!(server.get(&fixture.key("admin"), &path).await.body["tenant_id"], "acme");
}

#[test]
fn the_list_shows_every_key_and_no_secret() {
    let fixture = Fixture::new().begin();
    let secret = fixture.key("writer");
    fixture.succeed(&[
        "key",
        "create",
        "--role",
        "viewer",
        "--name",
        "auditor",
        "--expires",
        "2099-01-01T00:00:00Z",
    ]);
    let list = fixture.succeed(&["key", "list"]);
    assert_eq!(list.lines().count(), 3, "a line of titles and a line for each: {list}");
    assert!(
        list.contains("test writer") && list.contains("auditor") && list.contains("2099-01-01T00:00:00Z")
    );
    assert!(!list.contains(&secret[secret.len() - 20..]), "{list}");
}

#[tokio::test]
async fn a_revoked_key_opens_nothing_from_then_on() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let key = fixture.key("writer");
    let list = fixture.succeed(&["key", "list"]);
    let id = list.lines().nth(1).and_then(|line| line.split_whitespace().next()).expect("an id");
    assert_eq!(fixture.succeed(&["key", "revoke", id]), "");
    assert_eq!(write_with(&server, &key).await, 401);
}

#[test]
fn a_key_that_is_not_there_cannot_be_revoked() {
    let fixture = Fixture::new();
    for id in ["0198c0de-7a3b-7000-8000-0123456789ab", "nonsense", "../../api", ""] {
        let refused = fixture.run(&["key", "revoke", id]);
        assert_eq!(refused.code, Some(1), "{id:?}");
        assert!(
            refused.stderr.starts_with("livetrail: ") && refused.stderr.lines().count() == 1,
            "{refused:?}"
        );
    }
}

#[test]
fn what_a_key_cannot_be_is_said_before_anything_is_made() {
    let fixture = Fixture::new().begin();
    let create = |arguments: &[&str]| fixture.run(&[&["key", "create"], arguments].concat()).code;
    assert_eq!(create(&["--role", "owner", "--name", "x"]), Some(2), "no such role");
    assert_eq!(create(&["--role", "writer"]), Some(2), "no name");
    assert_eq!(create(&["--role", "writer", "--name", "x", "--expires", "tomorrow"]), Some(2), "no time");
    assert_eq!(create(&["--role", "writer", "--name", ""]), Some(1), "an empty name");
    assert_eq!(
        create(&["--role", "writer", "--name", "x", "--expires", "2001-01-01T00:00:00Z"]),
        Some(1),
        "the past"
    );
    assert_eq!(fixture.succeed(&["key", "list"]).lines().count(), 1, "only the titles");
}

#[tokio::test]
async fn making_a_key_is_itself_in_the_log_with_or_without_a_server() {
    let fixture = Fixture::new().begin();
    for _ in 0..5 {
        fixture.key("writer");
    }
    let server = fixture.serve();
    fixture.key("writer");
    let admin = fixture.key("admin");
    server.stop();
    let log = fixture.serve().log(&admin).await;
    let made = log.iter().filter(|activity| activity["action_type"] == "api_key_created");
    let names: Vec<_> = made.map(|activity| activity["details"]["name"].as_str().expect("a name")).collect();
    assert_eq!(names, [&["test writer"; 6][..], &["test admin"]].concat());
}

#[test]
fn commands_at_once_without_a_server_all_succeed() {
    let fixture = Fixture::new().begin();
    let create =
        |name| Process::start(fixture.command(&["key", "create", "--role", "writer", "--name", name]));
    for command in ["a", "b", "c", "d"].map(create) {
        let finished = command.finish();
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    }
    assert_eq!(fixture.succeed(&["key", "list"]).lines().count(), 5);
}

#[tokio::test]
async fn a_proxy_in_the_environment_is_not_asked_for_the_way_to_the_socket() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let mut command = fixture.command(&["key", "list"]);
    command.env("HTTP_PROXY", "http://127.0.0.1:9").env("http_proxy", "http://127.0.0.1:9");
    let finished = Process::start(command).finish();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(server.request(Method::GET, "/healthz").send().await.expect("an answer").status(), 200);
}

#[test]
fn a_command_in_a_folder_without_a_log_makes_none_and_says_the_next_step() {
    for arguments in [
        &["key", "create", "--role", "writer", "--name", "app"][..],
        &["key", "list"],
        &["admin", "link"],
        &["query"],
        &["export", "--output", "log.csv"],
    ] {
        let fixture = Fixture::new();
        let refused = fixture.run(arguments);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{arguments:?}");
        for words in ["does not contain a log", "--data-dir", "livetrail serve"] {
            assert!(refused.stderr.contains(words), "{arguments:?}: {}", refused.stderr);
        }
        assert!(!fixture.data().exists(), "{arguments:?}");
    }
}
