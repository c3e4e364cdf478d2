//! A page of a list, as a statement.

use super::{Clause, Dialect, Value};
use crate::Reading;
use jiff::Timestamp;
use livetrail_types::{Scalar, SortBy, SortOrder};

/// The statement that reads a page's rows, given what selects and orders rows in full (up to `WHERE`). The clause holds
/// the filter, and takes what the page's edge adds.
pub(crate) fn statement(select: &str, clause: &mut Clause<'_>, by: SortBy, reading: &Reading) -> String {
    if let Some((edge, position)) = &reading.edge {
        let beyond = beyond(clause, by, edge, *position, reading);
        clause.and(&beyond);
    }
    format!(
        "{select} WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
        clause.sql(),
        order(clause.dialect(), by, reading),
        reading.rows,
        reading.offset
    )
}

fn may_be_null(by: SortBy) -> bool {
    matches!(by, SortBy::DurationMs | SortBy::StatusCode)
}

/// A term that says where nulls go is left out where there are none, since it keeps databases from using an index.
fn order(dialect: &dyn Dialect, by: SortBy, reading: &Reading) -> String {
    let column = dialect.sort_column(by);
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
fn beyond(clause: &mut Clause<'_>, by: SortBy, edge: &Scalar, position: u64, reading: &Reading) -> String {
    let column = clause.dialect().sort_column(by);
    let than = match reading.order {
        SortOrder::Asc => ">",
        SortOrder::Desc => "<",
    };
    let position = clause.bind(Value::Number(i64::try_from(position).unwrap_or(i64::MAX)));
    match (value(by, edge), reading.backwards) {
        (None, false) => format!("{column} IS NULL AND a.position {than} {position}"),
        (None, true) => format!("{column} IS NOT NULL OR a.position {than} {position}"),
        (Some(value), backwards) => {
            let value = clause.bind(value);
            let nulls_follow = if backwards { "" } else { &format!(" OR {column} IS NULL") };
            format!("({column}, a.position) {than} ({value}, {position}){nulls_follow}")
        }
    }
}

/// The key as a value of the column's type. That it is one, [`Reading::plan`] has seen to.
fn value(by: SortBy, edge: &Scalar) -> Option<Value> {
    match (by, edge) {
        (_, Scalar::Null) => None,
        (SortBy::Timestamp, Scalar::Number(micros)) => {
            Some(Value::Moment(Timestamp::from_microsecond(*micros).unwrap_or(Timestamp::MIN)))
        }
        (_, Scalar::Number(number)) => Some(Value::Number(*number)),
        (_, Scalar::Text(text)) => Some(Value::Text(text.clone())),
    }
}
