//! Chunks as requests to a server. While one is under way, the next one is written.

use super::{Answer, Import, MAX_TRIES, TOO_LONG, Taken, chunk::Chunk, sent, source::Chunks, stage::Stage};
use crate::cli::connection::Connection;
use anyhow::{Result, bail};
use bytes::Bytes;
use livetrail_types::Problem;
use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use std::time::Duration;

/// Sends every chunk, in order.
pub(super) async fn all(chunks: Chunks, connection: &Connection, import: &mut Import) -> Result<()> {
    let target = if connection.is_own() { sent::Target::Own } else { sent::Target::Remote };
    let mut bodies = Stage::begin(chunks, move |chunk| Ok((body(&chunk, target), chunk)));
    while let Some((body, chunk)) = bodies.next(import).await? {
        let taken = if chunk.numbers.is_empty() { Taken::default() } else { send(connection, body).await? };
        import.add(&chunk, taken);
    }
    Ok(())
}

/// The records, one a line.
fn body(chunk: &Chunk, target: sent::Target) -> Bytes {
    let mut body = Vec::with_capacity(chunk.bytes() * 9 / 8);
    for record in chunk.records() {
        sent::write(record, target, &mut body);
        body.push(b'\n');
    }
    body.into()
}

/// Sends a batch. A refusal of every line is an answer too; anything else that is refused ends the import.
async fn send(connection: &Connection, body: Bytes) -> Result<Taken> {
    let response = deliver(connection, body).await?;
    match response.status() {
        StatusCode::OK => Ok(Taken::Some(response.json::<Answer>().await?)),
        StatusCode::UNPROCESSABLE_ENTITY => Ok(Taken::None(response.json::<Problem>().await?.errors)),
        status => {
            let detail = response.json::<Problem>().await.map(|problem| problem.detail).unwrap_or_default();
            bail!("the server answered {status}: {detail}");
        }
    }
}

/// Sends a batch, again if the server has no room or no store for the moment: each line has an id, so that is safe.
async fn deliver(connection: &Connection, body: Bytes) -> Result<Response> {
    for _ in 0..MAX_TRIES {
        let request =
            connection.request(Method::POST, "/api/activity").header(CONTENT_TYPE, "application/x-ndjson");
        let response = request.body(body.clone()).send().await?;
        if !matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            return Ok(response);
        }
        let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        tokio::time::sleep(Duration::from_secs(wait.unwrap_or(1))).await;
    }
    bail!("{TOO_LONG}")
}
