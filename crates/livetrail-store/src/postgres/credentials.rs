use super::{PostgresStore, watcher};
use crate::{
    Credential, Credentials, Ended, Grant, MAX_LISTED_ENDS, Result, Session, SessionPage, SessionQuery,
    SessionScope, StoreError,
    internal_rows::{Column, Columns},
    internal_tables as sql,
};
use async_trait::async_trait;
use bytes::BytesMut;
use jiff::Timestamp;
use std::error::Error;
use tokio_postgres::{
    Client, Row,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};
use uuid::Uuid;

impl ToSql for Column {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Text(text) => text.to_sql(ty, out),
            Self::Number(number) => number.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.as_slice().to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::TEXT | Type::INT8 | Type::BYTEA)
    }

    to_sql_checked!();
}

impl Columns for Row {
    fn text(&self, index: usize) -> Result<Option<String>> {
        column(self, index)
    }

    fn number(&self, index: usize) -> Result<Option<i64>> {
        column(self, index)
    }

    fn bytes(&self, index: usize) -> Result<Vec<u8>> {
        column(self, index)
    }
}

fn column<'a, T: FromSql<'a>>(row: &'a Row, index: usize) -> Result<T> {
    row.try_get(index).map_err(|error| StoreError::Internal(error.to_string()))
}

pub(super) fn bound(columns: &[Column]) -> Vec<&(dyn ToSql + Sync)> {
    columns.iter().map(|column| column as _).collect()
}

async fn put_credential(client: &mut Client, credential: &Credential) -> Result<()> {
    let transaction = client.transaction().await?;
    transaction.execute(sql::PUT_CREDENTIAL, &bound(&credential.columns())).await?;
    transaction.execute(watcher::MARK_CREDENTIALS, &[]).await?;
    Ok(transaction.commit().await?)
}

async fn remove_credential(client: &mut Client, id: Uuid) -> Result<bool> {
    let transaction = client.transaction().await?;
    let removed = transaction.execute(sql::REMOVE_CREDENTIAL, &[&id.to_string()]).await? == 1;
    transaction.execute(watcher::MARK_CREDENTIALS, &[]).await?;
    transaction.commit().await?;
    Ok(removed)
}

/// A node that does not know a session looks it up, so a new one is not told.
async fn put_session(
    client: &mut Client,
    session: &Session,
    grant: Option<Uuid>,
) -> Result<Option<Vec<Session>>> {
    let transaction = client.transaction().await?;
    if let Some(grant) = grant
        && transaction.execute(sql::USE_GRANT, &[&grant.to_string()]).await? == 0
    {
        return Ok(None);
    }
    transaction.execute(sql::FORGET_SESSIONS, &[&session.created_at.as_microsecond()]).await?;
    let surplus = transaction.query(sql::END_SURPLUS, &bound(&session.same_backing())).await?;
    if !surplus.is_empty() {
        transaction.execute(watcher::MARK_CREDENTIALS, &[]).await?;
    }
    transaction.execute(sql::PUT_SESSION, &bound(&session.columns())).await?;
    transaction.commit().await?;
    surplus.iter().map(Session::read).collect::<Result<_>>().map(Some)
}

async fn sessions(client: &Client, query: SessionQuery) -> Result<SessionPage> {
    let at = query.at.as_microsecond();
    let total: i64 = client.query_one(sql::COUNT_SESSIONS, &[&at]).await?.get(0);
    let rows = client.query(sql::SESSIONS, &[&at, &i64::from(query.limit), &query.offset()]).await?;
    let sessions = rows.iter().map(Session::read).collect::<Result<_>>()?;
    Ok(SessionPage { sessions, total: total.unsigned_abs() })
}

async fn end_sessions(client: &mut Client, which: &SessionScope) -> Result<Ended> {
    let sql = sql::EndSessions::of(which);
    let values = bound(&sql.values);
    let transaction = client.transaction().await?;
    transaction.execute(&sql.end_grants, &values).await?;
    let found = transaction.query(&sql.find, &values).await?;
    let ended: Ended = if found.len() <= MAX_LISTED_ENDS {
        let rows = transaction.query(&sql.end_listed, &values).await?;
        rows.iter().map(Session::read).collect::<Result<Vec<_>>>()?.into()
    } else {
        let users = transaction.query(&sql.users, &values).await?;
        let users = users.iter().map(|row| column(row, 0)).collect::<Result<_>>()?;
        let count = transaction.execute(&sql.end, &values).await?;
        Ended { count, users, ..Ended::default() }
    };
    if ended.count > 0 {
        transaction.execute(watcher::MARK_CREDENTIALS, &[]).await?;
    }
    transaction.commit().await?;
    Ok(ended)
}

async fn put_grant(client: &mut Client, grant: &Grant) -> Result<()> {
    let transaction = client.transaction().await?;
    transaction.execute(sql::FORGET_GRANTS, &[&grant.created_at.as_microsecond()]).await?;
    transaction.execute(sql::PUT_GRANT, &bound(&grant.columns())).await?;
    Ok(transaction.commit().await?)
}

#[async_trait]
impl Credentials for PostgresStore {
    async fn credentials(&self) -> Result<Vec<Credential>> {
        let asking = async { Ok(self.client().await?.query(sql::CREDENTIALS, &[]).await?) };
        self.answer(asking).await?.iter().map(Credential::read).collect()
    }

    async fn put_credential(&self, credential: Credential) -> Result<()> {
        self.changing(async |client| put_credential(client, &credential).await).await
    }

    async fn used_credential(&self, id: Uuid, at: Timestamp) -> Result<()> {
        self.note(sql::USED_CREDENTIAL, id, at).await
    }

    async fn remove_credential(&self, id: Uuid) -> Result<bool> {
        self.changing(async |client| remove_credential(client, id).await).await
    }

    async fn session(&self, id: Uuid) -> Result<Option<Session>> {
        let asking = async { Ok(self.client().await?.query_opt(sql::SESSION, &[&id.to_string()]).await?) };
        self.answer(asking).await?.as_ref().map(Session::read).transpose()
    }

    async fn sessions(&self, query: SessionQuery) -> Result<SessionPage> {
        self.answer(async { sessions(&*self.client().await?, query).await }).await
    }

    async fn put_session(&self, session: Session, grant: Option<Uuid>) -> Result<Option<Vec<Session>>> {
        self.changing(async |client| put_session(client, &session, grant).await).await
    }

    async fn seen_session(&self, id: Uuid, at: Timestamp) -> Result<()> {
        self.note(sql::SEEN_SESSION, id, at).await
    }

    async fn end_sessions(&self, which: SessionScope) -> Result<Ended> {
        self.changing(async |client| end_sessions(client, &which).await).await
    }

    async fn grant(&self, id: Uuid) -> Result<Option<Grant>> {
        let asking = async { Ok(self.client().await?.query_opt(sql::GRANT, &[&id.to_string()]).await?) };
        self.answer(asking).await?.as_ref().map(Grant::read).transpose()
    }

    async fn put_grant(&self, grant: Grant) -> Result<()> {
        self.answer(async { put_grant(&mut *self.client().await?, &grant).await }).await
    }

    async fn use_grant(&self, id: Uuid) -> Result<bool> {
        let using =
            async { Ok(self.client().await?.execute(sql::USE_GRANT, &[&id.to_string()]).await? == 1) };
        self.answer(using).await
    }

    async fn secret(&self, name: &'static str) -> Result<Option<Vec<u8>>> {
        let asking = async { Ok(self.client().await?.query_opt(sql::SETTING, &[&name]).await?) };
        self.answer(asking).await?.as_ref().map(|row| row.bytes(0)).transpose()
    }

    async fn replace_secret(
        &self,
        name: &'static str,
        known: Option<Vec<u8>>,
        sealed: Vec<u8>,
    ) -> Result<bool> {
        let replacing = async {
            let client = self.client().await?;
            let changed = match known {
                None => client.execute(sql::KEEP_SETTING, &[&name, &sealed]).await?,
                Some(known) => client.execute(sql::REPLACE_SETTING, &[&sealed, &name, &known]).await?,
            };
            Ok(changed == 1)
        };
        self.answer(replacing).await
    }
}

impl PostgresStore {
    /// Changes credentials, and wakes the other nodes. Notifications that are not taken cost them a moment: they look
    /// for the mark.
    async fn changing<T>(&self, change: impl AsyncFnOnce(&mut Client) -> Result<T>) -> Result<T> {
        let changing = async {
            let mut client = self.client().await?;
            let changed = change(&mut client).await?;
            if let Err(error) = client.execute(watcher::TELL_CREDENTIALS, &[]).await {
                tracing::debug!(%error, "other nodes were not notified");
            }
            Ok(changed)
        };
        self.answer(changing).await
    }

    async fn note(&self, statement: &'static str, id: Uuid, at: Timestamp) -> Result<()> {
        let noting = async {
            self.client().await?.execute(statement, &[&at.as_microsecond(), &id.to_string()]).await?;
            Ok(())
        };
        self.answer(noting).await
    }
}
