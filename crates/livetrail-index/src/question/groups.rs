//! Groups: rows that have something in common, and what they add up to.
//!
//! A group is found key by key. Rows of one group so far, and of one value of the next key, are one group after it. So
//! a row costs a look into a table of pairs for each key, however many keys there are.

use super::facets::top;
use crate::{
    Selection,
    block::Block,
    file::Unreadable,
    schema::{Coded, duration_of},
    select::Selected,
};
use hashbrown::HashTable;
use jiff::Timestamp;
use livetrail_types::{Group, GroupBy, Scalar};

const SECOND: i64 = 1_000_000;

impl Selection<'_> {
    /// The groups of rows that share the values of `by`, with at least `min_count` rows; at most `limit` of them, the
    /// largest first. Between equals the smallest keys come first, null last.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn groups(&self, by: &[GroupBy], min_count: u64, limit: usize) -> Result<Vec<Group>, Unreadable> {
        let mut groups = Groups { keys: by.iter().map(|by| Key::of(*by)).collect(), sums: Vec::new() };
        for selected in &self.blocks {
            groups.add(selected)?;
        }
        let large = groups.sums.iter().enumerate().filter(|(_, sum)| sum.count >= min_count.max(1));
        let counts: Vec<(u32, u64)> = large.map(|(id, sum)| (id as u32, sum.count)).collect();
        let values = |id: u32| groups.values(self, id);
        // False comes before true.
        let place =
            |id: u32| values(id).into_iter().map(|value| (value == Scalar::Null, value)).collect::<Vec<_>>();
        let chosen = top(&counts, limit, place);
        Ok(chosen.into_iter().map(|(id, _)| groups.sums[id as usize].group(values(id))).collect())
    }
}

/// The groups that were found so far.
struct Groups {
    keys: Vec<Key>,
    /// What the rows of each group add up to.
    sums: Vec<Sum>,
}

/// A key of the groups, and the groups that it makes of those of the keys before it.
struct Key {
    by: GroupBy,
    /// The numbers of the new groups, by the pair that makes one.
    table: HashTable<u32>,
    /// The former group and the value of each new group.
    pairs: Vec<(u32, i64)>,
}

#[derive(Clone, Copy)]
struct Sum {
    count: u64,
    success: u64,
    durations: u64,
    duration_sum: i64,
    /// As a code; 0 while there is none.
    longest: u32,
    first: i64,
    last: i64,
}

impl Groups {
    fn add(&mut self, selected: &Selected<'_>) -> Result<(), Unreadable> {
        let (block, rows) = (selected.block, selected.rows());
        // The group of each row, in the order of the rows.
        let mut ids = vec![0; rows.count()];
        for key in &mut self.keys {
            key.refine(block, selected, &mut ids)?;
        }
        let count = self.keys.last().map_or(1, |key| key.pairs.len());
        self.sums.resize(count, Sum::default());
        let (success, sums) = (block.success.get()?, self.sums.as_mut_slice());
        let mut of_row = ids.iter();
        let mut next = || *of_row.next().unwrap_or(&0) as usize;
        block.times.get()?.each(rows, |row, micros| {
            let sum = &mut sums[next()];
            sum.count += 1;
            sum.success += u64::from(success.contains(row));
            (sum.first, sum.last) = (sum.first.min(micros), sum.last.max(micros));
        });
        let mut of_row = ids.iter();
        block.codes(Coded::Duration)?.each(rows, |_, code| {
            let sum = &mut sums[*of_row.next().unwrap_or(&0) as usize];
            if code > 0 {
                sum.durations += 1;
                sum.duration_sum += i64::from(duration_of(code));
                sum.longest = sum.longest.max(code);
            }
        });
        Ok(())
    }

    /// The values that the rows of a group share.
    fn values(&self, selection: &Selection<'_>, group: u32) -> Vec<Scalar> {
        let mut id = group;
        let mut values: Vec<Scalar> = self
            .keys
            .iter()
            .rev()
            .map(|key| {
                let (before, value) = key.pairs[id as usize];
                id = before;
                key.scalar(selection, value)
            })
            .collect();
        values.reverse();
        values
    }
}

impl Key {
    fn of(by: GroupBy) -> Self {
        Self { by, table: HashTable::new(), pairs: Vec::new() }
    }

    /// Divides the groups that rows have by the rows' values.
    fn refine(&mut self, block: &Block, selected: &Selected<'_>, ids: &mut [u32]) -> Result<(), Unreadable> {
        let (column, mut of_row) = (column(self.by), ids.iter_mut());
        // Neighbours often have the same value.
        let mut last = None;
        let mut divide = |value: i64| {
            let Some(id) = of_row.next() else { return };
            let pair = (*id, value);
            *id = match last {
                Some((known, new)) if known == pair => new,
                _ => self.number(pair),
            };
            last = Some((pair, *id));
        };
        match column {
            Ok(column) => block.codes(column)?.each(selected.rows(), |_, code| divide(code.into())),
            Err(seconds) => {
                let width = seconds.max(1).saturating_mul(SECOND);
                block.times.get()?.each(selected.rows(), |_, micros| divide(micros.div_euclid(width)));
            }
        }
        Ok(())
    }

    /// The number of the group of a pair, which gets one if it has none.
    fn number(&mut self, pair: (u32, i64)) -> u32 {
        let hash = |(id, value): (u32, i64)| {
            let mixed =
                (value.cast_unsigned() ^ u64::from(id).rotate_left(40)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^ mixed >> 32
        };
        let pairs = &mut self.pairs;
        if let Some(id) = self.table.find(hash(pair), |id| pairs[*id as usize] == pair) {
            return *id;
        }
        let id = pairs.len() as u32;
        pairs.push(pair);
        self.table.insert_unique(hash(pair), id, |id| hash(pairs[*id as usize]));
        id
    }

    fn scalar(&self, selection: &Selection<'_>, value: i64) -> Scalar {
        match column(self.by) {
            Err(seconds) => Scalar::Number(value.saturating_mul(seconds.max(1))),
            Ok(_) if value == 0 => Scalar::Null,
            Ok(Coded::Status) => Scalar::Number(value - 1),
            Ok(Coded::Duration) => Scalar::Number(duration_of(value as u32).into()),
            Ok(column) => Scalar::Text(selection.index.dictionaries.of(column).text(value as u32).to_owned()),
        }
    }
}

/// The column of a key, or the seconds of a stretch of time.
fn column(by: GroupBy) -> Result<Coded, i64> {
    Ok(match by {
        GroupBy::ActionType => Coded::Action,
        GroupBy::UserId => Coded::User,
        GroupBy::StatusCode => Coded::Status,
        GroupBy::HttpMethod => Coded::Method,
        GroupBy::Endpoint => Coded::Endpoint,
        GroupBy::ResourceType => Coded::ResourceType,
        GroupBy::IpAddress => Coded::Address,
        GroupBy::TenantId => Coded::Tenant,
        GroupBy::DelegateId => Coded::Delegate,
        GroupBy::Via => Coded::Via,
        GroupBy::DurationMs => Coded::Duration,
        GroupBy::Seconds(seconds) => return Err(seconds),
    })
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            count: 0,
            success: 0,
            durations: 0,
            duration_sum: 0,
            longest: 0,
            first: i64::MAX,
            last: i64::MIN,
        }
    }
}

impl Sum {
    fn group(&self, keys: Vec<Scalar>) -> Group {
        let moment = |micros| Timestamp::from_microsecond(micros).unwrap_or_default();
        Group {
            keys,
            count: self.count,
            success_count: self.success,
            avg_duration_ms: (self.durations > 0).then(|| self.duration_sum as f64 / self.durations as f64),
            max_duration_ms: (self.longest > 0).then(|| duration_of(self.longest)),
            first: moment(self.first),
            last: moment(self.last),
        }
    }
}
