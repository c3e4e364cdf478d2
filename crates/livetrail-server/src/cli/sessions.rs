//! Who is signed in, and how that ends.

use super::door::Door;
use crate::http::{SessionList, SessionsEnded};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
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
#[group(required = true, multiple = false)]
struct EndArgs {
    /// The session's id, as `admin sessions list` shows it
    id: Option<String>,
    /// Every session of this user, and of sign-in links that this user has made
    #[arg(long, value_name = "USER_ID")]
    user: Option<String>,
    /// Every session
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(args: SessionsArgs, door: &Door) -> Result<()> {
    match args.command {
        SessionsCommand::List => list(door).await,
        SessionsCommand::End(EndArgs { id: Some(id), .. }) => end_one(door, &id).await,
        SessionsCommand::End(EndArgs { user: Some(user), .. }) => {
            end(door, &[("user_id", user.as_str())]).await
        }
        SessionsCommand::End(_) => end(door, &[("all", "true")]).await,
    }
}

async fn list(door: &Door) -> Result<()> {
    let SessionList { sessions } = door.send(door.request(Method::GET, "/api/admin/sessions")).await?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{:36}  {:7}  {:20}  {:20}  {:20}  {:39}  {:36}  USER",
        "ID", "ROLE", "SINCE", "LAST SEEN", "EXPIRES", "ADDRESS", "RESTS ON"
    )?;
    for session in sessions {
        let [since, seen, end] =
            [session.created_at, session.last_seen_at, session.expires_at].map(|time| format!("{time:.0}"));
        let address = session.ip_address.map_or("unknown".into(), |address| address.to_string());
        let key = session.key_id.map(|id| id.to_string());
        let rests_on = key.or(session.admin_id).unwrap_or(session.rests_on);
        let (id, role, user) = (session.id, session.role.as_str(), session.user_id);
        writeln!(
            out,
            "{id:36}  {role:7}  {since:20}  {seen:20}  {end:20}  {address:39}  {rests_on:36}  {user}"
        )?;
    }
    Ok(())
}

async fn end_one(door: &Door, id: &str) -> Result<()> {
    if id.is_empty() || id.contains(['/', '.', '?', '#']) {
        bail!("{id:?} is not the id of a session");
    }
    let path = format!("/api/admin/sessions/{id}");
    door.respond(door.request(Method::DELETE, &path)).await.map(|_| ())
}

async fn end(door: &Door, which: &[(&str, &str)]) -> Result<()> {
    let request = door.request(Method::DELETE, "/api/admin/sessions").query(which);
    let SessionsEnded { ended } = door.send(request).await?;
    Ok(writeln!(std::io::stdout(), "{ended} ended")?)
}
