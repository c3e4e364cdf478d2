//! The names under which a sender may give a field: our own, their camelCase, and those of the admin tracker's
//! shape (`adminId`, `entityType`, …).

use std::borrow::Cow;

/// Every field that a sender may give, by its own name.
pub(super) const FIELDS: [&str; 26] = [
    "id",
    "timestamp",
    "user_id",
    "action_type",
    "endpoint",
    "http_method",
    "status_code",
    "success",
    "error_message",
    "error_type",
    "target_user_id",
    "target_resource_id",
    "resource_type",
    "details",
    "changes",
    "duration_ms",
    "db_query_count",
    "ip_address",
    "user_agent",
    "is_admin",
    "session_id",
    "request_id",
    "trace_id",
    "tenant_id",
    // The sender of the admin tracker's shape says with one field who acted and that it was an admin.
    "adminId",
    "metadata",
];

const ALIASES: [(&str, &str); 3] =
    [("action", "action_type"), ("entityType", "resource_type"), ("entityId", "target_resource_id")];

/// Given by Livetrail on the way out, so a sender who copies an answer meets these.
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

/// The field that `given` names, or a sentence that helps to find the right one.
pub(super) fn resolve(given: &str) -> Result<&'static str, String> {
    if let Some((_, name)) = ALIASES.iter().find(|(alias, _)| *alias == given) {
        return Ok(name);
    }
    let own = if FIELDS.contains(&given) { Cow::Borrowed(given) } else { snake_case(given) };
    FIELDS.iter().find(|name| **name == own).copied().ok_or_else(|| hint(given, &own))
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

fn hint(given: &str, own: &str) -> String {
    if OUT_ONLY.contains(&own) {
        return "is set by Livetrail and cannot be sent: leave it out".into();
    }
    let names = FIELDS.iter().chain(ALIASES.iter().map(|(alias, _)| alias));
    let nearest = names
        .map(|name| (strsim::jaro_winkler(name, own).max(strsim::jaro_winkler(name, given)), name))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, name)) if likeness > 0.8 => format!("is unknown; did you mean {name}?"),
        _ => "is unknown; what has no field of its own belongs into details".into(),
    }
}

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
            ("action", "action_type"),
            ("entityId", "target_resource_id"),
            ("adminId", "adminId"),
            ("metadata", "metadata"),
        ] {
            assert_eq!(resolve(given), Ok(name));
        }
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest_one() {
        assert_eq!(resolve("usr_id"), Err("is unknown; did you mean user_id?".into()));
        assert_eq!(resolve("actionTyp"), Err("is unknown; did you mean action_type?".into()));
        assert!(resolve("colour").is_err_and(|hint| hint.contains("details")));
        assert!(resolve("position").is_err_and(|hint| hint.contains("set by Livetrail")));
    }
}
