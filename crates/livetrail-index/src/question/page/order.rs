//! The order of a list as numbers: smaller ones come first.

use crate::{
    Index,
    bits::Bits,
    block::Block,
    column::CodeSet,
    dictionary::ranks,
    file::Unreadable,
    schema::{Coded, duration_code},
};
use jiff::Timestamp;
use livetrail_types::{Scalar, Sort, SortBy, SortOrder};

/// Comes after every other key.
const NULL: u64 = u64::MAX;
/// Up to so many actions are compared with a key for each block.
const MAX_RANKS: usize = 1_024;

/// The order of a list, or its reverse.
#[derive(Clone, Debug)]
pub(super) struct Order<'a> {
    index: &'a Index,
    by: SortBy,
    descending: bool,
    is_reversed: bool,
    /// For each action code, twice its rank by bytes: the odd numbers are for texts that the log does not have.
    ranks: Vec<u32>,
}

/// Where a row stands in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) key: u64,
    pub(super) position: u64,
}

impl<'a> Order<'a> {
    pub(super) fn of(index: &'a Index, sort: Sort) -> Self {
        let ranks = match sort.by {
            SortBy::ActionType => {
                ranks(index.dictionaries.of(Coded::Action)).iter().map(|rank| rank * 2).collect()
            }
            _ => Vec::new(),
        };
        Self { index, by: sort.by, descending: sort.order == SortOrder::Desc, is_reversed: false, ranks }
    }

    pub(super) fn reversed(&self) -> Self {
        Self { is_reversed: !self.is_reversed, ..self.clone() }
    }

    /// Whether positions descend.
    pub(super) fn descends(&self) -> bool {
        self.descending != self.is_reversed
    }

    /// The place of a row whose key [`Order::each`] gave.
    pub(super) fn place_of(&self, key: u64, position: u64) -> Place {
        Place { key, position: if self.descends() { !position } else { position } }
    }

    pub(super) fn position(&self, place: Place) -> u64 {
        if self.descends() { !place.position } else { place.position }
    }

    /// The key of a value; null comes last, unless the order is reversed.
    fn key(&self, value: Option<u64>) -> u64 {
        let key = match value {
            None => NULL,
            // Not 0, whose complement would be null.
            Some(value) if self.descending => !(value + 1),
            Some(value) => value + 1,
        };
        if self.is_reversed { !key } else { key }
    }

    /// The key of rows that have no value.
    pub(super) fn null(&self) -> u64 {
        self.key(None)
    }

    fn of_code(&self, code: u32) -> u64 {
        match code {
            0 => self.key(None),
            _ if self.by == SortBy::ActionType => self.key(Some(self.ranks[code as usize].into())),
            _ => self.key(Some(code.into())),
        }
    }

    fn of_micros(&self, micros: i64) -> u64 {
        self.key(Some(micros.cast_unsigned() ^ 1 << 63))
    }

    fn column(&self) -> Option<Coded> {
        match self.by {
            SortBy::Timestamp => None,
            SortBy::ActionType => Some(Coded::Action),
            SortBy::DurationMs => Some(Coded::Duration),
            SortBy::StatusCode => Some(Coded::Status),
        }
    }

    /// Calls `visit` with each row and its key.
    pub(super) fn each(
        &self,
        block: &Block,
        rows: &Bits,
        mut visit: impl FnMut(usize, u64),
    ) -> Result<(), Unreadable> {
        match self.column() {
            None => block.times.get()?.each(rows, |row, micros| visit(row, self.of_micros(micros))),
            Some(column) => block.codes(column)?.each(rows, |row, code| visit(row, self.of_code(code))),
        }
        Ok(())
    }

    /// The smallest and the largest key that a row of the block may have; `None` when it has no rows.
    pub(super) fn bounds(&self, block: &Block) -> Option<(u64, u64)> {
        let Some(column) = self.column() else {
            let (least, most) = block.span.bounds()?;
            let (one, other) = (self.of_micros(least), self.of_micros(most));
            return Some((one.min(other), one.max(other)));
        };
        let codes = block.zone(column);
        let ends = codes.bounds().map(|(least, most)| [self.of_code(least), self.of_code(most)]);
        let null = codes.has_null.then(|| self.null());
        let keys: Vec<u64> = ends.into_iter().flatten().chain(null).collect();
        let (best, worst) = (*keys.iter().min()?, *keys.iter().max()?);
        // Codes of actions are in the order of their first row.
        let is_ordered =
            column != Coded::Action || best == worst && codes.bounds().is_some_and(|(a, b)| a == b);
        Some(if is_ordered { (best, worst) } else { (0, u64::MAX) })
    }

    /// Those of a block's `rows` whose key is at most `key`. `None` where it takes as long to find them as to look at
    /// each row.
    pub(super) fn up_to(&self, block: &Block, rows: &Bits, key: u64) -> Result<Option<Bits>, Unreadable> {
        let Some(column) = self.column().filter(|_| !self.is_reversed && key != NULL) else {
            return Ok(None);
        };
        let wanted = match column {
            Coded::Action if self.ranks.len() > MAX_RANKS => return Ok(None),
            Coded::Action => {
                CodeSet::of((1..self.ranks.len() as u32).filter(|code| self.of_code(*code) <= key))
            }
            _ if self.descending => Some(CodeSet::Range((!key - 1) as u32, u32::MAX)),
            _ => Some(CodeSet::Range(1, (key - 1) as u32)),
        };
        let mut near = rows.clone();
        match wanted {
            Some(wanted) => block.codes(column)?.keep(&wanted, false, &mut near),
            None => near = Bits::default(),
        }
        Ok(Some(near))
    }

    /// The place of a row that is known by its key and position. `None` when the list has no such keys.
    pub(super) fn edge(&self, key: &Scalar, position: u64) -> Option<Place> {
        let key = match (self.by, key) {
            (SortBy::DurationMs | SortBy::StatusCode, Scalar::Null) => self.null(),
            (SortBy::Timestamp, Scalar::Number(micros)) => {
                let [first, last] = [Timestamp::MIN, Timestamp::MAX].map(Timestamp::as_microsecond);
                self.of_micros(*micros.clamp(&first, &last))
            }
            (SortBy::DurationMs, Scalar::Number(number)) => {
                let code = number.saturating_add(i64::from(duration_code(0))).clamp(0, 1 << 33);
                self.key(Some(code.cast_unsigned()))
            }
            (SortBy::StatusCode, Scalar::Number(number)) => {
                self.key(Some(number.saturating_add(1).max(0).cast_unsigned()))
            }
            (SortBy::ActionType, Scalar::Text(text)) => self.key(Some(self.rank(text).into())),
            _ => return None,
        };
        Some(self.place_of(key, position))
    }

    /// Twice the rank of an action; of one that the log does not have, an odd number between those of its neighbours.
    fn rank(&self, text: &str) -> u32 {
        let actions = self.index.dictionaries.of(Coded::Action);
        match actions.code(text) {
            Some(code) => self.ranks[code as usize],
            None => actions.where_text(|other| other < text).count() as u32 * 2 + 1,
        }
    }
}
