use super::{Selection, Transport, chunk, encoded::Encoded, frame};
use livetrail_types::{Activity, Catalogue, Cursor, Epoch, Filter, Subject, UserProfile};
use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

/// An activity and what the directory knows of its user.
pub type Known = (Activity, Option<Arc<UserProfile>>);

/// What a frame takes beside the texts of its activity, in bytes: the names of the fields, times, numbers.
const FRAME_BYTES: usize = 1_024;

/// A place in the log.
#[derive(Clone)]
pub enum Entry {
    /// An activity.
    Activity(Arc<Known>),
    /// Activities up to this position are lost: they lie below the floor, or are missing without a record of their
    /// removal. Every client is told, whatever its filter.
    Gap(u64),
    /// Activities up to this position were removed from the kept part of the log. No client is told: what is removed is
    /// not part of the log.
    Removed(u64),
}

impl Entry {
    /// The position of a client that has read up to and including this entry.
    pub fn position(&self) -> u64 {
        match self {
            Self::Activity(known) => known.0.position,
            Self::Gap(last) | Self::Removed(last) => *last,
        }
    }

    fn is_meant_by(&self, filter: &Filter) -> bool {
        let known = match self {
            Self::Activity(known) => known,
            Self::Gap(_) => return true,
            Self::Removed(_) => return false,
        };
        let (activity, profile) = &**known;
        filter.matches(&Subject { activity, profile: profile.as_deref() })
    }

    /// An estimate of the bytes of its frame.
    fn weight(&self) -> usize {
        let Self::Activity(known) = self else { return FRAME_BYTES };
        let Activity { endpoint, error_message, details, changes, user_agent, session_id, .. } = &known.0;
        let texts = [endpoint, error_message, user_agent, session_id];
        let texts: usize = texts.into_iter().flatten().map(String::len).sum();
        let objects: usize = [details, changes].into_iter().flatten().map(|json| json.as_str().len()).sum();
        FRAME_BYTES + texts + objects
    }
}

/// What the frames of a log have in common.
#[derive(Clone)]
pub(super) struct Encoder {
    pub(super) epoch: Epoch,
    pub(super) catalogue: Arc<Catalogue>,
}

impl Encoder {
    /// Adds the SSE frame of an entry to those before it.
    fn add(&self, frames: &mut Vec<u8>, entry: &Entry) {
        match entry {
            Entry::Activity(known) => {
                frame::activity_frame(frames, self.epoch, &known.0, known.1.as_deref(), &self.catalogue);
            }
            Entry::Gap(last) => frames.extend_from_slice(&frame::reset_frame(
                Cursor::unchecked(self.epoch, *last),
                "activities after the cursor were removed from the log",
            )),
            Entry::Removed(_) => {}
        }
    }
}

/// Why positions have no activities.
#[derive(Clone, Copy, Default)]
pub(super) struct Absent {
    /// The log's floor, if positions below it were asked for.
    pub(super) floor: u64,
    /// Whether the log has a record of every removal above the floor.
    pub(super) is_recorded: bool,
}

impl Absent {
    /// Adds entries for the positions after `reached` up to `last`.
    fn add(self, entries: &mut Vec<Entry>, reached: u64, last: u64) {
        let lost = if self.is_recorded { self.floor.min(last) } else { last };
        if lost > reached {
            entries.push(Entry::Gap(lost));
        }
        if last > lost.max(reached) {
            entries.push(Entry::Removed(last));
        }
    }
}

/// A part of the log without a hole. It is encoded once for each transport that has a client, into memory that all
/// clients share.
pub(super) struct Segment {
    /// The position before its first entry.
    before: u64,
    entries: Vec<Entry>,
    weight: usize,
    encoder: Encoder,
    has_names: bool,
    /// By transport.
    encoded: [OnceLock<Encoded>; Transport::ALL.len()],
}

impl Segment {
    /// The log after the position `before` up to `last`, of which these are the activities in their order.
    pub(super) fn new(
        (before, last): (u64, u64),
        activities: Vec<Known>,
        absent: Absent,
        encoder: Encoder,
    ) -> Self {
        Self::of(before, entries(before, last, activities, absent), encoder)
    }

    fn of(before: u64, entries: Vec<Entry>, encoder: Encoder) -> Self {
        let weight = entries.iter().map(Entry::weight).sum();
        Self { before, entries, weight, encoder, has_names: true, encoded: Default::default() }
    }

    /// The same, made without a look at the directory.
    pub(super) fn without_names(self) -> Self {
        Self { has_names: false, ..self }
    }

    /// Whether its entries have the names of users that were known.
    pub(super) fn has_names(&self) -> bool {
        self.has_names
    }

    /// This segment and the one that follows, as one. What one of them is encoded for, the new one is.
    pub(super) fn with(&self, next: &Self) -> Self {
        let entries = self.entries.iter().chain(&next.entries).cloned().collect();
        let has_names = self.has_names && next.has_names;
        let both = Self { has_names, ..Self::of(self.before, entries, self.encoder.clone()) };
        for transport in Transport::ALL {
            if self.has(transport) || next.has(transport) {
                let encoded = self.encoded(transport).with(next.encoded(transport));
                let _ = both.encoded[transport as usize].set(encoded);
            }
        }
        both
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The position of the last entry.
    pub(super) fn last(&self) -> u64 {
        self.entries.last().map_or(self.before, Entry::position)
    }

    /// How many frames it has.
    pub(super) fn count(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has what follows `position`.
    pub(super) fn follows(&self, position: u64) -> bool {
        (self.before..self.last()).contains(&position)
    }

    /// How much memory the frames of a transport take, estimated. Those of each other transport in use take as much
    /// again.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    pub(super) fn has(&self, transport: Transport) -> bool {
        self.encoded[transport as usize].get().is_some()
    }

    /// The frames of a transport, which are made when they are first asked for.
    pub(super) fn encoded(&self, transport: Transport) -> &Encoded {
        self.encoded[transport as usize].get_or_init(|| self.encode(transport))
    }

    fn encode(&self, transport: Transport) -> Encoded {
        // Most of the cost is the JSON, which the frames of another SSE transport contain.
        let chunks = self.encoded[Transport::Chunks as usize].get();
        let events = self.encoded[Transport::Events as usize].get();
        Encoded::of(transport, self.entries.len(), |n, event| match (events, chunks) {
            (Some(events), _) => event.extend_from_slice(events.frame(n)),
            (_, Some(chunks)) => event.extend_from_slice(chunk::content(chunks.frame(n))),
            (None, None) => self.encoder.add(event, &self.entries[n]),
        })
    }

    /// The entries after one position and up to another, by their indices.
    pub(super) fn range(&self, after: u64, up_to: u64) -> Range<usize> {
        let index = |position: u64| self.entries.partition_point(|entry| entry.position() <= position);
        index(after)..index(up_to).max(index(after))
    }

    /// The frames that match `filter` after one position and up to another.
    pub(super) fn select(&self, filter: &Filter, transport: Transport, after: u64, up_to: u64) -> Selection {
        let range = self.range(after, up_to);
        let meant: Vec<usize> = range.clone().filter(|n| self.entries[*n].is_meant_by(filter)).collect();
        if meant.is_empty() {
            return Selection::default();
        }
        let encoded = self.encoded(transport);
        if meant.len() == range.len() { self.whole(encoded, range) } else { self.gathered(encoded, &meant) }
    }

    /// All frames of a range, without copying them.
    fn whole(&self, encoded: &Encoded, range: Range<usize>) -> Selection {
        let (start, end) = (encoded.start(range.start), encoded.start(range.end));
        let ends = range.map(|n| (encoded.ends[n] - start, self.position(n))).collect();
        Selection { bytes: encoded.bytes.slice(start..end), ends }
    }

    fn gathered(&self, encoded: &Encoded, meant: &[usize]) -> Selection {
        let mut bytes = Vec::with_capacity(meant.iter().map(|n| encoded.frame(*n).len()).sum());
        let mut ends = Vec::with_capacity(meant.len());
        for n in meant {
            bytes.extend_from_slice(encoded.frame(*n));
            ends.push((bytes.len(), self.position(*n)));
        }
        Selection { bytes: bytes.into(), ends }
    }

    fn position(&self, n: usize) -> u64 {
        self.entries[n].position()
    }
}

/// Activities, with the gaps before, between and after them.
fn entries(before: u64, last: u64, activities: Vec<Known>, absent: Absent) -> Vec<Entry> {
    let (mut entries, mut reached) = (Vec::with_capacity(activities.len()), before);
    for known in activities {
        absent.add(&mut entries, reached, known.0.position - 1);
        reached = known.0.position;
        entries.push(Entry::Activity(Arc::new(known)));
    }
    absent.add(&mut entries, reached, last);
    entries
}
