//! Files that `livetrail import` reads.

use livetrail_server::cli::fuzzing::records;
use livetrail_types::{NewActivity, json};

/// Every record has the number of a line, in order; items of an array may share one. What is JSON is an activity or
/// refused.
pub fn check(text: &[u8]) {
    let lines = text.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let mut last = 0;
    for (number, line) in records(text) {
        assert!(last <= number && number <= lines, "line {number} after {last} of {lines}");
        last = number;
        let Ok(value) = json::parse(&line) else { continue };
        if let Some(object) = value.as_object() {
            assert!(object.contains_key("id") && !object.contains_key("position"), "{value}");
        }
        let _ = NewActivity::from_json(value);
    }
}
