//! Reading a catalogue file: its form, the checks, and how its entries are laid over those that exist.

use std::collections::HashSet;

use serde::Deserialize;
use toml::Spanned;

use super::template::Phrases;
use super::{Action, Catalogue, CatalogueError, Category, EntryProblem, FALLBACK_ICON, Severity, words};
use crate::nearest;

const MAX_KEY: usize = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    category: Vec<CategoryEntry>,
    #[serde(default)]
    action: Vec<ActionEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryEntry {
    key: Spanned<String>,
    title: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActionEntry {
    key: Spanned<String>,
    title: Option<String>,
    category: Option<String>,
    icon: Option<String>,
    sentence: Option<String>,
    untargeted: Option<String>,
    failed: Option<String>,
    severity: Option<Severity>,
}

/// Adds the file's entries to the catalogue. After an error the catalogue may hold some of them: drop it.
pub(super) fn lay_over(catalogue: &mut Catalogue, text: &str) -> Result<(), CatalogueError> {
    let file: File = toml::from_str(text).map_err(|error| CatalogueError::Form(error.to_string()))?;
    let mut seen = HashSet::new();
    for entry in file.category {
        let at = Place::of(text, &entry.key);
        let fresh = seen.insert(at.key.clone());
        put_category(catalogue, entry, fresh).map_err(|problem| at.error(problem))?;
    }
    seen.clear();
    for entry in file.action {
        let at = Place::of(text, &entry.key);
        let fresh = seen.insert(at.key.clone());
        put_action(catalogue, entry, fresh).map_err(|problem| at.error(problem))?;
    }
    Ok(())
}

/// Where an entry stands, for its error.
struct Place {
    line: usize,
    key: String,
}

impl Place {
    fn of(text: &str, key: &Spanned<String>) -> Self {
        let before = text.as_bytes().iter().take(key.span().start);
        Self { line: 1 + before.filter(|&&byte| byte == b'\n').count(), key: key.as_ref().clone() }
    }

    fn error(self, problem: EntryProblem) -> CatalogueError {
        CatalogueError::Entry { line: self.line, key: self.key, problem }
    }
}

fn put_category(catalogue: &mut Catalogue, entry: CategoryEntry, fresh: bool) -> Result<(), EntryProblem> {
    let key = entry.key.into_inner();
    check_category_key(&key)?;
    ensure(fresh, EntryProblem::Duplicate)?;
    let title = filled("title", entry.title)?;
    match catalogue.categories.iter_mut().find(|category| category.key == key) {
        Some(known) => known.title = title.unwrap_or_else(|| known.title.clone()),
        None => {
            let title = title.unwrap_or_else(|| words::title(&key));
            catalogue.categories.push(Category { key, title });
        }
    }
    Ok(())
}

fn put_action(catalogue: &mut Catalogue, entry: ActionEntry, fresh: bool) -> Result<(), EntryProblem> {
    check_action_key(entry.key.as_ref())?;
    ensure(fresh, EntryProblem::Duplicate)?;
    let action = merged(catalogue.get(entry.key.as_ref()), entry)?;
    check_category(catalogue, &action.category)?;
    let phrases = Phrases::parse(&action)?;
    if let Some(&place) = catalogue.places.get(&action.key) {
        catalogue.actions[place] = action;
        catalogue.phrases[place] = phrases;
    } else {
        catalogue.places.insert(action.key.clone(), catalogue.actions.len());
        catalogue.actions.push(action);
        catalogue.phrases.push(phrases);
    }
    Ok(())
}

/// The entry's fields, each from the known action or its default where the entry is silent.
fn merged(known: Option<&Action>, entry: ActionEntry) -> Result<Action, EntryProblem> {
    let key = entry.key.into_inner();
    let old = |field: fn(&Action) -> &String| known.map(|action| field(action).clone());
    let needed = |name, value: Option<String>| value.ok_or(EntryProblem::Missing(name));
    let sentence = filled("sentence", entry.sentence)?;
    // The other templates of a known action were written for its old sentence.
    let others = known.filter(|_| sentence.is_none());
    Ok(Action {
        title: filled("title", entry.title)?.or(old(|a| &a.title)).unwrap_or_else(|| words::title(&key)),
        category: needed("category", filled("category", entry.category)?.or(old(|a| &a.category)))?,
        icon: filled("icon", entry.icon)?.or(old(|a| &a.icon)).unwrap_or_else(|| FALLBACK_ICON.to_owned()),
        sentence: needed("sentence", sentence.or(old(|a| &a.sentence)))?,
        untargeted: filled("untargeted", entry.untargeted)?.or(others.and_then(|a| a.untargeted.clone())),
        failed: filled("failed", entry.failed)?.or(others.and_then(|a| a.failed.clone())),
        severity: entry.severity.or(known.map(|action| action.severity)).unwrap_or_default(),
        key,
    })
}

fn filled(field: &'static str, value: Option<String>) -> Result<Option<String>, EntryProblem> {
    ensure(value.as_deref().is_none_or(|text| !text.trim().is_empty()), EntryProblem::Empty(field))?;
    Ok(value)
}

fn check_action_key(key: &str) -> Result<(), EntryProblem> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_.:-".contains(c);
    ensure((1..=MAX_KEY).contains(&key.len()), EntryProblem::KeyLength)?;
    ensure(key.chars().all(allowed), EntryProblem::ActionKey)
}

fn check_category_key(key: &str) -> Result<(), EntryProblem> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
    ensure((1..=MAX_KEY).contains(&key.len()), EntryProblem::KeyLength)?;
    ensure(key.chars().all(allowed), EntryProblem::CategoryKey)?;
    ensure(key != Catalogue::OTHER, EntryProblem::Reserved)
}

fn check_category(catalogue: &Catalogue, name: &str) -> Result<(), EntryProblem> {
    let keys = || catalogue.categories.iter().map(|category| category.key.as_str());
    if keys().any(|key| key == name) {
        return Ok(());
    }
    let hint = match nearest(&[name], keys()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("the categories are {}", keys().collect::<Vec<_>>().join(", ")),
    };
    Err(EntryProblem::UnknownCategory { name: name.to_owned(), hint })
}

fn ensure(holds: bool, otherwise: EntryProblem) -> Result<(), EntryProblem> {
    if holds { Ok(()) } else { Err(otherwise) }
}
