use super::{
    dialect::{Dialect, parameters},
    head, rows,
};
use crate::{
    Result,
    query::{self, Clause, Reading},
};
use livetrail_types::{Epoch, ListQuery, Page};
use rusqlite::Connection;

pub(super) fn page(connection: &Connection, list: &ListQuery, epoch: Epoch) -> Result<Page> {
    let reading = Reading::plan(list, epoch, head(connection)?)?;
    let mut clause = Clause::of(&Dialect, &list.filter, reading.head);
    let sql = query::page(rows::SELECT, &mut clause, list.sort.by, &reading);
    Ok(reading.finish(list, epoch, rows::all(connection, &sql, parameters(&clause))?))
}
