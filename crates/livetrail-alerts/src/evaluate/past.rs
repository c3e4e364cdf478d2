//! Questions to the log, for what memory does not hold: activities that arrived very late, and the evidence of
//! conditions whose memory is thinner than the log.

use super::{Alert, Group};
use crate::rule::{Rule, Version};
use jiff::Timestamp;
use livetrail_types::{Activity, Choice, Condition, Filter, TextField};
use std::error::Error;

/// Why the log could not answer.
pub type PastError = Box<dyn Error + Send + Sync>;

/// The log up to the activity that is being evaluated, and the alerts that are stored.
pub trait Past {
    /// Gives activities to `each`, in any order: all that the question means. It may give more, since the evaluator
    /// checks each of them.
    ///
    /// # Errors
    /// When the log cannot be read. The evaluation stops; see [`Evaluator::step`](super::Evaluator::step).
    fn activities(
        &mut self,
        question: &Question<'_>,
        each: &mut dyn FnMut(&Activity),
    ) -> Result<(), PastError>;

    /// The stored alerts of the rule's version and the group that have an activity between the two moments. It may
    /// give more. Alerts of steps whose events are not stored yet are known to the evaluator.
    ///
    /// # Errors
    /// As above.
    fn alerts(&mut self, question: &Question<'_>) -> Result<Vec<Alert>, PastError>;
}

/// A question about a group in a time.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Its version.
    pub version: Version,
    /// The group.
    pub group: &'a Group,
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub to: Timestamp,
    /// Only activities before this position are meant.
    pub before: u64,
}

impl Question<'_> {
    /// The filter of the activities that are meant, as far as a filter can say it.
    pub fn filter(&self) -> Filter {
        let mut filter = self.rule.filter.clone();
        for (field, value) in self.rule.group_by.iter().zip(&self.group.values) {
            if let Some(condition) = field.condition(value) {
                filter = filter.and(condition);
            }
        }
        if let Some(tenant) = &self.group.tenant {
            filter = filter.and(Condition::Text(TextField::TenantId, Choice::any([tenant.clone()])));
        }
        filter.and(Condition::From(self.from)).and(Condition::Until(self.to))
    }
}
