//! Groups of activities, compared with a plain evaluation over what was posted.

use crate::fixture::{APPLICATION, Fixture, id};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The first moment of the log.
const START: u64 = 1_700_000_000;

/// Activities whose values repeat and are null now and then.
fn batch() -> Vec<Value> {
    let of = |n: u64| {
        json!({
            "id": id(n + 1), "user_id": format!("u-{}", n % 5), "action_type": format!("a{}", n % 3),
            "tenant_id": n.is_multiple_of(4).then_some("acme"), "success": !n.is_multiple_of(7),
            "duration_ms": (!n.is_multiple_of(6)).then_some(n * n % 97), "timestamp": START + n,
            "endpoint": n.is_multiple_of(2).then(|| format!("/{}", n % 4)),
            "ip_address": match n % 3 {
                0 => Some(format!("198.51.100.{}", n % 50)),
                1 => Some(format!("2001:db8:0:{}::{:x}", n % 2 + 1, n)),
                _ => None,
            },
        })
    };
    (0..200).map(of).collect()
}

/// The groups as a plain reading of the batch gives them: by value and tenant, count, failures, first, last, p95.
fn plain(value: impl Fn(&Value) -> (Value, Value)) -> BTreeMap<String, (u64, u64, u64, u64, Value)> {
    let mut members = BTreeMap::<String, Vec<Value>>::new();
    for activity in batch() {
        members.entry(json!(value(&activity)).to_string()).or_default().push(activity);
    }
    let figures = |activities: Vec<Value>| {
        let mut durations: Vec<u64> =
            activities.iter().filter_map(|activity| activity["duration_ms"].as_u64()).collect();
        durations.sort_unstable();
        let p95 = durations.get((durations.len() * 95).div_ceil(100).saturating_sub(1));
        let moments = || activities.iter().filter_map(|activity| activity["timestamp"].as_u64());
        let failed = activities.iter().filter(|activity| activity["success"] == false).count() as u64;
        let (first, last) = (moments().min().expect("one"), moments().max().expect("one"));
        (activities.len() as u64, failed, first, last, json!(p95))
    };
    members.into_iter().map(|(value, activities)| (value, figures(activities))).collect()
}

fn second(moment: &Value) -> u64 {
    let moment: jiff::Timestamp = moment.as_str().expect("a moment").parse().expect("a moment");
    moment.as_second().cast_unsigned()
}

fn answered(answer: &Value) -> BTreeMap<String, (u64, u64, u64, u64, Value)> {
    let number = |group: &Value, name: &str| group[name].as_u64().expect("a count");
    let figures = |group: &Value| {
        let key = json!((&group["value"], &group["tenant_id"])).to_string();
        let (first, last) = (second(&group["first_at"]), second(&group["last_at"]));
        let (count, failed) = (number(group, "count"), number(group, "failed_count"));
        (key, (count, failed, first, last, group["p95_duration_ms"].clone()))
    };
    answer["data"].as_array().expect("groups").iter().map(figures).collect()
}

/// The network of an address as the documentation has it.
fn network(activity: &Value) -> Value {
    match activity["ip_address"].as_str() {
        Some(ip) if ip.starts_with("198") => "198.51.100.0/24".into(),
        Some(_) => "2001:db8::/48".into(),
        None => Value::Null,
    }
}

/// The value and the tenant by which an activity is grouped.
type Group = fn(&Value) -> (Value, Value);

#[tokio::test]
async fn groups_are_those_of_a_plain_reading() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.post(json!(batch())).await.status, 200);
    let cases: [(&str, Group); 6] = [
        ("", |_| (Value::Null, Value::Null)),
        ("by=action_type", |one| (one["action_type"].clone(), Value::Null)),
        ("by=user_id", |one| (one["user_id"].clone(), one["tenant_id"].clone())),
        ("by=endpoint", |one| (one["endpoint"].clone(), Value::Null)),
        ("by=ip&limit=1000", |one| (one["ip_address"].clone(), Value::Null)),
        ("by=network", |one| (network(one), Value::Null)),
    ];
    for (by, value) in cases {
        let answer = fixture.get(&format!("/api/admin/activity/groups?{by}&p95=true&{APPLICATION}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let (found, expected) = (answered(&answer.body), plain(value));
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{by}");
        for (key, figures) in &expected {
            assert_eq!(&found[key], figures, "{by} {key}");
        }
        assert_eq!((&answer.body["is_complete"], &answer.body["is_exact"]), (&json!(true), &json!(true)));
    }
}

#[tokio::test]
async fn the_largest_groups_come_first_and_an_answer_says_whether_there_are_more() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.post(json!(batch())).await.status, 200);
    let answer =
        fixture.get(&format!("/api/admin/activity/groups?by=action_type&limit=2&{APPLICATION}")).await;
    assert_eq!(answer.each("value"), ["a0", "a1"]);
    assert_eq!(answer.each("count"), [67, 67]);
    assert_eq!(answer.each("p95_duration_ms"), [Value::Null, Value::Null], "nobody asked for it");
    assert_eq!(answer.body["is_complete"], false);
    let nothing = fixture.get("/api/admin/activity/groups?by=network&user_id=nobody").await.body;
    assert_eq!((&nothing["data"], &nothing["is_complete"]), (&json!([]), &json!(true)));
}

#[tokio::test]
async fn users_and_actions_are_called_what_people_call_them() {
    let fixture = Fixture::start().await;
    let ada = json!({"user_id": "u-1", "action_type": "user_login", "tenant_id": "acme"});
    fixture.post(json!([ada, {"user_id": "u-1", "action_type": "parcel_sent"}])).await;
    let acme = fixture.key(json!({"role": "admin", "name": "acme", "tenant_id": "acme"})).await;
    fixture.call(Method::PUT, "/api/users/u-1", &acme, Some(json!({"display_name": "Ada"}))).await;
    let users = fixture.get(&format!("/api/admin/activity/groups?by=user_id&{APPLICATION}")).await;
    let mut labels = users.each("label");
    labels.sort_by_key(Value::to_string);
    assert_eq!(labels, [json!("Ada"), Value::Null], "a name belongs to a user of a tenant");
    let actions = fixture.get(&format!("/api/admin/activity/groups?by=action_type&{APPLICATION}")).await;
    assert_eq!(actions.each("label"), [Value::Null, json!("User login")]);
}

#[tokio::test]
async fn what_is_not_right_is_named_and_a_tenant_sees_its_own_groups_only() {
    let fixture = Fixture::start().await;
    let answer = fixture.get("/api/admin/activity/groups?by=colour&limit=0&p95=perhaps&page=2").await;
    answer.is_problem(422);
    assert_eq!(answer.pointers(), ["by", "p95", "limit", "page"]);
    let bound = fixture.key(json!({"role": "viewer", "name": "acme", "tenant_id": "acme"})).await;
    assert_eq!(fixture.post(json!(batch())).await.status, 200);
    let path = format!("/api/admin/activity/groups?{APPLICATION}");
    let groups = fixture.call(Method::GET, &path, &bound, None).await;
    assert_eq!(groups.each("count"), [50]);
}
