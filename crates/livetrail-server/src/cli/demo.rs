use super::connection::{Connection, Remote};
use crate::{
    config::Config,
    demo::{self, Destination, Plan},
    environment::{Environment, System},
    http::{KeyRequest, NewKey},
};
use anyhow::{Context, Result};
use jiff::SignedDuration;
use livetrail_types::Role;
use reqwest::Method;

/// A demo that is killed leaves its key behind; it ends by itself.
const KEY_LIFE: SignedDuration = SignedDuration::from_hours(24);

#[derive(clap::Args)]
pub(super) struct DemoArgs {
    #[command(flatten)]
    remote: Remote,
    /// Activities to send at once as a past
    #[arg(long, default_value_t = 0)]
    past: usize,
    /// How many times faster than life it plays
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// The same seed plays the same people and doings
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) async fn run(args: DemoArgs, config: &Config) -> Result<()> {
    let plan = Plan { seed: args.seed, past: args.past, speed: args.speed };
    let connection = Connection::to_running(args.remote, config).await?;
    let given = connection.key().map(str::to_owned);
    let own = match given {
        Some(_) => None,
        None => Some(create_key(&connection).await?),
    };
    let key = given.or_else(|| own.as_ref().map(|own| own.key.clone())).context("the demo has no key")?;
    let destination =
        Destination { client: connection.client().clone(), base_url: connection.base_url().into(), key };
    let played = demo::play(&destination, plan, &System, tokio::signal::ctrl_c()).await;
    if let Some(own) = own {
        connection
            .respond(connection.request(Method::DELETE, &format!("/api/admin/keys/{}", own.info.id)))
            .await?;
    }
    Ok(played?)
}

async fn create_key(connection: &Connection) -> Result<NewKey> {
    let expires_at = Some(System.now() + KEY_LIFE);
    let wanted =
        KeyRequest { name: "livetrail demo".into(), role: Role::Writer, tenant_id: None, expires_at };
    connection.send(connection.request(Method::POST, "/api/admin/keys").json(&wanted)).await
}
