use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the user directory knows of a user: the names that lists and live frames show beside a user id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserProfile {
    /// The user id, as activities name it.
    pub user_id: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Name to show.
    pub display_name: Option<String>,
}

impl UserProfile {
    /// The best name there is: the display name, else the e-mail address, else the id.
    pub fn name(&self) -> &str {
        self.display_name.as_deref().or(self.email.as_deref()).unwrap_or(&self.user_id)
    }
}
