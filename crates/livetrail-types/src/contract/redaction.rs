//! `redaction.json`, `ordinary.json` and `sessions.json`: the server and the SDKs find the same secrets.

use serde_json::{Map, Value};

use super::{cases, check_all};
use crate::{NewActivity, RULES_VERSION, Redaction, json, looks_like_credential};

/// The details of an activity after redaction, with the number of secrets of each kind.
fn redacted(details: &Value) -> (Value, Value) {
    let mut new = NewActivity::new("u-1", "user_login");
    new.details = json::Value::from(details.clone()).as_object().cloned();
    let counts = new.redact(&Redaction::standard());
    let counts: Map<_, _> = counts.iter().map(|(kind, n)| (kind.name().to_owned(), n.into())).collect();
    let details = json::to_string(&new.details.expect("details stay"));
    (serde_json::from_str(&details).expect("JSON"), Value::Object(counts))
}

#[test]
fn secrets_are_redacted_as_the_contract_says() {
    let mut failed = Vec::new();
    for case in cases("redaction.json") {
        let (out, counts) = redacted(&case["in"]);
        let wanted = case.get("counts").unwrap_or(&counts);
        if out != case["out"] || counts != *wanted {
            failed.push(format!("{}: {out} {counts}, not {} {wanted}", case["name"], case["out"]));
        }
    }
    check_all(&failed);
}

#[test]
fn redacting_what_is_redacted_changes_nothing() {
    let again = |case: &Value| redacted(&case["out"]).0 != case["out"];
    let failed: Vec<_> = cases("redaction.json")
        .iter()
        .filter(|case| again(case))
        .map(|case| case["name"].to_string())
        .collect();
    check_all(&failed);
}

#[test]
fn ordinary_texts_stay_as_they_are() {
    let mut failed = Vec::new();
    for kept in cases("ordinary.json") {
        let (out, _) = redacted(&serde_json::json!({"kept": kept}));
        if out["kept"] != kept {
            failed.push(format!("{kept} became {}", out["kept"]));
        }
    }
    check_all(&failed);
}

#[test]
fn session_ids_that_could_be_credentials_are_recognised() {
    let sessions = cases("sessions.json");
    let wrong = |case: &&Value| {
        case["id"]
            .as_str()
            .is_none_or(|id| looks_like_credential(id) != (case["credential"] == Value::Bool(true)))
    };
    let failed: Vec<_> = sessions.iter().filter(wrong).map(ToString::to_string).collect();
    check_all(&failed);
}

/// The log records a change of the version, so it has to be raised with the rules. The cases say what the rules are.
#[test]
fn the_version_of_the_rules_is_raised_with_their_cases() {
    let mut hasher = blake3::Hasher::new();
    for file in ["redaction.json", "ordinary.json", "sessions.json"] {
        let cases = cases(file);
        hasher.update(json::to_string(&Value::from(cases)).as_bytes());
    }
    let digest = hasher.finalize().to_hex();
    let known = (1, "165c223777e7f3dd");
    assert_eq!(
        (RULES_VERSION, digest.get(..16).expect("digits")),
        known,
        "the cases changed: raise RULES_VERSION if a rule did, and renew the digest"
    );
}
