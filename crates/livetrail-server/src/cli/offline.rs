//! Commands that need no server.

use super::serve;
use crate::{
    config::{Config, Database},
    environment::System,
    http,
    server::open_store,
};
use anyhow::Result;
use clap_complete::Shell;
use livetrail_store::{PostgresStore, SqliteStore};
use std::io::Write;

#[derive(clap::Args)]
pub(super) struct MigrateArgs {
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(clap::Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) async fn migrate(args: &MigrateArgs, config: &Config) -> Result<()> {
    let steps = match &config.database {
        Database::Sqlite(folder) => {
            SqliteStore::pending_migrations(folder)?.into_iter().map(str::to_owned).collect()
        }
        Database::Postgres(address) => PostgresStore::pending_migrations(address.clone()).await?,
    };
    let mut out = std::io::stdout();
    if steps.is_empty() {
        return Ok(writeln!(out, "{} is up to date", config.database)?);
    }
    for step in &steps {
        writeln!(out, "{} {step}", if args.dry_run { "would apply" } else { "applying" })?;
    }
    if !args.dry_run {
        // To adopt a large table takes minutes; how far it is, the log says.
        serve::start_log(config)?;
        open_store(config, &System).await?;
    }
    Ok(())
}

pub(super) fn openapi() -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{}", http::openapi().to_pretty_json()?)?)
}

pub(super) fn catalogue(config: &Config) -> Result<()> {
    let mut out = std::io::stdout();
    for category in config.catalogue.categories() {
        writeln!(out, "{}", category.title)?;
        for action in config.catalogue.actions().iter().filter(|action| action.category == category.key) {
            writeln!(out, "  {:32} {}", action.key, action.sentence)?;
        }
    }
    Ok(())
}

pub(super) fn completions(args: &CompletionsArgs, command: &mut clap::Command) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "livetrail", &mut script);
    Ok(std::io::stdout().write_all(&script)?)
}

pub(super) fn man(command: clap::Command) -> Result<()> {
    Ok(clap_mangen::Man::new(command).render(&mut std::io::stdout())?)
}
