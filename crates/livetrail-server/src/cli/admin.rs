use super::{connection::Connection, sessions};
use crate::{config::Config, http::SignInLink};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use reqwest::Method;
use std::io::Write;

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail admin link            print a link that signs in once, within 30 minutes
  livetrail admin add u-1042      tokens of this user open the log from now on
  livetrail admin sessions list   who is signed in, from where, since when
  livetrail admin sessions end --user u-1042";

#[derive(Args)]
pub(super) struct AdminArgs {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Print a link that signs in once, within 30 minutes
    Link,
    /// Make a user an admin
    Add {
        /// The user id, as the application's tokens name it
        user_id: String,
        /// The only tenant in which the user is an admin, as the claim of --jwt-tenant-claim names it
        #[arg(long, value_name = "TENANT_ID")]
        tenant: Option<String>,
    },
    /// List sessions and end them
    Sessions(sessions::SessionsArgs),
    /// Make an admin an ordinary user, which ends the user's sessions
    Remove {
        /// The user id
        user_id: String,
        /// The tenant in which the user was made an admin
        #[arg(long, value_name = "TENANT_ID")]
        tenant: Option<String>,
    },
}

pub(super) async fn run(args: AdminArgs, config: &Config) -> Result<()> {
    let connection = Connection::open(config).await?;
    let result = match args.command {
        AdminCommand::Link => link(&connection).await,
        AdminCommand::Sessions(args) => sessions::run(args, &connection).await,
        AdminCommand::Add { user_id, tenant } => {
            if tenant.is_none() && config.tokens.claims.tenant.is_some() {
                writeln!(
                    std::io::stderr(),
                    "{user_id} is an admin in every tenant that a token names; --tenant names one of them"
                )?;
            }
            change(&connection, Method::PUT, &user_id, tenant.as_deref()).await
        }
        AdminCommand::Remove { user_id, tenant } => {
            change(&connection, Method::DELETE, &user_id, tenant.as_deref()).await
        }
    };
    connection.close().await;
    result
}

async fn link(connection: &Connection) -> Result<()> {
    let link: SignInLink =
        connection.send(connection.request(Method::POST, "/api/admin/sign-in-link")).await?;
    Ok(writeln!(std::io::stdout(), "{}", link.link)?)
}

async fn change(connection: &Connection, method: Method, user_id: &str, tenant: Option<&str>) -> Result<()> {
    if user_id.is_empty() || user_id == "." || user_id == ".." {
        bail!("{user_id:?} is no user id");
    }
    let mut url = reqwest::Url::parse(connection.base_url())?;
    if let Ok(mut path) = url.path_segments_mut() {
        path.extend(["api", "admin", "admins", user_id]);
    }
    let request = connection.request(method, url.path()).query(&[("tenant_id", tenant)]);
    connection.respond(request).await.map(|_| ())
}
