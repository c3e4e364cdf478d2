use super::{
    dialect::{Dialect, parameters},
    log::head,
    rows,
};
use crate::{
    Reading, Result,
    sql::{self, Clause},
};
use livetrail_types::{Epoch, ListQuery, Page};
use rusqlite::Connection;

pub(super) fn page(connection: &Connection, list: &ListQuery, epoch: Epoch) -> Result<Page> {
    let reading = Reading::plan(list, epoch, head(connection)?)?;
    let mut clause = Clause::of(&Dialect, &list.filter, reading.head);
    let sql = sql::page(rows::SELECT, &mut clause, list.sort.by, &reading);
    let (rows, is_full) = rows::within_budget(connection, &sql, parameters(&clause))?;
    Ok(reading.finish(list, epoch, rows, is_full))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::{connection, migrate};
    use livetrail_types::{Condition, Filter, PageCursor, PageStart, Scalar, Sort, SortBy, SortOrder};

    /// How SQLite would go about it, a step a line.
    fn plan(list: &ListQuery) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("log.db");
        let mut connection = connection::for_writing(&file).expect("a connection");
        migrate::run(&mut connection, &file).expect("a schema");
        let reading = Reading::plan(list, Epoch(1), 1_000_000).expect("a plan");
        let mut clause = Clause::of(&Dialect, &list.filter, reading.head);
        let sql = sql::page(rows::SELECT, &mut clause, list.sort.by, &reading);
        let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a statement");
        let steps = explained.query_map(parameters(&clause), |row| row.get::<_, String>(3)).expect("steps");
        steps.map(|step| step.expect("a step")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_page_by_time_is_read_from_the_index_on_time_and_nothing_is_sorted() {
        let since = Filter::of(vec![Condition::From(jiff::Timestamp::UNIX_EPOCH)]);
        for (filter, order) in [
            (Filter::default(), SortOrder::Desc),
            (Filter::default(), SortOrder::Asc),
            (since, SortOrder::Desc),
        ] {
            let sort = Sort { by: SortBy::Timestamp, order };
            let cursor = PageCursor {
                epoch: 1,
                head: 1_000_000,
                filter: filter.fingerprint(),
                sort,
                backwards: false,
                key: Scalar::Number(1_790_000_000_000_000),
                position: 500_000,
                page: 2,
            };
            for start in [PageStart::Number(1), PageStart::Cursor(cursor)] {
                let plan = plan(&ListQuery { filter: filter.clone(), sort, limit: 20, start });
                assert!(plan.contains("INDEX activities_by_time") && !plan.contains("TEMP B-TREE"), "{plan}");
            }
        }
    }
}
