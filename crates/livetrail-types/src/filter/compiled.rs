//! Conditions, prepared for many activities: all preparation is done once, when the filter is made. So a filter of 200
//! values costs about what a filter of one value costs.

use super::{
    Choice, Condition, Sought, StatusPattern, Subject, TextField,
    condition::reader,
    ranges::{Networks, Ranges},
};
use crate::{Activity, Json, text::contains_folded, words::Words};
use jiff::Timestamp;
use std::{collections::HashSet, net::IpAddr};
use uuid::Uuid;

/// Up to this number, texts are compared one by one, which is faster than hashing a text.
const MAX_COMPARED: usize = 8;

/// A condition that is ready to be asked.
#[derive(Debug)]
pub(super) enum Compiled {
    Text(TextField, Sets<Texts>),
    Status(Sets<Ranges<u32>>),
    Address(Sets<Networks>),
    Success(Flags),
    IsAdmin(Flags),
    Anonymous(Flags),
    Delegated(Flags),
    ReadBy(Sets<Texts>),
    From(Timestamp),
    Until(Timestamp),
    UserSearch(String),
    Search(Box<Search>),
    Words(Words),
}

impl Compiled {
    pub(super) fn of(condition: &Condition) -> Self {
        match condition {
            Condition::Text(field, choice) => Self::Text(*field, Sets::of(choice, Texts::of)),
            Condition::Status(choice) => Self::Status(Sets::of(choice, statuses)),
            Condition::Address(choice) => Self::Address(Sets::of(choice, |all| Networks::of(all))),
            Condition::Success(choice) => Self::Success(Flags::of(choice)),
            Condition::IsAdmin(choice) => Self::IsAdmin(Flags::of(choice)),
            Condition::Anonymous(choice) => Self::Anonymous(Flags::of(choice)),
            Condition::Delegated(choice) => Self::Delegated(Flags::of(choice)),
            Condition::ReadBy(choice) => Self::ReadBy(Sets::of(choice, Texts::of)),
            Condition::From(moment) => Self::From(*moment),
            Condition::Until(moment) => Self::Until(*moment),
            Condition::UserSearch(needle) => Self::UserSearch(needle.clone()),
            Condition::Search(sought) => Self::Search(Box::new(Search::of(sought))),
            Condition::Words(query) => Self::Words(Words::of(query)),
        }
    }

    pub(super) fn holds(&self, subject: &Subject<'_>) -> bool {
        let activity = subject.activity;
        match self {
            Self::Text(field, sets) => sets.admit(field.of(activity), Texts::contain),
            Self::Status(sets) => {
                sets.admit(activity.status_code, |codes, code| codes.contains(&u32::from(code)))
            }
            Self::Address(sets) => sets.admit(activity.ip_address, Networks::contains),
            Self::Success(flags) => flags.admit(activity.success),
            Self::IsAdmin(flags) => flags.admit(activity.is_admin),
            Self::Anonymous(flags) => flags.admit(activity.is_anonymous()),
            Self::Delegated(flags) => flags.admit(activity.delegate().is_some()),
            Self::ReadBy(sets) => sets.admit(reader(activity), Texts::contain),
            Self::From(moment) => activity.timestamp >= *moment,
            Self::Until(moment) => activity.timestamp <= *moment,
            Self::UserSearch(needle) => user_has(subject, needle),
            Self::Search(search) => search.finds(subject),
            Self::Words(words) => words_are_in(activity, words),
        }
    }
}

/// What is searched for, ready to be asked.
#[derive(Debug)]
pub(super) struct Search {
    sought: Sought,
    part_of_action: String,
    id: Option<Uuid>,
    network: Option<Networks>,
}

impl Search {
    fn of(sought: &Sought) -> Self {
        Self {
            sought: sought.clone(),
            part_of_action: sought.part_of_action(),
            id: sought.id(),
            network: sought.network().map(|network| Networks::of(&[network])),
        }
    }

    fn finds(&self, subject: &Subject<'_>) -> bool {
        let (activity, part) = (subject.activity, self.sought.part());
        let address = |ip: IpAddr| {
            address_has(ip, part) || self.network.as_ref().is_some_and(|network| network.contains(ip))
        };
        user_has(subject, part)
            || contains_folded(&activity.action_type, part)
            || contains_folded(&activity.action_type, &self.part_of_action)
            || activity.ip_address.is_some_and(address)
            || [&activity.endpoint, &activity.target_user_id]
                .into_iter()
                .flatten()
                .any(|text| contains_folded(text, part))
            || activity.target_resource_id.as_deref().is_some_and(|id| self.sought.is_part_of_id(id))
            || self.sought.exactly().iter().any(|(field, text)| field.of(activity) == Some(*text))
            || self.id == Some(activity.id)
    }
}

fn user_has(subject: &Subject<'_>, needle: &str) -> bool {
    let known = subject.profile;
    [
        Some(subject.activity.user_id.as_str()),
        known.and_then(|profile| profile.email.as_deref()),
        known.and_then(|profile| profile.display_name.as_deref()),
    ]
    .into_iter()
    .flatten()
    .any(|text| contains_folded(text, needle))
}

fn address_has(address: IpAddr, needle: &str) -> bool {
    address.to_string().contains(needle)
}

fn words_are_in(activity: &Activity, words: &Words) -> bool {
    let message = activity.error_message.as_deref().unwrap_or_default();
    words.are_in(message, activity.details.as_ref().map_or("", Json::as_str))
}

fn statuses(patterns: &[StatusPattern]) -> Ranges<u32> {
    let range = |pattern: &StatusPattern| {
        let (first, last) = pattern.range();
        (u32::from(first), Some(u32::from(last) + 1))
    };
    Ranges::of(patterns.iter().map(range))
}

/// The two sides of a [`Choice`]; an empty side excludes nothing and is absent.
#[derive(Debug)]
pub(super) struct Sets<S> {
    any: Option<S>,
    none: Option<S>,
}

impl<S> Sets<S> {
    fn of<T>(choice: &Choice<T>, set: impl Fn(&[T]) -> S) -> Self {
        let side = |values: &[T]| (!values.is_empty()).then(|| set(values));
        Self { any: side(&choice.any), none: side(&choice.none) }
    }

    /// A null value is in no list, so it passes `none` and fails `any`.
    fn admit<V: Copy>(&self, value: Option<V>, has: impl Fn(&S, V) -> bool) -> bool {
        let Some(value) = value else { return self.any.is_none() };
        self.any.as_ref().is_none_or(|any| has(any, value))
            && !self.none.as_ref().is_some_and(|none| has(none, value))
    }
}

/// Which of the two values of a flag are admitted.
#[derive(Debug)]
pub(super) struct Flags {
    yes: bool,
    no: bool,
}

impl Flags {
    fn of(choice: &Choice<bool>) -> Self {
        let admitted = |flag: bool| {
            (choice.any.is_empty() || choice.any.contains(&flag)) && !choice.none.contains(&flag)
        };
        Self { yes: admitted(true), no: admitted(false) }
    }

    fn admit(&self, flag: bool) -> bool {
        if flag { self.yes } else { self.no }
    }
}

/// A set of texts.
#[derive(Debug)]
pub(super) enum Texts {
    Few(Vec<String>),
    Many(HashSet<String>),
}

impl Texts {
    fn of(texts: &[String]) -> Self {
        if texts.len() <= MAX_COMPARED {
            Self::Few(texts.to_vec())
        } else {
            Self::Many(texts.iter().cloned().collect())
        }
    }

    fn contain(&self, text: &str) -> bool {
        match self {
            Self::Few(texts) => texts.iter().any(|wanted| wanted == text),
            Self::Many(texts) => texts.contains(text),
        }
    }
}
