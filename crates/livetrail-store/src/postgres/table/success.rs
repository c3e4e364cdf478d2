//! Which column says whether an action was successful, by the values that it has: `status` often means something else.

use super::{
    super::{adopt::quoted, connection::may_pass},
    row::{FALSE, TRUE},
};
use crate::Result;
use tokio_postgres::Client;

/// What such a column is called, in the order in which they are looked at.
const NAMES: [&str; 8] =
    ["succeeded", "successful", "is_successful", "ok", "status", "outcome", "result", "state"];
/// Texts, enums and booleans: a number may be a status of HTTP, and 0 may mean success.
const CATEGORIES: [&str; 3] = ["S", "E", "B"];

/// What was found in the columns.
pub(super) enum Guess {
    /// All values of this column say it.
    Column(String),
    /// The column may mean it, but the value does not say it, or there is none.
    Unsure(String, Option<String>),
    /// No column has such a name.
    None,
}

/// Looks at the free columns, each with its type's category.
pub(super) async fn guess(client: &Client, table: &str, free: &[(String, String)]) -> Result<Guess> {
    let mut guess = Guess::None;
    for name in NAMES {
        let is_meant = |(column, category): &&(String, String)| {
            column.to_lowercase() == name && CATEGORIES.contains(&category.as_str())
        };
        let Some((column, _)) = free.iter().find(is_meant) else { continue };
        match read(client, table, column).await? {
            Some((true, None)) => return Ok(Guess::Column(column.clone())),
            Some((_, other)) if matches!(guess, Guess::None) => guess = Guess::Unsure(column.clone(), other),
            _ => {}
        }
    }
    Ok(guess)
}

/// Whether the column has values, and one that does not say it. Nothing, if this user cannot read them: what comes
/// next says why.
async fn read(client: &Client, table: &str, column: &str) -> Result<Option<(bool, Option<String>)>> {
    let column = quoted(column);
    let words: Vec<&str> = TRUE.into_iter().chain(FALSE).collect();
    let sql = format!(
        "SELECT EXISTS (SELECT FROM {table} a WHERE a.{column} IS NOT NULL),
           (SELECT left(a.{column}::text, 40) FROM {table} a WHERE lower(btrim(a.{column}::text)) <> ALL($1) LIMIT 1)"
    );
    let timeout = "SELECT current_setting('statement_timeout')";
    let timeout: String = client.query_one(timeout, &[]).await?.get(0);
    client.batch_execute("SET statement_timeout = 0").await?;
    let read = client.query_one(&sql, &[&words]).await;
    client.query_one("SELECT set_config('statement_timeout', $1, FALSE)", &[&timeout]).await?;
    match read {
        Ok(row) => Ok(Some((row.get(0), row.get(1)))),
        Err(error) if error.as_db_error().is_some() && !error.code().is_some_and(may_pass) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
