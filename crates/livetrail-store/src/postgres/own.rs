//! Settings: what the log knows of itself.

use crate::{Result, StoreError, own_tables as sql};
use tokio_postgres::Client;

/// The setting `name`, which is `fresh` if nobody kept another before.
pub(super) async fn setting<const N: usize>(client: &Client, name: &str, fresh: [u8; N]) -> Result<[u8; N]> {
    client.execute(sql::KEEP_SETTING, &[&name, &&fresh[..]]).await?;
    let row = client.query_one(sql::SETTING, &[&name]).await?;
    let unreadable = || StoreError::Internal(format!("the setting {name} cannot be read"));
    row.get::<_, &[u8]>(0).try_into().map_err(|_| unreadable())
}
