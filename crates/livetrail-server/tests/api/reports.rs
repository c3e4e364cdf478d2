//! Reports.

use crate::fixture::{Fixture, activity, now};
use reqwest::Method;
use serde_json::{Value, json};

async fn report(fixture: &Fixture, query: &str) -> Value {
    let answer = fixture.get(&format!("/api/admin/reports/{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

fn each<'a>(report: &'a Value, field: &str) -> Vec<&'a Value> {
    report["data"].as_array().expect("rows").iter().map(|row| &row[field]).collect()
}

fn login(user: &str, ip: Option<&str>, success: bool, seconds_ago: u64) -> Value {
    json!({"user_id": user, "action_type": "user_login", "success": success, "ip_address": ip,
           "timestamp": now() - seconds_ago})
}

#[tokio::test]
async fn the_reports_are_named() {
    let fixture = Fixture::start().await;
    let reports = fixture.get("/api/admin/reports").await.body;
    let names: Vec<_> = reports["reports"].as_array().expect("reports").iter().map(|r| &r["name"]).collect();
    assert_eq!(
        names,
        ["recent_activity", "failed_logins", "failed_sign_ins", "admin_audit", "endpoint_performance"]
    );
    fixture.get("/api/admin/reports/horoscope").await.is_problem(404);
}

#[tokio::test]
async fn the_recent_activity_of_a_user_is_theirs_newest_first() {
    let fixture = Fixture::start().await;
    fixture.post(json!([activity("u-1", "a"), activity("u-2", "b"), activity("u-1", "c")])).await;
    let found = report(&fixture, "recent_activity?user_id=u-1").await;
    assert_eq!(each(&found, "action_type"), ["c", "a"]);
    assert_eq!((&found["report"], &found["since"]), (&json!("recent_activity"), &Value::Null));
    assert_eq!(each(&report(&fixture, "recent_activity?user_id=u-1&limit=1").await, "action_type"), ["c"]);
    let nobody = fixture.get("/api/admin/reports/recent_activity").await;
    nobody.is_problem(422);
    assert_eq!(nobody.pointers(), ["user_id"]);
}

#[tokio::test]
async fn a_report_of_large_activities_has_all_that_were_asked_for_or_says_that_it_has_not() {
    let fixture = Fixture::start().await;
    let large = |n: usize| {
        let mut activity = activity("u-1", &format!("a{n}"));
        activity["details"] = json!({"text": "x".repeat(64_000)});
        activity["changes"] = json!({"name": {"from": "x".repeat(64_000), "to": "y"}});
        activity
    };
    for first in (0..220).step_by(55) {
        fixture.post(json!((first..first + 55).map(large).collect::<Vec<_>>())).await;
    }
    let found = report(&fixture, "recent_activity?user_id=u-1&limit=110").await;
    assert_eq!((each(&found, "action_type").len(), &found["is_complete"]), (110, &json!(true)));
    let newest: Vec<_> = (110..220).rev().map(|n| json!(format!("a{n}"))).collect();
    assert_eq!(each(&found, "action_type"), newest.iter().collect::<Vec<_>>(), "in order and none twice");
    let cut = report(&fixture, "recent_activity?user_id=u-1&limit=220").await;
    let rows = each(&cut, "action_type").len();
    assert!((110..220).contains(&rows), "{rows}");
    assert_eq!(cut["is_complete"], false);
}

#[tokio::test]
async fn failed_logins_are_counted_by_user_and_address() {
    let fixture = Fixture::start().await;
    let (here, there) = (Some("192.0.2.7"), Some("198.51.100.1"));
    let mut logins = vec![login("u-1", here, false, 50); 3];
    logins.extend(vec![login("u-1", there, false, 40); 2]);
    logins.extend(vec![login("u-2", None, false, 30); 4]);
    logins.extend(vec![login("u-3", here, true, 20); 5]);
    logins.extend(vec![login("u-4", here, false, 100_000); 9]);
    logins
        .push(json!({"user_id": "u-1", "action_type": "login", "success": false, "ip_address": "192.0.2.7"}));
    fixture.post(json!(logins)).await;
    fixture
        .call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(json!({"email": "ada@example.com"})))
        .await;

    let found = report(&fixture, "failed_logins").await;
    assert_eq!(each(&found, "user_id"), ["u-1", "u-2"]);
    assert_eq!(each(&found, "attempts"), [4, 4]);
    assert_eq!(each(&found, "ip_address"), [&json!("192.0.2.7"), &Value::Null]);
    assert_eq!(each(&found, "user_email"), [&json!("ada@example.com"), &Value::Null]);
    assert!(found["data"][0]["first_at"].as_str() < found["data"][0]["last_at"].as_str());
    assert_eq!(each(&report(&fixture, "failed_logins?at_least=2").await, "attempts"), [4, 4, 2]);
    assert_eq!(each(&report(&fixture, "failed_logins?window=2d&limit=1").await, "user_id"), ["u-4"]);
    assert_eq!(each(&report(&fixture, "failed_logins?ip=198.51.100.0/24&at_least=1").await, "attempts"), [2]);
}

#[tokio::test]
async fn failed_sign_ins_are_counted_by_user_by_network_and_by_both() {
    let fixture = Fixture::start().await;
    // One network tries many users once each, and no user of it reaches a threshold.
    let sprayed =
        (0..5).map(|user| login(&format!("u-{user}"), Some(&format!("203.0.113.{user}")), false, 50));
    let mut logins: Vec<_> = sprayed.collect();
    logins.extend(vec![login("u-1", Some("198.51.100.1"), false, 40); 2]);
    logins.push(login("u-1", None, false, 30));
    logins.push(login("u-9", Some("203.0.113.9"), true, 20));
    fixture.post(json!(logins)).await;
    let name = json!({"email": "ada@example.com"});
    fixture.call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(name)).await;

    let networks = report(&fixture, "failed_sign_ins?by=network").await;
    assert_eq!(
        each(&networks, "network"),
        [&json!("203.0.113.0/24"), &json!("198.51.100.0/24"), &Value::Null]
    );
    assert_eq!(each(&networks, "attempts"), [5, 2, 1]);
    assert_eq!(each(&networks, "users"), [5, 1, 1]);
    assert_eq!((&networks["is_complete"], each(&networks, "user_id")[0]), (&json!(true), &Value::Null));

    let users = report(&fixture, "failed_sign_ins").await;
    assert_eq!(each(&users, "user_id"), ["u-1", "u-0", "u-2", "u-3", "u-4"]);
    assert_eq!(each(&users, "attempts"), [4, 1, 1, 1, 1]);
    assert_eq!(each(&users, "networks"), [3, 1, 1, 1, 1]);
    assert_eq!(each(&users, "user_email")[0], "ada@example.com");

    let pairs = report(&fixture, "failed_sign_ins?by=pair&user_id=u-1").await;
    assert_eq!(each(&pairs, "network"), [&json!("198.51.100.0/24"), &Value::Null, &json!("203.0.113.0/24")]);
    let cut = report(&fixture, "failed_sign_ins?by=network&limit=2").await;
    assert_eq!((each(&cut, "attempts").len(), &cut["is_complete"]), (2, &json!(false)));
    let refused = fixture.get("/api/admin/reports/failed_sign_ins?by=weather").await;
    assert_eq!(refused.pointers(), ["by"]);
}

#[tokio::test]
async fn the_admin_audit_is_of_admins_within_the_window() {
    let fixture = Fixture::start().await;
    let of = |user: &str, is_admin: bool, seconds_ago: u64| {
        let timestamp = now() - seconds_ago;
        json!({"user_id": user, "action_type": "a", "is_admin": is_admin, "timestamp": timestamp})
    };
    let days = |days: u64| days * 86_400;
    fixture.post(json!([of("boss", true, 10), of("u-1", false, 5), of("old", true, days(8))])).await;
    let mine = "resource_type=!livetrail";
    assert_eq!(each(&report(&fixture, &format!("admin_audit?{mine}")).await, "user_id"), ["boss"]);
    let longer = report(&fixture, &format!("admin_audit?window=30d&{mine}")).await;
    assert_eq!(each(&longer, "user_id"), ["boss", "old"]);
}

#[tokio::test]
async fn a_report_can_be_of_any_time() {
    let fixture = Fixture::start().await;
    let of = |user: &str, timestamp: u64| json!({"user_id": user, "action_type": "a", "is_admin": true, "timestamp": timestamp});
    let hour = |hours: u64| 1_700_000_000 + hours * 3_600;
    fixture.post(json!([of("first", hour(0)), of("second", hour(2)), of("third", hour(4))])).await;
    let (begin, end) = (hour(1), hour(3));
    let between = report(&fixture, &format!("admin_audit?date_from={begin}&date_to={end}")).await;
    assert_eq!(each(&between, "user_id"), ["second"]);
    assert_eq!(
        (&between["since"], &between["until"]),
        (&json!("2023-11-14T23:13:20Z"), &json!("2023-11-15T01:13:20Z"))
    );
    let before = report(&fixture, &format!("admin_audit?window=90m&date_to={end}")).await;
    assert_eq!(each(&before, "user_id"), ["second"], "the window ends at the date");
    assert_eq!(before["since"], "2023-11-14T23:43:20Z");
    let from = report(&fixture, &format!("admin_audit?date_from={begin}&resource_type=!livetrail")).await;
    assert_eq!(each(&from, "user_id"), ["third", "second"], "no window of its own");
    assert_eq!(from["until"], Value::Null);
}

#[tokio::test]
async fn endpoints_are_ordered_by_how_slow_they_are() {
    let fixture = Fixture::start().await;
    let call = |endpoint: Option<&str>, duration: Option<i32>, status: u16| {
        json!({
            "user_id": "u", "action_type": "a", "endpoint": endpoint, "duration_ms": duration, "status_code": status
        })
    };
    fixture
        .post(json!([
            call(Some("/quick"), Some(1), 200),
            call(Some("/quick"), Some(2), 200),
            call(Some("/quick"), Some(2), 500),
            call(Some("/slow"), Some(900), 200),
            call(Some("/unknown"), None, 200),
            call(None, Some(50), 200),
        ]))
        .await;
    let found = report(&fixture, "endpoint_performance?resource_type=!livetrail").await;
    assert_eq!(
        found["data"],
        json!([
            {"endpoint": "/slow", "avg_ms": 900.0, "max_ms": 900, "requests": 1, "success_rate": 100.0},
            {"endpoint": null, "avg_ms": 50.0, "max_ms": 50, "requests": 1, "success_rate": 100.0},
            {"endpoint": "/quick", "avg_ms": 1.67, "max_ms": 2, "requests": 3, "success_rate": 66.67},
            {"endpoint": "/unknown", "avg_ms": null, "max_ms": null, "requests": 1, "success_rate": 100.0},
        ])
    );
}

#[tokio::test]
async fn what_is_not_right_is_named() {
    let fixture = Fixture::start().await;
    for (query, pointers) in [
        ("failed_logins?window=yesterday&at_least=0", vec!["at_least", "window"]),
        ("admin_audit?limit=1001&page=2", vec!["limit", "page"]),
        ("endpoint_performance?window=1h&date_from=0", vec!["date_from"]),
        ("endpoint_performance?date_from=20&date_to=10", vec!["date_to"]),
        ("recent_activity?user_id=u-1&at_least=2", vec!["at_least"]),
    ] {
        let answer = fixture.get(&format!("/api/admin/reports/{query}")).await;
        answer.is_problem(422);
        assert_eq!(answer.pointers(), pointers, "{query}");
    }
}

#[tokio::test]
async fn a_report_that_was_read_is_recorded() {
    let fixture = Fixture::start().await;
    let mut seen = fixture.stream("action_filter=admin_view_activity_logs").await;
    report(&fixture, "failed_logins?window=7d&ip=192.0.2.7").await;
    let recorded = seen.next_activity().await;
    assert_eq!(recorded["endpoint"], "/api/admin/reports/failed_logins");
    assert_eq!(
        recorded["details"],
        json!({"report": "failed_logins", "limit": 100, "results_count": 0,
               "filters_applied": {"ip": "192.0.2.7", "window": "7d"}})
    );
}

#[tokio::test]
async fn somebody_bound_to_a_tenant_reads_reports_of_that_tenant_only() {
    let fixture = Fixture::start().await;
    let bound = fixture.key(json!({"role": "viewer", "name": "acme", "tenant_id": "acme"})).await;
    let of = |tenant: &str| {
        json!({"user_id": "u-1", "action_type": "user_login", "tenant_id": tenant, "success": false,
               "is_admin": true, "error_message": tenant, "endpoint": tenant})
    };
    fixture.post(json!([of("acme"), of("globex"), of("globex")])).await;
    let get = async |query: &str| {
        fixture.call(Method::GET, &format!("/api/admin/reports/{query}"), &bound, None).await.body
    };
    assert_eq!(each(&get("recent_activity?user_id=u-1").await, "tenant_id"), ["acme"]);
    assert_eq!(each(&get("admin_audit?resource_type=!livetrail").await, "tenant_id"), ["acme"]);
    assert_eq!(each(&get("failed_logins?at_least=1").await, "attempts"), [1]);
    let endpoints = get("endpoint_performance?resource_type=!livetrail").await;
    assert_eq!(each(&endpoints, "endpoint"), ["acme"]);
}

async fn sheet(fixture: &Fixture, query: &str) -> reqwest::Response {
    let request = fixture.request(Method::GET, &format!("/api/admin/reports/{query}&format=csv"));
    let answer = request.bearer_auth(&fixture.admin).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{query}");
    answer
}

#[tokio::test]
async fn a_report_in_csv_has_the_rows_of_the_report() {
    let fixture = Fixture::start().await;
    let here = Some("192.0.2.7");
    let mut logins = vec![login("=u,1", here, false, 50); 3];
    logins.push(
        json!({"user_id": "boss", "action_type": "a", "is_admin": true, "endpoint": "@x", "duration_ms": 7}),
    );
    fixture.post(json!(logins)).await;
    let found = report(&fixture, "failed_logins?window=2h").await;
    let file = sheet(&fixture, "failed_logins?window=2h").await.text().await.expect("a file");
    let row = &found["data"][0];
    let times = [&row["first_at"], &row["last_at"]].map(|time| time.as_str().expect("a time").to_owned());
    let expected = "user_id,user_email,user_display_name,ip_address,tenant_id,attempts,first_at,last_at\n\
                    \"'=u,1\",,,192.0.2.7,,3,";
    assert!(file.starts_with(expected), "{file}");
    let moments: Vec<_> =
        file.trim_end().rsplit(',').take(2).map(|time| time.trim_end_matches('Z')).collect();
    for (moment, time) in moments.iter().rev().zip(times) {
        assert!(moment.starts_with(time.trim_end_matches('Z')), "{moment} {time}");
    }

    let file = sheet(&fixture, "endpoint_performance?user_id=boss").await.text().await.expect("a file");
    assert_eq!(file, "endpoint,avg_ms,max_ms,requests,success_rate\n'@x,7,7,1,100\n");

    for query in ["recent_activity?user_id=boss", "admin_audit?user_id=boss"] {
        let file = sheet(&fixture, query).await.text().await.expect("a file");
        let export = "/api/admin/activity/export?user_id=boss";
        let request = fixture.request(Method::GET, export).bearer_auth(&fixture.admin);
        assert_eq!(file, request.send().await.expect("an answer").text().await.expect("a file"), "{query}");
    }
}

#[tokio::test]
async fn a_report_in_csv_is_a_file_that_says_whether_it_is_complete() {
    let fixture = Fixture::start().await;
    for name in ["failed_logins", "admin_audit"] {
        let answer = sheet(&fixture, &format!("{name}?window=2h")).await;
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(header("content-type"), "text/csv; charset=utf-8; header=present");
        assert!(
            header("content-disposition").starts_with(&format!("attachment; filename=\"livetrail-{name}-20"))
        );
        assert_eq!(header("livetrail-is-complete"), "true");
        assert!(["index", "sql"].contains(&header("livetrail-answered-by").as_str()));
    }
    let answer = fixture.get("/api/admin/reports/admin_audit?format=xml").await;
    answer.is_problem(422);
    assert_eq!(answer.pointers(), ["format"]);
}
