//! Rules for alerts: reading, making, changing and removing them.

use crate::{
    alerts::{ALERTS, failures, raised},
    fixture::{Answer, Fixture, activity},
    until::until,
};
use futures_util::future::join_all;
use jiff::Timestamp;
use livetrail_store::AlertRule;
use reqwest::Method;
use serde_json::{Value, json};
use std::{cell::Cell, time::Duration};

const RULES: &str = "/api/admin/alert-rules";

fn definition(id: &str, more: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"Deleted documents\"\nseverity = \"notice\"\ngroup_by = [\"user_id\"]\n\
         timespan = \"1h\"\n{more}\n[filter]\naction_filter = \"document_delete\"\n\n[condition]\ntype = \"event_count\"\ngte = 2\n"
    )
}

async fn create(fixture: &Fixture, body: Value) -> Answer {
    fixture.as_admin(Method::POST, RULES, Some(body)).await
}

async fn change(fixture: &Fixture, id: &str, body: Value) -> Answer {
    fixture.as_admin(Method::PUT, &format!("{RULES}/{id}"), Some(body)).await
}

async fn remove(fixture: &Fixture, id: &str) -> Answer {
    fixture.as_admin(Method::DELETE, &format!("{RULES}/{id}"), None).await
}

/// A rule as a credential sees it.
async fn rule(fixture: &Fixture, credential: &str, id: &str) -> Option<Value> {
    let rules = fixture.call(Method::GET, RULES, credential, None).await;
    let rules = rules.body["data"].as_array().expect("rules").clone();
    rules.into_iter().find(|rule| rule["id"] == id)
}

async fn alerts_of(fixture: &Fixture, rule: &str) -> usize {
    let answer = fixture.get(&format!("{ALERTS}?rule={rule}")).await;
    answer.body["data"].as_array().expect("alerts").len()
}

#[tokio::test]
async fn the_built_in_rules_are_listed_with_their_open_alerts() {
    let fixture = Fixture::start().await;
    raised(&fixture, &[("bob", None), ("eve", Some("acme"))]).await;
    let found = rule(&fixture, &fixture.admin, "failed-sign-ins").await.expect("a rule");
    for (field, expected) in [
        ("enabled", json!(true)),
        ("built_in", json!(true)),
        ("changed", json!(false)),
        ("severity", json!("warning")),
        ("open", json!(2)),
        ("tenant_id", Value::Null),
        ("changed_by", Value::Null),
        ("saturated_since", Value::Null),
        ("faults", json!([])),
    ] {
        assert_eq!(found[field], expected, "{field}");
    }
    assert!(found["definition"].as_str().is_some_and(|text| text.contains("[condition]")));
    let viewer = fixture.key(json!({"role": "viewer", "name": "v", "tenant_id": "acme"})).await;
    let seen = rule(&fixture, &viewer, "failed-sign-ins").await.expect("a rule");
    assert_eq!(seen["open"], 1);
    assert_eq!(rule(&fixture, &fixture.admin, "mass-delete").await.expect("a rule")["enabled"], false);
}

#[tokio::test]
async fn a_new_rule_is_evaluated_and_its_making_is_an_activity() {
    let fixture = Fixture::start().await;
    let mut recorded = fixture.stream("action_filter=settings_updated").await;
    let made = create(&fixture, json!({"definition": definition("deletes", "")})).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(
        (&made.body["id"], &made.body["enabled"], &made.body["built_in"], &made.body["changed_by"]),
        (&json!("deletes"), &json!(true), &json!(false), &json!("key:test admin"))
    );
    let record = recorded.next_activity().await;
    assert_eq!((&record["target_resource_id"], &record["status_code"]), (&json!("deletes"), &json!(201)));
    let changes = &record["details"]["alert_rule"]["changes"];
    assert_eq!(changes["enabled"], json!({"from": null, "to": true}));
    fixture.post(json!(vec![activity("bob", "document_delete"); 2])).await;
    until(async || alerts_of(&fixture, "deletes").await == 1).await;

    create(&fixture, json!({"definition": definition("deletes", "")})).await.is_problem(409);
    create(&fixture, json!({"definition": definition("failed-sign-ins", "")})).await.is_problem(409);
    let off = change(&fixture, "deletes", json!({"enabled": false})).await;
    assert_eq!((&off.body["enabled"], &off.body["version"]), (&json!(false), &made.body["version"]));
    let record = recorded.next_activity().await;
    assert_eq!(record["details"]["alert_rule"]["changes"], json!({"enabled": {"from": true, "to": false}}));
    let stricter = definition("deletes", "").replace("gte = 2", "gte = 3");
    let changed = change(&fixture, "deletes", json!({"definition": stricter, "enabled": true})).await;
    assert_ne!(changed.body["version"], made.body["version"]);
    assert_eq!(remove(&fixture, "deletes").await.status, 204);
    remove(&fixture, "deletes").await.is_problem(404);
    change(&fixture, "deletes", json!({"enabled": true})).await.is_problem(404);
    assert!(rule(&fixture, &fixture.admin, "deletes").await.is_none());
    assert_eq!(alerts_of(&fixture, "deletes").await, 1, "its alert stays");
}

#[tokio::test]
async fn a_built_in_rule_is_changed_in_a_copy_and_goes_back_to_its_first_form() {
    let fixture = Fixture::start().await;
    let first = rule(&fixture, &fixture.admin, "mass-delete").await.expect("a rule");
    let on = change(&fixture, "mass-delete", json!({"enabled": true})).await;
    assert_eq!(on.status, 200, "{on:?}");
    assert_eq!(
        (&on.body["enabled"], &on.body["built_in"], &on.body["changed"], &on.body["definition"]),
        (&json!(true), &json!(true), &json!(true), &first["definition"])
    );
    // What is so already is no change.
    let again = change(&fixture, "mass-delete", json!({"enabled": true})).await;
    assert_eq!(again.body["changed_at"], on.body["changed_at"]);
    let mut recorded = fixture.stream("action_filter=settings_updated").await;
    assert_eq!(remove(&fixture, "mass-delete").await.status, 204);
    assert_eq!(recorded.next_activity().await["details"]["alert_rule"]["change"], "reset");
    assert_eq!(rule(&fixture, &fixture.admin, "mass-delete").await.expect("a rule"), first);
    assert_eq!(remove(&fixture, "mass-delete").await.status, 204, "it is in its first form");
}

#[tokio::test]
async fn the_faults_of_a_rule_are_told_by_line() {
    let fixture = Fixture::start().await;
    let faulty = definition("deletes", "").replace("notice", "high").replace("gte = 2", "gte = 0");
    let refused = create(&fixture, json!({"definition": faulty})).await;
    refused.is_problem(422);
    assert_eq!(refused.pointers(), ["/definition", "/definition"]);
    let errors = refused.body["errors"].to_string();
    assert!(
        errors.contains("line 3, column 12: `severity` must be info, notice, warning or critical"),
        "{errors}"
    );
    assert!(errors.contains("`condition.gte` must be 1 to 10000"), "{errors}");
    for (body, pointer) in [
        (json!({"definition": "id = "}), "/definition"),
        (json!({"definition": "#".repeat(64 * 1024 + 1)}), "/definition"),
        (json!({"definition": definition("deletes", ""), "tenant_id": ""}), "/tenant_id"),
        (
            json!({"definition": definition("deletes", "tenant = \"acme\""), "tenant_id": "globex"}),
            "/tenant_id",
        ),
        (json!({"definition": definition("deletes", "").replace("Deleted", "a\\u0000b")}), "/definition"),
        (json!({"definition": definition("deletes", "").replace("Deleted", "a\\nBcc: b")}), "/definition"),
        (json!({"definition": definition("deletes", ""), "on": true}), ""),
        (json!({"enabled": true}), ""),
    ] {
        let refused = create(&fixture, body).await;
        refused.is_problem(422);
        assert_eq!(refused.pointers(), [pointer], "{refused:?}");
    }
    create(&fixture, json!({"definition": "#".repeat(600 * 1024)})).await.is_problem(413);
    let other_id = json!({"definition": definition("deletes", "")});
    let refused = change(&fixture, "mass-delete", other_id).await;
    refused.is_problem(422);
    assert!(refused.detail().contains("a rule keeps its id"), "{}", refused.detail());
    change(&fixture, "mass-delete", json!({})).await.is_problem(422);
}

#[tokio::test]
async fn a_rule_of_a_tenant_is_about_its_activities_and_seen_by_it() {
    let fixture = Fixture::start().await;
    let of_globex = json!({"definition": definition("deletes", ""), "tenant_id": "globex"});
    let made = create(&fixture, of_globex).await;
    assert_eq!(made.body["tenant_id"], "globex", "{made:?}");
    let key = |tenant: &'static str| json!({"role": "viewer", "name": tenant, "tenant_id": tenant});
    let (acme, globex) = (fixture.key(key("acme")).await, fixture.key(key("globex")).await);
    assert!(rule(&fixture, &acme, "deletes").await.is_none());
    assert!(rule(&fixture, &globex, "deletes").await.is_some());
    let mut delete = activity("bob", "document_delete");
    for tenant in [None, Some("acme"), Some("globex")] {
        delete["tenant_id"] = json!(tenant);
        fixture.post(json!([delete, delete])).await;
    }
    until(async || alerts_of(&fixture, "deletes").await == 1).await;
    // A later alert shows that everything before was evaluated.
    fixture.post(failures("eve", 10, None)).await;
    until(async || alerts_of(&fixture, "failed-sign-ins").await == 1).await;
    let found = fixture.get(&format!("{ALERTS}?rule=deletes")).await;
    assert_eq!(found.each("tenant_id"), ["globex"]);
    let changed = change(&fixture, "deletes", json!({"enabled": false})).await;
    assert_eq!(changed.body["tenant_id"], "globex", "it stays the tenant's");
}

#[tokio::test]
async fn of_new_rules_with_one_id_that_come_together_one_is_made() {
    let fixture = Fixture::start().await;
    for round in 0..5 {
        let id = format!("deletes-{round}");
        let described = |n| definition(&id, &format!("description = \"{n}\""));
        let wanted = (0..8).map(|n| create(&fixture, json!({"definition": described(n)})));
        let made = join_all(wanted).await;
        let (won, lost): (Vec<_>, Vec<_>) = made.iter().enumerate().partition(|(_, made)| made.status == 201);
        let [(winner, _)] = won[..] else { panic!("{made:?}") };
        for (_, refused) in lost {
            refused.is_problem(409);
            assert!(refused.detail().contains("choose another id"), "{}", refused.detail());
        }
        let kept = rule(&fixture, &fixture.admin, &id).await.expect("a rule");
        assert_eq!(kept["definition"], described(winner));
    }
}

/// Keeps a rule as an earlier version of the server did.
async fn keep(fixture: &Fixture, id: &str, definition: String) {
    let rule = AlertRule {
        id: id.into(),
        definition,
        enabled: true,
        tenant: None,
        after: 0,
        changed_by: Some("root".into()),
        changed_at: Timestamp::UNIX_EPOCH,
    };
    fixture.app().store.put_alert_rule(rule).await.expect("a rule");
}

#[tokio::test]
async fn there_are_at_most_200_rules() {
    let fixture = Fixture::start().await;
    for number in 0..199 {
        let id = format!("deletes-{number}");
        keep(&fixture, &id, definition(&id, "")).await;
    }
    let two = ["one", "two"].map(|id| create(&fixture, json!({"definition": definition(id, "")})));
    let made = join_all(two).await;
    let refused = made.iter().find(|made| made.status != 201).expect("one too many");
    assert!(made.iter().any(|made| made.status == 201), "{made:?}");
    refused.is_problem(409);
    assert!(refused.detail().contains("There are 200 rules; remove some"), "{}", refused.detail());
    assert_eq!(change(&fixture, "deletes-7", json!({"enabled": false})).await.status, 200);
    assert_eq!(remove(&fixture, "deletes-7").await.status, 204);
    assert_eq!(create(&fixture, json!({"definition": definition("three", "")})).await.status, 201);
}

#[tokio::test]
async fn a_kept_rule_that_cannot_be_read_is_shown_with_its_faults_and_the_others_are_evaluated() {
    let fixture = Fixture::start().await;
    keep(&fixture, "later", definition("later", "colour = \"red\"")).await;
    assert_eq!(create(&fixture, json!({"definition": definition("deletes", "")})).await.status, 201);
    fixture.post(json!(vec![activity("bob", "document_delete"); 2])).await;
    until(async || alerts_of(&fixture, "deletes").await == 1).await;
    assert_eq!(alerts_of(&fixture, "later").await, 0);
    let shown = rule(&fixture, &fixture.admin, "later").await.expect("a rule");
    let faults = shown["faults"].as_array().expect("faults");
    assert_eq!(faults.len(), 1, "{shown}");
    assert!(
        faults[0].as_str().is_some_and(|fault| fault.contains("line 6") && fault.contains("colour")),
        "{shown}"
    );
    assert_eq!(
        (&shown["enabled"], &shown["title"], &shown["changed_by"]),
        (&json!(false), &json!("later"), &json!("root"))
    );
    let mended =
        change(&fixture, "later", json!({"definition": definition("later", ""), "enabled": true})).await;
    assert_eq!((&mended.body["faults"], &mended.body["enabled"]), (&json!([]), &json!(true)));
    fixture.post(json!(vec![activity("eve", "document_delete"); 2])).await;
    until(async || alerts_of(&fixture, "later").await == 1).await;
}

async fn backtest(fixture: &Fixture, body: Value) -> Vec<Value> {
    let answer = create_at(fixture, "/api/admin/alert-rules/backtest", body).await;
    let text = answer.text().await.expect("lines");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

async fn create_at(fixture: &Fixture, path: &str, body: Value) -> reqwest::Response {
    let request = fixture.request(Method::POST, path).bearer_auth(&fixture.admin).json(&body);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
    answer
}

#[tokio::test]
async fn a_back_test_says_what_a_rule_would_have_raised_and_raises_nothing() {
    let fixture = Fixture::start().await;
    for (user, count) in [("bob", 2), ("eve", 5), ("ada", 1)] {
        fixture.post(json!(vec![activity(user, "document_delete"); count])).await;
    }
    let lines = backtest(&fixture, json!({"definition": definition("deletes", "")})).await;
    let (result, progress) = lines.split_last().expect("a result");
    assert!(progress.iter().all(|line| line["type"] == "progress" && line["of"].is_u64()), "{progress:?}");
    assert_eq!(
        (&result["type"], &result["alerts"], &result["activities"], &result["stopped_at"]),
        (&json!("result"), &json!(2), &json!(8), &Value::Null)
    );
    assert_eq!(result["per_day"].as_array().map(Vec::len), Some(1), "{result}");
    assert_eq!(result["per_day"][0]["alerts"], 2);
    let first = &result["first"][0];
    assert_eq!((&first["group"], &first["severity"]), (&json!({"user_id": "bob"}), &json!("notice")));
    assert_eq!(first.get("state"), None, "nobody decides about it");
    let groups = result["groups"].as_array().expect("groups");
    let eve = groups.iter().find(|loud| loud["group"]["user_id"] == "eve").expect("a group");
    assert_eq!((&eve["alerts"], &eve["activities"]), (&json!(1), &json!(5)));
    assert_eq!(alerts_of(&fixture, "deletes").await, 0);

    let long_ago = json!({"definition": definition("deletes", ""), "to": "2020-01-01T00:00:00Z"});
    assert_eq!(backtest(&fixture, long_ago).await.last().expect("a result")["alerts"], 0);
}

#[tokio::test]
async fn a_back_test_that_cannot_be_made_is_refused_with_what_is_wrong() {
    let fixture = Fixture::start().await;
    let good = definition("deletes", "");
    for (body, pointer) in [
        (json!({"definition": "id ="}), "/definition"),
        (json!({"definition": good, "from": "yesterday"}), "/from"),
        (json!({"definition": good, "from": "2020-01-02T00:00:00Z", "to": "2020-01-01T00:00:00Z"}), "/from"),
        (json!({"definition": good, "to": "2020-01-01"}), "/to"),
        (json!({"definition": good, "until": null}), ""),
    ] {
        let refused = fixture.as_admin(Method::POST, "/api/admin/alert-rules/backtest", Some(body)).await;
        refused.is_problem(422);
        assert_eq!(refused.pointers(), [pointer], "{refused:?}");
    }
}

#[tokio::test]
async fn a_third_back_test_is_refused_until_a_client_of_another_one_is_gone() {
    let fixture = Fixture::start_with_slow_users(Duration::from_secs(3_600)).await;
    fixture.post(json!(vec![activity("slow", "document_delete"); 2])).await;
    // It reads user agents, and so whole rows with the names of users.
    let of_devices = definition("deletes", "").replace("[\"user_id\"]", "[\"device\"]");
    let body = json!({"definition": of_devices});
    let path = "/api/admin/alert-rules/backtest";
    let first = create_at(&fixture, path, body.clone()).await;
    let _second = create_at(&fixture, path, body.clone()).await;
    fixture.until_slow_questions(2).await;
    let third = || fixture.request(Method::POST, path).bearer_auth(&fixture.admin).json(&body).send();
    let busy = Answer::of(third().await.expect("an answer")).await;
    busy.is_problem(429);
    assert_eq!(busy.header("retry-after"), "5");
    drop(first);
    let turn = Cell::new(None);
    until(async || {
        let answer = third().await.expect("an answer");
        let is_begun = answer.status() == 200;
        turn.set(Some(answer));
        is_begun
    })
    .await;
}
