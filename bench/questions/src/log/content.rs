//! Details and changes: small JSON objects, as applications send them.

use super::{actions::Action, chance::Chance};
use livetrail_types::json::{Object, Value};

const SOURCES: [&str; 6] = ["web", "ios", "android", "cli", "webhook", "scheduler"];
const STATES: [&str; 6] = ["draft", "review", "active", "paused", "closed", "archived"];
const PLANS: [&str; 4] = ["free", "starter", "team", "business"];
const DETAILS: f64 = 0.3;

pub(super) fn details(action: &Action, chance: &mut Chance) -> Option<Object> {
    if !chance.is(DETAILS) {
        return None;
    }
    let mut details = Object::new();
    details.insert("source".into(), chance.pick(&SOURCES).into());
    match &*action.category {
        "ai" => {
            details.insert("model".into(), chance.pick(&["small", "large"]).into());
            details.insert("tokens_used".into(), number(chance.below(4_000)));
        }
        "documents" => {
            details.insert("size_bytes".into(), number(chance.below(5_000_000)));
        }
        "transactions" | "payouts" | "subscriptions" => {
            details.insert("amount_cents".into(), number(chance.below(50_000)));
            details.insert("currency".into(), chance.pick(&["EUR", "USD", "GBP"]).into());
        }
        _ => {
            details.insert("attempt".into(), number(1 + chance.below(3)));
        }
    }
    Some(details)
}

/// The field that an update has changed.
pub(super) fn changes(action: &Action, chance: &mut Chance) -> Option<Object> {
    if !action.has_changes {
        return None;
    }
    let (field, values): (_, &[&str]) = match &*action.category {
        "subscriptions" | "preferences" => ("plan", &PLANS),
        _ => ("status", &STATES),
    };
    let from = chance.below(values.len());
    let to = (from + 1 + chance.below(values.len() - 1)) % values.len();
    let change = Object::from([("from".into(), values[from].into()), ("to".into(), values[to].into())]);
    Some(Object::from([(field.into(), change.into())]))
}

fn number(value: usize) -> Value {
    i64::try_from(value).unwrap_or_default().into()
}
