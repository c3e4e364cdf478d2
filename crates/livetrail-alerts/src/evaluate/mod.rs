//! The evaluation of rules over the log, in the order of positions.

mod alert;
mod buckets;
mod chain;
mod glance;
mod judge;
mod locate;
mod memory;
mod past;
mod routes;
mod sighting;
mod watch;

pub use alert::{Alert, Event, Group, MAX_POSITIONS};
pub use locate::{Coordinates, Locate, NoPlaces};
pub use past::{Past, PastError, Question};
pub use watch::MAX_GROUPS;

use crate::rule::Rule;
use glance::Glance;
use jiff::Timestamp;
use livetrail_types::Activity;
use routes::Routes;
use sighting::sight;
use std::sync::Arc;
use watch::Watch;

/// Rules at work. See the crate's documentation for what it promises.
pub struct Evaluator {
    watches: Vec<Watch>,
    routes: Routes,
    places: Arc<dyn Locate>,
    /// The latest moment at which an activity had happened and arrived, in microseconds. It follows the clock of
    /// the server, or that of activities that are imported long after they happened. A clock that is
    /// wrong by years does not move it.
    now: i64,
}

/// What an evaluator has to read before it goes on from a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    arrived: i64,
    longest: i64,
}

impl Horizon {
    /// The horizon of some rules, for an evaluator that goes on after an activity that arrived at `created_at`.
    pub fn of(rules: &[Rule], created_at: Timestamp) -> Self {
        let longest = rules.iter().map(Watch::memory_span).max().unwrap_or(0);
        Self { arrived: created_at.as_microsecond(), longest }
    }

    /// All alerts that had an activity at this moment or later have to be read.
    pub fn since(self) -> Timestamp {
        alert::moment(self.arrived - self.longest)
    }

    /// All activities that the rule matches and that happened at this moment or later have to be read.
    pub fn since_of(self, rule: &Rule) -> Timestamp {
        alert::moment(self.arrived - Watch::memory_span(rule))
    }
}

impl Evaluator {
    /// An evaluator for a log from its first position on.
    pub fn new(rules: Vec<Rule>, places: Arc<dyn Locate>) -> Self {
        Self::with_max_groups(rules, places, MAX_GROUPS)
    }

    /// The same with another bound of the groups of each rule.
    pub fn with_max_groups(rules: Vec<Rule>, places: Arc<dyn Locate>, max_groups: usize) -> Self {
        let routes = Routes::of(&rules);
        let watches = rules.into_iter().map(|rule| Watch::new(rule, max_groups)).collect();
        Self { watches, routes, places, now: i64::MIN / 2 }
    }

    /// Begins to go on after a position. `alerts` are the stored alerts that had an activity at the horizon or
    /// later, and those of `silence` that have not ended. [`Evaluator::recall`] has to be called next, with
    /// every activity up to the position that is within the horizon of a rule that matches it, in the
    /// order of positions. Others may be among them.
    #[must_use]
    pub fn rebuild<'a>(mut self, horizon: Horizon, alerts: impl IntoIterator<Item = &'a Alert>) -> Self {
        for watch in &mut self.watches {
            watch.remember_from(horizon.since_of(&watch.rule));
        }
        for alert in alerts {
            self.watches.iter_mut().for_each(|watch| watch.take(alert));
        }
        self
    }

    /// Remembers an activity that was evaluated before the rebuild.
    pub fn recall(&mut self, activity: &Activity) {
        self.see(activity);
        let mut glance = Glance::at(activity, &*self.places);
        for at in self.routes.of_action(&activity.action_type) {
            self.watches[*at].recall(&mut glance);
        }
    }

    /// Evaluates the activity of the next position. The events are in the order of the rules.
    ///
    /// # Errors
    /// When `past` fails. Some rules have seen the activity then and others have not, so the evaluator has to
    /// be dropped and rebuilt from the stored position.
    pub fn step(&mut self, activity: &Activity, past: &mut dyn Past) -> Result<Vec<Event>, PastError> {
        self.see(activity);
        let (mut events, mut glance) = (Vec::new(), Glance::at(activity, &*self.places));
        let routed = self.routes.of_action(&activity.action_type);
        let seen: Vec<_> = routed
            .iter()
            .filter_map(|at| sight(&self.watches[*at].rule, &mut glance).map(|seen| (*at, seen)))
            .collect();
        seen.iter().for_each(|(at, seen)| self.watches[*at].fetch(seen.group));
        for (at, seen) in seen {
            events.extend(self.watches[at].step(&glance, seen, self.now, past)?);
        }
        Ok(events)
    }

    fn see(&mut self, activity: &Activity) {
        self.now = self.now.max(activity.timestamp.min(activity.created_at).as_microsecond());
    }

    /// Raises alerts of silence. Give the time of the server's clock, every few seconds, after all activities
    /// that are stored were given to [`Evaluator::step`]. An alert's id does not depend on the moments at
    /// which this is called.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Event> {
        self.watches.iter_mut().flat_map(|watch| watch.tick(now.as_microsecond())).collect()
    }

    /// Forgets what memory does not need any more. Call it when the events of all steps are stored: alerts are
    /// forgotten, too, and asked from [`Past`] when they are needed again.
    pub fn settle(&mut self) {
        let now = self.now;
        self.watches.iter_mut().for_each(|watch| watch.settle(now));
    }

    /// For each rule, how many activities were not counted because it had too many groups.
    pub fn missed(&self) -> impl Iterator<Item = (&str, u64)> {
        self.watches.iter().map(|watch| (watch.rule.id.as_str(), watch.missed))
    }

    /// The rules that have as many groups as they may have, and the position since which further ones are not counted.
    pub fn saturated(&self) -> impl Iterator<Item = (&str, u64)> {
        self.watches.iter().filter_map(|watch| Some((watch.rule.id.as_str(), watch.saturated?)))
    }

    /// The alerts that may go on.
    pub fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.watches.iter().flat_map(Watch::alerts)
    }

    /// The rules.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.watches.iter().map(|watch| &watch.rule)
    }
}
