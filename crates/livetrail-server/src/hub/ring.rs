use super::segment::Segment;
use std::{collections::VecDeque, sync::Arc};

/// Most activities at hand.
const MOST_ACTIVITIES: usize = 16_384;
/// Most bytes of frames at hand.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The newest activities, without gaps, bounded in number and in bytes.
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
        while self.activities > MOST_ACTIVITIES || self.bytes > MOST_BYTES {
            let Some(oldest) = self.segments.pop_front() else { break };
            self.activities -= oldest.count();
            self.bytes -= oldest.weight();
            self.floor = oldest.last();
        }
    }

    /// Forgets everything up to `position`.
    pub(super) fn skip_to(&mut self, position: u64) {
        *self = Self::after(position);
    }

    /// The segment with what follows `position`; `None` when the ring begins later, or ends there.
    pub(super) fn segment_after(&self, position: u64) -> Option<Arc<Segment>> {
        if position < self.floor {
            return None;
        }
        let n = self.segments.partition_point(|segment| segment.last() <= position);
        self.segments.get(n).cloned()
    }
}
