//! One rule at work: its groups, their memories and their alerts.

use super::{
    Alert, Event, Group, Locate, Past, PastError, Question,
    alert::{Trigger, is_late, moment},
    glance::{Glance, Key},
    judge::{Evidence, judge},
    memory::{Memory, Verdict},
    sighting::{Entry, PART, Sighting, sight},
};
use crate::rule::{Condition, Rule, Version};
use hashbrown::HashMap;
use jiff::Timestamp;
use std::{cell::LazyCell, hint::black_box};

/// Most groups of a rule that are remembered.
pub const MAX_GROUPS: usize = 10_000;

/// Activities that arrive at most so late are judged from memory, in microseconds. The memory of a shorter
/// timespan is as long as that.
const MAX_DELAY: i64 = 600_000_000;

/// Before every moment of the log; no sum of it and a timespan overflows.
const NEVER: i64 = i64::MIN / 2;

#[derive(Debug)]
pub(super) struct Watch {
    pub(super) rule: Rule,
    version: Version,
    /// The memories have everything that happened from here on.
    floor: i64,
    /// The floor at which they were last cleaned.
    cleaned: i64,
    /// The floor at which room was last made for further groups.
    made_room: i64,
    groups: HashMap<Key, Known>,
    max_groups: usize,
    /// The first position that was not counted, while there are too many groups.
    pub(super) saturated: Option<u64>,
    pub(super) missed: u64,
}

/// What is known of a group.
#[derive(Debug)]
struct Known {
    /// Its values, where time alone raises alerts.
    group: Option<Box<Group>>,
    memory: Memory,
    /// The alerts that may go on.
    alerts: Vec<Alert>,
}

impl Watch {
    pub(super) fn new(rule: Rule, max_groups: usize) -> Self {
        let version = rule.version();
        let groups = HashMap::new();
        Self {
            rule,
            version,
            floor: NEVER,
            cleaned: NEVER,
            made_room: NEVER,
            groups,
            max_groups,
            saturated: None,
            missed: 0,
        }
    }

    /// How far back memory has to reach, in microseconds.
    pub(super) fn memory_span(rule: &Rule) -> i64 {
        let span = rule.timespan.micros();
        match &rule.condition {
            // Reports may be late by the time of silence, and the group may have been silent for as long.
            Condition::Silence { quiet_for, .. } => span + 2 * quiet_for.micros() + MAX_DELAY,
            _ => span + span.min(MAX_DELAY),
        }
    }

    /// Begins with a memory of what happened from `floor` on.
    pub(super) fn remember_from(&mut self, floor: Timestamp) {
        self.floor = floor.as_microsecond();
        (self.cleaned, self.made_room) = (self.floor, self.floor);
    }

    /// Takes an alert over that this rule raised before.
    pub(super) fn take(&mut self, alert: &Alert) {
        if alert.rule == self.rule.id && alert.version == self.version {
            let rule = &self.rule;
            let Some(key) = alert.group.key(&rule.group_by) else { return };
            let known =
                self.groups.entry(key).or_insert_with(|| Known::new(rule, || Some(alert.group.clone())));
            known.alerts.push(alert.clone());
        }
    }

    /// Remembers an activity that was evaluated before.
    pub(super) fn recall(&mut self, glance: &mut Glance<'_>) {
        let Some(seen) = sight(&self.rule, glance) else { return };
        if seen.entry.at < self.floor {
            return;
        }
        if self.is_full_for(seen.group) {
            self.miss(seen.entry.position);
            return;
        }
        let rule = &self.rule;
        let group = || Group::of(&rule.group_by, glance.activity);
        let known = self.groups.entry(seen.group).or_insert_with(|| Known::new(rule, group));
        known.memory.insert(seen.entry);
        for alert in &known.alerts {
            let (first, last) = (alert.first.as_microsecond(), alert.last.as_microsecond());
            if first <= seen.entry.at && seen.entry.at <= last {
                known.memory.forget_between(rule, first, last);
            }
        }
    }

    fn is_full_for(&self, group: Key) -> bool {
        self.groups.len() >= self.max_groups && !self.groups.contains_key(&group)
    }

    /// Counts an activity of a group for which there is no room; true for the first one.
    fn miss(&mut self, position: u64) -> bool {
        self.missed += 1;
        let is_first = self.saturated.is_none();
        self.saturated.get_or_insert(position);
        is_first
    }

    /// The alerts that may go on.
    pub(super) fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.groups.values().flat_map(|known| &known.alerts)
    }

    /// Reads what is known of a group, so that the next step does not wait for memory. An evaluation waits for little
    /// else, and a processor waits for the groups of several rules at the same time.
    pub(super) fn fetch(&self, group: Key) {
        black_box(self.groups.get(&group).map(|known| known.alerts.len()));
    }

    /// Evaluates an activity that the rule matches, by the time of the log.
    pub(super) fn step(
        &mut self,
        glance: &Glance<'_>,
        Sighting { group: key, entry, value }: Sighting<'_>,
        now: i64,
        past: &mut dyn Past,
    ) -> Result<Option<Event>, PastError> {
        if self.is_full_for(key) {
            // Groups may have been over for long in a quiet log, where nothing was stored that settles them.
            self.make_room(now);
        }
        if self.is_full_for(key) {
            let saturated = Event::Saturated { rule: self.rule.id.clone(), since: entry.position };
            return Ok(self.miss(entry.position).then_some(saturated));
        }
        let (rule, version, floor, activity) = (&self.rule, self.version, self.floor, glance.activity);
        let group = || Group::of(&rule.group_by, activity);
        let known = self.groups.entry(key).or_insert_with(|| Known::new(rule, group));
        if matches!(rule.condition, Condition::Silence { .. }) {
            return Ok(known.speak(entry));
        }
        let group = LazyCell::new(|| group().unwrap_or_default());
        let lasts = rule.lasts().micros();
        let question = |reach: i64| Question {
            rule,
            version,
            group: &group,
            from: moment(entry.at - reach),
            to: moment(entry.at + reach),
            before: entry.position,
        };
        if entry.at - lasts < floor {
            known.learn(past.alerts(&question(lasts))?, rule, version, &group);
        }
        let is_remembered = entry.at >= floor;
        let reaching = known.reaching(entry.at, lasts, value.as_deref());
        if let Some(at) = reaching {
            if is_remembered {
                known.memory.insert(entry);
            }
            return Ok(known.go_on(rule, at, &entry));
        }
        let verdict = if entry.at - rule.timespan.micros() < floor {
            Verdict::Ask
        } else {
            known.memory.consider(rule, &entry)
        };
        let evidence = match verdict {
            Verdict::No => None,
            Verdict::Raise(evidence) => Some(evidence),
            Verdict::Ask => ask(&question(rule.timespan.micros()), (key, entry), glance.places, past)?,
        };
        if is_remembered {
            known.memory.insert(entry);
        }
        let Some(evidence) = evidence else { return Ok(None) };
        known.memory.forget_between(rule, evidence.first, evidence.last);
        let late = is_late(activity.created_at, entry.at);
        let (value, position, at) = (value.map(String::from), entry.position, entry.at);
        let alert = Alert::of(Trigger { rule, version, group: &group, value, position, at, late }, evidence);
        known.alerts.push(alert.clone());
        Ok(Some(Event::Raised(alert)))
    }

    /// Raises what time alone raises.
    pub(super) fn tick(&mut self, now: i64) -> Vec<Event> {
        let Condition::Silence { quiet_for, .. } = self.rule.condition else { return Vec::new() };
        let (rule, version) = (&self.rule, self.version);
        let due = |last: i64| now - last > quiet_for.micros();
        let raised = self
            .groups
            .values_mut()
            .filter_map(|known| known.fall_silent(rule, version, due).map(Event::Raised));
        let mut raised: Vec<Event> = raised.collect();
        raised.sort_by_key(|event| if let Event::Raised(alert) = event { alert.raised_by } else { 0 });
        raised
    }

    /// Moves the floor up to what the latest arrival leaves in memory, and forgets what is below.
    pub(super) fn settle(&mut self, now: i64) {
        let (span, floor) = (Self::memory_span(&self.rule), self.floor_at(now));
        // Cleaning looks at every group, so it waits until it is worth it.
        if floor - self.cleaned >= span / 8 {
            (self.cleaned, self.made_room) = (floor, floor);
            self.forget_before(floor, true);
        }
    }

    /// The same for groups without alerts. Alerts may not be stored yet, and could then not be asked from the store.
    fn make_room(&mut self, now: i64) {
        let (span, floor) = (Self::memory_span(&self.rule), self.floor_at(now));
        if floor - self.made_room >= span / 8 {
            self.made_room = floor;
            self.forget_before(floor, false);
        }
    }

    fn floor_at(&self, now: i64) -> i64 {
        now - Self::memory_span(&self.rule)
    }

    fn forget_before(&mut self, floor: i64, with_alerts: bool) {
        self.floor = self.floor.max(floor);
        let (rule, floor) = (&self.rule, self.floor);
        self.groups.retain(|_, known| {
            known.memory.forget_before(floor);
            if with_alerts {
                known.forget_alerts(rule, floor);
            }
            !known.is_over(rule, floor) || !with_alerts && !known.alerts.is_empty()
        });
        self.saturated = self.saturated.filter(|_| self.groups.len() >= self.max_groups);
    }
}

/// Judges an activity by what the log says.
fn ask(
    question: &Question<'_>,
    (group, new): (Key, Entry),
    places: &dyn Locate,
    past: &mut dyn Past,
) -> Result<Option<Evidence>, PastError> {
    let mut entries = vec![new];
    let (from, to) = (question.from.as_microsecond(), question.to.as_microsecond());
    past.activities(question, &mut |activity| {
        if let Some(seen) = sight(question.rule, &mut Glance::at(activity, places))
            && seen.group == group
            && seen.entry.position < new.position
            && from <= seen.entry.at
            && seen.entry.at <= to
        {
            entries.push(seen.entry);
        }
    })?;
    entries.sort_unstable();
    entries.dedup();
    Ok(judge(question.rule, &entries, entries.partition_point(|entry| *entry < new)))
}

impl Known {
    fn new(rule: &Rule, group: impl FnOnce() -> Option<Group>) -> Self {
        let is_silence = matches!(rule.condition, Condition::Silence { .. });
        let group = if is_silence { group().map(Box::new) } else { None };
        Self { group, memory: Memory::of(rule), alerts: Vec::new() }
    }

    /// Adds alerts from the log's store. Those that are known are newer than their stored form.
    fn learn(&mut self, alerts: Vec<Alert>, rule: &Rule, version: Version, group: &Group) {
        for alert in alerts {
            let is_meant = alert.rule == rule.id && alert.version == version && alert.group == *group;
            if is_meant && self.alerts.iter().all(|known| known.id != alert.id) {
                self.alerts.push(alert);
            }
        }
    }

    /// The alert that an activity belongs to; the latest if there are several.
    fn reaching(&self, at: i64, lasts: i64, value: Option<&str>) -> Option<usize> {
        let reaching = self.alerts.iter().enumerate();
        reaching
            .filter(|(_, alert)| alert.reaches(at, lasts) && alert.value.as_deref() == value)
            .max_by_key(|(_, alert)| alert.raised_by)
            .map(|(place, _)| place)
    }

    /// Adds an activity to an alert.
    fn go_on(&mut self, rule: &Rule, place: usize, entry: &Entry) -> Option<Event> {
        if matches!(rule.condition, Condition::Ratio { .. }) && entry.key != PART {
            return None;
        }
        let alert = &mut self.alerts[place];
        let event = alert.add(entry.at, entry.position);
        let (first, last) = (alert.first.as_microsecond(), alert.last.as_microsecond());
        self.memory.forget_between(rule, first, last);
        Some(event)
    }

    /// An activity of a group that may be silent.
    fn speak(&mut self, entry: Entry) -> Option<Event> {
        self.memory.insert(entry);
        let alert = self.alerts.iter_mut().find(|alert| !alert.ended && alert.last < moment(entry.at))?;
        alert.ended = true;
        Some(Event::Ended { alert: alert.id, position: entry.position })
    }

    /// The alert of a group that has been silent for long enough, if it is new.
    fn fall_silent(&mut self, rule: &Rule, version: Version, due: impl Fn(i64) -> bool) -> Option<Alert> {
        let (Memory::Silence(silence), Some(group)) = (&self.memory, &self.group) else { return None };
        let usual = silence.usual(rule.timespan.micros())?;
        let last = usual.back()?;
        if !due(last.at) || self.alerts.iter().any(|alert| alert.last >= moment(last.at)) {
            return None;
        }
        let evidence = Evidence::of(usual.iter())?;
        let (position, at) = (last.position, last.at);
        let trigger = Trigger { rule, version, group, value: None, position, at, late: false };
        let alert = Alert::of(trigger, evidence);
        self.alerts.push(alert.clone());
        Some(alert)
    }

    fn forget_alerts(&mut self, rule: &Rule, floor: i64) {
        let is_silence = matches!(rule.condition, Condition::Silence { .. });
        self.alerts.retain(|alert| (is_silence && !alert.ended) || alert.last.as_microsecond() >= floor);
    }

    /// Whether the group can be forgotten.
    fn is_over(&self, rule: &Rule, floor: i64) -> bool {
        match &self.memory {
            // It stays until the time of silence has raised its alert, and until that has ended.
            Memory::Silence(silence) => {
                let Some(last) = silence.last() else { return self.alerts.is_empty() };
                let is_usual = silence.usual(rule.timespan.micros()).is_some();
                let is_waiting = is_usual && self.alerts.iter().all(|alert| alert.last < moment(last.at));
                last.at < floor && !is_waiting && self.alerts.iter().all(|alert| alert.ended)
            }
            memory => memory.is_empty() && self.alerts.is_empty(),
        }
    }
}
