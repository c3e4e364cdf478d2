use super::segment::Segment;
use std::{collections::VecDeque, sync::Arc};

/// The largest number of activities in the ring.
const MAX_ACTIVITIES: usize = 16_384;
/// The largest number of bytes of frames in the ring, estimated for one transport.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Neighbours are merged up to so many activities and bytes: about as much as one write takes.
const MAX_MERGED: usize = 256;
const MAX_MERGED_BYTES: usize = 256 * 1024;

/// The newest activities, without gaps, bounded in number and in bytes. A commit is a segment at first. Small
/// neighbours are merged, because a client that has fallen behind would otherwise get as many tiny writes as there were
/// commits.
pub(super) struct Ring {
    segments: VecDeque<Arc<Segment>>,
    activities: usize,
    bytes: usize,
    /// The position before the first of them.
    floor: u64,
}

impl Ring {
    /// An empty ring in a log that ends at `position`.
    pub(super) fn after(position: u64) -> Self {
        Self { segments: VecDeque::new(), activities: 0, bytes: 0, floor: position }
    }

    /// Adds the segment that follows the newest one.
    pub(super) fn push(&mut self, segment: Arc<Segment>) {
        self.activities += segment.count();
        self.bytes += segment.weight();
        self.segments.push_back(segment);
        self.merge_newest();
        while self.activities > MAX_ACTIVITIES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.segments.pop_front() else { break };
            self.activities -= oldest.count();
            self.bytes -= oldest.weight();
            self.floor = oldest.last();
        }
    }

    /// Merges as a binary counter carries: two neighbours of the same size become one of twice the size. So no activity
    /// is copied more than eight times.
    fn merge_newest(&mut self) {
        while let [.., older, newer] = self.segments.make_contiguous()
            && older.count() <= newer.count()
            && older.count() + newer.count() <= MAX_MERGED
            && older.has_names() == newer.has_names()
            && older.weight() + newer.weight() <= MAX_MERGED_BYTES
        {
            *older = Arc::new(older.with(newer));
            self.segments.pop_back();
        }
    }

    /// Forgets everything that it has, and goes on after it.
    pub(super) fn clear(&mut self) {
        self.skip_to(self.segments.back().map_or(self.floor, |newest| newest.last()));
    }

    /// Forgets everything up to `position`.
    pub(super) fn skip_to(&mut self, position: u64) {
        *self = Self::after(position);
    }

    /// The segment with what follows `position`; `None` when the ring begins later, or ends there, or when it needs the
    /// names of users and was made without them.
    pub(super) fn segment_after(&self, position: u64, needs_names: bool) -> Option<Arc<Segment>> {
        self.segments_after(position).next().filter(|segment| segment.has_names() || !needs_names)
    }

    /// Everything that follows `position`, in one consistent view. If segments were fetched one by one, a merge in
    /// between would make them overlap.
    pub(super) fn segments_after(&self, position: u64) -> impl Iterator<Item = Arc<Segment>> {
        let first = if position < self.floor {
            self.segments.len()
        } else {
            self.segments.partition_point(|segment| segment.last() <= position)
        };
        self.segments.range(first..).cloned()
    }
}
