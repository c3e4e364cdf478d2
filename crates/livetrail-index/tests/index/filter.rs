//! Generated filters.

use crate::log::{
    ACTIONS, ADDRESSES, CHANNELS, DELEGATES, ENDPOINTS, IDS, KINDS, METHODS, NOON, STATUS, TENANTS, USERS,
};
use ipnet::IpNet;
use jiff::Timestamp;
use livetrail_types::{Choice, Condition, Filter, StatusPattern, TextField};
use proptest::{collection::vec, prelude::*, sample::select};

const NEEDLES: [&str; 17] = [
    "ada",
    "example",
    "u-1",
    "anon-",
    "ünal",
    "lovelace",
    "login",
    "user log",
    "192.0.2",
    "db8::",
    "%",
    "_",
    "zzz",
    "grace",
    "ip-1",
    "οδυσσευσ",
    "",
];
const NETWORKS: [&str; 6] =
    ["192.0.2.7/32", "192.0.2.0/25", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1/128", "::/0"];

fn text(words: &[&'static str]) -> BoxedStrategy<String> {
    select(words.to_vec()).prop_map(str::to_owned).boxed()
}

fn choice<T: std::fmt::Debug + Clone + 'static>(value: BoxedStrategy<T>) -> impl Strategy<Value = Choice<T>> {
    (vec(value.clone(), 0..4), vec(value, 0..3)).prop_map(|(any, none)| Choice { any, none })
}

fn words_of(field: TextField) -> &'static [&'static str] {
    match field {
        TextField::ActionType => &ACTIONS,
        TextField::UserId => &USERS,
        TextField::ResourceType => &KINDS,
        TextField::Endpoint => &ENDPOINTS,
        TextField::HttpMethod => &METHODS,
        TextField::TenantId => &TENANTS,
        TextField::DelegateId => &DELEGATES,
        TextField::Via => &CHANNELS,
        _ => &IDS,
    }
}

fn moment() -> impl Strategy<Value = Timestamp> {
    let seconds = select(vec![-200_000, -86_400, -1, 0, 10_000, 15_000]);
    (seconds, select(vec![0, 1, 999_999_001]))
        .prop_map(|(seconds, nanos)| Timestamp::new(NOON + seconds, nanos).expect("a moment"))
}

fn condition() -> impl Strategy<Value = Condition> {
    let pattern = prop_oneof![
        select(STATUS.to_vec()).prop_map(StatusPattern::Code),
        (1_u16..=5).prop_map(StatusPattern::Class)
    ];
    let network = select(NETWORKS.to_vec()).prop_map(|text| text.parse::<IpNet>().expect("a network"));
    let address =
        text(&ADDRESSES).prop_map(|text| IpNet::from(text.parse::<std::net::IpAddr>().expect("an address")));
    let field = select(TextField::ALL.to_vec()).prop_flat_map(|field| {
        let word = prop_oneof![9 => text(words_of(field)), 1 => text(&["unheard-of"])];
        choice(word.boxed()).prop_map(move |choice| Condition::Text(field, choice))
    });
    prop_oneof![
        6 => field,
        1 => choice(pattern.boxed()).prop_map(Condition::Status),
        1 => choice(prop_oneof![network, address].boxed()).prop_map(Condition::Address),
        1 => choice(any::<bool>().boxed()).prop_map(Condition::Success),
        1 => choice(any::<bool>().boxed()).prop_map(Condition::IsAdmin),
        1 => choice(any::<bool>().boxed()).prop_map(Condition::Anonymous),
        1 => choice(any::<bool>().boxed()).prop_map(Condition::Delegated),
        1 => choice(text(&USERS)).prop_map(Condition::ReadBy),
        1 => moment().prop_map(Condition::From),
        1 => moment().prop_map(Condition::Until),
        2 => text(&NEEDLES).prop_map(Condition::UserSearch),
        2 => searched().prop_map(|text| Condition::Search(text.into())),
    ]
}

/// Part of a name, or a whole value of a field.
fn searched() -> impl Strategy<Value = String> {
    let value = select(TextField::ALL.to_vec()).prop_flat_map(|field| text(words_of(field)));
    prop_oneof![3 => text(&NEEDLES), 2 => value, 1 => text(&["10.0.0.0/8", "-1", "5", "E", "oC-12", "user-29"])]
}

/// A filter of a few conditions.
pub(crate) fn filter() -> impl Strategy<Value = Filter> {
    vec(condition(), 0..4).prop_map(Filter::of)
}
