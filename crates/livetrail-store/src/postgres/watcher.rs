//! Hears of changes on other nodes, and tells them of changes here.
//!
//! NOTIFY gives low latency: it says that the head has moved, at most 100 times a second however many batches there
//! are. Polling every 250 ms gives correctness: it finds what no notification told, and the rows that other
//! applications have inserted.

use super::{
    Shared,
    aside::Aside,
    connection::in_words,
    epoch,
    external::{self, Taken},
    head, removed, stray,
    timeouts::answered,
};
use crate::{Result, StoreError, internal_rows::edition_of};
use futures_util::{StreamExt, stream};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{oneshot, watch},
    time::{Instant, MissedTickBehavior, interval, sleep, sleep_until},
};
use tokio_postgres::{AsyncMessage, Client, Statement, error::SqlState};
use tracing::Instrument;

const CHANNEL: &str = "livetrail";
/// What is told after a transaction that changes credentials.
pub(super) const TELL_CREDENTIALS: &str = "SELECT pg_notify('livetrail', 'credentials')";
/// What such a transaction leaves for the others to find. It does not depend on notifications, whose queue a session of
/// the application can fill.
pub(super) const MARK_CREDENTIALS: &str = "INSERT INTO livetrail_settings VALUES ('credentials_changed', uuid_send(gen_random_uuid())) \
     ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/// How often to look.
const LOOK: Duration = Duration::from_millis(250);
/// The pause after a look is at least this many times as long as the look. A long transaction keeps dead tuples of rows
/// that were taken in, which makes looks slow; then there are fewer of them.
const SHARE: u32 = 20;
/// How often to tell at most.
const TELL: Duration = Duration::from_millis(10);
/// How long to wait before a server that went away is asked again.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest time between two looks.
const MAX_PAUSE: Duration = Duration::from_secs(5);
/// Batches of rows that are taken in at one go.
const BATCHES: usize = 4;

/// Watches for as long as the store is open.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut was_away = false;
    loop {
        match watch(&shared, &mut was_away).await {
            Ok(()) => return,
            // The store is closed and opened again; until then, it is looked at whether the log can be.
            Err(error) if shared.remote.borrow().restored => {
                tracing::debug!(%error, "the watch of a restored log ended");
            }
            Err(error) if was_away => tracing::debug!(%error, "PostgreSQL is still away"),
            Err(error @ StoreError::Unavailable(_)) => {
                was_away = true;
                tracing::warn!(%error, "PostgreSQL went away; trying again until it is back");
            }
            Err(error) => {
                was_away = true;
                tracing::warn!(%error, "the log cannot be watched; trying again until it can");
            }
        }
        sleep(PAUSE).await;
    }
}

struct Watcher<'a> {
    shared: &'a Shared,
    client: Client,
    waiting: Statement,
    aside: Aside,
    /// The mark of the last change of credentials, once it is known.
    mark: Option<Vec<u8>>,
    /// The floor, once it is known.
    floor: Option<i64>,
}

async fn watch(shared: &Arc<Shared>, was_away: &mut bool) -> Result<()> {
    let (client, mut ended) = listen(shared).await?;
    // Others may have made partitions meanwhile, or put the database back to when there were fewer.
    shared.partitions.refresh(&client).await?;
    let limit = shared.connector.timeouts.statement;
    let waiting = answered(limit, client.prepare(&external::WAITING)).await?;
    let mut watcher = Watcher { waiting, shared, client, aside: Aside::new(), mark: None, floor: None };
    answered(limit, watcher.look()).await?;
    // Notifications that came before are lost.
    shared.heard(|remote| remote.credentials += 1);
    if std::mem::take(was_away) {
        tracing::info!("PostgreSQL is back");
    }
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut appended = shared.appended.subscribe();
    // What was appended before is told and noted, too.
    appended.mark_changed();
    let (mut untold, mut tell_again) = (false, Instant::now());
    loop {
        let woken = async {
            tokio::select! {
                _ = looks.tick() => {}
                () = shared.wake.notified() => {}
            }
        };
        tokio::select! {
            () = woken => {
                let took = answered(limit, watcher.look()).await?;
                looks.reset_after((took * SHARE).clamp(LOOK, MAX_PAUSE));
            }
            _ = &mut ended => return Err(StoreError::Unavailable("the connection ended".into())),
            result = appended.changed(), if !untold => match result {
                Ok(()) => untold = true,
                Err(_) => return Ok(()),
            },
            () = sleep_until(tell_again), if untold => {
                untold = false;
                tell_again = Instant::now() + TELL;
                answered(limit, watcher.tell(&mut appended)).await?;
            }
        }
    }
}

/// A session that hears notifications, and what hears of its end.
async fn listen(shared: &Arc<Shared>) -> Result<(Client, oneshot::Receiver<()>)> {
    let (client, mut connection) = shared.connector.raw().await?;
    let (end, ended) = oneshot::channel();
    let hearing = Arc::clone(shared);
    let hear = async move {
        let mut messages = stream::poll_fn(|context| connection.poll_message(context));
        while let Some(message) = messages.next().await {
            match message {
                Ok(AsyncMessage::Notification(told)) => hear(&hearing, told.payload()),
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(error = %in_words(&error), "a connection to PostgreSQL ended");
                    break;
                }
            }
        }
        let _ = end.send(());
    };
    tokio::spawn(hear.in_current_span());
    shared.connector.begin_session(&client).await?;
    answered(shared.connector.timeouts.statement, client.batch_execute(&format!("LISTEN {CHANNEL}"))).await?;
    Ok((client, ended))
}

/// Every user of the database may send notifications, so their content is not trusted: it is only a reason to look.
fn hear(shared: &Shared, told: &str) {
    match told.parse::<u64>() {
        Ok(head) if head <= shared.head() => {}
        Ok(_) => shared.wake.notify_one(),
        Err(_) => shared.heard(|remote| remote.credentials = remote.credentials.wrapping_add(1)),
    }
}

impl Watcher<'_> {
    /// Looks how far the log is, and takes external rows in; how long the look took.
    async fn look(&mut self) -> Result<Duration> {
        let took = self.take_in().await?;
        let set_aside = self.aside.ids().len() as u64;
        if self.shared.remote.borrow().set_aside != set_aside {
            let is_stuck = self.aside.is_over_full();
            self.shared.heard(|remote| (remote.set_aside, remote.is_stuck) = (set_aside, is_stuck));
        }
        Ok(took)
    }

    async fn take_in(&mut self) -> Result<Duration> {
        let mut took = Duration::ZERO;
        for _ in 0..BATCHES {
            let (begun, known) = (Instant::now(), self.shared.head());
            self.aside.expire();
            let row = self.client.query_one(&self.waiting, &[&self.aside.ids()]).await?;
            let (is_waiting, mark): (bool, Option<Vec<u8>>) = (row.get(0), row.get(1));
            if mark != self.mark {
                self.mark = mark;
                self.shared.heard(|remote| remote.credentials = remote.credentials.wrapping_add(1));
            }
            let edition = edition_of(row.get(5));
            if self.shared.remote.borrow().edition != edition {
                self.shared.heard(|remote| remote.edition = edition);
            }
            if self.floor.replace(row.get(3)) != Some(row.get(3)) {
                // Partitions below it are being dropped, by another node perhaps, and no statement may name them any
                // more.
                self.shared.partitions.refresh(&self.client).await?;
            }
            took = begun.elapsed();
            let head = head::read(&self.client, &self.shared.partitions).await?;
            if head < known {
                self.shared.renew_epoch(&self.client, known, head).await?;
            }
            if head < known || !self.shared.is_served(row.get(2)) {
                self.shared.heard(|remote| remote.restored = true);
                return Err(epoch::changed());
            }
            let head = stray::settle_alone(&mut self.client, &self.shared.partitions, known, head).await?;
            self.shared.reached(head);
            if row.get(4) {
                removed::give_numbers_alone(&mut self.client, head).await?;
            }
            if !is_waiting || self.aside.is_over_full() {
                return Ok(took);
            }
            let (batch, ids) = (self.aside.batch(), self.aside.ids());
            match external::take_in(&mut self.client, &self.shared.partitions, head, batch, ids).await? {
                Taken::UpTo(head) => {
                    self.aside.took();
                    self.shared.reached(head);
                    self.shared.appended.send_replace(head);
                }
                // Other sessions hold locks on all rows that wait; the next look finds them.
                Taken::None => return Ok(took),
                Taken::Refused(failure) => self.aside.refused(&self.client, failure).await?,
            }
        }
        // There are more of them; but others have something to say, too.
        self.shared.wake.notify_one();
        Ok(took)
    }

    /// Tells others how far the log is. What is told need not outlive a power loss, and does not wait for a disk.
    async fn tell(&self, appended: &mut watch::Receiver<u64>) -> Result<()> {
        let head = *appended.borrow_and_update();
        // A sequence is not part of the transaction: the mark is set even if the notification fails.
        let tell = format!(
            "SET LOCAL synchronous_commit = off; SELECT setval('livetrail_head', greatest({head}, last_value)) FROM livetrail_head; \
             SELECT pg_notify('{CHANNEL}', '{head}')"
        );
        match self.client.batch_execute(&tell).await {
            // The queue of notifications is full. The others look by themselves, a moment later.
            Err(error) if error.code() == Some(&SqlState::PROGRAM_LIMIT_EXCEEDED) => Ok(()),
            told => Ok(told?),
        }
    }
}
