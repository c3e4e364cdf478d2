use super::{Selection, Wire, chunk, frame, websocket};
use bytes::Bytes;
use livetrail_types::{Activity, Catalogue, Cursor, Epoch, Filter, Subject, UserProfile};
use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

/// An activity and what the directory knows of its user.
pub(super) type Known = (Activity, Option<Arc<UserProfile>>);

/// What a segment has frames of.
#[derive(Clone)]
enum Entry {
    Activity(Arc<Known>),
    /// Activities that were removed from the log, up to a position. Whatever a client follows, it is told.
    Gap(u64),
}

impl Entry {
    /// Where a client is that was given it.
    fn position(&self) -> u64 {
        match self {
            Self::Activity(known) => known.0.position,
            Self::Gap(last) => *last,
        }
    }

    fn is_meant_by(&self, filter: &Filter) -> bool {
        let Self::Activity(known) = self else { return true };
        let (activity, profile) = &**known;
        filter.matches(&Subject { activity, profile: profile.as_deref() })
    }
}

/// A part of the log without a hole, encoded once into memory that all clients share.
pub(super) struct Segment {
    /// The position before the first of it.
    before: u64,
    entries: Vec<Entry>,
    chunks: Encoded,
    /// The same for other wires, once somebody is on one.
    events: OnceLock<Encoded>,
    messages: OnceLock<Encoded>,
}

/// Frames in one piece of memory, one after the other.
pub(super) struct Encoded {
    pub(super) bytes: Bytes,
    /// Where each of them ends.
    pub(super) ends: Vec<usize>,
}

impl Encoded {
    /// The same frames, each as `change` adds it to those before it.
    fn map(&self, mut change: impl FnMut(&mut Vec<u8>, &[u8])) -> Self {
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut ends = Vec::with_capacity(self.ends.len());
        for n in 0..self.ends.len() {
            change(&mut bytes, self.frame(n));
            ends.push(bytes.len());
        }
        Self { bytes: bytes.into(), ends }
    }

    /// These frames and those that follow them.
    fn with(&self, next: &Self) -> Self {
        let bytes = [&self.bytes[..], &next.bytes].concat().into();
        let ends = self.ends.iter().copied().chain(next.ends.iter().map(|end| self.bytes.len() + end));
        Self { bytes, ends: ends.collect() }
    }

    /// Where the n-th frame starts, or where the last one ends.
    fn start(&self, n: usize) -> usize {
        n.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// The n-th frame.
    fn frame(&self, n: usize) -> &[u8] {
        &self.bytes[self.start(n)..self.ends[n]]
    }
}

impl Segment {
    /// Encodes the log after the position `before` up to `last`, of which these are the activities in their order.
    pub(super) fn encode(
        epoch: Epoch,
        (before, last): (u64, u64),
        activities: Vec<Known>,
        catalogue: &Catalogue,
    ) -> Self {
        let mut bytes = Vec::with_capacity(activities.len() * 1024);
        let mut ends = Vec::with_capacity(activities.len());
        let mut frame = Vec::new();
        let entries = entries(before, last, activities);
        for entry in &entries {
            frame.clear();
            match entry {
                Entry::Activity(known) => {
                    frame::activity_frame(&mut frame, epoch, &known.0, known.1.as_deref(), catalogue);
                }
                Entry::Gap(last) => frame.extend_from_slice(&frame::reset_frame(
                    Cursor { epoch, position: *last },
                    "activities after the cursor were removed from the log",
                )),
            }
            chunk::add_chunk(&mut bytes, &frame);
            ends.push(bytes.len());
        }
        let chunks = Encoded { bytes: bytes.into(), ends };
        Self { before, entries, chunks, events: OnceLock::new(), messages: OnceLock::new() }
    }

    /// These activities and those of the segment that follows, as one. What these were encoded for, all of them are.
    pub(super) fn with(&self, next: &Self) -> Self {
        let both = |these: &OnceLock<Encoded>, wire| {
            let encoded = these.get().map(|these| these.with(next.encoded(wire)));
            encoded.map_or_else(OnceLock::new, OnceLock::from)
        };
        Self {
            before: self.before,
            entries: self.entries.iter().chain(&next.entries).cloned().collect(),
            chunks: self.chunks.with(&next.chunks),
            events: both(&self.events, Wire::Events),
            messages: both(&self.messages, Wire::WebSocket),
        }
    }

    /// The position of the last.
    pub(super) fn last(&self) -> u64 {
        self.entries.last().map_or(self.before, Entry::position)
    }

    /// How many frames these are.
    pub(super) fn count(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has what follows `position`.
    pub(super) fn follows(&self, position: u64) -> bool {
        (self.before..self.last()).contains(&position)
    }

    /// How much memory the frames of a wire take. Those of each other wire that is in use take as much again.
    pub(super) fn weight(&self) -> usize {
        self.chunks.bytes.len()
    }

    fn encoded(&self, wire: Wire) -> &Encoded {
        match wire {
            Wire::Chunks => &self.chunks,
            Wire::Events => self.events.get_or_init(|| {
                self.chunks.map(|events, frame| events.extend_from_slice(chunk::content(frame)))
            }),
            Wire::WebSocket => self.messages.get_or_init(|| {
                self.chunks.map(|messages, frame| websocket::add_event(messages, chunk::content(frame)))
            }),
        }
    }

    /// What `filter` means of the activities after one position and up to another.
    pub(super) fn select(&self, filter: &Filter, wire: Wire, after: u64, up_to: u64) -> Selection {
        let index = |position: u64| self.entries.partition_point(|entry| entry.position() <= position);
        let range = index(after)..index(up_to).max(index(after));
        let meant: Vec<usize> = range.clone().filter(|n| self.entries[*n].is_meant_by(filter)).collect();
        let encoded = self.encoded(wire);
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

/// Activities, with what is missing before, between and after them.
fn entries(before: u64, last: u64, activities: Vec<Known>) -> Vec<Entry> {
    let (mut entries, mut reached) = (Vec::with_capacity(activities.len()), before);
    for known in activities {
        let position = known.0.position;
        if position > reached + 1 {
            entries.push(Entry::Gap(position - 1));
        }
        reached = position;
        entries.push(Entry::Activity(Arc::new(known)));
    }
    if last > reached {
        entries.push(Entry::Gap(last));
    }
    entries
}
