//! The database of a log.

use anyhow::{Result, anyhow};
use clap::Args;
use livetrail_store::{PostgresAddress, PostgresOptions, PostgresStore, SqliteStore, Store};
use livetrail_types::Epoch;
use std::path::PathBuf;

/// Where the log is.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub struct Place {
    /// Data folder of a log in the embedded database
    #[arg(long, value_name = "FOLDER")]
    pub sqlite: Option<PathBuf>,
    /// Address of a log in PostgreSQL
    #[arg(long, value_name = "URL")]
    pub postgres: Option<String>,
}

impl Place {
    /// Opens the log, and makes a new one where there is none.
    ///
    /// # Errors
    /// Errors of the store.
    pub async fn open(&self) -> Result<Box<dyn Store>> {
        // Logs of the same seed have the same content, so they may share an epoch.
        let epoch = Epoch(1);
        match (&self.sqlite, &self.postgres) {
            (Some(folder), _) => Ok(Box::new(SqliteStore::open(folder, epoch)?)),
            (None, Some(url)) => {
                let address: PostgresAddress = url.parse().map_err(|error| anyhow!("--postgres: {error}"))?;
                Ok(Box::new(PostgresStore::open(address, PostgresOptions::default(), epoch).await?))
            }
            (None, None) => Err(anyhow!("name a log with --sqlite or --postgres")),
        }
    }
}
