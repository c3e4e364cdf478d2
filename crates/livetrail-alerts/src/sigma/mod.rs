//! Rules in Sigma's YAML, as far as they say what a rule of Livetrail can say exactly. All else is refused with the
//! reason: a rule that finds something else than its author meant is worse than none.
//!
//! A text may hold several documents: event rules (`detection`) and correlations of them. Each correlation
//! that no other one refers to becomes a rule. Without a correlation, each event rule becomes one.

mod correlation;
mod detection;
mod meta;
mod pattern;

use crate::{
    Condition, Rule, RuleError, Span,
    document::{Errors, Node, Table, from_yaml},
};
use correlation::Correlation;
use detection::EventRule;
use livetrail_types::FilterContext;
use meta::Meta;

/// A note about a rule that was imported: a difference, but not an error.
pub type Note = RuleError;

/// What a text of Sigma's YAML says.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The rules.
    pub rules: Vec<Rule>,
    /// What to know about them.
    pub notes: Vec<Note>,
}

/// An event rule alone counts its matches in windows of this length: those that follow one another are one alert.
const ALONE: Span = Span::seconds(600);

/// Reads event rules and correlations.
///
/// # Errors
/// Every fault, in the order of their lines.
pub fn import(yaml: &str, context: &FilterContext<'_>) -> Result<Import, Vec<RuleError>> {
    let documents = from_yaml(yaml).map_err(|error| vec![error])?;
    let (errors, notes) = (Errors::default(), Errors::default());
    let rules = rules(&documents, context, &errors, &notes);
    match rules {
        Some(rules) if errors.is_empty() => Ok(Import { rules, notes: notes.into_sorted() }),
        _ => Err(errors.into_sorted()),
    }
}

fn rules(
    documents: &[Node],
    context: &FilterContext<'_>,
    errors: &Errors,
    notes: &Errors,
) -> Option<Vec<Rule>> {
    let (mut events, mut correlations) = (Vec::new(), Vec::new());
    for document in documents {
        let mut table = Table::of(document, errors);
        let meta = Meta::read(&mut table);
        let (detection, correlation) = (table.get("detection"), table.get("correlation"));
        match (detection, correlation) {
            (Some(field), None) => events.push(EventRule::read(meta?, &field, context, notes)?),
            (None, Some(field)) => correlations.push(Correlation::read(meta?, &field)?),
            _ => table.error("detection", "is missing: a document has either `detection` or `correlation`"),
        }
        table.finish();
    }
    if documents.is_empty() {
        let place = crate::Place { line: 1, column: 1 };
        errors.add(place, "", "has no document: a rule of Sigma is expected");
    }
    if correlations.is_empty() {
        return Some(events.into_iter().map(alone).collect());
    }
    let is_referred = |one: &Correlation| correlations.iter().any(|other| other.refers_to(&one.meta));
    let outer = correlations.iter().filter(|one| !is_referred(one));
    outer.map(|one| one.rule(&events, &correlations, errors)).collect()
}

fn alone(event: EventRule) -> Rule {
    let condition = Condition::EventCount { at_least: 1 };
    event.meta.rule(event.filter, Vec::new(), ALONE, condition)
}
