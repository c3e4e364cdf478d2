use super::{
    dialect::{Dialect, parameters},
    rows::moment,
};
use crate::{
    Result,
    sql::{self, Clause},
};
use livetrail_types::{Group, Grouping, Scalar};
use rusqlite::{Connection, Row, types::ValueRef};

pub(super) fn of(connection: &Connection, grouping: &Grouping) -> Result<Vec<Group>> {
    let clause = Clause::of(&Dialect, &grouping.filter, grouping.head);
    let mut statement = connection.prepare(&sql::groups(&clause, grouping))?;
    let keys = grouping.by.len();
    let groups = statement.query_map(parameters(&clause), |row| group(row, keys))?;
    Ok(groups.collect::<rusqlite::Result<_>>()?)
}

fn group(row: &Row<'_>, keys: usize) -> rusqlite::Result<Group> {
    Ok(Group {
        keys: (0..keys).map(|n| key(row, n)).collect::<rusqlite::Result<_>>()?,
        count: row.get(keys)?,
        success_count: row.get(keys + 1)?,
        avg_duration_ms: row.get(keys + 2)?,
        max_duration_ms: row.get(keys + 3)?,
        first: moment(row, keys + 4)?,
        last: moment(row, keys + 5)?,
    })
}

fn key(row: &Row<'_>, n: usize) -> rusqlite::Result<Scalar> {
    Ok(match row.get_ref(n)? {
        ValueRef::Integer(number) => Scalar::Number(number),
        ValueRef::Text(_) => Scalar::Text(row.get(n)?),
        _ => Scalar::Null,
    })
}
