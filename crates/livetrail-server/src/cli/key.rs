use super::connection::Connection;
use crate::{
    config::Config,
    http::{KeyList, KeyRequest, NewKey},
};
use anyhow::Result;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use livetrail_types::{Role, visible};
use reqwest::Method;
use std::io::{IsTerminal, Write};

pub(super) const EXAMPLES: &str = "\
Examples:
  LIVETRAIL_KEY=$(livetrail key create --role writer --name app)
  livetrail key create --role viewer --name screen --tenant acme --expires 2027-01-01T00:00:00Z
  livetrail key list
  livetrail key revoke 0198c0de-7a3b-7000-8000-0123456789ab";

#[derive(Args)]
pub(super) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Create a key and print its secret, which is not shown again
    Create {
        /// writer (appends), viewer (reads the log), auditor (reads everything, keys and sessions too) or admin
        /// (everything)
        #[arg(long)]
        role: Role,
        /// The name of the key
        #[arg(long)]
        name: String,
        /// The only tenant that it reads and writes
        #[arg(long)]
        tenant: Option<String>,
        /// When it ends, RFC 3339 [default: never]
        #[arg(long, value_name = "TIME")]
        expires: Option<Timestamp>,
    },
    /// List the keys, without their secrets
    List,
    /// End a key at once
    Revoke {
        /// Its id, as `key list` shows it
        id: String,
    },
}

pub(super) async fn run(args: KeyArgs, config: &Config) -> Result<()> {
    let connection = Connection::open(config).await?;
    let result = match args.command {
        KeyCommand::Create { role, name, tenant, expires } => {
            create(&connection, KeyRequest { name, role, tenant_id: tenant, expires_at: expires }).await
        }
        KeyCommand::List => list(&connection).await,
        KeyCommand::Revoke { id } => {
            let request = connection.request(Method::DELETE, &format!("/api/admin/keys/{id}"));
            connection.respond(request).await.map(|_| ())
        }
    };
    connection.close().await;
    result
}

async fn create(connection: &Connection, wanted: KeyRequest) -> Result<()> {
    let created: NewKey =
        connection.send(connection.request(Method::POST, "/api/admin/keys").json(&wanted)).await?;
    // A script reads the key; a person is told what would be better.
    if let (Some(advice), true) = (created.info.advice.as_deref(), std::io::stderr().is_terminal()) {
        eprintln!("{advice}");
    }
    Ok(writeln!(std::io::stdout(), "{}", created.key)?)
}

async fn list(connection: &Connection) -> Result<()> {
    let KeyList { keys } = connection.send(connection.request(Method::GET, "/api/admin/keys")).await?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{:36}  {:7}  {:20}  {:20}  {:20}  {:20}  NAME",
        "ID", "ROLE", "TENANT", "EXPIRES", "LAST USED", "MADE BY"
    )?;
    let time = |moment: Option<Timestamp>| moment.map_or("never".into(), |moment| format!("{moment:.0}"));
    for key in keys {
        let (expires, used) = (time(key.expires_at), time(key.last_used_at));
        let tenant = visible(key.tenant_id.as_deref().unwrap_or("all"));
        let maker = visible(key.created_by.as_deref().unwrap_or("unknown"));
        let (id, role, name) = (key.id, key.role.as_str(), visible(&key.name));
        writeln!(out, "{id:36}  {role:7}  {tenant:20}  {expires:20}  {used:20}  {maker:20}  {name}")?;
    }
    Ok(())
}
