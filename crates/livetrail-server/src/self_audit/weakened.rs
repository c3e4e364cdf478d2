//! Records of a server's own settings at its start.

#[cfg(test)]
mod tests;

use super::{SelfAudit, of_livetrail, with_details};
use crate::{access::OPERATOR, config::Config, self_audit::Origin};
use livetrail_store::{Store, StoreError};
use livetrail_types::{NewActivity, RedactionRules, actions, json};
use serde_json::{Map, Value};

/// The setting of the log that holds the redaction rules of the last start.
const RULES: &str = "redaction_rules";

impl SelfAudit {
    /// The server starts: with settings that give up some protection, or with other redaction rules than those of the
    /// last start.
    pub async fn started(&self, config: &Config, store: &dyn Store) {
        let mut details = weakened(config);
        match changed_rules(store, &config.redaction.rules()).await {
            Ok(Some(change)) => drop(details.insert("redaction-rules".into(), change)),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "a change of the redaction rules would not be recorded"),
        }
        if details.is_empty() {
            return;
        }
        let names: Vec<&str> = details.keys().map(String::as_str).collect();
        let target = names.join(", ");
        let activity = NewActivity::new(OPERATOR, actions::SETTINGS_UPDATED);
        let activity = of_livetrail(activity, &Origin::default(), None);
        let activity = NewActivity { target_resource_id: Some(target), is_admin: true, ..activity };
        self.recorder.record(with_details(activity, Value::Object(details)));
    }
}

/// The settings that weaken the server, by the names that they have in the configuration file.
fn weakened(config: &Config) -> Map<String, Value> {
    let mut weakened = Map::new();
    if !config.redaction.is_on() {
        weakened.insert("redact".into(), false.into());
    }
    if !config.cors_origins.is_empty() {
        weakened.insert("cors-origin".into(), config.cors_origins.clone().into());
    }
    if !config.alerts_allow_addresses.is_empty() {
        let networks: Vec<String> = config.alerts_allow_addresses.iter().map(ToString::to_string).collect();
        weakened.insert("alerts-allow-addresses".into(), networks.into());
    }
    weakened
}

/// The rules of the last start and those of now, if they differ. The log stores the new rules in the same step. So if
/// several nodes start with the same rules, only one of them records the change. A new log remembers its first rules
/// without a change.
async fn changed_rules(store: &dyn Store, rules: &RedactionRules) -> Result<Option<Value>, StoreError> {
    let new = json::to_vec(rules);
    loop {
        let known = store.secret(RULES).await?;
        if known.as_ref() == Some(&new) {
            return Ok(None);
        }
        // Another node may have changed them since they were read.
        if store.replace_secret(RULES, known.clone(), new.clone()).await? {
            return Ok(known.map(|old| serde_json::json!({"old": readable(&old), "new": rules})));
        }
    }
}

/// Remembered rules as JSON. A newer version may have remembered more than this one knows.
fn readable(rules: &[u8]) -> Value {
    serde_json::from_slice(rules).unwrap_or_default()
}
