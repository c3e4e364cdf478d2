//! Questions to the log have an end, and each credential has its share of them.

use crate::{
    fixture::{Answer, Fixture, activity, id},
    until::until,
};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use tokio::task::JoinSet;

/// Longer than any test takes.
const NO_END: Duration = Duration::from_secs(600);

/// A call that takes for ever among slow users.
const SLOW: &str = "/api/admin/activity/facets?user_search=grace";

/// Asks with a credential, in the background, as often as said.
fn ask(fixture: &Fixture, credential: &str, path: &str, times: usize) -> JoinSet<Answer> {
    let mut asked = JoinSet::new();
    for _ in 0..times {
        let request = fixture.request(Method::GET, path).bearer_auth(credential);
        asked.spawn(async move { Answer::of(request.send().await.expect("an answer")).await });
    }
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_question_that_takes_too_long_is_ended_and_the_answer_says_what_to_narrow() {
    let fixture = Fixture::start_with_slow_users(Duration::from_millis(200)).await;
    let failed = json!({"user_id": "u-1", "action_type": "user_login", "success": false});
    assert_eq!(fixture.post(failed).await.status, 201);
    for call in [
        "activity?",
        "activity?stats=false&",
        "activity/stats?",
        "activity/facets?",
        "activity/timeline?",
        "activity/export?",
        "reports/admin_audit?",
        "reports/failed_logins?",
        "reports/failed_sign_ins?",
        "reports/endpoint_performance?",
        "reports/recent_activity?user_id=livetrail-operator&",
    ] {
        let answer = fixture.get(&format!("/api/admin/{call}user_search=grace")).await;
        answer.is_problem(503);
        assert!(answer.detail().contains("longer than 200ms"), "{call}: {answer:?}");
        assert!(answer.detail().contains("Narrow it") && answer.detail().contains("date_from"), "{call}");
        assert_eq!(answer.header("retry-after"), "", "{call}: to ask the same again would not help");
    }
    fixture.until_slow_questions(0).await;
}

#[tokio::test]
async fn a_question_is_ended_on_every_database() {
    let fixture = Fixture::start_with_question_timeout(Duration::from_millis(1)).await;
    // So many words are looked up in the rows.
    let long = json!({"note": (0..8_000).map(|n| format!("w{n} ")).collect::<String>()});
    let mut activities = vec![activity("u-1", "user_login"); 60];
    activities.iter_mut().for_each(|activity| activity["details"] = long.clone());
    assert_eq!(fixture.post(json!(activities)).await.status, 200);
    // A server that is held up for a moment has the answer before it looks at the time. Then it is asked again.
    let mut ended = None;
    until(async || {
        ended = Some(fixture.list("text=w7999").await).filter(|answer| answer.status != 200);
        ended.is_some()
    })
    .await;
    let answer = ended.expect("an answer");
    answer.is_problem(503);
    assert!(answer.detail().contains("Narrow it"), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_ends_when_its_client_hangs_up() {
    let fixture = Fixture::start_with_slow_users(NO_END).await;
    for path in [SLOW, "/api/admin/activity/export?user_search=grace"] {
        let mut asked = ask(&fixture, &fixture.admin, path, 1);
        fixture.until_slow_questions(1).await;
        asked.shutdown().await;
        fixture.until_slow_questions(0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_credential_that_asks_slow_questions_delays_no_other() {
    let fixture = Fixture::start_with_slow_users(NO_END).await;
    let sent = json!({"id": id(1), "user_id": "u-1", "action_type": "user_login"});
    assert_eq!(fixture.post(sent).await.status, 201);
    let greedy = fixture.key(json!({"role": "viewer", "name": "greedy"})).await;
    let mut asked = ask(&fixture, &greedy, SLOW, 30);
    fixture.until_slow_questions(2).await;

    assert_eq!(fixture.send(fixture.request(Method::GET, "/readyz")).await.status, 200);
    assert_eq!(fixture.get(&format!("/api/admin/activity/{}", id(1))).await.status, 200);
    let mut resumed = fixture.stream_after("user_id=u-1", Some(&fixture.beginning().await)).await;
    assert_eq!(resumed.next_activity().await["id"], id(1));
    for call in ["activity?", "activity/facets?", "activity/export?format=ndjson&", "reports/admin_audit?"] {
        assert_eq!(fixture.get(&format!("/api/admin/{call}user_id=u-1")).await.status, 200, "{call}");
    }
    let by_key = fixture.call(Method::GET, &format!("/api/admin/activity/{}", id(1)), &greedy, None).await;
    assert_eq!(by_key.status, 200, "a read by key is no question");

    assert_eq!(fixture.slow_questions(), 2, "half of the places are all that one credential has");
    assert!(asked.try_join_next().is_none(), "and its questions are still under way");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_credentials_that_ask_slow_questions_leave_readiness_and_reads_by_key_as_they_are() {
    let fixture = Fixture::start_with_slow_users(NO_END).await;
    let sent = json!({"id": id(1), "user_id": "u-1", "action_type": "user_login"});
    assert_eq!(fixture.post(sent).await.status, 201);
    let mut asked = Vec::new();
    for name in ["one", "other"] {
        let key = fixture.key(json!({"role": "viewer", "name": name})).await;
        asked.push(ask(&fixture, &key, SLOW, 10));
    }
    fixture.until_slow_questions(4).await;
    assert_eq!(fixture.send(fixture.request(Method::GET, "/readyz")).await.status, 200);
    assert_eq!(fixture.get(&format!("/api/admin/activity/{}", id(1))).await.status, 200);
    assert_eq!(fixture.post(activity("u-2", "user_login")).await.status, 201);

    // One of them hangs up; then the list of a third has its turn.
    asked.pop().expect("two").shutdown().await;
    assert_eq!(fixture.list("limit=1").await.status, 200);
}
