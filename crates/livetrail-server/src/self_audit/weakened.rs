use super::{SelfAudit, of_livetrail, with_details};
use crate::{access::OPERATOR, config::Config, self_audit::Origin};
use livetrail_types::{NewActivity, actions};
use serde_json::{Map, Value};

impl SelfAudit {
    /// The server starts with settings that give up some protection.
    pub fn started(&self, config: &Config) {
        let weakened = weakened(config);
        if weakened.is_empty() {
            return;
        }
        let names: Vec<&str> = weakened.keys().map(String::as_str).collect();
        let target = names.join(", ");
        let activity = NewActivity::new(OPERATOR, actions::SETTINGS_UPDATED);
        let activity = of_livetrail(activity, &Origin::default(), None);
        let activity = NewActivity { target_resource_id: Some(target), is_admin: true, ..activity };
        self.recorder.record(with_details(activity, Value::Object(weakened)));
    }
}

/// The settings that weaken the server, by the names that they have in the configuration file.
fn weakened(config: &Config) -> Map<String, Value> {
    let mut weakened = Map::new();
    if !config.redaction.is_on() {
        weakened.insert("redact".into(), false.into());
    }
    if !config.cors_origins.is_empty() {
        let origins = config.cors_origins.iter().filter_map(|origin| origin.to_str().ok());
        weakened.insert("cors-origin".into(), origins.collect::<Vec<_>>().into());
    }
    weakened
}
