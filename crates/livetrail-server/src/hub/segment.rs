use super::{Selection, frame};
use bytes::Bytes;
use livetrail_types::{Activity, Catalogue, Epoch, Filter, Subject, UserProfile};
use std::{ops::Range, sync::Arc};

/// An activity and what the directory knows of its user.
pub(super) type Known = (Activity, Option<Arc<UserProfile>>);

/// Activities that follow one another, encoded once into one piece of memory that all clients share.
pub(super) struct Segment {
    /// The position before the first of them.
    before: u64,
    frames: Vec<Frame>,
    /// The frames of an event stream, one after the other.
    sse: Bytes,
}

struct Frame {
    activity: Activity,
    profile: Option<Arc<UserProfile>>,
    /// Where the frame ends in the bytes of its segment.
    end: usize,
}

impl Segment {
    /// Encodes activities that follow the position `before`, one after the other.
    pub(super) fn encode(epoch: Epoch, before: u64, activities: Vec<Known>, catalogue: &Catalogue) -> Self {
        let mut sse = Vec::with_capacity(activities.len() * 1024);
        let mut frames = Vec::with_capacity(activities.len());
        for (activity, profile) in activities {
            frame::activity_frame(&mut sse, epoch, &activity, profile.as_deref(), catalogue);
            frames.push(Frame { activity, profile, end: sse.len() });
        }
        Self { before, frames, sse: sse.into() }
    }

    /// The position of the last.
    pub(super) fn last(&self) -> u64 {
        self.before + self.frames.len() as u64
    }

    /// How many activities these are.
    pub(super) fn count(&self) -> usize {
        self.frames.len()
    }

    /// How much memory the frames take.
    pub(super) fn weight(&self) -> usize {
        self.sse.len()
    }

    /// What `filter` means of the activities after one position and up to another.
    pub(super) fn select(&self, filter: &Filter, after: u64, up_to: u64) -> Selection {
        let index = |position: u64| {
            usize::try_from(position.saturating_sub(self.before))
                .map_or(self.frames.len(), |n| n.min(self.frames.len()))
        };
        let range = index(after)..index(up_to).max(index(after));
        let meant: Vec<usize> = range.clone().filter(|n| self.frames[*n].is_meant_by(filter)).collect();
        if meant.len() == range.len() { self.whole(range) } else { self.gathered(&meant) }
    }

    /// All frames of a range, without copying them.
    fn whole(&self, range: Range<usize>) -> Selection {
        let start = self.start(range.start);
        let end = self.start(range.end);
        let ends = range.map(|n| (self.frames[n].end - start, self.position(n))).collect();
        Selection { bytes: self.sse.slice(start..end), ends }
    }

    fn gathered(&self, meant: &[usize]) -> Selection {
        let mut bytes = Vec::with_capacity(meant.iter().map(|n| self.frames[*n].end - self.start(*n)).sum());
        let mut ends = Vec::with_capacity(meant.len());
        for n in meant {
            bytes.extend_from_slice(&self.sse[self.start(*n)..self.frames[*n].end]);
            ends.push((bytes.len(), self.position(*n)));
        }
        Selection { bytes: bytes.into(), ends }
    }

    /// Where the n-th frame starts, or where the last one ends.
    fn start(&self, n: usize) -> usize {
        n.checked_sub(1).map_or(0, |before| self.frames[before].end)
    }

    fn position(&self, n: usize) -> u64 {
        self.before + n as u64 + 1
    }
}

impl Frame {
    fn is_meant_by(&self, filter: &Filter) -> bool {
        filter.matches(&Subject { activity: &self.activity, profile: self.profile.as_deref() })
    }
}
