//! What the user directory says, for the searches by name.

use livetrail_types::{UserProfile, folded};
use memchr::memmem::Finder;
use std::collections::HashMap;

/// The profiles of users. One belongs to the user of that id in its own tenant only.
#[derive(Clone, Debug, Default)]
pub struct Profiles(HashMap<(Option<String>, String), String>);

impl Profiles {
    /// Adds a profile of a tenant, or of users without one. It replaces the profile that was there.
    pub fn put(&mut self, tenant: Option<&str>, profile: &UserProfile) {
        let names =
            [&profile.email, &profile.display_name].map(|name| folded(name.as_deref().unwrap_or_default()));
        // No text of an activity or a search has a NUL.
        self.0.insert((tenant.map(str::to_owned), profile.user_id.clone()), names.join("\0"));
    }

    /// Removes a profile.
    pub fn remove(&mut self, tenant: Option<&str>, user_id: &str) {
        self.0.remove(&(tenant.map(str::to_owned), user_id.to_owned()));
    }

    /// The tenants and ids of the users whose e-mail address or name has the folded `needle` in it.
    pub(crate) fn containing(&self, needle: &str) -> Vec<(Option<&str>, &str)> {
        let finder = Finder::new(needle);
        let has = |names: &&String| finder.find(names.as_bytes()).is_some();
        let found = self.0.iter().filter(|(_, names)| has(names));
        found.map(|((tenant, user), _)| (tenant.as_deref(), user.as_str())).collect()
    }
}
