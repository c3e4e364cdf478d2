//! Connections: how they are made, the settings of every session, and the meaning of failures.

use super::{
    address::PostgresAddress,
    beside,
    search_path::{self, SearchPath},
    task,
    timeouts::{Timeouts, answered},
    tls,
};
use crate::{Result, StoreError};
use std::{
    error::Error,
    sync::{Arc, LazyLock},
};
use tokio::{task::JoinHandle, time::timeout};
use tokio_postgres::{Client, Connection, SimpleQueryMessage, Socket, error::SqlState, tls::MakeTlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;
use tracing::Instrument;

/// The settings of every session. A commit always waits for the server's disk; if the server is set to wait for
/// standbys, too, that stays. No statement waits for a lock of another application for ever. A statement after a lock
/// sees everything that was committed before, so the isolation is `read committed`. Keepalives notice within seconds
/// that a node which holds the log has vanished. Literals and names are written as Livetrail reads them.
const SETTINGS: &str = "
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
    SET timezone = 'UTC';
    SET statement_timeout = '60s';
    SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '10s';
    SET default_transaction_isolation = 'read committed';
    SET tcp_keepalives_idle = 5;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 2;
    SET tcp_user_timeout = 15000;
    SET standard_conforming_strings = on;
    SET quote_all_identifiers = off;
    SET default_tablespace = '';
    SET jit = off";

/// The same, after the log is found if it is beside an application's table.
pub(super) static SESSION: LazyLock<String> = LazyLock::new(|| format!("{}{SETTINGS}", beside::FIND));

type TlsStream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// Makes connections to one database.
#[derive(Clone)]
pub(super) struct Connector {
    address: Arc<PostgresAddress>,
    tls: MakeRustlsConnect,
    pub(super) timeouts: Timeouts,
}

impl Connector {
    pub(super) fn new(address: PostgresAddress, timeouts: Timeouts) -> Result<Self> {
        Ok(Self { tls: tls::connector(&address)?, address: Arc::new(address), timeouts })
    }

    pub(super) fn address(&self) -> &PostgresAddress {
        &self.address
    }

    /// What makes TLS of a connection, also of one that only asks to cancel a statement.
    pub(super) fn tls(&self) -> MakeRustlsConnect {
        self.tls.clone()
    }

    /// A connection of the caller's own, the first of a process.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the address leads to a pooler that gives each transaction another session: what a
    /// session is told and what it listens to would be another's. The same when the schema that it names is not there.
    pub(super) async fn first(&self) -> Result<Client> {
        let (one, other) = (self.connect().await?, self.connect().await?);
        let session_of = async |client: &Client| {
            let answer =
                answered(self.timeouts.connect, client.simple_query("SELECT pg_backend_pid()")).await?;
            let pid = answer.iter().find_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            });
            pid.ok_or_else(|| StoreError::Internal("a session without a number".into()))
        };
        // A pooler gives a free session to the next client.
        let before = session_of(&one).await?;
        other.batch_execute("BEGIN").await?;
        let (others, after) = (session_of(&other).await?, session_of(&one).await?);
        other.batch_execute("ROLLBACK").await?;
        if before != others && before == after {
            search_path::check(&one, &self.address).await?;
            return Ok(one);
        }
        Err(StoreError::Unusable(format!(
            "{} leads to a pooler that gives each transaction another session (PgBouncer with pool_mode = transaction, say). Livetrail needs \
             sessions of its own: name PostgreSQL itself, or a pooler with pool_mode = session",
            self.address.server()
        )))
    }

    /// A connection of the caller's own, which is closed with the client.
    pub(super) async fn connect(&self) -> Result<Client> {
        Ok(self.driven().await?.0)
    }

    /// The same, with the task that drives it.
    pub(super) async fn driven(&self) -> Result<(Client, JoinHandle<()>)> {
        let (client, connection) = self.raw().await?;
        let connected = async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = %in_words(&error), "a connection to PostgreSQL ended");
            }
        };
        let driving = tokio::spawn(connected.instrument(task("database-connection")));
        self.begin_session(&client).await?;
        Ok((client, driving))
    }

    /// A connection that the caller drives. The session is still to be told its settings, by
    /// [`Connector::begin_session`].
    pub(super) async fn raw(&self) -> Result<(Client, Connection<Socket, TlsStream>)> {
        let connecting = self.address.config.connect(self.tls.clone());
        match timeout(self.timeouts.connect, connecting).await {
            Ok(connected) => connected.map_err(|error| self.explain(error)),
            Err(_) => {
                let server = self.address.server();
                Err(StoreError::Unavailable(format!("PostgreSQL at {server} does not answer")))
            }
        }
    }

    /// Tells a session that was made by [`Connector::raw`] what every session is told.
    pub(super) async fn begin_session(&self, client: &Client) -> Result<()> {
        answered(self.timeouts.connect, client.batch_execute(&SESSION)).await
    }

    /// A refusal to connect in words that say what would help.
    fn explain(&self, error: tokio_postgres::Error) -> StoreError {
        let address = &self.address;
        let (user, database, server) = (address.user(), address.database(), address.server());
        let code = error.code().cloned();
        let refused = |what: String| StoreError::Unusable(what);
        match code {
            Some(code) if code == SqlState::INVALID_PASSWORD => {
                refused(format!("PostgreSQL at {server} refuses the password of the user {user}"))
            }
            Some(code) if code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => refused(format!(
                "PostgreSQL at {server} does not let the user {user} in: {}",
                in_words(&error)
            )),
            Some(code) if code == SqlState::INVALID_CATALOG_NAME => refused(format!(
                "PostgreSQL at {server} has no database named {database}; make it with: createdb {database}"
            )),
            // It is the only parameter with a value of the operator's that sessions begin with.
            Some(code)
                if code == SqlState::INVALID_PARAMETER_VALUE && in_words(&error).contains("search_path") =>
            {
                address.search_path.as_ref().map_or_else(|| error.into(), SearchPath::refused)
            }
            Some(_) => error.into(),
            None if error.is_closed() || is_about_the_network(&error) => StoreError::Unavailable(format!(
                "PostgreSQL at {server} does not answer: {}",
                in_words(&error)
            )),
            None => refused(format!("PostgreSQL at {server} cannot be used: {}", in_words(&error))),
        }
    }
}

fn is_about_the_network(error: &tokio_postgres::Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            // What TLS has against the other side comes as bad data.
            return io.kind() != std::io::ErrorKind::InvalidData;
        }
        cause = inner.source();
    }
    // The driver tells of a timeout without a cause.
    error.source().is_none()
}

/// What went wrong, with its reasons.
pub(super) fn in_words(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        let place = [said.table(), said.constraint()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let detail = if place.is_empty() { String::new() } else { format!(" ({place})") };
        return format!("{}{detail} [{}]", said.message(), said.code().code());
    }
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let words = in_words(&error);
        let away = error.is_closed() || is_about_the_network(&error);
        match error.code() {
            Some(code) if may_pass(code) => Self::Unavailable(words),
            Some(code)
                if *code == SqlState::INSUFFICIENT_PRIVILEGE && words.contains("row-level security") =>
            {
                Self::Unusable(format!(
                    "{words}: policies hide rows from this role. Connect as a role with BYPASSRLS, or, as the owner, switch FORCE ROW LEVEL SECURITY off first"
                ))
            }
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => Self::Unusable(words),
            Some(code) if *code == SqlState::INVALID_SCHEMA_NAME => Self::Unusable(format!(
                "no schema of the search path is there: make one with CREATE SCHEMA, or name one in the database URL with ?schema= ({words})"
            )),
            None if away => Self::Unavailable(words),
            _ => Self::Internal(words),
        }
    }
}

/// Whether the server refuses what a row has: values, constraints, what a trigger raises, or the size of an index
/// entry. A row without a partition, or whose position is taken, is not to blame.
pub(super) fn is_about_a_row(error: &tokio_postgres::Error) -> bool {
    let Some(said) = error.as_db_error() else { return false };
    match said.code().code().get(..2) {
        Some("23") if *said.code() == SqlState::CHECK_VIOLATION => said.constraint().is_some(),
        Some("23") if *said.code() == SqlState::UNIQUE_VIOLATION => {
            said.constraint().is_some_and(|index| !index.ends_with("_position"))
        }
        Some("22" | "23" | "44" | "54" | "P0") => true,
        _ => false,
    }
}

/// Whether the same statement may succeed later: what is wrong is the server's state, not the statement.
pub(super) fn may_pass(code: &SqlState) -> bool {
    // Connections, who may connect and to what, resources, an operator's doing, the system.
    let class = code.code().get(..2).unwrap_or_default();
    matches!(class, "08" | "28" | "3D" | "53" | "57" | "58")
        || [
            &SqlState::LOCK_NOT_AVAILABLE,
            &SqlState::T_R_DEADLOCK_DETECTED,
            &SqlState::T_R_SERIALIZATION_FAILURE,
            &SqlState::READ_ONLY_SQL_TRANSACTION,
            &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        ]
        .contains(&code)
}
