//! Sessions: listing and ending them.

use super::connection::Connection;
use crate::http::{SessionInfo, SessionList, SessionsEnded};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use livetrail_types::{limits, visible};
use reqwest::Method;
use std::io::Write;

#[derive(Args)]
pub(super) struct SessionsArgs {
    #[command(subcommand)]
    command: SessionsCommand,
}

#[derive(Subcommand)]
enum SessionsCommand {
    /// List the sessions
    List,
    /// End sessions at once, on every node
    End(EndArgs),
}

#[derive(Args)]
struct EndArgs {
    #[command(flatten)]
    which: Which,
    /// With --user: only sessions that are bound to this tenant
    #[arg(long, value_name = "TENANT_ID", requires = "user")]
    tenant: Option<String>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The session's id, as `admin sessions list` shows it
    id: Option<String>,
    /// Every session of this user, and of sign-in links that this user has made. Unused links of theirs open nothing
    /// any more
    #[arg(long, value_name = "USER_ID")]
    user: Option<String>,
    /// Every session
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(args: SessionsArgs, connection: &Connection) -> Result<()> {
    match args.command {
        SessionsCommand::List => list(connection).await,
        SessionsCommand::End(EndArgs { which, tenant }) => match which {
            Which { id: Some(id), .. } => end_one(connection, &id).await,
            Which { user: Some(user), .. } => {
                let tenant = tenant.as_deref().map(|tenant| ("tenant_id", tenant));
                end(connection, [("user_id", user.as_str())].into_iter().chain(tenant)).await
            }
            Which { .. } => end(connection, [("all", "true")].into_iter()).await,
        },
    }
}

async fn list(connection: &Connection) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{:36}  {:7}  {:20}  {:20}  {:20}  {:39}  {:36}  USER",
        "ID", "ROLE", "SINCE", "LAST SEEN", "EXPIRES", "ADDRESS", "RESTS ON"
    )?;
    let mut page = 1;
    loop {
        let request = connection.request(Method::GET, "/api/admin/sessions");
        let list: SessionList =
            connection.send(request.query(&[("page", page), ("limit", limits::PAGE_LIMIT)])).await?;
        write_page(&mut out, list.sessions)?;
        if u64::from(page) >= list.total_pages {
            return Ok(());
        }
        page += 1;
    }
}

fn write_page(out: &mut impl Write, sessions: Vec<SessionInfo>) -> Result<()> {
    for session in sessions {
        let [since, seen, end] =
            [session.created_at, session.last_seen_at, session.expires_at].map(|time| format!("{time:.0}"));
        let address = session.ip_address.map_or("unknown".into(), |address| address.to_string());
        let key = session.key_id.map(|id| id.to_string());
        let rests_on = key.or(session.admin_id).unwrap_or(session.rests_on);
        let (rests_on, user) = (visible(&rests_on), visible(&session.user_id));
        let (id, role) = (session.id, session.role.as_str());
        writeln!(
            out,
            "{id:36}  {role:7}  {since:20}  {seen:20}  {end:20}  {address:39}  {rests_on:36}  {user}"
        )?;
    }
    Ok(())
}

async fn end_one(connection: &Connection, id: &str) -> Result<()> {
    if id.is_empty() || id.contains(['/', '.', '?', '#']) {
        bail!("{id:?} is not the id of a session");
    }
    let path = format!("/api/admin/sessions/{id}");
    connection.respond(connection.request(Method::DELETE, &path)).await.map(|_| ())
}

async fn end(connection: &Connection, which: impl Iterator<Item = (&str, &str)>) -> Result<()> {
    let which: Vec<_> = which.collect();
    let request = connection.request(Method::DELETE, "/api/admin/sessions").query(&which);
    let SessionsEnded { ended } = connection.send(request).await?;
    Ok(writeln!(std::io::stdout(), "{ended} ended")?)
}
