//! The definition of each condition: whether an activity raises an alert, from all matched activities of its
//! group near it. Memories only save the work; what they cannot decide is decided here.
//!
//! A window is a closed interval of the timespan's length, by the time of activities. It begins with a matched
//! activity and has the new one in it. If several windows hold enough, the earliest counts, and everything in
//! it is evidence.

use super::{
    alert::MAX_POSITIONS,
    buckets::Buckets,
    locate::Coordinates,
    sighting::{Entry, PART},
};
use crate::rule::{Condition, Rule};
use hashbrown::HashMap;
use std::cmp::Reverse;

/// What raised an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) count: u64,
    pub(crate) of: Option<u64>,
    pub(crate) positions: Vec<u64>,
}

impl Evidence {
    /// Of some activities; `None` if there are none.
    pub(crate) fn of<'a>(entries: impl Iterator<Item = &'a Entry> + Clone) -> Option<Self> {
        let times = entries.clone().map(|entry| entry.at);
        let (first, last) = (times.clone().min()?, times.clone().max()?);
        let mut positions: Vec<u64> = entries.map(|entry| entry.position).collect();
        let count = positions.len() as u64;
        positions.sort_unstable();
        positions.truncate(MAX_POSITIONS);
        Some(Self { first, last, count, of: None, positions })
    }
}

/// Judges `entries[new]` among the entries of its group, sorted by time and position. All that are at most the
/// timespan away from it have to be there.
pub(crate) fn judge(rule: &Rule, entries: &[Entry], new: usize) -> Option<Evidence> {
    let span = rule.timespan.micros();
    let from = entries.partition_point(|entry| entry.at < entries[new].at - span);
    match &rule.condition {
        Condition::EventCount { at_least } | Condition::OutsideHours { at_least, .. } => {
            slide(entries, from..=new, span, &mut Steps::of(&[*at_least]))
        }
        Condition::ValueCount { at_least, .. } => {
            slide(entries, from..=new, span, &mut Values { at_least: *at_least, counts: HashMap::new() })
        }
        Condition::Temporal { steps, ordered } => {
            let wanted: Vec<u64> = steps.iter().map(|step| step.at_least).collect();
            if *ordered {
                super::chain::earliest(&entries[from..], new - from, span, &wanted)
            } else {
                slide(entries, from..=new, span, &mut Steps::of(&wanted))
            }
        }
        Condition::Ratio { share, min_count, .. } => {
            let mut buckets = Buckets::new(span);
            entries[from..].iter().for_each(|entry| buckets.add(entry));
            let window = buckets.window(entries[new].at, *share, *min_count)?;
            let within = |entry: &&Entry| window.from <= entry.at && entry.at <= window.to;
            let part = entries.iter().filter(within).filter(|entry| entry.key == PART);
            Some(Evidence { of: Some(window.count), ..Evidence::of(part)? })
        }
        Condition::FirstSeen { learning, .. } => {
            let new = entries[new];
            let until = new.at - learning.micros();
            let near = || entries[from..].iter().filter(|other| other.position != new.position);
            let is_new = near().all(|other| other.key != new.key || other.at > new.at + span);
            let has_learnt = near().any(|other| other.at <= until);
            (is_new && has_learnt).then(|| Evidence::of([new].iter()))?
        }
        Condition::ImpossibleTravel { max_speed, min_distance } => {
            let near = entries[from..].iter().take_while(|other| other.at <= entries[new].at + span);
            travel(near, &entries[new], *max_speed, *min_distance)
        }
        // It is raised by the time that passes.
        Condition::Silence { .. } => None,
    }
}

/// What a window holds, while it slides.
trait Tally {
    fn add(&mut self, entry: &Entry);
    fn remove(&mut self, entry: &Entry);
    fn holds(&self) -> bool;
}

/// The earliest window that begins at one of `starts` and holds enough.
fn slide(
    entries: &[Entry],
    starts: std::ops::RangeInclusive<usize>,
    span: i64,
    tally: &mut dyn Tally,
) -> Option<Evidence> {
    let mut end = *starts.start();
    for start in starts {
        while entries.get(end).is_some_and(|entry| entry.at <= entries[start].at + span) {
            tally.add(&entries[end]);
            end += 1;
        }
        if tally.holds() {
            return Evidence::of(entries[start..end].iter());
        }
        tally.remove(&entries[start]);
    }
    None
}

/// Numbers of activities by step.
struct Steps<'a> {
    wanted: &'a [u64],
    counts: Vec<u64>,
}

impl<'a> Steps<'a> {
    fn of(wanted: &'a [u64]) -> Self {
        Self { wanted, counts: vec![0; wanted.len()] }
    }
}

impl Tally for Steps<'_> {
    fn add(&mut self, entry: &Entry) {
        for (step, count) in self.counts.iter_mut().enumerate() {
            *count += u64::from(entry.is_of(step));
        }
    }

    fn remove(&mut self, entry: &Entry) {
        for (step, count) in self.counts.iter_mut().enumerate() {
            *count -= u64::from(entry.is_of(step));
        }
    }

    fn holds(&self) -> bool {
        self.counts.iter().zip(self.wanted).all(|(count, wanted)| count >= wanted)
    }
}

impl Entry {
    /// Whether it belongs to a step.
    pub(super) fn is_of(&self, step: usize) -> bool {
        self.key >> step & 1 == 1
    }
}

/// Numbers of activities by value.
struct Values {
    at_least: u64,
    counts: HashMap<u128, u64>,
}

impl Tally for Values {
    fn add(&mut self, entry: &Entry) {
        *self.counts.entry(entry.key).or_default() += 1;
    }

    fn remove(&mut self, entry: &Entry) {
        let count = self.counts.entry(entry.key).or_default();
        *count = count.saturating_sub(1);
        if *count == 0 {
            self.counts.remove(&entry.key);
        }
    }

    fn holds(&self) -> bool {
        self.counts.len() as u64 >= self.at_least
    }
}

/// The pair with the nearest activity, by time, the latest position among equals, from which the new one
/// cannot be reached.
pub(super) fn travel<'a>(
    others: impl Iterator<Item = &'a Entry>,
    new: &Entry,
    max_speed: f64,
    min_distance: f64,
) -> Option<Evidence> {
    let here = Coordinates::from_bits(new.key);
    let is_impossible = |other: &&Entry| {
        let distance = here.distance(Coordinates::from_bits(other.key));
        #[expect(clippy::cast_precision_loss, reason = "the timespan is at most 30 days")]
        let hours = (new.at - other.at).abs() as f64 / 3.6e9;
        other.position != new.position && distance >= min_distance && distance > max_speed * hours
    };
    let nearest = others
        .filter(is_impossible)
        .min_by_key(|other| ((new.at - other.at).abs(), Reverse(other.position)))?;
    Evidence::of([*nearest, *new].iter())
}
