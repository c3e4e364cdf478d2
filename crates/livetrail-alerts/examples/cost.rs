//! What rules cost: the time of an activity and a rule, for rules that match and rules that do not.
//!
//! `cargo run --release -p livetrail-alerts --example cost`

#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use jiff::Timestamp;
use livetrail_alerts::{Alert, DEFAULTS, Evaluator, NoPlaces, Past, PastError, Question, Rule};
use livetrail_types::{Activity, Catalogue, FilterContext, NewActivity};
use std::sync::Arc;
use uuid::Uuid;

const ACTIVITIES: u64 = 200_000;
const RULES: usize = 50;
/// Arrivals in a second, and activities that are stored together.
const RATE: u64 = 5_000;
const BATCH: u64 = 250;

/// A log that has nothing older.
struct Empty;

impl Past for Empty {
    fn activities(&mut self, _: &Question<'_>, _: &mut dyn FnMut(&Activity)) -> Result<(), PastError> {
        Ok(())
    }

    fn alerts(&mut self, _: &Question<'_>) -> Result<Vec<Alert>, PastError> {
        Ok(Vec::new())
    }
}

/// Everyday activities of 5,000 users, of which one in twenty is a sign-in.
fn activities() -> Vec<Activity> {
    const ACTIONS: [&str; 5] =
        ["chat_message", "document_list", "api_operation", "session_create", "content_updated"];
    let template = NewActivity::new("u-1", "chat_message");
    let start = Timestamp::from_second(1_772_452_800).expect("a moment");
    let template = template.stamp(start, Uuid::nil(), &[7; 32]).activity;
    let make = |n: u64| {
        let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let micros = start.as_microsecond() + i64::try_from(n * 1_000_000 / RATE).expect("a time");
        let moment = Timestamp::from_microsecond(micros).expect("a moment");
        let is_sign_in = mixed.is_multiple_of(20);
        Activity {
            position: n + 1,
            timestamp: moment,
            created_at: moment,
            user_id: format!("u-{}", mixed % 5_000),
            action_type: if is_sign_in { "login" } else { ACTIONS[(mixed % 5) as usize] }.to_owned(),
            success: !(mixed / 20).is_multiple_of(10),
            status_code: Some(if mixed.is_multiple_of(30) { 403 } else { 200 }),
            endpoint: Some(format!("/api/{}", mixed % 40)),
            http_method: Some("POST".into()),
            ip_address: Some([10, 0, (mixed % 50) as u8, (mixed % 200) as u8].into()),
            ..template.clone()
        }
    };
    (0..ACTIVITIES).map(make).collect()
}

/// Fifty rules: the first of them, again and again under other names.
fn rules(toml: &[&str]) -> Vec<Rule> {
    let catalogue = Catalogue::builtin();
    let context = FilterContext { catalogue: &catalogue, session_key: &[7; 32], text_search: false };
    let read = |n: usize| {
        let mut rule = Rule::from_toml(toml[n % toml.len()], &context).expect("a rule");
        rule.id = format!("rule-{n}");
        rule
    };
    (0..RULES).map(read).collect()
}

/// The time that this thread has had on a processor, as Linux counts it. Others share the machine.
fn cpu_nanos() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the times of the thread");
    text.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("nanoseconds")
}

fn measure(name: &str, rules: Vec<Rule>, activities: &[Activity]) {
    let mut evaluator = Evaluator::new(rules, Arc::new(NoPlaces));
    let begin = cpu_nanos();
    let mut events = 0;
    for activity in activities {
        events += evaluator.step(activity, &mut Empty).expect("an answer").len();
        if activity.position.is_multiple_of(BATCH) {
            evaluator.settle();
        }
    }
    let nanos = (cpu_nanos() - begin) as f64 / ACTIVITIES as f64;
    let core = nanos * RATE as f64 / 1e7;
    println!(
        "{name:<34} {nanos:>8.0} ns an activity {:>6.1} ns a rule {core:>6.2} % of a core {events:>8} events",
        nanos / RULES as f64
    );
}

fn main() {
    let activities = activities();
    let rule = |group_by: &str, condition: &str| {
        format!(
            "id = \"a\"\ntitle = \"A\"\nseverity = \"info\"\ntimespan = \"1m\"\ngroup_by = \
              [{group_by}]\n[condition]\n{condition}"
        )
    };
    let defaults: Vec<&str> =
        DEFAULTS.iter().filter(|default| default.is_on).map(|default| default.toml).collect();
    measure("the defaults that are on", rules(&defaults), &activities);
    let all: Vec<&str> = DEFAULTS.iter().map(|default| default.toml).collect();
    measure("all defaults", rules(&all), &activities);
    for (name, group_by, condition) in [
        ("event_count, all match", "\"user_id\"", "type = \"event_count\"\ngte = 1000"),
        ("value_count, all match", "\"user_id\"", "type = \"value_count\"\nfield = \"endpoint\"\ngte = 100"),
        (
            "temporal_ordered, all match",
            "\"user_id\"",
            "type = \"temporal_ordered\"\nsteps = [{ gte = 500, filter = { success_filter = false } }, { filter \
              = { success_filter = true } }]",
        ),
        (
            "ratio, all match",
            "\"endpoint\"",
            "type = \"ratio\"\npart = { status = 403 }\ngte = 0.5\nmin_count = 100",
        ),
        (
            "first_seen, all match",
            "\"user_id\"",
            "type = \"first_seen\"\nfield = \"network\"\nlearning = \"30s\"",
        ),
    ] {
        measure(name, rules(&[&rule(group_by, condition)]), &activities);
    }
}
