//! An activity that comes back from an export.

use super::Activity;
use crate::{
    NewActivity, Sender,
    json::{self, Value},
};
use jiff::Timestamp;

impl Activity {
    /// Whether `sent` is what an export of this activity becomes when it is taken in again. An application may have
    /// inserted it by SQL: then the intake cleans what it never saw, and an empty cell of CSV is nothing.
    #[must_use]
    pub fn comes_back_as(&self, sent: &Self, session_key: &[u8; 32]) -> bool {
        if self.has_same_content(sent) {
            return true;
        }
        let Some(again) = self.taken_in_again(sent.created_at, session_key) else { return false };
        // A time that cannot be right became that of the import.
        let timestamp = if sent.timestamp_adjusted { sent.timestamp } else { again.timestamp };
        without_empty(Self { timestamp, ..again }).has_same_content(&without_empty(sent.clone()))
    }

    fn taken_in_again(&self, now: Timestamp, session_key: &[u8; 32]) -> Option<Self> {
        let Ok(Value::Object(mut given)) = json::parse(json::to_string(self).as_bytes()) else { return None };
        given.retain(|_, value| !value.is_null());
        // Its position says that it comes from a log.
        for given_by_livetrail in ["id", "created_at", "timestamp_adjusted"] {
            given.remove(given_by_livetrail);
        }
        given.insert("timestamp".into(), self.timestamp.to_string().into());
        let again = NewActivity::from_json_of(Sender::Operator, Value::Object(given)).ok()?;
        Some(again.stamp(now, self.id, session_key).activity)
    }
}

fn without_empty(mut activity: Activity) -> Activity {
    for text in [
        &mut activity.endpoint,
        &mut activity.http_method,
        &mut activity.error_message,
        &mut activity.error_type,
        &mut activity.target_user_id,
        &mut activity.target_resource_id,
        &mut activity.resource_type,
        &mut activity.user_agent,
        &mut activity.delegate_id,
        &mut activity.via,
        &mut activity.session_id,
        &mut activity.request_id,
        &mut activity.trace_id,
        &mut activity.tenant_id,
    ] {
        text.take_if(|text| text.is_empty());
    }
    activity
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DelegateType, Json};
    use proptest::prelude::*;
    use serde_json::json;
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn taken_in(given: serde_json::Value) -> Activity {
        let given = NewActivity::from_json_of(Sender::Operator, given).expect("an activity");
        given.stamp(at(1_800_000_000), Uuid::nil(), &[0; 32]).activity
    }

    #[test]
    fn what_an_application_inserted_by_sql_comes_back_as_itself() {
        let plain = || json!({"user_id": "u-1", "action_type": "a", "timestamp": 1_790_000_000});
        let stored = Activity { position: 7, ..taken_in(plain()) };
        let cases: [(Activity, serde_json::Value); 10] = [
            (Activity { endpoint: Some("/a?q=1".into()), ..stored.clone() }, json!({"endpoint": "/a?q=1"})),
            (Activity { http_method: Some("get".into()), ..stored.clone() }, json!({"http_method": "get"})),
            (
                Activity { error_message: Some("x".repeat(9_000)), ..stored.clone() },
                json!({"error_message": "x".repeat(9_000)}),
            ),
            (Activity { user_agent: Some(String::new()), ..stored.clone() }, json!({})),
            (
                Activity { delegate_id: Some(String::new()), via: Some(String::new()), ..stored.clone() },
                json!({}),
            ),
            (Activity { timestamp: at(100), ..stored.clone() }, json!({"timestamp": 100})),
            (
                Activity { status_code: Some(999), ..stored.clone() },
                json!({"status_code": 999, "success": true}),
            ),
            (Activity { duration_ms: Some(-5), ..stored.clone() }, json!({"duration_ms": -5})),
            (
                Activity { db_query_count: Some(i32::MIN), ..stored.clone() },
                json!({"db_query_count": i32::MIN}),
            ),
            (
                Activity { action_type: "signed in, again".into(), ..stored.clone() },
                json!({"action_type": "signed in, again"}),
            ),
        ];
        for (stored, more) in cases {
            let mut sent = plain();
            sent.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            let sent = taken_in(sent);
            assert!(stored.comes_back_as(&sent, &[0; 32]), "{stored:?}");
            assert!(
                !stored.comes_back_as(&Activity { user_id: "u-2".into(), ..sent }, &[0; 32]),
                "{stored:?}"
            );
        }
    }

    /// Text as an application may have inserted it: with control characters, empty, or longer than the API takes.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z\t\n\u{1}\u{7f}\u{85}\u{200e}é?#=&\"']{0,12}",
            "[a-f0-9]{40}",
            "(eyJ[A-Za-z0-9]{20}\\.){2}[A-Za-z0-9]{20}",
            Just("ß\u{9f}".repeat(300)),
        ]
    }

    fn optional() -> impl Strategy<Value = Option<String>> {
        proptest::option::of(text())
    }

    fn json_text() -> impl Strategy<Value = Option<Json>> {
        let forms = [
            "null",
            "7",
            "\"a\\u0001b\"",
            "[1,2.50,{}]",
            "{}",
            "{\"a\\u0007\":[\"\\u0085\"]}",
            "{\"a\":5}",
            "{\"a\":{\"to\":1}}",
            "{\"a\":{\"to\":1,\"by\":2}}",
            "{\"session_id\":\"0123456789abcdef0123456789abcdef\"}",
            "{\"n\":123456789012345678901234567890.10}",
        ];
        let long = || format!("{{\"long\":\"{}\"}}", "x".repeat(70_000));
        let forms: Vec<_> =
            forms.map(str::to_owned).into_iter().chain([long(), "[".repeat(90) + &"]".repeat(90)]).collect();
        proptest::option::of(
            prop::sample::select(forms).prop_map(|text| Json::compacted(&text).expect("JSON")),
        )
    }

    /// A row of a log, of the API or of another application.
    fn row() -> impl Strategy<Value = Activity> {
        let texts = proptest::collection::vec(optional(), 14);
        let numbers = (any::<Option<u16>>(), any::<Option<i32>>(), any::<Option<i32>>(), any::<bool>());
        let kinds = prop::sample::select(vec![None, Some(DelegateType::Agent)]);
        (
            text(),
            text(),
            texts,
            (json_text(), json_text()),
            numbers,
            kinds,
            -60_000_000_000_i64..200_000_000_000,
        )
            .prop_map(
                |(
                    user_id,
                    action_type,
                    texts,
                    (details, changes),
                    (status_code, duration_ms, db_query_count, flag),
                    kind,
                    second,
                )| {
                    let mut texts = texts.into_iter();
                    let mut next = || texts.next().flatten();
                    let delegate_id = next();
                    Activity {
                        position: 7,
                        timestamp: at(second),
                        success: flag,
                        is_admin: !flag,
                        status_code,
                        duration_ms,
                        db_query_count,
                        details,
                        changes,
                        delegate_type: kind.filter(|_| delegate_id.is_some()),
                        delegate_id,
                        endpoint: next(),
                        http_method: next(),
                        error_message: next(),
                        error_type: next(),
                        target_user_id: next(),
                        target_resource_id: next(),
                        resource_type: next(),
                        user_agent: next(),
                        via: next(),
                        session_id: next(),
                        request_id: next(),
                        trace_id: next(),
                        tenant_id: next(),
                        ..taken_in(json!({"user_id": "u", "action_type": "a"}))
                    }
                    .of(user_id, action_type)
                },
            )
    }

    impl Activity {
        fn of(self, user_id: String, action_type: String) -> Self {
            Self { user_id, action_type, ..self }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_row_that_a_log_can_hold_comes_back_from_its_export_as_itself(stored in row(), key: [u8; 32]) {
            let Ok(Value::Object(mut exported)) = json::parse(json::to_string(&stored).as_bytes()) else {
                panic!("JSON");
            };
            // As `livetrail import` sends it.
            exported.retain(|name, _| name == "position" || !crate::is_given_by_livetrail(name));
            exported.insert("timestamp".into(), stored.timestamp.to_string().into());
            let taken = NewActivity::from_json_of(Sender::Operator, Value::Object(exported));
            let taken = taken.map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
            let sent = taken.stamp(at(1_800_000_000), stored.id, &key).activity;
            prop_assert!(stored.comes_back_as(&sent, &key), "{sent:?}");
            let other = Activity { user_agent: Some("another".into()), ..sent };
            prop_assert!(!stored.comes_back_as(&other, &key));
        }
    }
}
