//! Rules about the places of addresses.

use crate::{
    fixture::{Answer, Fixture, activity},
    geoip_file,
    until::until,
};
use reqwest::Method;
use serde_json::{Value, json};

const RULE: &str = "/api/admin/alert-rules/impossible-travel";
const BERLIN: &str = "192.0.2.7";
const SYDNEY: &str = "198.51.100.7";

fn sign_in(user: &str, address: &str) -> Value {
    let mut activity = activity(user, "user_login");
    activity["success"] = json!(true);
    activity["ip_address"] = json!(address);
    activity
}

async fn alerts(fixture: &Fixture) -> Vec<Value> {
    let answer = fixture.get("/api/admin/alerts?rule=impossible-travel").await;
    answer.body["data"].as_array().expect("alerts").clone()
}

async fn enable(fixture: &Fixture) -> Answer {
    fixture.as_admin(Method::PUT, RULE, Some(json!({"enabled": true}))).await
}

#[tokio::test]
async fn a_user_who_is_at_two_places_at_once_raises_an_alert() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("places.mmdb");
    let places = [("192.0.2.0/24", 52.5, 13.4), ("198.51.100.0/24", -33.9, 151.2)];
    std::fs::write(&file, geoip_file::with(&places)).expect("a file");
    let fixture = Fixture::start_with(|raw| raw.geoip_file = Some(file)).await;
    assert_eq!(enable(&fixture).await.status, 200);
    for (user, address) in
        [("ada", BERLIN), ("bob", BERLIN), ("eve", BERLIN), ("bob", SYDNEY), ("eve", "203.0.113.9")]
    {
        fixture.post(sign_in(user, address)).await;
    }
    until(async || alerts(&fixture).await.len() == 1).await;
    let found = &alerts(&fixture).await[0];
    assert_eq!((&found["group"], &found["count"]), (&json!({"user_id": "bob"}), &json!(2)), "{found}");

    let definition = fixture.as_admin(Method::GET, "/api/admin/alert-rules", None).await;
    let rules = definition.body["data"].as_array().expect("rules").clone();
    let rule = rules.into_iter().find(|rule| rule["id"] == "impossible-travel").expect("the rule");
    let body = json!({"definition": rule["definition"]});
    let request =
        fixture.request(Method::POST, "/api/admin/alert-rules/backtest").bearer_auth(&fixture.admin);
    let lines = request.json(&body).send().await.expect("an answer").text().await.expect("lines");
    let result: Value = serde_json::from_str(lines.lines().last().expect("a result")).expect("JSON");
    assert_eq!((&result["type"], &result["alerts"]), (&json!("result"), &json!(1)), "{result}");
}

#[tokio::test]
async fn without_a_file_the_rule_cannot_be_switched_on_or_tried() {
    let fixture = Fixture::start().await;
    let refused = enable(&fixture).await;
    refused.is_problem(422);
    assert!(refused.body.to_string().contains("geoip-file"), "{refused:?}");
    let off = fixture.as_admin(Method::PUT, RULE, Some(json!({"enabled": false}))).await;
    assert_eq!(off.status, 200, "{off:?}");
    let body = json!({"definition": off.body["definition"]});
    let tried = fixture.as_admin(Method::POST, "/api/admin/alert-rules/backtest", Some(body)).await;
    tried.is_problem(422);
    assert_eq!(tried.pointers(), ["/definition"]);
}
