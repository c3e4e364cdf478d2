//! The actions of the catalogue, and what an application reports with each: method, endpoints, resource, changes.

use super::{chance::Chance, zipf::Zipf};
use livetrail_types::Catalogue;

/// Endpoints of all actions together.
pub const ENDPOINTS: usize = 200;
/// The most frequent actions; the others follow in the order of the catalogue.
const FREQUENT: [&str; 12] = [
    "chat_message",
    "document_list",
    "user_login",
    "api_operation",
    "document_status",
    "session_create",
    "user_logout",
    "document_upload",
    "content_updated",
    "transaction_created",
    "admin_view_user_details",
    "preferences_update",
];
/// The clients of the application, each of which has endpoints of its own.
const CLIENTS: [&str; 4] = ["api", "api/v2", "mobile", "partner"];
/// Categories that admins alone use.
const FOR_ADMINS: [&str; 5] = ["administration", "users", "admins", "payouts", "settings"];
const SKEW: f64 = 1.0;
/// What happens some times in a month, even with 50,000 users: who is an admin, and what protects an account.
const RARE: [&str; 4] = ["admin_created", "admin_role_changed", "admin_deleted", "two_factor_disabled"];
/// The share of them that is left. Of a log of ten million, this leaves ten to twenty of each in 90 days.
const LEFT_OF_RARE: f64 = 1.0 / 4_000.0;

pub(super) struct Actions {
    actions: Vec<Action>,
    frequency: Zipf,
}

pub(super) struct Action {
    pub(super) key: String,
    pub(super) category: String,
    pub(super) method: &'static str,
    pub(super) endpoints: Vec<String>,
    /// Whether it signs a user in, so that a refusal is a 401.
    pub(super) signs_in: bool,
    pub(super) is_for_admins: bool,
    is_rare: bool,
    /// Whether another user is its target.
    pub(super) has_target_user: bool,
    pub(super) resource_type: Option<String>,
    pub(super) has_changes: bool,
    /// The median of its duration.
    pub(super) median_ms: f64,
}

impl Actions {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let rank = |key: &str| FREQUENT.iter().position(|known| *known == key).unwrap_or(FREQUENT.len());
        let mut actions: Vec<Action> =
            catalogue.actions().iter().map(|known| Action::new(&known.key, &known.category)).collect();
        actions.sort_by_key(|action| rank(&action.key));
        for place in 0..ENDPOINTS {
            let (client, action) = (CLIENTS[place / actions.len() % CLIENTS.len()], place % actions.len());
            let action = &mut actions[action];
            let path = format!("/{client}/{}/{}", action.category, action.key.replace('_', "-"));
            action.endpoints.push(path);
        }
        let frequency = Zipf::of(actions.len(), SKEW);
        Self { actions, frequency }
    }

    pub(super) fn any(&self, chance: &mut Chance) -> &Action {
        loop {
            let action = &self.actions[self.frequency.draw(chance)];
            if !action.is_rare || chance.is(LEFT_OF_RARE) {
                return action;
            }
        }
    }

    /// An action of a visitor without an account.
    pub(super) fn open(&self, chance: &mut Chance) -> &Action {
        loop {
            let action = self.any(chance);
            if !action.is_for_admins {
                return action;
            }
        }
    }
}

impl Action {
    fn new(key: &str, category: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
        let method = if has(&["list", "view", "status", "export"]) && !has(&["update"]) {
            "GET"
        } else if has(&["delete", "revoked"]) {
            "DELETE"
        } else if has(&["update", "change", "rename", "paused", "resumed", "activated", "suspended"]) {
            "PUT"
        } else {
            "POST"
        };
        let noun = key.split('_').next().unwrap_or(key);
        let is_plain = matches!(category, "authentication" | "ai" | "system" | "security" | "preferences");
        Self {
            key: key.into(),
            category: category.into(),
            method,
            endpoints: Vec::new(),
            signs_in: has(&["login", "signup"]),
            is_for_admins: FOR_ADMINS.contains(&category),
            is_rare: RARE.contains(&key),
            has_target_user: matches!(category, "users" | "admins") || key == "admin_view_user_details",
            resource_type: (!is_plain).then(|| noun.to_owned()),
            has_changes: method == "PUT",
            // A language model takes longer than a database.
            median_ms: if category == "ai" { 900.0 } else { 15.0 + (key.len() * 3) as f64 },
        }
    }

    /// The first of its endpoints is the most frequent.
    pub(super) fn endpoint(&self, chance: &mut Chance) -> &str {
        let place = (chance.part().powi(2) * self.endpoints.len() as f64) as usize;
        &self.endpoints[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_action_has_an_endpoint_and_there_are_200() {
        let actions = Actions::of(&Catalogue::builtin()).actions;
        assert!(actions.iter().all(|action| !action.endpoints.is_empty()));
        let endpoints: HashSet<_> = actions.iter().flat_map(|action| &action.endpoints).collect();
        assert_eq!(endpoints.len(), ENDPOINTS);
        assert_eq!(actions[0].key, FREQUENT[0]);
        assert_eq!(actions.iter().filter(|action| action.is_rare).count(), RARE.len());
    }
}
