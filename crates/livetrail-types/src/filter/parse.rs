use super::{Choice, Condition, FILTER_PARAMETERS, Filter, Sought, StatusPattern, TextField, split::split};
use crate::{Catalogue, FieldError, Words, intake, limits, nearest, quoted, text::folded, time};
use ipnet::{IpNet, Ipv4Net};
use jiff::{Timestamp, ToSpan};
use std::{collections::BTreeMap, net::IpAddr};

/// The context of a filter's words.
#[derive(Clone, Copy, Debug)]
pub struct FilterContext<'a> {
    /// Says which actions a category has.
    pub catalogue: &'a Catalogue,
    /// The key of hashed session ids.
    pub session_key: &'a [u8; 32],
    /// Whether `text` may be asked for.
    pub text_search: bool,
}

type Read<T> = Result<T, String>;

fn names() -> impl Iterator<Item = &'static str> {
    FILTER_PARAMETERS.iter().map(|parameter| parameter.name)
}

pub(super) fn parse<'a>(
    parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    context: &FilterContext<'_>,
) -> Result<Filter, Vec<FieldError>> {
    let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in parameters {
        if !(value.trim().is_empty() && names().any(|known| known == name)) {
            given.entry(name).or_default().push(value);
        }
    }
    let (mut conditions, mut errors) = (Vec::new(), Vec::new());
    for (name, values) in &given {
        if values.iter().any(|value| value.contains('\0')) {
            errors.push(FieldError::new(*name, "must not contain NUL, which no activity has"));
            continue;
        }
        match condition(name, values, context) {
            Ok(condition) => conditions.push(condition),
            Err(detail) => errors.push(FieldError::new(*name, detail)),
        }
    }
    if is_upside_down(&conditions) {
        errors.push(FieldError::new("date_to", "must not be before date_from"));
    }
    if errors.is_empty() { Ok(Filter::of(conditions)) } else { Err(errors) }
}

/// Whether a range of dates ends before it begins, so that no activity can be in it.
fn is_upside_down(conditions: &[Condition]) -> bool {
    let from = conditions.iter().find_map(|condition| match condition {
        Condition::From(moment) => Some(*moment),
        _ => None,
    });
    conditions.iter().any(|condition| match condition {
        Condition::Until(moment) => from.is_some_and(|from| *moment < from),
        _ => false,
    })
}

fn condition(name: &str, values: &[&str], context: &FilterContext<'_>) -> Read<Condition> {
    match name {
        "success_filter" => {
            flags(values, &["true", "success"], &["false", "failure"]).map(Condition::Success)
        }
        "is_admin" => flags(values, &["true"], &["false"]).map(Condition::IsAdmin),
        "anonymous" => flags(values, &["true"], &["false"]).map(Condition::Anonymous),
        "delegated" => flags(values, &["true"], &["false"]).map(Condition::Delegated),
        "read_by" => each(values, |text| Ok(text.to_owned())).map(Condition::ReadBy),
        "date_from" => moment(values).map(Condition::From),
        "date_to" => moment(values).map(|moment| Condition::Until(end_of_second(moment))),
        "status" => each(values, status).map(Condition::Status),
        "ip" => networks(values).map(Condition::Address),
        "category" => category(values, context.catalogue),
        "user_search" => searched(values).map(Condition::UserSearch),
        "q" => typed(values).map(|text| {
            let session = |text| intake::hash_if_credential(text, context.session_key);
            Condition::Search(Sought::of(text, session))
        }),
        "text" if context.text_search => searched_words(values).map(Condition::Words),
        "text" => Err("is not available here: the search in messages and details is switched off".into()),
        _ => text_condition(name, values, context),
    }
}

fn text_condition(name: &str, values: &[&str], context: &FilterContext<'_>) -> Read<Condition> {
    let found = TextField::ALL.into_iter().find(|field| field.parameter() == name);
    let field = found.ok_or_else(|| unknown(name))?;
    let choice = each(values, |value| {
        Ok(match field {
            TextField::HttpMethod => value.to_ascii_uppercase(),
            TextField::SessionId => intake::hash_if_credential(value.to_owned(), context.session_key),
            _ => value.to_owned(),
        })
    });
    choice.map(|choice| Condition::Text(field, choice))
}

/// Reads each value of a repeated or comma-separated parameter.
fn each<T>(values: &[&str], read: impl Fn(&str) -> Read<T>) -> Read<Choice<T>> {
    let Choice { any, none } = split(values);
    if any.len() + none.len() > limits::FILTER_VALUES {
        return Err(format!("has more than {} values", limits::FILTER_VALUES));
    }
    let read_all = |texts: Vec<String>| texts.iter().map(|text| read(text)).collect::<Read<Vec<T>>>();
    Ok(Choice { any: read_all(any)?, none: read_all(none)? })
}

fn flags(values: &[&str], yes: &[&str], no: &[&str]) -> Read<Choice<bool>> {
    each(values, |text| match text.to_ascii_lowercase().as_str() {
        flag if yes.contains(&flag) => Ok(true),
        flag if no.contains(&flag) => Ok(false),
        _ => Err(format!("must be one of {}, not {}", [yes, no].concat().join(", "), quoted(text))),
    })
}

fn status(text: &str) -> Read<StatusPattern> {
    let class = text.to_ascii_lowercase().strip_suffix("xx").and_then(|digit| digit.parse().ok());
    match (class, text.parse()) {
        (Some(digit @ 1..=5), _) => Ok(StatusPattern::Class(digit)),
        (None, Ok(code @ 100..=599)) => Ok(StatusPattern::Code(code)),
        _ => Err(format!("must be a status such as 404 or a class such as 4xx, not {}", quoted(text))),
    }
}

fn network(text: &str) -> Read<IpNet> {
    let address = text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    address
        .or_else(|_| text.parse::<IpNet>().map(|net| canonical(net.trunc())))
        .map_err(|_| format!("must be an address or a network such as 192.0.2.0/24, not {}", quoted(text)))
}

fn networks(values: &[&str]) -> Read<Choice<IpNet>> {
    let choice = each(values, network)?;
    if choice.any.len() + choice.none.len() > limits::FILTER_NETWORKS {
        return Err(format!("has more than {} addresses and networks", limits::FILTER_NETWORKS));
    }
    Ok(choice)
}

/// Activities have plain IPv4 addresses, so a network of IPv4-mapped IPv6 addresses means the IPv4 network.
pub(super) fn canonical(net: IpNet) -> IpNet {
    match (net, net.addr().to_canonical(), net.prefix_len().checked_sub(96)) {
        (IpNet::V6(_), IpAddr::V4(address), Some(prefix)) => {
            Ipv4Net::new(address, prefix).map_or(net, IpNet::V4)
        }
        _ => net,
    }
}

fn moment(values: &[&str]) -> Read<Timestamp> {
    match values {
        [one] => time::parse_moment(one.trim()).map_err(str::to_owned),
        _ => Err("is given more than once".into()),
    }
}

/// An activity's `timestamp` shows whole seconds, so "until 12:00:05" includes that second.
fn end_of_second(moment: Timestamp) -> Timestamp {
    match moment.subsec_nanosecond() {
        0 => moment.checked_add(999_999.microseconds()).unwrap_or(moment),
        _ => moment,
    }
}

fn searched(values: &[&str]) -> Read<String> {
    typed(values).map(|text| folded(text.trim()).into_owned())
}

/// The text of a search box, which is taken whole.
fn typed<'a>(values: &[&'a str]) -> Read<&'a str> {
    match values {
        [one] if one.chars().count() > limits::SEARCH_TEXT => {
            Err(format!("has more than {} characters", limits::SEARCH_TEXT))
        }
        [one] => Ok(one),
        _ => Err("is given more than once".into()),
    }
}

fn searched_words(values: &[&str]) -> Read<String> {
    let text = searched(values)?;
    if Words::of(&text).wanted().len() > limits::SEARCH_WORDS {
        return Err(format!("has more than {} different words", limits::SEARCH_WORDS));
    }
    Ok(text)
}

/// A category is the actions that belong to it; `other` is every action that the catalogue does not know.
fn category(values: &[&str], catalogue: &Catalogue) -> Read<Condition> {
    let Choice { any, none } = each(values, |key| match catalogue.actions_in(key) {
        Some(_) => Ok(key.to_owned()),
        None => Err(format!("{} is no category of the catalogue", quoted(key))),
    })?;
    let belongs = |action: &str| {
        let category = catalogue.category_of(action);
        let is_in = |keys: &[String]| keys.iter().any(|key| key == category);
        (any.is_empty() || is_in(&any)) && !is_in(&none)
    };
    let has_other =
        (any.is_empty() || any.iter().any(|key| key == "other")) && !none.iter().any(|key| key == "other");
    let known = catalogue.actions().iter().map(|action| action.key.clone());
    let (inside, outside): (Vec<_>, Vec<_>) = known.partition(|key| belongs(key));
    let choice = if has_other {
        Choice::none(outside)
    } else if inside.is_empty() {
        // A choice without values would admit every action instead of none; no action has an empty name.
        Choice::any([String::new()])
    } else {
        Choice::any(inside)
    };
    Ok(Condition::Text(TextField::ActionType, choice))
}

fn unknown(name: &str) -> String {
    match nearest(&[name], names()) {
        Some(nearest) => format!("is unknown; did you mean {nearest}?"),
        None => format!("is unknown; the filters are {}", names().collect::<Vec<_>>().join(", ")),
    }
}
