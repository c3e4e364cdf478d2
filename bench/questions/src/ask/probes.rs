//! Requests that read by key, and have to be quick whatever else a server answers.

use super::{
    client::{Answer, Client},
    question::Call,
};
use anyhow::{Context, Result, ensure};
use reqwest::Method;
use std::{
    cell::Cell,
    time::{Duration, Instant},
};

/// What is measured, in words.
pub(super) const NAMES: [&str; 3] = ["`/readyz`", "replay of 256 activities", "an activity by id"];
/// Activities of a replay.
const REPLAYED: u64 = 256;
/// Lines of an activity in a stream: its cursor, its data, and an empty one.
const LINES: usize = 3;
/// Between the places where replays begin. It is prime, so that they are spread over the log.
const STEP: u64 = 611_953;
const STREAM: &str = "/api/admin/activity/stream";

/// The times of each of [`NAMES`].
pub(super) type Times = [Duration; NAMES.len()];

/// A client, and what it asks for.
pub(super) struct Probes {
    client: Client,
    log: Known,
    replays: Cell<u64>,
}

/// What is known of a log.
#[derive(Clone)]
struct Known {
    /// The id of an activity.
    id: String,
    epoch: String,
    head: u64,
}

impl Probes {
    /// Looks at the log for something to ask for.
    pub(super) async fn of(client: Client) -> Result<Self> {
        let page =
            client.request(Method::GET, Call::List.path()).query(&[("page", "100"), ("stats", "false")]);
        let page = Answer::to(page).await?.json();
        let id = page["data"][0]["id"].as_str().context("the log has less than a hundred pages")?.to_owned();
        let cursor = page["head_cursor"].as_str().context("the list has no cursor")?;
        let mut parts = cursor.split('-');
        let epoch = parts.next().unwrap_or_default().to_owned();
        let head =
            parts.next().and_then(|position| position.parse().ok()).context("the cursor has no position")?;
        Ok(Self { client, log: Known { id, epoch, head }, replays: Cell::default() })
    }

    /// Asks the same of another server over the log, by another client.
    pub(super) fn by(&self, client: Client) -> Self {
        Self { client, log: self.log.clone(), replays: self.replays.clone() }
    }

    /// Asks each of [`NAMES`] once.
    pub(super) async fn measure(&self) -> Result<Times> {
        let by_id = format!("{}/{}", Call::List.path(), self.log.id);
        Ok([self.get("/readyz").await?, self.replay().await?, self.get(&by_id).await?])
    }

    async fn get(&self, path: &str) -> Result<Duration> {
        let answer = Answer::to(self.client.request(Method::GET, path)).await?;
        ensure!(answer.status == 200, "{path}: {}", answer.status);
        Ok(answer.took)
    }

    /// Until the last activity was read, of those after a place that no other replay has read lately.
    async fn replay(&self) -> Result<Duration> {
        let Known { epoch, head, .. } = &self.log;
        self.replays.update(|replays| replays + 1);
        let after = self.replays.get() * STEP % head.saturating_sub(REPLAYED).max(1);
        let request =
            self.client.request(Method::GET, STREAM).header("Last-Event-ID", format!("{epoch}-{after}"));
        let begun = Instant::now();
        let mut response = request.send().await?;
        ensure!(response.status() == 200, "{STREAM}: {}", response.status());
        let mut lines = 0;
        while lines < REPLAYED as usize * LINES {
            let chunk = response.chunk().await?.context("the stream has ended")?;
            lines += memchr::memchr_iter(b'\n', &chunk).count();
        }
        Ok(begun.elapsed())
    }
}
