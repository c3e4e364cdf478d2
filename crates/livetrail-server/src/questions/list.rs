//! A page of the log from the index: it gives the positions of the rows, and the store reads them by key.

use super::{Answer, Asker, columns};
use livetrail_store::{PageBudget, Reading, Row};
use livetrail_types::{ListQuery, Page};
use std::{collections::HashMap, ops::RangeInclusive};

/// How far the positions of a run are apart at most.
const WITHIN_RUN: u64 = 2;
/// The fewest positions that are worth a read of their own.
const MIN_RUN: usize = 8;

impl Asker<'_> {
    /// A page of the log.
    ///
    /// # Errors
    /// See [`QuestionError`](super::QuestionError); of the store's,
    /// [`StoreError::CursorMismatch`](livetrail_store::StoreError::CursorMismatch) is the client's fault.
    pub async fn list(&self, query: ListQuery) -> Answer<Page> {
        match self.indexed_page(&query).await? {
            Some(page) => Ok(self.by_index(page)),
            None => Ok(self.by_sql(self.listed_by_sql(query).await?)),
        }
    }

    /// The page as the index has it, with the cursors that SQL would make.
    async fn indexed_page(&self, query: &ListQuery) -> Answer<Option<Page>> {
        let Some(bounds) = self.index_bounds().await? else { return Ok(None) };
        let reading = Reading::plan(query, bounds.epoch, bounds.head)?;
        let (sort, plan) = (query.sort, reading.clone());
        let asked = move |selection: &columns::Selection<'_>| columns::page(selection, sort, &plan);
        let Some(positions) = self.ask_index(&query.filter, reading.head, asked).await? else {
            return Ok(None);
        };
        let read = self.page_rows(&positions).await?;
        Ok(read.map(|(rows, is_full)| reading.finish(query, bounds.epoch, rows, is_full)))
    }

    /// The rows of a page as far as there is room for them, and whether there was no room for more. None when one is
    /// gone, since SQL may delete rows: then the page would be too short.
    async fn page_rows(&self, positions: &[u64]) -> Answer<Option<(Vec<Row>, bool)>> {
        let (mut rows, mut budget) = (Vec::with_capacity(positions.len()), PageBudget::default());
        let mut rest = positions;
        while !rest.is_empty() {
            let (some, others) = rest.split_at(budget.next_rows().min(rest.len()));
            for row in self.rows_at(some).await? {
                let Some(row) = row else { return Ok(None) };
                let fits = budget.take(&row.0);
                rows.push(row);
                if !fits {
                    return Ok(Some((rows, true)));
                }
            }
            rest = others;
        }
        Ok(Some((rows, false)))
    }

    /// The rows at positions, in their order. Positions that lie close together are read in one go, which takes a
    /// fraction of the time of as many look-ups.
    async fn rows_at(&self, positions: &[u64]) -> Answer<Vec<Option<Row>>> {
        let Reads { runs, single } = Reads::of(positions);
        let mut found = HashMap::with_capacity(positions.len());
        for run in runs {
            let read = self.range(run.start() - 1, (run.end() - run.start() + 1) as usize).await?;
            found.extend(read.into_iter().map(|row| (row.0.position, row)));
        }
        if !single.is_empty() {
            let read = self.rows(&single).await?;
            found.extend(read.into_iter().flatten().map(|row| (row.0.position, row)));
        }
        Ok(positions.iter().map(|position| found.remove(position)).collect())
    }
}

/// How rows are read: runs of positions in one go each, and the others by key.
struct Reads {
    runs: Vec<RangeInclusive<u64>>,
    single: Vec<u64>,
}

impl Reads {
    /// Most pages are runs in which late activities leave small gaps, and a few late activities from elsewhere. A run
    /// has at least half of its positions.
    fn of(positions: &[u64]) -> Self {
        let mut sorted = positions.to_vec();
        sorted.sort_unstable();
        let (mut runs, mut single) = (Vec::new(), Vec::new());
        for near in sorted.chunk_by(|one, next| next - one <= WITHIN_RUN) {
            match near {
                [first, .., last] if near.len() >= MIN_RUN => runs.push(*first..=*last),
                few => single.extend_from_slice(few),
            }
        }
        Self { runs, single }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_page_with_late_activities_is_a_few_runs_and_look_ups() {
        let page: Vec<u64> =
            (1_000..1_500).rev().filter(|position| position % 100 != 7).chain([3, 70_000]).collect();
        let Reads { runs, single } = Reads::of(&page);
        assert_eq!((runs, single), (vec![1_000..=1_499], vec![3, 70_000]));
    }

    proptest! {
        #[test]
        fn every_position_is_read_and_a_run_has_at_least_half_of_its_positions(
            positions in prop::collection::hash_set(1_u64..400, 0..200)
        ) {
            let positions: Vec<u64> = positions.into_iter().collect();
            let Reads { runs, single } = Reads::of(&positions);
            for position in &positions {
                let reads = runs.iter().filter(|run| run.contains(position)).count();
                prop_assert_eq!(reads + single.iter().filter(|one| *one == position).count(), 1);
            }
            for run in runs {
                let wanted = positions.iter().filter(|position| run.contains(position)).count() as u64;
                prop_assert!(2 * wanted > run.end() - run.start());
            }
        }
    }
}
