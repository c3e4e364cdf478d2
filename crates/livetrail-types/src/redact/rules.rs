use super::Redaction;
use serde::Serialize;

/// The version of the built-in rules. It is raised with every change of what they redact.
pub const RULES_VERSION: u32 = 1;

/// Which rules are in force, by the names that the configuration file has for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RedactionRules {
    /// Whether anything is redacted.
    pub redact: bool,
    /// The further names of keys, in the form in which keys are compared: sorted, in lower case, without separators.
    pub redact_key: Vec<String>,
    /// [`RULES_VERSION`].
    pub rules_version: u32,
}

impl Redaction {
    /// The rules in force. Settings that redact the same give equal rules.
    #[must_use]
    pub fn rules(&self) -> RedactionRules {
        let Self { keys, on } = self;
        RedactionRules { redact: *on, redact_key: keys.extra(), rules_version: RULES_VERSION }
    }
}
