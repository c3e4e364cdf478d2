use crate::config::{GlobalArgs, RawConfig, printed, reference};
use anyhow::Result;
use clap::Subcommand;
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
            super::resolve_for_server(*raw, global)?;
            writeln!(out, "the configuration is right")?;
        }
        ConfigCommand::Print(raw) => {
            let page = printed(raw.with(global), global.config.as_deref()).map_err(super::Misconfigured)?;
            out.write_all(page.as_bytes())?;
        }
        ConfigCommand::Reference => out.write_all(reference::markdown().as_bytes())?,
    }
    Ok(())
}
