//! Livetrail's internal tables: settings, and how the tables are dropped.

use crate::{Result, StoreError, internal_tables as sql};
use tokio_postgres::{Client, GenericClient};

/// The setting `name`, which is `fresh` if it had no value before.
pub(super) async fn setting<const N: usize>(client: &Client, name: &str, fresh: [u8; N]) -> Result<[u8; N]> {
    client.execute(sql::KEEP_SETTING, &[&name, &&fresh[..]]).await?;
    let row = client.query_one(sql::SETTING, &[&name]).await?;
    let unreadable = || StoreError::Internal(format!("the setting {name} cannot be read"));
    row.get::<_, &[u8]>(0).try_into().map_err(|_| unreadable())
}

/// Drops the internal tables, their sequences, and the functions of triggers. The log was dropped before.
pub(super) async fn drop_tables(client: &impl GenericClient) -> Result<()> {
    let sql = r"SELECT coalesce(string_agg(
           format('DROP %s IF EXISTS %I;', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname), ' '), '')
         FROM pg_class WHERE relkind IN ('r', 'S') AND relname LIKE 'livetrail\_%'
         AND relnamespace = to_regnamespace(quote_ident(current_schema()))";
    let drop: String = client.query_one(sql, &[]).await?.get(0);
    let functions = "DROP FUNCTION IF EXISTS livetrail_note_removed(), livetrail_number_names(), \
                     livetrail_take_position_back(), livetrail_watch_positions(REGCLASS);";
    Ok(client.batch_execute(&format!("{drop} {functions}")).await?)
}
