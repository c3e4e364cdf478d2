//! Commands that need no server.

use super::{Misconfigured, import::column, serve};
use crate::{
    config::{Config, Database},
    environment::System,
    http,
    server::open_store,
};
use anyhow::{Result, bail};
use clap_complete::Shell;
use livetrail_store::{AdoptionChoices, PostgresStore, SqliteStore, TableOptions, Undone};
use std::io::Write;

#[derive(clap::Args)]
pub(super) struct MigrateArgs {
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Adopt the application's table although this is lost, or undo that although this breaks; can be given more than
    /// once
    #[arg(long, value_name = "NAME")]
    without: Vec<String>,
    /// The time zone of timestamps without one in the application's table: Europe/Berlin, say
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// Undo the adoption: the application gets its table back with what came since, and Livetrail's keys, admins and
    /// other tables are dropped
    #[arg(long, conflicts_with_all = ["dry_run", "timezone", "beside", "table", "column"])]
    undo: bool,
    /// Leave the application's table as it is, whatever its form, and keep the log beside it: each row that the
    /// application inserts is copied
    #[arg(long, conflicts_with = "without")]
    beside: bool,
    /// The application's table, with --beside [default: activity_logs]
    #[arg(long, value_name = "NAME", requires = "beside")]
    table: Option<String>,
    /// Another name for a column of the application whose name is Livetrail's own: --column app_position=position. With
    /// --beside, which column of the table holds a field, if its name does not tell: --column action_type=verb. Can be
    /// given more than once
    #[arg(long, value_name = "NAME=COLUMN", value_parser = column)]
    column: Vec<(String, String)>,
}

#[derive(clap::Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) async fn migrate(args: &MigrateArgs, config: &Config) -> Result<()> {
    config.check_log().map_err(Misconfigured)?;
    if args.undo {
        return undo(config, &args.without).await;
    }
    let choices = args.choices();
    if !matches!(config.database, Database::Postgres(_)) {
        for (option, is_given, what) in [
            ("--beside", choices.beside.is_some(), "is beside no table"),
            ("--column", !choices.columns.is_empty(), "adopts no table"),
            ("--without", !choices.without.is_empty(), "adopts no table"),
            ("--timezone", choices.timezone.is_some(), "adopts no table"),
        ] {
            if is_given {
                let way = "name the application's database with --database-url";
                bail!("{option}: a log in {} {what}; {way}", config.database);
            }
        }
    }
    let steps = match &config.database {
        Database::Sqlite(folder) => {
            SqliteStore::pending_migrations(folder)?.into_iter().map(str::to_owned).collect()
        }
        Database::Postgres(address) => {
            PostgresStore::pending_migrations(address.clone(), &choices, args.dry_run).await?
        }
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
        serve::start_log(config, None)?;
        open_store(config, choices, &System).await?;
    }
    Ok(())
}

impl MigrateArgs {
    fn choices(&self) -> AdoptionChoices {
        let (without, timezone, columns) = (self.without.clone(), self.timezone.clone(), self.column.clone());
        if !self.beside {
            return AdoptionChoices { without, timezone, columns, beside: None };
        }
        let mut table = TableOptions { columns, timezone: timezone.clone(), ..TableOptions::default() };
        table.table = self.table.clone().unwrap_or(table.table);
        AdoptionChoices { without, timezone, columns: Vec::new(), beside: Some(table) }
    }
}

async fn undo(config: &Config, without: &[String]) -> Result<()> {
    let Database::Postgres(address) = &config.database else {
        bail!(
            "--undo: a log in {} was not adopted; name the application's database with --database-url",
            config.database
        )
    };
    let Undone { returned, refused, brought_back, was_beside, kept_in } =
        PostgresStore::undo_adoption(address.clone(), without).await?;
    let mut out = std::io::stdout();
    if was_beside {
        writeln!(out, "the log beside the application's table is dropped; the table stays as it is")?;
        if refused > 0 {
            let schema = kept_in.map(|schema| format!("{schema}.")).unwrap_or_default();
            let kept = "activities that came by the API are in the table";
            writeln!(out, "{refused} {kept} {schema}activity_logs_not_returned")?;
        }
        return Ok(());
    }
    writeln!(
        out,
        "activity_logs is the application's table again; {returned} rows came since it was adopted"
    )?;
    if refused > 0 {
        writeln!(out, "{refused} more do not fit into it; they are in the table activity_logs_not_returned")?;
    }
    if brought_back > 0 {
        writeln!(
            out,
            "{brought_back} of its rows were deleted from the log since, or their user was erased; they are as they were: \
             delete or change them if that should hold"
        )?;
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
