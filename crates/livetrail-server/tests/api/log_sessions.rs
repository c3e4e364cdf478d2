//! The sessions of the log, compared with a plain evaluation over what was posted.

use crate::fixture::{APPLICATION, Fixture, id};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PATH: &str = "/api/admin/activity/sessions";

/// Sessions that overlap, some of whose activities have the same moment; some activities have no session.
fn batch() -> Vec<Value> {
    let of = |n: u64| {
        json!({
            "id": id(n + 1), "user_id": format!("u-{}", n % 17), "action_type": "a", "success": !n.is_multiple_of(5),
            "session_id": (!n.is_multiple_of(11)).then(|| format!("s-{}", (n * 7 + n / 40) % 23)),
            "timestamp": 1_700_000_000 + n / 3,
            "is_admin": n % 17 == 3, "ip_address": format!("192.0.2.{}", n % 17),
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        })
    };
    (0..400).map(of).collect()
}

/// Sessions with count and failures, the most recently active first, as a plain reading of the batch gives them.
fn plain(is_meant: impl Fn(&Value) -> bool) -> Vec<(u64, String, u64, u64)> {
    let mut sessions = BTreeMap::<String, (u64, u64, u64)>::new();
    for activity in batch().into_iter().filter(is_meant) {
        let Some(session) = activity["session_id"].as_str() else { continue };
        let (last, count, failed) = sessions.entry(session.to_owned()).or_default();
        *last = (*last).max(activity["timestamp"].as_u64().expect("a moment"));
        *count += 1;
        *failed += u64::from(activity["success"] == false);
    }
    let mut sessions: Vec<_> =
        sessions.into_iter().map(|(id, (last, count, failed))| (last, id, count, failed)).collect();
    sessions.sort();
    sessions.reverse();
    sessions
}

fn read(answer: &Value) -> Vec<(u64, String, u64, u64)> {
    let sessions = answer["data"].as_array().expect("sessions");
    let number = |session: &Value, name: &str| session[name].as_u64().expect("a count");
    let moment = |session: &Value| {
        let moment: jiff::Timestamp = session["last_at"].as_str().expect("text").parse().expect("a moment");
        moment.as_second().cast_unsigned()
    };
    let id = |session: &Value| session["session_id"].as_str().expect("an id").to_owned();
    let session = |one: &Value| (moment(one), id(one), number(one, "count"), number(one, "failed_count"));
    sessions.iter().map(session).collect()
}

/// Every session of a filter, by pages of so many.
async fn all(fixture: &Fixture, filter: &str, limit: usize) -> Vec<(u64, String, u64, u64)> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = fixture.get(&format!("{PATH}?limit={limit}&{filter}{cursor}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        found.extend(read(&answer.body));
        // What arrives meanwhile is in no later page.
        fixture.post(json!({"user_id": "late", "action_type": "a", "session_id": "late"})).await;
        match answer.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn sessions_are_those_of_a_plain_reading_each_once_however_they_are_paged() {
    for limit in [1, 4, 50] {
        let fixture = Fixture::start().await;
        assert_eq!(fixture.post(json!(batch())).await.status, 200);
        let mut found = all(&fixture, APPLICATION, limit).await;
        assert!(found.is_sorted_by(|one, next| one.0 >= next.0), "the most recently active first");
        found.sort();
        found.reverse();
        assert_eq!(found, plain(|_| true), "{limit}");
    }
}

#[tokio::test]
async fn a_filter_decides_which_sessions_there_are_and_what_is_counted_of_them() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.post(json!(batch())).await.status, 200);
    let mut found = all(&fixture, "is_admin=true", 3).await;
    found.sort();
    found.reverse();
    assert_eq!(found, plain(|activity| activity["is_admin"] == true));
    assert_eq!(all(&fixture, "user_id=nobody", 3).await, []);
}

#[tokio::test]
async fn a_session_says_who_acted_last_in_it_and_from_where() {
    let fixture = Fixture::start().await;
    let act = |user: &str, moment: u64| {
        json!({"user_id": user, "action_type": "a", "session_id": "s", "timestamp": 1_700_000_000 + moment,
               "ip_address": format!("192.0.2.{moment}"), "is_admin": true, "success": false})
    };
    fixture.post(json!([act("u-2", 9), act("u-1", 1)])).await;
    let session = fixture.get(PATH).await.body["data"][0].clone();
    assert_eq!((&session["user_id"], &session["ip_address"]), (&json!("u-2"), &json!("192.0.2.9")));
    assert_eq!((&session["is_admin"], &session["count"]), (&json!(true), &json!(2)));
    assert_eq!((&session["failed_count"], &session["first_at"]), (&json!(2), &json!("2023-11-14T22:13:21Z")));
}

#[tokio::test]
async fn a_cursor_of_another_filter_or_of_no_answer_is_refused() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.post(json!(batch())).await.status, 200);
    let first = fixture.get(&format!("{PATH}?limit=1&{APPLICATION}")).await;
    let cursor = first.body["next_cursor"].as_str().expect("a cursor");
    fixture.get(&format!("{PATH}?limit=1&cursor={cursor}")).await.is_problem(422);
    let answer = fixture.get(&format!("{PATH}?limit=51&cursor=made-up&page=1")).await;
    answer.is_problem(422);
    assert_eq!(answer.pointers(), ["limit", "cursor", "page"]);
}
