//! A backup takes the place of the log in the data folder.

use super::{
    Misconfigured,
    progress::{Progress, Unit},
};
use crate::{
    access::check_sealed,
    app,
    config::{Config, Database},
    environment::{Environment, System},
    server::fresh_epoch,
};
use anyhow::{Result, anyhow};
use livetrail_store::{Backup, PostgresAddress, Replacing, Restored, SqliteStore, StoreError};
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail restore backup.db --data-dir /var/lib/livetrail
  livetrail restore --force backup.db

Stop the server first. The backup is checked before anything is replaced. --force replaces a log that
contains something, and keeps its file under a name with the time.";

#[derive(clap::Args)]
pub(super) struct RestoreArgs {
    /// A file that `livetrail backup` has written
    file: PathBuf,
    /// Replace the log of the data folder, and keep its file under a name with the time
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(args: RestoreArgs, config: &Config) -> Result<()> {
    config.check_log().map_err(Misconfigured)?;
    let folder = match &config.database {
        Database::Sqlite(folder) => folder.clone(),
        Database::Postgres(address) => return Err(Misconfigured(load(address, &args.file)).into()),
    };
    let name = format!("livetrail-{}.db", System.now().strftime("%Y%m%dT%H%M%SZ"));
    let file = args.file.clone();
    let restoring = tokio::task::spawn_blocking(move || {
        let replacing = if args.force { Replacing::KeptAs(&name) } else { Replacing::Refused };
        let mut progress = Progress::begin(Unit::Bytes, true);
        let shown = |bytes, size| progress.at(bytes, bytes, Some(size));
        let restored = SqliteStore::restore(&folder, &file, fresh_epoch(&System), replacing, shown);
        progress.clear();
        restored
    });
    say(&restoring.await??, config).await
}

async fn say(restored: &Restored, config: &Config) -> Result<()> {
    let Backup { activities, newest, .. } = restored.backup;
    let mut out = std::io::stdout();
    writeln!(out, "{}: {activities} activities, the newest at position {newest}", config.database)?;
    if let Some(aside) = &restored.aside {
        writeln!(out, "the former log is kept as {}", aside.display())?;
    }
    writeln!(
        out,
        "The log has a new epoch, so streams that resume are told to begin anew.\n\
         Keys, sessions and sign-in links that were revoked or used since the backup are valid again: check `livetrail key list`,\n\
         and end all sessions with `livetrail admin sessions end --all`."
    )?;
    let environment: Arc<dyn Environment> = Arc::new(System);
    match check_sealed(&restored.store, &app::seal(config, &environment)?).await {
        // The log is restored all the same, and the key can be put back now.
        Err(error @ StoreError::Unusable(_)) => {
            eprintln!("livetrail: a server cannot start with this log yet: {error}");
            Ok(())
        }
        checked => Ok(checked?),
    }
}

/// The command that restores a log in PostgreSQL.
fn load(address: &PostgresAddress, file: &Path) -> anyhow::Error {
    anyhow!(
        "the log is in PostgreSQL, whose own tools restore it: run pg_restore --clean --if-exists --single-transaction \
         --dbname='{address}' '{}'",
        file.display()
    )
}
