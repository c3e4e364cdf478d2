//! Least numbers in the details of activities.

use super::limits;
use crate::document::{Field, Value};
use livetrail_types::{Activity, json};

/// Reads the table: names of numbers, and how large each has to be.
pub(super) fn read(field: &Field<'_>) -> Option<Vec<(String, u64)>> {
    let table = field.table();
    if !matches!(field.node.value, Value::Table(_)) {
        return None;
    }
    let mut wanted: Vec<(String, Option<u64>)> =
        table.all().map(|(entry, field)| (entry.name.clone(), number(&entry.name, &field))).collect();
    if wanted.is_empty() || wanted.len() > limits::DETAILS {
        field.error(format!("has {} numbers; 1 to {} are possible", wanted.len(), limits::DETAILS));
        return None;
    }
    wanted.sort_unstable();
    wanted.into_iter().map(|(name, number)| Some((name, number?))).collect()
}

fn number(name: &str, field: &Field<'_>) -> Option<u64> {
    if name.chars().count() > limits::DETAILS_NAME {
        field.error(format!("has a name of more than {} characters", limits::DETAILS_NAME));
        return None;
    }
    field.integer(1..=limits::DETAILS_AT_LEAST)
}

/// Whether the details have a number of each name that is large enough.
pub(super) fn reach(activity: &Activity, wanted: &[(String, u64)]) -> bool {
    let Some(details) = &activity.details else { return false };
    let Ok(details) = json::parse(details.as_str().as_bytes()) else { return false };
    wanted.iter().all(|(name, least)| {
        let number = details.get(name).and_then(json::Value::as_f64);
        #[expect(clippy::cast_precision_loss, reason = "a rule names no number that is not exact")]
        let least = *least as f64;
        number.is_some_and(|number| number >= least)
    })
}
