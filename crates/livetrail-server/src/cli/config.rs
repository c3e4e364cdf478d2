use crate::config::{GlobalArgs, RawConfig, reference};
use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use std::io::Write;

#[derive(clap::Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Say whether the configuration is right
    Check(Box<RawConfig>),
    /// Show what a server would run with, secrets left out
    Print(Box<RawConfig>),
    /// Print every setting as a page of documentation
    Reference,
}

pub(super) fn run(args: ConfigArgs, global: &GlobalArgs) -> Result<()> {
    let mut out = std::io::stdout();
    match args.command {
        ConfigCommand::Check(raw) => {
            super::resolve(*raw, global)?;
            writeln!(out, "the configuration is right")?;
        }
        ConfigCommand::Print(raw) => {
            let config = super::resolve(*raw, global)?;
            let origins: Vec<_> =
                config.cors_origins.iter().map(|o| o.to_str().unwrap_or_default()).collect();
            writeln!(out, "listen = {:?}", config.listen.to_string())?;
            writeln!(out, "data-dir = {:?}", config.data_dir)?;
            writeln!(out, "database-url = {:?}", config.database.to_string())?;
            let secret =
                if config.jwt_secret.is_some() { "given" } else { "made and kept in the database, sealed" };
            writeln!(out, "# jwt-secret-key: {secret}")?;
            let previous = if config.jwt_secret_previous.is_some() { "given" } else { "none" };
            writeln!(out, "# jwt-secret-key-previous: {previous}")?;
            let seal = match (&config.seal_key, &config.jwt_secret) {
                (Some(_), _) => "given",
                (None, Some(_)) => "derived from jwt-secret-key",
                (None, None) => "seal.key in the data folder",
            };
            writeln!(out, "# seal key: {seal}")?;
            writeln!(out, "query-token = {}", config.query_token)?;
            writeln!(out, "cors-origin = {origins:?}")?;
            if let Some(url) = &config.public_url {
                writeln!(out, "public-url = {url:?}")?;
            }
            writeln!(out, "text-search = {}", config.text_search)?;
            writeln!(out, "demo = {}", config.demo)?;
            let format = config.log_format.to_possible_value();
            writeln!(out, "log-format = {:?}", format.as_ref().map_or("text", |format| format.get_name()))?;
            writeln!(out, "log = {:?}", config.log)?;
        }
        ConfigCommand::Reference => out.write_all(reference::markdown().as_bytes())?,
    }
    Ok(())
}
