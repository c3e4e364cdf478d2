//! A rule: which activities are matched, how they are grouped, and the condition that raises an alert.

mod check;
mod condition;
mod details;
mod field;
mod hours;
mod read;
mod read_condition;
mod read_filter;
mod span;
mod version;
mod write;

pub use condition::{Condition, Step};
pub use field::Field;
pub use hours::Hours;
pub use span::Span;
pub use version::Version;

pub(crate) use check::{group_by as check_group_by, matches_none, too_many as check_values};
pub(crate) use read::named as field_of_activity;
pub(crate) use read_condition::at_least;
pub(crate) use read_filter::filter_of_parameters;

use crate::{RuleError, document};
use livetrail_types::{
    Activity, Choice, Condition as FilterCondition, Filter, FilterContext, Severity, Subject, TextField,
};

/// Bounds of what a rule may say.
pub mod limits {
    use super::Span;

    /// Longest text of a rule, in bytes.
    pub const DEFINITION: usize = 64 * 1024;
    /// Shortest and longest timespan.
    pub const TIMESPAN: (Span, Span) = (Span::seconds(1), Span::seconds(30 * 86_400));
    /// Largest number that a condition waits for. The evaluator keeps about so many entries for each group.
    pub const AT_LEAST: i64 = 10_000;
    /// Largest number of all steps of a temporal condition together.
    pub const STEPS_AT_LEAST: u64 = 1_000;
    /// Most steps of a temporal condition.
    pub const STEPS: usize = 8;
    /// Most numbers of details that a rule compares.
    pub const DETAILS: usize = 5;
    /// Longest name of such a number.
    pub const DETAILS_NAME: usize = 100;
    /// Largest number that they are compared with: numbers in JSON are exact up to it.
    pub const DETAILS_AT_LEAST: i64 = 1 << 53;
    /// Most fields to group by.
    pub const GROUP_BY: usize = 5;
    /// Longest id.
    pub const ID: usize = 64;
    /// Longest title.
    pub const TITLE: usize = 256;
    /// Longest description.
    pub const DESCRIPTION: usize = 8_000;
}

/// An alert rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The name in the API: lower-case letters, digits and dashes.
    pub id: String,
    /// The name for people.
    pub title: String,
    /// What it finds, and what to do then.
    pub description: String,
    /// The severity of its alerts.
    pub severity: Severity,
    /// The only tenant whose activities count; every tenant's for `None`, each tenant for itself.
    pub tenant: Option<String>,
    /// Which activities are matched.
    pub filter: Filter,
    /// Whether only those are matched whose target is another user than the one who acted. No filter can say it.
    pub another_user: bool,
    /// Only activities are matched whose details have a number of each name that is at least so large. No filter can
    /// say it.
    pub details_at_least: Vec<(String, u64)>,
    /// Fields whose values the activities of an alert share. An activity without one of them is not matched.
    pub group_by: Vec<Field>,
    /// The length of the window.
    pub timespan: Span,
    /// What raises an alert.
    pub condition: Condition,
}

impl Rule {
    /// Reads a rule that is written in TOML.
    ///
    /// # Errors
    /// Every fault, in the order of their lines.
    pub fn from_toml(text: &str, context: &FilterContext<'_>) -> Result<Self, Vec<RuleError>> {
        let node = document::from_toml(text).map_err(|error| vec![error])?;
        read::rule(&node, context)
    }

    /// Whether the activity is one of those that the rule is about. It may still lack a value that groups need.
    pub fn matches(&self, activity: &Activity) -> bool {
        let subject = Subject { activity, profile: None };
        (self.tenant.is_none() || self.tenant == activity.tenant_id)
            && self.filter.matches(&subject)
            && (!self.another_user || is_of_another(activity))
            && (self.details_at_least.is_empty() || details::reach(activity, &self.details_at_least))
    }

    /// A filter of all activities that [`Rule::matches`], and perhaps of more.
    pub fn wide_filter(&self) -> Filter {
        let of_tenant =
            |tenant: &String| FilterCondition::Text(TextField::TenantId, Choice::any([tenant.clone()]));
        let filter = self.filter.clone();
        self.tenant.iter().map(of_tenant).fold(filter, Filter::and)
    }

    /// Whether the rule reads details, errors or user agents of activities.
    pub fn reads_details(&self) -> bool {
        let is_long = |field: &Field| matches!(field, Field::ErrorType | Field::UserAgent | Field::Device);
        let searches = |filter: &Filter| {
            filter.conditions().iter().any(|condition| matches!(condition, FilterCondition::Words(_)))
        };
        let by_condition = match &self.condition {
            Condition::ValueCount { field, .. } | Condition::FirstSeen { field, .. } => is_long(field),
            Condition::Temporal { steps, .. } => steps.iter().any(|step| searches(&step.filter)),
            Condition::Ratio { part, .. } => searches(part),
            _ => false,
        };
        by_condition
            || !self.details_at_least.is_empty()
            || self.group_by.iter().any(is_long)
            || searches(&self.filter)
    }

    /// How long an alert lasts after its last activity, by the time of activities.
    ///
    /// It is the timespan, so that no window reaches from one alert into the next. A value that is new is
    /// known from then on, so its alert needs no such distance: it ends after an hour.
    pub fn lasts(&self) -> Span {
        match self.condition {
            Condition::FirstSeen { .. } => self.timespan.min(Span::seconds(3_600)),
            _ => self.timespan,
        }
    }

    /// The action types that its activities can have; `None` for any.
    pub(crate) fn action_types(&self) -> Option<Vec<&str>> {
        check::action_types(&self.filter).or_else(|| {
            let Condition::Temporal { steps, .. } = &self.condition else { return None };
            let each: Option<Vec<Vec<&str>>> =
                steps.iter().map(|step| check::action_types(&step.filter)).collect();
            each.map(|each| each.concat())
        })
    }
}

fn is_of_another(activity: &Activity) -> bool {
    activity.target_user_id.as_ref().is_some_and(|target| *target != activity.user_id)
}
