use crate::config::{AdminClaim, Config, GlobalArgs, RawConfig, TokenKeys, reference};
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
            print_tokens(&mut out, &config)?;
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

/// What decides who is believed; secrets are left out.
fn print_tokens(out: &mut impl Write, config: &Config) -> Result<()> {
    let tokens = &config.tokens;
    if let TokenKeys::Jwks(url) = &tokens.keys {
        writeln!(out, "jwks-url = {:?}", url.as_str())?;
    }
    writeln!(out, "jwt-issuer = {:?}", tokens.issuers)?;
    writeln!(out, "jwt-audience = {:?}", tokens.audiences)?;
    writeln!(out, "jwt-allow-no-exp = {}", tokens.allow_no_exp)?;
    let admin = tokens.claims.admin.as_ref().map(|AdminClaim { name, value }| match value {
        Some(value) => format!("{name}={value}"),
        None => name.clone(),
    });
    let claims = [
        ("jwt-tenant-claim", &tokens.claims.tenant),
        ("jwt-role-claim", &tokens.claims.role),
        ("jwt-admin-claim", &admin),
    ];
    for (name, claim) in claims {
        if let Some(claim) = claim {
            writeln!(out, "{name} = {claim:?}")?;
        }
    }
    if let Some(oidc) = &config.oidc {
        let roles: Vec<String> = oidc.roles.iter().map(|(group, role)| format!("{group}={role}")).collect();
        writeln!(out, "oidc-issuer = {:?}", oidc.issuer)?;
        writeln!(out, "oidc-client-id = {:?}", oidc.client_id)?;
        writeln!(out, "oidc-scopes = {:?}", oidc.scopes)?;
        writeln!(out, "oidc-groups-claim = {:?}", oidc.groups_claim)?;
        writeln!(out, "oidc-role = {roles:?}")?;
    }
    let proxies: Vec<String> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    writeln!(out, "trusted-proxy = {proxies:?}")?;
    Ok(())
}
