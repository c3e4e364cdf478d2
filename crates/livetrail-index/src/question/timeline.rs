//! How many rows there were when, by success and category.

use crate::{Selection, bits::Bits, block::Block, file::Unreadable, schema::Coded, summary::Hours};
use jiff::Timestamp;
use livetrail_types::Catalogue;
use std::{collections::BTreeMap, ops::Range};

const SECOND: i64 = 1_000_000;
/// An hour in seconds.
const HOUR: i64 = 3_600;

/// What happened from `start` until the next bucket begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Epoch seconds.
    pub start: i64,
    /// How many rows.
    pub count: u64,
    /// How many of them worked.
    pub success_count: u64,
    /// How many of each category that occurs.
    pub categories: BTreeMap<String, u64>,
}

impl Selection<'_> {
    /// When the first and the last of the rows happened.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn span(&self) -> Result<Option<(Timestamp, Timestamp)>, Unreadable> {
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for selected in &self.blocks {
            let Some((least, most)) = selected.block.span.bounds() else { continue };
            if selected.is_whole() {
                (first, last) = (first.min(least), last.max(most));
            } else if least < first || last < most {
                selected.block.times.get()?.each(selected.rows(), |_, micros| {
                    (first, last) = (first.min(micros), last.max(micros));
                });
            }
        }
        Ok(Timestamp::from_microsecond(first).ok().zip(Timestamp::from_microsecond(last).ok()))
    }

    /// The counts of `buckets` buckets of `seconds` seconds, the first of which begins at the epoch second `start`.
    /// Rows before and after them are not counted.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn timeline(
        &self,
        start: i64,
        seconds: i64,
        buckets: usize,
        catalogue: &Catalogue,
    ) -> Result<Vec<Bucket>, Unreadable> {
        let mut counts = Counts::of(self, start, seconds.max(1), buckets, catalogue);
        if start % HOUR == 0 && seconds % HOUR == 0 {
            for part in &self.parts.rows {
                counts.add(part.block, part.rows(), part.weight)?;
            }
            for summary in &self.parts.summaries {
                counts.add_hours(&*summary.hours.get()?);
            }
        } else {
            for selected in &self.blocks {
                counts.add(selected.block, selected.rows(), 1)?;
            }
        }
        Ok(counts.finish())
    }
}

/// Counts by bucket, success and category.
struct Counts<'a> {
    start: i64,
    seconds: i64,
    buckets: usize,
    /// The category of each action code, as an index of `names`.
    categories: Vec<usize>,
    names: Vec<&'a str>,
    /// A row for each bucket: for each category, how many failed and how many worked.
    cells: Vec<i64>,
}

impl<'a> Counts<'a> {
    fn of(
        selection: &Selection<'_>,
        start: i64,
        seconds: i64,
        buckets: usize,
        catalogue: &'a Catalogue,
    ) -> Self {
        let actions = selection.index.dictionaries.of(Coded::Action);
        let mut names = Vec::new();
        // The code 0 is null, which no action is.
        let mut categories = vec![0];
        for code in 1..=actions.len() {
            let name = catalogue.category_of(actions.text(code));
            let known = names.iter().position(|known| *known == name);
            categories.push(known.unwrap_or(names.len()));
            if known.is_none() {
                names.push(name);
            }
        }
        let cells = vec![0; buckets * names.len() * 2];
        Self { start, seconds, buckets, categories, names, cells }
    }

    /// The bucket of a moment, and the moments that it has.
    fn bucket(&self, micros: i64) -> (Option<usize>, Range<i64>) {
        let bucket = (micros.div_euclid(SECOND) - self.start).div_euclid(self.seconds);
        let begin = (self.start + bucket * self.seconds).saturating_mul(SECOND);
        let index = usize::try_from(bucket).ok().filter(|index| *index < self.buckets);
        (index, begin..begin.saturating_add(self.seconds.saturating_mul(SECOND)))
    }

    /// Counts rows of a block with a weight, which is 1 or -1.
    fn add(&mut self, block: &Block, rows: &Bits, weight: i64) -> Result<(), Unreadable> {
        let Some((least, most)) = block.span.bounds() else { return Ok(()) };
        let (index, moments) = self.bucket(least);
        if moments.contains(&most) {
            self.add_to_one(index, block, rows, weight)
        } else {
            self.add_each(block, rows, weight)
        }
    }

    /// All rows of the block belong to one bucket.
    fn add_to_one(
        &mut self,
        index: Option<usize>,
        block: &Block,
        rows: &Bits,
        weight: i64,
    ) -> Result<(), Unreadable> {
        let Some(index) = index else { return Ok(()) };
        let (actions, success) = (block.codes(Coded::Action)?, block.success.get()?);
        let (mut worked, mut failed) = (rows.clone(), rows.clone());
        worked.keep(&success);
        failed.remove(&success);
        let width = self.names.len() * 2;
        for (rows, success) in [(failed, 0), (worked, 1)] {
            let cells = &mut self.cells[index * width..][..width];
            actions.each(&rows, |_, action| {
                cells[self.categories[action as usize] * 2 + success] += weight;
            });
        }
        Ok(())
    }

    fn add_each(&mut self, block: &Block, rows: &Bits, weight: i64) -> Result<(), Unreadable> {
        let (actions, success) = (block.codes(Coded::Action)?, block.success.get()?);
        // Neighbours mostly belong to the same bucket, so that few rows take a division.
        let (mut index, mut moments) = (None, 0..0);
        block.times.get()?.each(rows, |row, micros| {
            if !moments.contains(&micros) {
                (index, moments) = self.bucket(micros);
            }
            if let Some(index) = index {
                let category = self.categories[actions.get(row) as usize];
                let cell = (index * self.names.len() + category) * 2 + usize::from(success.contains(row));
                self.cells[cell] += weight;
            }
        });
        Ok(())
    }

    fn add_hours(&mut self, hours: &Hours) {
        for ((hour, action), counts) in &hours.0 {
            let (Some(index), _) = self.bucket(i64::from(*hour) * HOUR * SECOND) else { continue };
            let cell = (index * self.names.len() + self.categories[*action as usize]) * 2;
            self.cells[cell] += i64::from(counts[0]);
            self.cells[cell + 1] += i64::from(counts[1]);
        }
    }

    fn finish(self) -> Vec<Bucket> {
        (0..self.buckets).map(|index| self.finished(index)).collect()
    }

    fn finished(&self, index: usize) -> Bucket {
        let width = self.names.len() * 2;
        let pairs = self.cells[index * width..][..width].as_chunks::<2>().0;
        let categories = self.names.iter().zip(pairs).filter(|(_, [failed, worked])| failed + worked > 0);
        Bucket {
            start: self.start + index as i64 * self.seconds,
            count: pairs.iter().flatten().sum::<i64>().cast_unsigned(),
            success_count: pairs.iter().map(|[_, worked]| worked).sum::<i64>().cast_unsigned(),
            categories: categories
                .map(|(name, [failed, worked])| ((*name).to_owned(), (failed + worked).cast_unsigned()))
                .collect(),
        }
    }
}
