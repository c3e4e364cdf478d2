//! Records as they are sent and stored: with an id, and without what Livetrail gives.

use crate::environment::{Environment, System};
use livetrail_types::{
    field_name, is_given_by_livetrail,
    json::{self, Object, Value},
};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, fmt};
use uuid::Uuid;

/// The server that records are sent to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// That of the data folder, for which the command is the operator. By its position it recognises a row of an
    /// export.
    Own,
    /// A remote one, which takes what any client may send.
    Remote,
}

/// An activity without what Livetrail gives, so that an export can be imported. The moment with microseconds counts
/// more than the one in whole seconds.
pub(super) fn without_given(mut activity: Object, target: Target) -> Object {
    activity.iter_mut().for_each(|(name, value)| read_text(name, value));
    if !activity.keys().any(|name| is_given_by_livetrail(name)) {
        return activity;
    }
    if let Some(exact) = activity.get("occurred_at").filter(|exact| !exact.is_null()).cloned() {
        activity.insert("timestamp".into(), exact);
    }
    let is_kept = |name: &str| target == Target::Own && name == "position";
    activity.retain(|name, _| is_kept(name) || !is_given_by_livetrail(name));
    activity
}

/// Whether a field holds a JSON object, which other programs write as text.
fn holds_object(name: &str) -> bool {
    matches!(field_name(name), Some("details" | "changes" | "metadata"))
}

/// Reads an object that was written as text. The API refuses such a text, as it refuses what is left as it is here.
fn read_text(name: &str, value: &mut Value) {
    let read =
        value.as_str().filter(|_| holds_object(name)).and_then(|text| json::parse(text.as_bytes()).ok());
    if let Some(object @ Value::Object(_)) = read {
        *value = object;
    }
}

/// Writes a record as it is sent: with an id, so that it can be sent again. What is not an object is left for the
/// server to refuse.
pub(super) fn write(record: &[u8], target: Target, to: &mut Vec<u8>) {
    let record = record.trim_ascii();
    if let Ok(Names { are_kept: true, is_empty }) = serde_json::from_slice(record) {
        // Nearly every record: its text is kept, and an id is added at its end.
        to.extend_from_slice(&record[..record.len() - 1]);
        to.extend_from_slice(if is_empty { b"\"id\":\"" } else { b",\"id\":\"" });
        let id = System.fresh_id();
        to.extend_from_slice(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
        to.extend_from_slice(b"\"}");
        return;
    }
    let Ok(Value::Object(activity)) = json::parse(record) else { return to.extend_from_slice(record) };
    let mut activity = without_given(activity, target);
    if activity.get("id").is_none_or(Value::is_null) {
        activity.insert("id".into(), System.fresh_id().to_string().into());
    }
    to.extend(json::to_vec(&activity));
}

/// The record as it is sent, for tests.
pub(super) fn sent(record: &[u8]) -> Vec<u8> {
    let mut sent = Vec::new();
    write(record, Target::Remote, &mut sent);
    sent
}

/// Facts about the names of an object.
struct Names {
    /// Whether all of them are sent as they are, and none is the id.
    are_kept: bool,
    is_empty: bool,
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(OfNames)
    }
}

struct OfNames;

impl<'de> Visitor<'de> for OfNames {
    type Value = Names;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
        let mut names = Names { are_kept: true, is_empty: true };
        while let Some(Name(name)) = map.next_key()? {
            names.are_kept &= name != "id" && !is_given_by_livetrail(&name);
            names.is_empty = false;
            if holds_object(&name) {
                names.are_kept &= !map.next_value::<IsText>()?.0;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(names)
    }
}

/// Whether a value is text.
struct IsText(bool);

impl<'de> Deserialize<'de> for IsText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OfText).map(Self)
    }
}

struct OfText;

impl<'de> Visitor<'de> for OfText {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }
}

/// A name, which is borrowed unless there is an escape in it.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "0198c0de-7a3b-7000-8000-0123456789ab";

    fn sent_value(record: &str) -> serde_json::Value {
        serde_json::from_slice(&sent(record.as_bytes())).expect("JSON")
    }

    #[test]
    fn a_record_gets_an_id_unless_it_has_one() {
        for record in [r#"{"user_id":"u-1"}"#, "{}", "{ } ", r#"{"id":null}"#, r#"{"details":{"id":1}} "#] {
            let value = sent_value(record);
            assert!(value["id"].as_str().is_some_and(|id| Uuid::try_parse(id).is_ok()), "{record} {value}");
        }
        for record in [json!({"id": ID}).to_string(), format!(r#"{{"\u0069d":"{ID}"}}"#)] {
            assert_eq!(sent_value(&record), json!({"id": ID}));
        }
    }

    #[test]
    fn the_text_of_a_record_without_an_id_stays_as_it_was() {
        let record = r#"{ "b" : 1.50, "a" : "\u00e9", "a" : [1 , 2]}"#;
        let sent = sent(record.as_bytes());
        assert!(
            sent.starts_with(record.trim_end_matches('}').as_bytes()),
            "{}",
            String::from_utf8_lossy(&sent)
        );
    }

    #[test]
    fn details_that_were_written_as_text_are_sent_as_the_object_that_they_are() {
        let record = r#"{"id":"x","details":"{\"a\":1}","changes":"{\"b\":{\"to\":2}}","user_id":"{}"}"#;
        let expected = json!({"id": "x", "details": {"a": 1}, "changes": {"b": {"to": 2}}, "user_id": "{}"});
        assert_eq!(sent_value(record), expected);
        let without_id = r#"{"metadata":"{\"a\":{}}"}"#;
        assert_eq!(sent_value(without_id)["metadata"], json!({"a": {}}));
        for left in [
            json!("no JSON"),
            json!("[1]"),
            json!("\"text\""),
            json!([1]),
            json!(1.5),
            json!(true),
            json!(null),
        ] {
            let record = json!({"id": "x", "details": left});
            assert_eq!(sent_value(&record.to_string()), record);
        }
        for kept in [r#"{ "details" : {"a":1.50} }"#, r#"{ "details" : [1] }"#, r#"{ "details" : null }"#] {
            let start = kept.trim_end_matches('}').trim_end();
            assert!(String::from_utf8(sent(kept.as_bytes())).expect("text").starts_with(start), "{kept}");
        }
    }

    #[test]
    fn what_is_no_object_is_left_for_the_server_to_refuse() {
        for record in ["[1]", "no JSON", r#"{"a":1"#, r#"{"a":1,}"#, r#"{"a":NaN}"#, ""] {
            assert_eq!(sent(record.as_bytes()), record.as_bytes());
        }
    }

    #[test]
    fn what_livetrail_gave_is_left_out_and_the_exact_moment_is_kept() {
        let shown = r#"{"user_id":"u","position":7,"timestamp":1772366400,"occurred_at":"2026-03-01T12:00:00.000007Z","icon":"x"}"#;
        let mut value = sent_value(shown);
        value.as_object_mut().expect("an object").remove("id");
        assert_eq!(value, json!({"user_id": "u", "timestamp": "2026-03-01T12:00:00.000007Z"}));
    }
}
