//! What the fuzz targets call: the reader of request bodies, without a request around it.

use super::body::{Format, Items};
use livetrail_types::json::Value;

/// Gives the items of a body, or what is wrong with each; `is_lines` says that it is NDJSON. Whether all of it could be read.
pub fn items(bytes: &[u8], is_lines: bool, mut give: impl FnMut(Result<Value, String>)) -> bool {
    let format = if is_lines { Format::Lines } else { Format::Json };
    let mut many = match Items::of(&format, bytes) {
        Ok(Items::One(value)) => {
            give(Ok(value));
            return true;
        }
        Ok(Items::Many(many)) => many,
        Err(_) => return false,
    };
    loop {
        match many.next() {
            Ok(Some(item)) => give(item),
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}
