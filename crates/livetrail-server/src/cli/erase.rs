//! Erases the personal data of a user.

use super::{Misconfigured, connection::Connection};
use crate::{config::Config, erasure::ErasureInfo, http::ErasureRequest};
use anyhow::{Result, anyhow, bail};
use clap::Args;
use reqwest::Method;
use std::io::{IsTerminal, Write};

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail erase --user u-17 --dry-run
  livetrail erase --user u-17 --tenant acme --yes

Activities that name the user keep their positions, so counts stay. A pseudonym takes the place of the id, and fields that
may hold personal data are emptied. Backups, exports and copies elsewhere keep what they have.";

#[derive(Args)]
pub(super) struct EraseArgs {
    /// The id of the user
    #[arg(long, value_name = "USER_ID")]
    user: String,
    /// Only activities and the profile of this tenant
    #[arg(long, value_name = "TENANT_ID")]
    tenant: Option<String>,
    /// Say how many activities name the user, and erase nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before erasing
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(args: EraseArgs, config: &Config) -> Result<()> {
    if !args.yes && !args.dry_run && !std::io::stdin().is_terminal() {
        let advice =
            "yes: is missing; without a terminal to ask on, erasing needs --yes (--dry-run erases nothing)";
        return Err(Misconfigured(anyhow!(advice)).into());
    }
    let connection = Connection::open(config).await?;
    let erased = erase(&connection, &args).await;
    connection.close().await;
    erased
}

async fn erase(connection: &Connection, args: &EraseArgs) -> Result<()> {
    let mut out = std::io::stdout();
    if args.dry_run || !args.yes {
        let found = send(connection, args, true).await?;
        writeln!(out, "{} of this user would be erased", activities(found.activities))?;
        if args.dry_run {
            return Ok(());
        }
        confirm()?;
    }
    let erased = send(connection, args, false).await?;
    writeln!(out, "{} erased; the user is {} now", activities(erased.activities), erased.pseudonym)?;
    match erased.alerts {
        0 => {}
        1 => writeln!(out, "1 alert does not name the user any more")?,
        count => writeln!(out, "{count} alerts do not name the user any more")?,
    }
    if erased.profile {
        writeln!(out, "the profile in the directory was removed")?;
    }
    match erased.views {
        0 => {}
        1 => writeln!(out, "1 saved view was removed, or does not name the user any more")?,
        count => writeln!(out, "{count} saved views were removed, or do not name the user any more")?,
    }
    match erased.sessions {
        0 => {}
        1 => writeln!(out, "1 session was ended")?,
        count => writeln!(out, "{count} sessions were ended")?,
    }
    if !erased.is_purged {
        eprintln!(
            "Unused parts of the database file may still contain erased texts. To remove them, stop the server and run \
             `sqlite3 livetrail.db VACUUM` in the data folder."
        );
    }
    eprintln!(
        "Backups, exports, the application's own tables and logs elsewhere keep what they have. After a restore of a \
         backup that was made before, run the same command again."
    );
    Ok(())
}

async fn send(connection: &Connection, args: &EraseArgs, dry_run: bool) -> Result<ErasureInfo> {
    let wanted = ErasureRequest { user_id: args.user.clone(), tenant_id: args.tenant.clone(), dry_run };
    connection.send(connection.request(Method::POST, "/api/admin/erasures").json(&wanted)).await
}

fn activities(count: u64) -> String {
    if count == 1 { "1 activity".into() } else { format!("{count} activities") }
}

fn confirm() -> Result<()> {
    eprint!("This cannot be undone. Erase them? [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if !["y", "yes"].contains(&answer.trim().to_lowercase().as_str()) {
        bail!("nothing was erased");
    }
    Ok(())
}
