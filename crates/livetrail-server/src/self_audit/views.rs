//! Records of saved views.

use super::{Origin, SelfAudit, Target};
use crate::access::Principal;
use livetrail_store::SavedView;
use livetrail_types::actions;
use serde_json::{Map, Value, json};

/// What is shown of a view.
type Shown = fn(&SavedView) -> Value;

const FIELDS: [(&str, Shown); 4] = [
    ("name", |view| json!(view.name)),
    ("query", |view| json!(view.query)),
    ("shared", |view| json!(view.shared)),
    ("is_default", |view| json!(view.is_default)),
];

/// A change of a saved view.
pub(crate) struct ViewChange<'a> {
    /// `created`, `changed` or `removed`.
    pub(crate) what: &'a str,
    pub(crate) before: Option<&'a SavedView>,
    pub(crate) after: Option<&'a SavedView>,
}

impl SelfAudit {
    /// A principal has saved, changed or removed a view. The record is an API operation and not a change of settings,
    /// because a default rule raises an alert at each of those.
    pub(crate) fn changed_view(&self, by: &Principal, origin: &Origin, status: u16, change: &ViewChange<'_>) {
        let ViewChange { what, before, after } = *change;
        let Some(view) = after.or(before) else { return };
        let changes: Map<_, _> = FIELDS
            .into_iter()
            .map(|(name, field)| (name, before.map(field), after.map(field)))
            .filter(|(_, from, to)| from != to)
            .map(|(name, from, to)| (name.to_owned(), json!({"from": from, "to": to})))
            .collect();
        let details = json!({"saved_view": {"change": what, "name": view.name, "changes": changes}});
        self.did(by, actions::API_OPERATION, origin, status, Target::resource(view.id), details);
    }
}
