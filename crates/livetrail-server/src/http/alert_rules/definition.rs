//! A rule that a client has written.

use crate::{
    access::is_name,
    app::App,
    http::error::{ApiError, ApiResult},
};
use livetrail_alerts::{Condition, Rule, limits::DEFINITION};
use livetrail_types::{FieldError, limits};

/// The largest body with a definition. JSON may write a character of it in six.
pub(super) const MAX_BODY: usize = 8 * DEFINITION;

/// Reads a definition.
///
/// # Errors
/// Each fault, with its line and what would be right.
pub(super) fn read(app: &App, definition: &str) -> ApiResult<Rule> {
    if definition.len() > DEFINITION {
        return Err(fault(format!("has {} bytes; at most {DEFINITION} are possible", definition.len())));
    }
    Rule::from_toml(definition, &app.filter_context()).map_err(|faults| {
        let error = |fault: &dyn ToString| FieldError::new("/definition", fault.to_string());
        ApiError::invalid(faults.iter().map(|fault| error(fault)).collect())
    })
}

pub(super) fn fault(detail: impl Into<String>) -> ApiError {
    ApiError::invalid(vec![FieldError::new("/definition", detail)])
}

/// Checks that this server can evaluate a rule.
pub(super) fn check_places(app: &App, rule: &Rule) -> ApiResult<()> {
    if matches!(rule.condition, Condition::ImpossibleTravel { .. }) && !app.places.are_known() {
        let detail = "impossible_travel needs the places of addresses: name a file in the setting geoip-file, such as \
                      GeoLite2-City.mmdb, and start the server again";
        return Err(fault(detail));
    }
    Ok(())
}

/// Checks the tenant of a rule, which the definition may name, too.
pub(super) fn check_tenant(tenant: Option<&String>, rule: &Rule) -> ApiResult<()> {
    let Some(tenant) = tenant else { return Ok(()) };
    let refused = |detail: String| Err(ApiError::invalid(vec![FieldError::new("/tenant_id", detail)]));
    if !is_name(tenant, limits::TENANT_ID) {
        return refused(format!(
            "must have 1 to {} characters, and no control characters",
            limits::TENANT_ID
        ));
    }
    match &rule.tenant {
        Some(named) if named != tenant => {
            refused("differs from `tenant` of the definition: leave one of them out".into())
        }
        _ => Ok(()),
    }
}
