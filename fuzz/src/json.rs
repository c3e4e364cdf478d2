//! JSON from outside.

use livetrail_types::json::{self, Json, Parser, Value};

/// What is read is written, and what is written is read alike. An array is the same item by item.
pub fn check(text: &[u8]) {
    let Ok(value) = json::parse(text) else { return };
    let written = json::to_string(&value);
    assert_eq!(json::parse(written.as_bytes()).as_ref(), Ok(&value), "{written}");
    // Rows that are read from the database go this way.
    assert!(Json::from_text(written.clone()).is_some(), "{written}");
    assert_eq!(Json::compacted(&written).map(|json| json.as_str() == written), Some(true), "{written}");
    if let Value::Array(items) = value {
        assert_eq!(item_by_item(text), items);
    }
}

fn item_by_item(text: &[u8]) -> Vec<Value> {
    let mut parser = Parser::new(text).expect("it was read before");
    assert!(parser.begin_array());
    let mut items = Vec::new();
    while let Some(item) = parser.next_item(items.is_empty()).expect("an item") {
        items.push(item.expect("an item without a fault"));
    }
    parser.end().expect("the end");
    items
}
