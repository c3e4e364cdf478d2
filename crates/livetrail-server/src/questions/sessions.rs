//! The sessions that the activities of a filter belong to, the most recently active first.
//!
//! No column groups activities by session, because almost every session id is another text. So this reads the newest
//! activities until they name enough sessions, and asks for the figures of each. The number of rows that it reads and
//! of sessions that it asks about is bounded, whatever the log holds; a cursor goes on from there.

use super::{Answer, Asker};
use jiff::Timestamp;
use livetrail_store::Row;
use livetrail_types::{
    Choice, Condition, Filter, Group, Grouping, ListQuery, PageCursor, PageStart, Scalar, Sort, TextField,
};
use std::collections::HashSet;

/// Activities of one read.
const READ_ROWS: u32 = 200;
/// Activities that one answer reads before it ends with a cursor.
const MAX_ROWS: usize = 5_000;
/// Sessions that one answer asks about: those of earlier answers are asked about again, and left out.
const MAX_ASKED: usize = 100;

/// A session: its newest activity, and the figures of all its activities of the filter.
pub struct LogSession {
    /// As the log keeps it.
    pub id: String,
    /// Its newest activity, with the profile of its user.
    pub newest: Row,
    /// Without keys.
    pub figures: Group,
}

/// Where the search for sessions is.
struct Search {
    filter: Filter,
    limit: usize,
    /// Sessions that were active at this moment or later are in the answers before this one.
    before: Option<i64>,
    asked: HashSet<String>,
    found: Vec<LogSession>,
    read: usize,
    /// The last activity that was read: its moment and its position.
    edge: Option<(Timestamp, u64)>,
}

impl Asker<'_> {
    /// At most `limit` sessions (more only where several were active in the same microsecond), and where the next
    /// answer begins, if there may be more.
    ///
    /// # Errors
    /// See [`QuestionError`](super::QuestionError).
    pub async fn sessions(
        &self,
        filter: &Filter,
        cursor: Option<PageCursor>,
        limit: usize,
    ) -> Answer<(Vec<LogSession>, Option<PageCursor>)> {
        let before = cursor.as_ref().and_then(|cursor| match cursor.key {
            Scalar::Number(micros) => Some(micros),
            _ => None,
        });
        let mut search = Search::of(filter.clone(), limit, before);
        let mut start = cursor.map_or(PageStart::Number(1), PageStart::Cursor);
        loop {
            let (filter, sort) = (filter.clone(), Sort::default());
            let page = self.list(ListQuery { filter, sort, limit: READ_ROWS, start }).await?;
            for row in page.rows {
                if search.ends_before(&row) {
                    let next = search.cursor(self.bounds().await?.epoch.0, page.head);
                    return Ok((search.found, next));
                }
                self.read_row(&mut search, row, page.head).await?;
            }
            match page.next {
                Some(next) => start = PageStart::Cursor(next),
                None => return Ok((search.found, None)),
            }
        }
    }

    async fn read_row(&self, search: &mut Search, row: Row, head: u64) -> Answer<()> {
        search.read += 1;
        search.edge = Some((row.0.timestamp, row.0.position));
        let Some(id) = row.0.session_id.clone().filter(|id| search.asked.insert(id.clone())) else {
            return Ok(());
        };
        let of_it = Condition::Text(TextField::SessionId, Choice::any([id.clone()]));
        let filter = search.filter.clone().and(of_it);
        let all = Grouping { filter, head, by: Vec::new(), min_count: 1, limit: 1 };
        if let Some(figures) = self.groups(all).await?.pop() {
            search.take(LogSession { id, newest: row, figures });
        }
        Ok(())
    }
}

impl Search {
    fn of(filter: Filter, limit: usize, before: Option<i64>) -> Self {
        let (asked, found) = (HashSet::new(), Vec::new());
        Self { filter, limit, before, asked, found, read: 0, edge: None }
    }

    /// Keeps a session, unless an answer before this one has it.
    fn take(&mut self, session: LogSession) {
        let last = session.figures.last.as_microsecond();
        if self.before.is_none_or(|before| last < before) {
            self.found.push(session);
        }
    }

    /// Whether the answer ends before this row. It ends between two moments, so that the moment of the cursor says
    /// which sessions were in an answer.
    fn ends_before(&self, row: &Row) -> bool {
        let is_full =
            self.found.len() >= self.limit || self.read >= MAX_ROWS || self.asked.len() >= MAX_ASKED;
        is_full && self.edge.is_some_and(|(moment, _)| row.0.timestamp < moment)
    }

    fn cursor(&self, epoch: u32, head: u64) -> Option<PageCursor> {
        self.edge.map(|(moment, position)| PageCursor {
            epoch,
            head,
            filter: self.filter.fingerprint(),
            sort: Sort::default(),
            backwards: false,
            key: Scalar::Number(moment.as_microsecond()),
            position,
            page: 2,
        })
    }
}
