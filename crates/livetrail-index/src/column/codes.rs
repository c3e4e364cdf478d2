//! A column of codes: of a dictionary, or numbers. The code 0 is null.

use super::{Overlap, Packed};
use crate::bits::Bits;

/// The codes of a block's rows.
///
/// A cell holds 0 for null, and otherwise how far the code lies above the smallest one, counted from 1. So the width of
/// the cells depends on the spread of a block's codes, not on how many there are in the log.
#[derive(Clone, Debug)]
pub(crate) struct Codes {
    cells: Packed,
    pub(crate) zone: Zone,
    /// What a cell of 1 stands for.
    base: u32,
}

/// Between which codes the rows of a column lie. What it says about a block makes most looks at its cells needless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    /// The smallest code, not counting null. It exceeds the largest where all are null.
    pub(crate) least: u32,
    pub(crate) most: u32,
    pub(crate) has_null: bool,
}

impl Default for Zone {
    fn default() -> Self {
        Self { least: u32::MAX, most: 0, has_null: false }
    }
}

impl Zone {
    fn widen(&mut self, code: u32) {
        if code == 0 {
            self.has_null = true;
        } else {
            self.least = self.least.min(code);
            self.most = self.most.max(code);
        }
    }

    /// The smallest and the largest code, not counting null.
    pub(crate) fn bounds(&self) -> Option<(u32, u32)> {
        (self.least <= self.most).then_some((self.least, self.most))
    }

    /// How many rows have a code of a set, as far as the smallest and the largest code say it.
    pub(crate) fn overlap(&self, wanted: &CodeSet) -> Overlap {
        let Some((least, most)) = self.bounds() else { return Overlap::None };
        match wanted {
            CodeSet::Range(first, last) if *last < least || most < *first => Overlap::None,
            CodeSet::Range(first, last) if *first <= least && most <= *last && !self.has_null => Overlap::All,
            CodeSet::Any(_) if least == most && !wanted.contains(least) => Overlap::None,
            CodeSet::Any(_) if least == most && !self.has_null => Overlap::All,
            _ => Overlap::Some,
        }
    }
}

/// Codes that a condition asks for.
#[derive(Clone, Debug)]
pub(crate) enum CodeSet {
    /// All from one to another.
    Range(u32, u32),
    /// Any of them: a bit for each.
    Any(Vec<u64>),
}

impl Default for Codes {
    fn default() -> Self {
        Self { cells: Packed::default(), zone: Zone::default(), base: 1 }
    }
}

impl Codes {
    pub(crate) fn push(&mut self, code: u32) {
        self.cells.push(code);
        self.zone.widen(code);
    }

    /// A row that no question sees.
    pub(crate) fn push_gap(&mut self) {
        self.cells.push(0);
    }

    /// The same codes in cells as narrow as can be.
    pub(crate) fn sealed(&self) -> Self {
        let base = self.zone.least.min(self.zone.most).max(1);
        let cells: Vec<u32> =
            self.cells.to_vec().into_iter().map(|code| if code == 0 { 0 } else { code - base + 1 }).collect();
        Self { cells: Packed::of(&cells), base, ..self.clone() }
    }

    /// The parts that [`Codes::from_parts`] takes.
    pub(crate) fn parts(&self) -> (u32, Zone, &Packed) {
        (self.base, self.zone, &self.cells)
    }

    /// A column of what [`Codes::parts`] gave. `None` where a cell lies outside the zone.
    pub(crate) fn from_parts(base: u32, zone: Zone, cells: Packed) -> Option<Self> {
        let width = zone.bounds().map_or(Some(0), |(_, most)| most.checked_sub(base)?.checked_add(1));
        (base > 0 && cells.most() <= width?).then_some(Self { cells, zone, base })
    }

    pub(crate) fn get(&self, row: usize) -> u32 {
        self.code(self.cells.get(row))
    }

    pub(crate) fn memory(&self) -> usize {
        self.cells.memory()
    }

    fn code(&self, cell: u32) -> u32 {
        if cell == 0 { 0 } else { cell - 1 + self.base }
    }

    pub(crate) fn each(&self, rows: &Bits, mut visit: impl FnMut(usize, u32)) {
        self.cells.each(rows, |row, cell| visit(row, self.code(cell)));
    }

    /// Calls `add` with each code of some rows, null included, and how many rows have it, as [`Packed::tally`] does.
    pub(crate) fn tally(&self, rows: &[u16], mut add: impl FnMut(u32, u32)) {
        self.cells.tally(rows, |cell, count| add(self.code(cell), count));
    }

    /// Keeps those of `rows` whose code is, or is not, in `wanted`. The set never has null in it.
    pub(crate) fn keep(&self, wanted: &CodeSet, negated: bool, rows: &mut Bits) {
        match self.zone.overlap(wanted).negated_if(negated) {
            Overlap::None => *rows = Bits::default(),
            Overlap::All => {}
            Overlap::Some => match wanted {
                CodeSet::Range(first, last) => {
                    let cell = |code: u32| code.clamp(self.zone.least, self.zone.most) - self.base + 1;
                    self.cells.keep_range(cell(*first), cell(*last), negated, rows);
                }
                CodeSet::Any(words) => self.cells.keep_members(words, self.base, negated, rows),
            },
        }
    }
}

impl CodeSet {
    /// The set of `codes`, which are not null. `None` where there are none.
    pub(crate) fn of(codes: impl IntoIterator<Item = u32>) -> Option<Self> {
        let (mut words, mut least, mut most, mut count) = (Vec::<u64>::new(), u32::MAX, 0, 0_u64);
        for code in codes {
            let (word, bit) = (code as usize / 64, 1 << (code % 64));
            if word >= words.len() {
                words.resize(word + 1, 0);
            }
            count += u64::from(words[word] & bit == 0);
            words[word] |= bit;
            (least, most) = (least.min(code), most.max(code));
        }
        match count {
            0 => None,
            _ if count == u64::from(most - least) + 1 => Some(Self::Range(least, most)),
            _ => Some(Self::Any(words)),
        }
    }

    pub(crate) fn contains(&self, code: u32) -> bool {
        match self {
            Self::Range(first, last) => (*first..=*last).contains(&code),
            Self::Any(words) => {
                words.get(code as usize / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, option, prelude::*, sample::select};

    /// Codes of which the smallest is anywhere, and which spread over one, two or four bytes. `None` is a gap.
    fn codes() -> impl Strategy<Value = Vec<Option<u32>>> {
        let bounds =
            (select(vec![1_u32, 250, 70_000, 1 << 31]), select(vec![0_u32, 5, 254, 255, 60_000, 1 << 30]));
        bounds.prop_flat_map(|(least, spread)| {
            let code = prop_oneof![1 => Just(0), 8 => least..=least + spread, 2 => Just(least + spread)];
            vec(option::weighted(0.9, code), 0..150)
        })
    }

    fn column(codes: &[Option<u32>]) -> (Codes, Bits) {
        let (mut column, mut present) = (Codes::default(), Bits::default());
        for (row, code) in codes.iter().enumerate() {
            match code {
                Some(code) => {
                    column.push(*code);
                    present.insert(row);
                }
                None => column.push_gap(),
            }
        }
        (column, present)
    }

    proptest! {
        #[test]
        fn a_sealed_column_has_the_same_codes_and_the_same_bounds(codes in codes()) {
            let (open, present) = column(&codes);
            let sealed = open.sealed();
            let mut found = vec![None; codes.len()];
            sealed.each(&present, |row, code| found[row] = Some(code));
            prop_assert_eq!(&found, &codes);
            let (base, zone, cells) = sealed.parts();
            prop_assert_eq!(zone, open.zone);
            prop_assert!(Codes::from_parts(base, zone, cells.clone()).is_some());
            let too_low = Zone { most: zone.most.wrapping_sub(1), ..zone };
            prop_assert!(zone.bounds().is_none() || Codes::from_parts(base, too_low, cells.clone()).is_none());
        }

        #[test]
        fn the_rows_of_a_set_are_kept_whether_the_column_is_open_or_sealed(
            codes in codes(), picks in vec(any::<prop::sample::Index>(), 1..5), is_range: bool, negated: bool,
        ) {
            let (open, present) = column(&codes);
            let known: Vec<u32> = codes.iter().flatten().copied().filter(|code| *code > 0).chain([1, 300]).collect();
            let picked = picks.iter().map(|pick| *pick.get(&known));
            let bounds = picked.clone().min().zip(picked.clone().max()).filter(|_| is_range);
            let wanted = match bounds {
                Some((least, most)) => CodeSet::Range(least, most),
                // Sets are for dictionaries, whose codes are small.
                None => match CodeSet::of(picked.filter(|code| *code < 200_000)) {
                    Some(wanted) => wanted,
                    None => return Ok(()),
                },
            };
            let holds = |code: &u32| (*code > 0 && wanted.contains(*code)) != negated;
            let expected: Vec<usize> =
                (0..codes.len()).filter(|row| codes[*row].as_ref().is_some_and(holds)).collect();
            for column in [&open, &open.sealed()] {
                let mut rows = present.clone();
                column.keep(&wanted, negated, &mut rows);
                prop_assert_eq!(rows.ordered(false).collect::<Vec<_>>(), &expected[..]);
            }
        }
    }
}
