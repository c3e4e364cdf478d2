//! Filters of lists, streams and exports.

use jiff::Timestamp;
use livetrail_types::{
    Activity, Catalogue, Filter, FilterContext, NewActivity, Subject, UserProfile, limits,
};
use serde_json::json;
use std::sync::LazyLock;
use uuid::Uuid;

const SESSION_KEY: [u8; 32] = [7; 32];
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);
static ACTIVITIES: LazyLock<Vec<Activity>> = LazyLock::new(activities);

/// A filter is refused in a few words, or it means the same activities however it is put together.
pub fn check(query: &[u8]) {
    let query = String::from_utf8_lossy(query);
    let pairs: Vec<_> = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    let context = FilterContext { catalogue: &CATALOGUE, session_key: &SESSION_KEY, text_search: true };
    let filter = match Filter::parse(pairs.iter().copied(), &context) {
        Ok(filter) => filter,
        Err(errors) => {
            assert!(!errors.is_empty() && errors.len() <= pairs.len());
            assert!(errors.iter().all(|error| error.detail.len() <= 1_500), "{errors:?}");
            return;
        }
    };
    let backwards = filter.conditions().iter().rev().cloned().collect();
    let backwards = Filter::of(backwards);
    assert_eq!(filter.fingerprint(), backwards.fingerprint());
    for profile in [None, Some(&profile())] {
        for activity in ACTIVITIES.iter() {
            let subject = Subject { activity, profile };
            let is_meant = filter.matches(&subject);
            assert_eq!(is_meant, backwards.matches(&subject));
            assert!(!is_meant || filter.without_dates().matches(&subject));
            let each = filter.conditions().iter().all(|one| Filter::of(vec![one.clone()]).matches(&subject));
            assert_eq!(is_meant, each);
        }
    }
}

fn profile() -> UserProfile {
    UserProfile {
        user_id: "u-1".into(),
        email: Some("Ada@example.org".into()),
        display_name: Some("Ada İ Lovelace".into()),
    }
}

fn activities() -> Vec<Activity> {
    let fields = [
        json!({"user_id": "u-1", "action_type": "user_login"}),
        json!({"user_id": "anon-1", "action_type": "x", "ip_address": "2001:db8::1", "status_code": 404}),
        json!({
            "user_id": "u-2", "action_type": "user_logout", "endpoint": "/a,b", "http_method": "POST",
            "status_code": 200, "ip_address": "192.0.2.1", "session_id": "s", "request_id": "r", "trace_id": "t",
            "resource_type": "order", "target_resource_id": "!7", "target_user_id": "u-3", "tenant_id": "acme",
            "is_admin": true, "success": false, "duration_ms": 3, "error_message": "Straße gesperrt",
            "details": {"note": "line\nbreak", "list": [1, null]}, "delegate_id": "bot", "via": "mcp",
        }),
        json!({"user_id": "u".repeat(limits::USER_ID), "action_type": "a".repeat(limits::ACTION_TYPE)}),
    ];
    let now = Timestamp::from_second(1_772_366_400).expect("a moment");
    let stamp = |fields: serde_json::Value| {
        let new = NewActivity::from_json(fields).expect("an activity");
        new.stamp(now, Uuid::max(), &SESSION_KEY).activity
    };
    fields.into_iter().map(stamp).collect()
}
