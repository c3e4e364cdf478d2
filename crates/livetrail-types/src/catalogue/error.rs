//! Why a catalogue file is invalid.

/// The first fault of a catalogue file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// It is not TOML, or has fields that the form does not know; the message names the line.
    #[error("{0}")]
    Form(String),
    /// An entry is invalid.
    #[error("line {line}: `{key}`: {problem}")]
    Entry {
        /// The line of the entry's `key`, from 1.
        line: usize,
        /// The key, as written.
        key: String,
        /// The fault, and a valid form.
        problem: EntryProblem,
    },
}

/// The fault of an entry, and a correct form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryProblem {
    /// A key of no or too many characters.
    #[error("a key has 1 to 50 characters")]
    KeyLength,
    /// An action's key with characters that an action type cannot have.
    #[error("the key of an action has only letters, digits and `_ . : -`")]
    ActionKey,
    /// A category's key with characters that do not go well in filters.
    #[error("the key of a category has only lower-case letters, digits, `_` and `-`")]
    CategoryKey,
    /// The key of the category of unknown actions.
    #[error("`other` is the category of the actions that no file names; choose another key")]
    Reserved,
    /// The same key twice in one file.
    #[error("the key stands in this file twice; keep one of the entries")]
    Duplicate,
    /// A new entry without a field that it needs.
    #[error("`{0}` is missing; a new entry needs it")]
    Missing(&'static str),
    /// A field without text.
    #[error("`{0}` is empty; give it a text or leave it out")]
    Empty(&'static str),
    /// A category that neither this file nor an earlier one has.
    #[error("there is no category `{name}`; {hint}")]
    UnknownCategory {
        /// The category that was named.
        name: String,
        /// The known one that was probably meant, or all of them.
        hint: String,
    },
    /// A brace without its partner, or a placeholder that does not exist.
    #[error("`{field}` has `{found}`; the placeholders are `{{user}}`, `{{target}}` and `{{resource}}`")]
    Placeholder {
        /// The template's field.
        field: &'static str,
        /// The text at that place.
        found: String,
    },
}
