use super::Frame;
use std::{collections::VecDeque, sync::Arc};

/// Most frames at hand.
const MOST_FRAMES: usize = 16_384;
/// Most bytes of frames at hand.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The newest frames, without gaps, bounded in number and in bytes.
pub(super) struct Ring {
    frames: VecDeque<Arc<Frame>>,
    bytes: usize,
    /// The position before the first frame.
    floor: u64,
}

impl Ring {
    /// An empty ring in a log that ends at `position`.
    pub(super) fn after(position: u64) -> Self {
        Self { frames: VecDeque::new(), bytes: 0, floor: position }
    }

    /// Adds the frames that follow the newest one.
    pub(super) fn extend(&mut self, frames: Vec<Arc<Frame>>) {
        for frame in frames {
            self.bytes += frame.len();
            self.frames.push_back(frame);
        }
        while self.frames.len() > MOST_FRAMES || self.bytes > MOST_BYTES {
            let Some(oldest) = self.frames.pop_front() else { break };
            self.bytes -= oldest.len();
            self.floor = oldest.position();
        }
    }

    /// Forgets everything up to `position`.
    pub(super) fn skip_to(&mut self, position: u64) {
        *self = Self::after(position);
    }

    /// At most `limit` frames after `position`; `None` when the ring begins later.
    pub(super) fn read_after(&self, position: u64, limit: usize) -> Option<Vec<Arc<Frame>>> {
        let skipped = usize::try_from(position.checked_sub(self.floor)?).ok()?;
        Some(self.frames.iter().skip(skipped).take(limit).cloned().collect())
    }
}
