//! Records of a source, gathered into chunks: one commit, and one request where there is one.

use super::record::Record;
use anyhow::Result;
use tokio::sync::mpsc;

/// Records of one chunk: a commit takes about as long for a few of them as for these.
const MAX_RECORDS: usize = 5_000;
/// Bytes of one chunk, about; half of what the server takes in one request.
const MAX_BYTES: usize = 5_000_000;

/// Records that are stored together.
#[derive(Default)]
pub(super) struct Chunk {
    /// The text of each record.
    text: Vec<u8>,
    /// Where the text of each ends.
    ends: Vec<usize>,
    /// The number of the line of each in the source.
    pub(super) numbers: Vec<u64>,
    /// Records that cannot be activities: the number of the line, and the reason.
    pub(super) unreadable: Vec<(u64, String)>,
}

impl Chunk {
    /// The texts of the records.
    pub(super) fn records(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let mut begin = 0;
        self.ends.iter().map(move |&end| &self.text[std::mem::replace(&mut begin, end)..end])
    }

    /// The length of all texts.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    fn has_room_for(&self, bytes: usize) -> bool {
        self.numbers.len() + self.unreadable.len() < MAX_RECORDS && self.text.len() + bytes <= MAX_BYTES
    }

    fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.unreadable.is_empty()
    }

    fn push(&mut self, Record { number, json }: Record<'_>) {
        match json {
            Ok(text) => {
                self.text.extend_from_slice(&text);
                self.ends.push(self.text.len());
                self.numbers.push(number);
            }
            Err(reason) => self.unreadable.push((number, reason)),
        }
    }
}

/// Where chunks go; an error is the last one.
pub(super) type Sender = mpsc::Sender<Result<Chunk>>;

/// Gathers records, and sends each chunk that is full.
pub(super) struct Gatherer {
    chunk: Chunk,
    to: Sender,
}

impl Gatherer {
    pub(super) fn new(to: Sender) -> Self {
        Self { chunk: Chunk::default(), to }
    }

    /// Adds a record, and gives the chunk that has no room for it.
    fn add(&mut self, record: Record<'_>) -> Option<Chunk> {
        let bytes = record.json.as_ref().map_or(0, |text| text.len());
        let is_full = !self.chunk.is_empty() && !self.chunk.has_room_for(bytes);
        let full = is_full.then(|| std::mem::take(&mut self.chunk));
        self.chunk.push(record);
        full
    }

    /// Adds a record on a thread that may wait. False when no more are wanted.
    pub(super) fn blocking_add(&mut self, record: Record<'_>) -> bool {
        self.add(record).is_none_or(|full| self.to.blocking_send(Ok(full)).is_ok())
    }

    /// The same in a task.
    pub(super) async fn add_and_wait(&mut self, record: Record<'_>) -> bool {
        match self.add(record) {
            Some(full) => self.to.send(Ok(full)).await.is_ok(),
            None => true,
        }
    }

    /// The last chunk: the remaining records, or the reason why no more follow.
    pub(super) fn finish(self, read: Result<()>) -> (Sender, Option<Result<Chunk>>) {
        let last = match read {
            Ok(()) => Some(self.chunk).filter(|rest| !rest.is_empty()).map(Ok),
            Err(error) => Some(Err(error)),
        };
        (self.to, last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn record(number: u64, text: &[u8]) -> Record<'_> {
        Record { number, json: Ok(Cow::Borrowed(text)) }
    }

    fn texts(chunk: &Chunk) -> Vec<&[u8]> {
        chunk.records().collect()
    }

    #[test]
    fn records_and_their_numbers_come_back_in_order() {
        let mut gatherer = Gatherer::new(mpsc::channel(1).0);
        for one in [record(2, b"{}"), Record { number: 3, json: Err("bad".into()) }, record(5, b"{\"a\":1}")]
        {
            assert!(gatherer.add(one).is_none());
        }
        let (_, last) = gatherer.finish(Ok(()));
        let chunk = last.expect("a chunk").expect("no error");
        assert_eq!(texts(&chunk), [&b"{}"[..], b"{\"a\":1}"]);
        assert_eq!((&chunk.numbers[..], &chunk.unreadable[..]), (&[2, 5][..], &[(3, "bad".to_owned())][..]));
    }

    #[test]
    fn a_chunk_is_full_when_it_has_many_records_or_many_bytes() {
        let mut gatherer = Gatherer::new(mpsc::channel(1).0);
        let full = (1..=MAX_RECORDS as u64 + 1).find_map(|number| gatherer.add(record(number, b"{}")));
        assert_eq!(full.expect("a chunk").numbers.len(), MAX_RECORDS);

        let large = vec![b' '; MAX_BYTES];
        assert_eq!(gatherer.add(record(1, &large)).expect("a chunk").bytes(), 2);
        assert_eq!(gatherer.add(record(2, b"{}")).expect("a chunk").bytes(), MAX_BYTES);
    }

    #[test]
    fn nothing_is_sent_of_the_chunk_in_which_the_source_breaks_off() {
        let mut gatherer = Gatherer::new(mpsc::channel(1).0);
        gatherer.add(record(1, b"{}"));
        let (_, last) = gatherer.finish(Err(anyhow::anyhow!("cut off")));
        assert!(last.expect("the reason").is_err());
    }
}
