use crate::program::{Answer, Fixture, Process, Serving};
use jsonwebtoken::{EncodingKey, Header, encode};
use reqwest::{Method, StatusCode};
use serde_json::json;

const SECRET: &str = "what this application signs its tokens with";

/// A server that knows the application's secret.
fn serve(fixture: &Fixture) -> Serving {
    let mut command = fixture.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("JWT_SECRET_KEY", SECRET);
    Serving::start(command)
}

/// A token as the application signs it.
fn token(user_id: &str) -> String {
    let claims = json!({"user_id": user_id, "exp": jsonwebtoken::get_current_timestamp() + 3_600});
    encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes())).expect("a token")
}

async fn list_as(server: &Serving, user_id: &str) -> StatusCode {
    server.get(&token(user_id), "/api/admin/activity").await.status
}

/// What signing in with the token of a link is answered.
async fn sign_in(server: &Serving, link: &str) -> Answer {
    let (page, token) = link.trim().split_once("#token=").expect("a token in the fragment");
    assert!(page.ends_with("/admin/activity"), "{page}");
    let request = server.request(Method::POST, "/api/session").json(&json!({"token": token}));
    Answer::to(request).await.expect("an answer")
}

#[tokio::test]
async fn a_user_who_is_made_an_admin_may_read_at_once_and_not_after_being_removed() {
    let fixture = Fixture::new();
    let server = serve(&fixture);
    assert_eq!(list_as(&server, "u-1042").await, 403);
    assert_eq!(fixture.succeed(&["admin", "add", "u-1042"]), "");
    assert_eq!(list_as(&server, "u-1042").await, 200);
    assert_eq!(fixture.succeed(&["admin", "remove", "u-1042"]), "");
    assert_eq!(list_as(&server, "u-1042").await, 403);
}

#[tokio::test]
async fn an_admin_added_without_a_server_is_one_when_it_runs() {
    let fixture = Fixture::new().begin();
    fixture.succeed(&["admin", "add", "u-1042"]);
    assert_eq!(list_as(&serve(&fixture), "u-1042").await, 200);
}

#[tokio::test]
async fn a_user_id_is_taken_as_it_is_whatever_characters_it_has() {
    let fixture = Fixture::new();
    let server = serve(&fixture);
    for user_id in ["a/b", "zoë@example.com", "50%", "?x#y", "auth0|abc def", "..%2f"] {
        fixture.succeed(&["admin", "add", user_id]);
        assert_eq!(list_as(&server, user_id).await, 200, "{user_id}");
        fixture.succeed(&["admin", "remove", user_id]);
        assert_eq!(list_as(&server, user_id).await, 403, "{user_id}");
    }
}

#[test]
fn adding_an_admin_twice_is_fine_and_removing_one_who_is_none_is_not() {
    let fixture = Fixture::new().begin();
    fixture.succeed(&["admin", "add", "u-1"]);
    fixture.succeed(&["admin", "add", "u-1"]);
    fixture.succeed(&["admin", "remove", "u-1"]);
    let refused = fixture.run(&["admin", "remove", "u-1"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("is not in Livetrail's own list of admins"), "{}", refused.stderr);
}

#[test]
fn nobody_in_particular_cannot_be_an_admin() {
    let fixture = Fixture::new();
    for user_id in ["anon-1", "", ".", ".."] {
        assert_eq!(fixture.run(&["admin", "add", user_id]).code, Some(1), "{user_id:?}");
    }
}

#[tokio::test]
async fn a_link_signs_in_exactly_once() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let link = fixture.succeed(&["admin", "link"]);
    assert!(link.starts_with(&server.base_url) && link.lines().count() == 1, "{link}");
    let first = sign_in(&server, &link).await;
    assert_eq!(first.status, 200);
    let cookie = first.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let list = server.request(Method::GET, "/api/admin/activity").header("Cookie", cookie);
    assert_eq!(list.send().await.expect("an answer").status(), 200);
    assert_eq!(sign_in(&server, &link).await.status, 401);
}

#[tokio::test]
async fn a_link_that_several_use_at_once_lets_one_in() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let link = fixture.succeed(&["admin", "link"]);
    let answers = futures_util::future::join_all((0..8).map(|_| sign_in(&server, &link))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn a_link_made_without_a_server_names_where_it_will_be_and_works_then() {
    let fixture = Fixture::new().begin();
    let mut command = fixture.command(&["admin", "link"]);
    command.env("LIVETRAIL_PUBLIC_URL", "https://log.example.com/");
    let link = Process::start(command).finish().stdout;
    assert!(link.starts_with("https://log.example.com/admin/activity#token="), "{link}");
    assert_eq!(sign_in(&fixture.serve(), &link).await.status, 200);
}

#[tokio::test]
async fn the_token_of_a_link_is_no_key() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let link = fixture.succeed(&["admin", "link"]);
    let token = link.trim().split_once("#token=").expect("a token").1.to_owned();
    assert_eq!(server.get(&token, "/api/admin/activity").await.status, 401);
    assert_eq!(sign_in(&server, &link).await.status, 200, "and is not used up by that");
}

/// The cookie of a session that begins with a fresh link.
async fn signed_in(fixture: &Fixture, server: &Serving) -> (String, String) {
    let answer = sign_in(server, &fixture.succeed(&["admin", "link"])).await;
    let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    (answer.body["session_id"].as_str().expect("an id").to_owned(), cookie)
}

async fn status_with(server: &Serving, cookie: &str) -> u16 {
    let request = server.request(Method::GET, "/api/session").header("cookie", cookie);
    Answer::to(request).await.expect("an answer").status.as_u16()
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_command() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(signed_in(&fixture, &server).await);
    }
    let list = fixture.succeed(&["admin", "sessions", "list"]);
    assert_eq!(list.lines().count(), 4, "a line of titles and a line for each: {list}");
    for (id, cookie) in &sessions {
        let (_, secret) = cookie.split_once('=').expect("a value");
        assert!(list.contains(id) && list.contains("127.0.0.1") && !list.contains(secret), "{list}");
    }
    assert_eq!(fixture.succeed(&["admin", "sessions", "end", &sessions[0].0]), "");
    assert_eq!(status_with(&server, &sessions[0].1).await, 401);
    assert_eq!(status_with(&server, &sessions[1].1).await, 200);
    assert_eq!(fixture.succeed(&["admin", "sessions", "end", "--user", "nobody"]), "0 ended\n");
    assert_eq!(fixture.succeed(&["admin", "sessions", "end", "--user", "livetrail-admin"]), "2 ended\n");
    assert_eq!(status_with(&server, &sessions[1].1).await, 401);
    signed_in(&fixture, &server).await;
    assert_eq!(fixture.succeed(&["admin", "sessions", "end", "--all"]), "1 ended\n");
}

#[test]
fn which_sessions_end_has_to_be_said() {
    let fixture = Fixture::new();
    let end = |arguments: &[&str]| fixture.run(&[&["admin", "sessions", "end"], arguments].concat()).code;
    assert_eq!(end(&[]), Some(2));
    assert_eq!(end(&["--all", "--user", "u-1"]), Some(2));
    for id in ["0198c0de-7a3b-7000-8000-0123456789ab", "nonsense", "../keys", "?all=true", ""] {
        assert_eq!(end(&[id]), Some(1), "{id:?}");
    }
}

#[tokio::test]
async fn a_copy_of_the_database_opens_nothing() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (_, cookie) = signed_in(&fixture, &server).await;
    let key = fixture.key("admin");
    let link = fixture.succeed(&["admin", "link"]);
    let request = server.request(Method::POST, "/api/admin/activity/stream/ticket").bearer_auth(&key);
    let ticket = Answer::to(request).await.expect("an answer").body["ticket"].clone();
    server.stop();
    let stolen = Fixture::new();
    std::fs::create_dir(stolen.data()).expect("a folder");
    std::fs::copy(fixture.database(), stolen.database()).expect("a copy");
    let refused = stolen.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("seal.key"), "{}", refused.stderr);
    let bytes = std::fs::read(stolen.database()).expect("a file");
    let (_, session) = cookie.split_once('=').expect("a value");
    let (_, linked) = link.trim().split_once("#token=").expect("a token");
    let secrets = [&key, session, linked, ticket.as_str().expect("a ticket")];
    for secret in secrets {
        // Without prefix and checksum: the part that has to be guessed.
        let part = &secret.as_bytes()[secret.len() - 40..secret.len() - 10];
        assert!(!bytes.windows(part.len()).any(|window| window == part));
    }
    // The hashes are there, so it is these secrets' database that was searched.
    let database = rusqlite::Connection::open(stolen.database()).expect("a database");
    let grants = "SELECT count(DISTINCT kind) FROM livetrail_grants WHERE length(secret) = 32";
    assert_eq!(database.query_one(grants, [], |row| row.get::<_, u64>(0)).expect("a count"), 2);
    let server = fixture.serve();
    assert_eq!(status_with(&server, &cookie).await, 200, "it stays good where it is");
    assert_eq!(sign_in(&server, &link).await.status, 200);
}

#[tokio::test]
async fn the_secret_of_tokens_is_changed_without_a_gap() {
    let fixture = Fixture::new();
    let start = |current: &str, previous: Option<&str>| {
        let mut command = fixture.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("LIVETRAIL_JWT_SECRET_KEY_FILE", fixture.write("jwt", current));
        if let Some(previous) = previous {
            command.env("JWT_SECRET_KEY_PREVIOUS", previous);
        }
        Serving::start(command)
    };
    let new = "another secret, which it signs them with from now on";
    let server = start(SECRET, None);
    fixture.succeed(&["admin", "add", "u-1"]);
    let (_, cookie) = signed_in(&fixture, &server).await;
    server.stop();
    let server = start(new, Some(SECRET));
    assert_eq!(list_as(&server, "u-1").await, 200, "a token of the secret before");
    assert_eq!(status_with(&server, &cookie).await, 200, "sessions do not depend on it");
    server.stop();
    let server = start(new, None);
    assert_eq!(list_as(&server, "u-1").await, 401);
    assert_eq!(status_with(&server, &cookie).await, 200);
}
