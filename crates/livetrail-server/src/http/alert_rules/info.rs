//! Rules as the API shows them.

use crate::{
    access::Principal,
    alerts::rules::{self, Known},
    app::App,
    http::error::ApiResult,
};
use jiff::Timestamp;
use livetrail_alerts::{DEFAULTS, DefaultRule, Rule, RuleError};
use livetrail_store::{AlertRule, AlertRules};
use livetrail_types::{FilterContext, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A rule for alerts.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct AlertRuleInfo {
    pub(crate) id: String,
    pub(crate) title: String,
    /// What it finds, and what to do then.
    pub(crate) description: Option<String>,
    pub(crate) severity: Severity,
    /// Whether it is evaluated.
    pub(crate) enabled: bool,
    /// Whether Livetrail comes with it.
    pub(crate) built_in: bool,
    /// Whether it is a built-in rule that the operator has changed.
    pub(crate) changed: bool,
    /// The only tenant whose activities count; every tenant's without it.
    pub(crate) tenant_id: Option<String>,
    /// Another one whenever the rule may raise other alerts.
    pub(crate) version: String,
    /// The rule in TOML.
    pub(crate) definition: String,
    /// The user or the key of the last change; null for a built-in rule in its first form.
    pub(crate) changed_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) changed_at: Option<Timestamp>,
    /// Its open alerts, as far as the credential may see them.
    pub(crate) open: u64,
    /// The first activity that was not judged because the rule had as many groups as it may have; null if there was
    /// none.
    pub(crate) saturated_since: Option<u64>,
    /// Why this version of Livetrail cannot read the rule, which is not evaluated then. Empty for every other rule.
    pub(crate) faults: Vec<String>,
}

/// The rules that Livetrail comes with, by id.
pub(super) fn built_in(context: &FilterContext<'_>) -> BTreeMap<String, DefaultRule> {
    let read =
        |default: DefaultRule| Rule::from_toml(default.toml, context).ok().map(|rule| (rule.id, default));
    DEFAULTS.into_iter().filter_map(read).collect()
}

/// The rules that a principal may see, in the order of their ids.
pub(super) async fn all(app: &App, principal: &Principal) -> ApiResult<Vec<AlertRuleInfo>> {
    let kept = app.store.alert_rules().await?;
    let open = app.store.open_alerts(principal.tenant.clone()).await?.into_iter().collect();
    let context = app.filter_context();
    let (known, unreadable) = rules::known(kept.rules.clone(), &context);
    let shown = Shown { built_in: built_in(&context), open, kept };
    let readable = known.into_iter().map(|known| shown.readable(known));
    let unreadable = unreadable.into_iter().filter_map(|(id, faults)| shown.unreadable(&id, &faults));
    let is_seen = |rule: &AlertRuleInfo| {
        principal.tenant.is_none() || rule.tenant_id.is_none() || rule.tenant_id == principal.tenant
    };
    let mut rules: Vec<AlertRuleInfo> = readable.chain(unreadable).filter(is_seen).collect();
    rules.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(rules)
}

struct Shown {
    built_in: BTreeMap<String, DefaultRule>,
    open: BTreeMap<String, u64>,
    kept: AlertRules,
}

impl Shown {
    fn readable(&self, known: Known) -> AlertRuleInfo {
        let Known { rule, enabled, kept, definition } = known;
        let version = rule.version().to_string();
        AlertRuleInfo {
            title: rule.title,
            description: Some(rule.description).filter(|text| !text.is_empty()),
            severity: rule.severity,
            enabled,
            tenant_id: rule.tenant,
            version,
            definition,
            ..self.of(rule.id, kept)
        }
    }

    /// A kept rule that an older version could read.
    fn unreadable(&self, id: &str, faults: &[RuleError]) -> Option<AlertRuleInfo> {
        let kept = self.kept.rules.iter().find(|kept| kept.id == id)?.clone();
        let (definition, tenant_id) = (kept.definition.clone(), kept.tenant.clone());
        let faults = faults.iter().map(ToString::to_string).collect();
        Some(AlertRuleInfo { definition, tenant_id, faults, ..self.of(kept.id.clone(), Some(kept)) })
    }

    fn of(&self, id: String, kept: Option<AlertRule>) -> AlertRuleInfo {
        let built_in = self.built_in.contains_key(&id);
        AlertRuleInfo {
            title: id.clone(),
            description: None,
            severity: Severity::Info,
            enabled: false,
            built_in,
            changed: built_in && kept.is_some(),
            tenant_id: None,
            version: String::new(),
            definition: String::new(),
            changed_at: kept.as_ref().map(|kept| kept.changed_at),
            changed_by: kept.and_then(|kept| kept.changed_by),
            open: self.open.get(&id).copied().unwrap_or_default(),
            saturated_since: self.kept.saturated.get(&id).copied(),
            faults: Vec::new(),
            id,
        }
    }
}
