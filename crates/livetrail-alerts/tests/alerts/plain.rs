//! The definitions of docs/alerts.md, computed plainly: for each activity from everything before it, with no
//! memory of anything but the alerts that it raised. It shares no code with the evaluator but the filters and
//! the rule's form.

use crate::common::Equator;
use livetrail_alerts::{Condition, Field, Locate, Rule};
use livetrail_types::{Activity, Filter, Subject};

/// An event, as both evaluations say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Raised {
        rule: String,
        by: u64,
        group: Vec<String>,
        first: i64,
        last: i64,
        count: u64,
        of: Option<u64>,
        positions: Vec<u64>,
        late: bool,
    },
    Continued {
        rule: String,
        by: u64,
        position: u64,
        first: i64,
        last: i64,
        count: u64,
    },
    Ended {
        rule: String,
        by: u64,
        position: u64,
    },
}

#[derive(Clone, Debug)]
struct Ongoing {
    group: Vec<String>,
    value: Option<String>,
    by: u64,
    first: i64,
    last: i64,
    count: u64,
    ended: bool,
}

pub(crate) struct Plain<'a> {
    rule: &'a Rule,
    alerts: Vec<Ongoing>,
}

fn matches(filter: &Filter, activity: &Activity) -> bool {
    filter.matches(&Subject { activity, profile: None })
}

fn value(field: Field, activity: &Activity) -> Option<String> {
    match field {
        Field::UserId => Some(activity.user_id.clone()),
        Field::IpAddress => activity.ip_address.map(|ip| ip.to_string()),
        Field::Endpoint => activity.endpoint.clone(),
        other => panic!("{other} is not generated"),
    }
}

fn time(activity: &Activity) -> i64 {
    activity.timestamp.as_microsecond()
}

impl<'a> Plain<'a> {
    pub(crate) fn new(rule: &'a Rule) -> Self {
        Self { rule, alerts: Vec::new() }
    }

    fn span(&self) -> i64 {
        self.rule.timespan.micros()
    }

    fn group(&self, activity: &Activity) -> Option<Vec<String>> {
        let is_meant = matches(&self.rule.filter, activity)
            && self.rule.tenant.as_ref().is_none_or(|tenant| activity.tenant_id.as_ref() == Some(tenant))
            && match &self.rule.condition {
                Condition::Temporal { steps, .. } => steps.iter().any(|step| matches(&step.filter, activity)),
                Condition::ValueCount { field, .. } | Condition::FirstSeen { field, .. } => {
                    value(*field, activity).is_some()
                }
                Condition::OutsideHours { hours, .. } => !hours.contain(activity.timestamp),
                Condition::ImpossibleTravel { .. } => {
                    activity.ip_address.is_some_and(|ip| Equator.locate(ip).is_some())
                }
                Condition::Silence { quiet_for, .. } => {
                    activity.created_at.as_microsecond() - time(activity) <= quiet_for.micros()
                }
                _ => true,
            };
        let mut group = vec![format!("{:?}", activity.tenant_id)];
        for field in &self.rule.group_by {
            group.push(value(*field, activity)?);
        }
        is_meant.then_some(group)
    }

    /// The matched activities of a group, by time and position.
    fn matched<'b>(&self, log: &'b [Activity], group: &[String]) -> Vec<&'b Activity> {
        let mut all: Vec<&Activity> =
            log.iter().filter(|activity| self.group(activity).as_deref() == Some(group)).collect();
        all.sort_by_key(|activity| (time(activity), activity.position));
        all
    }

    /// What the last activity of `log` does.
    pub(crate) fn step(&mut self, log: &[Activity]) -> Option<Said> {
        let new = log.last()?;
        let group = self.group(new)?;
        let rule = self.rule.id.clone();
        if let Condition::Silence { .. } = self.rule.condition {
            let ended =
                self.alerts.iter_mut().find(|a| a.group == group && !a.ended && a.last < time(new))?;
            ended.ended = true;
            return Some(Said::Ended { rule, by: ended.by, position: new.position });
        }
        let own_value = match &self.rule.condition {
            Condition::FirstSeen { field, .. } => value(*field, new),
            _ => None,
        };
        let lasts = self.rule.lasts().micros();
        let reaching = self.alerts.iter_mut().filter(|alert| {
            alert.group == group
                && alert.value == own_value
                && alert.first - lasts <= time(new)
                && time(new) <= alert.last + lasts
        });
        if let Some(alert) = reaching.max_by_key(|alert| alert.by) {
            if let Condition::Ratio { part, .. } = &self.rule.condition
                && !matches(part, new)
            {
                return None;
            }
            alert.first = alert.first.min(time(new));
            alert.last = alert.last.max(time(new));
            alert.count += 1;
            let (by, first, last, count) = (alert.by, alert.first, alert.last, alert.count);
            return Some(Said::Continued { rule, by, position: new.position, first, last, count });
        }
        let all = self.matched(log, &group);
        let (evidence, of) = self.judge(&all, new)?;
        Some(self.raise(new, group, own_value, &evidence, of))
    }

    fn raise(
        &mut self,
        by: &Activity,
        group: Vec<String>,
        value: Option<String>,
        evidence: &[&Activity],
        of: Option<u64>,
    ) -> Said {
        let first = evidence.iter().map(|a| time(a)).min().expect("evidence");
        let last = evidence.iter().map(|a| time(a)).max().expect("evidence");
        let mut positions: Vec<u64> = evidence.iter().map(|activity| activity.position).collect();
        positions.sort_unstable();
        positions.truncate(100);
        let count = evidence.len() as u64;
        let is_silence = matches!(self.rule.condition, Condition::Silence { .. });
        let late = !is_silence && by.created_at.as_microsecond() - time(by) > 60_000_000;
        self.alerts.push(Ongoing {
            group: group.clone(),
            value,
            by: by.position,
            first,
            last,
            count,
            ended: false,
        });
        Said::Raised {
            rule: self.rule.id.clone(),
            by: by.position,
            group,
            first,
            last,
            count,
            of,
            positions,
            late,
        }
    }

    fn judge<'b>(&self, all: &[&'b Activity], new: &'b Activity) -> Option<(Vec<&'b Activity>, Option<u64>)> {
        let span = self.span();
        match &self.rule.condition {
            Condition::Ratio { part, share, min_count } => {
                let width = span / 50;
                let bucket = |activity: &Activity| time(activity).div_euclid(width);
                (bucket(new) - 49..=bucket(new)).find_map(|start| {
                    let window: Vec<&Activity> =
                        all.iter().copied().filter(|a| (start..start + 50).contains(&bucket(a))).collect();
                    let parts: Vec<&Activity> = window.iter().copied().filter(|a| matches(part, a)).collect();
                    let (of, count) = (window.len() as u64, parts.len() as u64);
                    (of >= *min_count && count * 1_000_000 >= share * of).then_some((parts, Some(of)))
                })
            }
            Condition::FirstSeen { field, learning } => {
                let near = |a: &&&Activity| a.position != new.position && (time(a) - time(new)).abs() <= span;
                let is_known = all.iter().filter(near).any(|a| value(*field, a) == value(*field, new));
                let has_learnt = all.iter().filter(near).any(|a| time(a) <= time(new) - learning.micros());
                (!is_known && has_learnt).then(|| (vec![new], None))
            }
            Condition::ImpossibleTravel { max_speed, min_distance } => {
                let place = |a: &Activity| a.ip_address.and_then(|ip| Equator.locate(ip)).expect("a place");
                let too_fast = |a: &&&Activity| {
                    let distance = place(a).distance(place(new));
                    let hours = (time(a) - time(new)).abs() as f64 / 3.6e9;
                    a.position != new.position
                        && (time(a) - time(new)).abs() <= span
                        && distance >= *min_distance
                        && distance > max_speed * hours
                };
                let nearest = all
                    .iter()
                    .filter(too_fast)
                    .min_by_key(|a| ((time(a) - time(new)).abs(), std::cmp::Reverse(a.position)))?;
                Some((vec![nearest, new], None))
            }
            _ => {
                let starts = all
                    .iter()
                    .map(|a| time(a))
                    .filter(|start| (time(new) - span..=time(new)).contains(start));
                for start in starts {
                    let window: Vec<&Activity> =
                        all.iter().copied().filter(|a| (start..=start + span).contains(&time(a))).collect();
                    if self.holds(&window, new) {
                        return Some((window, None));
                    }
                }
                None
            }
        }
    }

    fn holds(&self, window: &[&Activity], new: &Activity) -> bool {
        match &self.rule.condition {
            Condition::EventCount { at_least } | Condition::OutsideHours { at_least, .. } => {
                window.len() as u64 >= *at_least
            }
            Condition::ValueCount { field, at_least } => {
                let mut values: Vec<_> = window.iter().map(|a| value(*field, a)).collect();
                values.sort();
                values.dedup();
                values.len() as u64 >= *at_least
            }
            Condition::Temporal { steps, ordered: false } => steps.iter().all(|step| {
                window.iter().filter(|a| matches(&step.filter, a)).count() as u64 >= step.at_least
            }),
            Condition::Temporal { steps, ordered: true } => {
                // Each activity is given to a step or to none; `new` to one.
                let wanted: Vec<(&Filter, u64)> = steps.iter().map(|s| (&s.filter, s.at_least)).collect();
                has_chain(window, new, &wanted)
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn tick(&mut self, log: &[Activity], now: i64) -> Vec<Said> {
        let Condition::Silence { at_least, quiet_for } = self.rule.condition else { return Vec::new() };
        let mut groups: Vec<Vec<String>> = log.iter().filter_map(|a| self.group(a)).collect();
        groups.sort();
        groups.dedup();
        let mut said = Vec::new();
        for group in groups {
            let all = self.matched(log, &group);
            let last = *all.last().expect("a group has activities");
            let latest = &all[all.len().saturating_sub(at_least as usize)..];
            let is_usual = latest.len() as u64 == at_least && time(last) - time(latest[0]) <= self.span();
            let is_told = self.alerts.iter().any(|alert| alert.group == group && alert.last >= time(last));
            if is_usual && !is_told && now - time(last) > quiet_for.micros() {
                said.push(self.raise(last, group, None, latest, None));
            }
        }
        said.sort_by_key(|said| if let Said::Raised { by, .. } = said { *by } else { 0 });
        said
    }
}

/// Whether a chain of the steps runs through `new`: every split of the window at `new`'s own step is tried.
fn has_chain(window: &[&Activity], new: &Activity, wanted: &[(&Filter, u64)]) -> bool {
    let place = window.iter().position(|a| a.position == new.position).expect("the new one");
    (0..wanted.len()).filter(|own| matches(wanted[*own].0, new)).any(|own| {
        // Its step takes everything of it between the earliest end of the steps before and the latest begin of
        // those after.
        let Some(end) = taken(window.iter().enumerate(), wanted[..own].iter()) else { return false };
        let Some(begin) = taken(window.iter().enumerate().rev(), wanted[own + 1..].iter().rev()) else {
            return false;
        };
        let end = end.map_or(0, |end| end + 1);
        let begin = begin.unwrap_or(window.len());
        end <= place
            && place < begin
            && window[end..begin].iter().filter(|a| matches(wanted[own].0, a)).count() as u64 >= wanted[own].1
    })
}

/// Where the last activity of the steps lies, each as early as possible; `Some(None)` without steps.
fn taken<'b>(
    mut window: impl Iterator<Item = (usize, &'b &'b Activity)>,
    steps: impl Iterator<Item = &'b (&'b Filter, u64)>,
) -> Option<Option<usize>> {
    let mut last = None;
    for (filter, at_least) in steps {
        for _ in 0..*at_least {
            last = Some(window.find(|(_, a)| matches(filter, a))?.0);
        }
    }
    Some(last)
}
