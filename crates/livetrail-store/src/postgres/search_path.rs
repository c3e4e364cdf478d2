//! The schemas in which sessions look for tables and make them, as the database's address says.

use super::{address::PostgresAddress, adopt::quoted};
use crate::{Result, StoreError};
use tokio_postgres::Client;

/// What an address says about schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SearchPath {
    /// The name of one, as it is.
    Schema(String),
    /// A list, as PostgreSQL reads it: names with capitals or blanks are in double quotes.
    List(String),
}

impl SearchPath {
    /// The option of a session. In options, a backslash keeps a blank.
    pub(super) fn option(&self) -> String {
        let path = match self {
            Self::Schema(name) => quoted(name),
            Self::List(list) => list.clone(),
        };
        let mut option = String::from("-csearch_path=");
        for char in path.chars() {
            if char.is_whitespace() || char == '\\' {
                option.push('\\');
            }
            option.push(char);
        }
        option
    }

    /// Why PostgreSQL does not accept it.
    pub(super) fn refused(&self) -> StoreError {
        let hint = "in search_path= and currentSchema=, a name with capitals or blanks stands in double quotes (%22)";
        StoreError::Unusable(format!(
            "the search path of the database URL is not a list of schemas: {hint}; schema= takes one name without quotes"
        ))
    }
}

/// Sees that the schema is there which the address names.
///
/// # Errors
/// [`StoreError::Unusable`], with the statement that would help.
pub(super) async fn check(client: &Client, address: &PostgresAddress) -> Result<()> {
    let Some(search_path) = &address.search_path else { return Ok(()) };
    let current = client.query_one("SELECT current_schema() IS NOT NULL", &[]).await?;
    if current.get(0) {
        return Ok(());
    }
    let (database, user) = (address.database(), address.user());
    let text = match search_path {
        SearchPath::Schema(name) => {
            let sql = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)";
            let (is_there, schema) = (client.query_one(sql, &[name]).await?.get(0), quoted(name));
            if is_there {
                format!(
                    "the user {user} may not use the schema {schema} of the database {database}: GRANT USAGE, CREATE ON SCHEMA {schema} TO {}",
                    quoted(user)
                )
            } else {
                format!(
                    "the database {database} has no schema {schema}, which the database URL names: make it with CREATE SCHEMA {schema}, or \
                     leave schema= out to use public"
                )
            }
        }
        SearchPath::List(list) => format!(
            "the database {database} has none of the schemas {list}, which the database URL names, or the user {user} may not use \
             them: make one with CREATE SCHEMA (a name with capitals or blanks stands in double quotes), or leave the search path out"
        ),
    };
    Err(StoreError::Unusable(text))
}
