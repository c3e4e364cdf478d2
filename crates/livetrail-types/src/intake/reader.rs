//! Takes the fields out of a JSON object one by one and collects all faults, so that a sender sees them at once. A
//! field that could not be read is `None`; the errors decide in the end.

use super::{address::read_address, names};
use crate::{
    FieldError,
    json::{self, Object, Value},
    limits, text, time,
};
use jiff::Timestamp;
use std::{borrow::Cow, io, net::IpAddr, ops::RangeInclusive};
use uuid::Uuid;

/// The search for similar names takes time, so an activity gets only a few hints.
const MAX_HINTS: usize = 5;

pub(super) struct Reader {
    /// The value given for each of [`names::FIELDS`], and the name used for it.
    fields: [Option<(String, Value)>; names::FIELDS.len()],
    errors: Vec<FieldError>,
    /// The record is a row of an export, which is taken as far as it can be.
    pub(super) is_export: bool,
}

impl Reader {
    pub(super) fn of(object: Object, is_export: bool) -> Self {
        let mut reader = Self { fields: Default::default(), errors: Vec::new(), is_export };
        if object.len() > limits::FIELDS {
            let detail = format!("has {} fields; at most {} are read", object.len(), limits::FIELDS);
            reader.errors.push(FieldError::new("", detail));
        }
        for (given, value) in object.into_iter().take(limits::FIELDS) {
            match names::resolve(&given) {
                None if reader.errors.len() < MAX_HINTS => reader.refuse(&given, names::hint(&given)),
                None => reader.refuse(&given, "is unknown"),
                Some(_) if value.is_null() => {}
                Some(index) => reader.put(index, given, value),
            }
        }
        reader
    }

    pub(super) fn finish<T>(&mut self, read: Option<T>) -> Result<T, Vec<FieldError>> {
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            _ => {
                let mut errors = std::mem::take(&mut self.errors);
                errors.truncate(limits::ERRORS);
                Err(errors)
            }
        }
    }

    /// A second name for the same field contradicts the first.
    fn put(&mut self, index: usize, given: String, value: Value) {
        match &mut self.fields[index] {
            Some((earlier, _)) => {
                let detail = format!("is given twice, also as {earlier}");
                self.refuse(&given, detail);
            }
            free => *free = Some((given, value)),
        }
    }

    fn take(&mut self, name: &str) -> Option<(String, Value)> {
        self.fields[names::index(name)?].take()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        names::index(name).is_some_and(|index| self.fields[index].is_some())
    }

    /// Uses `stand_in` as `name`; both at once contradict each other.
    pub(super) fn rename(&mut self, stand_in: &'static str, name: &'static str) {
        if let Some(((given, value), index)) = self.take(stand_in).zip(names::index(name)) {
            self.put(index, given, value);
        }
    }

    /// Required text of at most `most` characters that has to pass `check`; `what` describes it in the refusal of a
    /// missing one.
    pub(super) fn required_text(
        &mut self,
        name: &'static str,
        what: &str,
        most: usize,
        check: impl FnOnce(&str) -> Result<(), String>,
    ) -> Option<String> {
        let errors_before = self.errors.len();
        let text = self.text_that(name, |_| most, check);
        if text.is_none() && self.errors.len() == errors_before {
            if self.is_export {
                return Some(String::new());
            }
            self.refuse(name, format!("is required: {what}"));
        }
        text
    }

    /// Text of at most `most` characters. Empty text is absent.
    pub(super) fn text(&mut self, name: &'static str, most: usize) -> Option<String> {
        self.text_that(name, |_| most, |_| Ok(()))
    }

    /// Text of at most `most` characters that passes `check`, which says what is wrong with it otherwise. Empty text is
    /// absent.
    pub(super) fn text_that(
        &mut self,
        name: &'static str,
        most: impl FnOnce(&str) -> usize,
        check: impl FnOnce(&str) -> Result<(), String>,
    ) -> Option<String> {
        let (given, text) = self.any_text(name)?;
        let most = most(&text);
        let read = check(&text).and_then(|()| self.within(text, most));
        read.map_err(|detail| self.refuse(&given, detail)).ok()
    }

    /// Refuses text of more than `most` characters. Of an export, it is cut.
    pub(super) fn within(&self, text: String, most: usize) -> Result<String, String> {
        if self.is_export {
            return Ok(text::cut(text, most));
        }
        at_most(&text, most).map(|()| text)
    }

    /// Has a field count as absent.
    pub(super) fn leave_out(&mut self, name: &str) {
        self.take(name);
    }

    /// Text of any length: the caller cuts it.
    pub(super) fn long_text(&mut self, name: &'static str) -> Option<String> {
        self.any_text(name).map(|(_, text)| text)
    }

    fn any_text(&mut self, name: &'static str) -> Option<(String, String)> {
        let (given, value) = self.take(name)?;
        let Value::String(text) = value else {
            self.refuse(&given, format!("must be text, not {}", value.kind()));
            return None;
        };
        if text.contains('\0') {
            self.refuse(&given, "has a NUL character, which no text may have");
            return None;
        }
        let clean = match text::without_control_characters(&text) {
            Cow::Owned(clean) => clean,
            Cow::Borrowed(_) => text,
        };
        (!clean.is_empty()).then_some((given, clean))
    }

    pub(super) fn boolean(&mut self, name: &'static str) -> Option<bool> {
        let (given, value) = self.take(name)?;
        if value.as_bool().is_none() {
            self.refuse(&given, format!("must be true or false, not {}", value.kind()));
        }
        value.as_bool()
    }

    pub(super) fn integer(&mut self, name: &'static str, range: &RangeInclusive<i32>) -> Option<i32> {
        let (given, value) = self.take(name)?;
        let whole = value.as_i64().or_else(|| value.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64));
        let read = whole.and_then(|n| i32::try_from(n).ok()).filter(|n| range.contains(n));
        if read.is_none() {
            let (least, most) = (range.start(), range.end());
            self.refuse(&given, format!("must be a whole number from {least} to {most}"));
        }
        read
    }

    pub(super) fn uuid(&mut self, name: &'static str) -> Option<Uuid> {
        let (given, value) = self.take(name)?;
        let read = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
        let read = read.filter(|id| self.is_export || !id.is_nil());
        if read.is_none() {
            self.refuse(
                &given,
                "must be a UUID, as in 0198c0de-7a3b-7000-8000-0123456789ab; version 7 is best",
            );
        }
        read
    }

    pub(super) fn moment(&mut self, name: &'static str) -> Option<Timestamp> {
        let (given, value) = self.take(name)?;
        time::moment_from_json(&value).map_err(|hint| self.refuse(&given, hint)).ok()
    }

    pub(super) fn address(&mut self, name: &'static str) -> Option<IpAddr> {
        let (_, text) = self.any_text(name)?;
        read_address(&text)
    }

    pub(super) fn object(&mut self, name: &'static str) -> Option<Object> {
        let (given, mut value) = self.take(name)?;
        if self.is_export {
            return self.stored_object(&given, value);
        }
        if value.as_object().is_none() {
            self.refuse(&given, format!("must be a JSON object, not {}", value.kind()));
            return None;
        }
        let bytes = length_as_json(&value);
        if bytes > limits::JSON_BYTES {
            self.refuse(
                &given,
                format!("has {bytes} bytes as JSON; at most {} are allowed", limits::JSON_BYTES),
            );
            return None;
        }
        if let Err(error) = clean(&mut value, &mut format!("/{given}"), limits::JSON_DEPTH) {
            self.errors.push(error);
            return None;
        }
        match value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// JSON of any size and form, as an application may have written it.
    fn stored_object(&mut self, given: &str, value: Value) -> Option<Object> {
        let mut object = match value {
            Value::Object(object) => Value::Object(object),
            other => Value::Object(Object::from_iter([("value".to_owned(), other)])),
        };
        let cleaned = clean(&mut object, &mut format!("/{given}"), limits::STORED_JSON_DEPTH);
        cleaned.map_err(|error| self.errors.push(error)).ok()?;
        match object {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// `{field: {"from": …, "to": …}}`; one of the two may be missing where something came or went.
    pub(super) fn changes(&mut self, name: &'static str) -> Option<Object> {
        let mut changes = self.object(name)?;
        for (field, change) in &mut changes {
            let sides = change.as_object_mut();
            let known = |sides: &&mut Object| {
                !sides.is_empty() && sides.keys().all(|side| side == "from" || side == "to")
            };
            match sides.filter(known) {
                Some(sides) => ["from", "to"].into_iter().for_each(|side| {
                    sides.entry(side.to_owned()).or_insert(Value::Null);
                }),
                None if self.is_export => {}
                None => {
                    if self.errors.len() == limits::ERRORS {
                        break;
                    }
                    let pointer = format!("/{name}/{}", escape(field));
                    self.errors.push(FieldError::new(pointer, "must be an object of \"from\" and \"to\""));
                }
            }
        }
        Some(changes)
    }

    /// How many mistakes were found so far.
    pub(super) fn error_count(&self) -> usize {
        self.errors.len()
    }

    pub(super) fn refuse(&mut self, given: &str, detail: impl Into<String>) {
        self.errors.push(FieldError::new(format!("/{}", escape(given)), detail));
    }
}

/// Refuses text of more than `most` characters.
fn at_most(text: &str, most: usize) -> Result<(), String> {
    // No text has more characters than bytes.
    if text.len() <= most {
        return Ok(());
    }
    match text.chars().count() {
        length if length > most => Err(format!("has {length} characters; at most {most} are allowed")),
        _ => Ok(()),
    }
}

/// Cleans every text in `value`, keys too. It refuses NUL, which PostgreSQL's JSON cannot hold, and deep nesting.
fn clean(value: &mut Value, pointer: &mut String, depth: usize) -> Result<(), FieldError> {
    if depth == 0 {
        return Err(FieldError::new(
            &*pointer,
            format!("is nested deeper than {} levels", limits::JSON_DEPTH),
        ));
    }
    match value {
        Value::String(text) if text.contains('\0') => Err(nul(pointer)),
        Value::String(text) => {
            if let Cow::Owned(clean) = text::without_control_characters(text) {
                *text = clean;
            }
            Ok(())
        }
        Value::Array(items) => items.iter_mut().enumerate().try_for_each(|(index, item)| {
            within(pointer, &index.to_string(), |at| clean(item, at, depth - 1))
        }),
        Value::Object(entries) => {
            entries.iter_mut().try_for_each(|(key, entry)| {
                within(pointer, key, |at| {
                    if key.contains('\0') { Err(nul(at)) } else { clean(entry, at, depth - 1) }
                })
            })?;
            clean_keys(entries);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn clean_keys(entries: &mut Object) {
    if entries.keys().any(|key| text::has_control_characters(key)) {
        let cleaned = |(key, entry): (String, Value)| (text::without_control_characters(&key).into(), entry);
        *entries = std::mem::take(entries).into_iter().map(cleaned).collect();
    }
}

/// Runs `read` with `step` added to the pointer.
fn within<T>(pointer: &mut String, step: &str, read: impl FnOnce(&mut String) -> T) -> T {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&escape(step));
    let result = read(pointer);
    pointer.truncate(length);
    result
}

fn nul(pointer: &str) -> FieldError {
    FieldError::new(pointer.replace('\0', "\u{fffd}"), "has a NUL character, which no text may have")
}

/// RFC 6901: `~` and `/` of a key are written `~0` and `~1`.
fn escape(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) { key.replace('~', "~0").replace('/', "~1").into() } else { key.into() }
}

fn length_as_json(value: &Value) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    json::to_writer(&mut count, value).map_or(usize::MAX, |()| count.0)
}
