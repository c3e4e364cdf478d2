//! The entries of the catalogue, as the API shows them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An action type and how it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Action {
    /// The action type, as activities carry it: `user_login`.
    pub key: String,
    /// The key in words: "User login".
    pub title: String,
    /// The key of its category.
    pub category: String,
    /// The name of a Lucide icon: `log-in`.
    pub icon: String,
    /// The sentence's template, with `{user}`, `{target}` and `{resource}`.
    pub sentence: String,
    /// The template that stands in for `sentence` when the target is not known.
    pub untargeted: Option<String>,
    /// The template for an activity that did not succeed.
    pub failed: Option<String>,
    /// Its severity.
    pub severity: Severity,
}

/// A group of actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Category {
    /// The name in filters: `authentication`.
    pub key: String,
    /// The name on screens: "Authentication".
    pub title: String,
}

/// How much attention an action deserves; a later one deserves more.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Everyday use.
    #[default]
    Info,
    /// A change that may need attention.
    Notice,
    /// Data is lost, or a user loses or gains access.
    Warning,
    /// The administration of the platform changes, or it may be under attack.
    Critical,
}

impl Severity {
    /// Its name in files and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}
