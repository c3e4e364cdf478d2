//! A copy of the embedded database, made beside a server or without one.

use super::{
    Misconfigured, connection,
    new_file::{cannot_write, create_private, unfinished},
    progress::{Progress, Unit},
};
use crate::{
    access::Seal,
    config::{Config, Database},
};
use anyhow::{Context, Result, anyhow, bail};
use livetrail_store::{Backup, PostgresAddress, SqliteStore};
use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail backup backup.db
  livetrail backup --force /var/backups/livetrail.db

The file contains all activities that were acknowledged before the command began. It is written beside its
name, checked, and renamed at the end, so it is complete or missing. `livetrail restore` puts it back.";

#[derive(clap::Args)]
pub(super) struct BackupArgs {
    /// File to write
    file: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(args: BackupArgs, config: &Config) -> Result<()> {
    config.check_log().map_err(Misconfigured)?;
    let folder = match &config.database {
        Database::Sqlite(folder) => folder.clone(),
        Database::Postgres(address) => return Err(Misconfigured(dump(address, &args.file)).into()),
    };
    connection::check_log(config).await?;
    check_target(&args, &folder)?;
    let file = args.file.clone();
    let backup = tokio::task::spawn_blocking(move || write(&folder, &file)).await??;
    let Backup { activities, newest, bytes, secret } = backup;
    let (file, megabytes) = (args.file.display(), bytes as f64 / 1e6);
    writeln!(
        std::io::stdout(),
        "{file}: {activities} activities, the newest at position {newest}, {megabytes:.1} MB, checked"
    )?;
    if let Some(needed) = secret.as_deref().and_then(Seal::needed_for) {
        eprintln!("a restore also needs {needed}, which is not in the file; keep it apart from the backup");
    }
    Ok(())
}

/// The command that makes the backup of a log in PostgreSQL.
fn dump(address: &PostgresAddress, file: &Path) -> anyhow::Error {
    anyhow!(
        "the log is in PostgreSQL, whose own tools back it up: run pg_dump --format=custom --file='{}' '{address}' (it \
         asks for the password, or takes it from PGPASSWORD)",
        file.display()
    )
}

fn check_target(BackupArgs { file, force }: &BackupArgs, folder: &Path) -> Result<()> {
    let Ok(there) = file.metadata() else { return Ok(()) };
    let shown = file.display();
    if !there.is_file() {
        bail!("{shown} is not a file; name one, such as backup.db");
    }
    if !force {
        bail!("{shown} exists: choose another name, or replace the file with --force");
    }
    if file.canonicalize().ok() == SqliteStore::file_in(folder).canonicalize().ok() {
        bail!("{shown} is the log itself; choose another name");
    }
    Ok(())
}

fn write(folder: &Path, file: &Path) -> Result<Backup> {
    let unfinished = unfinished(file);
    create_private(&unfinished).with_context(|| cannot_write(&unfinished))?;
    let mut progress = Progress::begin(Unit::Bytes, true);
    let copied =
        SqliteStore::back_up(folder, &unfinished, |bytes, size| progress.at(bytes, bytes, Some(size)));
    progress.clear();
    let named = copied.map_err(anyhow::Error::from).and_then(|backup| {
        std::fs::rename(&unfinished, file).with_context(|| cannot_write(file))?;
        Ok(backup)
    });
    if named.is_err() {
        // The reason why it was not finished says more than a second failure.
        let _ = std::fs::remove_file(&unfinished);
    }
    let backup = named?;
    let directory = file.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory).and_then(|opened| opened.sync_all()).with_context(|| cannot_write(file))?;
    Ok(backup)
}
