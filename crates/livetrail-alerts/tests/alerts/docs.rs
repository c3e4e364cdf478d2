//! The examples of docs/alerts.md are rules.

use crate::common::{context, rule};
use livetrail_alerts::sigma::import;

const GUIDE: &str = include_str!("../../../../docs/alerts.md");

pub(crate) fn examples(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    GUIDE.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

#[test]
fn each_condition_has_an_example_that_is_read() {
    let mut names: Vec<&str> = examples("toml").iter().map(|toml| rule(toml).condition.name()).collect();
    names.sort_unstable();
    names.dedup();
    let expected = [
        "event_count",
        "first_seen",
        "impossible_travel",
        "outside_hours",
        "ratio",
        "silence",
        "temporal_ordered",
        "value_count",
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_example_of_sigma_says_the_same_as_the_default() {
    let imported = import(examples("yaml")[0], &context()).expect("a rule");
    assert_eq!(imported.notes, []);
    let spraying = include_str!("../../defaults/password-spraying.toml");
    let spraying = spraying.replace("[\"user_login\", \"login\"]", "[\"login\", \"user_login\"]");
    assert_eq!(imported.rules[0].canonical(), rule(&spraying).canonical());
}
