//! The action catalogue: for each action type its category, icon, severity and how it reads as a sentence.
//!
//! The built-in entries are the file `actions.toml` of this crate; [`Catalogue::extended`] adds a deployment's own file
//! of the same form. An action that is in neither is not an error. It belongs to the category [`Catalogue::OTHER`], has
//! the icon `activity` and the severity `info`, and is described by its name in words.
//!
//! Templates are parsed once, when a file is read, so that describing an activity is one look-up and one allocation.

mod entry;
mod error;
mod file;
mod template;
#[cfg(test)]
mod tests;
mod visible;
mod words;

use crate::Delegate;
use std::collections::HashMap;

pub use entry::{Action, Category, Severity};
pub use error::CatalogueError;
pub use visible::visible;

use error::EntryProblem;
use template::Phrases;

/// The icon of an action that names none, and of every unknown action.
const FALLBACK_ICON: &str = "activity";

const BUILTIN: &str = include_str!("../actions.toml");

/// Descriptions of action types: the built-in entries and a deployment's own.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    categories: Vec<Category>,
    actions: Vec<Action>,
    /// The parsed templates of `actions`, at the same places.
    phrases: Vec<Phrases>,
    places: HashMap<String, usize>,
}

/// The parts of an activity that a sentence is made of.
#[derive(Debug, Clone, Copy)]
pub struct Mention<'a> {
    /// The action type, known to the catalogue or not.
    pub action_type: &'a str,
    /// The acting user, as shown: a name, an e-mail address or an id.
    pub user: &'a str,
    /// The party that acted in the user's name.
    pub delegate: Option<Delegate<'a>>,
    /// The user or resource that was changed, as shown; empty counts as unknown.
    pub target: Option<&'a str>,
    /// The kind of thing that was acted on, as the activity names it (`blog_post`); empty counts as unknown.
    pub resource_type: Option<&'a str>,
    /// Whether it worked.
    pub success: bool,
}

impl Catalogue {
    /// The category of all actions outside the catalogue. It has no entry of its own.
    pub const OTHER: &str = "other";

    /// The built-in catalogue. It is parsed at each call: make it once and keep it.
    ///
    /// # Panics
    /// Never: a test reads the same text.
    #[must_use]
    pub fn builtin() -> Self {
        Self::default().extended(BUILTIN).expect("the built-in catalogue is valid")
    }

    /// Applies a file of the form of `actions.toml` to this catalogue. New categories and actions are added. An entry
    /// for an existing key changes the fields that it names.
    ///
    /// # Errors
    /// The first invalid entry, with its line and a valid form.
    pub fn extended(mut self, toml_text: &str) -> Result<Self, CatalogueError> {
        file::lay_over(&mut self, toml_text)?;
        Ok(self)
    }

    /// The entry of an action type.
    #[must_use]
    pub fn get(&self, action_type: &str) -> Option<&Action> {
        self.places.get(action_type).map(|&place| &self.actions[place])
    }

    /// All actions, in the order of the files.
    #[must_use]
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// All categories, in the order of the files; [`Catalogue::OTHER`] is not among them.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The keys of a category's actions; `None` if there is no such category.
    ///
    /// [`Catalogue::OTHER`] gives an empty list, since its actions cannot be listed. To select by that category, take
    /// every action for which [`Catalogue::get`] finds nothing.
    #[must_use]
    pub fn actions_in(&self, category: &str) -> Option<Vec<&str>> {
        let known = category == Self::OTHER || self.categories.iter().any(|c| c.key == category);
        known
            .then(|| self.actions.iter().filter(|a| a.category == category).map(|a| a.key.as_str()).collect())
    }

    /// The category's key, [`Catalogue::OTHER`] for an unknown action.
    #[must_use]
    pub fn category_of(&self, action_type: &str) -> &str {
        self.get(action_type).map_or(Self::OTHER, |action| &action.category)
    }

    /// The Lucide icon's name, `activity` for an unknown action.
    #[must_use]
    pub fn icon_of(&self, action_type: &str) -> &str {
        self.get(action_type).map_or(FALLBACK_ICON, |action| &action.icon)
    }

    /// The severity, [`Severity::Info`] for an unknown action.
    #[must_use]
    pub fn severity_of(&self, action_type: &str) -> Severity {
        self.get(action_type).map_or(Severity::Info, |action| action.severity)
    }

    /// The activity as a sentence: "Anna created user bob@example.com".
    #[must_use]
    pub fn describe(&self, mention: &Mention<'_>) -> String {
        match self.places.get(mention.action_type) {
            Some(&place) => self.phrases[place].render(mention),
            None => template::unknown(mention),
        }
    }
}
