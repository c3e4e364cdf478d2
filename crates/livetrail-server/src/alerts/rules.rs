//! The rules that are evaluated: those that Livetrail comes with, as the operator has changed them, and the
//! operator's own.

use livetrail_alerts::{DEFAULTS, Rule, RuleError};
use livetrail_store::AlertRule;
use livetrail_types::FilterContext;

/// A rule, and whether it is evaluated.
pub(crate) struct Known {
    pub(crate) rule: Rule,
    pub(crate) enabled: bool,
    /// As the operator has kept it; none for one that Livetrail comes with.
    pub(crate) kept: Option<AlertRule>,
    /// Its text.
    pub(crate) definition: String,
}

/// All rules, in the order of their ids. A rule that this version cannot read any more is left out and told with its
/// faults.
pub(crate) fn known(
    kept: Vec<AlertRule>,
    context: &FilterContext<'_>,
) -> (Vec<Known>, Vec<(String, Vec<RuleError>)>) {
    let (mut all, mut unreadable) = (Vec::new(), Vec::new());
    for default in DEFAULTS {
        match Rule::from_toml(default.toml, context) {
            Ok(rule) if kept.iter().any(|kept| kept.id == rule.id) => {}
            Ok(rule) => all.push(Known {
                rule,
                enabled: default.is_on,
                kept: None,
                definition: default.toml.to_owned(),
            }),
            Err(errors) => unreadable.push((default.toml.to_owned(), errors)),
        }
    }
    for kept in kept {
        match Rule::from_toml(&kept.definition, context) {
            Ok(mut rule) => {
                rule.tenant = kept.tenant.clone().or(rule.tenant);
                let (enabled, definition) = (kept.enabled, kept.definition.clone());
                all.push(Known { rule, enabled, definition, kept: Some(kept) });
            }
            Err(errors) => unreadable.push((kept.id, errors)),
        }
    }
    all.sort_by(|one, other| one.rule.id.cmp(&other.rule.id));
    (all, unreadable)
}
