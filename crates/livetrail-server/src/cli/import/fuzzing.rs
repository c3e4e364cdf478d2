//! Entry point of the fuzz targets: the reader of imported files, without a file.

use super::{record::Record, sent::sent, source};

/// The records of an NDJSON or CSV text, each with the number of its line and as it would be sent.
pub fn records(text: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let mut records = Vec::new();
    let mut give = |Record { number, json }: Record<'_>| {
        records.extend(json.map(|json| (number, sent(&json))));
        true
    };
    // A text that cannot be read to its end ends the import there.
    let _ = source::read(text, None, &mut give);
    records
}
