//! A page of the log from the index: it gives the positions of the rows, and the store reads them by key.

use super::{Answer, Asker, columns};
use livetrail_store::{PageBudget, Reading, Row};
use livetrail_types::{ListQuery, Page};
use std::collections::HashMap;

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
        let ends = positions.iter().min().zip(positions.iter().max());
        let Some((first, last)) = ends.filter(|(first, last)| *last - *first < 2 * positions.len() as u64)
        else {
            return self.rows(positions).await;
        };
        let read = self.range(first - 1, (last - first + 1) as usize).await?;
        let mut found: HashMap<u64, Row> = read.into_iter().map(|row| (row.0.position, row)).collect();
        Ok(positions.iter().map(|position| found.remove(position)).collect())
    }
}
