//! What the thread of the evaluator works with.

use super::{is_alert, past::LogWithAlerts, stored};
use jiff::Timestamp;
use livetrail_alerts::{Alert, Evaluator, Event, MAX_POSITIONS, PastError, Rule};
use livetrail_store::Alert as Stored;
use livetrail_types::Activity;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Alerts that have ended are dropped when there are so many more than may go on.
const ENDED: usize = 1_000;

/// An evaluator, and the alerts that it knows.
pub(super) struct Work {
    pub(super) evaluator: Evaluator,
    past: LogWithAlerts,
    /// The alerts that may go on, by id, and when they were raised.
    pub(super) alerts: HashMap<Uuid, (Alert, Timestamp)>,
    /// So many were there when those that had ended were last dropped.
    going_on: usize,
    changed: HashSet<Uuid>,
    raised: Vec<Uuid>,
}

impl Work {
    /// `alerts` are those that the evaluator has taken over.
    pub(super) fn new(evaluator: Evaluator, past: LogWithAlerts, alerts: Vec<(Alert, Timestamp)>) -> Self {
        let alerts = alerts.into_iter().map(|known| (known.0.id, known)).collect();
        let (changed, raised) = (HashSet::new(), Vec::new());
        let mut work = Self { evaluator, past, alerts, going_on: 0, changed, raised };
        work.drop_ended();
        work
    }

    pub(super) fn evaluate(&mut self, activity: &Activity) -> Result<(), PastError> {
        // An alert about alerts would raise itself.
        if is_alert(activity) {
            return Ok(());
        }
        let events = self.evaluator.step(activity, &mut self.past)?;
        for (alert, raised_at) in self.past.read.drain(..) {
            self.alerts.entry(alert.id).or_insert((alert, raised_at));
        }
        self.note(events, activity.created_at);
        Ok(())
    }

    /// Looks for groups that have become silent.
    pub(super) fn tick(&mut self, now: Timestamp) {
        let events = self.evaluator.tick(now);
        self.note(events, now);
    }

    /// Whether an alert was raised that is not kept yet.
    pub(super) fn is_urgent(&self) -> bool {
        !self.raised.is_empty()
    }

    /// Whether alerts have changed that are not kept yet.
    pub(super) fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// The alerts that have changed since the last call, as they are to be kept, and which of them are new.
    pub(super) fn take_changed(&mut self, rules: &HashMap<String, Rule>) -> (Vec<Stored>, Vec<Uuid>) {
        let (known, changed) = (&self.alerts, &mut self.changed);
        let to_keep = changed.drain().filter_map(|id| {
            let (alert, raised_at) = known.get(&id)?;
            Some(stored::stored(alert, rules.get(&alert.rule)?, *raised_at))
        });
        (to_keep.collect(), std::mem::take(&mut self.raised))
    }

    /// Forgets what is not needed any more, once everything that has changed is kept.
    pub(super) fn settle(&mut self) {
        self.evaluator.settle();
        if self.alerts.len() > 2 * self.going_on + ENDED {
            self.drop_ended();
        }
    }

    fn drop_ended(&mut self) {
        let going_on: HashSet<Uuid> = self.evaluator.alerts().map(|alert| alert.id).collect();
        self.alerts.retain(|id, _| going_on.contains(id));
        self.going_on = self.alerts.len();
    }

    fn note(&mut self, events: Vec<Event>, at: Timestamp) {
        for event in events {
            match event {
                Event::Raised(alert) => {
                    self.changed.insert(alert.id);
                    self.raised.push(alert.id);
                    self.alerts.insert(alert.id, (alert, at));
                }
                Event::Continued { alert, position, first, last, count } => {
                    self.change(alert, |known| {
                        (known.first, known.last, known.count) = (first, last, count);
                        if known.positions.len() < MAX_POSITIONS {
                            known.positions.push(position);
                        }
                    });
                }
                Event::Ended { alert, .. } => self.change(alert, |known| known.ended = true),
                Event::Saturated { rule, since } => {
                    tracing::warn!(
                        rule,
                        since,
                        "a rule for alerts has too many groups; further ones are not counted"
                    );
                }
            }
        }
    }

    fn change(&mut self, id: Uuid, change: impl FnOnce(&mut Alert)) {
        if let Some((alert, _)) = self.alerts.get_mut(&id) {
            change(alert);
            self.changed.insert(id);
        }
    }
}
