//! `livetrail erase`: what is left in files and on other servers.

use crate::{
    program::{Fixture, Process, Serving, activity},
    until::until,
};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// In every text of the user who is erased.
const MARK: &str = "qx7marker";
/// Activities of a file of the index.
const BLOCK: usize = 65_536;

fn marked() -> Value {
    json!({
        "user_id": format!("u-{MARK}"), "action_type": "user_login", "endpoint": format!("/users/u-{MARK}"), "ip_address": "192.0.2.77",
        "user_agent": MARK, "details": {"note": MARK}, "error_message": MARK, "session_id": format!("s-{MARK}"),
    })
}

async fn post(server: &Serving, key: &str, batch: Vec<Value>) {
    assert_eq!(server.post(key, &json!(batch)).await.status, 200);
}

/// The files below a folder that have the mark in them.
fn with_mark(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(with_mark(&path));
        } else if path.is_file() {
            let bytes = fs::read(&path).expect("a file");
            if bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// A log with a file of the index that has the mark in it.
async fn filled(fixture: &Fixture) -> Serving {
    let server = fixture.serve();
    let key = fixture.key("writer");
    post(&server, &key, vec![marked(); 20]).await;
    for _ in 0..BLOCK / 10_000 + 1 {
        post(&server, &key, vec![activity("u-1", "chat_message"); 10_000]).await;
    }
    fixture.succeed(&["index", "stats"]);
    until(async || with_mark(&fixture.data()).iter().any(|file| file.contains("block-"))).await;
    server
}

fn is_forgotten(fixture: &Fixture, said: &str) {
    assert!(said.starts_with("20 activities erased; the user is erased-"), "{said}");
    assert_eq!(with_mark(&fixture.data()), [""; 0]);
    fixture.succeed(&["index", "stats"]);
    assert!(fixture.succeed(&["index", "verify"]).contains("as in the database"));
    assert_eq!(with_mark(&fixture.data()), [""; 0]);
}

#[tokio::test]
async fn no_file_of_the_data_folder_has_a_text_of_the_user_beside_a_server_or_without_one() {
    let fixture = Fixture::new();
    let server = filled(&fixture).await;
    let erase = ["erase", "--user", &format!("u-{MARK}"), "--yes"];
    let said = fixture.succeed(&erase);
    is_forgotten(&fixture, &said);
    let key = fixture.key("writer");
    post(&server, &key, vec![marked(); 20]).await;
    server.stop();
    let said = fixture.succeed(&erase);
    is_forgotten(&fixture, &said);
}

#[tokio::test]
async fn an_erasure_says_what_it_would_do_and_needs_a_yes() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let key = fixture.key("writer");
    post(&server, &key, vec![marked(); 2]).await;
    let user = format!("u-{MARK}");
    let planned = fixture.succeed(&["erase", "--user", &user, "--dry-run"]);
    assert_eq!(planned, "2 activities of this user would be erased\n");
    let refused = fixture.run(&["erase", "--user", &user]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
    let hold = ["retention", "hold", "--reason", "case 4711", "--user", &user];
    let id = fixture.succeed(&hold);
    let refused = fixture.run(&["erase", "--user", &user, "--yes"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.contains(id.trim()) && refused.stderr.contains("retention release"),
        "{}",
        refused.stderr
    );
    fixture.succeed(&["retention", "release", id.trim()]);
    let erased = fixture.run(&["erase", "--user", &user, "--yes"]);
    assert!(erased.stdout.starts_with("2 activities erased"), "{}", erased.stdout);
    assert!(erased.stderr.contains("Backups, exports"), "{}", erased.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_server_over_the_same_database_shows_nothing_of_the_user() {
    let database = private_postgres::database();
    let fixtures = [(); 2].map(|()| Fixture::with_log_in(database.url()));
    let servers = fixtures.each_ref().map(Fixture::serve);
    let admin = fixtures[0].key("admin");
    until(async || fixtures[1].succeed(&["key", "list"]).contains("test admin")).await;
    // A client watches, so the activities are in the ring.
    let mut live = servers[1].stream(&admin, None).await;
    let before = live.cursor.clone();
    post(&servers[0], &admin, vec![marked(); 20]).await;
    let mut seen = 0;
    while seen < 20 {
        seen += usize::from(live.next_activity().await.to_string().contains(MARK));
    }
    fixtures[0].succeed(&["erase", "--user", &format!("u-{MARK}"), "--yes"]);

    let shown = servers[1].log(&admin).await;
    let of_others = shown.iter().filter(|activity| activity["resource_type"] != "livetrail");
    assert!(
        of_others.clone().count() >= 20
            && of_others.clone().all(|activity| !activity.to_string().contains(MARK))
    );
    let found = servers[1].get(&admin, &format!("/api/admin/activity?q={MARK}")).await;
    assert_eq!(found.body["total"], 0, "{found:?}");
    // The other server hears of it within a moment.
    until(async || {
        let mut replayed = servers[1].stream(&admin, Some(&before)).await;
        let mut first = replayed.next_activity().await;
        while first["resource_type"] == "livetrail" {
            first = replayed.next_activity().await;
        }
        !first.to_string().contains(MARK)
    })
    .await;
}

/// Kills the server when it has begun to erase many activities, and erases again.
async fn is_finished_after_a_kill(fixture: Fixture) {
    const POSTED: u64 = 10_000;
    let server = fixture.serve();
    let key = fixture.key("admin");
    post(&server, &key, vec![marked(); POSTED as usize]).await;
    let user = format!("u-{MARK}");
    // A filter by the user would be in the log, as one that was used.
    let left = async |server: &Serving| {
        server.log(&key).await.iter().filter(|one| one["user_id"] == user.as_str()).count() as u64
    };
    let has_begun = async || {
        let oldest =
            server.get(&key, "/api/admin/activity?limit=1&sort_order=asc&action_filter=user_login").await;
        oldest.body["data"][0]["user_id"] != user.as_str()
    };
    let erasing = Process::start(fixture.command(&["erase", "--user", &user, "--yes"]));
    until(has_begun).await;
    server.kill();
    erasing.finish();

    let server = fixture.serve();
    let before = left(&server).await;
    assert!(before < POSTED);
    let said = fixture.succeed(&["erase", "--user", &user, "--yes"]);
    assert!(said.starts_with(&format!("{before} activities erased")), "{before}: {said}");
    let log = server.log(&key).await;
    assert!(log.iter().all(|one| one["user_id"] != user.as_str()));
    let erased = log.iter().filter(|one| one["details"] == json!({"erased": true})).count();
    assert_eq!(erased as u64, POSTED, "every activity kept its place");
    server.stop();
    assert!(fixture.succeed(&["index", "verify"]).contains("as in the database"));
    assert_eq!(with_mark(&fixture.data()), [""; 0]);
}

#[tokio::test]
async fn an_erasure_that_was_killed_is_finished_by_the_next() {
    is_finished_after_a_kill(Fixture::new()).await;
}

#[tokio::test]
async fn an_erasure_in_postgresql_that_was_killed_is_finished_by_the_next() {
    let database = private_postgres::database();
    is_finished_after_a_kill(Fixture::with_log_in(database.url())).await;
}

#[tokio::test]
async fn erasures_one_after_the_other_leave_nothing_of_either_user_in_the_index() {
    let fixture = Fixture::new();
    let server = filled(&fixture).await;
    let key = fixture.key("admin");
    let other = marked().to_string().replace(&format!("u-{MARK}"), &format!("v-{MARK}"));
    post(&server, &key, vec![serde_json::from_str(&other).expect("an activity"); 20]).await;
    for user in ["u", "v"] {
        fixture.succeed(&["erase", "--user", &format!("{user}-{MARK}"), "--yes"]);
    }
    assert_eq!(with_mark(&fixture.data()), [""; 0]);
    for query in [format!("q={MARK}"), format!("session_id=s-{MARK}"), "ip=192.0.2.77".to_owned()] {
        let found = server.get(&key, &format!("/api/admin/activity?resource_type=!livetrail&{query}")).await;
        assert_eq!(found.body["total"], 0, "{query}: {found:?}");
    }
    server.stop();
    assert!(fixture.succeed(&["index", "verify"]).contains("as in the database"));
}

/// Failed sign-ins of a user from one address.
fn failures(user: &str, count: usize) -> Vec<Value> {
    let mut failure = activity(user, "user_login");
    failure["success"] = json!(false);
    failure["ip_address"] = json!("192.0.2.77");
    vec![failure; count]
}

/// The alerts of failed sign-ins, the latest first, as soon as there are so many.
async fn alerts(server: &Serving, key: &str, count: usize) -> Vec<Value> {
    let path = "/api/admin/alerts?rule=failed-sign-ins";
    let found = async || {
        let answer = server.get(key, path).await;
        answer.body["data"].as_array().expect("alerts").clone()
    };
    until(async || found().await.len() == count).await;
    found().await
}

/// The activities of raised alerts, as soon as there are so many.
async fn raised(server: &Serving, key: &str, count: usize) -> Vec<Value> {
    let found = async || {
        let log = server.log(key).await.into_iter();
        log.filter(|one| one["target_resource_id"] == "failed-sign-ins").collect::<Vec<_>>()
    };
    until(async || found().await.len() == count).await;
    found().await
}

/// An alert about the user goes on before and after the erasure. Another one is decided about with the user's name.
async fn loses_the_user_in_alerts(fixture: Fixture, texts: impl Fn(&Fixture) -> Vec<String>) {
    let server = fixture.serve();
    let (key, user) = (fixture.key("admin"), format!("u-{MARK}"));
    post(&server, &key, failures(&user, 12)).await;
    post(&server, &key, failures("bob", 10)).await;
    post(&server, &key, failures("eve", 9)).await;
    let before = alerts(&server, &key, 2).await;
    raised(&server, &key, 2).await;
    let [of_bob, of_user] = &before[..] else { panic!("{before:?}") };
    for (alert, what) in [(of_user, "acknowledge"), (of_bob, "resolve")] {
        let reason = format!("a test of u-{MARK}, who has called");
        fixture.succeed(&["alerts", what, alert["id"].as_str().expect("an id"), "--reason", &reason]);
    }
    post(&server, &key, failures(&user, 3)).await;
    until(async || alerts(&server, &key, 2).await[1]["count"] == 15).await;

    let said = fixture.succeed(&["erase", "--user", &user, "--yes"]);
    assert!(said.contains("3 alerts do not"), "{said}");
    assert_eq!(texts(&fixture), [""; 0]);
    let after = alerts(&server, &key, 2).await;
    let pseudonym = after[1]["group"]["user_id"].as_str().expect("a pseudonym");
    assert!(pseudonym.starts_with("erased-"), "{pseudonym}");
    for field in ["id", "rule", "rule_version", "title", "severity", "position", "raised_at", "first_at"] {
        assert_eq!(after[1][field], of_user[field], "{field}");
    }
    assert_eq!((&after[1]["id"], &after[1]["count"]), (&of_user["id"], &json!(15)));
    assert_eq!((&after[1]["state"], &after[1]["reason"]), (&json!("acknowledged"), &json!("[erased]")));
    assert_eq!(after[0]["group"], of_bob["group"]);
    assert_eq!(after[0]["reason"], json!(format!("a test of {pseudonym}, who has called")));
    let recorded = raised(&server, &key, 2).await;
    assert_eq!(recorded[0]["details"], json!({"erased": true}));
    assert_eq!(recorded[1]["details"]["alert"]["group"], json!({"user_id": "bob"}));

    // The evaluator goes on with what others did before, and with nothing of the user.
    post(&server, &key, failures("eve", 1)).await;
    assert_eq!(alerts(&server, &key, 3).await[0]["group"], json!({"user_id": "eve"}));
    raised(&server, &key, 3).await;
    assert_eq!(texts(&fixture), [""; 0]);
    post(&server, &key, failures(&user, 9)).await;
    post(&server, &key, failures("joe", 10)).await;
    let users: Vec<Value> =
        alerts(&server, &key, 4).await.iter().map(|one| one["group"]["user_id"].clone()).collect();
    assert_eq!(users, [json!("joe"), json!("eve"), json!("bob"), json!(pseudonym)], "nine are no alert");
}

#[tokio::test]
async fn alerts_and_decisions_about_them_lose_the_user() {
    loses_the_user_in_alerts(Fixture::new(), |fixture| with_mark(&fixture.data())).await;
}

#[tokio::test]
async fn alerts_in_postgresql_and_decisions_about_them_lose_the_user() {
    let database = private_postgres::database();
    let fixture = Fixture::with_log_in(database.url());
    loses_the_user_in_alerts(fixture, |_| {
        let with_mark = |table: &str| {
            database.psql(&format!("SELECT t::text FROM {table} t WHERE t::text LIKE '%{MARK}%'"))
        };
        let found = ["livetrail_alerts", "livetrail_alert_progress", "activity_logs"].map(with_mark);
        found.iter().map(|rows| rows.trim().to_owned()).filter(|rows| !rows.is_empty()).collect()
    })
    .await;
}
