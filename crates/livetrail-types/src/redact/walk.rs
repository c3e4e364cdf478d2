//! The walk over a JSON value. This is the only part of redaction that knows the type of JSON values.

use std::borrow::Cow;

use std::collections::BTreeMap;

use crate::json::{Number, Object, Value};

use super::{REDACTED, Redaction, RedactionCounts, SecretKind, card, keys::Named, looks_like_credential};

/// The keys of names and of values in lists of names and values: `[{"name": …, "value": …}]`, as in HAR files, headers
/// and audit records.
const NAME_KEYS: [&str; 5] = ["name", "key", "field", "header", "k"];
const VALUE_KEYS: [&str; 10] =
    ["value", "v", "from", "to", "old", "new", "before", "after", "oldvalue", "newvalue"];
/// From here on, 2⁵³, not all whole numbers have a form of their own with a decimal point.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
/// A shorter key has no room for a secret.
const MIN_SECRET_KEY: usize = 12;

pub(super) fn value(redaction: &Redaction, value: &mut Value, counts: &mut RedactionCounts) {
    // Not recursive: a value that no parser made may be nested deeper than the stack is.
    let mut open = vec![value];
    walk(redaction, &mut open, counts);
}

/// As [`value`] for the fields of `details`. A session id among them that could be a credential stays as it is: the
/// server replaces it by a keyed hash.
pub(super) fn details(redaction: &Redaction, details: &mut Object, counts: &mut RedactionCounts) {
    let mut open = Vec::new();
    object(redaction, details, &mut open, counts);
    open.retain(|(key, value)| !is_session_credential(key, value));
    let mut open = open.into_iter().map(|(_, value)| value).collect();
    walk(redaction, &mut open, counts);
}

/// Replaces the session ids of `details` that could be credentials by what `hash` makes of them.
pub(crate) fn hash_session_ids(details: &mut Object, hash: impl Fn(&str) -> String) {
    for (key, value) in details {
        if is_session_credential(key, value)
            && let Value::String(id) = value
        {
            *id = hash(id);
        }
    }
}

fn is_session_credential(key: &str, value: &Value) -> bool {
    let is_session = key.eq_ignore_ascii_case("session_id") || key.eq_ignore_ascii_case("sessionid");
    is_session && value.as_str().is_some_and(looks_like_credential)
}

fn walk(redaction: &Redaction, open: &mut Vec<&mut Value>, counts: &mut RedactionCounts) {
    let mut fields_open = Vec::new();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                object(redaction, fields, &mut fields_open, counts);
                open.extend(fields_open.drain(..).map(|(_, value)| value));
            }
            Value::Array(items) => {
                if is_list_of_pairs(items) {
                    items
                        .iter_mut()
                        .filter_map(Value::as_array_mut)
                        .for_each(|pair| pair_of(redaction, pair, counts));
                }
                open.extend(items.iter_mut());
            }
            other => scalar(redaction, other, counts),
        }
    }
}

/// Replaces the values that their keys say are secrets, and leaves the others to be looked at.
fn object<'a>(
    redaction: &Redaction,
    fields: &'a mut Object,
    open: &mut Vec<(&'a String, &'a mut Value)>,
    counts: &mut RedactionCounts,
) {
    redact_keys(redaction, fields, counts);
    let named = named_secret(redaction, fields);
    for (key, value) in fields {
        let of_name = || named.filter(|_| is_value_key(key));
        match redaction.keys.find(key).or_else(of_name) {
            Some(named) if is_secret(value, named) => blot(value, counts),
            _ => open.push((key, value)),
        }
    }
}

pub(super) fn changes(redaction: &Redaction, changes: &mut Object, counts: &mut RedactionCounts) {
    redact_keys(redaction, changes, counts);
    for (field, change) in changes {
        let Some(named) = redaction.keys.find(field) else {
            value(redaction, change, counts);
            continue;
        };
        match change {
            Value::Object(sides) => {
                for side in sides.values_mut() {
                    if is_secret(side, named) { blot(side, counts) } else { value(redaction, side, counts) }
                }
            }
            other if is_secret(other, named) => blot(other, counts),
            other => value(redaction, other, counts),
        }
    }
}

/// Replaces what looks like a secret in the names of fields. Fields that become equal get numbers, so that none is
/// lost.
fn redact_keys(redaction: &Redaction, fields: &mut Object, counts: &mut RedactionCounts) {
    let may_be_secret = |key: &String| key.len() >= MIN_SECRET_KEY || !key.is_ascii();
    let is_secret = |key: &String| may_be_secret(key) && matches!(redaction.text(key), Cow::Owned(_));
    if !fields.keys().any(is_secret) {
        return;
    }
    let (mut clean, mut numbers) = (Object::new(), BTreeMap::<String, usize>::new());
    for (key, value) in std::mem::take(fields) {
        let redacted = if may_be_secret(&key) { redaction.counted(&key, counts).into_owned() } else { key };
        let mut name = redacted.clone();
        while clean.contains_key(&name) {
            // Each number is tried once, however many fields become equal.
            let number = numbers.entry(redacted.clone()).or_insert(1);
            *number += 1;
            name = format!("{redacted} {number}");
        }
        clean.insert(name, value);
    }
    *fields = clean;
}

/// Whether the object gives the name of a secret beside its value.
fn named_secret(redaction: &Redaction, fields: &Object) -> Option<Named> {
    let is_name = |key: &str| key.len() <= 6 && NAME_KEYS.iter().any(|name| name.eq_ignore_ascii_case(key));
    let mut names = fields.iter().filter(|(key, _)| is_name(key));
    names.find_map(|(_, name)| redaction.keys.find(name.as_str()?))
}

fn is_value_key(key: &str) -> bool {
    let key = key.replace('_', "");
    VALUE_KEYS.iter().any(|name| name.eq_ignore_ascii_case(&key))
}

/// Whether every item is a name and a value (`[["authorization", "…"]]`).
fn is_list_of_pairs(items: &[Value]) -> bool {
    let is_pair = |item: &Value| matches!(item.as_array(), Some([Value::String(_), _]));
    !items.is_empty() && items.iter().all(is_pair)
}

/// Replaces the value of a name and a value.
fn pair_of(redaction: &Redaction, pair: &mut [Value], counts: &mut RedactionCounts) {
    let [Value::String(name), value] = pair else { return };
    if redaction.keys.find(name).is_some_and(|named| is_secret(value, named)) {
        blot(value, counts);
    }
}

/// Whether a value under a name that names a secret is one. Nothing and truths are not; a number is one only where the
/// whole name is a secret's (`cvv`), since counts have names like `max_token`.
fn is_secret(value: &Value, named: Named) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(_) => named == Named::Whole,
        Value::String(text) => text != REDACTED,
        Value::Array(_) | Value::Object(_) => true,
    }
}

fn blot(value: &mut Value, counts: &mut RedactionCounts) {
    *value = Value::String(REDACTED.to_owned());
    counts.add(SecretKind::Key);
}

/// The number if it is whole. A number with a decimal point or an exponent counts too, if such numbers are exact.
fn whole(number: &Number) -> Option<u64> {
    let exact = |float: &f64| float.fract() == 0.0 && (0.0..MAX_EXACT).contains(float);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and in range")]
    number.as_u64().or_else(|| Some(number.as_f64()).filter(exact).map(|float| float as u64))
}

fn scalar(redaction: &Redaction, value: &mut Value, counts: &mut RedactionCounts) {
    let found = match value {
        Value::String(text) => match redaction.counted(text, counts) {
            Cow::Owned(clean) => clean,
            Cow::Borrowed(_) => return,
        },
        Value::Number(number) if whole(number).is_some_and(card::is_card) => {
            counts.add(SecretKind::Card);
            REDACTED.to_owned()
        }
        _ => return,
    };
    *value = Value::String(found);
}

/// As [`value`] for the fields of `details` that are stored already. A session id among them that could be a credential
/// was not hashed, so it is replaced.
pub(super) fn stored_details(redaction: &Redaction, fields: &mut Object, counts: &mut RedactionCounts) {
    for (key, value) in fields.iter_mut() {
        if is_session_credential(key, value) {
            blot(value, counts);
        }
    }
    details(redaction, fields, counts);
}
