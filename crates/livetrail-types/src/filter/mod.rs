//! Filters of activities. A filter means one thing: lists (SQL), live streams and exports agree with
//! [`Filter::matches`], and a property test checks that for every database.

mod canonical;
mod compiled;
mod condition;
mod contradiction;
mod parameters;
mod parse;
mod ranges;
mod sought;
mod split;
#[cfg(test)]
mod tests;
mod written;

pub use condition::{Choice, Condition, StatusPattern, Subject, TextField};
pub use parameters::{FILTER_PARAMETERS, FilterParameter};
pub use parse::FilterContext;
pub use ranges::Networks;
pub use sought::Sought;

use crate::FieldError;
use compiled::Compiled;
use std::{fmt, sync::Arc};

/// Conditions that all have to hold. The empty filter means every activity.
#[derive(Clone, Default)]
pub struct Filter {
    conditions: Vec<Condition>,
    /// The conditions in the same order, ready to be asked.
    compiled: Vec<Arc<Compiled>>,
}

impl Filter {
    /// Reads the filter parameters of a query string, names and values already decoded. A value may be repeated or
    /// comma-separated (any of) and prefixed with `!` (none of); a backslash makes the next character literal. An empty
    /// value adds no condition.
    ///
    /// # Errors
    /// Each unknown name and each bad value, with a valid form.
    pub fn parse<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
        context: &FilterContext<'_>,
    ) -> Result<Self, Vec<FieldError>> {
        parse::parse(parameters, context)
    }

    /// A filter of these conditions.
    pub fn of(conditions: Vec<Condition>) -> Self {
        let compiled = conditions.iter().map(|condition| Arc::new(Compiled::of(condition))).collect();
        Self { conditions, compiled }
    }

    /// The conditions, all of which have to hold.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The same filter with one more condition.
    #[must_use]
    pub fn and(mut self, condition: Condition) -> Self {
        self.compiled.push(Arc::new(Compiled::of(&condition)));
        self.conditions.push(condition);
        self
    }

    /// The same filter with its dates replaced.
    #[must_use]
    pub fn since(&self, moment: jiff::Timestamp) -> Self {
        self.without_dates().and(Condition::From(moment))
    }

    /// The same filter for any time.
    #[must_use]
    pub fn without_dates(&self) -> Self {
        Self::of(self.conditions.iter().filter(|c| !c.is_date()).cloned().collect())
    }

    /// Whether the activity is meant.
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        self.compiled.iter().all(|condition| condition.holds(subject))
    }

    /// Whether it depends on users' names, which only the user directory knows.
    pub fn needs_profile(&self) -> bool {
        self.conditions.iter().any(|c| matches!(c, Condition::UserSearch(_) | Condition::Search(_)))
    }
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.conditions == other.conditions
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.conditions).finish()
    }
}
