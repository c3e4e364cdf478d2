//! A page far from the beginning of a list, by counting keys.
//!
//! Keys are counted in equal ranges. The ranges in which the page lies are counted again, more finely. That ends when
//! few rows are left, which are sorted, or when each range is one key, whose rows are in the order of their positions
//! already.

use super::{order::Order, smallest::Smallest};
use crate::{Selection, bits::Bits, file::Unreadable};
use std::ops::RangeInclusive;

const RANGES: u64 = 65_536;
/// So many rows are sorted rather than counted again.
const FEW: u64 = 20_000;

type Keys = RangeInclusive<u64>;

impl Selection<'_> {
    /// The positions of `limit` rows after `offset` others.
    pub(super) fn deep(&self, order: &Order<'_>, offset: u64, limit: usize) -> Result<Vec<u64>, Unreadable> {
        let (keys, valued, total) = self.key_bounds(order)?;
        if offset >= total {
            return Ok(Vec::new());
        }
        let mut page = Vec::with_capacity(limit);
        if let Some(keys) = keys.filter(|_| offset < valued) {
            self.within(order, keys, offset, limit, &mut page)?;
        }
        if page.len() < limit {
            self.of_key(order, order.null(), offset.saturating_sub(valued), limit, &mut page)?;
        }
        Ok(page)
    }

    /// The range of the keys other than null, how many rows have one, and how many rows there are.
    fn key_bounds(&self, order: &Order<'_>) -> Result<(Option<Keys>, u64, u64), Unreadable> {
        let (mut least, mut most, mut valued, mut total) = (u64::MAX, 0, 0, 0);
        for selected in &self.blocks {
            order.each(selected.block, selected.rows(), |_, key| {
                total += 1;
                if key != order.null() {
                    valued += 1;
                    (least, most) = (least.min(key), most.max(key));
                }
            })?;
        }
        Ok(((valued > 0).then_some(least..=most), valued, total))
    }

    /// Adds rows with keys in a range after `offset` of them, until the page has `limit` rows or the range has no more.
    fn within(
        &self,
        order: &Order<'_>,
        mut keys: Keys,
        mut offset: u64,
        limit: usize,
        page: &mut Vec<u64>,
    ) -> Result<(), Unreadable> {
        loop {
            let shift = (0..64).find(|shift| (keys.end() - keys.start()) >> shift < RANGES).unwrap_or(63);
            let counts = self.histogram(order, &keys, shift)?;
            let (first, before) = find(&counts, offset);
            let last = find(&counts, offset + (limit - page.len()) as u64 - 1).0;
            offset -= before;
            let begin = keys.start() + ((first as u64) << shift);
            let end = keys.start() + ((last as u64) << shift) + ((1 << shift) - 1);
            keys = begin..=end.min(*keys.end());
            if counts[first..=last].iter().sum::<u64>() <= FEW {
                return self.sorted(order, &keys, offset, limit, page);
            }
            if shift == 0 {
                self.of_key(order, begin, offset, limit, page)?;
                if page.len() == limit || first == last {
                    return Ok(());
                }
                (keys, offset) = (begin + 1..=*keys.end(), 0);
            }
        }
    }

    fn histogram(&self, order: &Order<'_>, keys: &Keys, shift: u32) -> Result<Vec<u64>, Unreadable> {
        let mut counts = vec![0; ((keys.end() - keys.start()) >> shift) as usize + 1];
        self.each_in(order, keys, |key, _| counts[((key - keys.start()) >> shift) as usize] += 1)?;
        Ok(counts)
    }

    /// Calls `visit` with the key and position of each row whose key is in a range.
    fn each_in(
        &self,
        order: &Order<'_>,
        keys: &Keys,
        mut visit: impl FnMut(u64, u64),
    ) -> Result<(), Unreadable> {
        for selected in &self.blocks {
            let is_near = |(best, worst): (u64, u64)| best <= *keys.end() && *keys.start() <= worst;
            if order.bounds(selected.block).is_some_and(is_near) {
                order.each(selected.block, selected.rows(), |row, key| {
                    if keys.contains(&key) && key != order.null() {
                        visit(key, selected.position(row));
                    }
                })?;
            }
        }
        Ok(())
    }

    fn sorted(
        &self,
        order: &Order<'_>,
        keys: &Keys,
        offset: u64,
        limit: usize,
        page: &mut Vec<u64>,
    ) -> Result<(), Unreadable> {
        let count = offset as usize + limit - page.len();
        let mut smallest = Smallest::of(count, None);
        self.each_in(order, keys, |key, position| smallest.take(order.place_of(key, position)))?;
        page.extend(smallest.finish().into_iter().skip(offset as usize).map(|place| order.position(place)));
        Ok(())
    }

    /// Adds rows of one key after `offset` of them.
    fn of_key(
        &self,
        order: &Order<'_>,
        wanted: u64,
        mut offset: u64,
        limit: usize,
        page: &mut Vec<u64>,
    ) -> Result<(), Unreadable> {
        let count = self.blocks.len();
        for n in 0..count {
            if page.len() >= limit {
                break;
            }
            let selected = &self.blocks[if order.descends() { count - 1 - n } else { n }];
            let mut rows = Bits::default();
            order.each(selected.block, selected.rows(), |row, key| {
                if key == wanted {
                    rows.insert(row);
                }
            })?;
            let (found, missing) = (rows.count() as u64, limit - page.len());
            if offset < found {
                let these = rows.ordered(order.descends()).skip(offset as usize).take(missing);
                page.extend(these.map(|row| selected.position(row)));
            }
            offset = offset.saturating_sub(found);
        }
        Ok(())
    }
}

/// The range in which the row after `offset` others lies, the last one if there are fewer, and how many rows lie before
/// it.
fn find(counts: &[u64], offset: u64) -> (usize, u64) {
    let mut before = 0;
    for (index, count) in counts.iter().enumerate() {
        if offset < before + count {
            return (index, before);
        }
        before += count;
    }
    let last = counts.len() - 1;
    (last, before - counts[last])
}
