use jiff::Timestamp;
use livetrail_alerts::{Alert, Evaluator, Event, Horizon, NoPlaces, Past, PastError, Question, Rule};
use livetrail_types::Activity;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// A log in memory. Alerts are not asked for, since the evaluator forgets none.
struct InMemory<'a>(&'a [Activity]);

impl Past for InMemory<'_> {
    fn activities(
        &mut self,
        question: &Question<'_>,
        each: &mut dyn FnMut(&Activity),
    ) -> Result<(), PastError> {
        self.0.iter().filter(|activity| activity.position < question.before).for_each(each);
        Ok(())
    }

    fn alerts(&mut self, _: &Question<'_>) -> Result<Vec<Alert>, PastError> {
        Ok(Vec::new())
    }
}

/// How many alerts a rule raises, by the day of what raised them, and how many activities these have.
pub(super) fn plainly(
    rule: &Rule,
    log: &[Activity],
    (from, to): (Timestamp, Timestamp),
) -> (u64, HashMap<String, u64>, u64) {
    let mut evaluator = Evaluator::new(vec![rule.clone()], Arc::new(NoPlaces));
    let (mut counts, mut days) = (HashMap::<Uuid, u64>::new(), HashMap::<String, u64>::new());
    let since = Horizon::of(std::slice::from_ref(rule), from).since();
    let log: Vec<Activity> = log
        .iter()
        .filter(|activity| since <= activity.timestamp && activity.timestamp <= to)
        .cloned()
        .collect();
    for activity in &log {
        for event in evaluator.step(activity, &mut InMemory(&log)).expect("an answer") {
            match event {
                Event::Raised(alert) if from <= activity.timestamp => {
                    *days.entry(activity.timestamp.to_string()[..10].to_owned()).or_default() += 1;
                    counts.insert(alert.id, alert.count);
                }
                Event::Continued { alert, count, .. } => {
                    counts.entry(alert).and_modify(|known| *known = count);
                }
                _ => {}
            }
        }
    }
    (counts.len() as u64, days, counts.values().sum())
}
