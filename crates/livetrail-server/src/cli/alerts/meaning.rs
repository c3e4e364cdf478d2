//! A rule in words.

use super::name_of;
use livetrail_alerts::{Condition, Rule, Step};
use livetrail_types::{Filter, visible};

/// What a rule means, in a few lines.
pub(super) fn meaning(rule: &Rule) -> String {
    let mut lines = vec![format!("{}: {} ({})", rule.id, visible(&rule.title), name_of(&rule.severity))];
    let mut line = |name: &str, text: String| lines.push(format!("  {name:12} {text}"));
    line("activities", activities(rule));
    let names: Vec<&str> = rule.group_by.iter().map(|field| field.name()).collect();
    line("each", if names.is_empty() { "all together".into() } else { names.join(", ") });
    line("raises", condition(rule));
    line("lasts", format!("while further ones happen at most {} after its last one", rule.lasts()));
    lines.join("\n") + "\n"
}

fn activities(rule: &Rule) -> String {
    let mut parts = vec![filter(&rule.filter)];
    if let Some(tenant) = &rule.tenant {
        parts.push(format!("of the tenant {}", visible(tenant)));
    }
    if rule.another_user {
        parts.push("whose target is another user".into());
    }
    for (name, least) in &rule.details_at_least {
        parts.push(format!("whose details have {} of at least {least}", visible(name)));
    }
    parts.join(", ")
}

fn filter(filter: &Filter) -> String {
    let parameters: Vec<String> = filter
        .parameters()
        .into_iter()
        .map(|(name, values)| format!("{name}={}", visible(&values.join(","))))
        .collect();
    if parameters.is_empty() { "every activity".into() } else { parameters.join(" ") }
}

fn condition(rule: &Rule) -> String {
    let within = format!("within {}", rule.timespan);
    match &rule.condition {
        Condition::EventCount { at_least } => format!("an alert at {at_least} {within}"),
        Condition::ValueCount { field, at_least } => {
            format!("an alert at {at_least} different values of {field} {within}")
        }
        Condition::Temporal { steps, ordered } => {
            let steps: Vec<String> = steps.iter().map(step).collect();
            let order = if *ordered { ", in this order" } else { "" };
            format!("an alert when all of these happen {within}{order}: {}", steps.join("; "))
        }
        Condition::Ratio { part, share, min_count } => format!(
            "an alert when {} % of at least {min_count} {within} are: {}",
            percent(*share),
            filter(part)
        ),
        Condition::FirstSeen { field, learning } => format!(
            "an alert at a value of {field} that was not seen {within}, once the group is known for {learning}"
        ),
        Condition::OutsideHours { hours, at_least } => format!(
            "an alert at {at_least} {within} outside {} to {}, {}",
            hours.from.strftime("%H:%M"),
            hours.to.strftime("%H:%M"),
            visible(&hours.zone_name)
        ),
        Condition::Silence { at_least, quiet_for } => {
            format!("an alert when nothing comes for {quiet_for} after {at_least} {within}")
        }
        Condition::ImpossibleTravel { max_speed, min_distance } => format!(
            "an alert when two {within} are at least {min_distance} km apart, and faster than {max_speed} km/h"
        ),
    }
}

fn step(step: &Step) -> String {
    format!("{} of {}", step.at_least, filter(&step.filter))
}

/// Millionths as per cent.
fn percent(millionths: u64) -> String {
    let (whole, rest) = (millionths / 10_000, millionths % 10_000);
    let digits = format!("{whole}.{rest:04}");
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use livetrail_alerts::DEFAULTS;
    use livetrail_types::{Catalogue, FilterContext};

    #[test]
    fn each_default_has_a_meaning() {
        let catalogue = Catalogue::builtin();
        let context = FilterContext { catalogue: &catalogue, session_key: &[0; 32], text_search: false };
        for default in DEFAULTS {
            let rule = Rule::from_toml(default.toml, &context).expect("a rule");
            let text = meaning(&rule);
            assert!(text.starts_with(&rule.id) && text.lines().count() == 5, "{text}");
        }
    }

    #[test]
    fn a_share_is_in_per_cent() {
        assert_eq!([200_000, 1_000_000, 1_000, 123_456].map(percent), ["20", "100", "0.1", "12.3456"]);
    }
}
