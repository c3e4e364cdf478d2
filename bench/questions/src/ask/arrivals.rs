//! Activities that arrive while questions are asked: single requests over a few connections, on a thread of their
//! own.

use super::{
    client::{Answer, CONNECTIONS, Client},
    latencies::Latencies,
};
use crate::log::Log;
use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use livetrail_types::json;
use reqwest::Method;
use serde::Serialize;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::{
    task::LocalSet,
    time::{MissedTickBehavior, interval},
};

/// A timer has no shorter period.
const MIN_PAUSE: Duration = Duration::from_micros(1);

pub(super) struct Arrivals {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<Result<Vec<Sent>>>,
    begun: Instant,
    rate: f64,
}

/// What one connection has sent.
#[derive(Default)]
struct Sent {
    acknowledgements: Latencies,
    failed: u64,
}

/// What has arrived.
#[derive(Debug, Serialize)]
pub struct Arrived {
    /// Activities a second that should have arrived.
    pub offered_per_second: f64,
    /// Activities a second that were acknowledged.
    pub acknowledged_per_second: f64,
    /// Activities that were refused.
    pub failed: u64,
    /// Median time of an acknowledgement.
    pub p50_ms: f64,
    /// Its 99th percentile.
    pub p99_ms: f64,
}

impl Arrivals {
    /// Sends `rate` activities a second, as far as they are acknowledged so fast.
    pub(super) fn begin(log: Log, url: &str, key: &str, rate: f64) -> Result<Self> {
        let is_over = Arc::new(AtomicBool::new(false));
        let client = Client::new(url, key)?;
        let over = Arc::clone(&is_over);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::spawn(move || {
            let sending = send(Arc::new(log), client, rate, over);
            runtime.block_on(LocalSet::new().run_until(sending))
        });
        Ok(Self { is_over, thread, begun: Instant::now(), rate })
    }

    pub(super) fn end(self) -> Result<Arrived> {
        self.is_over.store(true, Ordering::Relaxed);
        let of_each = self.thread.join().map_err(|_| anyhow!("the thread of arrivals has failed"))??;
        let seconds = self.begun.elapsed().as_secs_f64();
        let mut all = Latencies::default();
        let failed = of_each.iter().map(|sent| sent.failed).sum();
        of_each.into_iter().for_each(|sent| all.extend(sent.acknowledgements));
        Ok(Arrived {
            offered_per_second: self.rate,
            acknowledged_per_second: all.count() as f64 / seconds,
            failed,
            p50_ms: all.quantile_ms(0.5),
            p99_ms: all.quantile_ms(0.99),
        })
    }
}

async fn send(log: Arc<Log>, client: Client, rate: f64, is_over: Arc<AtomicBool>) -> Result<Vec<Sent>> {
    let (client, next) = (Arc::new(client), Arc::new(AtomicU64::new(log.rows())));
    let pause = Duration::from_secs_f64(CONNECTIONS as f64 / rate).max(MIN_PAUSE);
    let senders: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (log, client) = (Arc::clone(&log), Arc::clone(&client));
            let (next, is_over) = (Arc::clone(&next), Arc::clone(&is_over));
            tokio::task::spawn_local(async move {
                let (mut sent, mut ticks) = (Sent::default(), interval(pause));
                ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
                // However quickly the questions are answered, something arrives.
                loop {
                    ticks.tick().await;
                    let new = log.arriving(next.fetch_add(1, Ordering::Relaxed), Timestamp::now());
                    let request = client.request(Method::POST, "/api/activity");
                    let request = request.header("Content-Type", "application/json").body(json::to_vec(&new));
                    sent.add(Answer::to(request).await);
                    if is_over.load(Ordering::Relaxed) {
                        return sent;
                    }
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for sender in senders {
        all.push(sender.await.context("a sender of arrivals has failed")?);
    }
    Ok(all)
}

impl Sent {
    fn add(&mut self, answer: Result<Answer>) {
        match answer {
            Ok(answer) if answer.status == 201 => self.acknowledgements.add(answer.took),
            _ => self.failed += 1,
        }
    }
}
