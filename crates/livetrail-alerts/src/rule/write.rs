//! A rule as TOML, which [`Rule::from_toml`] reads.

use super::{Condition, Hours, Rule, Step, read_condition::WEEKDAYS};
use jiff::civil::{Time, Weekday};
use livetrail_types::{Filter, Severity};
use std::fmt::Write;

impl Rule {
    /// The text of a rule that was not read from one, such as an imported rule. `None` if its filter has two conditions
    /// of the same parameter, which TOML cannot say.
    pub fn to_toml(&self) -> Option<String> {
        let filter = entries(&self.filter)?;
        let mut text = String::new();
        let mut line = |name: &str, value: String| {
            // Writing to memory does not fail.
            let _ = writeln!(text, "{name} = {value}");
        };
        line("id", quoted(&self.id));
        line("title", quoted(&self.title));
        if !self.description.is_empty() {
            line("description", quoted(&self.description));
        }
        line("severity", quoted(name_of(self.severity)));
        if let Some(tenant) = &self.tenant {
            line("tenant", quoted(tenant));
        }
        if self.another_user {
            line("another_user", "true".into());
        }
        if !self.details_at_least.is_empty() {
            let numbers =
                self.details_at_least.iter().map(|(name, least)| format!("{} = {least}", quoted(name)));
            line("details_at_least", format!("{{ {} }}", numbers.collect::<Vec<_>>().join(", ")));
        }
        if !self.group_by.is_empty() {
            line("group_by", list(self.group_by.iter().map(|field| field.name().to_owned())));
        }
        line("timespan", quoted(&self.timespan.to_string()));
        let filter: String = filter.iter().map(|entry| format!("{entry}\n")).collect();
        let filter = if filter.is_empty() { filter } else { format!("\n[filter]\n{filter}") };
        let condition: String =
            condition(&self.condition)?.iter().map(|entry| format!("{entry}\n")).collect();
        Some(format!("{text}{filter}\n[condition]\n{condition}"))
    }
}

/// The lines of a condition's table.
fn condition(condition: &Condition) -> Option<Vec<String>> {
    let mut lines = vec![format!("type = {}", quoted(condition.name()))];
    let mut line = |name: &str, value: String| lines.push(format!("{name} = {value}"));
    match condition {
        Condition::EventCount { at_least } => line("gte", at_least.to_string()),
        Condition::ValueCount { field, at_least } => {
            line("field", quoted(field.name()));
            line("gte", at_least.to_string());
        }
        Condition::Temporal { steps, .. } => {
            let steps: Option<Vec<String>> = steps.iter().map(step).collect();
            line("steps", format!("[\n{}]", steps?.concat()));
        }
        Condition::Ratio { part, share, min_count } => {
            line("part", inline(part)?);
            #[expect(clippy::cast_precision_loss, reason = "it is at most a million")]
            line("gte", format!("{:?}", *share as f64 / 1e6));
            line("min_count", min_count.to_string());
        }
        Condition::FirstSeen { field, learning } => {
            line("field", quoted(field.name()));
            line("learning", quoted(&learning.to_string()));
        }
        Condition::OutsideHours { hours, at_least } => {
            outside(hours).into_iter().for_each(|(name, value)| line(name, value));
            line("gte", at_least.to_string());
        }
        Condition::Silence { at_least, quiet_for } => {
            line("gte", at_least.to_string());
            line("quiet_for", quoted(&quiet_for.to_string()));
        }
        Condition::ImpossibleTravel { max_speed, min_distance } => {
            line("max_speed", format!("{max_speed:?}"));
            line("min_distance", format!("{min_distance:?}"));
        }
    }
    Some(lines)
}

fn step(step: &Step) -> Option<String> {
    Some(format!("    {{ gte = {}, filter = {} }},\n", step.at_least, inline(&step.filter)?))
}

fn outside(hours: &Hours) -> [(&'static str, String); 4] {
    let name =
        |day: &Weekday| WEEKDAYS.into_iter().find(|(_, known)| known == day).map_or("", |(name, _)| name);
    let time = |time: Time| quoted(&time.strftime("%H:%M").to_string());
    [
        ("weekdays", list(hours.weekdays.iter().map(|day| name(day).to_owned()))),
        ("from", time(hours.from)),
        ("to", time(hours.to)),
        ("zone", quoted(&hours.zone_name)),
    ]
}

/// The entries of a filter's table.
fn entries(filter: &Filter) -> Option<Vec<String>> {
    let parameters = filter.parameters();
    let is_repeated = |at: usize| parameters[..at].iter().any(|(name, _)| *name == parameters[at].0);
    if (0..parameters.len()).any(is_repeated) {
        return None;
    }
    let entry = |(name, mut values): (&str, Vec<String>)| match values.as_slice() {
        [flag] if flag == "true" || flag == "false" => format!("{name} = {flag}"),
        [_] => format!("{name} = {}", quoted(&values.remove(0))),
        _ => format!("{name} = {}", list(values)),
    };
    Some(parameters.into_iter().map(entry).collect())
}

fn inline(filter: &Filter) -> Option<String> {
    Some(format!("{{ {} }}", entries(filter)?.join(", ")))
}

fn list(values: impl IntoIterator<Item = String>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| quoted(&value)).collect();
    format!("[{}]", values.join(", "))
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

fn name_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Notice => "notice",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}
