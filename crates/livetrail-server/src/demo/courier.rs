//! Delivers the demo's traffic: one request at a time, with patience for a server that is away or full.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response, StatusCode};

/// The server that the traffic goes to, and how to reach it.
#[derive(Clone)]
pub struct Destination {
    /// The client that sends it.
    pub client: Client,
    /// Scheme, host and port, without a slash at the end: `http://127.0.0.1:7777`.
    pub base_url: String,
    /// An API key that may write.
    pub key: String,
}

/// Why the demo stops.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The server refuses it, and a retry would not help.
    #[error("the server refused {path} with {status}: {answer}")]
    Refused {
        /// The path that was called.
        path: &'static str,
        /// The status of the answer.
        status: StatusCode,
        /// The answer's text.
        answer: String,
    },
}

/// The body.
pub(super) struct Parcel {
    pub(super) path: &'static str,
    pub(super) content_type: &'static str,
    pub(super) body: Bytes,
}

/// The outcome of one try.
enum Outcome {
    Taken,
    Refused(StatusCode, String),
    Later { after: Option<Duration>, why: String },
}

const FIRST_WAIT: Duration = Duration::from_millis(250);
const MAX_WAIT: Duration = Duration::from_secs(30);
const TIMEOUT: Duration = Duration::from_secs(30);

/// Delivers until it is taken or refused. Trouble is reported when it begins and when it ends, not at each try.
pub(super) async fn deliver(destination: &Destination, parcel: &Parcel) -> Result<(), PlayError> {
    let mut wait = FIRST_WAIT;
    let mut in_trouble = false;
    loop {
        match attempt(destination, parcel).await {
            Outcome::Taken if in_trouble => {
                tracing::info!("the demo's traffic is delivered again");
                return Ok(());
            }
            Outcome::Taken => return Ok(()),
            Outcome::Refused(status, answer) => {
                return Err(PlayError::Refused { path: parcel.path, status, answer });
            }
            Outcome::Later { after, why } => {
                if !in_trouble {
                    tracing::warn!("the demo's traffic waits: {why}");
                }
                in_trouble = true;
                tokio::time::sleep(after.unwrap_or(wait).min(MAX_WAIT)).await;
                wait = (wait * 2).min(MAX_WAIT);
            }
        }
    }
}

async fn attempt(destination: &Destination, parcel: &Parcel) -> Outcome {
    let request = destination.client.post(format!("{}{}", destination.base_url, parcel.path));
    let request = request.bearer_auth(&destination.key).header("content-type", parcel.content_type);
    match request.timeout(TIMEOUT).body(parcel.body.clone()).send().await {
        Ok(response) => outcome(response).await,
        Err(error) => Outcome::Later { after: None, why: error.to_string() },
    }
}

async fn outcome(response: Response) -> Outcome {
    let status = response.status();
    if may_pass(status) {
        return Outcome::Later { after: retry_after(&response), why: format!("the server answers {status}") };
    }
    let answer = response.text().await.unwrap_or_default();
    if status.is_success() && !rejects_some(&answer) {
        Outcome::Taken
    } else {
        Outcome::Refused(status, answer)
    }
}

fn may_pass(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT) || status.is_server_error()
}

/// Seconds; the other form of the header, a date, is not what this server sends.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// A batch may be taken in part.
fn rejects_some(answer: &str) -> bool {
    let answer: Option<serde_json::Value> = serde_json::from_str(answer).ok();
    let rejected = answer.as_ref().and_then(|answer| answer.get("rejected")?.as_array());
    rejected.is_some_and(|rejected| !rejected.is_empty())
}
