//! The names under which a sender may give a field: our own, their camelCase, and those of the admin tracker's
//! shape (`adminId`, `entityType`, …).

use crate::nearest;
use std::borrow::Cow;

/// Every field that a sender may give, by its own name, in the order of the alphabet. `adminId` is here
/// besides its field, since it also says that an admin acted; `metadata`, since both may be given by mistake.
pub(super) const FIELDS: [&str; 29] = [
    "action_type",
    "adminId",
    "changes",
    "db_query_count",
    "delegate_id",
    "delegate_type",
    "details",
    "duration_ms",
    "endpoint",
    "error_message",
    "error_type",
    "http_method",
    "id",
    "ip_address",
    "is_admin",
    "metadata",
    "request_id",
    "resource_type",
    "session_id",
    "status_code",
    "success",
    "target_resource_id",
    "target_user_id",
    "tenant_id",
    "timestamp",
    "trace_id",
    "user_agent",
    "user_id",
    "via",
];

const ALIASES: [(&str, &str); 3] =
    [("action", "action_type"), ("entityType", "resource_type"), ("entityId", "target_resource_id")];

/// Fields that only answers have. A sender that copies an answer sends them.
const OUT_ONLY: [&str; 11] = [
    "position",
    "created_at",
    "occurred_at",
    "timestamp_adjusted",
    "user_email",
    "user_display_name",
    "description",
    "icon",
    "category",
    "severity",
    "device",
];

/// The field of a sender's name: `ipAddress` is `ip_address`. `None` if the field does not exist.
pub fn field_name(given: &str) -> Option<&'static str> {
    resolve(given).map(|index| FIELDS[index])
}

/// Whether it is a field that only Livetrail gives.
pub fn is_given_by_livetrail(name: &str) -> bool {
    OUT_ONLY.contains(&name)
}

/// The index of the field of this name.
pub(super) fn index(name: &str) -> Option<usize> {
    let mut of_length = OF_LENGTH.get(name.len())?.iter().map_while(|index| *index);
    of_length.find(|index| FIELDS[*index] == name)
}

/// The indexes of the fields whose names have a length. Few names share theirs, so that a look-up compares few of them.
const OF_LENGTH: [[Option<usize>; 5]; 19] = {
    let mut indexes = [[None; 5]; 19];
    let mut index = 0;
    while index < FIELDS.len() {
        let length = FIELDS[index].len();
        let mut free = 0;
        while indexes[length][free].is_some() {
            free += 1;
        }
        indexes[length][free] = Some(index);
        index += 1;
    }
    indexes
};

/// The index of the field that `given` names.
pub(super) fn resolve(given: &str) -> Option<usize> {
    let alias = || ALIASES.iter().find(|(alias, _)| *alias == given);
    let own = || alias().map_or_else(|| snake_case(given), |(_, name)| Cow::Borrowed(*name));
    index(given).or_else(|| index(&own()))
}

fn snake_case(camel: &str) -> Cow<'_, str> {
    if !camel.bytes().any(|b| b.is_ascii_uppercase()) || camel.contains('_') {
        return camel.into();
    }
    let mut snake = String::with_capacity(camel.len() + 4);
    for c in camel.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake.into()
}

/// A hint for a sender that used an unknown name.
pub fn hint(given: &str) -> String {
    let own = snake_case(given);
    if OUT_ONLY.contains(&own.as_ref()) {
        return "is set by Livetrail and cannot be sent: leave it out".into();
    }
    let names = FIELDS.into_iter().chain(ALIASES.iter().map(|(alias, _)| *alias));
    match nearest(&[&own, given], names) {
        Some(name) => format!("is unknown; did you mean {name}?"),
        None => UNKNOWN.into(),
    }
}

const UNKNOWN: &str = "is unknown; what has no field of its own belongs into details";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_camel_case_and_the_trackers_names_are_understood() {
        for (given, name) in [
            ("user_id", "user_id"),
            ("userId", "user_id"),
            ("ipAddress", "ip_address"),
            ("dbQueryCount", "db_query_count"),
            ("delegateType", "delegate_type"),
            ("action", "action_type"),
            ("entityId", "target_resource_id"),
            ("adminId", "adminId"),
            ("metadata", "metadata"),
        ] {
            assert_eq!(resolve(given).map(|index| FIELDS[index]), Some(name));
        }
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest_one() {
        assert_eq!(hint("usr_id"), "is unknown; did you mean user_id?");
        assert_eq!(hint("actionTyp"), "is unknown; did you mean action_type?");
        assert_eq!(hint("delegateID"), "is unknown; did you mean delegate_id?");
        assert!(hint("colour").contains("details"));
        assert!(hint("position").contains("set by Livetrail"));
    }
}
