//! The directory, credentials and settings: Livetrail's own small tables.

use crate::{Credential, Result, StoreError, own_tables as sql};
use jiff::Timestamp;
use livetrail_types::UserProfile;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

pub(super) fn put_profiles(
    connection: &mut Connection,
    tenant: Option<&str>,
    profiles: &[UserProfile],
) -> Result<()> {
    let transaction = connection.transaction()?;
    for profile in profiles {
        transaction.prepare_cached(sql::PUT_PROFILE)?.execute(params![
            tenant.unwrap_or_default(),
            profile.user_id,
            profile.email,
            profile.display_name
        ])?;
    }
    Ok(transaction.commit()?)
}

pub(super) fn profiles(
    connection: &Connection,
    tenant: Option<&str>,
    user_ids: &[String],
) -> Result<Vec<UserProfile>> {
    let mut statement = connection.prepare_cached(sql::PROFILE)?;
    let mut found = Vec::new();
    for user_id in user_ids {
        let rows = statement.query_map(params![tenant.unwrap_or_default(), user_id], |row| {
            Ok(UserProfile { user_id: row.get(0)?, email: row.get(1)?, display_name: row.get(2)? })
        })?;
        found.extend(rows.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(found)
}

pub(super) fn credentials(connection: &Connection) -> Result<Vec<Credential>> {
    let mut statement = connection.prepare_cached(sql::CREDENTIALS)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(credential(row)?);
    }
    Ok(found)
}

fn credential(row: &Row<'_>) -> Result<Credential> {
    let unreadable = |what: &str| StoreError::Internal(format!("a credential's {what} cannot be read"));
    let moment = |micros: i64| Timestamp::from_microsecond(micros).map_err(|_| unreadable("time"));
    Ok(Credential {
        id: row.get::<_, String>(0)?.parse().map_err(|_| unreadable("id"))?,
        name: row.get(1)?,
        role: row.get::<_, String>(2)?.parse().map_err(|_| unreadable("role"))?,
        tenant: row.get(3)?,
        secret: row.get(4)?,
        single_use: row.get(5)?,
        created_at: moment(row.get(6)?)?,
        expires_at: row.get::<_, Option<i64>>(7)?.map(moment).transpose()?,
    })
}

pub(super) fn put_credential(connection: &mut Connection, credential: &Credential) -> Result<()> {
    let Credential { id, name, role, tenant, secret, single_use, created_at, expires_at } = credential;
    connection.execute(
        sql::PUT_CREDENTIAL,
        params![
            Uuid::to_string(id),
            name,
            role.as_str(),
            tenant,
            secret,
            single_use,
            created_at.as_microsecond(),
            expires_at.map(Timestamp::as_microsecond)
        ],
    )?;
    Ok(())
}

/// The setting `name`, which is `fresh` if nobody kept another before.
pub(super) fn setting<const N: usize>(
    connection: &Connection,
    name: &str,
    fresh: [u8; N],
) -> Result<[u8; N]> {
    connection.execute(sql::KEEP_SETTING, params![name, fresh])?;
    Ok(connection.query_row(sql::SETTING, [name], |row| row.get(0))?)
}
