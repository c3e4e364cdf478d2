use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use jiff::Timestamp;
use livetrail_types::{Catalogue, Device, DeviceClass, NewActivity, Redaction, json};
use serde_json::Value;

use crate::demo::{Happening, World};

const MANY: usize = 8_000;

fn start() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().expect("it is a time")
}

fn happenings(seed: u64, count: usize) -> Vec<Happening> {
    let mut world = World::new(seed, start());
    (0..count).map(|_| world.next_happening()).collect()
}

fn text<'a>(activity: &'a Value, field: &str) -> &'a str {
    activity[field].as_str().unwrap_or_default()
}

fn is(activity: &Value, action_type: &str, success: bool) -> bool {
    text(activity, "action_type") == action_type && activity["success"] == success
}

#[test]
fn the_same_seed_gives_the_same_world() {
    assert_eq!(happenings(7, 2_000), happenings(7, 2_000));
    assert_ne!(happenings(7, 50), happenings(8, 50));
    assert_eq!(World::new(7, start()).people(), World::new(7, start()).people());
}

#[test]
fn time_never_goes_back() {
    let all = happenings(1, MANY);
    assert!(all.is_sorted_by_key(|happening| happening.at));
    assert!(all[0].at >= start());
}

#[test]
fn something_happens_every_one_to_three_seconds_at_any_time_of_day() {
    let all = happenings(2, 60_000);
    let end = all[all.len() - 1].at;
    for hour in 0..end.duration_since(start()).as_hours() {
        let within = |happening: &&Happening| happening.at.duration_since(start()).as_hours() == hour;
        let count = all.iter().filter(within).count();
        assert!((1_200..=3_600).contains(&count), "{count} in hour {hour}");
    }
}

#[test]
fn every_action_is_in_the_catalogue_and_many_of_it_are_played() {
    let catalogue = Catalogue::builtin();
    let all = happenings(3, MANY);
    let played = all.iter().map(|happening| text(&happening.activity, "action_type")).collect::<HashSet<_>>();
    assert!(played.iter().all(|action_type| catalogue.get(action_type).is_some()), "{played:?}");
    assert!(played.len() >= 40, "{}", played.len());
}

#[test]
fn everybody_who_is_in_the_directory_is_somebody_else() {
    let world = World::new(4, start());
    let ids = world.people().iter().map(|person| &person.user_id).collect::<HashSet<_>>();
    let mails = world.people().iter().filter_map(|person| person.email.as_deref()).collect::<HashSet<_>>();
    assert_eq!((ids.len(), mails.len()), (40, 40));
    assert!(mails.iter().all(|mail| mail.ends_with("@example.com")));
    assert_eq!(world.people().iter().filter(|person| person.is_admin).count(), 4);
}

#[test]
fn admins_visitors_and_failures_of_several_kinds_are_played() {
    let all = happenings(5, MANY);
    let share = |of: fn(&Value) -> bool| all.iter().filter(|h| of(&h.activity)).count() as f64 / MANY as f64;
    assert!((0.05..0.3).contains(&share(|a| a["is_admin"] == true)));
    assert!((0.02..0.2).contains(&share(|a| text(a, "user_id").starts_with("anon-"))));
    assert!((0.01..0.15).contains(&share(|a| a["success"] == false)));
    for status in [401, 403, 404, 413, 429, 500, 504] {
        assert!(all.iter().any(|happening| happening.activity["status_code"] == status), "{status}");
    }
}

#[test]
fn only_admins_do_what_admins_do() {
    for Happening { activity, .. } in happenings(6, MANY) {
        let for_admins = text(&activity, "endpoint").starts_with("/api/admin/");
        assert!(!for_admins || activity["is_admin"] == true || activity["status_code"] == 403, "{activity}");
    }
}

#[test]
fn an_agent_and_support_staff_act_in_the_names_of_users() {
    let all = happenings(14, MANY);
    let admins: HashSet<_> = (1001..1005).map(|number| format!("usr-{number}")).collect();
    for (kind, via) in [("agent", "mcp"), ("user", "ui")] {
        let of_kind = all.iter().map(|happening| &happening.activity).filter(|a| a["delegate_type"] == kind);
        let delegated: Vec<_> = of_kind.collect();
        assert!((10..MANY / 10).contains(&delegated.len()), "{kind}: {}", delegated.len());
        for activity in delegated {
            assert_eq!((&activity["via"], &activity["is_admin"]), (&via.into(), &false.into()), "{activity}");
            assert_eq!(admins.contains(text(activity, "delegate_id")), kind == "user", "{activity}");
        }
    }
}

#[test]
fn somebody_guesses_the_password_of_one_account_from_one_address_with_a_script() {
    let mut attempts: HashMap<(String, String, String), usize> = HashMap::new();
    for Happening { activity, .. } in happenings(7, 2_000) {
        if is(&activity, "user_login", false) {
            let key = ["user_id", "ip_address", "user_agent"].map(|field| text(&activity, field).to_owned());
            *attempts.entry(key.into()).or_default() += 1;
        }
    }
    let ((_, address, user_agent), count) =
        attempts.iter().max_by_key(|(_, count)| **count).expect("there are some");
    assert!(*count >= 8, "{count}");
    assert!(address.starts_with("203.0.113."));
    assert_eq!(Device::parse(user_agent).map(|device| device.class), Some(DeviceClass::Script));
}

#[test]
fn every_activity_keeps_the_limits_of_the_api() {
    let limits = [
        ("user_id", 255),
        ("action_type", 50),
        ("endpoint", 255),
        ("http_method", 10),
        ("error_message", 8_000),
        ("error_type", 100),
        ("target_user_id", 255),
        ("target_resource_id", 255),
        ("resource_type", 50),
        ("user_agent", 1_024),
        ("delegate_id", 255),
        ("via", 50),
        ("session_id", 39),
        ("request_id", 128),
    ];
    for Happening { activity, .. } in happenings(8, MANY) {
        for (field, most) in limits {
            assert!(text(&activity, field).chars().count() <= most, "{field}: {activity}");
        }
        assert!(!text(&activity, "user_id").is_empty());
        assert!((100..600).contains(&activity["status_code"].as_u64().unwrap_or(0)));
        assert_eq!(activity["success"], activity["status_code"].as_u64() < Some(400));
        assert!(activity["duration_ms"].is_u64());
    }
}

#[test]
fn every_activity_is_one_that_the_api_takes() {
    for Happening { activity, .. } in happenings(13, MANY) {
        let taken = NewActivity::from_json(activity.clone());
        assert!(taken.is_ok(), "{activity}: {taken:?}");
    }
}

#[test]
fn every_field_is_one_that_the_api_knows() {
    let known = "user_id action_type endpoint http_method status_code success error_message error_type target_user_id \
                 target_resource_id resource_type details changes duration_ms db_query_count ip_address user_agent \
                 is_admin session_id request_id delegate_id delegate_type via";
    let known = known.split(' ').collect::<HashSet<_>>();
    for Happening { activity, .. } in happenings(9, MANY) {
        let fields = activity.as_object().expect("it is an object");
        assert!(fields.keys().all(|field| known.contains(field.as_str())), "{activity}");
        assert!(fields.get("details").is_none_or(Value::is_object));
        let changes = fields.get("changes").and_then(Value::as_object).into_iter().flatten();
        assert!(
            changes.into_iter().all(|(_, change)| change.get("from").is_some() && change.get("to").is_some())
        );
    }
}

#[test]
fn previews_have_at_most_100_characters_and_some_have_all_of_them() {
    let all = happenings(10, MANY);
    let details = all.iter().map(|happening| &happening.activity["details"]);
    let lengths =
        details.filter_map(|details| details["message_preview"].as_str()).map(|text| text.chars().count());
    assert_eq!(lengths.max(), Some(100));
}

#[test]
fn addresses_are_from_the_ranges_for_examples_and_devices_are_recognised() {
    for Happening { activity, .. } in happenings(11, MANY) {
        let address = text(&activity, "ip_address");
        let ranges = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"];
        assert!(
            address.parse::<IpAddr>().is_ok() && ranges.iter().any(|range| address.starts_with(range)),
            "{address}"
        );
        let device = Device::parse(text(&activity, "user_agent")).expect("it is recognised");
        assert!(device.browser.is_some());
    }
}

#[test]
fn there_is_nothing_to_redact() {
    for Happening { activity, .. } in happenings(12, MANY) {
        let activity = json::Value::from(activity);
        let mut redacted = activity.clone();
        Redaction::standard().value(&mut redacted);
        assert_eq!(redacted, activity);
    }
}
