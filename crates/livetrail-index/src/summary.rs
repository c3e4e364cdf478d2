//! What the rows of a segment add up to, so that a question about all of them need not read them.
//!
//! Every part of a summary is a sum over rows: counts of codes, of flags, and of actions by hour. Sums can be added, so
//! sixteen summaries merge into one of the next level; and rows can be taken away from them again. A selection that has
//! nearly all rows of a segment is the segment's summary minus the few other rows, exactly.

use crate::{
    bits::Bits,
    block::Block,
    file::{Column, Unreadable},
    question::Counter,
    schema::{CODED, CODED_COLUMNS, Coded},
};
use std::{collections::HashMap, sync::Arc};

/// An hour in microseconds.
pub(crate) const HOUR: i64 = 3_600_000_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    pub(crate) rows: u64,
    pub(crate) success: u64,
    pub(crate) admin: u64,
    pub(crate) counts: [Column<Counts>; CODED],
    pub(crate) hours: Column<Hours>,
}

/// The codes of a column that occur, in order and without null, and how many rows have each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts(pub(crate) Vec<(u32, u32)>);

/// Hours since the epoch, action codes, and how many rows failed and how many worked; in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hours(pub(crate) Vec<((i32, u32), [u32; 2])>);

impl Summary {
    /// The summary of full blocks. Rows that were removed count, too, as long as their cells are there.
    pub(crate) fn of(blocks: &[Arc<Block>]) -> Result<Self, Unreadable> {
        let mut summary = Self::default();
        let appended: Vec<Bits> = blocks.iter().map(|block| block.appended()).collect();
        for (block, rows) in blocks.iter().zip(&appended) {
            summary.rows += rows.count() as u64;
            summary.success += rows.count_common(&*block.success.get()?) as u64;
            summary.admin += rows.count_common(&*block.admin.get()?) as u64;
        }
        for (counts, counted) in summary.counts.iter_mut().zip(counts(blocks, &appended, summary.rows)?) {
            *counts = Column::Here(counted);
        }
        summary.hours = Column::Here(hours(blocks, &appended)?);
        Ok(summary)
    }

    pub(crate) fn merged<'a>(summaries: impl IntoIterator<Item = &'a Self>) -> Result<Self, Unreadable> {
        let (mut sum, mut counts, mut hours) = (Self::default(), [const { Vec::new() }; CODED], Vec::new());
        for one in summaries {
            sum.rows += one.rows;
            sum.success += one.success;
            sum.admin += one.admin;
            for (mine, other) in counts.iter_mut().zip(&one.counts) {
                add(mine, &other.get()?.0, |sum, count| *sum += count);
            }
            add(&mut hours, &one.hours.get()?.0, |sum, [failed, worked]| {
                sum[0] += failed;
                sum[1] += worked;
            });
        }
        sum.counts = counts.map(|counts| Column::Here(Counts(counts)));
        sum.hours = Column::Here(Hours(hours));
        Ok(sum)
    }

    /// Reads all parts from their file for their checksums.
    pub(crate) fn verify(&self) -> Result<(), Unreadable> {
        self.counts.iter().try_for_each(Column::verify)?;
        self.hours.verify()
    }

    /// What it takes in memory apart from the cache, in bytes.
    pub(crate) fn memory(&self) -> usize {
        size_of::<Self>() + self.counts.iter().map(Column::memory).sum::<usize>() + self.hours.memory()
    }
}

/// Adds sorted counts to sorted counts.
fn add<K: Copy + Ord, V: Copy>(mine: &mut Vec<(K, V)>, other: &[(K, V)], sum: impl Fn(&mut V, V)) {
    mine.extend_from_slice(other);
    // A stable sort merges two sorted runs in one pass.
    mine.sort_by_key(|(key, _)| *key);
    mine.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            sum(&mut kept.1, next.1);
        }
        is_same
    });
}

/// The counts of each column. The rows of a block are listed once for all columns.
fn counts(blocks: &[Arc<Block>], appended: &[Bits], rows: u64) -> Result<[Counts; CODED], Unreadable> {
    let mut counters = CODED_COLUMNS.map(|column| {
        let bounds = blocks.iter().filter_map(|block| block.zone(column).bounds());
        Counter::of(column, bounds.map(|(_, most)| most).max().unwrap_or_default(), rows)
    });
    let mut list = Vec::new();
    for (block, rows) in blocks.iter().zip(appended) {
        rows.list(&mut list);
        for (counter, column) in counters.iter_mut().zip(CODED_COLUMNS) {
            counter.add(column, block, &list, 1)?;
        }
    }
    let narrow = |(code, count): (u32, u64)| (code, count as u32);
    Ok(counters.map(|counter| Counts(counter.finish().into_iter().map(narrow).collect())))
}

fn hours(blocks: &[Arc<Block>], appended: &[Bits]) -> Result<Hours, Unreadable> {
    let mut counts = HashMap::<i32, HashMap<u32, [u32; 2]>>::new();
    for (block, rows) in blocks.iter().zip(appended) {
        let (actions, success) = (block.codes(Coded::Action)?, block.success.get()?);
        let (mut hour, mut moments, mut of_hour) = (0, 0..0, HashMap::new());
        block.times.get()?.each(rows, |row, micros| {
            // Neighbours mostly belong to the same hour.
            if !moments.contains(&micros) {
                counts.entry(hour).or_default().extend(std::mem::take(&mut of_hour));
                hour = micros.div_euclid(HOUR) as i32;
                moments = i64::from(hour) * HOUR..(i64::from(hour) + 1) * HOUR;
                of_hour = counts.remove(&hour).unwrap_or_default();
            }
            let cell: &mut [u32; 2] = of_hour.entry(actions.get(row)).or_default();
            cell[usize::from(success.contains(row))] += 1;
        });
        counts.entry(hour).or_default().extend(of_hour);
    }
    let mut hours: Vec<_> = counts
        .into_iter()
        .flat_map(|(hour, actions)| actions.into_iter().map(move |(action, count)| ((hour, action), count)))
        .collect();
    hours.sort_unstable_by_key(|(key, _)| *key);
    Ok(Hours(hours))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Dictionaries;
    use jiff::Timestamp;
    use livetrail_types::NewActivity;
    use uuid::Uuid;

    fn block(dictionaries: &mut Dictionaries, rows: u32) -> Arc<Block> {
        let mut block = Block::default();
        for n in 0..rows {
            let activity = NewActivity {
                timestamp: Timestamp::from_second(1_772_366_400 + i64::from(n * n % 7 * 1_800)).ok(),
                status_code: Some(200 + (n % 4 * 100) as u16),
                duration_ms: (n % 3 > 0).then_some((n * 31 % 90_000) as i32),
                is_admin: n % 5 == 0,
                ..NewActivity::new(format!("u-{}", n % 11 + rows), format!("action-{}", n % 6))
            };
            let now = Timestamp::from_second(1_772_500_000).expect("a moment");
            let stamped = activity.stamp(now, Uuid::nil(), &[7; 32]).activity;
            let codes = dictionaries.codes(&stamped);
            block.push(&stamped, codes);
        }
        Arc::new(block)
    }

    #[test]
    fn merged_summaries_are_the_summary_of_all_rows() {
        let mut dictionaries = Dictionaries::default();
        let blocks = [500, 3, 70, 5_000].map(|rows| block(&mut dictionaries, rows));
        let parts =
            blocks.each_ref().map(|block| Summary::of(std::slice::from_ref(block)).expect("in memory"));
        let merged = Summary::merged(&parts).expect("in memory");
        let whole = Summary::of(&blocks).expect("in memory");
        assert_eq!((merged.rows, merged.success, merged.admin), (whole.rows, whole.success, whole.admin));
        assert_eq!(merged.hours.here(), whole.hours.here());
        assert_eq!(merged.counts.each_ref().map(Column::here), whole.counts.each_ref().map(Column::here));
        assert_eq!(merged.rows, 5_573);
        let of_hours: u32 = merged.hours.here().expect("here").0.iter().flat_map(|(_, counts)| counts).sum();
        assert_eq!(of_hours, 5_573);
    }
}
