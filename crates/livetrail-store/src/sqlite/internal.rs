//! Livetrail's internal tables: the directory and settings.

use super::rows::profile;
use crate::{
    Result, internal_tables as sql,
    names::{Names, Version},
};
use livetrail_types::{FoldedFinder, UserProfile};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Notes that activities were changed in place: [`Bounds::edition`](crate::Bounds::edition).
pub(super) const RENEW_EDITION: &str = "INSERT INTO livetrail_settings (name, value) VALUES ('edition', randomblob(8)) \
     ON CONFLICT (name) DO UPDATE SET value = excluded.value";

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
        let of_user = params![tenant.unwrap_or_default(), user_id];
        let rows = statement.query_map(of_user, |row| profile(row, 0))?;
        found.extend(rows.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(found)
}

/// Brings names up to date with the directory.
pub(super) fn follow_names(connection: &Connection, names: &mut Names) -> Result<()> {
    let version = |row: &Row<'_>| Ok(Version { change: row.get(0)?, removal: row.get(1)? });
    let now = connection.prepare_cached(sql::NAMES_VERSION)?.query_row([], version)?;
    let Some(known) = names.begin(now) else { return Ok(()) };
    let mut statement = connection.prepare_cached(sql::CHANGED_NAMES)?;
    let mut rows = statement.query([known])?;
    while let Some(row) = rows.next()?.filter(|_| !names.is_too_large()) {
        let text = |column| row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from);
        names.put(text(0)?.unwrap_or_default(), text(1)?.unwrap_or_default(), [text(2)?, text(3)?]);
    }
    names.finish(now);
    Ok(())
}

/// The users whose e-mail address or name contains `needle`, each with the tenant of the profile.
pub(super) fn users_named(connection: &Connection, needle: &str) -> Result<Vec<(Option<String>, String)>> {
    // Calling a function of SQL for each name would take several times as long.
    let sql = "SELECT tenant, user_id, email, display_name FROM livetrail_users";
    let mut statement = connection.prepare_cached(sql)?;
    let (mut rows, mut found, mut finder) = (statement.query([])?, Vec::new(), FoldedFinder::of(needle));
    while let Some(row) = rows.next()? {
        let mut has_needle = |column| {
            let name = row.get_ref(column)?.as_str_or_null().unwrap_or_default();
            Ok::<_, rusqlite::Error>(name.is_some_and(|name| finder.is_in(name)))
        };
        if has_needle(2)? || has_needle(3)? {
            let tenant: String = row.get(0)?;
            found.push((Some(tenant).filter(|tenant| !tenant.is_empty()), row.get(1)?));
        }
    }
    Ok(found)
}

/// The setting `name`, which is `fresh` if it had no value before.
pub(super) fn setting<const N: usize>(
    connection: &Connection,
    name: &str,
    fresh: [u8; N],
) -> Result<[u8; N]> {
    connection.execute(sql::KEEP_SETTING, params![name, fresh])?;
    Ok(connection.query_row(sql::SETTING, [name], |row| row.get(0))?)
}

/// The setting `name`, if it is kept.
pub(super) fn known(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(connection.query_row(sql::SETTING, [name], |row| row.get(0)).optional()?)
}

/// Keeps the setting `name` in place of what was kept before.
pub(super) fn put(connection: &Connection, name: &str, value: &[u8]) -> Result<()> {
    let put = "INSERT INTO livetrail_settings (name, value) VALUES (?1, ?2) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    connection.execute(put, params![name, value])?;
    Ok(())
}
