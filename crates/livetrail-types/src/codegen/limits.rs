//! The limits that a sender has to know.

use super::constant::{self, Constant, grouped};
use crate::{NewActivity, limits};

const SOURCE: &str = include_str!("../limits.rs");
const HEADING: &str = "Generated from limits.rs: what the server takes of an activity.";

pub(super) fn python() -> String {
    constant::python(HEADING, &constants())
}

pub(super) fn typescript() -> String {
    constant::typescript(HEADING, &constants())
}

fn constants() -> Vec<Constant> {
    let number = |(name, limit)| Constant::number(SOURCE, name, limit);
    std::iter::once(text_fields()).chain(numbers().map(number)).collect()
}

fn numbers() -> impl Iterator<Item = (&'static str, i64)> {
    [
        ("SESSION_TOKEN", limits::SESSION_TOKEN as i64),
        ("PROFILE_TEXT", limits::PROFILE_TEXT as i64),
        ("JSON_BYTES", limits::JSON_BYTES as i64),
        ("JSON_DEPTH", limits::JSON_DEPTH as i64),
        ("SEARCHED_TEXT", limits::SEARCHED_TEXT as i64),
        ("COUNT", limits::COUNT.into()),
        ("LOOKS_LIKE_MILLISECONDS", limits::LOOKS_LIKE_MILLISECONDS as i64),
    ]
    .into_iter()
}

fn text_fields() -> Constant {
    let fields = || limits::MAX_TEXT.into_iter();
    let python = fields().map(|(field, most)| format!("\"{field}\": {}", grouped(most as i64)));
    let typescript = fields().map(|(field, most)| format!("{field}: {}", grouped(most as i64)));
    let python = Constant::lines("{", 4, python, "}");
    let typescript = Constant::lines("= {", 2, typescript, "} as const");
    Constant::new(SOURCE, "MAX_TEXT", python, typescript)
}

/// The server's value of a text for a field, or `None` if it refuses the activity.
fn read(field: &str, text: &str) -> Option<String> {
    let mut activity = serde_json::json!({"user_id": "u-1", "action_type": "user_login"});
    activity[field] = text.into();
    let mut read = NewActivity::from_json(activity).ok()?;
    read.cut_long_texts();
    let read = serde_json::to_value(read).expect("JSON");
    read[field].as_str().map(str::to_owned)
}

#[test]
fn each_text_field_has_the_limit_that_the_sdks_are_told() {
    for (field, most) in limits::MAX_TEXT {
        // A session id without spaces could be a token, which may be longer.
        let letters = if field == "session_id" { "A " } else { "AA" }.repeat(most);
        let longest = &letters[..most];
        assert_eq!(read(field, longest).as_deref(), Some(longest), "{field}");
        let longer = &letters[..=most];
        assert_ne!(read(field, longer).as_deref(), Some(longer), "{field}");
    }
}
