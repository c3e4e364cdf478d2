//! Hears what happens elsewhere, and tells others what happens here.
//!
//! Notifications say that the head has moved, at most a hundred times a second however many batches there are; a look
//! every quarter of a second finds what no notification told, and the rows that somebody else's SQL has inserted.

use super::{
    Shared,
    connection::{begin_session, in_words},
    foreign, head,
};
use crate::{Result, StoreError};
use futures_util::{StreamExt, stream};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, MissedTickBehavior, interval, sleep, sleep_until},
};
use tokio_postgres::{AsyncMessage, Client, Statement};

const CHANNEL: &str = "livetrail";
/// What is told within the transaction that changes credentials.
pub(super) const TELL_CREDENTIALS: &str = "SELECT pg_notify('livetrail', 'credentials')";

/// How often to look.
const LOOK: Duration = Duration::from_millis(250);
/// How long a look may take, of the time until the next: where a transaction that stays open keeps the server from forgetting
/// rows that were taken in long ago, looks are slow, and there are fewer of them.
const SHARE: u32 = 20;
/// How often to tell at most.
const TELL: Duration = Duration::from_millis(10);
/// How long to wait before a server that went away is asked again.
const PAUSE: Duration = Duration::from_millis(500);
/// Notifications that wait; those for which there is no room are made up for by the next look.
const QUEUED: usize = 256;

/// Watches for as long as the store is open.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut was_away = false;
    loop {
        match watch(&shared, &mut was_away).await {
            Ok(()) => return,
            Err(error) if was_away => tracing::debug!(%error, "PostgreSQL is still away"),
            Err(error) => {
                was_away = true;
                tracing::warn!(%error, "PostgreSQL went away; trying again until it is back");
            }
        }
        sleep(PAUSE).await;
    }
}

struct Watcher<'a> {
    shared: &'a Shared,
    client: Client,
    waiting: Statement,
}

async fn watch(shared: &Shared, was_away: &mut bool) -> Result<()> {
    let (client, mut notifications) = listen(shared).await?;
    let mut watcher = Watcher { waiting: client.prepare(foreign::WAITING).await?, shared, client };
    watcher.look().await?;
    // What was told while nobody listened is not known.
    shared.heard(|elsewhere| elsewhere.credentials += 1);
    if std::mem::take(was_away) {
        tracing::info!("PostgreSQL is back");
    }
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut appended = shared.appended.subscribe();
    let (mut untold, mut tell_again) = (false, Instant::now());
    loop {
        tokio::select! {
            _ = looks.tick() => {
                let begun = Instant::now();
                watcher.look().await?;
                looks.reset_after(LOOK.max(begun.elapsed() * SHARE));
            }
            told = notifications.recv() => match told.as_deref() {
                None => return Err(StoreError::Unavailable("the connection ended".into())),
                Some("credentials") => shared.heard(|elsewhere| elsewhere.credentials += 1),
                Some(head) => watcher.shared.reached(head.parse().unwrap_or_default()),
            },
            result = appended.changed(), if !untold => match result {
                Ok(()) => untold = true,
                Err(_) => return Ok(()),
            },
            () = sleep_until(tell_again), if untold => {
                untold = false;
                tell_again = Instant::now() + TELL;
                watcher.tell(&mut appended).await?;
            }
        }
    }
}

/// A session that hears notifications. Its receiver is closed when the connection ends.
async fn listen(shared: &Shared) -> Result<(Client, mpsc::Receiver<String>)> {
    let (client, mut connection) = shared.connector.raw().await?;
    let (hear, heard) = mpsc::channel(QUEUED);
    tokio::spawn(async move {
        let mut messages = stream::poll_fn(|context| connection.poll_message(context));
        while let Some(message) = messages.next().await {
            match message {
                Ok(AsyncMessage::Notification(told)) => drop(hear.try_send(told.payload().to_owned())),
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(error = %in_words(&error), "a connection to PostgreSQL ended");
                    return;
                }
            }
        }
    });
    begin_session(&client).await?;
    client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
    Ok((client, heard))
}

impl Watcher<'_> {
    /// Looks how far the log is, and takes in what strangers have inserted.
    async fn look(&mut self) -> Result<()> {
        loop {
            let head = head::read(&self.client, &self.shared.partitions).await?;
            if !self.client.query_one(&self.waiting, &[]).await?.get::<_, bool>(0) {
                self.shared.reached(head);
                return Ok(());
            }
            let after = foreign::take_in(&mut self.client, &self.shared.partitions).await?;
            self.shared.reached(after);
            self.shared.appended.send_replace(after);
            if after == head {
                // All that wait are locked by somebody; they will be there at the next look.
                return Ok(());
            }
        }
    }

    /// Tells others how far the log is. What is told need not outlive a power loss, and does not wait for a disk.
    async fn tell(&self, appended: &mut watch::Receiver<u64>) -> Result<()> {
        let head = *appended.borrow_and_update();
        let tell = format!("SET LOCAL synchronous_commit = off; SELECT pg_notify('{CHANNEL}', '{head}')");
        Ok(self.client.batch_execute(&tell).await?)
    }
}
