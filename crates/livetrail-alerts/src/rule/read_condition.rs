//! Reading the condition of a rule.

use super::{Condition, Field as Named, Hours, Span, Step, check, limits, read::named, read_filter::filter};
use crate::document::{Field, Table};
use jiff::civil::{Time, Weekday};
use livetrail_types::{Filter, FilterContext, nearest, quoted};

const TYPES: [&str; 9] = [
    "event_count",
    "value_count",
    "temporal",
    "temporal_ordered",
    "ratio",
    "first_seen",
    "outside_hours",
    "silence",
    "impossible_travel",
];
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];
/// Why a rule over a stream cannot wait for few or other numbers.
const NOT_UPWARDS: &str = "cannot raise an alert: every group begins with a count of 0, so it would be true \
     at once, and false later; to be told when a group stops, use the type silence";

/// What the rule says apart from its condition, as far as it could be read.
pub(super) struct Around<'a> {
    pub(super) filter: Option<&'a Filter>,
    pub(super) group_by: Option<&'a [Named]>,
    pub(super) timespan: Option<Span>,
}

/// Reads the table `condition`.
pub(super) fn condition(
    mut table: Table<'_>,
    around: &Around<'_>,
    context: &FilterContext<'_>,
) -> Option<Condition> {
    let field = table.need("type", &format!("one of {}", TYPES.join(", ")))?;
    let name = field.text(40)?;
    let read = match name.as_str() {
        "event_count" => at_least(&mut table).map(|at_least| Condition::EventCount { at_least }),
        "value_count" => value_count(&mut table, around),
        "temporal" | "temporal_ordered" => temporal(&mut table, name == "temporal_ordered", around, context),
        "ratio" => ratio(&mut table, around, context),
        "first_seen" => first_seen(&mut table, around),
        "outside_hours" => outside_hours(&mut table),
        "silence" => silence(&mut table),
        "impossible_travel" => {
            around.check_values(Some(&field), Some(Named::IpAddress), Some(2));
            impossible_travel(&mut table)
        }
        _ => {
            let hint = match nearest(&[&name], TYPES) {
                Some(meant) => format!("did you mean {meant}?"),
                None => format!("the types are {}", TYPES.join(", ")),
            };
            field.error(format!("is unknown: {}; {hint}", quoted(&name)));
            return None;
        }
    };
    table.finish();
    read
}

/// The least number. Sigma's `gt` and `eq` say it, too: a count that grows by one reaches each number from below.
pub(crate) fn at_least(table: &mut Table<'_>) -> Option<u64> {
    let given = [
        table.get("gte").and_then(|field| field.integer(1..=limits::AT_LEAST)),
        table.get("gt").and_then(|field| field.integer(0..=limits::AT_LEAST - 1)).map(|number| number + 1),
        table.get("eq").and_then(|field| field.integer(1..=limits::AT_LEAST)),
    ];
    let names = ["gte", "gt", "eq"].map(|name| table.get(name).is_some());
    for name in ["lt", "lte", "neq"] {
        if let Some(field) = table.get(name) {
            field.error(NOT_UPWARDS);
            return None;
        }
    }
    match names.iter().filter(|is_given| **is_given).count() {
        0 => table.error("gte", "is missing: the least number that raises an alert"),
        1 => {}
        _ => table.error("gte", "is given more than once, as gte, gt and eq: keep one of them"),
    }
    given.into_iter().flatten().next()
}

fn value_count(table: &mut Table<'_>, around: &Around<'_>) -> Option<Condition> {
    let given = table.need("field", "the field whose different values count");
    let field = given.as_ref().and_then(named);
    let at_least = at_least(table);
    around.check_values(given.as_ref(), field, at_least);
    Some(Condition::ValueCount { field: field?, at_least: at_least? })
}

fn temporal(
    table: &mut Table<'_>,
    ordered: bool,
    around: &Around<'_>,
    context: &FilterContext<'_>,
) -> Option<Condition> {
    let field = table.need("steps", "a list of at least two, each with a filter")?;
    let steps: Vec<Option<Step>> =
        field.tables()?.into_iter().map(|table| step(table, around, context)).collect();
    if !(2..=limits::STEPS).contains(&steps.len()) {
        field.error(format!("has {} steps; 2 to {} are possible", steps.len(), limits::STEPS));
        return None;
    }
    let steps: Vec<Step> = steps.into_iter().collect::<Option<_>>()?;
    let sum: u64 = steps.iter().map(|step| step.at_least).sum();
    if sum > limits::STEPS_AT_LEAST {
        field.error(format!("waits for {sum} activities; at most {} are possible", limits::STEPS_AT_LEAST));
        return None;
    }
    Some(Condition::Temporal { steps, ordered })
}

fn step(mut table: Table<'_>, around: &Around<'_>, context: &FilterContext<'_>) -> Option<Step> {
    let at_least = table.get("gte").map_or(Some(1), |field| field.integer(1..=limits::AT_LEAST));
    let read = table
        .need("filter", "which of the rule's activities belong to the step")
        .and_then(|field| around.part(&field, context));
    table.finish();
    Some(Step { filter: read?, at_least: at_least? })
}

impl Around<'_> {
    /// A filter that tells some of the rule's activities from the others.
    fn part(&self, field: &Field<'_>, context: &FilterContext<'_>) -> Option<Filter> {
        let part = filter(&field.table(), context)?;
        if part.conditions().is_empty() {
            field.error("is empty: it would match every activity of the rule");
            return None;
        }
        if let Some(fault) = check::never(self.filter.unwrap_or(&Filter::default()), &part) {
            field.error(fault);
            return None;
        }
        Some(part)
    }

    /// Reports a field that cannot have so many different values within a group.
    fn check_values(&self, given: Option<&Field<'_>>, field: Option<Named>, at_least: Option<u64>) {
        let (Some(filter), Some(group_by)) = (self.filter, self.group_by) else { return };
        let (Some(given), Some(field), Some(at_least)) = (given, field, at_least) else { return };
        check::too_many(field, at_least, filter, group_by).into_iter().for_each(|fault| given.error(fault));
    }
}

fn ratio(table: &mut Table<'_>, around: &Around<'_>, context: &FilterContext<'_>) -> Option<Condition> {
    let part = table
        .need("part", "a filter of the activities whose share counts, such as { success_filter = false }")
        .and_then(|field| {
            let part = around.part(&field, context)?;
            let is_whole = around.filter.is_some_and(|base| {
                part.conditions().iter().all(|condition| base.conditions().contains(condition))
            });
            if is_whole {
                field.error("repeats the rule's filter, so the share would always be 1");
                return None;
            }
            Some(part)
        });
    let share = table.need("gte", "the least share, such as 0.2").and_then(|field| field.number(0.001..=1.0));
    let min_count = table
        .need("min_count", "the least number of all activities, since one failure of one is a share of 1")
        .and_then(|field| field.integer(1..=1_000_000));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is 0.001 to 1")]
    let millionths = |share: f64| (share * 1e6).round() as u64;
    Some(Condition::Ratio { part: part?, share: millionths(share?), min_count: min_count? })
}

fn first_seen(table: &mut Table<'_>, around: &Around<'_>) -> Option<Condition> {
    let value = table.need("field", "the field whose new values raise alerts");
    let field = value.as_ref().and_then(named);
    // The first value of a group is the one that it has learned, so a new one is the second.
    around.check_values(value.as_ref(), field, Some(2));
    let given = table.need("learning", "how long a group has to be known, such as \"7d\"");
    let longest = around.timespan.map_or(limits::TIMESPAN.1, Span::half);
    let learning = given.as_ref().and_then(|field| field.span(Span::seconds(0)..=limits::TIMESPAN.1));
    if let (Some(given), Some(learning)) = (&given, learning)
        && learning > longest
    {
        given
            .error(format!("must be at most half the timespan, {longest}: the timespan is all it remembers"));
        return None;
    }
    Some(Condition::FirstSeen { field: field?, learning: learning? })
}

fn outside_hours(table: &mut Table<'_>) -> Option<Condition> {
    let weekdays =
        table.need("weekdays", "the working days, such as [\"mon\", \"tue\"]").and_then(|f| weekdays(&f));
    let from = table.need("from", "when they begin, such as \"08:00\"").and_then(|field| time(&field));
    let to_field = table.need("to", "when they end, such as \"18:00\"");
    let to = to_field.as_ref().and_then(time);
    let zone = table.need("zone", "a time zone such as \"Europe/Berlin\"").and_then(|field| {
        let name = field.text(60)?;
        let zone = Hours::zone(&name);
        if zone.is_none() {
            field.error(format!("must be a time zone of IANA such as Europe/Berlin, not {}", quoted(&name)));
        }
        Some((name, zone?))
    });
    let counts = ["gte", "gt", "eq", "lt", "lte", "neq"].iter().any(|name| table.get(name).is_some());
    let at_least = if counts { at_least(table) } else { Some(1) };
    let (from, to, (zone_name, zone)) = (from?, to?, zone?);
    if from >= to {
        to_field?
            .error("must be after `from`: name the hours of one day; what is outside them raises alerts");
        return None;
    }
    let hours = Hours { weekdays: weekdays?, from, to, zone_name, zone };
    Some(Condition::OutsideHours { hours, at_least: at_least? })
}

fn weekdays(field: &Field<'_>) -> Option<Vec<Weekday>> {
    let items = field.items();
    if items.is_empty() {
        field.error("is empty: name the working days");
        return None;
    }
    let days: Vec<Option<Weekday>> = items
        .iter()
        .map(|item| {
            let name = item.text(20)?;
            let day = WEEKDAYS.into_iter().find(|(known, _)| *known == name).map(|(_, day)| day);
            if day.is_none() {
                item.error(format!("must be of mon, tue, wed, thu, fri, sat, sun, not {}", quoted(&name)));
            }
            day
        })
        .collect();
    let mut days: Vec<Weekday> = days.into_iter().collect::<Option<_>>()?;
    days.sort_by_key(|day| day.to_monday_zero_offset());
    days.dedup();
    Some(days)
}

fn time(field: &Field<'_>) -> Option<Time> {
    let text = field.text(10)?;
    let time = Time::strptime("%H:%M", &text).ok();
    if time.is_none() {
        field.error(format!("must be a time of day, 00:00 to 23:59, not {}", quoted(&text)));
    }
    time
}

fn silence(table: &mut Table<'_>) -> Option<Condition> {
    let at_least = at_least(table);
    let (shortest, longest) = limits::TIMESPAN;
    let quiet_for = table
        .need("quiet_for", "how long the group has to be silent, such as \"1h\"")
        .and_then(|field| field.span(shortest..=longest));
    Some(Condition::Silence { at_least: at_least?, quiet_for: quiet_for? })
}

fn impossible_travel(table: &mut Table<'_>) -> Option<Condition> {
    let max_speed = table.get("max_speed").map_or(Some(1_000.0), |field| field.number(100.0..=30_000.0));
    let min_distance = table.get("min_distance").map_or(Some(200.0), |field| field.number(10.0..=20_000.0));
    Some(Condition::ImpossibleTravel { max_speed: max_speed?, min_distance: min_distance? })
}
