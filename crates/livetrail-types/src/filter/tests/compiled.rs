//! A filter is compiled when it is made; here it is held to the plain definition of each condition.

use super::*;
use crate::Json;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

fn admits<T, V: Copy>(choice: &Choice<T>, value: Option<V>, is: impl Fn(&T, V) -> bool) -> bool {
    let Some(value) = value else { return choice.any.is_empty() };
    (choice.any.is_empty() || choice.any.iter().any(|wanted| is(wanted, value)))
        && !choice.none.iter().any(|unwanted| is(unwanted, value))
}

fn plain_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// What a condition means, said as simply as it can be. None of the activities here has an escape in its details.
fn plainly_holds(condition: &Condition, activity: &Activity) -> bool {
    let has = |text: &str, needle: &str| text.to_lowercase().contains(needle);
    match condition {
        Condition::Text(field, choice) => admits(choice, field.of(activity), |wanted, text| wanted == text),
        Condition::Status(choice) => admits(choice, activity.status_code, |pattern, status| {
            let (first, last) = pattern.range();
            (first..=last).contains(&status)
        }),
        Condition::Address(choice) => admits(choice, activity.ip_address, |net, ip| net.contains(&ip)),
        Condition::Success(choice) => admits(choice, Some(activity.success), |wanted, is| *wanted == is),
        Condition::IsAdmin(choice) => admits(choice, Some(activity.is_admin), |wanted, is| *wanted == is),
        Condition::Anonymous(choice) => {
            admits(choice, Some(activity.is_anonymous()), |wanted, is| *wanted == is)
        }
        Condition::Delegated(choice) => {
            let is = activity.delegate_id.as_ref().is_some_and(|id| !id.is_empty());
            admits(choice, Some(is), |wanted, is| *wanted == is)
        }
        Condition::ReadBy(choice) => {
            let is_read = activity.action_type == "admin_view_activity_logs";
            let reader = is_read.then_some(activity.user_id.as_str());
            admits(choice, reader, |wanted, user| wanted == user)
        }
        Condition::From(moment) => activity.timestamp >= *moment,
        Condition::Until(moment) => activity.timestamp <= *moment,
        Condition::UserSearch(needle) => has(&activity.user_id, needle),
        Condition::Search(sought) => {
            let needle = sought.typed().to_lowercase();
            let parts = [&activity.endpoint, &activity.target_resource_id, &activity.target_user_id];
            let ids = [&activity.session_id, &activity.request_id, &activity.trace_id];
            has(&activity.user_id, &needle)
                || has(&activity.action_type, &needle)
                || has(&activity.action_type, &needle.replace(' ', "_"))
                || activity.ip_address.is_some_and(|ip| ip.to_string().contains(&needle))
                || parts.into_iter().flatten().any(|text| has(text, &needle))
                || ids.into_iter().flatten().any(|id| id == sought.typed())
                || activity.id.to_string() == needle
        }
        Condition::Words(query) => {
            let message = activity.error_message.as_deref().unwrap_or_default();
            let details = activity.details.as_ref().map_or("", Json::as_str);
            let there = [plain_words(message), plain_words(details)].concat();
            plain_words(query).iter().all(|wanted| there.contains(wanted))
        }
    }
}

/// Few different bits, so that addresses meet networks and networks meet each other.
fn address() -> impl Strategy<Value = IpAddr> {
    let v4 = (select(vec![0_u32, 10, 192, 255]), select(vec![0_u32, 1, 127, 128, 255]))
        .prop_map(|(first, last)| IpAddr::V4(Ipv4Addr::from_bits(first << 24 | last)));
    let ends = select(vec![IpAddr::V4(Ipv4Addr::BROADCAST), IpAddr::V6(Ipv6Addr::from_bits(u128::MAX))]);
    let v6 = (select(vec![0_u128, 0x2001, 0xffff]), select(vec![0_u128, 1, 0xffff]))
        .prop_map(|(first, last)| IpAddr::V6(Ipv6Addr::from_bits(first << 112 | last)));
    prop_oneof![4 => v4, 3 => v6, 1 => ends]
}

fn network() -> impl Strategy<Value = IpNet> {
    let lengths = select(vec![0_u8, 1, 8, 24, 25, 31, 32, 64, 127, 128]);
    (address(), lengths).prop_map(|(address, length)| match address {
        IpAddr::V4(address) => Ipv4Net::new(address, length.min(32)).map(IpNet::V4).expect("a length"),
        IpAddr::V6(address) => Ipv6Net::new(address, length).map(IpNet::V6).expect("a length"),
    })
}

fn choice<T: std::fmt::Debug + Clone>(
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Choice<T>> {
    (vec(value.clone(), 0..12), vec(value, 0..12)).prop_map(|(any, none)| Choice { any, none })
}

fn word() -> impl Strategy<Value = String> {
    select(vec!["ada", "Refused", "db", "überlauf", "user login", "u-1", "zz", "10.0", ""])
        .prop_map(str::to_owned)
}

fn condition() -> impl Strategy<Value = Condition> {
    let pattern =
        prop_oneof![(100_u16..600).prop_map(StatusPattern::Code), (1_u16..=5).prop_map(StatusPattern::Class)];
    let moment =
        (-2_i64..=2).prop_map(|n| Timestamp::from_second(1_772_366_400 + n).expect("a moment")).boxed();
    let needle = word().prop_map(|word| word.to_lowercase()).boxed();
    prop_oneof![
        4 => choice(network().boxed()).prop_map(Condition::Address),
        2 => choice("[a-d]{1,2}".boxed()).prop_map(|choice| Condition::Text(TextField::SessionId, choice)),
        2 => choice(pattern.boxed()).prop_map(Condition::Status),
        1 => choice(any::<bool>()).prop_map(Condition::Success),
        1 => choice(any::<bool>()).prop_map(Condition::IsAdmin),
        1 => choice(any::<bool>()).prop_map(Condition::Anonymous),
        1 => choice(any::<bool>()).prop_map(Condition::Delegated),
        1 => choice(select(vec!["admin_view_activity_logs", "anon-1"]).prop_map(str::to_owned))
            .prop_map(Condition::ReadBy),
        1 => moment.clone().prop_map(Condition::From),
        1 => moment.prop_map(Condition::Until),
        1 => needle.clone().prop_map(Condition::UserSearch),
        1 => needle.prop_map(|needle| Condition::Search(needle.into())),
        2 => vec(word(), 0..4).prop_map(|words| Condition::Words(words.join(" "))),
    ]
}

fn any_subject() -> impl Strategy<Value = Activity> {
    let texts = (
        option::of("[a-d]{0,2}"),
        option::of(word()),
        word(),
        "[a-z ]{1,6}|admin_view_activity_logs|user_login|anon-1",
    );
    let numbers = (option::of(100_u16..600), any::<[bool; 2]>(), -2_i64..=2);
    (option::of(address()), texts, numbers).prop_map(
        |(
            ip_address,
            (session_id, error_message, note, name),
            (status_code, [success, is_admin], second),
        )| Activity {
            ip_address,
            delegate_id: session_id.clone(),
            target_resource_id: session_id.clone(),
            session_id,
            error_message,
            details: Some(Json::of(&json!({ "note": note }))),
            status_code,
            success,
            is_admin,
            user_id: name.clone(),
            action_type: name,
            timestamp: Timestamp::from_second(1_772_366_400 + second).expect("a moment"),
            ..activity(json!({}))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_compiled_filter_means_what_its_conditions_say(
        conditions in vec(condition(), 1..3), activities in vec(any_subject(), 1..8),
    ) {
        let filter = Filter::of(conditions.clone());
        for activity in &activities {
            let plain = conditions.iter().all(|condition| plainly_holds(condition, activity));
            prop_assert_eq!(filter.matches(&Subject { activity, profile: None }), plain, "{:?}", activity);
        }
    }

    #[test]
    fn networks_are_the_same_after_they_were_written_and_read(networks in vec(network(), 0..12), address in address()) {
        let compiled = Networks::of(&networks);
        let read: Networks = compiled.to_string().parse().expect("networks");
        prop_assert_eq!(&read, &compiled);
        prop_assert_eq!(read.contains(address), networks.iter().any(|network| network.contains(&address)));
    }
}

#[test]
fn networks_that_touch_or_overlap_are_one_range() {
    let networks = ["10.0.0.0/25", "10.0.0.128/25", "10.0.0.7/32", "255.0.0.0/8", "::/1"];
    let networks = networks.map(|text| text.parse::<IpNet>().expect("a network"));
    assert_eq!(Networks::of(&networks).to_string(), "10.0.0.0,10.0.1.0,255.0.0.0,8000::");
    let everything = ["0.0.0.0/0", "::/0"].map(|text| text.parse::<IpNet>().expect("a network"));
    assert_eq!(Networks::of(&everything).to_string(), "0.0.0.0");
}
