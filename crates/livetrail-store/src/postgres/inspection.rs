//! What can be said of a database before a server uses it, or while one does. Nothing is changed.

use super::{
    AdoptionChoices, PostgresAddress, PostgresStore, Timeouts, connection::Connector, migrate, pools,
};
use crate::{Result, StoreError};
use jiff::Timestamp;

/// A database, as it is at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The version of PostgreSQL.
    pub version: String,
    /// Its clock.
    pub now: Timestamp,
    /// The migrations that the database lacks, and what they would do.
    pub pending: Vec<String>,
    /// Whether nothing can be written.
    pub is_read_only: bool,
    /// Whether commits survive a power loss.
    pub has_fsync: bool,
    /// Rights that the user of the address needs and does not have.
    pub missing_rights: Vec<String>,
    /// Whether the database is on another machine.
    pub is_remote: bool,
    /// Whether the connection is encrypted.
    pub has_tls: bool,
    /// How many connections a server takes.
    pub connections: usize,
}

/// The log belongs to the role of the server, which attaches and drops its partitions.
const FACTS: &str = r"
    SELECT current_setting('server_version'),
           (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
           pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on',
           current_setting('fsync') = 'on',
           coalesce(inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1', true),
           coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
           array_remove(ARRAY[
             CASE WHEN NOT has_schema_privilege(current_schema(), 'CREATE')
               THEN 'CREATE on the schema ' || current_schema() END,
             CASE WHEN NOT (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('activity_logs'))
               THEN 'to own the table activity_logs, or to be a member of its owner' END
           ], NULL)";

impl PostgresStore {
    /// Looks at a database. `wanted` is how many connections a server would like to have.
    ///
    /// # Errors
    /// That the database cannot be reached, asked, or used as it is.
    pub async fn inspect(address: PostgresAddress, wanted: usize) -> Result<Inspection> {
        let mut client = Connector::new(address, Timeouts::default())?.first().await?;
        let pending = migrate::pending(&mut client, &AdoptionChoices::default(), false).await?;
        let connections = pools::fair_share(&client, wanted).await?;
        let row = client.query_one(FACTS, &[]).await?;
        let is_local: bool = row.get(4);
        Ok(Inspection {
            version: row.get(0),
            now: Timestamp::from_microsecond(row.get(1))
                .map_err(|error| StoreError::Internal(error.to_string()))?,
            pending,
            is_read_only: row.get(2),
            has_fsync: row.get(3),
            missing_rights: row.get(6),
            is_remote: !is_local,
            has_tls: row.get(5),
            connections,
        })
    }
}
