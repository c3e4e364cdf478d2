//! A rule at work on activities of the past.

use super::found::{Backtest, Found};
use crate::{
    access::Principal,
    alerts::{is_alert, past::Log},
    app::App,
};
use jiff::Timestamp;
use livetrail_alerts::{
    Alert, Condition, Evaluator, Event, Horizon, Locate, Past, PastError, Question, Rule,
};
use livetrail_types::Activity;
use std::{slice::from_ref, sync::Arc};
use tokio_util::sync::CancellationToken;

/// The evaluator's memory is cleaned after so many activities.
const SETTLED: u64 = 1_000;
/// Silence is looked for so often within the time of silence.
const LOOKS: i64 = 100;

pub(super) struct Trial {
    evaluator: Evaluator,
    rule: Rule,
    past: TriedPast,
    /// What happened before is left out. Otherwise, the result would depend on how the log is read.
    since: Timestamp,
    from: Timestamp,
    to: Timestamp,
    cancelled: CancellationToken,
    steps: u64,
    /// The latest moment at which an activity had happened and arrived.
    clock: Timestamp,
    looked_at: Timestamp,
}

/// The log, and the alerts of this trial.
struct TriedPast {
    log: Log,
    found: Found,
    cancelled: CancellationToken,
}

impl Past for TriedPast {
    fn activities(
        &mut self,
        question: &Question<'_>,
        each: &mut dyn FnMut(&Activity),
    ) -> Result<(), PastError> {
        if self.cancelled.is_cancelled() {
            return Err("the back-test was cancelled".into());
        }
        self.log.activities(question, each)
    }

    fn alerts(&mut self, question: &Question<'_>) -> Result<Vec<Alert>, PastError> {
        Ok(self.found.alerts_of(question))
    }
}

impl Trial {
    pub(super) fn new(
        app: &Arc<App>,
        principal: &Principal,
        rule: Rule,
        (from, to): (Timestamp, Timestamp),
        cancelled: CancellationToken,
    ) -> Self {
        let since = Horizon::of(from_ref(&rule), from).since();
        let evaluator = Evaluator::new(vec![rule.clone()], Arc::clone(&app.places) as Arc<dyn Locate>);
        let log = Log::of(app, principal.clone());
        let past = TriedPast { log, found: Found::default(), cancelled: cancelled.clone() };
        let (clock, looked_at) = (Timestamp::MIN, Timestamp::MIN);
        Self { evaluator, rule, past, since, from, to, cancelled, steps: 0, clock, looked_at }
    }

    /// Whether the rule has raised so many alerts that it does not go on.
    pub(super) fn is_over(&self) -> bool {
        self.past.found.is_full()
    }

    pub(super) fn step(&mut self, activity: &Activity) -> Result<(), PastError> {
        if self.cancelled.is_cancelled() || self.is_over() || is_alert(activity) {
            return Ok(());
        }
        let is_near = self.since <= activity.timestamp && activity.timestamp <= self.to;
        if !is_near || !self.rule.matches(activity) {
            return Ok(());
        }
        self.clock = self.clock.max(activity.timestamp.min(activity.created_at));
        self.look_for_silence(self.clock);
        let is_asked_for = activity.timestamp >= self.from;
        self.past.found.activities += u64::from(is_asked_for);
        for event in self.evaluator.step(activity, &mut self.past)? {
            self.note(event, activity.timestamp);
        }
        self.steps += 1;
        if self.steps.is_multiple_of(SETTLED) {
            self.evaluator.settle();
        }
        Ok(())
    }

    /// Raises alerts of groups that are silent when an activity comes, or at the end.
    fn look_for_silence(&mut self, now: Timestamp) {
        let Condition::Silence { quiet_for, .. } = self.rule.condition else { return };
        if now.as_microsecond() - self.looked_at.as_microsecond() < quiet_for.micros() / LOOKS {
            return;
        }
        self.looked_at = now;
        for event in self.evaluator.tick(now) {
            self.note(event, now);
        }
    }

    fn note(&mut self, event: Event, at: Timestamp) {
        let is_asked_for = self.from <= at && at <= self.to;
        self.past.found.note(event, at, is_asked_for);
    }

    /// Everything was evaluated.
    pub(super) fn end(&mut self) {
        if !self.cancelled.is_cancelled() && !self.is_over() {
            let now = self.past.log.now();
            self.looked_at = Timestamp::MIN;
            self.look_for_silence(self.to.min(now));
        }
        let since = self.evaluator.saturated().map(|(_, since)| since).next();
        self.past.found.saturated_since = self.past.found.saturated_since.or(since);
    }

    pub(super) fn into_found(self) -> Backtest {
        self.past.found.into_backtest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::tests::{BUSY, Fixture, made};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_trial_that_is_cancelled_evaluates_nothing_more() {
        let fixture = Fixture::new().await;
        let log = fixture.append(&made(200, 1)).await;
        let (cancelled, time) = (CancellationToken::new(), (Timestamp::UNIX_EPOCH, Timestamp::MAX));
        let (rule, operator) = (fixture.rule(BUSY), Principal::operator());
        let mut trial = Trial::new(&fixture.app, &operator, rule, time, cancelled.clone());
        let count = |trial: &Trial| trial.past.found.activities;
        let stepping = tokio::task::spawn_blocking(move || {
            log[..100].iter().try_for_each(|activity| trial.step(activity)).expect("the log answers");
            let before = count(&trial);
            assert!(before > 50, "{before}");
            cancelled.cancel();
            log[100..].iter().try_for_each(|activity| trial.step(activity)).expect("nothing is asked");
            trial.end();
            assert_eq!(count(&trial), before);
        });
        stepping.await.expect("an end");
    }
}
