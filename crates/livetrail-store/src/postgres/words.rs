//! Searches by words. No expression of PostgreSQL splits words as the vocabulary does. So rows that may have the words
//! are read, and the vocabulary checks them.

use super::{
    dialect::{self, Dialect, folded},
    directory::Application,
    value::Jsonb,
};
use crate::{
    Result,
    sql::{Clause, Dialect as _, Value},
};
use futures_util::TryStreamExt;
use livetrail_types::{Condition, Filter, Words};
use std::{collections::HashMap, pin::pin};
use tokio::task::yield_now;
use tokio_postgres::Client;

/// Text that is looked through before other tasks have their turn on this thread: well under a millisecond.
const BYTES_AT_ONCE: usize = 64 * 1024;

/// How to ask for what `filter` means up to `head`.
pub(super) async fn dialect<'a>(
    client: &Client,
    application: &'a Application,
    log: &'static str,
    filter: &Filter,
    head: u64,
) -> Result<Dialect<'a>> {
    let mut dialect = Dialect { log, users: &application.users, words: HashMap::new() };
    let is_about_words = |condition: &&Condition| matches!(condition, Condition::Words(_));
    let (about_words, others): (Vec<_>, Vec<_>) = filter.conditions().iter().partition(is_about_words);
    let others = Filter::of(others.into_iter().cloned().collect());
    for condition in about_words {
        let Condition::Words(words) = condition else { continue };
        let found = find(client, &dialect, &Words::of(words), &others, head).await?;
        dialect.words.insert(words.clone(), found);
    }
    Ok(dialect)
}

async fn find(
    client: &Client,
    dialect: &Dialect<'_>,
    words: &Words,
    others: &Filter,
    head: u64,
) -> Result<Vec<i64>> {
    let mut clause = Clause::of(dialect, others, head);
    for word in words.wanted() {
        let word = clause.bind(Value::Text(word.clone()));
        let (message, details) = (folded("a.error_message"), folded("a.details::text"));
        clause.and(&format!(
            "coalesce(strpos({message}, {word}), 0) + coalesce(strpos({details}, {word}), 0) > 0"
        ));
    }
    let sql = format!(
        "SELECT a.position, a.error_message, a.details FROM {} WHERE {} ORDER BY a.position",
        dialect.log(),
        clause.sql()
    );
    let mut rows = pin!(client.query_raw(&sql, dialect::parameters(&clause)).await?);
    let (mut found, mut read) = (Vec::new(), 0);
    while let Some(row) = rows.try_next().await? {
        let message: Option<&str> = row.get(1);
        let details = row.get::<_, Option<Jsonb>>(2).map(|json| json.0);
        let details = details.as_ref().map_or("", livetrail_types::Json::as_str);
        let message = message.unwrap_or_default();
        if words.are_in(message, details) {
            found.push(row.get(0));
        }
        read += message.len() + details.len();
        if read >= BYTES_AT_ONCE {
            read = 0;
            yield_now().await;
        }
    }
    Ok(found)
}
