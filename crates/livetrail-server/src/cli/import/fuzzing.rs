//! What the fuzz targets call: the reader of imported files, without a file.

use super::source;
use std::cell::RefCell;

/// The records of an NDJSON or CSV text, each with the number of its line and as it would be sent.
pub fn records(text: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let records = RefCell::new(Vec::new());
    let give = |source::Record { number, json }: source::Record| {
        records.borrow_mut().extend(json.map(|json| (number, json)));
        true
    };
    // A text that cannot be read to its end ends the import there.
    let _ = source::read(text, None, &give);
    records.into_inner()
}
