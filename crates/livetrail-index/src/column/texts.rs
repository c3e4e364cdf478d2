//! Texts one after another in one piece of memory.

use std::cmp::Ordering;

/// A list of texts. A copy of it is a copy of two vectors, however many texts there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, index: usize) -> &str {
        &self.bytes[self.start(index)..self.ends[index] as usize]
    }

    /// Where a text is, in a list that is in order.
    pub(crate) fn position(&self, text: &str) -> Option<usize> {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            match self.get(middle).cmp(text) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => to = middle,
            }
        }
        None
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    pub(crate) fn memory(&self) -> usize {
        self.bytes.len() + self.ends.len() * 4
    }

    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }

    /// The texts in which the finder finds its needle. It runs over all texts at once; what it finds across the end of
    /// one does not count.
    pub(crate) fn find(&self, finder: &memchr::memmem::Finder<'_>) -> Vec<usize> {
        let (mut found, mut from) = (Vec::new(), 0);
        if finder.needle().is_empty() {
            return (0..self.len()).collect();
        }
        while let Some(at) = finder.find(&self.bytes.as_bytes()[from..]) {
            let begin = from + at;
            let index = self.ends.partition_point(|end| *end as usize <= begin);
            let end = self.ends[index] as usize;
            if begin + finder.needle().len() <= end {
                found.push(index);
                from = end;
            } else {
                from = begin + 1;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    proptest! {
        #[test]
        fn a_needle_is_found_in_every_text_that_has_it_and_in_no_other(
            list in vec("[abü]{0,5}", 0..20), needle in "[abü]{0,3}",
        ) {
            let mut texts = Texts::default();
            list.iter().for_each(|text| texts.push(text));
            let found = texts.find(&memchr::memmem::Finder::new(&needle));
            let expected: Vec<usize> = (0..list.len()).filter(|n| list[*n].contains(&needle)).collect();
            prop_assert_eq!(found, expected);
            prop_assert_eq!(texts.iter().collect::<Vec<_>>(), list);
        }
    }
}
