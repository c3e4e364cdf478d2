//! `livetrail alerts`: alerts and rules from a terminal.

use crate::{
    program::{Fixture, activity},
    until::until,
};
use serde_json::{Value, json};

const RULE: &str = r#"
id = "deletes"
title = "Deleted documents"
severity = "notice"
group_by = ["user_id"]
timespan = "1h"

[filter]
action_filter = "document_delete"

[condition]
type = "event_count"
gte = 2
"#;

const SIGMA: &str = "title: Deleted documents\nname: deletes\nlevel: low\ndetection:\n    selection:\n        \
                     action_type|cased: document_delete\n    condition: selection\n";

fn alerts(fixture: &Fixture, arguments: &[&str]) -> String {
    fixture.succeed(&[&["alerts"], arguments].concat())
}

/// The alerts of failed sign-ins.
fn listed(fixture: &Fixture) -> Vec<Value> {
    let lines = alerts(fixture, &["list", "--rule", "failed-sign-ins", "--json"]);
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[tokio::test]
async fn an_alert_is_listed_shown_and_decided() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let mut failure = activity("bob\u{202e}", "user_login");
    failure["success"] = json!(false);
    server.post(&fixture.key("writer"), &json!(vec![failure; 10])).await;
    until(async || !listed(&fixture).is_empty()).await;
    let id = listed(&fixture)[0]["id"].as_str().expect("an id").to_owned();
    let row = alerts(&fixture, &["list", "--rule", "failed-sign-ins"]);
    assert!(row.starts_with(&id) && row.contains("user_id bob⟨U+202E⟩"), "{row}");
    let done = alerts(&fixture, &["acknowledge", &id, "--reason", "a test"]);
    assert!(
        done.contains("acknowledged by livetrail-operator") && done.contains("reason       a test"),
        "{done}"
    );
    let muted = alerts(&fixture, &["mute", &id, "--until", "2100-01-01T00:00:00Z"]);
    assert!(muted.contains("muted until  2100-01-01T00:00:00Z"), "{muted}");
    assert!(!alerts(&fixture, &["mute", &id, "--off"]).contains("muted until"));
    alerts(&fixture, &["resolve", &id]);
    assert!(alerts(&fixture, &["show", &id]).contains("resolved"));
    assert_eq!(alerts(&fixture, &["list", "--rule", "failed-sign-ins", "--state", "open"]), "");
    for (arguments, error) in [
        (&["show", "0198c0de-7a3b-7000-8000-000000000001"][..], "There is no alert with this id"),
        (&["show", "../keys"], "is not an id"),
        (&["mute", &id, "--until", "2020-01-01T00:00:00Z"], "until is in the past"),
        (&["list", "--severity", "high"], "severity"),
    ] {
        let failed = fixture.run(&[&["alerts"], arguments].concat());
        assert_eq!(failed.code, Some(1));
        assert!(failed.stderr.contains(error), "{arguments:?}: {}", failed.stderr);
    }
    assert_eq!(fixture.run(&["alerts", "mute", &id]).code, Some(2));
}

#[tokio::test]
async fn rules_are_added_switched_tested_on_the_past_and_removed() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    server.post(&fixture.key("writer"), &json!(vec![activity("bob", "document_delete"); 3])).await;
    fixture.write("rule.toml", RULE);
    let tried = alerts(&fixture, &["backtest", "rule.toml"]);
    assert!(tried.starts_with("1 alert of 3 activities\n") && tried.contains("user_id bob"), "{tried}");
    assert_eq!(alerts(&fixture, &["rules", "add", "rule.toml", "--disabled"]), "deletes\n");
    let row = |rules: String| rules.lines().find(|line| line.starts_with("deletes")).map(str::to_owned);
    assert!(row(alerts(&fixture, &["rules"])).is_some_and(|row| row.contains("  off  notice    own")));
    assert_eq!(alerts(&fixture, &["rules", "enable", "deletes"]), "");
    assert!(row(alerts(&fixture, &["rules", "list"])).is_some_and(|row| row.contains("  on   notice")));
    assert_eq!(alerts(&fixture, &["rules", "show", "deletes"]).trim(), RULE.trim());
    assert_eq!(alerts(&fixture, &["backtest", "--rule", "deletes"]), tried);
    let twice = fixture.run(&["alerts", "rules", "add", "rule.toml"]);
    assert!(
        twice.code == Some(1) && twice.stderr.contains("There is a rule with the id deletes"),
        "{}",
        twice.stderr
    );
    fixture.write("rule.toml", &RULE.replace("gte = 2", "gte = 4"));
    assert_eq!(alerts(&fixture, &["rules", "add", "rule.toml", "--change"]), "deletes\n");
    assert!(alerts(&fixture, &["backtest", "--rule", "deletes"]).starts_with("0 alerts of 3 activities"));
    assert_eq!(alerts(&fixture, &["rules", "remove", "deletes"]), "");
    assert_eq!(row(alerts(&fixture, &["rules"])), None);
}

#[test]
fn a_file_is_tested_without_a_server() {
    let fixture = Fixture::new();
    fixture.write("rule.toml", RULE);
    let said = alerts(&fixture, &["test", "rule.toml"]);
    for line in [
        "deletes: Deleted documents (notice)",
        "activities   action_filter=document_delete",
        "each         user_id",
        "raises       an alert at 2 within 1h",
    ] {
        assert!(said.contains(line), "{said}");
    }
    fixture.write("rule.toml", &RULE.replace("notice", "high").replace("gte = 2", "gte = 0"));
    let faulty = fixture.run(&["alerts", "test", "rule.toml"]);
    assert_eq!(faulty.code, Some(1));
    assert!(faulty.stderr.contains("rule.toml:4:12: `severity` must be info, notice"), "{}", faulty.stderr);
    assert!(
        faulty.stderr.contains("rule.toml:13:7: `condition.gte` must be 1 to 10000"),
        "{}",
        faulty.stderr
    );
    fixture.write("rule.yml", SIGMA);
    assert!(alerts(&fixture, &["test", "rule.yml"]).contains("raises       an alert at 1 within 10m"));
}

#[test]
fn a_file_that_can_be_no_rule_is_refused_with_the_reason() {
    let fixture = Fixture::new();
    let refused = |bytes: &[u8]| {
        std::fs::write(fixture.path().join("rule.toml"), bytes).expect("a file");
        let tried = fixture.run(&["alerts", "test", "rule.toml"]);
        assert_eq!(tried.code, Some(1), "{}", tried.stderr);
        tried.stderr
    };
    let latin1 = refused(b"id = \"a\"\ntitle = \"Caf\xe9\"\n");
    assert!(latin1.contains("rule.toml:2: is not UTF-8"), "{latin1}");
    let long = refused(&vec![b' '; 64 * 1024 + 1]);
    assert!(long.contains("rule.toml has more than 64 KiB"), "{long}");
}

#[tokio::test]
async fn a_rule_of_sigma_becomes_toml_or_a_rule_of_the_server() {
    let fixture = Fixture::new();
    let _server = fixture.serve();
    fixture.write("rule.yml", SIGMA);
    let toml = alerts(&fixture, &["import", "rule.yml"]);
    fixture.write("rule.toml", &toml);
    assert_eq!(alerts(&fixture, &["test", "rule.toml"]), alerts(&fixture, &["test", "rule.yml"]), "{toml}");
    let id = alerts(&fixture, &["import", "rule.yml", "--add"]);
    assert_eq!(alerts(&fixture, &["rules", "show", id.trim()]).trim(), toml.trim());
    let again = fixture.run(&["alerts", "import", "rule.yml", "--add"]);
    assert!(again.code == Some(1) && again.stderr.contains("was not added"), "{}", again.stderr);
    fixture.write("rule.yml", &SIGMA.replace("cased", "contains"));
    let refused = fixture.run(&["alerts", "import", "rule.yml"]);
    assert!(refused.code == Some(1) && refused.stderr.contains("rule.yml:6:"), "{}", refused.stderr);
}
