use super::{
    connection::{Connection, Remote},
    own_key::OwnKey,
};
use crate::{
    config::Config,
    demo::{self, Destination, Plan},
    environment::{Environment, System},
};
use anyhow::{Context, Result};
use jiff::SignedDuration;
use livetrail_types::Role;

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
        None => {
            let expires_at = System.now() + KEY_LIFE;
            Some(OwnKey::create(&connection, "livetrail demo", Role::Writer, expires_at).await?)
        }
    };
    let key =
        given.or_else(|| own.as_ref().map(|own| own.secret().to_owned())).context("the demo has no key")?;
    let destination =
        Destination { client: connection.client().clone(), base_url: connection.base_url().into(), key };
    let played = demo::play(&destination, plan, &System, tokio::signal::ctrl_c()).await;
    if let Some(own) = own {
        own.revoke(&connection).await?;
    }
    Ok(played?)
}
