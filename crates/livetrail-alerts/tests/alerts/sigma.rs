//! Rules of Sigma: what is imported, and what is refused.

use crate::common::{context, rule};
use livetrail_alerts::sigma::{Import, import};

#[track_caller]
fn read(yaml: &str) -> Import {
    import(yaml, &context()).unwrap_or_else(|errors| panic!("{yaml}\n{errors:?}"))
}

#[track_caller]
fn refused(yaml: &str) -> Vec<String> {
    import(yaml, &context()).expect_err(yaml).iter().map(ToString::to_string).collect()
}

/// An event rule with this detection.
fn detection(lines: &str) -> String {
    format!("title: A rule\nname: a_rule\ndetection:\n{lines}")
}

/// A correlation of the event rules `failed` and `worked`.
fn correlation(lines: &str) -> String {
    format!(
        "title: Correlated\ncorrelation:\n{lines}\n---\n\
         title: Failed\nname: failed\ndetection:\n  selection:\n    \
         action_type|cased: login\n    success: false\n  condition: selection\n---\n\
         title: Worked\nname: worked\ndetection:\n  selection:\n    \
         action_type|cased: login\n    success: true\n  condition: selection\n"
    )
}

/// The form of the specification's own example.
#[test]
fn a_chain_is_a_rule_of_ordered_steps() {
    let yaml = "\
title: Many failed sign-ins, then a successful one
status: experimental
level: high
correlation:
    type: temporal_ordered
    rules: [many_failed, worked]
    group-by: [user_id]
    timespan: 10m
---
title: Many failed sign-ins
name: many_failed
correlation:
    type: event_count
    rules: [failed]
    group-by: [user_id]
    timespan: 10m
    condition:
        gte: 10
---
title: Failed
name: failed
logsource: { product: livetrail }
detection:
    selection:
        action_type|cased: [login, user_login]
    wrong:
        success: false
    condition: selection and wrong
---
title: Worked
name: worked
detection:
    selection:
        action_type|cased: [login, user_login]
        success: true
    condition: selection
";
    let Import { rules, notes } = read(yaml);
    assert_eq!(notes, []);
    let toml = r#"
id = "many-failed-sign-ins-then-a-successful-one"
title = "Many failed sign-ins, then a successful one"
severity = "critical"
group_by = ["user_id"]
timespan = "10m"
[condition]
type = "temporal_ordered"
steps = [
    { gte = 10, filter = { action_filter = ["login", "user_login"], success_filter = false } },
    { filter = { action_filter = ["login", "user_login"], success_filter = true } },
]
"#;
    assert_eq!(rules, [rule(toml)]);
}

#[test]
fn an_event_rule_alone_raises_an_alert_at_its_first_match() {
    let yaml = detection(
        "  selection:\n    ip_address|cidr: [192.0.2.0/24, 198.51.100.7]\n    user_id|cased: ['a,b', '!c', 'd\\*']\n  \
         filter_admins:\n    is_admin: true\n  filter_status:\n    status_code: [200, 204]\n  \
         condition: selection and not filter_admins and not filter_status\n",
    );
    let toml = r#"
id = "a-rule"
title = "A rule"
severity = "warning"
timespan = "10m"
[filter]
ip = ["192.0.2.0/24", "198.51.100.7"]
user_id = ["a\\,b", "\\!c", "d*"]
is_admin = "!true"
status = ["!200", "!204"]
[condition]
type = "event_count"
gte = 1
"#;
    let Import { rules, notes } = read(&yaml);
    let expected = rule(toml);
    assert_eq!(rules[0].canonical(), expected.canonical());
    assert_eq!((rules[0].id.as_str(), notes.len()), ("a_rule".replace('_', "-").as_str(), 0));
}

#[test]
fn values_and_temporal_counts_are_imported() {
    let rules = read(&correlation(
        "  type: value_count\n  rules: failed\n  group-by: [ip_address]\n  timespan: \
         1h\n  condition: { field: user_id, gt: 9 }",
    ))
    .rules;
    assert!(rules[0].canonical().contains("value_count user_id 10"), "{}", rules[0].canonical());
    let rules = read(&correlation(
        "  type: temporal\n  rules: [failed, worked]\n  timespan: 1h\n  condition: { eq: 2 }",
    ))
    .rules;
    assert_eq!(rules[0].condition.name(), "temporal");
}

#[test]
fn a_difference_of_case_is_noted() {
    let notes = read(&detection(
        "  selection:\n    user_id: Ada\n    success: true\n    status_code: 404\n  condition: selection\n",
    ))
    .notes;
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "line 5, column 14: `detection.selection.user_id` is compared exactly, while Sigma ignores case; write \
          user_id|cased to say so"
        ]
    );
}

#[test]
fn what_a_filter_cannot_say_is_refused_at_its_line() {
    for (lines, error) in [
        (
            "  selection:\n    user_id|contains: adm\n  condition: selection\n",
            "line 5, column 23: `detection.selection.user_id|contains` has the modifier \"contains\", but a \
              filter compares whole values: `cased`, `neq` and, for ip_address, `cidr` are possible",
        ),
        (
            "  selection:\n    user_id: adm*\n  condition: selection\n",
            "line 5, column 14: `detection.selection.user_id` is the pattern \"adm*\", but a filter compares \
              whole values",
        ),
        (
            "  selection:\n    user: adm\n  condition: selection\n",
            "line 5, column 11: `detection.selection.user` is not a field that a filter compares; did you mean \
              user_id?",
        ),
        (
            "  selection:\n    user_id: null\n  condition: selection\n",
            "line 5, column 14: `detection.selection.user_id` must be a text, a whole number or a boolean: a \
              filter cannot ask for an empty field",
        ),
        (
            "  selection:\n    status_code: 99\n  condition: selection\n",
            "line 5, column 18: `detection.selection.status_code` must be a status such as 404 or a class such \
              as 4xx, not \"99\"",
        ),
        (
            "  a:\n    success: true\n  b:\n    is_admin: true\n  condition: a or b\n",
            "line 8, column 14: `detection.condition` cannot say `or`: a filter has no `or` between selections; \
              import two rules",
        ),
        (
            "  a1:\n    success: true\n  a2:\n    is_admin: true\n  condition: 1 of a*\n",
            "line 8, column 14: `detection.condition` cannot say `1 of a*`: a filter has no `or` between selections",
        ),
        (
            "  a:\n    success: true\n  condition: (a)\n",
            "line 6, column 14: `detection.condition` cannot have parentheses or pipes: name selections, joined \
              by `and`",
        ),
        (
            "  a:\n    success: true\n  condition: a and b\n",
            "line 6, column 14: `detection.condition` names \"b\", which is not a selection",
        ),
        (
            "  a:\n    success: true\n  condition: a b\n",
            "line 6, column 14: `detection.condition` has \"b\" where `and` is expected",
        ),
        (
            "  a:\n    success: true\n    is_admin: true\n  condition: not a\n",
            "line 5, column 5: `detection.a` has several fields, so `not` of it means `or`, which a filter does \
              not have",
        ),
        (
            "  a: [evil, worse]\n  condition: a\n",
            "line 4, column 6: `detection.a` cannot be a list: a filter has no `or` between fields, and no keywords",
        ),
        (
            "  a:\n    success: true\n",
            "line 4, column 3: `detection.condition` is missing: the selections, joined by `and`",
        ),
    ] {
        assert_eq!(refused(&detection(lines)), [error], "{lines}");
    }
}

#[test]
fn correlations_that_cannot_be_exact_are_refused() {
    for (lines, error) in [
        (
            "  type: value_sum\n  rules: failed\n  timespan: 1h",
            "line 3, column 9: `correlation.type` cannot be value_sum: Livetrail counts activities, and does \
              not add their numbers",
        ),
        (
            "  type: event_count\n  rules: failed\n  timespan: 1h\n  condition: { lt: 3 }",
            "line 6, column 20: `correlation.condition.lt` cannot raise an alert: every group begins with a \
              count of 0, so it would be true at once, and false later; to be told when a group stops, use the \
              type silence",
        ),
        (
            "  type: value_count\n  rules: failed\n  group-by: [user_id]\n  timespan: 1h\n  condition: { field: \
              user_id, gte: 3 }",
            "line 7, column 23: `correlation.condition.field` needs 3 values of user_id, but all activities of a \
              group have the same: see `group_by`",
        ),
        (
            "  type: event_count\n  rules: missing\n  timespan: 1h\n  condition: { gte: 3 }",
            "line 4, column 10: `correlation.rules` names \"missing\", which is the name or id of no rule in this text",
        ),
        (
            "  type: event_count\n  rules: [failed, worked]\n  timespan: 1h\n  condition: { gte: 3 }",
            "line 1, column 1: `correlation.rules` names 2 rules; it counts the activities of one",
        ),
        (
            "  type: temporal\n  rules: [failed, worked]\n  timespan: 1h\n  condition: { gte: 1 }",
            "line 6, column 14: `correlation.condition` must be the number of the rules, 2: every one of them \
              is needed",
        ),
        (
            "  type: temporal\n  rules: [failed, worked]\n  timespan: 1h\n  aliases: { a: { failed: user_id } }",
            "line 6, column 12: `correlation.aliases` cannot be said: the activities of an alert share the \
              values of the same fields",
        ),
        (
            "  type: event_count\n  rules: failed\n  timespan: 40d\n  condition: { gte: 3 }",
            "line 5, column 13: `correlation.timespan` must be 1s to 30d, not 40d",
        ),
        (
            "  type: event_count\n  rules: failed\n  timespan: 1h\n  group_by: [user_id]\n  condition: { gte: 3 }",
            "line 6, column 3: `correlation` has an unknown field \"group_by\"; did you mean `group-by`?",
        ),
    ] {
        assert_eq!(refused(&correlation(lines)), [error], "{lines}");
    }
}

#[test]
fn a_text_that_is_no_rule_is_refused() {
    for (yaml, error) in [
        ("", "line 1, column 1: has no document: a rule of Sigma is expected"),
        (
            "title: |\n  A\n  rule\nname: a\ndetection:\n  a:\n    success: true\n  condition: a\n",
            "line 2, column 3: `title` has a line break or a tab: write it in one line, with spaces",
        ),
        ("title: [", "line 2, column 1: is not YAML"),
        ("a: &x 1\nb: *x\n", "line 1, column 4: uses an anchor, an alias or a tag: write the value out"),
        ("a: 1\na: 2\n", "line 2, column 1: names \"a\" twice"),
        (
            "title: A\nlogsource: { product: windows }\ndetection:\n  a:\n    success: true\n  condition: a\n",
            "line 2, column 23: `logsource.product` must be livetrail, or left out: activities come from no \
              other product",
        ),
        (
            "title: A\n",
            "line 1, column 1: `detection` is missing: a document has either `detection` or `correlation`",
        ),
    ] {
        let errors = refused(yaml);
        assert!(errors[0].starts_with(error), "{yaml:?}: {errors:?}");
    }
    let deep = format!("title: {}", "[".repeat(100_000));
    assert!(!refused(&deep).is_empty());
}
