//! The actions of the catalogue as a condition of a filter.

use livetrail_types::{Catalogue, Choice, Condition, TextField};

/// Any action of the catalogue. What all others come to is the rest, however many kinds of them there are.
pub(super) fn is_in_catalogue(catalogue: &Catalogue) -> Condition {
    let keys = catalogue.actions().iter().map(|action| action.key.clone());
    Condition::Text(TextField::ActionType, Choice::any(keys))
}
