//! Generators: activities and filters of a small vocabulary, so that filters hit, and activities of anything.

use super::sample::{NOON, append, at, everything, id, object, plain};
use crate::{Row, Store};
use ipnet::IpNet;
use jiff::Timestamp;
use livetrail_types::{
    Activity, Catalogue, Choice, Condition, DelegateType, Filter, FilterContext, Json, NewActivity, Sort,
    SortBy, SortOrder, StatusPattern, TextField, UserProfile, limits,
};
use proptest::{
    collection, option,
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use std::sync::LazyLock;

const USERS: [&str; 9] = ["u-1", "u-10", "Ada", "anon-1", "anon-2", "anonymous", "Anon-3", "Ünal", "a,b!c"];
const ACTIONS: [&str; 8] = [
    "admin_view_activity_logs",
    "user_login",
    "user_logout",
    "document_upload",
    "parcel_sent",
    "LOGIN",
    "login.failed",
    "Zip-1",
];
const ENDPOINTS: [&str; 3] = ["/api/login", "/api/%_", "/API/login"];
const METHODS: [&str; 3] = ["GET", "POST", "DELETE"];
const STATUS: [u16; 9] = [100, 200, 204, 301, 399, 400, 404, 500, 599];
const MESSAGES: [&str; 5] =
    ["Connection refused", "refused: db-1", "ÜBERLAUF\nzwei", "%", "Rene\u{301}e: STRASSE zu Ende"];
const IDS: [&str; 5] = ["u-1", "r-1", "r-2", "Ada", "507f1f77bcf86cd799439011"];
const KINDS: [&str; 3] = ["document", "user", "livetrail"];
const DETAILS: [&str; 3] = [r#"{"plan":"pro"}"#, r#"{"host":"db-1","n":[1,2]}"#, "{}"];
const DURATIONS: [i32; 7] = [0, 1, 5, 7, 99, 1_000, i32::MAX];
const ADDRESSES: [&str; 5] = ["192.0.2.7", "192.0.2.200", "10.1.2.3", "2001:db8::1", "2001:db8:ffff::9"];
const NETWORKS: [&str; 6] =
    ["192.0.2.7/32", "192.0.2.0/25", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1/128", "::/0"];
const TENANTS: [&str; 2] = ["acme", "globex"];
const DELEGATES: [&str; 4] = ["u-1", "deploy-bot", "Deploy-Bot", "a,b!c"];
const WAYS: [&str; 3] = ["ui", "mcp", "MCP"];
const NEEDLES: [&str; 20] = [
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
    "a,b!",
    "ip-1",
    "οδυσσευσ",
    "strasse",
    "ren\u{e9}e",
    "diyarbakir",
];
const WORDS: [&str; 9] =
    ["refused", "REFUSED db", "1 db", "pro", "überlauf", "zzz", "connection", "ren\u{e9}e", "straße"];
/// Seconds before and after noon, some of them on the edges of a day.
const SECONDS: [i64; 9] = [-200_000, -86_401, -86_400, -86_399, -3_600, -1, 0, 1, 300];

/// Moments long ago and far ahead, which some of every so many activities have: only SQL of an application can insert
/// them.
const ABSURD: [i64; 2] = [946_684_800, 4_102_444_800];
const ABSURD_EVERY: usize = 40;

/// The catalogue that generated queries refer to.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);

fn text(words: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    select(words.to_vec()).prop_map(str::to_owned)
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (select(SECONDS.to_vec()), select(vec![0, 0, 1, 500_000, 999_999])).prop_map(|(seconds, micros)| {
        Timestamp::from_microsecond((NOON + seconds) * 1_000_000 + micros).expect("a moment")
    })
}

/// An activity of the small vocabulary.
pub(super) fn activity() -> impl Strategy<Value = NewActivity> {
    let who = (text(&USERS), text(&ACTIONS), moment(), option::of(text(&TENANTS)), any::<bool>());
    let what = (
        option::of(text(&ENDPOINTS)),
        option::of(text(&METHODS)),
        option::of(select(STATUS.to_vec())),
        option::of(any::<bool>()),
        option::of(text(&MESSAGES)),
        option::of(select(DETAILS.to_vec())),
        option::of(select(DURATIONS.to_vec())),
    );
    let about = (
        option::of(text(&IDS)),
        option::of(text(&IDS)),
        option::of(text(&KINDS)),
        option::of(select(ADDRESSES.to_vec())),
        option::of(text(&IDS)),
        option::of(text(&IDS)),
        option::of(text(&IDS)),
    );
    let delegate = option::of((text(&DELEGATES), option::of(select(DelegateType::ALL.to_vec()))));
    let through = (delegate, option::of(text(&WAYS)));
    (who, what, about, through).prop_map(|(who, what, about, (delegate, via))| {
        let (user_id, action_type, timestamp, tenant_id, is_admin) = who;
        let (endpoint, http_method, status_code, success, error_message, details, duration_ms) = what;
        let (target_user_id, target_resource_id, resource_type, address, session_id, request_id, trace_id) =
            about;
        NewActivity {
            timestamp: Some(timestamp),
            endpoint,
            http_method,
            status_code,
            success,
            error_message,
            target_user_id,
            target_resource_id,
            resource_type,
            details: details.map(object),
            duration_ms,
            ip_address: address.map(|text| text.parse().expect("an address")),
            is_admin,
            delegate_type: delegate.as_ref().and_then(|(_, kind)| *kind),
            delegate_id: delegate.map(|(id, _)| id),
            via,
            session_id,
            request_id,
            trace_id,
            tenant_id,
            ..NewActivity::new(user_id, action_type)
        }
    })
}

/// Fills the log with generated activities and its directory with people, and gives every row.
pub async fn fill(store: &dyn Store, count: usize) -> Vec<Row> {
    let mut runner = TestRunner::new(Config::default());
    let activities = collection::vec(activity(), count).new_tree(&mut runner).expect("a log").current();
    // The server's clock is at noon throughout, so that every generated time is believed.
    let stamped = activities.into_iter().zip(1..).map(|(activity, n)| activity.stamp(at(0), id(n), &[7; 32]));
    let mut stamped: Vec<_> = stamped.collect();
    for (n, one) in stamped.iter_mut().enumerate() {
        if let Some(absurd) = ABSURD.get(n % ABSURD_EVERY) {
            one.activity.timestamp = Timestamp::from_second(*absurd).expect("a moment");
        }
    }
    append(store, stamped).await;
    for (tenant, user_id, email, display_name) in [
        (None, "u-1", Some("Ada@Example.org"), Some("Ada Lovelace")),
        (None, "anon-1", None, Some("anon ip-1")),
        (None, "nobody", Some("ada@example.org"), None),
        (Some("acme"), "u-1", Some("grace@example.org"), Some("Grace ΟΔΥΣΣΕΥΣ von der Straße")),
        (Some("acme"), "Ünal", Some("%@example.org"), None),
        (Some("globex"), "u-10", None, Some("Rene\u{301}e Dıyarbakır, Οδυσσευς")),
        (Some("initech"), "u-1", Some("zzz@example.org"), None),
    ] {
        let profile = UserProfile {
            user_id: user_id.into(),
            email: email.map(str::to_owned),
            display_name: display_name.map(str::to_owned),
        };
        store.put_profiles(tenant.map(str::to_owned), vec![profile]).await.expect("a profile");
    }
    everything(store).await
}

fn choice<T: std::fmt::Debug + Clone + 'static>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Choice<T>> {
    (collection::vec(value.clone(), 0..4), collection::vec(value, 0..3))
        .prop_map(|(any, none)| Choice { any, none })
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
        TextField::Via => &WAYS,
        TextField::TargetUserId
        | TextField::SessionId
        | TextField::RequestId
        | TextField::TraceId
        | TextField::TargetResourceId => &IDS,
    }
}

/// A condition of any kind.
fn condition() -> impl Strategy<Value = Condition> {
    let pattern = prop_oneof![
        select(STATUS.to_vec()).prop_map(StatusPattern::Code),
        (1_u16..=5).prop_map(StatusPattern::Class)
    ];
    let network = select(NETWORKS.to_vec()).prop_map(|text| text.parse::<IpNet>().expect("a network"));
    let field = select(TextField::ALL.to_vec()).prop_flat_map(|field| {
        let word = prop_oneof![9 => text(words_of(field)), 1 => text(&["unheard-of"])];
        choice(word.boxed()).prop_map(move |choice| Condition::Text(field, choice))
    });
    prop_oneof![
        6 => field,
        1 => choice(pattern.boxed()).prop_map(Condition::Status),
        1 => choice(network.boxed()).prop_map(Condition::Address),
        1 => choice(any::<bool>()).prop_map(Condition::Success),
        1 => choice(any::<bool>()).prop_map(Condition::IsAdmin),
        1 => choice(any::<bool>()).prop_map(Condition::Anonymous),
        1 => choice(any::<bool>()).prop_map(Condition::Delegated),
        1 => choice(text(&USERS).boxed()).prop_map(Condition::ReadBy),
        1 => moment().prop_map(Condition::From),
        1 => moment().prop_map(Condition::Until),
        2 => text(&NEEDLES).prop_map(Condition::UserSearch),
        2 => searched().prop_map(|text| Condition::Search(text.into())),
        2 => text(&WORDS).prop_map(Condition::Words),
    ]
}

/// Part of a name, a whole value of a field, or a network.
fn searched() -> impl Strategy<Value = String> {
    let value = select(TextField::ALL.to_vec()).prop_flat_map(|field| text(words_of(field)));
    prop_oneof![3 => text(&NEEDLES), 2 => value, 1 => text(&NETWORKS)]
}

/// A filter of a few conditions.
pub fn filter() -> impl Strategy<Value = Filter> {
    collection::vec(condition(), 0..4).prop_map(Filter::of)
}

/// A query as a person could write it, and what it is read as.
pub fn query() -> impl Strategy<Value = Filter> {
    let values = |words: &[&'static str]| {
        let signed = (any::<bool>(), text(words)).prop_map(|(negated, word)| {
            let escaped = word.replace('\\', "\\\\").replace(',', "\\,").replace('!', "\\!");
            if negated { format!("!{escaped}") } else { escaped }
        });
        collection::vec(signed, 1..3).prop_map(|values| values.join(",")).boxed()
    };
    let parameter = prop_oneof![
        (Just("action_filter"), values(&ACTIONS)),
        (Just("user_id"), values(&USERS)),
        (Just("endpoint"), values(&ENDPOINTS)),
        (Just("method"), values(&["get", "POST"])),
        (Just("resource_type"), values(&KINDS)),
        (Just("resource_id"), values(&IDS)),
        (Just("session_id"), values(&IDS)),
        (Just("tenant_id"), values(&TENANTS)),
        (Just("success_filter"), values(&["true", "failure"])),
        (Just("is_admin"), values(&["true", "false"])),
        (Just("anonymous"), values(&["true", "false"])),
        (Just("delegated"), values(&["true", "false"])),
        (Just("read_by"), values(&USERS)),
        (Just("delegate_id"), values(&DELEGATES)),
        (Just("via"), values(&WAYS)),
        (Just("status"), values(&["4xx", "404", "200", "5xx"])),
        (Just("ip"), values(&["192.0.2.7", "192.0.2.0/24", "::ffff:10.0.0.0/104", "2001:db8::/40"])),
        (Just("category"), values(&["authentication", "documents", "other"])),
        (Just("q"), text(&NEEDLES).boxed()),
        (Just("user_search"), text(&NEEDLES).boxed()),
        (Just("text"), text(&WORDS).boxed()),
        (Just("date_from"), moment().prop_map(|moment| moment.to_string()).boxed()),
        (Just("date_to"), moment().prop_map(|moment| moment.as_second().to_string()).boxed()),
    ];
    let context = FilterContext { catalogue: &CATALOGUE, session_key: &[7; 32], text_search: true };
    collection::vec(parameter, 0..4).prop_filter_map(
        "a parameter that is given once only",
        move |parameters| {
            let pairs = parameters.iter().map(|(name, value)| (*name, value.as_str()));
            Filter::parse(pairs, &context).ok()
        },
    )
}

/// Any order.
pub fn sort() -> impl Strategy<Value = Sort> {
    let by = vec![SortBy::Timestamp, SortBy::ActionType, SortBy::DurationMs, SortBy::StatusCode];
    let order = vec![SortOrder::Asc, SortOrder::Desc];
    (select(by), select(order)).prop_map(|(by, order)| Sort { by, order })
}

/// Text of anything that an activity may hold: not empty, without NUL, and no longer than the shortest limit.
fn any_text() -> impl Strategy<Value = String> {
    let shortest = |text: String| text.chars().take(limits::HTTP_METHOD).collect();
    prop_oneof![
        "[^\\x00]{1,10}",
        any::<String>().prop_map(|text| text.replace('\0', "") + "x").prop_map(shortest)
    ]
}

fn any_object() -> impl Strategy<Value = Json> {
    collection::btree_map(any_text(), any_text(), 0..4).prop_map(|object| Json::of(&object))
}

/// An activity of anything that the reader of activities lets through; its id and position are to be given.
pub(super) fn any_activity() -> impl Strategy<Value = Activity> {
    let micros = 946_684_800_000_000_i64..4_102_444_800_000_000;
    let micros = micros.prop_map(|micros| Timestamp::from_microsecond(micros).expect("a moment"));
    let flags = any::<[bool; 3]>();
    let numbers = (option::of(100_u16..600), option::of(0..=i32::MAX), option::of(0..=i32::MAX));
    let texts = collection::vec(option::of(any_text()), 13);
    let objects = (option::of(any_object()), option::of(any_object()));
    let delegate = option::of((any_text(), option::of(select(DelegateType::ALL.to_vec()))));
    let address = option::of(any::<std::net::IpAddr>().prop_map(|ip| ip.to_canonical()));
    (any_text(), any_text(), (micros.clone(), micros), flags, numbers, texts, objects, (address, delegate))
        .prop_map(
            |(
                user_id,
                action_type,
                (timestamp, created_at),
                flags,
                numbers,
                mut texts,
                objects,
                (ip_address, delegate),
            )| {
                let mut text = || texts.pop().flatten();
                Activity {
                    timestamp,
                    created_at,
                    timestamp_adjusted: flags[0],
                    user_id,
                    action_type,
                    endpoint: text(),
                    http_method: text(),
                    status_code: numbers.0,
                    success: flags[1],
                    error_message: text(),
                    error_type: text(),
                    target_user_id: text(),
                    target_resource_id: text(),
                    resource_type: text(),
                    details: objects.0,
                    changes: objects.1,
                    duration_ms: numbers.1,
                    db_query_count: numbers.2,
                    ip_address,
                    user_agent: text(),
                    is_admin: flags[2],
                    delegate_type: delegate.as_ref().and_then(|(_, kind)| *kind),
                    delegate_id: delegate.map(|(id, _)| id),
                    via: text(),
                    session_id: text(),
                    request_id: text(),
                    trace_id: text(),
                    tenant_id: text(),
                    ..plain(0).activity
                }
            },
        )
}
