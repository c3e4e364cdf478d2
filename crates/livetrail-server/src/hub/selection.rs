use bytes::Bytes;

/// The frames of a part of the log that match a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Frames of one transport, one after the other.
    pub bytes: Bytes,
    /// Where each of them ends, and the position of its activity.
    pub ends: Vec<(usize, u64)>,
}

/// What remains to be sent to a client that took only a part of a selection.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rest {
    /// The rest of the frame that was begun, copied: a client that takes nothing must not keep a whole segment in
    /// memory.
    pub(super) bytes: Bytes,
    /// The position of the last frame that was taken or begun; none if none was.
    pub(super) position: Option<u64>,
}

impl Selection {
    /// Joins selections that follow one another. A single one is not copied.
    pub(super) fn join(mut parts: Vec<Self>) -> Self {
        parts.retain(|part| !part.bytes.is_empty());
        if parts.len() <= 1 {
            return parts.pop().unwrap_or_default();
        }
        let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.bytes.len()).sum());
        let mut ends = Vec::with_capacity(parts.iter().map(|part| part.ends.len()).sum());
        for part in parts {
            ends.extend(part.ends.iter().map(|(end, position)| (bytes.len() + end, *position)));
            bytes.extend_from_slice(&part.bytes);
        }
        Self { bytes: bytes.into(), ends }
    }

    /// How many frames there are up to `position`, and how many bytes.
    pub(super) fn up_to(&self, position: u64) -> (usize, usize) {
        let frames = self.ends.partition_point(|(_, end)| *end <= position);
        (frames, frames.checked_sub(1).map_or(0, |last| self.ends[last].0))
    }

    /// What remains when `taken` bytes were sent.
    pub(super) fn rest_after(&self, taken: usize) -> Rest {
        let begun = self.ends.partition_point(|(end, _)| *end <= taken);
        let before = begun.checked_sub(1).and_then(|n| self.ends.get(n));
        let start = before.map_or(0, |(end, _)| *end);
        match self.ends.get(begun) {
            Some((end, position)) if taken > start => {
                Rest { bytes: Bytes::copy_from_slice(&self.bytes[taken..*end]), position: Some(*position) }
            }
            _ => Rest { bytes: Bytes::new(), position: before.map(|(_, position)| *position) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_the_rest_of_the_frame_that_was_begun_and_its_position() {
        let whole = Selection::join(vec![
            Selection { bytes: Bytes::from("aabbb"), ends: vec![(2, 3), (5, 5)] },
            Selection::default(),
            Selection { bytes: Bytes::from("cccc"), ends: vec![(4, 9)] },
        ]);
        assert_eq!(whole, Selection { bytes: Bytes::from("aabbbcccc"), ends: vec![(2, 3), (5, 5), (9, 9)] });
        let rest = |taken| {
            let Rest { bytes, position } = whole.rest_after(taken);
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
        for (taken, (bytes, position)) in expected.into_iter().enumerate() {
            assert_eq!(rest(taken), (bytes.to_owned(), position), "after {taken} bytes");
        }
    }
}
