//! What the user directory says, for the searches by name.

use std::collections::HashMap;

/// For texts that are searched for, the users whose e-mail address or name has the text in it.
#[derive(Clone, Debug, Default)]
pub struct NamedUsers(HashMap<String, Vec<(Option<String>, String)>>);

impl NamedUsers {
    /// Notes the tenants and ids of the users whose e-mail address or name has `needle` in it, as
    /// [`contains_folded`](livetrail_types::contains_folded) says. A profile belongs to the user of that id in its own
    /// tenant only.
    pub fn put(&mut self, needle: &str, users: Vec<(Option<String>, String)>) {
        self.0.insert(needle.to_owned(), users);
    }

    /// The tenants and ids that were noted for a text.
    pub(crate) fn of(&self, needle: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
        let users = self.0.get(needle).into_iter().flatten();
        users.map(|(tenant, user)| (tenant.as_deref(), user.as_str()))
    }
}
