//! A page of a list: the positions of its rows, in order.
//!
//! A row's place in a list is a pair of numbers, its key and its position, both turned so that smaller pairs come
//! first. A page near the beginning, or beside a row, is the smallest pairs of those that lie beyond an edge: blocks
//! whose best key is worse than what was found are skipped. A page far from the beginning is found by counting keys
//! (`deep`), since to keep all rows before it would fill memory.

mod deep;
mod order;
mod smallest;

use crate::{Selection, file::Unreadable, select::Selected};
use livetrail_types::{Scalar, Sort};
use order::{Order, Place};
use smallest::Smallest;

/// So many rows are kept in memory, 16 bytes each, twice at most; a page that lies further on is counted.
const MAX_KEPT: u64 = 1 << 17;

/// Where a page begins.
#[derive(Clone, Debug, PartialEq)]
pub enum PageFrom {
    /// After so many rows of the list.
    Offset(u64),
    /// After the row with this key and position.
    After(Scalar, u64),
    /// It ends before the row with this key and position.
    Before(Scalar, u64),
}

impl Selection<'_> {
    /// The positions of at most `limit` rows of the list, in its order: by key, null last, and by position between
    /// equal keys. Keys are those of [`PageCursor`](livetrail_types::PageCursor): microseconds for the timestamp. An
    /// edge whose key is of another type than the list's gives an empty page.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn page(&self, sort: Sort, from: &PageFrom, limit: usize) -> Result<Vec<u64>, Unreadable> {
        let order = Order::of(self.index, sort);
        match from {
            PageFrom::Offset(offset) if offset.saturating_add(limit as u64) > MAX_KEPT => {
                self.deep(&order, *offset, limit)
            }
            PageFrom::Offset(offset) => {
                let offset = *offset as usize;
                Ok(self.smallest(&order, None, offset + limit)?.into_iter().skip(offset).collect())
            }
            PageFrom::After(key, position) => self.beside(&order, key, *position, limit),
            PageFrom::Before(key, position) => {
                let mut page = self.beside(&order.reversed(), key, *position, limit)?;
                page.reverse();
                Ok(page)
            }
        }
    }

    fn beside(
        &self,
        order: &Order<'_>,
        key: &Scalar,
        position: u64,
        limit: usize,
    ) -> Result<Vec<u64>, Unreadable> {
        order.edge(key, position).map_or(Ok(Vec::new()), |edge| self.smallest(order, Some(edge), limit))
    }

    /// The positions of the first `count` rows beyond an edge.
    fn smallest(&self, order: &Order<'_>, edge: Option<Place>, count: usize) -> Result<Vec<u64>, Unreadable> {
        let mut blocks: Vec<_> = self
            .blocks
            .iter()
            .filter_map(|selected| Some((order.bounds(selected.block)?, selected)))
            .collect();
        blocks.sort_by_key(|((best, _), selected)| (*best, order.place_of(0, selected.position(0)).position));
        let mut smallest = Smallest::of(count, edge);
        for ((best, worst), selected) in blocks {
            if smallest.may_take(best, worst) {
                self.take(order, selected, &mut smallest)?;
            }
        }
        Ok(smallest.finish().into_iter().map(|place| order.position(place)).collect())
    }

    fn take(
        &self,
        order: &Order<'_>,
        selected: &Selected<'_>,
        smallest: &mut Smallest,
    ) -> Result<(), Unreadable> {
        // Where enough rows were found, a comparison of many cells at once leaves the few that may come before them.
        let near = match smallest.worst_key() {
            Some(key) => order.up_to(selected.block, selected.rows(), key)?,
            None => None,
        };
        order.each(selected.block, near.as_ref().unwrap_or(selected.rows()), |row, key| {
            if smallest.may_take(key, key) {
                smallest.take(order.place_of(key, selected.position(row)));
            }
        })
    }
}
