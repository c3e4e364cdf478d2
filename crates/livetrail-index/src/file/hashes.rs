//! Rows by the hash of their text as bytes, in buckets. A question is about one text, so it reads one bucket: neither
//! the whole column nor the cache is needed for it.

use super::{
    CHECKSUM, cells,
    pages::Place,
    reader::{Reader, write_text},
};
use crate::column::{Found, HASH_BITS, Hashes, hash};
use std::collections::BTreeMap;

/// Buckets of a column, by the highest bits of the hash.
const BUCKETS: usize = 64;
const SHIFT: u32 = HASH_BITS - BUCKETS.trailing_zeros();
/// Where each bucket ends, and a checksum.
const DIRECTORY: usize = BUCKETS * 4 + CHECKSUM;

/// Writes the directory, then the buckets, each with a checksum.
pub(super) fn write(bytes: &mut Vec<u8>, hashes: &Hashes) {
    let (mut directory, mut buckets, mut rest) = (Vec::new(), Vec::new(), 0..0);
    for bucket in 0..BUCKETS as u32 {
        let end = hashes.hashes.partition_point(|hash| hash >> SHIFT <= bucket);
        rest = rest.end..end;
        let mut content = Vec::new();
        write_bucket(&mut content, hashes, rest.clone(), bucket);
        seal(&mut content);
        buckets.extend(content);
        directory.extend((buckets.len() as u32).to_le_bytes());
    }
    seal(&mut directory);
    bytes.extend(directory);
    bytes.extend(buckets);
}

fn write_bucket(bytes: &mut Vec<u8>, hashes: &Hashes, range: std::ops::Range<usize>, bucket: u32) {
    cells::write_ascending(bytes, hashes.hashes[range.clone()].iter().copied());
    write_rows(bytes, &hashes.rows[range]);
    let shared: Vec<_> = hashes.shared.iter().filter(|(text, _)| hash(text) >> SHIFT == bucket).collect();
    bytes.extend((shared.len() as u32).to_le_bytes());
    for (text, rows) in shared {
        write_text(bytes, text);
        bytes.extend((rows.len() as u32).to_le_bytes());
        write_rows(bytes, rows);
    }
}

fn write_rows(bytes: &mut Vec<u8>, rows: &[u16]) {
    rows.iter().for_each(|row| bytes.extend(row.to_le_bytes()));
}

/// Appends the checksum.
fn seal(bytes: &mut Vec<u8>) {
    let sum = crc32fast::hash(bytes);
    bytes.extend(sum.to_le_bytes());
}

/// What was sealed, if it is right.
fn opened(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let sum = bytes.split_off(bytes.len().checked_sub(CHECKSUM)?);
    (crc32fast::hash(&bytes).to_le_bytes() == *sum).then_some(bytes)
}

/// Finds texts in a column that [`write`] has written. `None` where it cannot be read.
pub(super) fn find<'a>(place: &Place, texts: impl IntoIterator<Item = &'a str>) -> Option<Vec<Found>> {
    let directory = opened(place.bytes(0, DIRECTORY)?)?;
    let mut of_bucket = BTreeMap::<usize, Vec<&str>>::new();
    for text in texts {
        of_bucket.entry((hash(text) >> SHIFT) as usize).or_default().push(text);
    }
    let mut found = Vec::new();
    for (bucket, texts) in of_bucket {
        let hashes = bucket_of(place, &directory, bucket)?;
        found.extend(texts.into_iter().map(|text| hashes.find(text)));
    }
    Some(found)
}

fn bucket_of(place: &Place, directory: &[u8], bucket: usize) -> Option<Hashes> {
    let end = |bucket: usize| Reader::of(directory.get(bucket * 4..)?).u32().map(|end| end as usize);
    let (begin, end) = (bucket.checked_sub(1).map_or(Some(0), end)?, end(bucket)?);
    let content = opened(place.bytes(DIRECTORY + begin, end.checked_sub(begin)?)?)?;
    let mut reader = Reader::of(&content);
    let hashes = read_bucket(&mut reader)?;
    reader.is_at_end().then_some(hashes)
}

fn read_bucket(reader: &mut Reader<'_>) -> Option<Hashes> {
    let hashes = cells::read_ascending(reader)?;
    let rows = read_rows(reader, hashes.len())?;
    let mut shared = Vec::new();
    for _ in 0..reader.u32()? {
        let text = reader.text()?.to_owned();
        let count = reader.u32()? as usize;
        shared.push((text, read_rows(reader, count)?));
    }
    Some(Hashes { hashes, rows, shared })
}

fn read_rows(reader: &mut Reader<'_>, count: usize) -> Option<Vec<u16>> {
    let bytes = reader.take(count.checked_mul(2)?)?;
    Some(bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two)).collect())
}
