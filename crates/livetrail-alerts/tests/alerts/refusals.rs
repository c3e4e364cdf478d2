//! What is wrong with a rule is named by line, column and field, with a correct form.

use crate::common::{read, rule};

const GOOD: &str = r#"
id = "a-rule"
title = "A rule"
severity = "warning"
group_by = ["user_id"]
timespan = "10m"

[filter]
action_filter = ["login"]

[condition]
type = "event_count"
gte = 10
"#;

#[track_caller]
fn errors(toml: &str) -> Vec<String> {
    read(toml).expect_err(toml).iter().map(ToString::to_string).collect()
}

/// The only error of the good rule with a part replaced.
#[track_caller]
pub(crate) fn check(from: &str, to: &str, error: &str) {
    assert!(GOOD.contains(from), "{from}");
    assert_eq!(errors(&GOOD.replacen(from, to, 1)), [error], "{to}");
}

/// The only error of the good rule with another condition.
#[track_caller]
fn condition(lines: &str, error: &str) {
    check("type = \"event_count\"\ngte = 10\n", lines, error);
}

#[test]
fn the_good_rule_is_read() {
    assert_eq!(rule(GOOD).id, "a-rule");
}

#[test]
fn faults_of_the_head() {
    check(
        "id = \"a-rule\"\n",
        "",
        "line 1, column 1: `id` is missing: a short name such as \"failed-sign-ins\"",
    );
    check(
        "a-rule",
        "A rule",
        "line 2, column 6: `id` must have lower-case letters, digits and dashes only, such as \"failed-sign-ins\"",
    );
    check("\"A rule\"", "7", "line 3, column 9: `title` must be a text, not an integer");
    check("\"A rule\"", "\"\"", "line 3, column 9: `title` is empty: give it a text");
    check(
        "warning",
        "high",
        "line 4, column 12: `severity` must be info, notice, warning or critical, not \"high\"",
    );
    check(
        "title =",
        "titel = 1\ntitle =",
        "line 3, column 1: `rule` has an unknown field \"titel\"; did you mean `title`?",
    );
    check("title =", "tenant = 1\ntitle =", "line 3, column 10: `tenant` must be a text, not an integer");
    check(
        "title =",
        "another_user = \"yes\"\ntitle =",
        "line 3, column 16: `another_user` must be true or false, not a text",
    );
    check(
        "title =",
        "details_at_least = { rows = \"many\" }\ntitle =",
        "line 3, column 29: `details_at_least.rows` must be a whole number, not a text",
    );
    check(
        "title =",
        "details_at_least = {}\ntitle =",
        "line 3, column 20: `details_at_least` has 0 numbers; 1 to 5 are possible",
    );
    check(
        "title =",
        "details_at_least = 1\ntitle =",
        "line 3, column 20: `details_at_least` must be a table, not an integer",
    );
    check("title = ", "title = = ", "line 3, column 9: is not TOML: extra `=`, expected nothing");
}

#[test]
fn impossible_windows() {
    check("10m", "0s", "line 6, column 12: `timespan` must be 1s to 30d, not 0s");
    check("10m", "31d", "line 6, column 12: `timespan` must be 1s to 30d, not 31d");
    check(
        "10m",
        "1h30m",
        "line 6, column 12: `timespan` must be a number with s, m, h or d, such as 10m, not \"1h30m\": 1 h 30 \
          min is 90m",
    );
    check(
        "10m",
        "-5m",
        "line 6, column 12: `timespan` must be a number with s, m, h or d, such as 10m, not \"-5m\": 1 h 30 min is 90m",
    );
    check(
        "10m",
        "99999999999999999999d",
        "line 6, column 12: `timespan` must be a number with s, m, h or d, such as 10m, not \
          \"99999999999999999999d\": 1 h 30 min is 90m",
    );
    check(
        "\"10m\"",
        "600",
        "line 6, column 12: `timespan` must be a duration such as \"10m\", not an integer",
    );
    check(
        "timespan = \"10m\"\n",
        "",
        "line 1, column 1: `timespan` is missing: the length of the window, such as \"10m\"",
    );
}

#[test]
fn groups_that_cannot_be() {
    let at = "line 5, column 12: `group_by`";
    check(
        "\"user_id\"",
        "\"usr_id\"",
        "line 5, column 13: `group_by` has an unknown field \"usr_id\"; did you mean user_id?",
    );
    check(
        "\"user_id\"",
        "\"ip\"",
        "line 5, column 13: `group_by` has an unknown field \"ip\"; did you mean ip_address?",
    );
    check(
        "\"user_id\"",
        "\"tenant_id\"",
        "line 5, column 13: `group_by` cannot be tenant_id: an alert never mixes tenants, so leave it out",
    );
    check(
        "\"user_id\"",
        "\"user_id\", \"user_id\"",
        "line 5, column 24: `group_by` names user_id twice; keep one of them",
    );
    check(
        "\"user_id\"",
        "\"action_type\"",
        &format!("{at} has action_type, of which the filter admits one value only: leave it out"),
    );
    let with = |filter: &str, group_by: &str| {
        GOOD.replace("action_filter = [\"login\"]", filter).replace("user_id", group_by)
    };
    for (filter, group_by) in [
        ("ip = \"192.0.2.1\"", "ip_address"),
        ("ip = \"192.0.2.0/24\"", "network"),
        ("status = 404", "status_code"),
    ] {
        assert_eq!(
            errors(&with(filter, group_by)),
            [format!("{at} has {group_by}, of which the filter admits one value only: leave it out")]
        );
    }
    rule(&with("status = \"4xx\"", "status_code"));
    rule(&with("ip = \"192.0.2.0/24\"", "ip_address"));
    assert_eq!(
        errors(&with("delegated = false", "delegate_id")),
        [format!("{at} has delegate_id, which no activity has that the filter matches: leave it out")]
    );
}

#[test]
fn faults_of_the_filter() {
    let filter = |lines: &str, error: &str| check("action_filter = [\"login\"]", lines, error);
    filter(
        "action_fliter = \"login\"",
        "line 9, column 17: `filter.action_fliter` is not a key of a filter; did you mean `action_filter`?",
    );
    filter(
        "success = true",
        "line 9, column 11: `filter.success` is not a key of a filter; did you mean `success_filter`?",
    );
    filter(
        "status = 99",
        "line 9, column 10: `filter.status` must be a status such as 404 or a class such as 4xx, not \"99\"",
    );
    filter(
        "status = 4.5",
        "line 9, column 10: `filter.status` must be a text, a whole number, true or false, or a list of them, \
          not a number",
    );
    filter(
        "status = []",
        "line 9, column 10: `filter.status` is an empty list, which would match nothing: leave the key out",
    );
    filter("user_id = \"\"", "line 9, column 11: `filter.user_id` is empty: leave the key out");
    filter(
        "ip = \"office\"",
        "line 9, column 6: `filter.ip` must be an address or a network such as 192.0.2.0/24, not \"office\"",
    );
    filter(
        "date_from = 1",
        "line 9, column 13: `filter.date_from` is not possible in a rule: it looks at each activity as it \
          comes; see `timespan`",
    );
    filter(
        "q = \"ada\"",
        "line 9, column 5: `filter.q` depends on the user directory, which changes: name the fields, such as \
          user_id or endpoint",
    );
    filter(
        "category = \"authn\"",
        "line 9, column 12: `filter.category` \"authn\" is no category of the catalogue",
    );
}

#[test]
fn faults_of_counts() {
    condition(
        "type = \"event_count\"\n",
        "line 11, column 1: `condition.gte` is missing: the least number that raises an alert",
    );
    condition(
        "type = \"event_count\"\ngte = 0",
        "line 13, column 7: `condition.gte` must be 1 to 10000, not 0",
    );
    condition(
        "type = \"event_count\"\ngte = 10_001",
        "line 13, column 7: `condition.gte` must be 1 to 10000, not 10001",
    );
    condition(
        "type = \"event_count\"\ngte = \"3\"",
        "line 13, column 7: `condition.gte` must be a whole number, not a text",
    );
    condition(
        "type = \"event_count\"\ngte = 2\ngt = 3",
        "line 11, column 1: `condition.gte` is given more than once, as gte, gt and eq: keep one of them",
    );
    condition(
        "type = \"event_count\"\nlt = 3",
        "line 13, column 6: `condition.lt` cannot raise an alert: every group begins with a count of 0, so it \
          would be true at once, and false later; to be told when a group stops, use the type silence",
    );
    condition(
        "type = \"event_cuont\"\ngte = 3",
        "line 12, column 8: `condition.type` is unknown: \"event_cuont\"; did you mean event_count?",
    );
    condition(
        "gte = 3",
        "line 11, column 1: `condition.type` is missing: one of event_count, value_count, temporal, \
          temporal_ordered, ratio, first_seen, outside_hours, silence, impossible_travel",
    );
    condition(
        "type = \"event_count\"\ngte = 3\nfield = \"ip\"",
        "line 14, column 1: `condition` has an unknown field \"field\"; the fields here are type, gte, gt, eq, \
          lt, lte, neq",
    );
    condition(
        "type = \"value_count\"\ngte = 3",
        "line 11, column 1: `condition.field` is missing: the field whose different values count",
    );
}

#[test]
fn faults_of_steps() {
    condition(
        "type = \"temporal\"\nsteps = [{ filter = { status = 404 } }]",
        "line 13, column 9: `condition.steps` has 1 steps; 2 to 8 are possible",
    );
    condition(
        "type = \"temporal\"\nsteps = [{ filter = { status = 404 } }, { }]",
        "line 13, column 41: `condition.steps[1].filter` is missing: which of the rule's activities belong to the step",
    );
    condition(
        "type = \"temporal\"\nsteps = [{ filter = { status = 404 } }, { filter = {} }]",
        "line 13, column 52: `condition.steps[1].filter` is empty: it would match every activity of the rule",
    );
    condition(
        "type = \"temporal\"\nsteps = [{ gte = 999, filter = { status = 404 } }, { gte = 2, filter = { status = \
          200 } }]",
        "line 13, column 9: `condition.steps` waits for 1001 activities; at most 1000 are possible",
    );
    condition(
        "type = \"temporal\"\nsteps = 2",
        "line 13, column 9: `condition.steps` must be a list, not an integer",
    );
}

#[test]
fn faults_of_other_conditions() {
    condition(
        "type = \"ratio\"\npart = { success_filter = false }\ngte = 1.5\nmin_count = 5",
        "line 14, column 7: `condition.gte` must be 0.001 to 1, not 1.5",
    );
    condition(
        "type = \"ratio\"\npart = { action_filter = \"login\" }\ngte = 0.5\nmin_count = 5",
        "line 13, column 8: `condition.part` repeats the rule's filter, so the share would always be 1",
    );
    condition(
        "type = \"ratio\"\npart = { success_filter = false }\ngte = 0.5",
        "line 11, column 1: `condition.min_count` is missing: the least number of all activities, since one \
          failure of one is a share of 1",
    );
    condition(
        "type = \"first_seen\"\nfield = \"network\"\nlearning = \"6m\"",
        "line 14, column 12: `condition.learning` must be at most half the timespan, 5m: the timespan is all it \
          remembers",
    );
    let hours = |from: &str, to: &str, day: &str, zone: &str| {
        format!(
            "type = \"outside_hours\"\nweekdays = [\"{day}\"]\nfrom = \"{from}\"\nto = \"{to}\"\nzone = \"{zone}\""
        )
    };
    condition(
        &hours("08:00", "08:00", "mon", "UTC"),
        "line 15, column 6: `condition.to` must be after `from`: name the hours of one day; what is outside \
          them raises alerts",
    );
    condition(
        &hours("8 am", "18:00", "mon", "UTC"),
        "line 14, column 8: `condition.from` must be a time of day, 00:00 to 23:59, not \"8 am\"",
    );
    condition(
        &hours("08:00", "18:00", "monday", "UTC"),
        "line 13, column 13: `condition.weekdays` must be of mon, tue, wed, thu, fri, sat, sun, not \"monday\"",
    );
    condition(
        &hours("08:00", "18:00", "mon", "Europe/Berlni"),
        "line 16, column 8: `condition.zone` must be a time zone of IANA such as Europe/Berlin, not \"Europe/Berlni\"",
    );
    condition(
        "type = \"silence\"\ngte = 5",
        "line 11, column 1: `condition.quiet_for` is missing: how long the group has to be silent, such as \"1h\"",
    );
    condition(
        "type = \"impossible_travel\"\nmax_speed = 1",
        "line 13, column 13: `condition.max_speed` must be 100 to 30000, not 1",
    );
}

#[test]
fn all_faults_are_reported_together_in_the_order_of_lines() {
    let toml = GOOD.replace("a-rule", "A").replace("10m", "0s").replace("gte = 10", "gte = 0");
    assert_eq!(
        errors(&toml).iter().map(|error| &error[..7]).collect::<Vec<_>>(),
        ["line 2,", "line 6,", "line 13"]
    );
}

#[test]
fn long_and_hostile_texts_are_cut() {
    for error in errors(&GOOD.replace("user_id", &"x".repeat(30)).replace("gte", &"y".repeat(5_000))) {
        assert!(error.chars().count() < 600, "{error}");
    }
}

/// With another form of the canonical text, every rule would have a new version, and raise again what goes on.
#[test]
fn the_version_of_a_rule_stays_what_it_is() {
    let good = rule(GOOD);
    assert_eq!(
        good.canonical(),
        "tenant None\nanother_user false\ngroup_by user_id\ntimespan 10m\nevent_count 10\nfilter\naction_filter \
          [\"login\"] ![]\n"
    );
    assert_eq!(good.version().to_string(), "2e4ad98cab769e1220865837b2ca3783");
    let same =
        GOOD.replace("A rule", "Another title").replace("warning", "critical").replace("gte = 10", "gt = 9");
    assert_eq!(rule(&same).version(), good.version());
    for (from, to) in
        [("10m", "11m"), ("gte = 10", "gte = 11"), ("login", "logout"), ("user_id", "ip_address")]
    {
        assert_ne!(rule(&GOOD.replace(from, to)).version(), good.version(), "{to}");
    }
}
