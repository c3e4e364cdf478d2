//! Erasure in the embedded database. SQLite leaves deleted content in its file until the place is used again. So an
//! erasure overwrites it (`secure_delete`), removes texts that no activity has any more from the dictionary, and
//! empties the write-ahead log.

use super::{
    SqliteStore, internal,
    log::Ends,
    retention,
    rows::clamped,
    terms::{self, Kind},
};
use crate::{
    Aged, Alert, AlertMark, Erasure, Person, Result,
    erasure::{DETAILS, ERASED},
    internal_tables as sql,
    names::Names,
};
use async_trait::async_trait;
use livetrail_types::json;
use rusqlite::{Connection, OptionalExtension, Transaction, params, params_from_iter};
use std::{sync::PoisonError, time::Duration};
use tokio::time::sleep;
use uuid::Uuid;

/// Terms that one transaction removes: some milliseconds.
const STEP: usize = 2_000;
/// How often the write-ahead log is tried to be emptied, and the pause between two tries.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// The largest database that is built anew, in bytes: that takes some seconds.
const MAX_REBUILT: u64 = 128 << 20;

/// Columns of terms.
const TERMS: [&str; 10] = [
    "user",
    "action",
    "endpoint",
    "http_method",
    "error_type",
    "resource_type",
    "user_agent",
    "tenant",
    "delegate",
    "via",
];

/// A condition is null where the dictionary does not have the person as a delegate, for example. That counts as false.
const UPDATE: &str = "UPDATE activities SET \
     ip_address = iif(user = ?2 OR delegate = ?3, NULL, ip_address), \
     user_agent = iif(user = ?2 OR delegate = ?3, NULL, user_agent), \
     session_id = iif(user = ?2 OR delegate = ?3, NULL, session_id), \
     request_id = iif(user = ?2 OR delegate = ?3, NULL, request_id), \
     trace_id = iif(user = ?2 OR delegate = ?3, NULL, trace_id), \
     user = iif(user IS ?2, ?4, user), delegate = iif(delegate IS ?3, ?5, delegate), \
     target_user_id = iif(target_user_id IS ?6, ?7, target_user_id), \
     target_resource_id = iif(target_resource_id IS ?6, ?7, target_resource_id), \
     endpoint = ?8, error_message = iif(error_message IS NULL, NULL, ?9), details = ?10, changes = NULL \
     WHERE position = ?1";

#[async_trait]
impl Erasure for SqliteStore {
    async fn about(&self, person: Person, after: u64, up_to: u64) -> Result<Vec<Aged>> {
        self.readers.run(move |connection| about(connection, &person, after, up_to)).await
    }

    async fn erase(&self, person: Person, positions: Vec<u64>, holds: u64) -> Result<Option<u64>> {
        self.check_place()?;
        self.writer
            .run(move |connection| {
                overwriting(connection, |connection| erase(connection, &person, &positions, holds))
            })
            .await
    }

    async fn about_alerts(&self, alerts: Vec<Uuid>, after: u64, up_to: u64) -> Result<Vec<Aged>> {
        self.readers.run(move |connection| about_alerts(connection, &alerts, after, up_to)).await
    }

    async fn erase_from_alerts(&self, alerts: Vec<(AlertMark, Alert)>, holds: u64) -> Result<Option<u64>> {
        self.check_place()?;
        let erase = move |connection: &mut Connection| erase_from_alerts(connection, &alerts, holds);
        self.writer.run(move |connection| overwriting(connection, erase)).await
    }

    async fn erase_profile(&self, person: Person) -> Result<bool> {
        let erase = move |connection: &mut Connection| {
            let Person { user_id, tenant, .. } = &person;
            Ok(connection.execute(sql::ERASE_PROFILE, params![user_id, tenant])? > 0)
        };
        let erased = self.writer.run(move |connection| overwriting(connection, erase)).await;
        *self.names.lock().unwrap_or_else(PoisonError::into_inner) = Names::default();
        erased
    }

    async fn erase_views(&self, person: Person) -> Result<u64> {
        let erase = move |connection: &mut Connection| {
            let Person { user_id, tenant, .. } = &person;
            let transaction = connection.transaction()?;
            let removed = transaction.execute(sql::views::ERASE_PERSONAL, params![user_id, tenant])?;
            let shared = transaction.execute(sql::views::ERASE_OWNER, params![user_id, tenant])?;
            transaction.commit()?;
            Ok((removed + shared) as u64)
        };
        self.writer.run(move |connection| overwriting(connection, erase)).await
    }

    async fn is_admin_of_a_tenant(&self, user_id: String) -> Result<bool> {
        self.readers.look_up(move |connection| {
            Ok(connection.prepare_cached(sql::IS_TENANT_ADMIN)?.exists([&user_id])?)
        })
    }

    async fn purge(&self) -> Result<bool> {
        self.check_place()?;
        let mut used = self.readers.scan(Used::read).await?;
        loop {
            // A number that the writer remembers may be one of those that go.
            let step = self.writer.run_with_terms(move |connection, terms| {
                terms.forget();
                overwriting(connection, |connection| used.remove_others(connection).map(|more| (more, used)))
            });
            let (more, same) = step.await?;
            used = same;
            if !more {
                break;
            }
        }
        let is_rebuilt = self.writer.run(|connection| overwriting(connection, rebuild)).await?;
        for _ in 0..TRIES {
            if self.writer.run(|connection| empty_wal(connection)).await? {
                return Ok(is_rebuilt);
            }
            sleep(PAUSE).await;
        }
        Ok(false)
    }
}

/// Has `work` overwrite what it deletes.
fn overwriting<T>(connection: &mut Connection, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
    connection.pragma_update(None, "secure_delete", true)?;
    let done = work(connection);
    connection.pragma_update(None, "secure_delete", false)?;
    done
}

fn about(connection: &Connection, person: &Person, after: u64, up_to: u64) -> Result<Vec<Aged>> {
    let [user, delegate] = numbers(connection, &person.user_id)?;
    let tenant = match &person.tenant {
        None => None,
        Some(tenant) => match terms::look_up(connection, Kind::Tenant, tenant)? {
            None => return Ok(Vec::new()),
            number => number,
        },
    };
    let sql = format!(
        "{} WHERE a.position > ?1 AND a.position <= ?2 AND (a.user = ?3 OR a.delegate = ?4 OR a.target_user_id = ?5) \
         AND (?6 IS NULL OR a.tenant = ?6) ORDER BY a.position",
        retention::AGED
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let values = params![clamped(after), clamped(up_to), user, delegate, person.user_id, tenant];
    let found = statement.query_map(values, retention::read_aged)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn about_alerts(connection: &Connection, alerts: &[Uuid], after: u64, up_to: u64) -> Result<Vec<Aged>> {
    let sql = format!(
        "{} WHERE a.position > ?1 AND a.position <= ?2 \
         AND a.resource_type = (SELECT id FROM terms WHERE kind = ?3 AND text = 'livetrail') \
         AND (hex(a.id) IN (SELECT value FROM json_each(?4)) \
              OR a.target_resource_id IN (SELECT value FROM json_each(?5))) ORDER BY a.position",
        retention::AGED
    );
    let list = |text: fn(&Uuid) -> String| json::to_string(&alerts.iter().map(text).collect::<Vec<_>>());
    let ids = list(|id| id.simple().to_string().to_uppercase());
    let targets = list(Uuid::to_string);
    let mut statement = connection.prepare_cached(&sql)?;
    let values = params![clamped(after), clamped(up_to), Kind::ResourceType as i64, ids, targets];
    let found = statement.query_map(values, retention::read_aged)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn erase_from_alerts(
    connection: &mut Connection,
    alerts: &[(AlertMark, Alert)],
    holds: u64,
) -> Result<Option<u64>> {
    let Some((transaction, _)) = retention::begin(connection, holds)? else { return Ok(None) };
    transaction.execute(sql::ALERT_RULES_CHANGE, [])?;
    transaction.execute(sql::ALERTS_CHANGE, [])?;
    let mut erased = 0;
    for (mark, alert) in alerts {
        let values = params_from_iter(mark.erased(alert));
        erased += transaction.prepare_cached(sql::ERASE_FROM_ALERT)?.execute(values)? as u64;
    }
    transaction.commit()?;
    Ok(Some(erased))
}

/// The numbers of a text as a user and as a delegate.
fn numbers(connection: &Connection, text: &str) -> Result<[Option<i64>; 2]> {
    Ok([terms::look_up(connection, Kind::User, text)?, terms::look_up(connection, Kind::Delegate, text)?])
}

fn erase(connection: &mut Connection, person: &Person, positions: &[u64], holds: u64) -> Result<Option<u64>> {
    let Some((transaction, _)) = retention::begin(connection, holds)? else { return Ok(None) };
    let [user, delegate] = numbers(&transaction, &person.user_id)?;
    let number = |kind| terms::look_up_or_insert(&transaction, kind, &person.pseudonym);
    let new_user = user.map(|_| number(Kind::User)).transpose()?;
    let new_delegate = delegate.map(|_| number(Kind::Delegate)).transpose()?;
    let mut erased = 0;
    for position in positions {
        let endpoint = endpoint(&transaction, person, *position)?;
        erased += transaction.prepare_cached(UPDATE)?.execute(params![
            clamped(*position),
            user,
            delegate,
            new_user,
            new_delegate,
            person.user_id,
            person.pseudonym,
            endpoint,
            ERASED,
            DETAILS,
        ])? as u64;
    }
    if erased > 0 {
        transaction.execute(internal::RENEW_EDITION, [])?;
    }
    transaction.commit()?;
    Ok(Some(erased))
}

/// The number of an activity's endpoint without the person's id.
fn endpoint(transaction: &Transaction<'_>, person: &Person, position: u64) -> Result<Option<i64>> {
    let sql = "SELECT t.id, t.text FROM activities a JOIN terms t ON t.id = a.endpoint WHERE a.position = ?1";
    let found: Option<(i64, String)> = transaction
        .prepare_cached(sql)?
        .query_row([clamped(position)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((number, text)) = found else { return Ok(None) };
    match person.endpoint(&text) {
        Some(replaced) => terms::look_up_or_insert(transaction, Kind::Endpoint, &replaced).map(Some),
        None => Ok(Some(number)),
    }
}

/// Which terms activities have.
struct Used {
    /// By number.
    is_used: Vec<bool>,
    /// The last position that was looked at.
    seen: u64,
    /// The number before the next one to look at.
    looked_at: usize,
}

impl Used {
    fn read(connection: &Connection) -> Result<Self> {
        let most: u64 =
            connection.query_row("SELECT coalesce(max(id), 0) FROM terms", [], |row| row.get(0))?;
        let most = usize::try_from(most).unwrap_or_default();
        let mut used = Self { is_used: vec![false; most + 1], seen: 0, looked_at: 0 };
        used.note(connection)?;
        Ok(used)
    }

    /// Notes the terms of the activities that have come since.
    fn note(&mut self, connection: &Connection) -> Result<()> {
        let head = Ends::read(connection)?.head;
        let sql = format!("SELECT {} FROM activities WHERE position > ?1", TERMS.join(", "));
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query([clamped(self.seen)])?;
        while let Some(row) = rows.next()? {
            for column in 0..TERMS.len() {
                let number = row.get::<_, Option<usize>>(column)?.unwrap_or_default();
                if let Some(is_used) = self.is_used.get_mut(number) {
                    *is_used = true;
                }
            }
        }
        self.seen = head;
        Ok(())
    }

    /// Removes some of the terms that no activity has. Whether there may be more of them.
    fn remove_others(&mut self, connection: &mut Connection) -> Result<bool> {
        // Otherwise SQLite looks through all activities for each of them.
        connection.pragma_update(None, "foreign_keys", false)?;
        let removed = self.try_to_remove_others(connection);
        connection.pragma_update(None, "foreign_keys", true)?;
        removed
    }

    fn try_to_remove_others(&mut self, connection: &mut Connection) -> Result<bool> {
        let transaction = connection.transaction()?;
        self.note(&transaction)?;
        let unused = (self.looked_at + 1..self.is_used.len()).filter(|number| !self.is_used[*number]);
        let unused: Vec<usize> = unused.take(STEP).collect();
        for number in &unused {
            transaction.prepare_cached("DELETE FROM terms WHERE id = ?1")?.execute([number])?;
        }
        transaction.commit()?;
        self.looked_at = unused.last().copied().unwrap_or(self.looked_at);
        Ok(unused.len() == STEP)
    }
}

/// Builds a small database anew. SQLite moves rows from page to page when others get shorter, and leaves copies of them
/// where they were. A large one is not built anew, because activities would wait for too long: there, only the index of
/// the dictionary is.
fn rebuild(connection: &mut Connection) -> Result<bool> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    let is_small = pragma("page_count")? * pragma("page_size")? <= MAX_REBUILT;
    connection.execute_batch(if is_small { "VACUUM" } else { "REINDEX terms" })?;
    Ok(is_small)
}

/// Empties the write-ahead log, unless a reader uses it. It does not wait for readers, because writers would wait with
/// it.
fn empty_wal(connection: &Connection) -> Result<bool> {
    let before: u64 = connection.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
    connection.busy_timeout(Duration::ZERO)?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    connection.busy_timeout(Duration::from_millis(before))?;
    Ok(!is_busy?)
}
