//! Correlations of event rules, by the Sigma correlation specification 2.1.

use super::{detection::EventRule, meta::Meta};
use crate::{
    Condition, Field, Rule, Span, Step,
    document::{self, Errors, Place, Table},
    rule::{at_least, check_group_by, check_values, field_of_activity, limits},
};
use livetrail_types::{Filter, quoted};

/// A correlation, before its rules are looked up.
pub(super) struct Correlation {
    pub(super) meta: Meta,
    kind: Kind,
    rules: Vec<(Place, String)>,
    group_by: Vec<Field>,
    group_by_place: Place,
    timespan: Span,
}

enum Kind {
    EventCount(u64),
    ValueCount { field: Field, place: Place, at_least: u64 },
    Temporal { ordered: bool, count: Option<(Place, u64)> },
}

impl Correlation {
    pub(super) fn read(meta: Meta, field: &document::Field<'_>) -> Option<Self> {
        let mut table = field.table();
        let kind = kind(&mut table);
        let rules = table.need("rules", "the names of the event rules").map(|field| {
            let named = |item: &document::Field<'_>| Some((item.place(), item.text(limits::TITLE)?));
            field.items().iter().filter_map(named).collect::<Vec<_>>()
        });
        let group_by = table.get("group-by");
        let group_by_place = group_by.as_ref().map_or(table.place, document::Field::place);
        let fields: Option<Vec<Field>> = group_by.map_or(Some(Vec::new()), |field| {
            let fields: Vec<Option<Field>> = field.items().iter().map(field_of_activity).collect();
            fields.into_iter().collect()
        });
        let (shortest, longest) = limits::TIMESPAN;
        let timespan = table
            .need("timespan", "the length of the window, such as 10m")
            .and_then(|field| field.span(shortest..=longest));
        if let Some(field) = table.get("aliases") {
            field.error("cannot be said: the activities of an alert share the values of the same fields");
        }
        table.get("generate");
        table.finish();
        Some(Self {
            meta,
            kind: kind?,
            rules: rules?,
            group_by: fields?,
            group_by_place,
            timespan: timespan?,
        })
    }

    pub(super) fn refers_to(&self, other: &Meta) -> bool {
        self.rules.iter().any(|(_, name)| other.is_named(name))
    }

    /// The rule of Livetrail.
    pub(super) fn rule(&self, events: &[EventRule], others: &[Self], errors: &Errors) -> Option<Rule> {
        let (filter, condition) = match &self.kind {
            Kind::EventCount(at_least) => {
                (self.only(events, errors)?, Condition::EventCount { at_least: *at_least })
            }
            Kind::ValueCount { field, place, at_least } => {
                let filter = self.only(events, errors)?;
                if let Some(fault) = check_values(*field, *at_least, &filter, &self.group_by) {
                    errors.add(*place, "correlation.condition.field", fault);
                }
                (filter, Condition::ValueCount { field: *field, at_least: *at_least })
            }
            Kind::Temporal { ordered, count } => {
                let steps: Vec<Option<Step>> = self
                    .rules
                    .iter()
                    .map(|(at, name)| self.step(*at, name, events, others, errors))
                    .collect();
                let steps: Vec<Step> = steps.into_iter().collect::<Option<_>>()?;
                self.check_steps(&steps, *count, errors)?;
                (Filter::default(), Condition::Temporal { steps, ordered: *ordered })
            }
        };
        for fault in check_group_by(&self.group_by, &filter) {
            errors.add(self.group_by_place, "correlation.group-by", fault);
        }
        Some(self.meta.rule(filter, self.group_by.clone(), self.timespan, condition))
    }

    fn check_steps(&self, steps: &[Step], count: Option<(Place, u64)>, errors: &Errors) -> Option<()> {
        let sum: u64 = steps.iter().map(|step| step.at_least).sum();
        if !(2..=limits::STEPS).contains(&steps.len()) || sum > limits::STEPS_AT_LEAST {
            let detail = format!(
                "names {} rules, which wait for {sum} activities; 2 to {} rules and {} activities are possible",
                steps.len(),
                limits::STEPS,
                limits::STEPS_AT_LEAST
            );
            errors.add(self.meta.place, "correlation.rules", detail);
            return None;
        }
        if let Some((place, _)) = count.filter(|(_, count)| *count != steps.len() as u64) {
            let detail =
                format!("must be the number of the rules, {}: every one of them is needed", steps.len());
            errors.add(place, "correlation.condition", detail);
            return None;
        }
        Some(())
    }

    /// The filter of the only event rule.
    fn only(&self, events: &[EventRule], errors: &Errors) -> Option<Filter> {
        let [(place, name)] = self.rules.as_slice() else {
            let detail = format!("names {} rules; it counts the activities of one", self.rules.len());
            errors.add(self.meta.place, "correlation.rules", detail);
            return None;
        };
        let event = events.iter().find(|event| event.meta.is_named(name));
        if event.is_none() {
            errors.add(*place, "correlation.rules", not_there(name));
        }
        event.map(|event| event.filter.clone())
    }

    /// A step: an event rule, or an `event_count` of one.
    fn step(
        &self,
        place: Place,
        name: &str,
        events: &[EventRule],
        others: &[Self],
        errors: &Errors,
    ) -> Option<Step> {
        if let Some(event) = events.iter().find(|event| event.meta.is_named(name)) {
            return Some(Step { filter: event.filter.clone(), at_least: 1 });
        }
        let Some(inner) = others.iter().find(|other| other.meta.is_named(name)) else {
            errors.add(place, "correlation.rules", not_there(name));
            return None;
        };
        let Kind::EventCount(at_least) = inner.kind else {
            let detail =
                format!("names {}, but a step can be an event rule or an event_count only", quoted(name));
            errors.add(place, "correlation.rules", detail);
            return None;
        };
        if inner.group_by != self.group_by || inner.timespan != self.timespan {
            let detail = format!(
                "names {}, whose group-by and timespan must be the same as here: a chain lies in one window",
                quoted(name)
            );
            errors.add(place, "correlation.rules", detail);
            return None;
        }
        Some(Step { filter: inner.only(events, errors)?, at_least })
    }
}

fn not_there(name: &str) -> String {
    format!("names {}, which is the name or id of no rule in this text", quoted(name))
}

fn kind(table: &mut Table<'_>) -> Option<Kind> {
    let field = table.need("type", "event_count, value_count, temporal or temporal_ordered")?;
    let name = field.text(40)?;
    let condition = table.get("condition");
    match name.as_str() {
        "event_count" | "value_count" => {
            let Some(condition) = condition else {
                table.error("condition", "is missing: the least number, such as `gte: 10`");
                return None;
            };
            let mut condition = condition.table();
            let of = (name == "value_count")
                .then(|| condition.need("field", "the field whose different values count"))
                .map(|field| field.and_then(|field| Some((field_of_activity(&field)?, field.place()))));
            let at_least = at_least(&mut condition);
            condition.finish();
            Some(match of {
                Some(of) => {
                    let (field, place) = of?;
                    Kind::ValueCount { field, place, at_least: at_least? }
                }
                None => Kind::EventCount(at_least?),
            })
        }
        "temporal" | "temporal_ordered" => {
            let count = condition.map(|field| {
                let mut table = field.table();
                let count = at_least(&mut table);
                table.finish();
                Some((field.place(), count?))
            });
            let count = count.map_or(Some(None), |count| count.map(Some))?;
            Some(Kind::Temporal { ordered: name == "temporal_ordered", count })
        }
        "value_sum" | "value_avg" | "value_percentile" => {
            field.error(format!(
                "cannot be {name}: Livetrail counts activities, and does not add their numbers"
            ));
            None
        }
        _ => {
            field.error(format!(
                "must be event_count, value_count, temporal or temporal_ordered, not {}",
                quoted(&name)
            ));
            None
        }
    }
}
