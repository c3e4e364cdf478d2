use crate::hub::Selection;
use bytes::Bytes;
use std::io::IoSlice;

/// Slices that one system call takes at most.
const MOST_SLICES: usize = 1024;

/// Frames that are written in one go.
#[derive(Default)]
pub(super) struct Batch {
    slices: Vec<Bytes>,
    /// Where each frame ends, and the position that it leads to.
    ends: Vec<(usize, u64)>,
    length: usize,
}

/// What a client that took only a part of a batch is left with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rest {
    /// The rest of the frame that was begun, in memory of its own: a client that stands still is to keep nothing alive.
    pub(super) bytes: Bytes,
    /// The position of the last frame that was written or begun; none if none was.
    pub(super) position: Option<u64>,
}

impl Batch {
    pub(super) fn push(&mut self, selection: Selection) {
        if selection.bytes.is_empty() {
            return;
        }
        self.ends.extend(selection.ends.iter().map(|(end, position)| (self.length + end, *position)));
        self.length += selection.bytes.len();
        self.slices.push(selection.bytes);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// As much of it as one system call takes.
    pub(super) fn io_slices(&self) -> Vec<IoSlice<'_>> {
        self.slices.iter().take(MOST_SLICES).map(|slice| IoSlice::new(slice)).collect()
    }

    /// What is left when `written` bytes were taken.
    pub(super) fn rest_after(&self, written: usize) -> Rest {
        let begun = self.ends.partition_point(|(end, _)| *end <= written);
        let before = begun.checked_sub(1).and_then(|n| self.ends.get(n));
        let start = before.map_or(0, |(end, _)| *end);
        match self.ends.get(begun) {
            Some((end, position)) if written > start => {
                Rest { bytes: self.copy(written, *end), position: Some(*position) }
            }
            _ => Rest { bytes: Bytes::new(), position: before.map(|(_, position)| *position) },
        }
    }

    fn copy(&self, from: usize, to: usize) -> Bytes {
        let (mut copied, mut start) = (Vec::with_capacity(to - from), 0);
        for slice in &self.slices {
            let end = start + slice.len();
            let (first, last) = (from.clamp(start, end), to.clamp(start, end));
            copied.extend_from_slice(&slice[first - start..last - start]);
            start = end;
        }
        copied.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames `aa`, `bbb` and `cccc` of the positions 3, 5 and 9, in two selections.
    fn batch() -> Batch {
        let mut batch = Batch::default();
        batch.push(Selection { bytes: Bytes::from("aabbb"), ends: vec![(2, 3), (5, 5)] });
        batch.push(Selection::default());
        batch.push(Selection { bytes: Bytes::from("cccc"), ends: vec![(4, 9)] });
        batch
    }

    #[test]
    fn what_is_left_is_the_rest_of_the_frame_that_was_begun_and_its_position() {
        let batch = batch();
        let rest = |written| {
            let Rest { bytes, position } = batch.rest_after(written);
            (String::from_utf8(bytes.to_vec()).expect("text"), position)
        };
        let expected = [
            ("", None),
            ("a", Some(3)),
            ("", Some(3)),
            ("bb", Some(5)),
            ("b", Some(5)),
            ("", Some(5)),
            ("ccc", Some(9)),
            ("cc", Some(9)),
            ("c", Some(9)),
            ("", Some(9)),
        ];
        for (written, (bytes, position)) in expected.into_iter().enumerate() {
            assert_eq!(rest(written), (bytes.to_owned(), position), "after {written} bytes");
        }
        assert_eq!(batch.len(), 9);
    }
}
