//! The command line.

mod admin;
mod advice;
mod alerts;
mod backup;
mod config;
mod connection;
mod demo;
mod doctor;
mod erase;
mod export;
mod filter;
mod healthcheck;
mod import;
mod index;
mod new_file;
#[doc(hidden)]
pub use import::fuzzing;
mod key;
mod offline;
mod own_key;
mod progress;
mod query;
mod restore;
mod retention;
mod serve;
mod sessions;
mod table;
mod tail;

use crate::config::{Config, GlobalArgs, RawConfig};
use anyhow::Result;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, parser::ValueSource};
use std::process::ExitCode;

/// Know who did what, as it happens: a self-hosted, real-time activity log.
#[derive(Parser)]
#[command(name = "livetrail", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  livetrail serve --demo                           a server with believable traffic; the log shows a sign-in link
  livetrail key create --role writer --name app    a key for an application
  livetrail admin link                             a link that signs in once
  livetrail tail                                   the log, as it happens

  curl -X POST http://127.0.0.1:7777/api/activity -H \"Authorization: Bearer $KEY\" \\
    -H 'Content-Type: application/json' -d '{\"user_id\":\"u-1\",\"action_type\":\"user_login\"}'";

#[derive(Subcommand)]
enum Command {
    /// Run the server
    #[command(after_help = serve::EXAMPLES)]
    Serve(Box<RawConfig>),
    /// Play believable traffic into a running server
    Demo(demo::DemoArgs),
    /// Bring the database up to date and stop
    Migrate(offline::MigrateArgs),
    /// Create, list and revoke API keys
    #[command(after_help = key::EXAMPLES)]
    Key(key::KeyArgs),
    /// Sign in, and say who is an admin
    #[command(after_help = admin::EXAMPLES)]
    Admin(admin::AdminArgs),
    /// Show the log as it happens
    #[command(after_help = tail::EXAMPLES)]
    Tail(tail::TailArgs),
    /// Show a page of the log
    #[command(after_help = query::EXAMPLES)]
    Query(query::QueryArgs),
    /// Write the log, or what a filter means of it, to a file
    #[command(after_help = export::EXAMPLES)]
    Export(export::ExportArgs),
    /// Store activities from a file of one JSON object a line
    #[command(after_help = import::EXAMPLES)]
    Import(import::ImportArgs),
    /// Copy the log into a file, also while a server is running
    #[command(after_help = backup::EXAMPLES)]
    Backup(backup::BackupArgs),
    /// Put a backup in the place of the log
    #[command(after_help = restore::EXAMPLES)]
    Restore(restore::RestoreArgs),
    /// Look after the index of lists and figures
    #[command(after_help = index::EXAMPLES)]
    Index(index::IndexArgs),
    /// Remove old activities, and keep some by legal holds
    #[command(after_help = retention::EXAMPLES)]
    Retention(retention::RetentionArgs),
    /// Erase the personal data of a user
    #[command(after_help = erase::EXAMPLES)]
    Erase(erase::EraseArgs),
    /// See alerts, decide about them, and look after their rules
    #[command(after_help = alerts::EXAMPLES)]
    Alerts(alerts::AlertsArgs),
    /// Check and show the configuration
    Config(config::ConfigArgs),
    /// Check the database, the clock, limits, settings and the proxy, and say what to do
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(doctor::DoctorArgs),
    /// Print the API's description (OpenAPI 3.1)
    Openapi,
    /// Print the action catalogue
    Catalogue,
    /// Ask a server whether it is alive; exit code 1 if not
    #[command(after_help = healthcheck::EXAMPLES)]
    Healthcheck(healthcheck::HealthcheckArgs),
    /// Print completions for a shell
    Completions(offline::CompletionsArgs),
    /// Print the manual page
    Man,
}

/// Runs the command that the arguments name. Exit codes: 0 fine, 1 failed, 2 bad usage or a bad setting.
pub fn main() -> ExitCode {
    let cli = Cli::from_arg_matches(&matches()).unwrap_or_else(|error| error.exit());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// The arguments and the environment. A `--data-dir` on the command line overrides a remote server in the environment.
fn matches() -> ArgMatches {
    let command = crate::config::without_empty_variables(Cli::command());
    let matches = command.clone().get_matches();
    let names_folder = matches.value_source("data_dir") == Some(ValueSource::CommandLine);
    if names_folder { connection::without_environment(command).get_matches() } else { matches }
}

/// A setting that cannot be right.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Misconfigured(anyhow::Error);

/// One line, from the outermost to the innermost reason.
fn failed(error: &anyhow::Error) -> ExitCode {
    let is_closed_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(is_closed_pipe) {
        // The reader of our output has closed it.
        return ExitCode::SUCCESS;
    }
    eprintln!("livetrail: {error:#}");
    if error.is::<Misconfigured>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}

async fn run(cli: Cli) -> Result<()> {
    let global = &cli.global;
    match cli.command {
        Command::Serve(raw) => serve::run(&resolve_for_server(*raw, global)?).await,
        Command::Demo(args) => demo::run(args, &settings(global)?).await,
        Command::Migrate(args) => offline::migrate(&args, &settings(global)?).await,
        Command::Key(args) => key::run(args, &settings(global)?).await,
        Command::Admin(args) => admin::run(args, &settings(global)?).await,
        Command::Tail(args) => tail::run(args, &settings(global)?).await,
        Command::Query(args) => query::run(args, &settings(global)?).await,
        Command::Export(args) => export::run(args, &settings(global)?).await,
        Command::Import(args) => import::run(args, &settings(global)?).await,
        Command::Backup(args) => backup::run(args, &settings(global)?).await,
        Command::Restore(args) => restore::run(args, &settings(global)?).await,
        Command::Index(args) => index::run(args, &settings(global)?).await,
        Command::Retention(args) => retention::run(args, &settings(global)?).await,
        Command::Erase(args) => erase::run(args, &settings(global)?).await,
        Command::Alerts(args) => alerts::run(args, &settings(global)?).await,
        Command::Config(args) => config::run(args, global),
        Command::Doctor(args) => doctor::run(args, &settings(global)?).await,
        Command::Openapi => offline::openapi(),
        Command::Catalogue => offline::catalogue(&settings(global)?),
        Command::Healthcheck(args) => healthcheck::run(args, || settings(global)).await,
        Command::Completions(args) => offline::completions(&args, &mut Cli::command()),
        Command::Man => offline::man(Cli::command()),
    }
}

fn resolve(raw: RawConfig, global: &GlobalArgs) -> Result<Config> {
    raw.with(global).resolve(global.config.as_deref()).map_err(|error| Misconfigured(error).into())
}

/// The same where the certificate has to be there, too.
fn resolve_for_server(raw: RawConfig, global: &GlobalArgs) -> Result<Config> {
    let config = resolve(raw, global)?;
    config.check_server().map_err(Misconfigured)?;
    Ok(config)
}

/// The settings for commands that take none of the server's flags: the environment and the file say them.
fn settings(global: &GlobalArgs) -> Result<Config> {
    let command = RawConfig::augment_args(clap::Command::new("livetrail").no_binary_name(true));
    let nothing_typed: [&str; 0] = [];
    let raw = command.try_get_matches_from(nothing_typed).and_then(|said| RawConfig::from_arg_matches(&said));
    resolve(raw.unwrap_or_else(|error| error.exit()), global)
}
