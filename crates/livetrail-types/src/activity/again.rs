//! An activity that comes back from an export.

use super::Activity;
use crate::{
    NewActivity, Sender,
    json::{self, Value},
};
use jiff::Timestamp;

impl Activity {
    /// Whether `sent` is what an export of this activity becomes when it is taken in again. An application may have inserted it by
    /// SQL: then the intake cleans what it never saw, and an empty cell of CSV is nothing.
    #[must_use]
    pub fn comes_back_as(&self, sent: &Self) -> bool {
        if self.has_same_content(sent) {
            return true;
        }
        let Some(again) = self.taken_in_again(sent.created_at) else { return false };
        // A time that cannot be right became that of the import.
        let timestamp = if sent.timestamp_adjusted { sent.timestamp } else { again.timestamp };
        without_empty(Self { timestamp, ..again }).has_same_content(&without_empty(sent.clone()))
    }

    fn taken_in_again(&self, now: Timestamp) -> Option<Self> {
        let Ok(Value::Object(mut given)) = json::parse(json::to_string(self).as_bytes()) else { return None };
        given.retain(|_, value| !value.is_null());
        for given_by_livetrail in ["id", "position", "created_at", "timestamp_adjusted"] {
            given.remove(given_by_livetrail);
        }
        given.insert("timestamp".into(), self.timestamp.to_string().into());
        let again = NewActivity::from_json_of(Sender::Operator, Value::Object(given)).ok()?;
        let again = again.stamp(now, self.id, &[0; 32]).activity;
        // One that is a hash already was made with a key that is not here.
        Some(Self { session_id: self.session_id.clone(), ..again })
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
            assert!(stored.comes_back_as(&sent), "{stored:?}");
            assert!(!stored.comes_back_as(&Activity { user_id: "u-2".into(), ..sent }), "{stored:?}");
        }
    }
}
