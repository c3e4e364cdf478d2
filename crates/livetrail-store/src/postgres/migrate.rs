//! Brings a database up to date: forward only, one step after the other, safe to run twice, from two nodes, or again
//! after a crash.

use super::{
    PostgresOptions,
    adopt::{self, Adoption, AdoptionChoices},
    beside::{self, Beside},
    connection::Connector,
    epoch, internal,
    partitions::Partitions,
    rights,
    table::TableOptions,
};
use crate::{Result, StoreError};
use livetrail_types::Epoch;
use tokio_postgres::Client;

/// One node at a time; others wait. The number is `livetrai` in ASCII.
const LOCK: &str = "SELECT pg_advisory_lock(x'6c69766574726169'::bigint)";

const OWN: (&str, &str) = ("0001_own", include_str!("../../migrations/postgres/0001_own.sql"));
pub(super) const LOG: (&str, &str) = ("0002_log", include_str!("../../migrations/postgres/0002_log.sql"));
const ACCESS: (&str, &str) = ("0003_access", include_str!("../../migrations/postgres/0003_access.sql"));
const SESSIONS: (&str, &str) = ("0004_sessions", include_str!("../../migrations/postgres/0004_sessions.sql"));
const TENANT_ADMINS: (&str, &str) =
    ("0005_tenant_admins", include_str!("../../migrations/postgres/0005_tenant_admins.sql"));
const REPLICA_IDENTITY: (&str, &str) =
    ("0006_replica_identity", include_str!("../../migrations/postgres/0006_replica_identity.sql"));
const PARTITION_IDENTITY: (&str, &str) =
    ("0007_partition_identity", include_str!("../../migrations/postgres/0007_partition_identity.sql"));
const HEAD: (&str, &str) = ("0008_head", include_str!("../../migrations/postgres/0008_head.sql"));
pub(super) const DELEGATE: (&str, &str) =
    ("0009_delegate", include_str!("../../migrations/postgres/0009_delegate.sql"));
const RETENTION: (&str, &str) =
    ("0010_retention", include_str!("../../migrations/postgres/0010_retention.sql"));
const NAMES: (&str, &str) = ("0013_names", include_str!("../../migrations/postgres/0013_names.sql"));
const ALERTS: (&str, &str) = ("0014_alerts", include_str!("../../migrations/postgres/0014_alerts.sql"));
const DELIVERIES: (&str, &str) =
    ("0015_deliveries", include_str!("../../migrations/postgres/0015_deliveries.sql"));
const VIEWS: (&str, &str) = ("0016_views", include_str!("../../migrations/postgres/0016_views.sql"));
const POSITIONS: (&str, &str) =
    ("0017_positions", include_str!("../../migrations/postgres/0017_positions.sql"));
/// The steps, in order, by name and SQL.
const STEPS: [(&str, &str); 15] = [
    OWN,
    LOG,
    ACCESS,
    SESSIONS,
    TENANT_ADMINS,
    REPLICA_IDENTITY,
    PARTITION_IDENTITY,
    HEAD,
    DELEGATE,
    RETENTION,
    NAMES,
    ALERTS,
    DELIVERIES,
    VIEWS,
    POSITIONS,
];

/// What a database lacks, in words. Nothing is changed.
pub(super) async fn pending(
    client: &mut Client,
    choices: &AdoptionChoices,
    reads_rows: bool,
) -> Result<Vec<String>> {
    check(client).await?;
    // Rows that a policy hides would not be counted, and the adoption refuses to leave them out.
    client.batch_execute("SET row_security = off").await?;
    if let Some(table) = &choices.beside {
        return pending_beside(client, table, reads_rows).await;
    }
    let taken = taken(client).await?;
    let adoption = adoption(client, &taken, choices, reads_rows).await?;
    let step = |(name, _): &(&str, &str)| match &adoption {
        Some(adoption) if *name == LOG.0 => format!("{name}: {}", adoption.plan()),
        _ => (*name).to_owned(),
    };
    Ok(STEPS.iter().skip(taken.len()).map(step).collect())
}

/// The same for a log beside a table.
async fn pending_beside(client: &mut Client, table: &TableOptions, reads_rows: bool) -> Result<Vec<String>> {
    let taken = if beside::is_here(client).await? { taken(client).await? } else { Vec::new() };
    let beside = Beside::find(client, table).await?;
    if reads_rows {
        beside.try_out(client).await?;
    }
    let steps = STEPS.iter().skip(taken.len()).map(|(name, _)| (*name).to_owned());
    Ok(steps.chain([beside.plan()]).collect())
}

/// The adoption that the step of the log will be, if there is a table to adopt.
async fn adoption(
    client: &mut Client,
    taken: &[String],
    choices: &AdoptionChoices,
    reads_rows: bool,
) -> Result<Option<Adoption>> {
    if taken.iter().any(|name| name == LOG.0) {
        choices.check_adopted(client).await?;
        return Ok(None);
    }
    Adoption::find(client, LOG.1, choices, reads_rows).await
}

/// Brings the database up to date, and gives the log's epoch.
pub(super) async fn run(connector: &Connector, options: &PostgresOptions, fresh: Epoch) -> Result<Epoch> {
    let mut client = connector.first().await?;
    check(&client).await?;
    client.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0; SET row_security = off").await?;
    client.execute(LOCK, &[]).await?;
    client.batch_execute("SET lock_timeout = '5s'").await?;
    let Some(table) = &options.adoption.beside else {
        return take_steps(&mut client, connector, options, fresh, None).await;
    };
    let was_here = beside::is_here(&client).await?;
    let beside = Beside::find(&client, table).await?;
    beside.begin(&client).await?;
    let done = take_steps(&mut client, connector, options, fresh, Some(&beside)).await;
    if !was_here && matches!(done, Err(StoreError::Unusable(_) | StoreError::Internal(_))) {
        Beside::give_up(&client).await?;
    }
    done
}

/// Takes the steps that are missing, those of an adoption or beside a table, and gives the log's epoch.
async fn take_steps(
    client: &mut Client,
    connector: &Connector,
    options: &PostgresOptions,
    fresh: Epoch,
    beside: Option<&Beside>,
) -> Result<Epoch> {
    let taken = taken(client).await?;
    // It is refused before anything is made.
    let adoption = adoption(client, &taken, &options.adoption, false).await?;
    if !has_steps(client).await? {
        let steps = "CREATE TABLE livetrail_migrations (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())";
        client.batch_execute(steps).await.map_err(may_not_create)?;
    }
    let partition_size = options.partition_size;
    for (name, sql) in STEPS.iter().skip(taken.len()) {
        // The names are our own.
        let done = format!("INSERT INTO livetrail_migrations (name) VALUES ('{name}')");
        match adoption.as_ref().filter(|_| *name == LOG.0) {
            Some(adoption) => {
                let partitions = Partitions::load(client, partition_size).await?;
                let adopted = adoption.run(client, &partitions, sql, &done).await;
                let is_left = adopted.is_ok() || !taken.is_empty() || !Adoption::is_given_up(client).await?;
                if !is_left {
                    internal::drop_tables(client).await?;
                }
                adopted?;
            }
            None => {
                let mut attempts = adopt::Attempts::default();
                while attempts.asks_again(try_step(client, sql, &done).await).await? {}
            }
        }
        tracing::info!(database = %connector.address(), name, "migrated");
    }
    let partitions = Partitions::load(client, partition_size).await?;
    if partitions.covered() == 0 {
        let transaction = client.transaction().await?;
        partitions.cover(&transaction, super::append::LOG, 2 * partition_size).await?;
        transaction.commit().await?;
    }
    if let Some(beside) = beside {
        beside.feed(client, &partitions).await?;
    }
    adopt::make_view(client, LOG.1).await?;
    rights::keep_to_owner(client).await?;
    epoch::at_start(client, fresh, connector.address()).await
}

async fn try_step(client: &mut Client, sql: &str, done: &str) -> Result<()> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(sql).await.map_err(may_not_create)?;
    transaction.batch_execute(done).await?;
    Ok(transaction.commit().await?)
}

/// Whether any step was ever taken.
async fn has_steps(client: &Client) -> Result<bool> {
    Ok(client.query_one("SELECT to_regclass('livetrail_migrations') IS NOT NULL", &[]).await?.get(0))
}

/// Whether the step that begins a log was taken.
pub(super) async fn has_log(client: &Client) -> Result<bool> {
    Ok(taken(client).await?.iter().any(|name| name == LOG.0))
}

/// The steps that were taken.
async fn taken(client: &Client) -> Result<Vec<String>> {
    if !has_steps(client).await? {
        return Ok(Vec::new());
    }
    let rows = client.query("SELECT name FROM livetrail_migrations ORDER BY name", &[]).await?;
    let taken: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    match taken.iter().find(|name| !STEPS.iter().any(|(known, _)| known == name)) {
        Some(unknown) => Err(StoreError::Unusable(format!(
            "the database was written by a newer livetrail (it has {unknown}): upgrade livetrail. Nothing was changed"
        ))),
        None => Ok(taken),
    }
}

/// What no statement can make up for.
async fn check(client: &Client) -> Result<()> {
    let settings = "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), \
         current_setting('fsync'), EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu')";
    let row = client.query_one(settings, &[]).await?;
    let (version, encoding, fsync): (i32, String, String) = (row.get(0), row.get(1), row.get(2));
    if version < 140_000 {
        return Err(StoreError::Unusable(format!(
            "PostgreSQL {} is too old; livetrail needs 14 or newer",
            version / 10_000
        )));
    }
    if encoding != "UTF8" {
        return Err(StoreError::Unusable(format!(
            "the database's encoding is {encoding}; livetrail needs UTF8: make one with createdb --encoding UTF8"
        )));
    }
    if !row.get::<_, bool>(3) {
        return Err(StoreError::Unusable(
            "this PostgreSQL was built without ICU, which livetrail needs".into(),
        ));
    }
    if fsync == "off" {
        tracing::warn!("PostgreSQL runs with fsync=off: what is acknowledged does not survive a power loss");
    }
    Ok(())
}

/// A right that is missing, in words that say which.
fn may_not_create(error: tokio_postgres::Error) -> StoreError {
    use tokio_postgres::error::SqlState;
    match error.code() {
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => StoreError::Unusable(
            "livetrail may not make its tables here; as the database's owner: GRANT CREATE, USAGE ON SCHEMA public TO \
             the user that livetrail connects as"
                .into(),
        ),
        _ => error.into(),
    }
}
