use super::{filter::Clause, head, rows};
use crate::{Result, paging::Reading};
use livetrail_types::{Epoch, ListQuery, Page, SortBy, SortKey, SortOrder};
use rusqlite::{Connection, types::Value};

pub(super) fn page(connection: &Connection, query: &ListQuery, epoch: Epoch) -> Result<Page> {
    let reading = Reading::plan(query, epoch, head(connection)?)?;
    let mut clause = Clause::of(&query.filter, reading.head);
    let key = sort_column(query.sort.by);
    if let Some((edge, position)) = &reading.edge {
        let beyond = beyond(&mut clause, key, edge, *position, &reading);
        clause.and(&beyond);
    }
    let sql = format!(
        "{} WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
        rows::SELECT,
        clause.sql(),
        order(query.sort.by, &reading),
        reading.rows,
        reading.offset
    );
    Ok(reading.finish(query, epoch, rows::all(connection, &sql, clause.parameters())?))
}

fn sort_column(by: SortBy) -> &'static str {
    match by {
        SortBy::Timestamp => "a.occurred",
        SortBy::ActionType => "action.text",
        SortBy::DurationMs => "a.duration_ms",
        SortBy::StatusCode => "a.status_code",
    }
}

fn may_be_null(by: SortBy) -> bool {
    matches!(by, SortBy::DurationMs | SortBy::StatusCode)
}

/// A term that says where nulls go is left out where there are none, since it keeps SQLite from using an index.
fn order(by: SortBy, reading: &Reading) -> String {
    let column = sort_column(by);
    let direction = match reading.order {
        SortOrder::Asc => "ASC",
        SortOrder::Desc => "DESC",
    };
    let nulls = match (may_be_null(by), reading.backwards) {
        (false, _) => String::new(),
        (true, false) => format!("({column} IS NULL) ASC, "),
        (true, true) => format!("({column} IS NULL) DESC, "),
    };
    format!("{nulls}{column} {direction}, a.position {direction}")
}

/// What comes after the edge in reading direction.
fn beyond(clause: &mut Clause, column: &str, edge: &SortKey, position: u64, reading: &Reading) -> String {
    let than = match reading.order {
        SortOrder::Asc => ">",
        SortOrder::Desc => "<",
    };
    let position = clause.bind(i64::try_from(position).unwrap_or(i64::MAX));
    let value = match edge {
        SortKey::Null => None,
        SortKey::Number(number) => Some(Value::Integer(*number)),
        SortKey::Text(text) => Some(Value::Text(text.clone())),
    };
    match (value, reading.backwards) {
        (None, false) => format!("{column} IS NULL AND a.position {than} {position}"),
        (None, true) => format!("{column} IS NOT NULL OR a.position {than} {position}"),
        (Some(value), backwards) => {
            let value = clause.bind(value);
            let nulls_follow = if backwards { "" } else { &format!(" OR {column} IS NULL") };
            format!("({column}, a.position) {than} ({value}, {position}){nulls_follow}")
        }
    }
}
