//! What no activity can meet.

use super::*;
use proptest::{collection, prelude::*, sample};

fn parameter() -> impl Strategy<Value = (&'static str, String)> {
    let of = |name: &'static str, values: &'static [&'static str]| {
        collection::vec(sample::select(values), 1..3).prop_map(move |values| (name, values.join(",")))
    };
    prop_oneof![
        of("user_id", &["a", "anon-b", "!a", "!anon-b"]),
        of("action_filter", &["login", "admin_view_activity_logs", "!login"]),
        of("read_by", &["a", "!a"]),
        of("status", &["200", "2xx", "404", "!200", "!2xx"]),
        of("ip", &["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "192.0.2.1", "!10.0.0.0/8", "!10.1.2.3"]),
        of("success_filter", &["success", "failure"]),
        of("anonymous", &["true", "false"]),
        of("delegated", &["true", "false"]),
        of("delegate_id", &["d", "!d"]),
    ]
}

fn parameters() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    collection::vec(parameter(), 0..3)
}

fn read(query: &[(&'static str, String)]) -> Option<Filter> {
    Filter::parse(query.iter().map(|(name, value)| (*name, value.as_str())), &context()).ok()
}

/// Activities with all values that the parameters can tell apart.
fn activities() -> Vec<Activity> {
    let mut all = Vec::new();
    for user in ["a", "anon-b", "c"] {
        for action in ["login", "admin_view_activity_logs", "logout"] {
            for address in ["10.1.2.3", "10.1.2.4", "10.2.0.1", "192.0.2.1", "198.51.100.1"] {
                for (status, success) in [(200, true), (201, false), (404, false), (500, true)] {
                    for delegate in [json!({}), json!({ "delegate_id": "d", "delegate_type": "agent" })] {
                        let mut fields = json!({
                            "user_id": user, "action_type": action, "ip_address": address,
                            "status_code": status, "success": success,
                        });
                        fields
                            .as_object_mut()
                            .expect("an object")
                            .extend(delegate.as_object().expect("one").clone());
                        all.push(activity(fields));
                    }
                }
            }
        }
    }
    all
}

static ACTIVITIES: LazyLock<Vec<Activity>> = LazyLock::new(activities);

proptest! {
    #[test]
    fn what_is_a_contradiction_matches_nothing(one in parameters(), other in parameters()) {
        if let (Some(one), Some(other)) = (read(&one), read(&other)) {
            let met = ACTIVITIES.iter().any(|activity| {
                let subject = Subject { activity, profile: None };
                one.matches(&subject) && other.matches(&subject)
            });
            prop_assert!(!(met && one.contradiction(&other).is_some()));
        }
    }
}

#[track_caller]
fn check(one: &str, other: &str, contradicts: Option<&str>) {
    assert_eq!(filter(one).contradiction(&filter(other)), contradicts, "{one} with {other}");
}

#[test]
fn values_that_exclude_one_another_are_found() {
    check("status=2xx", "status=5xx", Some("status"));
    check("status=200", "status=!2xx", Some("status"));
    check("status=2xx", "status=!200", None);
    check("user_id=a,b", "user_id=c", Some("user_id"));
    check("user_id=a,b", "user_id=b", None);
    check("user_id=a,b", "user_id=!a,!b", Some("user_id"));
    check("action_filter=login", "success_filter=failure", None);
    check("success_filter=success", "success_filter=failure", Some("success_filter"));
    check("ip=10.0.0.0/8", "ip=10.1.2.3", None);
    check("ip=10.1.2.3", "ip=!10.0.0.0/8", Some("ip"));
    check("ip=10.0.0.0/8", "ip=192.0.2.0/24", Some("ip"));
    check("delegated=false", "delegate_id=bot", Some("delegated"));
    check("read_by=ada", "action_filter=login", Some("read_by"));
    check("date_from=2026-01-02T00:00:00Z", "date_to=2026-01-01T00:00:00Z", Some("date_from"));
}

#[test]
fn a_filter_can_contradict_itself() {
    check("user_id=a,!a", "", Some("user_id"));
    check("status=404,!4xx", "", Some("status"));
    check("", "", None);
}

#[test]
fn the_number_of_values_is_bounded_by_those_that_are_named() {
    assert_eq!(filter("user_id=a,b,!b").most_values(TextField::UserId), Some(1));
    assert_eq!(filter("user_id=!b").most_values(TextField::UserId), None);
    assert_eq!(filter("user_id=a").most_values(TextField::Endpoint), None);
}
