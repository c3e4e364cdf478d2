//! A rule that is written as TOML is read as the same rule.

use crate::{common::rule, docs::examples};
use livetrail_alerts::{DEFAULTS, Rule};

#[track_caller]
fn check(rule_: &Rule) {
    let written = rule_.to_toml().expect("TOML");
    assert_eq!(&rule(&written), rule_, "{written}");
}

#[test]
fn every_kind_of_rule_is_read_again_as_it_was() {
    DEFAULTS.iter().for_each(|default| check(&rule(default.toml)));
    examples("toml").into_iter().for_each(|toml| check(&rule(toml)));
}

#[test]
fn texts_that_look_like_toml_or_like_lists_stay_texts() {
    let hostile = r#"
id = "r"
title = "a \"b\" \\ c # d"
description = """
[filter]
user_id = "x" #\t\u00e4"""
severity = "info"
tenant = "]]"
another_user = true
details_at_least = { "a b" = 3, rows = 7 }
timespan = "90m"

[filter]
user_id = ["a\\,b", "!c", "\\!d"]
success_filter = false
status = ["404", "5xx"]
ip = "10.0.0.0/8"

[condition]
type = "temporal"
steps = [{ gte = 2, filter = { endpoint = "}," } }, { filter = { is_admin = true } }]
"#;
    check(&rule(hostile));
}

#[test]
fn two_conditions_of_one_parameter_cannot_be_written() {
    let filter = "[filter]\ncategory = \"authentication\"\naction_filter = \"!user_login\"\n";
    let text = format!(
        "id = \"r\"\ntitle = \"R\"\nseverity = \"info\"\ntimespan = \"10m\"\n{filter}\
         [condition]\ntype = \"event_count\"\ngte = 1\n"
    );
    assert_eq!(rule(&text).to_toml(), None);
}
