//! Sentence templates: parsed when a file is read, rendered once per activity.

use super::{Action, EntryProblem, Mention, visible, words};
use crate::{Delegate, DelegateType};

/// The three ways in which an action reads.
#[derive(Debug, Clone)]
pub(super) struct Phrases {
    sentence: Template,
    untargeted: Option<Template>,
    failed: Option<Template>,
}

impl Phrases {
    /// Parses an action's templates.
    pub(super) fn parse(action: &Action) -> Result<Self, EntryProblem> {
        let optional =
            |field, text: &Option<String>| text.as_deref().map(|t| Template::parse(field, t)).transpose();
        Ok(Self {
            sentence: Template::parse("sentence", &action.sentence)?,
            untargeted: optional("untargeted", &action.untargeted)?,
            failed: optional("failed", &action.failed)?,
        })
    }

    pub(super) fn render(&self, mention: &Mention<'_>) -> String {
        let mut out = String::with_capacity(room(mention));
        match &self.failed {
            Some(failed) if !mention.success => failed.render(mention, &mut out),
            _ => self.fitting(mention).render(mention, &mut out),
        }
        if !mention.success && self.failed.is_none() {
            out.push_str(" (failed)");
        }
        out
    }

    fn fitting(&self, mention: &Mention<'_>) -> &Template {
        match &self.untargeted {
            Some(untargeted) if known(mention.target).is_none() => untargeted,
            _ => &self.sentence,
        }
    }
}

/// The sentence of an action outside the catalogue: "Anna: document shared".
pub(super) fn unknown(mention: &Mention<'_>) -> String {
    let mut out = String::with_capacity(room(mention));
    push_user(&mut out, mention);
    out.push_str(": ");
    push_in_words(&mut out, mention.action_type);
    if !mention.success {
        out.push_str(" (failed)");
    }
    out
}

/// Enough for every built-in template, so that a sentence is allocated once.
fn room(mention: &Mention<'_>) -> usize {
    let parts = [mention.target, mention.resource_type, mention.delegate.map(|delegate| delegate.id)];
    80 + mention.user.len() + parts.iter().flatten().map(|part| part.len()).sum::<usize>()
}

#[derive(Debug, Clone)]
struct Template(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    User,
    Target,
    Resource,
}

impl Template {
    fn parse(field: &'static str, text: &str) -> Result<Self, EntryProblem> {
        let wrong = |found: &str| EntryProblem::Placeholder { field, found: found.to_owned() };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (plain, braced) = rest.split_at(at);
            let end = braced.find('}').ok_or_else(|| wrong(braced))?;
            let (name, after) = braced.split_at(end + 1);
            parts.push(Part::Text(plain.to_owned()));
            parts.push(Part::named(name).ok_or_else(|| wrong(name))?);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }

    fn render(&self, mention: &Mention<'_>, out: &mut String) {
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::User => push_user(out, mention),
                Part::Target => push_known(out, mention.target, visible::push),
                Part::Resource => push_known(out, mention.resource_type, push_in_words),
            }
        }
    }
}

impl Part {
    fn named(braced: &str) -> Option<Self> {
        match braced {
            "{user}" => Some(Self::User),
            "{target}" => Some(Self::Target),
            "{resource}" => Some(Self::Resource),
            _ => None,
        }
    }
}

/// Appends a key in words. Rows that an application's SQL inserts have keys of any characters.
fn push_in_words(out: &mut String, key: &str) {
    let begin = out.len();
    words::push(out, key);
    if !visible::is_plain(&out[begin..]) {
        let words = out.split_off(begin);
        visible::push(out, &words);
    }
}

/// Appends the user and the party that acted in the user's name: "Ada Lovelace (through agent deploy-bot)".
fn push_user(out: &mut String, mention: &Mention<'_>) {
    visible::push(out, mention.user);
    if let Some(delegate) = mention.delegate {
        push_delegate(out, delegate);
    }
}

fn push_delegate(out: &mut String, delegate: Delegate<'_>) {
    out.push_str(match delegate.kind {
        Some(DelegateType::User) => " (represented by ",
        Some(DelegateType::Agent) => " (through agent ",
        Some(DelegateType::Service) => " (through service ",
        None => " (through ",
    });
    visible::push(out, delegate.id);
    out.push(')');
}

fn known(value: Option<&str>) -> Option<&str> {
    value.filter(|text| !text.is_empty())
}

fn push_known(out: &mut String, value: Option<&str>, push: impl Fn(&mut String, &str)) {
    if let Some(text) = known(value) {
        push(out, text);
    } else if out.ends_with(' ') {
        // The space belongs to what is left out: "created user", not "created user ".
        out.pop();
    }
}
