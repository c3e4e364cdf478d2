use super::SqliteStore;
use crate::{
    Credential, Credentials, Ended, Grant, MAX_LISTED_ENDS, Result, Session, SessionPage, SessionQuery,
    SessionScope,
    internal_rows::{Column, Columns},
    internal_tables as sql,
};
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{
    Connection, OptionalExtension, Row, ToSql, params, params_from_iter,
    types::{ToSqlOutput, Value, ValueRef},
};
use uuid::Uuid;

impl ToSql for Column {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Text(Some(value)) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Self::Number(Some(number)) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Text(None) | Self::Number(None) => ToSqlOutput::Owned(Value::Null),
        })
    }
}

impl Columns for Row<'_> {
    fn text(&self, index: usize) -> Result<Option<String>> {
        Ok(self.get(index)?)
    }

    fn number(&self, index: usize) -> Result<Option<i64>> {
        Ok(self.get(index)?)
    }

    fn bytes(&self, index: usize) -> Result<Vec<u8>> {
        Ok(self.get(index)?)
    }
}

pub(super) const NO_VALUE: [Column; 0] = [];

/// Every row of a statement.
pub(super) fn all<T>(
    connection: &Connection,
    statement: &str,
    values: impl IntoIterator<Item: ToSql>,
    read: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(statement)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn put_session(
    connection: &mut Connection,
    session: &Session,
    grant: Option<Uuid>,
) -> Result<Option<Vec<Session>>> {
    let transaction = connection.transaction()?;
    if let Some(grant) = grant
        && transaction.execute(sql::USE_GRANT, [grant.to_string()])? == 0
    {
        return Ok(None);
    }
    transaction.execute(sql::FORGET_SESSIONS, [session.created_at.as_microsecond()])?;
    let surplus = all(&transaction, sql::END_SURPLUS, session.same_backing(), |row| Session::read(row))?;
    transaction.execute(sql::PUT_SESSION, params_from_iter(session.columns()))?;
    transaction.commit()?;
    Ok(Some(surplus))
}

fn sessions(connection: &Connection, query: SessionQuery) -> Result<SessionPage> {
    let at = query.at.as_microsecond();
    let total: i64 = connection.query_row(sql::COUNT_SESSIONS, [at], |row| row.get(0))?;
    let values = [at, query.limit.into(), query.offset()];
    let sessions = all(connection, sql::SESSIONS, values, |row| Session::read(row))?;
    Ok(SessionPage { sessions, total: total.unsigned_abs() })
}

fn end_sessions(connection: &mut Connection, which: &SessionScope) -> Result<Ended> {
    let sql = sql::EndSessions::of(which);
    let values = || sql.values.iter();
    let transaction = connection.transaction()?;
    transaction.execute(&sql.end_grants, params_from_iter(values()))?;
    let found = all(&transaction, &sql.find, values(), |row| Session::read(row))?;
    let ended = if found.len() <= MAX_LISTED_ENDS {
        all(&transaction, &sql.end_listed, values(), |row| Session::read(row))?.into()
    } else {
        let users = all(&transaction, &sql.users, values(), |row| Ok(row.get(0)?))?;
        let count = transaction.execute(&sql.end, params_from_iter(values()))?;
        Ended { count: count as u64, users, ..Ended::default() }
    };
    transaction.commit()?;
    Ok(ended)
}

fn put_grant(connection: &mut Connection, grant: &Grant) -> Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute(sql::FORGET_GRANTS, [grant.created_at.as_microsecond()])?;
    transaction.execute(sql::PUT_GRANT, params_from_iter(grant.columns()))?;
    Ok(transaction.commit()?)
}

/// Zeroes what is replaced, in the file and in the write-ahead log, so that a copy of the files does not hold it.
fn replace_secret(connection: &Connection, name: &str, known: Option<&[u8]>, sealed: &[u8]) -> Result<bool> {
    let Some(known) = known else {
        return Ok(connection.execute(sql::KEEP_SETTING, params![name, sealed])? == 1);
    };
    connection.pragma_update(None, "secure_delete", true)?;
    let replaced = connection.execute(sql::REPLACE_SETTING, params![sealed, name, known]);
    connection.pragma_update(None, "secure_delete", false)?;
    let replaced = replaced? == 1;
    // A reader that is under way keeps the log from being emptied; it is at the next checkpoint, then.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(replaced)
}

#[async_trait]
impl Credentials for SqliteStore {
    async fn credentials(&self) -> Result<Vec<Credential>> {
        self.readers
            .run(|connection| all(connection, sql::CREDENTIALS, NO_VALUE, |row| Credential::read(row)))
            .await
    }

    async fn put_credential(&self, credential: Credential) -> Result<()> {
        let put = move |connection: &mut Connection| {
            connection.execute(sql::PUT_CREDENTIAL, params_from_iter(credential.columns()))?;
            Ok(())
        };
        self.writer.run(put).await
    }

    async fn used_credential(&self, id: Uuid, at: Timestamp) -> Result<()> {
        self.note(sql::USED_CREDENTIAL, id, at).await
    }

    async fn remove_credential(&self, id: Uuid) -> Result<bool> {
        self.remove(sql::REMOVE_CREDENTIAL, id).await
    }

    async fn session(&self, id: Uuid) -> Result<Option<Session>> {
        self.readers.look_up(|connection| {
            Ok(all(connection, sql::SESSION, [id.to_string()], |row| Session::read(row))?.pop())
        })
    }

    async fn sessions(&self, query: SessionQuery) -> Result<SessionPage> {
        self.readers.run(move |connection| sessions(connection, query)).await
    }

    async fn put_session(&self, session: Session, grant: Option<Uuid>) -> Result<Option<Vec<Session>>> {
        self.writer.run(move |connection| put_session(connection, &session, grant)).await
    }

    async fn seen_session(&self, id: Uuid, at: Timestamp) -> Result<()> {
        self.note(sql::SEEN_SESSION, id, at).await
    }

    async fn end_sessions(&self, which: SessionScope) -> Result<Ended> {
        self.writer.run(move |connection| end_sessions(connection, &which)).await
    }

    async fn grant(&self, id: Uuid) -> Result<Option<Grant>> {
        self.readers.look_up(|connection| {
            Ok(all(connection, sql::GRANT, [id.to_string()], |row| Grant::read(row))?.pop())
        })
    }

    async fn put_grant(&self, grant: Grant) -> Result<()> {
        self.writer.run(move |connection| put_grant(connection, &grant)).await
    }

    async fn use_grant(&self, id: Uuid) -> Result<bool> {
        self.remove(sql::USE_GRANT, id).await
    }

    async fn secret(&self, name: &'static str) -> Result<Option<Vec<u8>>> {
        let read = move |connection: &Connection| {
            Ok(connection.query_row(sql::SETTING, [name], |row| row.get(0)).optional()?)
        };
        self.readers.run(read).await
    }

    async fn replace_secret(
        &self,
        name: &'static str,
        known: Option<Vec<u8>>,
        sealed: Vec<u8>,
    ) -> Result<bool> {
        self.writer.run(move |connection| replace_secret(connection, name, known.as_deref(), &sealed)).await
    }
}

impl SqliteStore {
    async fn note(&self, statement: &'static str, id: Uuid, at: Timestamp) -> Result<()> {
        let note = move |connection: &mut Connection| {
            connection.execute(statement, params![at.as_microsecond(), id.to_string()])?;
            Ok(())
        };
        self.writer.run(note).await
    }

    async fn remove(&self, statement: &'static str, id: Uuid) -> Result<bool> {
        self.writer.run(move |connection| Ok(connection.execute(statement, [id.to_string()])? == 1)).await
    }
}
