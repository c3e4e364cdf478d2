/// The times between which a memory has dropped entries; `None` if it has not.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lost(Option<(i64, i64)>);

impl Lost {
    pub(super) fn add(&mut self, at: i64) {
        self.0 = Some(self.0.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
    }

    /// Whether an entry between two moments may have been dropped.
    pub(super) fn overlaps(&self, from: i64, to: i64) -> bool {
        self.0.is_some_and(|(first, last)| first <= to && from <= last)
    }

    pub(super) fn forget_before(&mut self, floor: i64) {
        self.0 = self.0.filter(|(_, last)| *last >= floor);
    }

    pub(super) fn forget_between(&mut self, from: i64, to: i64) {
        self.0 = self.0.filter(|(first, last)| *first < from || *last > to);
    }
}
