use super::{Shared, append, directory::Application, head, pools::Pools};
use crate::Result;
use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::time::{MissedTickBehavior, interval};

/// How often to look whether partitions want to be made or sealed, and which tables the application has.
const CARE: Duration = Duration::from_secs(1);

/// How long a connection may be idle before it is given back.
const IDLE: Duration = Duration::from_secs(60);

/// After how many looks the pools try to grow again, if they were given no more connections.
const GROW: u64 = 60;

/// Keeps the partitions in shape, looks for the application's tables, and gives idle connections back, for as long as
/// the store is open.
pub(super) async fn take_care(shared: Arc<Shared>, pools: Pools) {
    let mut ticks = interval(CARE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut client = None;
    for tick in 0_u64.. {
        ticks.tick().await;
        let head = shared.head();
        // The application's tables seldom come and go.
        let look = tick % 30 == 0;
        if look {
            pools.give_back_idle(IDLE);
        }
        if tick % GROW == 0 {
            pools.grow_again();
        }
        if !look && !shared.partitions.want_care(head) {
            continue;
        }
        if let Err(error) = care_once(&shared, &mut client, head, look).await {
            client = None;
            tracing::debug!(%error, "the partitions have to wait");
        }
    }
}

async fn care_once(
    shared: &Shared,
    client: &mut Option<tokio_postgres::Client>,
    head: u64,
    look: bool,
) -> Result<()> {
    if client.as_ref().is_none_or(tokio_postgres::Client::is_closed) {
        *client = Some(shared.connector.connect().await?);
    }
    let Some(client) = client else { return Ok(()) };
    if look {
        let found = Arc::new(Application::find(client, &shared.admins).await?);
        let mut application = shared.application.write().unwrap_or_else(PoisonError::into_inner);
        if *application != found {
            found.advise();
        }
        *application = found;
    }
    if shared.partitions.want_care(head) {
        let head = head::read(client, &shared.partitions).await?;
        shared.partitions.care(client, append::LOG, head).await?;
    }
    Ok(())
}
