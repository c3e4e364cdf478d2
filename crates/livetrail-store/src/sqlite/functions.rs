//! What SQL asks the vocabulary: what a filter means is said once, there.

use crate::Result;
use livetrail_types::{Networks, Sought, Words, contains_folded};
use rusqlite::{
    Connection,
    functions::{Context, FunctionFlags},
    types::{FromSqlError, ValueRef},
};
use std::{error::Error, net::IpAddr, sync::Arc};

/// Adds the functions to a connection.
pub(super) fn add(connection: &Connection) -> Result<()> {
    let pure = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("livetrail_contains", 2, pure, |call| {
        let (text, needle) = (call.get_raw(0).as_str_or_null()?, call.get_raw(1).as_str()?);
        Ok(text.is_some_and(|text| contains_folded(text, needle)))
    })?;
    connection.create_scalar_function("livetrail_is_part_of_id", 2, pure, |call| {
        let (needle, id) = (call.get_raw(0).as_str()?, call.get_raw(1).as_str_or_null()?);
        Ok(id.is_some_and(|id| Sought::from(needle).is_part_of_id(id)))
    })?;
    connection.create_scalar_function("livetrail_in_networks", 2, pure, |call| {
        let address = call.get_raw(0).as_str_or_null()?.and_then(|text| text.parse::<IpAddr>().ok());
        let networks = compiled(call, 1, str::parse::<Networks>)?;
        Ok(address.is_some_and(|address| networks.contains(address)))
    })?;
    connection.create_scalar_function("livetrail_words", 3, pure, |call| {
        let text = |index| call.get_raw(index).as_str_or_null().map(Option::unwrap_or_default);
        let words = compiled(call, 0, |text| Ok::<_, FromSqlError>(Words::of(text)))?;
        Ok(words.are_in(text(1)?, text(2)?))
    })?;
    Ok(())
}

/// What an argument means that is the same for each row. SQLite keeps it for as long as the statement runs.
fn compiled<T: Send + Sync + 'static, E: Error + Send + Sync + 'static>(
    call: &Context<'_>,
    argument: i32,
    compile: impl FnOnce(&str) -> Result<T, E>,
) -> rusqlite::Result<Arc<T>> {
    call.get_or_create_aux(argument, |value: ValueRef<'_>| {
        let text = value.as_str().map_err(|error| Box::new(error) as Box<dyn Error + Send + Sync>)?;
        compile(text).map_err(|error| Box::new(error) as Box<dyn Error + Send + Sync>)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_that_stays_the_same_is_compiled_once_for_a_statement() {
        let connection = Connection::open_in_memory().expect("a connection");
        let pure = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        connection
            .create_scalar_function("is_compiled", 2, pure, move |call| {
                compiled(call, 1, |text| {
                    counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    text.parse::<Networks>()
                })
                .map(|networks| networks.contains(IpAddr::from([10, 0, 0, 1])))
            })
            .expect("a function");
        let rows = "WITH RECURSIVE rows (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM rows LIMIT 100)";
        let sql = format!("{rows} SELECT count(*) FROM rows WHERE is_compiled(n, ?1)");
        for (networks, expected, times) in [("10.0.0.0,10.0.1.0", 100, 1), ("11.0.0.0,12.0.0.0", 0, 2)] {
            let found: i64 = connection
                .prepare_cached(&sql)
                .and_then(|mut statement| statement.query_row([networks], |row| row.get(0)))
                .expect("a count");
            assert_eq!(found, expected, "another argument is compiled anew");
            assert_eq!(count.load(std::sync::atomic::Ordering::Relaxed), times);
        }
    }
}
