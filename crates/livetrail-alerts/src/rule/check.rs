//! Faults that lie between fields: a rule that is well written, but could not do what it says.

use super::Field;
use livetrail_types::{Choice, Condition, Filter, TextField};

/// The action types that a filter admits; `None` for any.
pub(super) fn action_types(filter: &Filter) -> Option<Vec<&str>> {
    filter.conditions().iter().find_map(|condition| match condition {
        Condition::Text(TextField::ActionType, choice) if !choice.any.is_empty() => {
            Some(choice.any.iter().map(String::as_str).collect())
        }
        _ => None,
    })
}

/// Why no activity can match the filter of a rule, which may be a tenant's own; `None` if one can.
pub(crate) fn matches_none(filter: &Filter, tenant: Option<&str>) -> Option<String> {
    let of_tenant =
        tenant.map(|tenant| Condition::Text(TextField::TenantId, Choice::any([tenant.to_owned()])));
    let parameter = filter.contradiction(&Filter::of(of_tenant.into_iter().collect()))?;
    Some(format!("matches no activity: its conditions on {parameter} exclude one another"))
}

/// Why no activity can match a part of a rule; `None` if one can.
pub(super) fn never(filter: &Filter, part: &Filter) -> Option<String> {
    let parameter = filter.contradiction(part)?;
    Some(format!("matches no activity: its conditions on {parameter} contradict the rule's filter"))
}

/// Why activities of one group cannot have so many different values of a field; `None` if they can.
pub(crate) fn too_many(field: Field, at_least: u64, filter: &Filter, group_by: &[Field]) -> Option<String> {
    if at_least > 1 && group_by.iter().any(|known| known.implies(field)) {
        return Some(format!(
            "needs {at_least} values of {field}, but all activities of a group have the same: see `group_by`"
        ));
    }
    let most = match field.text_field().and_then(|field| filter.most_values(field)) {
        Some(most) => most as u64,
        None if filter.conditions().iter().any(|condition| makes_constant(condition, field)) => 1,
        None => return None,
    };
    (most < at_least)
        .then(|| format!("needs {at_least} values of {field}, but the filter admits {most} only"))
}

/// The faults of fields that cannot tell groups apart.
pub(crate) fn group_by(fields: &[Field], filter: &Filter) -> Vec<String> {
    let has = |test: &dyn Fn(&Condition) -> bool| filter.conditions().iter().any(test);
    let fault = |field: &Field| {
        if has(&|condition| makes_constant(condition, *field)) {
            Some(format!("has {field}, of which the filter admits one value only: leave it out"))
        } else if *field == Field::DelegateId && has(&excludes_delegates) {
            Some("has delegate_id, which no activity has that the filter matches: leave it out".into())
        } else {
            None
        }
    };
    fields.iter().filter_map(fault).collect()
}

fn makes_constant(condition: &Condition, field: Field) -> bool {
    match condition {
        Condition::Text(name, choice) => field.text_field() == Some(*name) && choice.any.len() == 1,
        Condition::Status(choice) => {
            field == Field::StatusCode
                && matches!(choice.any.as_slice(), [one] if one.range().0 == one.range().1)
        }
        Condition::Address(choice) => match choice.any.as_slice() {
            [one] => {
                let is_address = one.prefix_len() == one.max_prefix_len();
                let is_one_network = one.prefix_len() >= if one.max_prefix_len() == 32 { 24 } else { 48 };
                field == Field::IpAddress && is_address || field == Field::Network && is_one_network
            }
            _ => false,
        },
        _ => false,
    }
}

fn excludes_delegates(condition: &Condition) -> bool {
    matches!(condition, Condition::Delegated(choice) if choice.any == [false] || choice.none == [true])
}
