//! Conditions that no activity can meet together. What is found is certain; not everything is found.

use super::{Choice, Condition, Filter, StatusPattern, TextField};
use crate::actions;
use ipnet::IpNet;

impl Filter {
    /// The parameter that no activity can meet, if `self` and `other` are asked together; `None` if none is known.
    ///
    /// Searches are not looked at: whether two of them can be met together depends on names in the directory.
    pub fn contradiction(&self, other: &Self) -> Option<&'static str> {
        let all: Vec<&Condition> = self.conditions.iter().chain(&other.conditions).collect();
        all.iter()
            .find(|condition| all.iter().any(|other| excludes(condition, other)))
            .map(|c| c.parameter().0)
    }

    /// How many values of a field the activities of this filter can have; `None` if there is no such bound.
    pub fn most_values(&self, field: TextField) -> Option<usize> {
        let of_field = self.conditions.iter().filter_map(|condition| match condition {
            Condition::Text(known, choice) if *known == field && !choice.any.is_empty() => {
                Some(choice.any.iter().filter(|value| !choice.none.contains(value)).count())
            }
            _ => None,
        });
        of_field.min()
    }
}

/// Whether no activity can meet both. A condition may exclude itself.
fn excludes(one: &Condition, other: &Condition) -> bool {
    use Condition::{Address, Anonymous, Delegated, From, IsAdmin, ReadBy, Status, Success, Text, Until};
    match (one, other) {
        (Text(field, one), Text(of, other)) => field == of && texts(one, other),
        (ReadBy(one), ReadBy(other)) => texts(one, other),
        (ReadBy(read), Text(TextField::UserId, user)) => !read.any.is_empty() && texts(read, user),
        (ReadBy(read), Text(TextField::ActionType, action)) => {
            !read.any.is_empty()
                && texts(&Choice::any([actions::ADMIN_VIEW_ACTIVITY_LOGS.to_owned()]), action)
        }
        (Status(one), Status(other)) => statuses(one, other),
        (Address(one), Address(other)) => addresses(one, other),
        (Success(one), Success(other))
        | (IsAdmin(one), IsAdmin(other))
        | (Anonymous(one), Anonymous(other))
        | (Delegated(one), Delegated(other)) => {
            [true, false].iter().all(|flag| !admits(one, flag) || !admits(other, flag))
        }
        (Delegated(choice), Text(TextField::DelegateId, id)) => !admits(choice, &true) && !id.any.is_empty(),
        (From(from), Until(until)) => from > until,
        _ => false,
    }
}

fn admits<T: PartialEq>(choice: &Choice<T>, value: &T) -> bool {
    (choice.any.is_empty() || choice.any.contains(value)) && !choice.none.contains(value)
}

fn texts(one: &Choice<String>, other: &Choice<String>) -> bool {
    !one.any.is_empty() && !one.any.iter().any(|value| admits(one, value) && admits(other, value))
}

fn statuses(one: &Choice<StatusPattern>, other: &Choice<StatusPattern>) -> bool {
    let within = |patterns: &[StatusPattern], code: u16| {
        patterns.iter().map(|pattern| pattern.range()).any(|(first, last)| (first..=last).contains(&code))
    };
    let admits = |choice: &Choice<StatusPattern>, code: u16| {
        (choice.any.is_empty() || within(&choice.any, code)) && !within(&choice.none, code)
    };
    let mut codes = one.any.iter().map(|pattern| pattern.range()).flat_map(|(first, last)| first..=last);
    !one.any.is_empty() && !codes.any(|code| admits(one, code) && admits(other, code))
}

/// Two networks share addresses only if one lies in the other.
fn addresses(one: &Choice<IpNet>, other: &Choice<IpNet>) -> bool {
    let excluded = |network: &IpNet| one.none.iter().chain(&other.none).any(|none| none.contains(network));
    let shared = |network: &IpNet| {
        other.any.is_empty()
            || other.any.iter().any(|with| {
                let narrower = if with.contains(network) { network } else { with };
                (with.contains(network) || network.contains(with)) && !excluded(narrower)
            })
    };
    !one.any.is_empty() && !one.any.iter().any(|network| !excluded(network) && shared(network))
}
