//! Credentials and settings: Livetrail's own small tables.

use super::watcher;
use crate::{Credential, Result, StoreError, own_tables as sql};
use jiff::Timestamp;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

pub(super) async fn credentials(client: &Client) -> Result<Vec<Credential>> {
    client.query(sql::CREDENTIALS, &[]).await?.iter().map(credential).collect()
}

fn credential(row: &Row) -> Result<Credential> {
    let unreadable = |what: &str| StoreError::Internal(format!("a credential's {what} cannot be read"));
    let moment = |micros: i64| Timestamp::from_microsecond(micros).map_err(|_| unreadable("time"));
    Ok(Credential {
        id: row.get::<_, &str>(0).parse().map_err(|_| unreadable("id"))?,
        name: row.get(1),
        role: row.get::<_, &str>(2).parse().map_err(|_| unreadable("role"))?,
        tenant: row.get(3),
        secret: row.get::<_, &[u8]>(4).try_into().map_err(|_| unreadable("secret"))?,
        single_use: row.get(5),
        created_at: moment(row.get(6))?,
        expires_at: row.get::<_, Option<i64>>(7).map(moment).transpose()?,
    })
}

pub(super) async fn put_credential(client: &mut Client, credential: &Credential) -> Result<()> {
    let Credential { id, name, role, tenant, secret, single_use, created_at, expires_at } = credential;
    let transaction = client.transaction().await?;
    let (id, secret) = (id.to_string(), &secret[..]);
    let (created, expires) = (created_at.as_microsecond(), expires_at.map(Timestamp::as_microsecond));
    transaction
        .execute(
            sql::PUT_CREDENTIAL,
            &[&id, name, &role.as_str(), tenant, &secret, single_use, &created, &expires],
        )
        .await?;
    transaction.execute(watcher::TELL_CREDENTIALS, &[]).await?;
    Ok(transaction.commit().await?)
}

pub(super) async fn remove_credential(client: &mut Client, id: Uuid) -> Result<bool> {
    let transaction = client.transaction().await?;
    let removed = transaction.execute(sql::REMOVE_CREDENTIAL, &[&id.to_string()]).await? == 1;
    transaction.execute(watcher::TELL_CREDENTIALS, &[]).await?;
    transaction.commit().await?;
    Ok(removed)
}

/// The setting `name`, which is `fresh` if nobody kept another before.
pub(super) async fn setting<const N: usize>(client: &Client, name: &str, fresh: [u8; N]) -> Result<[u8; N]> {
    client.execute(sql::KEEP_SETTING, &[&name, &&fresh[..]]).await?;
    let row = client.query_one(sql::SETTING, &[&name]).await?;
    let unreadable = || StoreError::Internal(format!("the setting {name} cannot be read"));
    row.get::<_, &[u8]>(0).try_into().map_err(|_| unreadable())
}
