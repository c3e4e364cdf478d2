//! How soon after its start a server answers.

use super::{
    client::{Answer, Client},
    latencies::milliseconds,
    question::Call,
    server::{Program, Server},
};
use anyhow::{Result, ensure};
use reqwest::Method;
use serde::Serialize;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How often to ask whether the index is there.
const PAUSE: Duration = Duration::from_millis(100);
/// Rebuilding the index of a large log takes a while.
const PATIENCE: Duration = Duration::from_hours(1);

/// Milliseconds since the process was started.
#[derive(Debug, Serialize)]
pub struct Started {
    /// Until it listens.
    pub listening_ms: f64,
    /// Until the first page, without figures, was read.
    pub page_ms: f64,
    /// Until the figures of everything were read; none if they were refused.
    pub figures_ms: Option<f64>,
    /// What answered the figures, if the server says.
    pub answered_by: Option<String>,
}

/// Starts a server, and asks for a page and then for figures as soon as it listens. The system's file cache stays as
/// it is.
pub(super) async fn measured(program: &Program, key: &str) -> Result<(Server, Started)> {
    let server = program.start()?;
    let listening_ms = milliseconds(server.begun.elapsed());
    let client = Client::new(&server.url, key)?;
    let page = client.request(Method::GET, Call::List.path()).query(&[("stats", "false")]);
    let page = Answer::to(page).await?;
    ensure!(page.status == 200, "the first page: {} {}", page.status, String::from_utf8_lossy(&page.body));
    let page_ms = milliseconds(server.begun.elapsed());
    let figures = Answer::to(client.request(Method::GET, Call::Figures.path())).await?;
    let figures_ms = (figures.status == 200).then(|| milliseconds(server.begun.elapsed()));
    Ok((server, Started { listening_ms, page_ms, figures_ms, answered_by: figures.answered_by }))
}

/// Waits while the server builds its index. The milliseconds since the process was started; none if it has no index.
pub(super) async fn until_indexed(server: &Server, client: &Client) -> Result<Option<f64>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let index = Answer::to(client.request(Method::GET, "/readyz")).await?.json()["index"].take();
        if index["state"] != "building" {
            return Ok((!index.is_null()).then(|| milliseconds(server.begun.elapsed())));
        }
        ensure!(Instant::now() < deadline, "the index is not there after {PATIENCE:?}: {index}");
        sleep(PAUSE).await;
    }
}
